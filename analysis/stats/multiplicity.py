"""Many tests at once: p-values corrected for their number, and the limit that this leaves each."""

from __future__ import annotations

import numpy as np
from scipy import stats

from analysis.stats.intervals import Floats
from analysis.stats.policy import LEVEL


def corrected(p_values: Floats) -> Floats:
    """Return p-values corrected for the number of comparisons.

    Source: Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289-300.
    """
    return np.asarray(stats.false_discovery_control(p_values)) if p_values.size else p_values


def limit(p_values: Floats, level: float = LEVEL) -> float:
    """Return the p-value up to which tests count once they are corrected for their number; below 0 if none does."""
    passed = int((corrected(p_values) <= level).sum())
    return level * passed / p_values.size if passed else -1.0
