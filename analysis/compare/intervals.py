"""Intervals and tests for paired numbers and paired yes-or-no outcomes."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
RESAMPLES = 4999
"""Bootstrap samples and, beyond full enumeration, random swaps; the seed is fixed, so reports repeat."""
SEED = 20200809
MOST_NEEDED = 100_000
ROUNDING = 1e-12
"""Differences below this share of the largest value are rounding and count as none."""


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


def discordance_test(first: int, second: int) -> float:
    """Return McNemar's exact two-sided p-value from the pairs that differ; 1 if none does."""
    if first + second == 0:
        return 1.0
    return float(stats.binomtest(second, first + second, 0.5).pvalue)


def same_everywhere(values: Floats, scale: float = 1.0) -> bool:
    """Return whether all values are one number, up to rounding relative to `scale`."""
    return bool(np.ptp(values) <= ROUNDING * max(1.0, abs(scale))) if values.size else True


def mean_interval(values: Floats, confidence: float = CONFIDENCE) -> Interval | None:
    """Return a bootstrap interval of the mean: BCa, or percentiles where BCa does not exist.

    Parameters
    ----------
    values : array of float, shape (pairs,)
    confidence : float, 0..1

    Returns
    -------
    Interval or None
        None for fewer than two values. If all values are the same the interval is that value.

    Source: Efron 1987, J. Am. Stat. Assoc. 82:171-185.
    """
    if values.size < 2:
        return None
    if same_everywhere(values, float(values[0])):
        return Interval(float(values[0]), float(values[0]), "the same in every pair")
    found = _bootstrap(values, np.mean, "BCa", confidence)
    return found or _bootstrap(values, np.mean, "percentile", confidence)


def median_interval(values: Floats, confidence: float = CONFIDENCE) -> Interval | None:
    """Return a percentile bootstrap interval of the median; as `mean_interval` otherwise."""
    if values.size < 2:
        return None
    if same_everywhere(values, float(values[0])):
        return Interval(float(values[0]), float(values[0]), "the same in every pair")
    return _bootstrap(values, np.median, "percentile", confidence)


def _bootstrap(values: Floats, statistic: object, method: str, confidence: float) -> Interval | None:
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # answered below: no interval
        found = stats.bootstrap(
            (values,),
            statistic,
            method=method,
            confidence_level=confidence,
            n_resamples=RESAMPLES,
            rng=np.random.default_rng(SEED),
            batch=500,
        ).confidence_interval
    low, high = float(found.low), float(found.high)
    return Interval(low, high, f"bootstrap, {method}") if math.isfinite(low) and math.isfinite(high) else None


def swap_test(differences: Floats) -> float:
    """Return the two-sided p-value of a paired permutation test of the mean.

    If A and B did not matter, swapping the two runs of any pair would have been as likely: the sign
    of each difference is turned, in all combinations if there are at most `RESAMPLES`, else at random.

    Parameters
    ----------
    differences : array of float, shape (pairs,)

    Returns
    -------
    float, above 0 up to 1
        With n pairs at least 2 / 2**n. 1 if no pair differs, or if there is only one.
    """
    if not np.any(differences) or differences.size < 2:
        return 1.0
    found = stats.permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=500,
        rng=np.random.default_rng(SEED),
    )
    return min(1.0, float(found.pvalue))


def corrected(p_values: Floats) -> Floats:
    """Return p-values corrected for the number of comparisons (Benjamini and Hochberg 1995)."""
    return np.asarray(stats.false_discovery_control(p_values)) if p_values.size else p_values


def power(standardised: float, pairs: int, level: float = 0.05) -> float:
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


def p_words(p: float) -> str:
    """Return a p-value with two digits; smaller ones than 0.001 as such."""
    return "< 0.001" if p < 0.001 else f"{p:.2g}"
