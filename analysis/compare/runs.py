"""The runs of a comparison: scenarios are run as one study, points of studies are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.compare.changes import sources_of
from analysis.compare.series import PLACE_COLUMN
from analysis.compare.sides import Side
from analysis.compare.things import PointThing, ScenarioThing, Thing
from sim.core.errors import Problem, ProtestorateError, ScenarioError
from sim.core.paths import called
from sim.evidence.replicates import replicate_seeds
from sim.measures.language import Known, asked_for, what_runs_have
from sim.models.interface import declared
from sim.run.load import Loaded, load
from sim.study import Keep, Point, Study, StudyData, read_study, run_study
from sim.study.called import points_called
from sim.study.execute import Progress
from sim.study.rerun import scenario_of
from sim.study.seeds import USUAL_LIST


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
            asked_for(name, known, "--measure")
        except ScenarioError as error:
            problems += error.problems
    return problems


def sides_of(
    things: Sequence[Thing],
    folder: Path,
    seeds: tuple[int, ...] | None,
    overrides: Mapping[str, Any],
    names: Sequence[str],
    titles: Sequence[str],
    workers: int | None = None,
    progress: Progress | None = None,
    days: int | None = None,
    force: bool = False,
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
        What the things are called where one types, in their order.
    titles : sequence of str
        What reports call them.
    workers, progress
        As in `sim.study.run_study`.
    days : int, optional
        Steps after which runs of scenarios stop.
    force : bool
        Whether runs of other scenarios, or of another version, that were made for a comparison are replaced.
    """
    scenarios = [(name, thing) for name, thing in zip(names, things, strict=True) if isinstance(thing, ScenarioThing)]
    if overrides and not scenarios:
        raise ProtestorateError("values can be set in scenarios only, and these are studies that have been run")
    if days is not None and not scenarios:
        raise ProtestorateError("the length of runs can be set for scenarios only, and these are studies that were run")
    ran = None
    if scenarios:
        study = _study(scenarios, overrides, seeds or replicate_seeds(USUAL_LIST))
        ran = run_study(replace(study, days=days), folder, workers=workers, progress=progress, force=force)
    sides, number = [], 0
    for name, title, thing in zip(names, titles, things, strict=True):
        if isinstance(thing, ScenarioThing) and ran is not None:
            side, number = side_of(ran, number, name, "run for this comparison"), number + 1
        elif isinstance(thing, PointThing):
            study_data = read_study(thing.folder)
            origin = _of_study(study_data, thing.point, title)
            side = side_of(study_data, thing.point, name, origin, seeds)
        sides.append(replace(side, title=title))
    return tuple(sides)


def _of_study(study: StudyData, point: int, title: str) -> str:
    """Return where runs of a point come from, and what is set there if the title does not say it."""
    settings = points_called(study)[point]
    of = f"point {point} of the study “{study.manifest['title'] or study.manifest['name']}”"
    return of if settings == title else f"{settings}; {of}"


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
