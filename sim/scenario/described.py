"""What a schema says of a value: meaning, unit, range and kind, as its field declares them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.explain import children, members

KINDS = {bool: "boolean", int: "whole", float: "number", dt.date: "date", str: "text"}
NUMBERS = ("number", "whole")
ANY_NAME = "*"
"""In the key path of a leaf: whatever name a scenario gives, or a place in a list."""


@dataclass(frozen=True)
class Described:
    """What the schema says about the value at a key path.

    Attributes
    ----------
    words : str
        What it means; that of the mapping or list for its entries.
    unit : str or None
        Such as ``1/day``; empty if it is declared to have none, None if nothing is declared.
    low, high : float or None
        Bounds; None where the schema sets none.
    kind : str
        ``number``, ``whole``, ``boolean``, ``choice``, ``date``, ``text`` or ``section``.
    options : tuple
        The types it may have.
    field : FieldInfo or None
        The field that describes it; None for a path that the schema does not have.
    """

    words: str
    unit: str | None
    low: float | None
    high: float | None
    kind: str
    options: tuple[Any, ...]
    field: FieldInfo | None = None

    @property
    def span(self) -> str:
        """Unit and range, such as ``factor; 0 to 2``; empty if there is neither."""
        return unit_and_range(self.unit or "", self.low, self.high)


def unit_and_range(unit: str, low: float | None, high: float | None) -> str:
    """Return a unit and a range as documents and errors say them, such as ``factor; 0 to 2``; empty for neither."""
    if low is None and high is None:
        return unit
    if low is None or high is None:
        span = f"{_bound_text(low)} or more" if low is not None else f"{_bound_text(high)} or less"
    else:
        span = f"{_bound_text(low)} to {_bound_text(high)}"
    return f"{unit}; {span}" if unit else span


def _bound_text(value: Any) -> str:
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def described(schema: type[BaseModel], path: Sequence[str | int]) -> Described:
    """Return what a schema says of a key path; entries of a mapping or a list keep the meaning of the whole."""
    options: list[Any] = [schema]
    field: FieldInfo | None = None
    declared: tuple[Any, ...] = ()
    for part in path:
        models = [option for option in options if _is_section(option)]
        fields = [option.model_fields[part] for option in models if part in option.model_fields]
        listed = any(get_origin(option) in (list, tuple, Sequence) for option in options)
        step = int(part) if listed and isinstance(part, str) and part.isdecimal() and len(part) < 10 else part
        below = children(options, step)
        if fields:
            field, declared = fields[0], _declared(fields[0])
        else:
            declared = tuple(one for annotation in below for one in _annotated(annotation))
        options = [inner for annotation in below for inner in members(annotation)]
    return _described(field, options, declared)


def leaves(schema: type[BaseModel]) -> Iterator[tuple[str, Described]]:
    """Yield key path and description of every value that a scenario of a schema may have.

    `ANY_NAME` stands for a name of the scenario's own and for a place in a list of sections; where one of several
    sections may stand, its name stands in parentheses.
    """
    for name, field in schema.model_fields.items():
        yield from _below(name, field)


def _below(path: str, field: FieldInfo) -> Iterator[tuple[str, Described]]:
    options = members(field.annotation)
    inner = [value for option in options for value in _entries(option)]
    sections = [option for option in (*options, *inner) if _is_section(option)]
    mapped = any(get_origin(option) in (dict, Mapping) for option in options)
    here = f"{path}.{ANY_NAME}" if mapped or (sections and inner) else path
    if not sections:
        entries = tuple(one for option in options for value in get_args(option)[-1:] for one in _annotated(value))
        yield here, _described(field, inner or options, (*_declared(field), *entries))
    for section in sections:
        which = f" ({section.__name__.lower()})" if len(sections) > 1 else ""
        for name, child in section.model_fields.items():
            yield from _below(f"{here}{which}.{name}", child)


def _is_section(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, BaseModel)


def _entries(option: Any) -> list[Any]:
    """Return the types that the entries of a mapping or a list may have; empty if it is neither."""
    origin, arguments = get_origin(option), get_args(option)
    return members(arguments[-1]) if origin in (dict, Mapping, list, Sequence) and arguments else []


def _declared(field: FieldInfo) -> tuple[Any, ...]:
    """Return the bounds of a field and what else it declares, as its annotation would have them."""
    return (*field.metadata, field.json_schema_extra or {})


def _annotated(annotation: Any) -> Iterator[Any]:
    """Yield what stands in ``Annotated[float, Field(ge=0.0)]`` beside the type."""
    if get_origin(annotation) is Annotated:
        for extra in get_args(annotation)[1:]:
            yield from _declared(extra) if isinstance(extra, FieldInfo) else (extra,)


def _described(field: FieldInfo | None, options: Sequence[Any], declared: Sequence[Any]) -> Described:
    units = [one["unit"] for one in declared if isinstance(one, dict) and "unit" in one]
    words = (field.description or "") if field else ""
    low, high = _bound(declared, ("ge", "gt")), _bound(declared, ("le", "lt"))
    return Described(words, units[0] if units else None, low, high, _kind(options), tuple(options), field)


def _bound(declared: Iterable[Any], names: tuple[str, ...]) -> float | None:
    found = (getattr(one, name, None) for one in declared for name in names)
    return next((value for value in found if isinstance(value, int | float)), None)


def _kind(options: Sequence[Any]) -> str:
    """Return what kind of value a schema wants; of several kinds, a number if it may be one."""
    kinds = ["choice" if get_origin(option) is Literal else KINDS.get(option, "section") for option in options]
    return next((preferred for preferred in NUMBERS if preferred in kinds), kinds[0] if kinds else "section")
