"""How much likelier each outcome is in B than in A."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.compare.sides import Pairs
from analysis.stats.intervals import Interval
from analysis.stats.outcomes import FALLS
from analysis.stats.paired import agreement


@dataclass(frozen=True)
class OutcomeDifference:
    """How much likelier an outcome is in B than in A.

    Attributes
    ----------
    name : str
    both, only_a, only_b, neither : int
        Pairs.
    difference : float, -1..1
        Probability in B minus probability in A.
    interval : Interval
    p, p_corrected : float
        McNemar's exact test; the second corrected for the number of comparisons.
    """

    name: str
    both: int
    only_a: int
    only_b: int
    neither: int
    difference: float
    interval: Interval
    p: float
    p_corrected: float = math.nan

    @property
    def differs(self) -> bool:
        """Whether any pair differs in this outcome."""
        return bool(self.only_a or self.only_b)


def outcome_differences(pairs: Pairs) -> list[OutcomeDifference]:
    """Return the paired difference of each outcome that any of the paired runs ended in."""
    a, b = (runs["outcome"].astype(str).to_numpy() for runs in (pairs.first, pairs.second))
    seen = sorted({*a, *b})
    groups: list[tuple[str, tuple[str, ...]]] = [(name, (name,)) for name in seen]
    fallen = tuple(name for name in FALLS if name in seen)
    if len(fallen) > 1:
        groups.append((" or ".join(fallen), fallen))
    return [_outcome_difference(name, np.isin(a, members), np.isin(b, members)) for name, members in groups]


def _outcome_difference(name: str, a: NDArray[np.bool_], b: NDArray[np.bool_]) -> OutcomeDifference:
    found = agreement(a, b)
    difference = (found.second - found.first) / a.size
    cells = (found.both, found.first, found.second, found.neither)
    return OutcomeDifference(name, *cells, difference, found.interval, found.p)
