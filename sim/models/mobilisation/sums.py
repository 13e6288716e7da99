"""Sums, maxima, lists and look-ups as plain loops: numpy's own bring machinery along that takes long to compile."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled


@compiled
def total(values: Any) -> int:
    """Return the sum of whole numbers."""
    found = 0
    for value in values:
        found += value
    return found


@compiled
def listed(places: Any, marks: Any, size: int) -> np.int64:
    """Write where marks are 1 into a list, from its beginning, and return how many there are.

    Without a branch: a third of a nanosecond for each that is looked at, whatever they are.

    Parameters
    ----------
    places : array of int32
        Of at least `size`.
    marks : array of integers, 0 or 1
    size : int
        How many marks to look at.
    """
    found = np.int64(0)
    for j in range(size):
        places[found] = j
        found += np.int64(marks[j])
    return found


@compiled
def look_up(row: Any, table: Any, places: Any) -> None:
    """Write into a row what stands in a table at each place, which is 0 or more.

    A loop that looks things up does not vectorise, and what is worked out in the same loop does not either: looked up
    in a loop of its own, the rest takes half the time.
    """
    for j in range(row.size):
        row[j] = table[np.uint32(places[j])]


@compiled
def spread(row: Any, table: Any, firsts: Any, start: int, first_place: int, last_place: int) -> None:
    """Write into a row of a chunk of citizens what stands in a table for the place of each.

    So a chunk can have many places, and loops over it are long; most places are too small for a loop of their own.

    Parameters
    ----------
    row : array, shape (citizens of the chunk,)
    table : array, shape (places,)
    firsts : array of int, shape (places,)
        The first citizen of each place.
    start : int
        The first citizen of the chunk.
    first_place, last_place : int
        Its places, the last not among them.
    """
    begin = 0
    for place in range(first_place, last_place):
        end = firsts[place + 1] - start if place + 1 < last_place else row.size
        fill(row[begin:end], table[place])
        begin = end


@compiled
def fill(row: Any, value: Any) -> None:
    """Write the same everywhere. From 0 on: a loop from elsewhere asks of each place whether it counts from the end."""
    for j in range(row.size):
        row[j] = value


@compiled
def largest(values: Any) -> Any:
    """Return the largest of some numbers, of which there is one at least."""
    found = values[0]
    for value in values:
        found = max(found, value)
    return found


@compiled
def counted(localities: Any, column: int) -> int:
    """Return the sum over all localities of a count of citizens, by its number in ``Count``."""
    found = 0
    for place in range(localities.size.size):
        found += localities.count[place, column]
    return found
