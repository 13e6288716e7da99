"""How much tests tell: the pairs they need, and what is left when there are many of them."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, stats

from analysis.stats.intervals import Floats
from analysis.stats.policy import LEVEL

MOST_NEEDED = 100_000
"""Pairs above which nobody wants to know the number."""


def power(standardised: float, pairs: int, level: float = LEVEL) -> float:
    """Return the chance that a paired t test tells a standardised difference d_z from zero."""
    if standardised == 0:
        return level
    # The square of a noncentral t is a noncentral F; the library computes its tail without gaps.
    limit = stats.f.isf(level, 1, pairs - 1)
    return float(stats.ncf.sf(limit, 1, pairs - 1, pairs * standardised**2))


def pairs_needed(standardised: float, wanted: float = 0.8) -> int | None:
    """Return the fewest pairs that tell a difference of this size from zero with power `wanted`.

    Parameters
    ----------
    standardised : float
        Mean of the paired differences over their standard deviation (d_z).
    wanted : float, 0..1

    Returns
    -------
    int or None
        At least 3; None if more than 100,000 or if there is no difference.

    Source: noncentral t distribution, Cohen 1988, Statistical Power Analysis, ch. 2.
    """
    size = abs(standardised)
    if size * math.sqrt(MOST_NEEDED) < 2.0:
        return None
    if not size < 8.0:
        return 3
    low, high = 2, 3
    while power(size, high) < wanted:
        low, high = high, 2 * high
        if low > MOST_NEEDED:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(size, middle) >= wanted else (middle, high)
    return high if high <= MOST_NEEDED else None


def smallest_detectable(pairs: int, wanted: float = 0.8) -> float:
    """Return the standardised difference d_z that so many pairs tell from zero with power `wanted`; 3 pairs or more."""
    return float(optimize.brentq(lambda size: power(size, pairs) - wanted, 1e-6, 20.0))


def corrected(p_values: Floats) -> Floats:
    """Return p-values corrected for the number of comparisons.

    Source: Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289-300.
    """
    return np.asarray(stats.false_discovery_control(p_values)) if p_values.size else p_values


def limit(p_values: Floats, level: float = LEVEL) -> float:
    """Return the p-value up to which tests count once they are corrected for their number; below 0 if none does."""
    passed = int((corrected(p_values) <= level).sum())
    return level * passed / p_values.size if passed else -1.0
