"""Days until the regime falls, when many runs end before it does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.stats.intervals import Floats

Flags = NDArray[np.bool_]


def kaplan_meier(days: Floats, fell: Flags) -> tuple[Floats, Floats]:
    """Return the product-limit estimate of the chance to stand beyond a day.

    Parameters
    ----------
    days : array of float, shape (runs,)
        Day of the fall, or the last day observed.
    fell : array of bool, shape (runs,)
        Whether the run fell on that day; otherwise it is censored just after it.

    Returns
    -------
    days, standing : arrays of float, shape (falls,)
        The days on which a run fell, ascending, and the share standing from then on, 0..1.

    Source: Kaplan and Meier 1958, J. Am. Stat. Assoc. 53:457-481, by `scipy.stats.ecdf`.
    """
    if not fell.any():
        return np.array([]), np.array([])
    curve = stats.ecdf(stats.CensoredData.right_censored(days, ~fell)).sf
    falls = np.isin(curve.quantiles, days[fell])
    return curve.quantiles[falls], curve.probabilities[falls]


def restricted_days(days: Floats, fell: Flags, horizon: float) -> Floats:
    """Return for each run the days it stands within a horizon; a run that never falls stands throughout.

    A run that ended otherwise, for instance in negotiations, did not fall and cannot fall any more.
    It is counted as standing to the horizon and not as lost from sight on the day it ended, because
    those runs are not like the others. With a common horizon nothing else is censored, and the mean
    of these numbers is the area under Kaplan-Meier's curve.

    Parameters
    ----------
    days, fell : as `kaplan_meier`
    horizon : float, days
        The days that a run may last, the same for all.

    Returns
    -------
    array of float, shape (runs,), 0..horizon
    """
    return np.where(fell, np.minimum(days, horizon), horizon)
