"""From what a user names to what is compared: scenarios are run as one study, studies are read."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.compare.changes import sources_of
from analysis.compare.series import PLACE_COLUMN
from analysis.compare.sides import Side
from sim.core.errors import ONE_LINE, Problem, ProtestorateError, ScenarioError, nearest, one_line, shown
from sim.core.keypath import proper
from sim.core.paths import called
from sim.evidence.sources import replicate_seeds
from sim.measures.language import Known, asked_for, what_runs_have
from sim.models.interface import declared
from sim.run.load import Loaded, find, load
from sim.scenario.overrides import parse_set, written_value
from sim.study import Keep, Point, Study, StudyData, read_study, run_study
from sim.study.execute import Progress
from sim.study.folder import MANIFEST
from sim.study.rerun import scenario_of
from sim.study.schema import HIGHEST_SEED

USUAL_SEEDS, ALL_SEEDS = "quick-20", "reference-1000"
MOST_SIDES = 8
WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""", re.DOTALL)
"""What a shell takes for a word: spaces within quotation marks belong to it."""


@dataclass(frozen=True)
class ScenarioThing:
    """A scenario to be run, and what is set in it."""

    path: Path
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name of the file, and what is set."""
        settings = [
            f"{key}={value if isinstance(value, str) else written_value(value)}"
            for key, value in self.overrides.items()
        ]
        return ", ".join([called(self.path), *settings])


@dataclass(frozen=True)
class PointThing:
    """A point of a study that has been run."""

    folder: Path
    point: int
    label: str


Thing = ScenarioThing | PointThing


def things_of(texts: Sequence[str | Path]) -> list[Thing]:
    """Return what is to be compared.

    Parameters
    ----------
    texts : sequence of str or Path
        Each a scenario (name or file), which may be followed by settings of its own
        (``"belarus-2020 mechanisms.shutdown=false"``); a study's folder, which stands for all its points;
        or a point of one (``folder:label`` or ``folder:number``).

    Raises
    ------
    ProtestorateError
        If there are fewer than two or more than eight, or one twice, or one that is not there.
    """
    found: list[Thing] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            found += _things(str(text).strip())
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    for number, thing in enumerate(found):
        if thing in found[:number]:
            raise ProtestorateError(f"'{thing.label}' is named twice; it would be compared with itself")
    if len(found) < 2:
        raise ProtestorateError("name two things or more to compare: scenarios, studies or points of studies")
    if len(found) > MOST_SIDES:
        raise ProtestorateError(
            f"these are {len(found)} things, and at most {MOST_SIDES} can be compared at once; "
            "name points of a study as FOLDER:LABEL"
        )
    return found


def _things(text: str) -> list[Thing]:
    if not text:
        raise ProtestorateError("one of the things to compare has no name")
    path = Path(text).expanduser()
    study = _study_folder(path)
    if study is not None:
        return _all_points(study)
    if path.is_dir():
        raise ProtestorateError(f"{text}: is a folder without a study (there is no {MANIFEST} in it)")
    for cut in [place for place, letter in enumerate(text) if letter == ":"]:
        folder = Path(text[:cut]).expanduser()
        if folder.is_dir():
            return [_point(read_study(_study_folder(folder) or folder), text[cut + 1 :].strip())]
    return [_scenario(text)]


def _study_folder(path: Path) -> Path | None:
    """Return where the study of a folder is: there, or, in a comparison's folder, in its subfolder."""
    return next((folder for folder in (path, path / "study") if (folder / MANIFEST).is_file()), None)


def _all_points(folder: Path) -> list[Thing]:
    points = read_study(folder).points
    pairs = zip(points["point"], points["label"], strict=True)
    return [PointThing(folder.resolve(), int(point), str(label)) for point, label in pairs]


def _point(study: StudyData, asked: str) -> Thing:
    """Return the point of this label, else of this number."""
    labels = [str(label) for label in study.points["label"]]
    if asked in labels:
        number = labels.index(asked)
    elif asked.isdecimal() and int(asked) < len(labels):
        number = int(asked)
    else:
        raise ScenarioError(
            Problem(
                f"this study has no such point; its {len(labels)} points are numbered from 0",
                file=str(study.folder),
                given=shown(asked),
                nearest=nearest(asked, labels),
            )
        )
    return PointThing(study.folder.resolve(), number, labels[number])


def _scenario(text: str) -> Thing:
    try:
        return ScenarioThing(find(text))
    except ScenarioError:
        words = _words(text)
        if not words and len(text.split()) > 1:
            raise ScenarioError(Problem("a quotation mark has no fellow", file=text)) from None
        if len(words) < 2 or not all("=" in word for word in words[1:]):
            raise
    return ScenarioThing(find(words[0]), dict(parse_set(word) for word in words[1:]))


def _words(text: str) -> list[str]:
    """Return the words of a text as a shell has them, but with the quotation marks of key paths."""
    try:
        shlex.split(text)
    except ValueError:  # a quotation mark without its fellow
        return []
    words: list[str] = []
    for word in WORD.findall(text):
        path, equals, value = word.partition("=")
        if not words or not equals or word[0] in "\"'":
            words.append("".join(shlex.split(word)))
        else:
            path = proper(re.sub(r"'([^']*)'|\\(\s)", r"\1\2", path))
            words.append(f"{path}={''.join(shlex.split(value))}")
    return words


def seeds_of(replicates: int | str | None, things: Sequence[Thing]) -> tuple[int, ...] | None:
    """Return the seeds that are asked for.

    Parameters
    ----------
    replicates : int, str or None
        So many of the list reference-1000, the name of a list, or seeds with commas between them. None: the seeds of
        the first study among the things, so that there are pairs; if there are scenarios only, those of quick-20.

    Returns
    -------
    tuple of int or None
        None if only studies are compared and nothing was asked for: then all their runs are used.

    Raises
    ------
    ProtestorateError
        For a number out of range or an unknown list.
    """
    if replicates is None:
        studies = [thing for thing in things if isinstance(thing, PointThing)]
        if len(studies) == len(things):
            return None
        return tuple(read_study(studies[0].folder).manifest["seeds"]) if studies else replicate_seeds(USUAL_SEEDS)
    if isinstance(replicates, str) and "," in replicates:
        return _listed(replicates)
    if isinstance(replicates, str) and not replicates.lstrip("-").isdecimal():
        return replicate_seeds(replicates)
    seeds, wanted = replicate_seeds(ALL_SEEDS), int(replicates)
    if not 1 <= wanted <= len(seeds):
        raise ProtestorateError(f"replicates: must be 1 to {len(seeds)} (given {wanted})")
    return seeds[:wanted]


def _listed(text: str) -> tuple[int, ...]:
    """Return seeds that are written out, such as ``3,14,15``."""
    words = [word.strip() for word in text.split(",")]
    seeds = [int(word) if word.isascii() and word.isdecimal() and len(word) < 20 else -1 for word in words]
    for place, seed in enumerate(seeds):
        if not 0 <= seed <= HIGHEST_SEED:
            raise ProtestorateError(
                f"replicates: a seed is a whole number of 0 to 2^63-1 (given {shown(words[place])})"
            )
        if seed in seeds[:place]:
            raise ProtestorateError(f"replicates: the seed {seed} is given twice")
    return tuple(seeds)


def names_of(things: Sequence[Thing], labels: Sequence[str] = ()) -> list[str]:
    """Return what the things are called, each differently.

    Raises
    ------
    ProtestorateError
        If `labels` has not one for each, one twice, an empty one, or one with a line break.
    """
    if labels and len(labels) != len(things):
        raise ProtestorateError(f"there are {len(things)} things to compare and {len(labels)} labels for them")
    for label in labels:
        if not str(label).strip():
            raise ProtestorateError("--label: must not be empty")
        if one_line(str(label)) != str(label):
            raise ProtestorateError(f"--label: {ONE_LINE} (given {shown(str(label))})")
    names = [str(label) for label in labels] or [thing.label for thing in things]
    for number, thing in enumerate(things):
        if names.count(names[number]) > 1:
            if labels:
                raise ProtestorateError(f"the label {names[number]!r} is given twice")
            where = thing.folder.name if isinstance(thing, PointThing) else str(thing.path)
            names[number] = f"{where}: {names[number]}"
    return names


def check_scenarios(
    things: Sequence[Thing], overrides: Mapping[str, Any], measures: Sequence[str], days: int | None = None
) -> None:
    """Refuse scenarios that cannot be run, and measures that runs of so many days do not have, before anything is run.

    Raises
    ------
    ScenarioError
        With everything that is wrong on all sides.
    """
    problems: list[Problem] = []
    for thing in things:
        if isinstance(thing, ScenarioThing):
            try:
                loaded = load(thing.path, {**overrides, **thing.overrides})
            except ScenarioError as error:
                problems += error.problems
            else:
                known = what_runs_have(loaded.config)
                if days is not None and known.first and known.last:
                    known = replace(known, last=min(known.last, known.first + dt.timedelta(days=days - 1)))
                problems += _faults_of(measures, known)
    if problems:
        raise ScenarioError(dict.fromkeys(problems))


def _faults_of(measures: Sequence[str], known: Known) -> list[Problem]:
    problems: list[Problem] = []
    for name in measures:
        try:
            asked_for(name, known, "measure")
        except ScenarioError as error:
            problems += error.problems
    return problems


def sides_of(
    things: Sequence[Thing],
    folder: Path,
    seeds: tuple[int, ...] | None,
    overrides: Mapping[str, Any],
    names: Sequence[str],
    workers: int | None = None,
    progress: Progress | None = None,
    days: int | None = None,
) -> tuple[Side, ...]:
    """Run what has to be run, read what has been run, and return the sides in the order of the things.

    Parameters
    ----------
    things : sequence of Thing
    folder : Path
        The study of the scenarios; taken up again if it is there.
    seeds : tuple of int or None
        See `seeds_of`; runs with other seeds are left out.
    overrides : mapping
        Set in every scenario that is run.
    names : sequence of str
        What to call the things, in their order.
    workers, progress
        As in `sim.study.run_study`.
    days : int, optional
        Steps after which runs of scenarios stop.
    """
    scenarios = [(name, thing) for name, thing in zip(names, things, strict=True) if isinstance(thing, ScenarioThing)]
    if overrides and not scenarios:
        raise ProtestorateError("values can be set in scenarios only, and these are studies that have been run")
    if days is not None and not scenarios:
        raise ProtestorateError("the length of runs can be set for scenarios only, and these are studies that were run")
    ran = None
    if scenarios:
        study = _study(scenarios, overrides, seeds or replicate_seeds(USUAL_SEEDS))
        ran = run_study(replace(study, days=days), folder, workers=workers, progress=progress)
    sides, number = [], 0
    for name, thing in zip(names, things, strict=True):
        if isinstance(thing, ScenarioThing) and ran is not None:
            side, number = side_of(ran, number, name, "run for this comparison"), number + 1
        elif isinstance(thing, PointThing):
            study_data = read_study(thing.folder)
            origin = f"study {study_data.manifest['name']}, point {thing.point}: {thing.label}"
            side = side_of(study_data, thing.point, name, origin, seeds)
        sides.append(side)
    return tuple(sides)


def _study(
    scenarios: Sequence[tuple[str, ScenarioThing]], overrides: Mapping[str, Any], seeds: tuple[int, ...]
) -> Study:
    bases: dict[str, Loaded] = {}
    by_path: dict[Path, str] = {}
    points = []
    for label, thing in scenarios:
        path = thing.path.resolve()
        if path not in by_path:
            same = sum(called(other) == called(path) for other in by_path)
            by_path[path] = called(path) if not same else f"{called(path)} ({same + 1})"
            bases[by_path[path]] = load(thing.path)
        points.append(Point(label, by_path[path], {**overrides, **thing.overrides}))
    models = {str(loaded.config.model) for loaded in bases.values()}
    if len(models) > 1:
        raise ProtestorateError(f"scenarios of different models cannot be compared: {', '.join(sorted(models))}")
    return Study("comparison", bases, tuple(points), seeds, Keep(days=True, localities=True))


def side_of(study: StudyData, point: int, label: str, origin: str, seeds: Sequence[int] | None = None) -> Side:
    """Return a point of a study as a side; `seeds` limits the runs that are used."""
    row = study.points.iloc[point]
    loaded = scenario_of(study, point)
    keep = study.manifest["keep"]
    runs = study.runs[study.runs["point"] == point].reset_index(drop=True)
    varied = [path for path in study.manifest["changed"] if "." not in path]  # no numbers of runs
    runs = runs.drop(columns=varied, errors="ignore")
    days = study.days(points=[point]) if keep["days"] else pd.DataFrame()
    localities = _localities(study, point) if keep["localities"] else pd.DataFrame()
    if seeds is not None:
        runs, days, localities = (
            table if table.empty else table[table["seed"].isin(seeds)].reset_index(drop=True)
            for table in (runs, days, localities)
        )
    failures = [entry for entry in study.failures if entry["point"] == int(row["same_as"])]
    failed = tuple(int(entry["seed"]) for entry in failures)
    why = str(failures[0]["reason"]) if failures else ""
    data = loaded.config.model_dump(mode="json", by_alias=True)
    stopped = study.manifest.get("days")
    if stopped is not None and "days" in data.get("time", {}):
        data["time"]["days"] = stopped  # how long a run could last, for whoever counts the days that a regime stands
    version = str(study.manifest["model_version"])
    return Side(
        label, origin, data, runs, days, localities, failed, sources_of(loaded), version, loaded.data, why,
        declared(loaded.config),
    )  # fmt: skip


def _localities(study: StudyData, point: int) -> pd.DataFrame:
    """Return the turnout of every locality; nothing for a model without places."""
    try:
        return study.localities([PLACE_COLUMN], [point])
    except ProtestorateError:
        return pd.DataFrame()
