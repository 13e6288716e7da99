"""Which seeds a study's runs have: as its file writes them, or as an option of a command does."""

from __future__ import annotations

import re
from typing import Any

from sim.core.errors import FieldError, ProtestorateError, ScenarioError, shown
from sim.evidence.replicates import replicate_seeds
from sim.run.simulate import HIGHEST_SEED

USUAL_LIST, LONGEST_LIST = "quick-20", "reference-1000"

MOST_DIGITS = 20
"""No number that is meant has so many; Python reads none of thousands."""
NUMBER = re.compile(r"-?\d+")


def seeds_asked(replicates: int | str | None) -> tuple[int, ...]:
    """Return the seeds that an option asks for.

    Parameters
    ----------
    replicates : int, str or None
        So many of the list reference-1000, the name of a list, or seeds with commas between them. None: those of
        quick-20.

    Raises
    ------
    ProtestorateError
        For a number out of range, an unknown list, or what is no seed.
    """
    if replicates is None:
        return replicate_seeds(USUAL_LIST)
    if isinstance(replicates, str) and "," in replicates:
        return _listed(replicates)
    if isinstance(replicates, str) and NUMBER.fullmatch(replicates) is None:
        return replicate_seeds(replicates)
    seeds = replicate_seeds(LONGEST_LIST)
    wanted = int(replicates) if len(str(replicates)) < MOST_DIGITS else 0
    if not 1 <= wanted <= len(seeds):
        raise ProtestorateError(f"replicates: must be 1 to {len(seeds)} (given {replicates!s:.60})")
    return seeds[:wanted]


def _listed(text: str) -> tuple[int, ...]:
    """Return seeds that are written out, such as ``3,14,15``."""
    words = [word.strip() for word in text.split(",")]
    seeds = [int(word) if word.isascii() and word.isdecimal() and len(word) < MOST_DIGITS else -1 for word in words]
    for place, seed in enumerate(seeds):
        if not 0 <= seed <= HIGHEST_SEED:
            raise ProtestorateError(
                f"replicates: a seed is a whole number of 0 to 2^63-1 (given {shown(words[place])})"
            )
        if seed in seeds[:place]:
            raise ProtestorateError(f"replicates: the seed {seed} is given twice")
    return tuple(seeds)


def seeds_written(value: Any) -> tuple[int, ...]:
    """Return the seeds of a study file's `replicates`: a number, a named list, the first of one, or its own.

    Raises
    ------
    FieldError
        If there are none, too many, or there is no such list.
    """
    name, first = LONGEST_LIST, value
    if isinstance(value, list):
        return _own_seeds(value)
    if isinstance(value, str):
        name, first = value, None
    elif isinstance(value, dict):
        unknown = [key for key in value if key not in ("list", "first")]
        if unknown or not isinstance(value.get("list"), str):
            message = "must be a number, the name of a list of seeds, {list: name, first: number}, or a list of seeds"
            raise FieldError(message)
        name, first = value["list"], value.get("first")
    seeds = _seeds(name, at=("list",) if isinstance(value, dict) else ())
    if first is None:
        return seeds
    at = ("first",) if isinstance(value, dict) else ()
    if isinstance(first, bool) or not isinstance(first, int):
        message = "must be a whole number" if at else "must be a whole number or the name of a list of seeds"
        raise FieldError(message, at, shown(first))
    if first < 1:
        raise FieldError("must be at least 1: a study without replicates has no runs", at, shown(first))
    if first > len(seeds):
        raise FieldError(f"must be at most {len(seeds)}, the seeds of the list {name}", at, shown(first))
    return seeds[:first]


def _own_seeds(listed: list[Any]) -> tuple[int, ...]:
    """Check seeds that a study lists itself."""
    if not listed:
        raise FieldError("must be at least 1: a study without replicates has no runs")
    for place, seed in enumerate(listed):
        if type(seed) is not int or not 0 <= seed <= HIGHEST_SEED:
            raise FieldError("a seed is a whole number of 0 to 2^63-1", (str(place),), shown(seed))
        if seed in listed[:place]:
            raise FieldError("the seed is given twice", (str(place),), shown(seed))
    return tuple(listed)


def _seeds(name: str, at: tuple[str, ...]) -> tuple[int, ...]:
    try:
        return replicate_seeds(name)
    except ScenarioError as error:
        problem = error.problems[0]
        raise FieldError(problem.message, at, shown(name), problem.nearest) from None
