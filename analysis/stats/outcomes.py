"""How often runs ended in each outcome."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.stats.intervals import Interval, wilson

FALLS = ("falls", "flees", "ousted by the army")
"""Outcomes in which the ruler is gone, whoever rules after him."""


@dataclass(frozen=True)
class OutcomeShare:
    """How often runs ended in an outcome; the interval is Wilson's."""

    name: str
    count: int
    runs: int
    share: float
    interval: Interval


def outcome_shares(outcomes: pd.Series) -> list[OutcomeShare]:
    """Return each outcome's share of the runs, most frequent first."""
    runs = len(outcomes)
    counts = outcomes.astype(str).value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return [OutcomeShare(str(name), int(n), runs, int(n) / runs, wilson(int(n), runs)) for name, n in counts.items()]
