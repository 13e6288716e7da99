"""What the schema says about a key path: unit, meaning, range and kind of value."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.core.errors import Problem, ScenarioError
from sim.core.keypath import dotted, ends_in, undotted
from sim.run.load import Loaded
from sim.scenario.explain import children, members
from sim.scenario.overrides import apply

BRACKET = re.compile(r"^(?P<words>.*?) \[(?P<bracket>[^\]]*)\]$", re.DOTALL)
NOT_SETTABLE = ("unknown key path", "can only be set in a file")
KINDS = {bool: "boolean", int: "whole", float: "number", dt.date: "date", str: "text"}


class Description(TypedDict):
    """What the schema says about a value.

    Attributes
    ----------
    unit : str
        Such as ``1/day``; empty if there is none.
    description : str
        What it means, without unit and range.
    low, high : float or None
        Bounds of the schema; None where it sets none.
    type : str
        ``number``, ``whole``, ``boolean``, ``choice``, ``date``, ``text`` or ``section``.
    """

    unit: str
    description: str
    low: float | None
    high: float | None
    type: str


@dataclass(frozen=True)
class _Found:
    """What stands at a path of the schema: its types, and the field that describes it."""

    options: list[Any]
    field: FieldInfo | None
    bounds: tuple[Any, ...]


def describe(loaded: Loaded, path: str) -> Description:
    """Return unit, meaning, bounds and kind of the value at a key path of a scenario.

    Parameters
    ----------
    loaded : Loaded
        A scenario whose schema is asked.
    path : str
        Key path, such as ``regime.aggression_gain`` or ``events.shutdown.effects.shutdown``.

    Raises
    ------
    ScenarioError
        If the scenario has no such path, with the nearest one it has.
    """
    problem = refusal(loaded, path)
    if problem is not None:
        raise ScenarioError(problem)
    found = _found(type(loaded.config), undotted(path))
    words, bracket = split_bracket(found.field.description or "" if found.field else "")
    extra = found.field.json_schema_extra if found.field else None
    unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
    kind = _kind(found.options)
    low, high = _bound(found.bounds, ("ge", "gt")), _bound(found.bounds, ("le", "lt"))
    if not unit and ";" in bracket:
        unit = bracket.partition(";")[0].strip()
    return Description(unit=unit, description=words, low=low, high=high, type=kind)


def split_bracket(description: str) -> tuple[str, str]:
    """Return the words of a field's description, and what it says in brackets of unit and range."""
    found = BRACKET.match(description)
    return (found["words"], found["bracket"]) if found else (description, "")


def said_range(about: Description) -> str:
    """Return unit and range as errors say them, such as ``[factor; 0 to 2]``; empty if there are none."""
    low, high = about["low"], about["high"]
    if low is None and high is None:
        return f"[{about['unit']}]" if about["unit"] else ""
    if low is None or high is None:
        span = f"{low:.12g} or more" if low is not None else f"{high:.12g} or less"
    else:
        span = f"{low:.12g} to {high:.12g}"
    return f"[{about['unit']}; {span}]" if about["unit"] else f"[{span}]"


def refusal(loaded: Loaded, path: str, adds: bool = False) -> Problem | None:
    """Return why a scenario cannot be overridden at a key path, whatever the value; None if it can.

    With `adds` the value is a mapping, which may be a new thing under a name of the user's own choice.
    """
    if undotted(path)[0] == "sources":
        return Problem("a source stands in the scenario's file", path)
    _, _, problems = apply(loaded.data, {path: {} if adds else None}, type(loaded.config))
    refused = (problem for problem in problems if problem.message in NOT_SETTABLE)
    return next((Problem(problem.message, path, nearest=problem.nearest) for problem in refused), None)


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """Return for each key path its shortest end that no other of them shares."""
    known = list(dict.fromkeys(paths))
    short = {}
    for path in known:
        names = undotted(path)
        ends = [dotted(names[-length:]) for length in range(1, len(names) + 1)]
        unique = [end for end in ends if not any(ends_in(other, end) for other in known if other != path)]
        short[path] = unique[0] if unique else path
    return short


def _found(schema: type[BaseModel], names: Sequence[str]) -> _Found:
    """Walk a schema along a path; entries of the user's own mappings keep the field of the mapping."""
    options: list[Any] = [schema]
    field: FieldInfo | None = None
    bounds: tuple[Any, ...] = ()
    for part in names:
        within = [option for option in options if isinstance(option, type) and issubclass(option, BaseModel)]
        fields = [option.model_fields[part] for option in within if part in option.model_fields]
        listed = any(get_origin(option) in (list, tuple, Sequence) for option in options)
        step = int(part) if listed and part.isdecimal() else part
        below = children(options, step)
        if fields:
            field, bounds = fields[0], tuple(fields[0].metadata)
        else:
            bounds = tuple(one for annotation in below for one in _annotated_bounds(annotation))
        options = [inner for annotation in below for inner in members(annotation)]
    return _Found(options, field, bounds)


def _annotated_bounds(annotation: Any) -> tuple[Any, ...]:
    """Return the bounds in ``Annotated[float, Field(ge=0.0)]``."""
    if get_origin(annotation) is not Annotated:
        return ()
    return tuple(
        bound
        for extra in get_args(annotation)[1:]
        for bound in (extra.metadata if isinstance(extra, FieldInfo) else (extra,))
    )


def _bound(bounds: Iterable[Any], names: tuple[str, ...]) -> float | None:
    for bound in bounds:
        for name in names:
            value = getattr(bound, name, None)
            if isinstance(value, int | float):
                return value
    return None


def _kind(options: Sequence[Any]) -> str:
    """Return what kind of value a schema wants; of several kinds, a number if it may be one."""
    kinds = ["choice" if get_origin(option) is Literal else KINDS.get(option, "section") for option in options]
    for preferred in ("number", "whole"):
        if preferred in kinds:
            return preferred
    return kinds[0] if kinds else "section"
