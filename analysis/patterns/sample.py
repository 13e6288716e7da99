"""A statistic as a function of how often each independent part of a study counts, and its 95 % interval.

The independent parts ("clusters") are the seeds where all points of a study share them, and the points of a sampled
design (Latin hypercube) otherwise. Drawing clusters with replacement and computing the statistic again gives its
interval, whatever it is: a mean, a slope over all locality-days, a correlation.

Source: the cluster bootstrap, Cameron, Gelbach & Miller 2008, Rev. Econ. Stat. 90:414-427,
doi:10.1162/rest.90.3.414; BCa intervals, Efron 1987, J. Am. Stat. Assoc. 82:171-185.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.compare.intervals import CONFIDENCE, ROUNDING, SEED, Interval

Floats = NDArray[np.float64]

FEWEST_CLUSTERS = 10
"""Bootstrap intervals of fewer are far too narrow; no verdict rests on them."""
CLUSTERS_WITHOUT_WIDTH = 20
"""If none of so many differs, at most 14 % of all do, at 95 % (1 - 0.05**(1/20))."""
RESAMPLES = 1999
MOST_LEFT_OUT = 0.1
"""Share of clusters without a value above which the rest are a selection."""


@dataclass(frozen=True)
class Sample:
    """A statistic that can be computed again on a resampled study.

    Parameters
    ----------
    clusters : int
        How many independent parts there are.
    of : callable (array of float, shape (clusters,)) -> float
        The statistic, given how often each cluster counts; not a number where it does not exist.
    unit : str
        What a cluster is: ``seeds`` or ``points``.
    smooth : bool
        Whether a BCa interval makes sense; medians have percentile intervals.
    exact : Interval or None
        An interval that is better than a bootstrap's, such as Wilson's for shares of runs.
    left_out : int
        Clusters without a value, besides those counted.
    """

    clusters: int
    of: Callable[[Floats], float]
    unit: str = "seeds"
    smooth: bool = True
    exact: Interval | None = None
    left_out: int = 0


@dataclass(frozen=True)
class Found:
    """What a statistic came to.

    Parameters
    ----------
    estimate, low, high : float
        Value and 95 % interval; bounds are not numbers where there is no interval.
    method : str
        How the interval was made.
    clusters : int
    unit : str
    weakness : str
        Why no verdict can rest on it; empty if one can.
    details : tuple
        What it was counted from, where a single number does not say it all.
    """

    estimate: float
    low: float
    high: float
    method: str
    clusters: int
    unit: str = "seeds"
    weakness: str = ""
    details: tuple[Any, ...] = ()


def found(sample: Sample) -> Found:
    """Return a statistic's value and its interval."""
    nothing = float("nan")
    if sample.clusters == 0:
        return Found(nothing, nothing, nothing, "no data", 0, sample.unit, "nothing to measure it on")
    estimate = sample.of(np.ones(sample.clusters))
    if not math.isfinite(estimate):
        return Found(nothing, nothing, nothing, "no value", sample.clusters, sample.unit, "it does not exist here")
    interval = sample.exact or _bootstrap(sample)
    if interval is None:
        why = "too few of the resampled studies have it"
        return Found(estimate, nothing, nothing, "no interval", sample.clusters, sample.unit, why)
    weakness = _weakness(sample, interval)
    return Found(estimate, interval.low, interval.high, interval.method, sample.clusters, sample.unit, weakness)


def _weakness(sample: Sample, interval: Interval) -> str:
    if sample.left_out > MOST_LEFT_OUT * (sample.clusters + sample.left_out):
        return f"{sample.left_out} of {sample.clusters + sample.left_out} {sample.unit} have no value: a selection"
    if sample.clusters < FEWEST_CLUSTERS:
        return f"fewer than {FEWEST_CLUSTERS} {sample.unit}"
    if interval.low == interval.high and sample.clusters < CLUSTERS_WITHOUT_WIDTH:
        return f"all alike, and fewer than {CLUSTERS_WITHOUT_WIDTH} {sample.unit}"
    return ""


def _bootstrap(sample: Sample) -> Interval | None:
    """Return a BCa interval, or percentiles where BCa does not exist; None if too few resamples have a value."""
    if sample.clusters < 2:
        return None

    drawn = np.random.default_rng(SEED).integers(sample.clusters, size=(RESAMPLES, sample.clusters))
    counts = (np.bincount(row, minlength=sample.clusters).astype(np.float64) for row in drawn)
    values = np.array([sample.of(count) for count in counts])
    finite = values[np.isfinite(values)]
    if finite.size < 0.9 * RESAMPLES:
        return None
    tail = (1.0 - CONFIDENCE) / 2.0
    if np.ptp(finite) <= ROUNDING * max(1.0, abs(float(finite[0]))):
        return Interval(float(finite[0]), float(finite[0]), f"the same for all {sample.unit}")
    levels, method = (tail, 1.0 - tail), "bootstrap, percentile"
    if sample.smooth:
        corrected = _corrected_levels(sample, finite, tail)
        if corrected is not None:
            levels, method = corrected, "bootstrap, BCa"
    low, high = np.quantile(finite, levels)
    return Interval(float(low), float(high), method)


def _corrected_levels(sample: Sample, values: Floats, tail: float) -> tuple[float, float] | None:
    """Return BCa's quantile levels: corrected for bias and for skewness by leaving out each cluster once."""
    everything = np.ones(sample.clusters)
    below = float(np.mean(values < sample.of(everything)) + 0.5 * np.mean(values == sample.of(everything)))
    without = np.array(
        [sample.of(everything - np.eye(1, sample.clusters, place)[0]) for place in range(sample.clusters)]
    )
    if not 0.0 < below < 1.0 or not np.isfinite(without).all():
        return None
    from_mean = without.mean() - without
    spread = float((from_mean**2).sum()) ** 1.5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        skew = float((from_mean**3).sum()) / (6.0 * spread) if spread > 0.0 else 0.0
    bias = float(stats.norm.ppf(below))
    levels = []
    for level in (tail, 1.0 - tail):
        shifted = bias + float(stats.norm.ppf(level))
        if skew * shifted >= 1.0:
            return None
        levels.append(float(stats.norm.cdf(bias + shifted / (1.0 - skew * shifted))))
    return levels[0], levels[1]
