"""What follows from a scenario alone is worked out once for all its runs, as a study has many."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Config = TypeVar("Config")
Found = TypeVar("Found")

MOST = 8
"""Scenarios whose results are kept, the last ones asked for."""


def once(function: Callable[[Config], Found]) -> Callable[[Config], Found]:
    """Keep what a function of a scenario gives, by the identity of the scenario, which does not change.

    What it gives is shared by all who ask, so nobody may change it. The scenario is kept as well: its identity cannot
    pass to another.
    """
    known: dict[int, tuple[Any, Found]] = {}

    @wraps(function)
    def kept(config: Config) -> Found:
        entry = known.get(id(config))
        if entry is None or entry[0] is not config:
            while len(known) >= MOST:
                known.pop(next(iter(known), 0), None)
            entry = known[id(config)] = (config, function(config))
        return entry[1]

    return kept
