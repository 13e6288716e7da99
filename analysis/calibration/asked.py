"""What a user asks to be calibrated: a scenario, a file of targets, a file of parameters, and what is held out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import Field, ValidationError

from analysis.calibration.case import Case, Scale, Span, Target, targets_in
from analysis.observed import Calibration, Observation, files, find_observed, read_observed
from sim.core.errors import Problem, ProtestorateError, ScenarioError, nearest, shown
from sim.core.paths import called
from sim.evidence.ledger import load_ledger
from sim.measures.language import SPAN, Part, faults, parse, what_runs_have
from sim.run.find import find
from sim.run.load import Loaded, derive, load
from sim.scenario.explain import explain, place_of
from sim.scenario.fields import Section, text
from sim.scenario.yaml import Document, Mark, read
from sim.study.called import title_of
from sim.study.parameters import describe, labels


class Parameter(Section):
    """A parameter that is searched, and its prior."""

    low: float | None = Field(default=None, description="lower limit; that of the schema if left out")
    high: float | None = Field(default=None, description="upper limit; that of the schema if left out")
    scale: Scale = Field(default="linear", description="uniform on this scale between the limits")
    source: str | list[str] = Field(default="assumption", description="what the limits rest on: ids of the ledger")
    note: str = text("why these limits", default="")


class Parameters(Section):
    """A file of parameters."""

    parameters: dict[str, Parameter] = Field(min_length=1, max_length=30)
    fixed: dict[str, float] = Field(default_factory=dict, description="held at a value meanwhile")
    persons_per_agent: int | None = Field(default=None, gt=0, description="scale of the runs [persons]")


@dataclass(frozen=True)
class Asked:
    """What is to be calibrated.

    Parameters
    ----------
    case : Case
        With the targets of the fit.
    held_out : tuple of Target
        That no search sees.
    title : str
        Of the scenario.
    called : mapping of str to str
        What people call each parameter that is searched, by key path.
    """

    case: Case
    held_out: tuple[Target, ...]
    title: str = ""
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def checked(self) -> Case:
        """The case with all targets, those of the fit first."""
        last = [str(last_day(one)) for one in (*self.case.targets, *self.held_out) if last_day(one)]
        end = max(last) if last and self.case.last_day else self.case.last_day
        return replace(self.case, targets=(*self.case.targets, *self.held_out), last_day=end)


def asked(
    scenario: str,
    targets: Path | str | None = None,
    parameters: Path | None = None,
    hold_out: tuple[str, ...] = (),
) -> Asked:
    """Return what is to be calibrated.

    Parameters
    ----------
    scenario : str
        Name or file.
    targets : Path or str, optional
        File of targets; what was observed of the scenario if left out (see `analysis.observed`).
    parameters : Path, optional
        File of parameters; those of the file of targets if left out.
    hold_out : tuple of str
        Days (``2020-09-13..``, ``..2020-08-20``, ``2020-08-16..2020-08-22``) or localities: targets that look at any of
        these days, or at one of these localities, are held out.

    Raises
    ------
    ScenarioError
        With every mistake of the files at its place.
    ProtestorateError
        If nothing is left to fit, or nothing to search.
    """
    loaded = load(scenario)
    path = _targets_file(scenario, targets)
    found = read_observed(path).calibration
    if found is None:
        raise ProtestorateError(f"{path}: has no section calibration with targets")
    unknown = list(_unknown(path, found, loaded))
    if unknown:
        raise ScenarioError(unknown)
    fit, held = list(targets_in(found, False)), list(targets_in(found, True))
    out = [_hold_out(one, loaded) for one in hold_out]
    held = [*(one for one in fit if any(_is_held(one, what) for what in out)), *held]
    fit = [one for one in fit if one not in held]
    if not fit:
        raise ProtestorateError("--hold-out: no target is left to fit")
    spans = {name: Span(one.low, one.high, one.scale) for name, one in found.searched.items()}
    fixed, scale = dict(found.fixed), found.persons_per_agent
    if parameters is not None:
        spans, fixed, own = read_parameters(parameters, loaded)
        scale = own or scale
    if not spans:
        raise ProtestorateError(f"{path}: names no parameters to search; give a file with --parameters")
    ends = [day for one in fit if (day := last_day(one))]
    whole = any(last_day(one) is None for one in fit)
    last = None if whole else str(max(ends))
    name = str(find(scenario)) if Path(scenario).is_file() else scenario
    words = labels({one: describe(loaded, one)["description"] for one in spans})
    case = Case(name, tuple(fit), spans, last, scale, fixed)
    return Asked(case, tuple(held), title_of(loaded.data, called(find(scenario))), words)


def _targets_file(scenario: str, targets: Path | str | None) -> Path:
    if targets is not None and str(targets) not in files() and not Path(targets).is_file():
        near = nearest(str(targets), files())
        raise ScenarioError(
            Problem("there is no such file of targets", "--targets", given=shown(str(targets)), nearest=near)
        )
    own = called(find(scenario))
    if targets is None and own not in files() and not nearest(own, files()):
        raise ProtestorateError(
            f"{scenario}: nothing observed of it is set down in scenarios/observed; name a file of targets with --targets "
            "(protestorate events targets makes one of your events)"
        )
    return find_observed(str(targets) if targets is not None else own)


def _unknown(path: Path, found: Calibration, loaded: Loaded) -> Iterator[Problem]:
    """Yield what targets measure that runs do not have, at its place in the file."""
    document, known = read(path), replace(what_runs_have(loaded.config), setting=loaded.config)
    parts: dict[str, dict[str, Observation]] = {"targets": found.targets, "held_out": found.held_out}
    for part, observations in parts.items():
        for name, one in observations.items():
            mark = place_of(("calibration", part, name, "measure"), document, {})
            for problem in faults(parse(one.measure), known):
                yield replace(_placed(problem, mark), path=f"target '{name}'")


def read_parameters(path: Path, loaded: Loaded) -> tuple[dict[str, Span], dict[str, float], int | None]:
    """Read a file of parameters; returns limits, fixed values, and the scale of runs.

    Raises
    ------
    ScenarioError
        With every mistake at its place: unknown key paths with the nearest one, limits outside of the schema's range.
    """
    document = read(path)
    try:
        found = Parameters.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(explain(error, Parameters, document, {})) from None
    problems: list[Problem] = []
    spans: dict[str, Span] = {}
    ledger = load_ledger()
    for name, one in found.parameters.items():
        for source in [one.source] if isinstance(one.source, str) else one.source:
            if source != "assumption" and ledger.entry(source) is None:
                mark = document.marks.get(("parameters", name, "source"), _mark(document, name))
                near = nearest(source, ledger.ids)
                problems.append(Problem("the ledger has no such entry", name, *mark, shown(source), near))
        wrong = list(_wrong(name, one, loaded, document))
        problems += wrong
        if not wrong:
            about = describe(loaded, name)
            low, high = (
                one.low if one.low is not None else about["low"],
                one.high if one.high is not None else about["high"],
            )
            assert low is not None  # `_wrong` has said so
            assert high is not None
            spans[name] = Span(low, high, "log" if one.scale == "log" else "linear")
    for name, value in found.fixed.items():
        if name in found.parameters:
            problems.append(Problem("is searched as well: choose one", name, *document.keys[("fixed", name)]))
            continue
        try:
            describe(loaded, name)
            derive(loaded, {name: value})
        except ScenarioError as error:
            problems += [_placed(one, document.keys[("fixed", name)]) for one in error.problems]
    if problems:
        raise ScenarioError(sorted(problems, key=lambda one: (one.line, one.column)))
    return spans, dict(found.fixed), found.persons_per_agent


def _wrong(name: str, one: Parameter, loaded: Loaded, document: Document) -> Iterator[Problem]:
    at = _mark(document, name)
    try:
        about = describe(loaded, name)
    except ScenarioError as error:
        yield from (_placed(problem, at) for problem in error.problems)
        return
    if about["type"] not in ("number", "whole"):
        yield Problem(f"cannot be searched: it is a {about['type']}", name, *at)
        return
    low, high = one.low if one.low is not None else about["low"], one.high if one.high is not None else about["high"]
    if low is None or high is None:
        yield Problem("the schema sets no range: give low and high", name, *at)
        return
    for end, value in (("low", low), ("high", high)):
        inside = (about["low"] is None or value >= about["low"]) and (about["high"] is None or value <= about["high"])
        if not inside:
            where = document.marks.get(("parameters", name, end), at)
            message = f"must lie in the range of the schema, {about['low']:g} to {about['high']:g}"
            yield Problem(message, f"{name}.{end}", *where, shown(value))
    if low >= high:
        yield Problem("low must be below high", name, *at)
    elif one.scale == "log" and low <= 0.0:
        yield Problem("low must be above 0 on a logarithmic scale", name, *at)


def _mark(document: Document, name: str) -> Mark:
    return document.keys[("parameters", name)]


def _placed(problem: Problem, mark: Mark) -> Problem:
    return replace(problem, file=mark.file, line=mark.line, column=mark.column)


Held = str | tuple[dt.date | None, dt.date | None]


def _hold_out(given: str, loaded: Loaded) -> Held:
    """Return a locality's name, or the first and last day, of what is held out."""
    first, dots, last = given.strip().partition(SPAN)
    if dots or first[:4].isdecimal():
        try:
            days = [dt.date.fromisoformat(one) if one else None for one in (first, last if dots else first)]
        except ValueError:
            message = "days are written 2020-09-13.., ..2020-08-20 or 2020-08-16..2020-08-22"
            raise ScenarioError(Problem(message, "--hold-out", given=shown(given))) from None
        return days[0], days[1]
    known = getattr(getattr(loaded.config, "places", None), "localities", {})
    if given not in known:
        message = "is neither days such as 2020-09-13.. nor a locality"
        raise ScenarioError(Problem(message, "--hold-out", given=shown(given), nearest=nearest(given, known)))
    return given


def _is_held(target: Target, what: Held) -> bool:
    return any(_touches(part, what) for part in target.measure.parts)


def _touches(part: Part, what: Held) -> bool:
    if isinstance(what, str):
        return part.place == what
    first, last = what
    if part.only:
        return any((first is None or day >= first) and (last is None or day <= last) for day in part.only)
    if part.first is None and part.last is None:
        return False  # a target on the whole run is not one on these days
    begins_before_end = last is None or part.first is None or part.first <= last
    return begins_before_end and (first is None or part.last is None or part.last >= first)


def last_day(target: Target) -> dt.date | None:
    """Return the last day that a target looks at; None if it looks at all days of a run."""
    days: list[dt.date] = []
    for part in target.measure.parts:
        ends = [*part.only, *([part.last] if part.last else [])]
        if not ends:
            return None
        days += ends
    return max(days) if days else None
