"""What other countries leave of the parameter sets: a calibration of the endgame, out of fold.

Sets are weighted by how well they do elsewhere; the countries that a weight learned from are never those it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.campaigns.joint import Anchor
from analysis.campaigns.score import Fit, Floats


def weights(chance: Floats, happened: Floats, anchors: Iterable[Anchor] = ()) -> Floats:
    """Return the weight of each set: its likelihood, all sets being as likely beforehand.

    w_j is proportional to prod over campaigns c of p_jc if it happened, 1 - p_jc if not,
    and with anchors to prod over them of exp(-d_j / 2) as well, d_j the distance to the targets of a case

    Parameters
    ----------
    chance : array (campaigns, sets); sets without a run of a campaign count as a half
    happened : array (campaigns), 0 or 1
    anchors : cases whose own targets count beside the campaigns
    """
    known = np.where(np.isnan(chance), 0.5, chance)
    fits = np.where(happened[:, None] > 0.5, np.log(known), np.log(1.0 - known)).sum(axis=0)
    fits = fits + sum(one.log_likelihood for one in anchors)
    found = np.exp(fits - fits.max())
    return np.asarray(found / found.sum())


def effective(weight: Floats) -> float:
    """Return how many sets weights are worth: 1 over the sum of their squares (Kish 1965)."""
    return float(1.0 / np.sum(weight**2))


def learned(chance: Floats, happened: Floats, countries: Sequence[str] = (), anchors: Sequence[Anchor] = ()) -> Fit:
    """Return chances over sets weighted by what came of the campaigns of other countries.

    Parameters
    ----------
    chance : array (campaigns, sets)
    happened : array (campaigns), 0 or 1
    countries : of each campaign; needed where there are anchors
    anchors : cases whose targets count as well, but for campaigns of their own country
    """

    def fit(train: NDArray[np.int64], test: NDArray[np.int64]) -> Floats:
        judged = {countries[row] for row in test} if anchors else set()
        weight = weights(chance[train], happened[train], (one for one in anchors if one.country not in judged))
        return np.asarray(np.where(np.isnan(chance[test]), 0.5, chance[test]) @ weight)

    return fit
