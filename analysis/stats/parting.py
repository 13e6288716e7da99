"""The day no later than which two bundles of paired trajectories differ, with a stated rate of false alarms.

For each day the paired differences have a t statistic. Under the hypothesis that A and B do not matter,
the whole trajectory of differences of any pair could as well have had the other sign. Turning signs
at random, or in all ways when pairs are few, gives the largest |t| over all days that chance alone
produces. A day counts only if its |t| is beyond that maximum's 95% quantile, so the chance that a
series is said to part although it does not, or too early, is at most 5% however many days are looked at.

The hypothesis is one of equal distributions, and so is what is told: from some day on, and no later than that day, A
and B differ in distribution. Differences with a mean of zero that are skewed part too (14 to 54% of cases,
measured), as they should.

Of several series (or localities) those are kept that pass Benjamini and Hochberg's step-up rule on
their p-values, and the dates of those kept are read at the level that this selection leaves
(Benjamini and Yekutieli 2005, J. Am. Stat. Assoc. 100:71-81): of those said to part, at most 5% are
expected to be wrong.

Source of the maximum test: Westfall and Young 1993, Resampling-based Multiple Testing; of turning signs:
Nichols and Holmes 2002, Hum. Brain Mapp. 15:1-25.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.stats.intervals import Floats
from analysis.stats.paired import in_parts, turns
from analysis.stats.policy import LEVEL, RESAMPLES
from analysis.stats.power import limit

FEWEST_TURNED = 6
"""With five pairs the smallest possible p-value is 1/16, so nothing could ever be told."""
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Parting:
    """When a series parts.

    Attributes
    ----------
    name : str
        Of the series or locality.
    p : float
        Of the hypothesis that it does not part on any day, corrected for the number of days.
    first : int or None
        Position of the day no later than which the two differ in distribution; None if there is none.
    days : int
        Number of days on which it does.
    touched : int or None
        Position of the first day on which any pair differs at all; None if no pair ever does.
    largest : int or None
        Position of the day of the largest mean difference, up or down.
    difference : float or None
        The mean difference on that day.
    """

    name: str
    p: float
    first: int | None
    days: int
    touched: int | None
    largest: int | None
    difference: float | None


def partings(differences: Mapping[str, Floats], level: float = LEVEL) -> list[Parting]:
    """Return when each of several series parts.

    Parameters
    ----------
    differences : mapping of str to array of float, shape (pairs, days)
        Paired differences by day; NaN where one of the two runs had ended. The pairs are the same in each.
    level : float
        Expected share of wrong ones among those said to part.

    Returns
    -------
    list of Parting
        In the order given.
    """
    if not differences:
        return []
    signs = turns(next(iter(differences.values())).shape[0], RESAMPLES)
    by_day = {name: _p_by_day(values, signs) for name, values in differences.items()}
    p_values = np.array([found.min(initial=1.0) for found in by_day.values()])
    # A series that no pair differs in cannot part; counting it would only hide the others.
    able = np.array([_touched(values).size > 0 for values in differences.values()])
    most = limit(p_values[able], level)
    return [
        _parting(name, differences[name], found, p, most)
        for (name, found), p in zip(by_day.items(), p_values, strict=True)
    ]


def _parting(name: str, values: Floats, p_by_day: Floats, p: float, most: float) -> Parting:
    apart = np.flatnonzero(p_by_day <= most)
    touched = _touched(values)
    means = mean_by_day(values)
    largest = int(np.argmax(np.abs(means))) if touched.size else None
    return Parting(
        name=name,
        p=float(p),
        first=int(apart[0]) if apart.size else None,
        days=int(apart.size),
        touched=int(touched[0]) if touched.size else None,
        largest=largest,
        difference=None if largest is None else float(means[largest]),
    )


def _touched(values: Floats) -> NDArray[np.intp]:
    """Return the positions of the days on which any pair differs."""
    return np.flatnonzero(np.any(np.nan_to_num(values) != 0, axis=0))


def mean_by_day(values: Floats) -> Floats:
    """Return the mean of each day over the pairs that still run; 0 on a day without any."""
    present = np.isfinite(values)
    means: Floats = np.nan_to_num(values).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    return means


def _p_by_day(values: Floats, signs: NDArray[np.int8]) -> Floats:
    """Return for each day the share of turns whose largest |t| over all days reaches that day's."""
    observed = _squared_t(values, np.ones((1, len(values))))[0]
    highest = np.concatenate([_squared_t(values, some).max(axis=1, initial=0.0) for some in in_parts(signs)])
    ordered = np.sort(highest)
    # A turn that repeats the observed signs must not lose to it by rounding.
    reached = ordered.size - np.searchsorted(ordered, observed * (1 - TOLERANCE), side="left")
    return np.where(observed > 0, reached / ordered.size, 1.0)


def _squared_t(values: Floats, signs: Floats) -> Floats:
    """Return t squared for each turn and day, 0 on days with too few pairs or without any difference."""
    known = np.nan_to_num(values)
    count = np.isfinite(values).sum(axis=0)
    squares = (known**2).sum(axis=0)
    usable = (count >= FEWEST_TURNED) & (squares > 0)
    # The share of the squares that the mean explains; it does not divide by a spread that may be zero.
    explained = np.minimum((signs @ known[:, usable]) ** 2 / (count * squares)[usable], 1.0)
    found = np.zeros((len(signs), values.shape[1]))
    found[:, usable] = (count - 1)[usable] * explained / (1.0 - explained + TOLERANCE)
    return found
