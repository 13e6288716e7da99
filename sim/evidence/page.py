"""A page of the ledger, read with all its mistakes at their places."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sim.core.errors import Problem, nearest, shown
from sim.core.keypath import KeyPath, dotted
from sim.scenario.yaml import Document


@dataclass(frozen=True)
class Figure:
    """One number of a claim: its name, value, unit and the date (or span) it is for."""

    name: str
    value: float
    unit: str
    date: str


@dataclass
class Page:
    """One file of the ledger and what is wrong with it."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: KeyPath, message: str, given: object = None, like: Iterable[str] = ()) -> None:
        """Note a problem at the place of `path`, or of the nearest thing above it."""
        above = next(path[:end] for end in range(len(path), -1, -1) if path[:end] in self.document.marks)
        mark = self.document.marks[above]
        said = "" if given is None else shown(given)
        near = nearest(str(given), like)
        self.problems.append(Problem(message, dotted(path), *mark, given=said, nearest=near))

    def get(self, path: KeyPath) -> Any:
        """Return what stands at `path`, or None."""
        value: Any = self.document.data
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def keys(self, path: KeyPath, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Check that the mapping at `path` has the required keys and none beyond the optional ones."""
        required, found = tuple(required), self.mapping(path)
        allowed = (*required, *optional)
        for key in required:
            if key not in found:
                self.add((*path, key), "is missing")
        for key in found:
            if key not in allowed:
                self.add((*path, key), "unknown key", key, allowed)

    def mapping(self, path: KeyPath) -> dict[str, Any]:
        """Return the mapping at `path`, empty if there is none."""
        value = self.get(path)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.add(path, "must be a mapping", value)
        return {}

    def items(self, path: KeyPath) -> list[Any]:
        """Return the list at `path`, empty if there is none."""
        value = self.get(path)
        if isinstance(value, list):
            return value
        if value is not None:
            self.add(path, "must be a list", value)
        return []

    def text(self, path: KeyPath, allowed: Iterable[str] = ()) -> str:
        """Return the text at `path`, checked against the words allowed there if there are any."""
        value, allowed = self.get(path), tuple(allowed)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.add(path, "must be a text", value)
            return ""
        if allowed and value not in allowed:
            self.add(path, f"must be one of {', '.join(allowed)}", value, allowed)
        return " ".join(value.split())

    def texts(self, path: KeyPath) -> tuple[str, ...]:
        """Return the texts of the list at `path`."""
        return tuple(self.text((*path, place)) for place in range(len(self.items(path))))

    def figures(self, path: KeyPath) -> tuple[Figure, ...]:
        """Return the figures of the list at `path`."""
        return tuple(self._figure((*path, place)) for place in range(len(self.items(path))))

    def number(self, path: KeyPath) -> float:
        """Return the finite number at `path`, not a number where it is none."""
        value = self.get(path)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.add(path, "must be a number", value)
            return math.nan
        return float(value)

    def _figure(self, path: KeyPath) -> Figure:
        self.keys(path, ("name", "value", "unit", "date"))
        name, unit, date = (self.text((*path, key)) for key in ("name", "unit", "date"))
        return Figure(name, self.number((*path, "value")), unit, date)
