"""The entries of a scenario's sources, taken apart, and which of them cover a key path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.core.keypath import undotted

CASE = "on"
"""Key of a source, beside ``from`` and ``note``: the case on which a value was calibrated, where it is another one."""
Names = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One entry of ``sources``, taken apart."""

    key: str
    pattern: Names
    ids: tuple[str, ...]
    note: str
    case: str = ""

    def lies_within(self, path: Names) -> bool:
        """Return whether all that it can cover lies at or below a path."""
        within = zip(self.pattern, path, strict=False)
        return len(self.pattern) >= len(path) and all(own in ("*", name) for own, name in within)

    @property
    def precision(self) -> tuple[object, ...]:
        """How exactly it says what it covers; of two entries the larger counts."""
        spelt_out = tuple(name != "*" for name in self.pattern)
        return (len(self.pattern), sum(spelt_out), spelt_out)


class Index:
    """Entries by the names of their patterns: which of them cover a path is found name by name, and not one by one."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._below: dict[str, Index] = {}
        self._here: list[Entry] = []
        for entry in entries:
            at = self
            for name in entry.pattern:
                at = at._below.setdefault(name, Index(()))
            at._here.append(entry)

    def covering(self, path: Names) -> Iterator[Entry]:
        """Yield the entries that cover a path."""
        reached = [self]
        for name in path:
            reached = [below for at in reached for below in (at._below.get(name), at._below.get("*")) if below]
            if not reached:
                return
            for at in reached:
                yield from at._here

    def source_of(self, path: Names) -> Entry | None:
        """Return the most precise entry that covers a path."""
        return max(self.covering(path), key=lambda entry: entry.precision, default=None)


def entries_of(sources: Mapping[str, Any]) -> list[Entry]:
    """Return the entries of a scenario's ``sources``."""
    entries = []
    for key, given in sources.items():
        said = given if isinstance(given, Mapping) else {"from": given}
        named, note = said.get("from"), said.get("note", "")
        listed = named if isinstance(named, list | tuple) else [] if named is None else [named]
        ids = tuple(str(name) for name in listed)
        entries.append(Entry(key, undotted(key), ids, str(note or ""), str(said.get(CASE) or "")))
    return entries


def children(value: object) -> Mapping[str, Any]:
    """Return what stands below a value; nothing below one that is no section."""
    return value if isinstance(value, Mapping) else {}


def paths_of(values: Mapping[str, Any], above: Names = ()) -> Iterator[Names]:
    """Yield the path of every part of a scenario, sections before what is in them."""
    for name, value in values.items():
        path = (*above, str(name))
        yield path
        yield from paths_of(children(value), path)


def leaves(values: Mapping[str, Any], above: Names = ()) -> Iterator[tuple[Names, object]]:
    """Yield path and value of all that has nothing below it."""
    for name, value in values.items():
        path = (*above, str(name))
        if children(value):
            yield from leaves(value, path)
        else:
            yield path, value


def starts_with_any(path: Names, others: Iterable[Names]) -> bool:
    """Return whether a path lies at or below one of others."""
    return any(path[: len(other)] == other for other in others)
