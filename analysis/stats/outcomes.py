"""How often runs ended in each outcome, and tests in each verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

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


class Judged(Protocol):
    """Something that was put to the test: an experiment, a pattern."""

    @property
    def verdict(self) -> str:
        """What came of it."""


def counts(results: Iterable[Judged], verdicts: Sequence[str]) -> dict[str, int]:
    """Return how many results had each verdict; every verdict is present."""
    said = [one.verdict for one in results]
    return {name: said.count(name) for name in verdicts}
