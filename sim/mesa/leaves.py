"""Single numbers of a scenario, with the words, unit and range that the schema gives them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.core.keypath import dotted, undotted
from sim.run.load import Loaded
from sim.scenario.explain import children, members


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
    options: list[Any] = [type(loaded.config)]
    field: FieldInfo | None = None
    for name in path:
        models = [option for option in options if isinstance(option, type) and issubclass(option, BaseModel)]
        field = next((model.model_fields[name] for model in models if name in model.model_fields), None)
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
        options = [inner for child in children(options, name) for inner in members(child)]
    if field is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    low, high = _limits(field)
    words, _, unit = (field.description or path[-1]).partition(" [")
    unit = unit.removesuffix("]").partition(";")[0]
    return Leaf(dotted(path), float(value), low, high, isinstance(value, int), words, unit)


def _limits(field: FieldInfo) -> tuple[float, float]:
    low, high = -math.inf, math.inf
    for limit in field.metadata:
        if isinstance(limit, annotated_types.Ge):
            low = float(limit.ge)  # type: ignore[arg-type]
        if isinstance(limit, annotated_types.Le):
            high = float(limit.le)  # type: ignore[arg-type]
    return low, high
