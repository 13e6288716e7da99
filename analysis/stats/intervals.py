"""Confidence intervals of means, medians and shares, and of differences between paired shares.

Means have Student's interval. On normal differences it holds the truth in 95 of 100 cases with ten pairs already,
where a bootstrap (BCa) does in 91; on skewed ones both fall short (docs/statistics.md). What has no interval of its
own is bootstrapped in `clusters`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.stats.policy import CONFIDENCE, ROUNDING

Floats = NDArray[np.float64]

SAME = "the same in every pair"


@dataclass(frozen=True)
class Interval:
    """A confidence interval.

    Attributes
    ----------
    low, high : float
    method : str
        How it was made, in words.
    """

    low: float
    high: float
    method: str


def wilson(successes: int, runs: int, confidence: float = CONFIDENCE) -> Interval:
    """Return Wilson's score interval of a proportion.

    Parameters
    ----------
    successes, runs : int
        0..runs, and at least 1.
    confidence : float, 0..1

    Source: Wilson 1927, J. Am. Stat. Assoc. 22:209-212.
    """
    found = stats.binomtest(successes, runs).proportion_ci(confidence, method="wilson")
    # The bounds are exactly 0 and 1 at the ends, and only rounding keeps them from being so.
    low = 0.0 if successes == 0 else float(found.low)
    high = 1.0 if successes == runs else float(found.high)
    return Interval(low, high, "Wilson")


def newcombe(both: int, first: int, second: int, neither: int, confidence: float = CONFIDENCE) -> Interval:
    """Return Newcombe's interval of the difference of two paired proportions, second minus first.

    Parameters
    ----------
    both, first, second, neither : int
        Pairs in which the outcome came in both runs, in the first only, in the second only, in neither.
    confidence : float, 0..1

    Source: Newcombe 1998, Stat. Med. 17:2635-2650, method 10 (score intervals, corrected correlation).
    """
    pairs = both + first + second + neither
    one, two = (both + first) / pairs, (both + second) / pairs
    a, b = wilson(both + first, pairs, confidence), wilson(both + second, pairs, confidence)
    phi = _correlation(both, first, second, neither)
    below_a, above_a, below_b, above_b = one - a.low, a.high - one, two - b.low, b.high - two
    down = math.sqrt(max(0.0, below_b**2 - 2 * phi * below_b * above_a + above_a**2))
    up = math.sqrt(max(0.0, above_b**2 - 2 * phi * above_b * below_a + below_a**2))
    return Interval(two - one - down, two - one + up, "Newcombe, paired")


def _correlation(both: int, first: int, second: int, neither: int) -> float:
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    if margins == 0:
        return 0.0
    product = both * neither - first * second
    half = (both + first + second + neither) / 2
    corrected = max(product - half, 0.0) if product > 0 else float(product)
    return corrected / math.sqrt(margins)


def same_everywhere(values: Floats, scale: float = 1.0) -> bool:
    """Return whether all values are one number, up to rounding relative to `scale`."""
    return bool(np.ptp(values) <= ROUNDING * max(1.0, abs(scale))) if values.size else True


def mean_interval(values: Floats, confidence: float = CONFIDENCE) -> Interval | None:
    """Return Student's interval of the mean.

    Parameters
    ----------
    values : array of float, shape (pairs,)
    confidence : float, 0..1

    Returns
    -------
    Interval or None
        None for fewer than two values. If all values are the same the interval is that value.

    Source: Student 1908, Biometrika 6:1-25.
    """
    if values.size < 2:
        return None
    if same_everywhere(values, float(values[0])):
        return Interval(float(values[0]), float(values[0]), SAME)
    middle, half = (
        float(values.mean()),
        float(stats.t.ppf((1.0 + confidence) / 2.0, values.size - 1) * stats.sem(values)),
    )
    return Interval(middle - half, middle + half, "Student's t")


def median_interval(values: Floats, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the interval of the median between two of the values, right for any distribution.

    Parameters
    ----------
    values : array of float, shape (pairs,)
    confidence : float, 0..1

    Returns
    -------
    Interval or None
        None for fewer than six values, of which no two hold the median with 95%. If all values are the same the
        interval is that value.

    Source: Conover 1999, Practical Nonparametric Statistics, 3rd ed., ch. 3.2, by `scipy.stats.quantile_test`.
    """
    if values.size < 2:
        return None
    if same_everywhere(values, float(values[0])):
        return Interval(float(values[0]), float(values[0]), SAME)
    found = stats.quantile_test(values, q=float(np.median(values)), p=0.5).confidence_interval(confidence)
    low, high = float(found.low), float(found.high)
    return Interval(low, high, "order statistics") if math.isfinite(low) and math.isfinite(high) else None


def half_width(values: Floats) -> float:
    """Return half the width of the interval of the mean; 0 for fewer than two values."""
    interval = mean_interval(values)
    return 0.0 if interval is None else (interval.high - interval.low) / 2.0
