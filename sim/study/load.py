"""From a study's name to a checked study, or to every problem there is with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.core.errors import MORE, Problem, ScenarioError, nearest, shown
from sim.core.keypath import KeyPath, covers, undotted
from sim.core.paths import called
from sim.run.find import A_STUDY, bare_name, file_named, find, find_beside, names, shipped
from sim.run.load import Loaded, load
from sim.scenario.yaml import Document, parse
from sim.study.check import (
    THEN,
    Checks,
    beside,
    check_mechanisms,
    check_paths,
    check_points,
    check_ranges,
    check_repeats,
    check_settings,
)
from sim.study.design import unique
from sim.study.document import A_SCENARIO, design_spec, mapping_at, refuse_scenario, sections, sound_design, study_file
from sim.study.drafts import Draft, design_of, drafts_of, points_in
from sim.study.enough import faults_of_outcome
from sim.study.plan import Keep, Point, Precision, Study
from sim.study.schema import MOST_POINTS, AnyDesign, KeepSpec, PointList


def studies() -> dict[str, Path]:
    """Return the studies that come with the project, by name."""
    return shipped("studies")


def find_study(name_or_path: str | Path) -> Path:
    """Return the file of a study.

    Parameters
    ----------
    name_or_path : str or Path
        A file, or the bare name of a study that comes with the project, with or without ending.

    Raises
    ------
    ScenarioError
        If there is neither; the message offers the study of the most similar name.
    """
    path, known = Path(name_or_path), studies()
    found = file_named(path, known)
    if found is not None:
        return found
    if len(path.parts) == 1 and bare_name(path) in names():
        raise ScenarioError(Problem(A_SCENARIO, file=str(path)))
    raise ScenarioError(Problem("there is no such study", file=str(path), nearest=nearest(bare_name(path), known)))


def load_study(path_or_name: str | Path, overrides: Mapping[str, Any] | None = None) -> Study:
    """Read a study file and check all of it, each point included, before anything runs.

    Parameters
    ----------
    path_or_name : str or Path
        See `find_study`.
    overrides : mapping of str to object, optional
        Value by key path of the scenarios, for every run; they replace those of the file's `set`.

    Returns
    -------
    Study
        What is set for every run is part of its base scenarios already.

    Raises
    ------
    ScenarioError
        With all problems of the file at once.
    """
    path = find_study(path_or_name)
    document = parse(path)
    refuse_scenario(document)
    spec, problems = study_file(document)
    design, more = design_spec(document)
    bases, written, wrong = _bases(document, path)
    checks = Checks(document, bases, [*document.problems, *problems, *more, *wrong], written)
    checks.bases = _with_settings(checks, overrides or {})
    drafts = _drafts(checks, design, written)
    check_points(checks, drafts)
    if spec is not None and spec.precision is not None:
        _check_outcome(checks, spec.precision.outcome, spec.keep)
    if checks.problems or spec is None or design is None:
        raise ScenarioError(_first_of_each(checks.problems))
    labels = unique([draft.label for draft in drafts])
    return Study(
        name=spec.name or called(path),
        bases=checks.bases,
        points=tuple(
            Point(label, draft.base, dict(draft.overrides)) for label, draft in zip(labels, drafts, strict=True)
        ),
        seeds=spec.replicates,
        keep=Keep(spec.keep.days, spec.keep.localities),
        precision=None if spec.precision is None else Precision(**spec.precision.model_dump()),
        design=design_of(design, next(iter(checks.bases.values()))),
        title=spec.title,
        question=spec.question,
    )


def _first_of_each(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of the file, of each key the first one only, and all that lie within its value."""
    first: dict[tuple[Any, ...], Problem] = {}
    for problem in problems:
        key = (problem.path, problem.file, problem.line, problem.column)
        within = problem.message.startswith(THEN)
        first.setdefault((problem,) if within or not problem.path else key, problem)
    return sorted(first.values(), key=lambda problem: (problem == MORE, problem.file, problem.line, problem.column))


def _bases(document: Document, study: Path) -> tuple[dict[str, Loaded], dict[str, str], list[Problem]]:
    """Return the base scenarios by name, their names by what the file calls them, and what is wrong with them."""
    one, several = document.data.get("scenario"), document.data.get("scenarios")
    named: list[tuple[KeyPath, str]] = [(("scenario",), one)] if isinstance(one, str) else []
    for place, item in enumerate(several if isinstance(several, list) else ()):
        if isinstance(item, str):
            named.append((("scenarios", place), item))
    bases: dict[str, Loaded] = {}
    written: dict[str, str] = {}
    checks = Checks(document, bases)
    for path, text in named:
        try:
            beside = find_beside(text, study.parent)
            # A study may be called as the scenario that it runs.
            loaded = load(beside if beside.resolve() != study.resolve() else find(text))
        except ScenarioError as error:
            first = error.problems[0]
            if len(error.problems) == 1 and first.message in ("there is no such scenario", A_STUDY):
                checks.add(path, first.message, shown(text), first.nearest)
            else:
                checks.problems += error.problems
            continue
        name = called(loaded.path)
        if name in bases:
            checks.add(path, f"a scenario called {name} is listed already", shown(text))
        bases[name] = loaded
        written |= {text: name, name: name}
    return bases, written, checks.problems


def _with_settings(checks: Checks, overrides: Mapping[str, Any]) -> dict[str, Loaded]:
    """Check everything but the points; return the base scenarios with what is set for every run."""
    check_paths(checks)
    _check_given(checks, overrides)
    unusable = {problem.path for problem in checks.problems}
    settings = {
        key: value
        for key, value in mapping_at(checks.document.data, ("set",)).items()
        if f"set.{key}" not in unusable and key not in overrides
    }
    if MORE in checks.problems:
        return dict(checks.bases)
    changed = check_settings(checks, {**settings, **overrides}, overrides)
    check_ranges(checks)
    check_repeats(checks)
    check_mechanisms(checks)
    return changed


def _check_given(checks: Checks, overrides: Mapping[str, Any]) -> None:
    """Note overrides of what the design varies."""
    varied = [key for section, keys in sections(checks.document.data) if section != ("set",) for key in keys]
    for key, value in overrides.items():
        file = beside(key, value)
        if key == "run.seed":
            checks.problems.append(Problem("replicates give the seeds, it would change nothing", key, file))
        for other in dict.fromkeys(varied):
            if covers(key, other) or covers(other, key):
                checks.problems.append(Problem(f"the study's design varies {other}", key, file))


def _drafts(checks: Checks, design: AnyDesign | None, written: Mapping[str, str]) -> tuple[Draft, ...]:
    """Return the points of a design; none if they are too many, and only sound ones if there are problems."""
    if isinstance(design, PointList):
        _check_listed(checks, design, written)
    if any(undotted(problem.path)[0] == "design" for problem in checks.problems):
        design = sound_design(checks.document, checks.problems)
    if design is None or not checks.bases:
        return ()
    count = points_in(design, len(checks.bases))
    if count > MOST_POINTS:
        checks.add(("design",), f"has {count} points, at most {MOST_POINTS} are possible")
        return ()
    return drafts_of(design, checks.bases, written)


def _check_listed(checks: Checks, design: PointList, written: Mapping[str, str]) -> None:
    labels: list[str] = []
    for place, point in enumerate(design.points):
        path: KeyPath = ("design", "points", place)
        if point.scenario is not None and point.scenario not in written:
            message = "is not one of the study's scenarios"
            checks.add((*path, "scenario"), message, shown(point.scenario), nearest(point.scenario, written))
        if point.label in labels:
            checks.add((*path, "label"), "another point has this label", shown(point.label))
        labels += [point.label] if point.label else []


def _check_outcome(checks: Checks, outcome: str, keep: KeepSpec) -> None:
    """Note a measure that the runs of a base scenario do not have."""
    for name, loaded in checks.bases.items():
        for problem in faults_of_outcome(outcome, loaded.config, Keep(keep.days, keep.localities)):
            message = problem.message + checks.within(name)
            checks.add(("precision", "outcome"), message, problem.given, problem.nearest)
