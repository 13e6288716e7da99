"""What differs between two scenarios: every key path with another value, and what either value rests on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.compare.sides import Side
from analysis.report.figures.style import shorten
from sim.core.keypath import covers, dotted
from sim.evidence.ledger import OWN_WORDS
from sim.evidence.sources import load_ledger, source_table
from sim.models.interface import schema_of
from sim.run.load import Loaded
from sim.scenario.described import described

NOT_COMPARED = ("model", "about", "sources", "publications")
ABSENT = "not there"
LONGEST = 140

Names = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A value that differs.

    Attributes
    ----------
    path : str
        Key path. A part that only one scenario has, such as an event, is one change.
    old, new : str
        The values, as a scenario file would have them, in few words.
    unit : str
        From the schema; empty if there is none.
    old_source, new_source : str
        What the values rest on; empty if nothing is said.
    """

    path: str
    old: str
    new: str
    unit: str
    old_source: str
    new_source: str


def changes(a: Side, b: Side) -> list[Change]:
    """Return what differs between the scenarios of two sides, in the order of the first."""
    found, schema = [], schema_of(a.model)
    for path, old, new in _differences(a.data, b.data):
        if path[0] not in NOT_COMPARED:
            unit = described(schema, path).unit or ""
            before, after = written(_given(a.given, path, old)), written(_given(b.given, path, new))
            sources = _source(a.sources, path), _source(b.sources, path)
            found.append(Change(dotted(path), before, after, unit, sources[0], sources[1]))
    return found


def _given(data: Any, path: Names, value: Any) -> Any:
    """Return a whole part, such as an event, as the scenario gives it: without the defaults."""
    if not isinstance(value, Mapping):
        return value
    part = data
    for name in path:
        if not isinstance(part, Mapping) or name not in part:
            return value
        part = part[name]
    return part


class _Absent:
    """The value of a key that is not there."""


def _differences(a: Any, b: Any, above: Names = ()) -> Iterator[tuple[Names, Any, Any]]:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        for name in dict.fromkeys([*a, *b]):
            yield from _differences(a.get(name, _Absent), b.get(name, _Absent), (*above, str(name)))
    elif _plain(a) != _plain(b):
        yield above, a, b


def _plain(value: Any) -> str:
    """Return a value as text that is the same whether it was read from a scenario or from a study."""
    return "" if value is _Absent else json.dumps(value, sort_keys=True, default=_iso)


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def written(value: Any) -> str:
    """Return a value as a scenario file would have it, shortened to fit a table."""
    if value is _Absent:
        return ABSENT
    if isinstance(value, Mapping):
        inside = ", ".join(f"{name}: {_inner(item)}" for name, item in value.items() if item is not None)
        return shorten(inside, LONGEST)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "none"}[value]
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple):
        return shorten(f"[{', '.join(written(item) for item in value)}]", LONGEST)
    return shorten(_iso(value), LONGEST)


def _inner(value: Any) -> str:
    return f"{{{written(value)}}}" if isinstance(value, Mapping) else written(value)


def _source(sources: Mapping[str, str], path: Names) -> str:
    """Return the source of a value, or the sources of all that is below it."""
    name = dotted(path)
    if name in sources:
        return sources[name]
    return "; ".join(dict.fromkeys(text for key, text in sources.items() if covers(name, key)))


def sources_of(loaded: Loaded) -> dict[str, str]:
    """Return what each value of a scenario rests on, in a few words; empty for a scenario without sources."""
    named = loaded.data.get("sources")
    if not named:
        return {}
    found = {}
    for row in source_table(loaded.data, named, load_ledger()):
        ids = ", ".join(name for name in row.ids if name not in OWN_WORDS)
        said = shorten(row.note, LONGEST) if row.note else ""
        found[row.path] = "; ".join(part for part in (f"{row.kind}: {ids}" if ids else row.kind, said) if part)
    return found
