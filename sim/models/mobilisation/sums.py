"""Sums and maxima as plain loops: numpy's own, compiled, bring machinery along that takes the compiler seconds."""

from __future__ import annotations

from typing import Any

from sim.core.jit import compiled


@compiled
def total(values: Any) -> int:
    """Return the sum of whole numbers."""
    found = 0
    for value in values:
        found += value
    return found


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
