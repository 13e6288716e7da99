"""Amounts and differences as reports write them."""

from __future__ import annotations

from sim.core.formats import to_digits
from sim.models.results import Result

NEGLIGIBLE = 1e-12
"""Numbers closer to 0 are what sums of floats leave behind; no unit of a summary is as fine."""


def value(amount: float) -> str:
    """Return a number with the digits that its size deserves."""
    if abs(amount) < NEGLIGIBLE:
        return "0"
    return f"{amount:,.0f}" if abs(amount) >= 100 else to_digits(amount, 3)


def signed(amount: float) -> str:
    """Return a number with its sign; 0 has none."""
    return "0" if abs(amount) < NEGLIGIBLE else ("+" if amount > 0 else "−") + value(abs(amount))


def difference(kind: Result, amount: float) -> str:
    """Return a difference of a number in its unit, with its sign; of shares in percentage points."""
    unit = "points" if kind.is_fraction else kind.unit_of_effects
    return f"{signed(kind.scale * amount)} {unit}".strip()
