"""From a user's choice of patterns to what came of them: what is behind ``protestorate patterns``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.patterns.load import Asked, LoadedPattern, load_patterns
from analysis.patterns.verdict import judged, together
from analysis.stats.clusters import Found
from sim.run.place import check_holds_only
from sim.study import StudyData, run_study
from sim.study.execute import Status
from sim.study.folder import MANIFEST
from sim.study.manifest import check_folder
from sim.study.seeds import seeds_asked

PAGE, DATA = "patterns.html", "patterns.json"
Shown = Callable[[str], AbstractContextManager[Callable[[Status], None] | None]]


@dataclass(frozen=True)
class CheckResult:
    """What came of one check."""

    asked: Asked
    found: Found
    verdict: str


@dataclass(frozen=True)
class PatternResult:
    """What came of one pattern.

    Parameters
    ----------
    pattern : LoadedPattern
    data : StudyData
        The runs it rests on.
    checks : tuple of CheckResult
    verdict : str
        One of `verdict.VERDICTS`.
    """

    pattern: LoadedPattern
    data: StudyData
    checks: tuple[CheckResult, ...]
    verdict: str


def chosen(
    names: Sequence[str | Path] = (), replicates: str | None = None, overrides: Mapping[str, Any] | None = None
) -> tuple[LoadedPattern, ...]:
    """Return the patterns asked for, ready to run.

    Parameters
    ----------
    names : sequence of str or Path
        All of the project's if empty.
    replicates : str, optional
        A number or a list of seeds for all of them, in place of what their files say.
    overrides : mapping of str to object, optional
        Value by key path, for every run.

    Raises
    ------
    ProtestorateError
        For names, files or replicates that are not valid.
    """
    seeds = None if replicates is None else seeds_asked(replicates)
    found = load_patterns(names, overrides)
    if seeds is None:
        return found
    return tuple(replace(one, study=replace(one.study, seeds=seeds)) for one in found)


def put_to_the_test(
    patterns: Sequence[LoadedPattern],
    folder: Path,
    workers: int | None = None,
    progress: Shown | None = None,
    force: bool = False,
) -> list[PatternResult]:
    """Run the studies of some patterns, or what is missing of them, and judge each pattern.

    Parameters
    ----------
    patterns : sequence of LoadedPattern
        As `chosen` returns them.
    folder : Path
        Each study has a subfolder of its pattern's name. The same patterns go on where they stopped.
    workers : int, optional
        As for `sim.study.run_study`.
    progress : callable (str) -> context manager, optional
        Gets the pattern's name; what it yields is told the progress of its study.
    force : bool
        As for `sim.study.run_study`.

    Raises
    ------
    ProtestorateError
        If the folder holds something else, or the disk refuses.
    """
    check_own(folder, patterns)
    show = progress or (lambda title: nullcontext())
    results = []
    for pattern in patterns:
        with show(pattern.name) as told:
            data = run_study(pattern.study, folder / pattern.name, workers=workers, progress=told, force=force)
        results.append(result(pattern, data))
    return results


def result(pattern: LoadedPattern, data: StudyData) -> PatternResult:
    """Return what a pattern's study says about it."""
    checks = []
    for asked in pattern.asked:
        found = asked.statistic.found(data, asked.options)
        checks.append(CheckResult(asked, found, judged(found, asked.check.expected)))
    return PatternResult(pattern, data, tuple(checks), together(check.verdict for check in checks))


def check_own(folder: Path, patterns: Sequence[LoadedPattern]) -> None:
    """Raise ProtestorateError if a folder holds something other than patterns put to the test."""
    studies = {path.parent.name for path in folder.glob(f"*/{MANIFEST}")}
    check_holds_only(folder, {PAGE, DATA, *studies, *(one.name for one in patterns)}, "patterns")
    for pattern in patterns:
        check_folder(folder / pattern.name)
