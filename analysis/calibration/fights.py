"""Targets that fight: over parameter sets that are all acceptable, what brings one nearer takes another away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau, spearmanr

from analysis.calibration.case import Target
from analysis.calibration.distance import Floats

NEAR_ENOUGH = 0.25
"""A target whose middle miss is below this has nothing to fight for."""
OPPOSED_FROM = 0.55


@dataclass(frozen=True)
class Fight:
    """Two targets over the accepted sets.

    correlation : of their signed residuals (Spearman);
    opposed : share of the comparisons of two sets in which one target comes nearer and the other moves away,
    a half if they have nothing to do with each other.
    """

    first: str
    second: str
    correlation: float
    opposed: float


def fights(targets: Sequence[Target], misses: Floats, most: int = 12) -> list[Fight]:
    """Return the pairs of targets that oppose each other most.

    misses : (sets, targets), signed residuals; sets that stand there twice are counted once
    """
    sets = np.unique(misses, axis=0)
    if len(sets) < 10:
        return []
    away = np.abs(sets)
    matter = [k for k in range(len(targets)) if np.median(away[:, k]) >= NEAR_ENOUGH and np.ptp(sets[:, k]) > 0.0]
    found = []
    for place, i in enumerate(matter):
        for j in matter[place + 1 :]:
            tau = float(kendalltau(away[:, i], away[:, j]).statistic)
            opposed = (1.0 - tau) / 2.0
            if opposed >= OPPOSED_FROM:
                signed = float(spearmanr(sets[:, i], sets[:, j]).statistic)
                found.append(Fight(targets[i].name, targets[j].name, signed, opposed))
    return sorted(found, key=lambda fight: -fight.opposed)[:most]
