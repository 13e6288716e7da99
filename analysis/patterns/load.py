"""From a pattern's name to a checked pattern: a study, and what must come out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from analysis.patterns.schema import (
    CALENDAR,
    DAY_COLUMN,
    LABEL,
    MEASURE,
    NUMBER,
    OTHERS,
    PLACE_COLUMN,
    SAMPLED,
    Check,
    Named,
    Options,
    Pattern,
)
from analysis.patterns.statistics import STATISTICS, Statistic
from sim.core.errors import Problem, ProtestorateError, ScenarioError, nearest, shown
from sim.core.keypath import KeyPath, dotted
from sim.evidence.ledger import load_ledger
from sim.measures.language import Known, faults, parse, what_runs_have
from sim.run.find import bare_name, file_named, shipped
from sim.scenario.explain import explain, place_of
from sim.scenario.yaml import Document
from sim.scenario.yaml import parse as parse_yaml
from sim.study import Study, load_study

Model = TypeVar("Model", bound=BaseModel)

SECTION = "pattern"
FOLDER = "studies/patterns"


@dataclass(frozen=True)
class Asked:
    """A check with its statistic and its options, both valid."""

    name: str
    check: Check
    statistic: Statistic
    options: Options


@dataclass(frozen=True)
class LoadedPattern:
    """A pattern that can be put to the test.

    Parameters
    ----------
    name : str
        Its file's name without ending.
    file : Path
    pattern : Pattern
    asked : tuple of Asked
    study : Study
    """

    name: str
    file: Path
    pattern: Pattern
    asked: tuple[Asked, ...]
    study: Study


def patterns() -> dict[str, Path]:
    """Return the patterns that come with the project, by name."""
    return shipped(FOLDER)


def find_pattern(name_or_path: str | Path) -> Path:
    """Return a pattern's file; raises ScenarioError, with the most similar name, if there is none."""
    path, known = Path(name_or_path), patterns()
    found = file_named(path, known)
    if found is None:
        raise ScenarioError(
            Problem("there is no such pattern", file=str(path), nearest=nearest(bare_name(path), known))
        )
    return found


def load_patterns(
    names: Sequence[str | Path] = (), overrides: Mapping[str, Any] | None = None
) -> tuple[LoadedPattern, ...]:
    """Return the patterns asked for, all of the project's if none is.

    Parameters
    ----------
    names : sequence of str or Path
        Names of `scenarios/studies/patterns`, or files.
    overrides : mapping of str to object, optional
        Value by key path, for every run of every pattern.

    Raises
    ------
    ScenarioError
        With all problems of all files at once.
    """
    files = [find_pattern(name) for name in names] or list(patterns().values())
    found: list[LoadedPattern] = []
    problems: list[Problem] = []
    for file in dict.fromkeys(files):
        try:
            found.append(load_pattern(file, overrides))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    taken = [pattern.name for pattern in found]
    for name in taken:
        if taken.count(name) > 1:
            raise ProtestorateError(f"two of the patterns are called {name}: their results would share a folder")
    return tuple(found)


def load_pattern(name_or_path: str | Path, overrides: Mapping[str, Any] | None = None) -> LoadedPattern:
    """Read a pattern and check all of it before anything runs.

    Parameters
    ----------
    name_or_path : str or Path
        See `find_pattern`.
    overrides : mapping of str to object, optional
        As for `sim.study.load_study`.

    Raises
    ------
    ScenarioError
        With all problems of the file, each with its line and column.
    """
    file = find_pattern(name_or_path)
    document = parse_yaml(file)
    problems: list[Problem] = []
    study = None
    try:
        study = load_study(file, overrides)
    except ScenarioError as error:
        problems += error.problems
    pattern, asked = _section(document, problems)
    if study is not None and pattern is not None:
        _check_names(document, study, asked, problems)
    if problems or study is None or pattern is None:
        unread = {problem.path for problem in document.problems}
        said = [one for one in problems if one in document.problems or one.path not in unread]
        raise ScenarioError(sorted(said, key=lambda one: (one.file, one.line, one.column)))
    return LoadedPattern(file.stem, file, pattern, asked, replace(study, name=file.stem))


def _section(document: Document, problems: list[Problem]) -> tuple[Pattern | None, tuple[Asked, ...]]:
    """Return the section `pattern` with the options of its checks read; note what is wrong with it."""
    if not isinstance(document.data.get(SECTION), dict):
        message = "is missing: say what must come out of the study, or run it with 'protestorate sweep'"
        if SECTION not in document.data:
            problems.append(Problem(message, SECTION, *place_of((SECTION,), document, {})))
        return None, ()  # the schema of studies has already said that it must be a mapping
    pattern = _valid(Pattern, document, (SECTION,), problems)
    if pattern is None:
        return None, ()
    asked = []
    ledger = load_ledger()
    for name, check in pattern.checks.items():
        at: KeyPath = (SECTION, "checks", name)
        for place, source in enumerate(check.source):
            if ledger.entry(source) is None:
                where = (
                    (*at, "source", place) if isinstance(_value(document, (*at, "source")), list) else (*at, "source")
                )
                _note(problems, document, where, "the ledger has no such entry", source, ledger.ids)
        statistic = STATISTICS.get(check.statistic)
        if statistic is None:
            _note(problems, document, (*at, "statistic"), "there is no such statistic", check.statistic, STATISTICS)
            continue
        options = _valid(statistic.options, document, (*at, "options"), problems)
        if options is not None:
            asked.append(Asked(name, check, statistic, options))
    return pattern, tuple(asked)


def _value(document: Document, path: KeyPath) -> Any:
    value: Any = document.data
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _valid(schema: type[Model], document: Document, at: KeyPath, problems: list[Problem]) -> Model | None:
    """Return a part of the file as its schema reads it; None, with its problems noted, if it is not valid."""
    data = _value(document, at) or {}
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        marks = {path[len(at) :]: mark for path, mark in document.marks.items() if path[: len(at)] == at}
        keys = {path[len(at) :]: mark for path, mark in document.keys.items() if path[: len(at)] == at and path != at}
        marks.setdefault((), place_of(at, document, {}))
        problems += explain(error, schema, Document(data, marks, keys), {}, at)
        return None


def _note(
    problems: list[Problem], document: Document, path: KeyPath, message: str, given: str, known: Iterator[str] | Any
) -> None:
    place = place_of(path, document, {})
    problems.append(Problem(message, dotted(path), *place, given=shown(given), nearest=nearest(given, known)))


def _check_names(document: Document, study: Study, asked: Sequence[Asked], problems: list[Problem]) -> None:
    """Note the names that the study's runs do not have, and tables that it does not keep."""
    bases = {name: what_runs_have(base.config) for name, base in study.bases.items()}
    for one in asked:
        for named in one.options.names():
            at: KeyPath = (SECTION, "checks", one.name, "options", *named.path)
            for message, given, near in _faults(named, study, bases):
                problem = Problem(message, dotted(at), *place_of(at, document, {}), given=given, nearest=near)
                if problem not in problems:
                    problems.append(problem)


def _faults(named: Named, study: Study, bases: Mapping[str, Known]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a name: message, what was given, the nearest name that there is."""
    if named.kind == LABEL:
        labels = [point.label for point in study.points]
        if named.name not in labels:
            yield "no point of the design has this label", shown(named.name), nearest(named.name, labels)
        return
    if named.kind == OTHERS:
        if len(study.points) < 2:
            yield "is the only point of the design: there is none to hold against it", shown(named.name), ""
        return
    if named.kind == SAMPLED:
        if study.design.kind != "latin_hypercube":
            message = "needs a design of kind latin_hypercube, whose points are independent"
            yield message, shown(study.design.kind), ""
        return
    if named.kind == DAY_COLUMN and not study.keep.days:
        yield "needs keep: {days: true}", "", ""
    if named.kind == PLACE_COLUMN and not study.keep.localities:
        yield "needs keep: {localities: true}", "", ""
    for known in bases.values():
        if named.kind == CALENDAR:
            if known.first is None:
                yield "the runs of this model have no calendar", "", ""
            continue
        if named.kind == MEASURE:
            yield from _measure_faults(named.name, study, known)
            continue
        tables = {DAY_COLUMN: known.columns, PLACE_COLUMN: known.place_columns, NUMBER: known.numbers}
        there = tables.get(named.kind, known.outcomes)
        if named.name not in there:
            yield f"there is no such {named.kind}", shown(named.name), nearest(named.name, there)


def _measure_faults(text: str, study: Study, known: Known) -> Iterator[tuple[str, str, str]]:
    try:
        measure = parse(text)
    except ValueError as error:
        yield str(error), shown(text), ""
        return
    if measure.columns and not study.keep.days:
        yield "needs keep: {days: true}", "", ""
    if measure.place_columns and not study.keep.localities:
        yield "needs keep: {localities: true}", "", ""
    for problem in faults(measure, known):
        yield problem.message, problem.given, problem.nearest
