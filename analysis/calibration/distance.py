"""How far runs are from what was observed, and which targets fight one another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import huber
from scipy.stats import kendalltau, spearmanr

from analysis.calibration.case import Target

ROBUST_FROM = 2.0
"""Residual from which the distance grows in proportion instead of by the square (Huber 1964)."""
LARGEST_RESIDUAL = 10.0
"""Residual of a target that a run cannot answer, or misses by more than ten times its uncertainty."""
Floats = NDArray[np.float64]


def residual(target: Target, found: float) -> float:
    """Return a miss in units of the observation's own uncertainty: 0 at its value, 1 and -1 at its two ends.

    r = (x - v) / (high - v) above the value, (x - v) / (v - low) below it, on the target's scale.

    found : float; NaN counts as missed by `LARGEST_RESIDUAL`
    """
    if math.isnan(found):
        return LARGEST_RESIDUAL
    x, value, low, high = (_scaled(target, mark) for mark in (found, target.value, target.low, target.high))
    room = high - value if x > value else value - low
    if x == value:
        return 0.0
    if room <= 0.0:  # the value is an end of its range: the other half tells how much a unit is
        room = high - low
        x += math.copysign(room, x - value)
    return float(np.clip((x - value) / room, -LARGEST_RESIDUAL, LARGEST_RESIDUAL))


def _scaled(target: Target, value: float) -> float:
    """A value on its target's scale; none at all counts as a hundredth of the least."""
    return value if target.scale == "linear" else math.log(max(value, target.low / 100.0))


def residuals(targets: Sequence[Target], found: Sequence[float]) -> Floats:
    """Return the residual of each target."""
    return np.array([residual(target, value) for target, value in zip(targets, found, strict=True)])


def distance(targets: Sequence[Target], found: Sequence[float]) -> float:
    """Return the weighted sum of squared residuals, robust against single misses.

    d = sum of w * 2 * H(r), with H(r) = r^2 / 2 up to |r| = 2 and linear beyond (Huber 1964)

    A target at the end of its range costs its weight, one at its value nothing.
    """
    return total(targets, residuals(targets, found))


def total(targets: Sequence[Target], misses: Floats) -> float:
    """Return the distance that residuals add up to."""
    weights = np.array([target.weight for target in targets])
    return float(np.sum(weights * 2.0 * huber(ROBUST_FROM, misses)))


def typical(targets: Sequence[Target], rows: Floats) -> list[float]:
    """Return the median of each target over runs, or its mean if it is a share of runs.

    rows : (runs, targets); a target that half of the runs or more cannot answer is NaN
    """
    out = []
    for place, target in enumerate(targets):
        values = rows[:, place]
        known = values[~np.isnan(values)]
        if 2 * len(known) <= len(values):
            out.append(math.nan)
        else:
            out.append(float(np.mean(known) if target.share else np.median(known)))
    return out


def average(rows: Floats) -> list[float]:
    """Return the mean of each target over the few runs of a search; NaN if one of them cannot answer.

    With two or three coarse runs a median jumps from one count to the next, and a mean does not.
    """
    return [float(value) for value in np.mean(rows, axis=0)]


def met(target: Target, found: float) -> bool:
    """Return whether a value lies within the target's range."""
    return target.low <= found <= target.high


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
