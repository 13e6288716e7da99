"""What is not known of a country: parameter sets drawn over their ranges, and what other countries leave of them.

Every campaign runs under the same sets. A chance over all of them says what the model says of a campaign when nobody
knows how firm the ranks, the elites and the ruler are; a chance over sets weighted by how well they do elsewhere is a
calibration, and the countries it learned from are never those it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.calibration.asked import read_parameters
from analysis.calibration.case import Span
from analysis.campaigns.score import Fit, Floats
from analysis.stats.policy import SEED
from sim.run.find import shipped
from sim.run.load import Loaded

FILE = "endgame"
"""Of `scenarios/parameters`: which parameters, and their ranges."""


def spans_of(base: Loaded[Any]) -> dict[str, Span]:
    """Return the parameters that nobody knows beforehand, and their ranges."""
    return read_parameters(shipped("parameters")[FILE], base)[0]


def drawn(spans: Mapping[str, Span], size: int) -> list[dict[str, float]]:
    """Return parameter sets: a Latin hypercube (McKay, Beckman & Conover 1979) over all ranges, always the same.

    size : int, sets
    """
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(d=len(spans), seed=np.random.default_rng(SEED))
    return [
        {path: span.value(float(x)) for x, (path, span) in zip(position, spans.items(), strict=True)}
        for position in sampler.random(size)
    ]


def by_set(runs: pd.DataFrame, names: list[str], event: str) -> Floats:
    """Return the chance of an event by campaign and set, drawn to the middle by half a run on either side.

    runs : DataFrame, as `runs.runs_of`, with the column ``set``
    """
    sums = runs.groupby(["campaign", "set"])[event].agg(["sum", "count"])
    chance = ((sums["sum"] + 0.5) / (sums["count"] + 1.0)).unstack("set")
    return chance.reindex(names).to_numpy(dtype=np.float64)


def weights(chance: Floats, happened: Floats) -> Floats:
    """Return the weight of each set by what came of campaigns: its likelihood, all sets being as likely beforehand.

    w_j is proportional to prod over campaigns c of p_jc if it happened, 1 - p_jc if not

    Parameters
    ----------
    chance : array (campaigns, sets); sets without a run of a campaign count as a half
    happened : array (campaigns), 0 or 1
    """
    known = np.where(np.isnan(chance), 0.5, chance)
    fits = np.where(happened[:, None] > 0.5, np.log(known), np.log(1.0 - known)).sum(axis=0)
    found = np.exp(fits - fits.max())
    return np.asarray(found / found.sum())


def effective(weight: Floats) -> float:
    """Return how many sets weights are worth: 1 over the sum of their squares (Kish 1965)."""
    return float(1.0 / np.sum(weight**2))


def learned(chance: Floats, happened: Floats) -> Fit:
    """Return chances over sets weighted by what came of the campaigns of other countries."""

    def fit(train: NDArray[np.int64], test: NDArray[np.int64]) -> Floats:
        weight = weights(chance[train], happened[train])
        return np.asarray(np.where(np.isnan(chance[test]), 0.5, chance[test]) @ weight)

    return fit
