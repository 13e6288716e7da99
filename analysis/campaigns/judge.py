"""The judge of all that happened: what counts as success, the model's chance of it, and how good chances are.

Campaigns of a table and the project's own cases are judged by the same words, chances and scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.campaigns import score
from analysis.campaigns.score import Floats
from analysis.stats.outcomes import FALLS
from sim.study import StudyData

SUCCESS = (*FALLS, "negotiates")
"""Outcomes of the model that count as success of a movement."""
BASE_RATE = "base rate"


def succeeded(outcomes: Iterable[str]) -> NDArray[np.bool_]:
    """Return whether each outcome is a success."""
    return np.isin(np.asarray(list(outcomes), dtype=object).astype(str), SUCCESS)


def endings(data: StudyData) -> pd.DataFrame:
    """Return a row a run: how it ended.

    Returns
    -------
    DataFrame
        ``campaign`` (the scenario), ``seed``, ``outcome`` as the model has it, ``success`` (0 or 1), ``peak`` (share of
        the population) and ``days`` to the end.
    """
    runs = data.runs
    outcome = runs["outcome"].astype(str).to_numpy()
    return pd.DataFrame(
        {
            "campaign": runs["base"].astype(str).to_numpy(),
            "seed": runs["seed"].to_numpy(),
            "outcome": outcome,
            "success": succeeded(outcome).astype(float),
            "peak": runs["peak_turnout_share"].to_numpy(),
            "days": runs["days"].to_numpy(),
        }
    )


def chances(runs: pd.DataFrame, names: Sequence[str], column: str) -> pd.Series:
    """Return of each campaign the share of runs with something, drawn to the middle by half a run on either side."""
    sums = runs.groupby("campaign")[column].agg(["sum", "count"]).reindex(list(names))
    return (sums["sum"] + 0.5) / (sums["count"] + 1.0)


def base_rate(happened: Floats, clusters: NDArray[np.int64]) -> Floats:
    """Return the rate of other countries as a chance of each."""
    return score.out_of_fold(clusters, score.base_rate(happened))


def scores(
    chance: Mapping[str, Floats], happened: Floats, clusters: NDArray[np.int64]
) -> dict[str, dict[str, score.Score]]:
    """Return every measure of each rival's chances, and by how much its Brier score is below the base rate's.

    chance : by rival; the base rate is one of them
    """
    return {
        name: {
            **score.scored(own, happened, clusters),
            "gain": score.gain(own, chance[BASE_RATE], happened, clusters),
        }
        for name, own in chance.items()
    }
