"""What pairs of runs say about a claim.

The effect of an experiment is the mean, over pairs of runs with the same seed, of the outcome with the
change less the outcome without it. Its 95 % interval is held against the smallest effect that matters,
which each experiment states beforehand:

* **supported**: the whole interval lies beyond the smallest effect, in the direction of the claim;
* **contradicted**: the whole interval lies beyond it in the opposite direction;
* **no effect that matters**: the whole interval lies between the smallest effects of both directions;
* **too weak to tell**: anything else, more runs are needed; also fewer than `FEWEST_PAIRS` pairs, for which a
  bootstrap interval is far too narrow; an interval without width, because all pairs differ by the same, from
  fewer than `PAIRS_WITHOUT_WIDTH` pairs; and an outcome for which more than `MOST_SELECTED` of the pairs are left
  out or have a run that lacks some of the days that count, since the rest are a selection.

Where the claim is that nothing much changes (`stays`), an interval wholly between the smallest effects
supports it, and one wholly beyond them on either side contradicts it.

Source: the rule for an interval against a region of practical equivalence, Kruschke 2018, Adv. Methods
Pract. Psychol. Sci. 1:270-280, doi:10.1177/2515245918771304, with a bootstrap interval in place of a posterior.

A claim that is supported or contradicted is **sensitive** if assumptions decide it: if at a quarter or more of the
points of a Latin hypercube of the assumed parameters the mean effect is the opposite (beyond the
smallest effect on the other side; for `stays`, beyond it at all or, if contradicted, within it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.compare.intervals import (
    Interval,
    discordance_test,
    mean_interval,
    newcombe,
    swap_test,
    wilson,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SUPPORTED, CONTRADICTED, SENSITIVE = "supported", "contradicted", "sensitive"
NO_EFFECT, TOO_WEAK = "no effect that matters", "too weak to tell"
VERDICTS = (SUPPORTED, CONTRADICTED, SENSITIVE, NO_EFFECT, TOO_WEAK)
FEWEST_PAIRS = 10
PAIRS_WITHOUT_WIDTH = 20
"""If none of so many pairs differs, at most 14 % of all pairs do, at 95 % (1 - 0.05**(1/20); about 3/20)."""
MOST_SELECTED = 0.1
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
        Mean paired difference, second less first, and its 95 % interval; not numbers for fewer than
        `FEWEST_PAIRS`.
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

    @property
    def weakness(self) -> str:
        """Why no verdict can rest on it, whatever its interval; empty if one can."""
        if self.dropped + self.partly > MOST_SELECTED * (self.pairs + self.dropped):
            return f"more than {MOST_SELECTED:.0%} of pairs are left out or only partly covered: a selection"
        if self.pairs < FEWEST_PAIRS:
            return f"fewer than {FEWEST_PAIRS} pairs"
        if self.low == self.high and self.pairs < PAIRS_WITHOUT_WIDTH:
            return f"all pairs differ by the same, and they are fewer than {PAIRS_WITHOUT_WIDTH}"
        return ""


@dataclass(frozen=True)
class Cube:
    """Where the effect lies at the points of the hypercube, by its mean at each.

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
    there = np.isfinite(first) & np.isfinite(second)
    before, after = first[there], second[there]
    differences = after - before
    pairs, dropped = int(there.sum()), int((~there).sum())
    part_covered = 0 if partly is None else int((partly & there).sum())
    if pairs < FEWEST_PAIRS:
        nothing = float("nan")
        numbers = (nothing, nothing, nothing, nothing, nothing, nothing)
        return Effect(pairs, *numbers, 1.0, "too few pairs", dropped, part_covered)
    matters = smallest * abs(float(before.mean())) if relative else smallest
    if share_of_runs:
        gained, lost = int((differences > 0).sum()), int((differences < 0).sum())
        both = int(((before > 0) & (after > 0)).sum())
        interval = newcombe(both, lost, gained, pairs - both - gained - lost)
        p_value = discordance_test(lost, gained)
    else:
        found = mean_interval(differences)
        assert found is not None  # there are pairs enough
        interval, p_value = found, swap_test(differences)
    return Effect(
        pairs, float(before.mean()), float(after.mean()), float(differences.mean()), interval.low, interval.high,
        matters, p_value, interval.method, dropped, part_covered,
    )  # fmt: skip


def judged(found: Effect, direction: str) -> str:
    """Return the verdict on one effect, before the hypercube is asked."""
    if found.weakness or not np.isfinite(found.estimate):
        return TOO_WEAK
    low, high = sorted((SIGNS[direction] * found.low, SIGNS[direction] * found.high))
    inside = -found.smallest <= low and high <= found.smallest
    above, below = low > 0.0 and low >= found.smallest, high < 0.0 and high <= -found.smallest
    if direction == "stays":
        return SUPPORTED if inside else CONTRADICTED if above or below else TOO_WEAK
    if inside:
        return NO_EFFECT
    return SUPPORTED if above else CONTRADICTED if below else TOO_WEAK


def over_cube(pairs: Sequence[tuple[Floats, Floats]], smallest: float, relative: bool, direction: str) -> Cube:
    """Return where the mean effect lies at each point of the hypercube.

    Parameters
    ----------
    pairs : sequence of (array, array)
        For each point the outcome without and with the change, as in `effect`.
    """
    zones = [_zone(first, second, smallest, relative, SIGNS[direction]) for first, second in pairs]
    known = [zone for zone in zones if zone is not None]
    return Cube(len(known), known.count(1), known.count(-1), known.count(0))


def _zone(first: Floats, second: Floats, smallest: float, relative: bool, sign: float) -> int | None:
    there = np.isfinite(first) & np.isfinite(second)
    if not there.any():
        return None
    matters = smallest * abs(float(first[there].mean())) if relative else smallest
    mean = sign * float((second[there] - first[there]).mean())
    if mean == 0.0 or abs(mean) < matters:
        return 0
    return 1 if mean > 0.0 else -1


def final(verdict: str, direction: str, cube: Cube | None) -> str:
    """Return the verdict once the hypercube has been asked; None if it was not."""
    if cube is None or cube.points == 0 or verdict not in (SUPPORTED, CONTRADICTED):
        return verdict
    return SENSITIVE if cube.against(verdict, direction) / cube.points >= SENSITIVE_SHARE else verdict
