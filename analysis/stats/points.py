"""How an effect differs over the points of a design, when each point has few pairs.

Means of a few pairs scatter more than the true effects of the points do, so that counting the points whose mean lies
beyond a limit finds many that do not: 23% of points seem to have the opposite sign where all have a true effect of
.4 standard deviations and three pairs. A point's own interval, on the other hand, hardly ever excludes zero with
three pairs. So the points' effects are taken to scatter about their mean by a random effect, whose variance is what
the variance of means has beyond that of luck, and each mean is drawn towards the mean of all until the points scatter
by that much and no more.

Source: random effects by analysis of variance, Searle, Casella & McCulloch 1992, Variance Components, ch. 3; means
that scatter as the true effects do (constrained empirical Bayes), Louis 1984, J. Am. Stat. Assoc. 79:393-398,
doi:10.1080/01621459.1984.10478062.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.stats.intervals import Floats


def effects_of_points(differences: Sequence[Floats]) -> Floats:
    """Return the effect of each point, as far apart as the true effects are likely to be.

    Parameters
    ----------
    differences : sequence of array of float, shape (pairs,)
        Paired differences at each point, at least one each. Points may have different numbers of pairs.

    Returns
    -------
    array of float, shape (points,)
        The means themselves if no point has two pairs, so that nothing is known of luck.

        d_i = m + (d_i' - m) sqrt(t^2 / s^2), d_i' the mean at point i, m the mean of these, s^2 their variance, and
        t^2 = max(0, s^2 - v) with v the mean over points of the pooled variance of a difference over its pairs.
    """
    means = np.array([float(values.mean()) for values in differences])
    pairs = np.array([values.size for values in differences])
    freedom = int((pairs - 1).sum())
    if means.size < 2 or freedom < 1:
        return means
    of_luck = sum(float(((values - values.mean()) ** 2).sum()) for values in differences) / freedom
    scatter = float(means.var(ddof=1))
    if scatter == 0.0:
        return means
    true = max(0.0, scatter - of_luck * float((1.0 / pairs).mean()))
    return np.asarray(means.mean() + (means - means.mean()) * np.sqrt(true / scatter))
