"""Days until the regime falls, when many runs end before it does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
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

    Source: Kaplan and Meier 1958, J. Am. Stat. Assoc. 53:457-481.
    """
    when = np.unique(days[fell])
    at_risk = np.array([(days >= day).sum() for day in when], dtype=float)
    falls = np.array([(days[fell] == day).sum() for day in when], dtype=float)
    return when, np.cumprod(1.0 - falls / at_risk)


def restricted_mean(days: Floats, fell: Flags, horizon: float) -> float:
    """Return the mean number of days a regime stands within a horizon: the area under Kaplan-Meier's curve.

    Parameters
    ----------
    days, fell : as `kaplan_meier`
    horizon : float, days
        At most the longest time observed.

    Source: Royston and Parmar 2013, BMC Med. Res. Methodol. 13:152.
    """
    when, standing = kaplan_meier(days, fell)
    inside = when < horizon
    edges = np.concatenate([[0.0], when[inside], [horizon]])
    heights = np.concatenate([[1.0], standing[inside]])
    return float(np.sum(np.diff(edges) * heights))


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
