"""The one mean of a week, for reports and the page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WEEK = 7


def weekly_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return means of seven days around each, so that the rhythm of the week does not hide the trend.

    Parameters
    ----------
    values : array of float, shape (days,) or (days, columns)

    Returns
    -------
    array of float, of the same shape
        At both ends of the run, means of as many of the seven days as there are.
    """
    days = len(values)
    sums = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    ends = np.minimum(np.arange(days) + WEEK // 2 + 1, days)
    starts = np.maximum(np.arange(days) - WEEK // 2, 0)
    counts = (ends - starts).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray((sums[ends] - sums[starts]) / counts, dtype=np.float64)
