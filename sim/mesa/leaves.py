"""Single numbers of a scenario, with the words, unit and range that the schema gives them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.core.keypath import dotted, undotted
from sim.run.load import Loaded
from sim.scenario.described import described


@dataclass(frozen=True)
class Leaf:
    """A number of a scenario, and what the schema says of it."""

    path: str
    value: float
    low: float
    high: float
    whole: bool
    words: str
    unit: str
    under: str = ""
    """The name that the scenario gives to what it belongs to, if any."""


def expanded(config: BaseModel, pattern: str) -> Iterator[tuple[str, ...]]:
    """Yield the key paths of a scenario that fit a pattern, in which ``*`` stands for every name."""
    yield from _below(config, undotted(pattern), ())


def _below(part: Any, pattern: tuple[str, ...], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not pattern:
        yield path
        return
    inner = part if isinstance(part, Mapping) else dict(part) if isinstance(part, BaseModel) else {}
    for name, value in inner.items():
        if pattern[0] in ("*", name):
            yield from _below(value, pattern[1:], (*path, name))


def leaf_at(loaded: Loaded, path: tuple[str, ...]) -> Leaf | None:
    """Return the number at a key path, and what the schema says of it; None if it is no number."""
    value: Any = loaded.config
    under = ""
    for name in path:
        under = name if isinstance(value, Mapping) else under
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    said = described(type(loaded.config), path)
    if said.field is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    low, high = -math.inf if said.low is None else said.low, math.inf if said.high is None else said.high
    words, whole = said.words or path[-1], isinstance(value, int)
    return Leaf(dotted(path), float(value), float(low), float(high), whole, words, said.unit or "", under)
