"""What is not known of a country: parameter sets drawn over their ranges, the same for every campaign.

A chance over all of them says what the model says of a campaign when nobody knows how firm the ranks, the elites and
the ruler are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.calibration.asked import read_parameters
from analysis.calibration.case import Span
from analysis.campaigns.score import Floats
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


def by_set(runs: pd.DataFrame, names: list[str], event: str, sets: int) -> Floats:
    """Return the chance of an event by campaign and set, drawn to the middle by half a run on either side.

    runs : DataFrame, as `runs.runs_of`, with the column ``set``
    sets : int, how many were drawn; one without a run of a campaign is not a number
    """
    sums = runs.groupby(["campaign", "set"])[event].agg(["sum", "count"])
    chance = ((sums["sum"] + 0.5) / (sums["count"] + 1.0)).unstack("set")
    return chance.reindex(index=names, columns=[str(number) for number in range(sets)]).to_numpy(dtype=np.float64)
