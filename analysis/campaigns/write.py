"""The writer of what was judged: the line that says what made a table, endings in words, and the table of scores."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.campaigns.judge import BASE_RATE, scores
from analysis.campaigns.score import Floats, Score
from analysis.report.document import made
from analysis.report.markdown import table
from analysis.stats.outcomes import outcome_shares
from sim.study import StudyData


def made_of(command: str, studies: Iterable[StudyData], seeds: int, planned: int, scales: Collection[int] = ()) -> str:
    """Return the line that says what made tables, and how many of the runs that were planned are not in them."""
    every = list(studies)
    failed = sum(len(data.failures) for data in every)
    missing = max(0, planned - sum(len(data.runs) for data in every) - failed)
    return made(command, every[0].manifest["model_version"], {seeds}, scales, failed, missing)


def told(outcomes: pd.Series) -> str:
    """Return endings with their numbers of runs, most frequent first: "falls 12, flees 3"."""
    return ", ".join(f"{one.name} {one.count}" for one in outcome_shares(outcomes))


def score_table(chance: Mapping[str, Floats], happened: Floats, clusters: NDArray[np.int64]) -> str:
    """Return a row a rival: how good its chances are, and what it gains over the base rate."""
    rows = []
    for name, own in scores(chance, happened, clusters).items():
        base = name == BASE_RATE
        auc = "0.5 by its nature" if base else str(own["AUC"])
        rows.append((name, str(own["Brier"]), auc, str(own["log loss"]), "" if base else signed(own["gain"])))
    return table(("", "Brier", "AUC", "log loss", "Brier less than the base rate's by"), rows)


def signed(one: Score) -> str:
    """Return a score with its sign and interval."""
    return f"{one.value:+.3f} ({one.low:+.3f} to {one.high:+.3f})".replace("-", "−")
