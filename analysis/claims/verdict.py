"""What pairs of runs say about a claim.

The effect of an experiment is the mean, over pairs of runs with the same seed, of the outcome with the
change less the outcome without it. Its 95% interval is held against the smallest effect that matters,
which each experiment states beforehand:

* **supported**: the whole interval lies beyond the smallest effect, in the direction of the claim;
* **contradicted**: the whole interval lies beyond it in the opposite direction;
* **no effect that matters**: the whole interval lies between the smallest effects of both directions;
* **cannot be told**: no run of either side reaches the outcome, or all reach it alike, so that nothing the change does
  could show: this says nothing about the claim, and more runs would not either;
* **too weak to tell**: anything else, more runs are needed; also fewer than `FEWEST_PAIRS` pairs, and an outcome for
  which more than `MOST_LEFT_OUT` of the pairs are left out or have a run that lacks some of the days that count,
  since the rest are a selection.

Where the claim is that nothing much changes (`stays`), an interval wholly between the smallest effects
supports it, and one wholly beyond them on either side contradicts it.

Source: the rule for an interval against a region of practical equivalence, Kruschke 2018, Adv. Methods
Pract. Psychol. Sci. 1:270-280, doi:10.1177/2515245918771304, with a confidence interval in place of a posterior.

A claim that is supported or contradicted is **sensitive** if assumptions decide it: if at a quarter or more of the
points of a Latin hypercube of the assumed parameters, `FEWEST_POINTS` or more, the effect is the opposite (beyond the
smallest effect on the other side; for `stays`, beyond it at all or, if contradicted, within it). The effect at a
point is that of `analysis.stats.points`, which takes out what luck adds to the scatter of points. How often this rule
is wrong is measured by `tests/test_stats_coverage.py` and written down in docs/statistics.md: with 40 points of three
pairs and every effect mattering, a claim that no assumption touches is called sensitive in 8 / 2 / 0.2 / 0% of cases
if its effect is .3 / .4 / .5 / .6 standard deviations of a difference; one that is opposite in 35% of the space is
found in 80 to 99% of cases, one that is at 15% is called sensitive in 4 to 26%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.stats.intervals import Floats, Interval, wilson
from analysis.stats.paired import paired, weakness
from analysis.stats.points import effects_of_points
from analysis.stats.policy import FEWEST_POINTS, MOST_LEFT_OUT

Bools = NDArray[np.bool_]

SUPPORTED, CONTRADICTED, SENSITIVE = "supported", "contradicted", "sensitive"
NO_EFFECT, TOO_WEAK, CANNOT = "no effect that matters", "too weak to tell", "cannot be told"
VERDICTS = (SUPPORTED, CONTRADICTED, SENSITIVE, NO_EFFECT, TOO_WEAK, CANNOT)
SENSITIVE_SHARE = 0.25
SIGNS = {"rises": 1.0, "falls": -1.0, "stays": 1.0}


@dataclass(frozen=True)
class Effect:
    """What the change does to the outcome.

    Parameters
    ----------
    pairs : int
        Pairs of runs that both have the outcome.
    first, second : float
        Mean outcome without and with the change.
    estimate, low, high : float
        Mean paired difference, second less first, and its 95% interval; ends are not numbers for fewer than two pairs,
        and nothing is a number without any.
    smallest : float
        Smallest effect that matters, in the outcome's unit.
    p_value : float
        Of no difference at all.
    method : str
        How the interval was made.
    dropped : int
        Pairs left out, because a run failed, ended before the days that count, or would be divided by 0.
    partly : int
        Pairs kept of which a run lacks some of the days that count.
    varies : bool
        Whether the outcome is not one and the same number in every run of both sides.
    """

    pairs: int
    first: float
    second: float
    estimate: float
    low: float
    high: float
    smallest: float
    p_value: float
    method: str
    dropped: int = 0
    partly: int = 0
    varies: bool = True

    @property
    def weakness(self) -> str:
        """Why no verdict can rest on it, whatever its interval; empty if one can."""
        return weakness(self.pairs - self.partly, self.dropped + self.partly)


@dataclass(frozen=True)
class Cube:
    """Where the effect lies at the points of the hypercube.

    Parameters
    ----------
    points : int
        Points at which the outcome could be measured.
    as_claimed, opposite, within : int
        Beyond the smallest effect in the direction of the claim, in the other, or between the two.
        For `stays` a rise counts as claimed and a fall as opposite.
    """

    points: int
    as_claimed: int
    opposite: int
    within: int

    def against(self, verdict: str, direction: str) -> int:
        """Return the points that say the opposite of a verdict; of the claim, if it is neither borne out nor not."""
        if direction == "stays":
            return self.within if verdict == CONTRADICTED else self.points - self.within
        return self.as_claimed if verdict == CONTRADICTED else self.opposite

    def share_against(self, verdict: str, direction: str) -> Interval:
        """Return Wilson's interval of the share of such points, as if each had been drawn by itself."""
        return wilson(self.against(verdict, direction), self.points)


def effect(
    first: Floats, second: Floats, smallest: float, relative: bool, share_of_runs: bool, partly: Bools | None = None
) -> Effect:
    """Return the paired effect.

    Parameters
    ----------
    first, second : array of float, shape (pairs,)
        The outcome without and with the change, run by run with the same seed; pairs in which either is
        not a number are left out.
    smallest : float
        Smallest effect that matters, above 0; a share of the mean of `first` if `relative`.
    relative : bool
    share_of_runs : bool
        Whether values are 1 and 0: the interval is then Newcombe's for paired proportions, which has a
        width even if no pair differs, and the test McNemar's.
    partly : array of bool, shape (pairs,), optional
        Pairs of which a run lacks some of the days that count.
    """
    found = paired(first, second, share_of_runs)
    part_covered = 0 if partly is None else int((partly & np.isfinite(first) & np.isfinite(second)).sum())
    return Effect(
        pairs=found.pairs,
        first=found.first,
        second=found.second,
        estimate=found.mean,
        low=found.low,
        high=found.high,
        smallest=smallest * abs(found.first) if relative else smallest,
        p_value=found.p,
        method=found.interval.method if found.interval else "too few pairs",
        dropped=found.dropped,
        partly=part_covered,
        varies=_varies(first, second),
    )


def _varies(first: Floats, second: Floats) -> bool:
    known = np.isfinite(first) & np.isfinite(second)
    every = np.concatenate([first[known], second[known]])
    return bool(every.size) and bool((every != every[0]).any())


def judged(found: Effect, direction: str) -> str:
    """Return the verdict on one effect, before the hypercube is asked."""
    if found.weakness or not np.isfinite(found.low):
        return TOO_WEAK
    if not found.varies:
        return CANNOT
    low, high = sorted((SIGNS[direction] * found.low, SIGNS[direction] * found.high))
    inside = -found.smallest <= low and high <= found.smallest
    above, below = low > 0.0 and low >= found.smallest, high < 0.0 and high <= -found.smallest
    if direction == "stays":
        return SUPPORTED if inside else CONTRADICTED if above or below else TOO_WEAK
    if inside:
        return NO_EFFECT
    return SUPPORTED if above else CONTRADICTED if below else TOO_WEAK


def over_cube(pairs: Sequence[tuple[Floats, Floats]], smallest: float, relative: bool, direction: str) -> Cube:
    """Return where the effect lies at each point of the hypercube.

    Parameters
    ----------
    pairs : sequence of (array, array)
        For each point the outcome without and with the change, as in `effect`. A point without a pair is left out.
    """
    known = [(first, second) for first, second in map(_complete, pairs) if first.size]
    effects = SIGNS[direction] * effects_of_points([second - first for first, second in known])
    limits = np.array([smallest * abs(float(first.mean())) if relative else smallest for first, _ in known])
    beyond = (effects != 0.0) & (np.abs(effects) >= limits)
    claimed, opposite = int((beyond & (effects > 0.0)).sum()), int((beyond & (effects < 0.0)).sum())
    return Cube(len(known), claimed, opposite, len(known) - claimed - opposite)


def _complete(pair: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    there = np.isfinite(pair[0]) & np.isfinite(pair[1])
    return pair[0][there], pair[1][there]


def final(verdict: str, direction: str, cube: Cube | None) -> str:
    """Return the verdict once the hypercube has been asked; None if it was not. Too few points change nothing."""
    if cube is None or cube.points < FEWEST_POINTS * (1.0 - MOST_LEFT_OUT) or verdict not in (SUPPORTED, CONTRADICTED):
        return verdict
    return SENSITIVE if cube.against(verdict, direction) / cube.points >= SENSITIVE_SHARE else verdict
