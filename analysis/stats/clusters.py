"""A statistic as a function of how often each independent part of a study counts, and its 95% interval.

The independent parts ("clusters") are the seeds where all points of a study share them, and the points of a sampled
design (Latin hypercube) otherwise. Drawing clusters with replacement and computing the statistic again gives its
interval, whatever it is: a slope over all locality-days, a correlation, a ratio. Means, medians and shares have
intervals of their own.

A bootstrap of n clusters is too narrow, as it is one of a normal distribution with the variance of the sample itself.
Its levels are therefore those at which a normal distribution has Student's interval ("t expansion").

Source: the cluster bootstrap, Cameron, Gelbach & Miller 2008, Rev. Econ. Stat. 90:414-427,
doi:10.1162/rest.90.3.414; BCa intervals, Efron 1987, J. Am. Stat. Assoc. 82:171-185, by `scipy.stats.bootstrap`; the t
expansion, Hesterberg 2015, Am. Stat. 69:371-386, doi:10.1080/00031305.2015.1089789.
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

from analysis.stats.intervals import Floats, Interval, same_everywhere
from analysis.stats.paired import weakness
from analysis.stats.policy import CONFIDENCE, RESAMPLES, SEED


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
    own : Interval or None
        An interval that is better than a bootstrap's, such as Student's for means and Wilson's for shares of runs.
    left_out : int
        Clusters without a value, besides those counted.
    """

    clusters: int
    of: Callable[[Floats], float]
    unit: str = "seeds"
    own: Interval | None = None
    left_out: int = 0


@dataclass(frozen=True)
class Found:
    """What a statistic came to.

    Parameters
    ----------
    estimate, low, high : float
        Value and 95% interval; bounds are not numbers where there is no interval.
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
    interval = sample.own or _bootstrap(sample)
    if interval is None:
        why = "too few of the resampled studies have it"
        return Found(estimate, nothing, nothing, "no interval", sample.clusters, sample.unit, why)
    weak = weakness(sample.clusters, sample.left_out, sample.unit)
    return Found(estimate, interval.low, interval.high, interval.method, sample.clusters, sample.unit, weak)


def expanded_levels(clusters: int) -> tuple[float, float]:
    """Return the quantile levels of a bootstrap distribution at which an interval of so many clusters ends."""
    beyond = float(np.sqrt(clusters / (clusters - 1)) * stats.t.ppf((1.0 + CONFIDENCE) / 2.0, clusters - 1))
    tail = float(stats.norm.sf(beyond))
    return tail, 1.0 - tail


def _bootstrap(sample: Sample) -> Interval | None:
    """Return a BCa interval, or percentiles where BCa does not exist; None if too few resamples have a value."""
    if sample.clusters < 2:
        return None

    def statistic(drawn: NDArray[np.int64]) -> float:
        return sample.of(np.bincount(drawn, minlength=sample.clusters).astype(np.float64))

    low, high = expanded_levels(sample.clusters)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # answered below
        warnings.simplefilter("ignore", RuntimeWarning)
        found = stats.bootstrap(
            (np.arange(sample.clusters),),
            statistic,
            vectorized=False,
            n_resamples=RESAMPLES,
            confidence_level=high - low,
            method="BCa",
            rng=np.random.default_rng(SEED),
        )
    values = found.bootstrap_distribution
    values = values[np.isfinite(values)]
    if values.size < 0.9 * RESAMPLES:
        return None
    if same_everywhere(values, float(values[0])):
        return Interval(float(values[0]), float(values[0]), f"the same for all {sample.unit}")
    ends = found.confidence_interval
    if math.isfinite(ends.low) and math.isfinite(ends.high):
        return Interval(float(ends.low), float(ends.high), "bootstrap, BCa, t expansion")
    ends = np.quantile(values, (low, high))
    return Interval(float(ends[0]), float(ends[1]), "bootstrap, percentile, t expansion")
