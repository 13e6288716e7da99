"""From what a user names to what is compared: scenarios are run as one study, studies are read."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.core.errors import ONE_LINE, Problem, ProtestorateError, ScenarioError, nearest, one_line, shown
from sim.core.keypath import proper
from sim.core.paths import called
from sim.run.find import find
from sim.run.store import RECORD
from sim.scenario.overrides import parse_set, written_value
from sim.study import StudyData, read_study
from sim.study.folder import MANIFEST
from sim.study.seeds import seeds_asked

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
        if (path / RECORD).is_file():
            message = (
                f"{text}: is a single run; a comparison is of scenarios, which it runs over many seeds, or of studies"
            )
            raise ProtestorateError(message)
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
        See `sim.study.seeds.seeds_asked`. None: the seeds of the first study among the things, so that there are pairs;
        if there are scenarios only, the usual ones.

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
        if studies:
            return tuple(read_study(studies[0].folder).manifest["seeds"])
    return seeds_asked(replicates)


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
