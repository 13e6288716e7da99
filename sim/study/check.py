"""Whether a study's key paths, values and ranges fit its scenarios; every problem at its place in the file.

Paths and ranges are read from the data as written, so that they are checked even where the file does
not fit the schema of studies for another reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from sim.core.errors import MORE, MOST_PROBLEMS, Problem, ScenarioError, nearest, shown
from sim.core.keypath import KeyPath, around, covers, dotted
from sim.run.load import Loaded, derive
from sim.scenario.explain import place_of
from sim.scenario.yaml import Document
from sim.study.design import spaced
from sim.study.document import PARAMETERS, mapping_at, sections
from sim.study.drafts import Draft
from sim.study.parameters import describe, refusal, said_range
from sim.study.plan import TAKEN, Range, is_taken
from sim.study.schema import MOST_POINTS

MOST_BAD_POINTS = 20
THEN = "then "
"""How a message begins that is about another key path than the one that is given a value."""
NO_RANGE = {
    "boolean": "is true or false and has no range: list the values in a grid",
    "whole": "takes whole numbers only",
    "choice": "is a choice and has no range: list the values in a grid",
    "date": "is a date and has no range: list the values in a grid",
    "text": "is text and has no range: list the values in a grid",
    "section": "is not a number and has no range",
}


@dataclass
class Checks:
    """Problems found so far in one study file.

    Parameters
    ----------
    document : Document
        The file as read.
    bases : mapping of str to Loaded
        Base scenarios by name.
    problems : list of Problem
    written : mapping of str to str
        Name of a base scenario by what the file calls it.
    within_values : set of (KeyPath, str)
        Path of the file, and key path within its value or elsewhere that is refused because of it; said once each.
    """

    document: Document
    bases: Mapping[str, Loaded]
    problems: list[Problem] = field(default_factory=list)
    written: Mapping[str, str] = field(default_factory=dict)
    within_values: set[tuple[KeyPath, str]] = field(default_factory=set)

    def add(self, path: KeyPath, message: str, given: str = "", near: str = "", at_key: bool = False) -> None:
        """Note a problem at the place of a path of the file; the same one only once."""
        place = place_of(path, self.document, {}, at_key)
        name = dotted(path)
        if not any(problem.path == name and problem.message == message for problem in self.problems):
            self.problems.append(Problem(message, name, *place, given=given, nearest=near))

    def bases_of(self, section: KeyPath) -> Mapping[str, Loaded]:
        """Return the base scenarios that the key paths of a section are about: one, if its point names it."""
        named = mapping_at(self.document.data, section[:-1]).get("scenario") if section[-1:] == ("set",) else None
        name = self.written.get(named) if isinstance(named, str) and len(section) > 1 else None
        return {name: self.bases[name]} if name is not None and name in self.bases else self.bases

    def within(self, name: str) -> str:
        """Return what to add to a message about one of several base scenarios."""
        return f" in {name}" if len(self.bases) > 1 else ""


def check_paths(checks: Checks) -> None:
    """Note key paths that a scenario does not have, and paths that are given twice or lie inside each other."""
    above = _Taken("is set for every run")
    for key in mapping_at(checks.document.data, ("set",)):
        above.add(key)
    for section, keys in sections(checks.document.data):
        own = _Taken("stands above")
        for key in keys:
            if len(checks.problems) >= MOST_PROBLEMS:
                checks.problems.append(MORE)
                return
            adds = _adds(mapping_at(checks.document.data, section).get(key))
            _check_path(checks, (*section, key), key, checks.bases_of(section), adds)
            for taken in (own,) if section == ("set",) else (own, above):
                refused = taken.refusal(key)
                if refused:
                    checks.add((*section, key), refused, at_key=True)
            own.add(key)


class _Taken:
    """Key paths that are given already; it is asked for thousands, so that none is compared with all others."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.keys: set[str] = set()
        self.within: dict[str, str] = {}

    def add(self, key: str) -> None:
        self.keys.add(key)
        for part in around(key):
            self.within.setdefault(part, key)

    def refusal(self, key: str) -> str:
        """Return why a key may not be given as well; empty if it may."""
        if key in self.keys:
            return f"{self.where} already"
        other = self.within.get(key) or next((part for part in around(key) if part in self.keys), None)
        return f"overlaps with {other}, which {self.where}" if other else ""


def check_ranges(checks: Checks) -> None:
    """Note ranges that leave the schema's, that have another unit, or that something has which is no number."""
    for key, span in mapping_at(checks.document.data, PARAMETERS).items():
        if isinstance(span, dict) and not _noted(checks, (*PARAMETERS, key)):
            for name, loaded in checks.bases.items():
                _check_range(checks, name, loaded, key, span)


def check_repeats(checks: Checks) -> None:
    """Note values that are listed twice for one parameter."""
    for key, values in mapping_at(checks.document.data, PARAMETERS).items():
        for place, value in enumerate(values if isinstance(values, list) else ()):
            if any(type(value) is type(other) and value == other for other in values[:place]):
                checks.add((*PARAMETERS, key, place), "the value is given twice", shown(value))


def check_mechanisms(checks: Checks) -> None:
    """Note an ablation of a model without off switches, or of switches that it does not have."""
    design = mapping_at(checks.document.data, ("design",))
    if design.get("kind") != "ablation":
        return
    wanted = design.get("mechanisms", "all")
    settings = mapping_at(checks.document.data, ("set",))
    for loaded in checks.bases.values():
        known = switches(loaded)
        model = loaded.config.model
        if not known:
            checks.add(("design", "kind"), f"the model {model} has no mechanisms to switch off")
            continue
        for place, name in enumerate(wanted if isinstance(wanted, list) else ()):
            path: KeyPath = ("design", "mechanisms", place)
            if isinstance(name, str) and name not in known:
                message = f"the model {model} has no such mechanism"
                checks.add(path, message, shown(name), nearest(name, known))
            elif f"mechanisms.{name}" in settings:
                checks.add(path, f"mechanisms.{name} is set for every run")


def check_settings(checks: Checks, settings: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Loaded]:
    """Return the base scenarios with what is set for every run; note what they refuse.

    Parameters
    ----------
    checks : Checks
    settings : mapping of str to object
        Value by key path: those of the file, and those given beside it.
    given : mapping of str to object
        Those given beside the file; they are named as ``--set`` in errors.
    """
    changed = {}
    for name, loaded in checks.bases.items():
        try:
            changed[name] = derive(loaded, settings)
        except ScenarioError as error:
            for problem in error.problems:
                _add_setting(checks, settings, given, loaded, problem, checks.within(name))
    return changed


def check_points(checks: Checks, drafts: tuple[Draft, ...]) -> None:
    """Note the points that their scenario refuses, until twenty are found."""
    bad = 0
    for draft in drafts:
        loaded = checks.bases[draft.base]
        try:
            derive(loaded, draft.overrides)
        except ScenarioError as error:
            bad += 1
            for problem in error.problems:
                key = _culprit(problem.path, draft.overrides, loaded)
                if key is None:
                    message = f"at the point '{draft.label}' {problem.path} {problem.message}"
                    checks.add(draft.place, message, problem.given, at_key=True)
                else:
                    _add_refused(checks, draft.places[key], key, loaded, problem, checks.within(draft.base))
        if bad == MOST_BAD_POINTS:
            return


def switches(loaded: Loaded) -> list[str]:
    """Return the off switches that a scenario's model has."""
    mechanisms = getattr(loaded.config, "mechanisms", None)
    if not isinstance(mechanisms, BaseModel):
        return []
    return [name for name, about in type(mechanisms).model_fields.items() if about.annotation is bool]


def _adds(values: Any) -> bool:
    """Return whether a mapping is among what a study gives a key path: it may add something under a new name."""
    listed = values if isinstance(values, list) else [values]
    return any(isinstance(value, dict) and not {"low", "high", "of"} & set(value) for value in listed)


def _check_path(checks: Checks, path: KeyPath, key: str, bases: Mapping[str, Loaded], adds: bool) -> None:
    if key == "run.seed":
        checks.add(path, "replicates give the seeds, it would change nothing", at_key=True)
        return
    if any(is_taken(loaded, key) for loaded in bases.values()):
        checks.add(path, TAKEN, at_key=True)
        return
    for name, loaded in bases.items():
        problem = refusal(loaded, key, adds)
        if problem is not None:
            checks.add(path, problem.message + checks.within(name), near=problem.nearest, at_key=True)


def _check_range(checks: Checks, name: str, loaded: Loaded, key: str, span: dict[str, Any]) -> None:
    path: KeyPath = (*PARAMETERS, key)
    about = describe(loaded, key)
    kind, within = about["type"], checks.within(name)
    if kind not in ("number", "whole"):
        checks.add(path, NO_RANGE[kind] + within, at_key=True)
        return
    if kind == "whole" and not _noted(checks, path):
        _check_steps(checks, path, span, within)
    unit = span.get("unit")
    if isinstance(unit, str) and unit != about["unit"]:
        right = f"the unit is '{about['unit']}'" if about["unit"] else "it has no unit"
        checks.add((*path, "unit"), right + within, shown(unit))
    for end in ("low", "high"):
        value = span.get(end)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        refused = _outside(value, about["low"], about["high"])
        if kind == "whole" and value != int(value):
            refused = NO_RANGE["whole"]
        if refused:
            checks.add((*path, end), f"{refused} {said_range(about)}".rstrip() + within, shown(value))
        elif about["low"] is None and about["high"] is None:
            _check_end(checks, loaded, key, end, int(value) if kind == "whole" else float(value))


def _check_steps(checks: Checks, path: KeyPath, span: dict[str, Any], within: str) -> None:
    """Note more steps than there are whole numbers: some values would come twice, and be left out in silence."""
    low, high, steps, scale = (span.get(name) for name in ("low", "high", "steps", "scale"))
    ends = (low, high)
    if not isinstance(steps, int) or not 2 <= steps <= MOST_POINTS or any(type(end) is not int for end in ends):
        return
    if low >= high or (scale == "log" and low <= 0):  # type: ignore[operator]
        return
    found = len(set(spaced(Range(low, high, scale or "linear", whole=True), steps)))  # type: ignore[arg-type]
    if found < steps:
        given = f"{low} to {high}" + (" on a logarithmic scale" if scale == "log" else "")
        message = (
            f"gives {found} different whole numbers of {given} only{within}; ask for {found} or fewer, or list them"
        )
        checks.add((*path, "steps"), message, shown(steps))


def _check_end(checks: Checks, loaded: Loaded, key: str, end: str, value: float) -> None:
    """Try one end of a range on the scenario itself, where the schema's own check knows more than its bounds."""
    try:
        derive(loaded, {key: value})
    except ScenarioError as error:
        for problem in error.problems:
            _add_refused(checks, (*PARAMETERS, key, end), key, loaded, problem, "")


def _outside(value: float, low: float | None, high: float | None) -> str:
    if low is not None and value < low:
        return f"must be at least {low:.12g}"
    if high is not None and value > high:
        return f"must be at most {high:.12g}"
    return ""


def _add_setting(
    checks: Checks,
    settings: Mapping[str, Any],
    given: Mapping[str, Any],
    loaded: Loaded,
    problem: Problem,
    within: str,
) -> None:
    """Note what a scenario says about a value that is set for every run, in the file or beside it."""
    key = _culprit(problem.path, settings, loaded)
    if key is None:
        message = f"{THEN}{problem.path} {problem.message}{within}"
        checks.add(("set",), message, problem.given, at_key=True)
    elif key not in given:
        _add_refused(checks, ("set", key), key, loaded, problem, within)
    elif problem.path == key:
        checks.problems.append(problem)
    else:
        message = f"{THEN}{problem.path} {problem.message}{within}"
        checks.problems.append(Problem(message, key, beside(key, given[key]), given=problem.given))


def beside(key: str, value: object) -> str:
    """Return how errors call the place of a value given beside the file."""
    return f"--set {key}={value if isinstance(value, str) else shown(value)}"


def _add_refused(checks: Checks, path: KeyPath, key: str, loaded: Loaded, problem: Problem, within: str) -> None:
    """Note what a scenario says about the value at a path of the file."""
    if problem.path == key:
        said = said_range(describe(loaded, key)) if problem.message.startswith("must be at ") else ""
        message = f"{problem.message} {said}".rstrip()
    elif (path, problem.path) in checks.within_values:
        return
    else:
        checks.within_values.add((path, problem.path))
        message = f"{THEN}{problem.path} {problem.message}"
    checks.add(path, message + within, problem.given, problem.nearest)


def _culprit(path: str, overrides: Mapping[str, Any], loaded: Loaded) -> str | None:
    """Return the override that causes a problem at a key path; None if it takes several of them."""
    if path in overrides:
        return path
    above = next((key for key in overrides if covers(key, path)), None)
    if above is not None:
        return above
    if len(overrides) == 1:
        return next(iter(overrides))
    for key, value in overrides.items():
        try:
            derive(loaded, {key: value})
        except ScenarioError as error:
            if any(problem.path == path for problem in error.problems):
                return key
    return None


def _noted(checks: Checks, path: KeyPath) -> bool:
    name = dotted(path)
    return any(problem.path == name for problem in checks.problems)
