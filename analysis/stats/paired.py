"""Paired effects: what a change does to pairs of runs that share their luck, with interval and test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.stats.intervals import Floats, Interval, mean_interval, newcombe, same_everywhere
from analysis.stats.policy import FEWEST_PAIRS, MOST_LEFT_OUT, ROUNDING, SEED, SWAPS

MOST_ENUMERATED = 2**13
"""All swaps are tried if there are no more."""


@dataclass(frozen=True)
class Agreement:
    """Pairs in which something happens in both runs, in the first only, in the second only, in neither."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def interval(self) -> Interval:
        """Newcombe's interval of the difference of the two shares, second less first."""
        return newcombe(self.both, self.first, self.second, self.neither)

    @property
    def p(self) -> float:
        """McNemar's exact p-value of no difference."""
        return discordance_test(self.first, self.second)


@dataclass(frozen=True)
class Paired:
    """A paired difference, second less first.

    Parameters
    ----------
    pairs : int
        Pairs that both have the number.
    dropped : int
        Pairs of which one run has none.
    first, second : float
        Means; not numbers without any pair.
    differences : array of float, shape (pairs,)
        Rounding is taken out: if all are the same up to rounding they are the same number.
    interval : Interval or None
        95% of the mean difference: Student's, for shares of runs Newcombe's; None for fewer than two numbers, or no
        pair.
    p : float
        Of no difference at all: the runs of pairs swapped, for shares of runs McNemar's.
    """

    pairs: int
    dropped: int
    first: float
    second: float
    differences: Floats
    interval: Interval | None
    p: float

    @property
    def mean(self) -> float:
        """Mean difference; not a number without any pair."""
        return float(self.differences.mean()) if self.pairs else float("nan")

    @property
    def low(self) -> float:
        """Lower end of the interval; not a number if there is none."""
        return self.interval.low if self.interval else float("nan")

    @property
    def high(self) -> float:
        """Upper end of the interval; not a number if there is none."""
        return self.interval.high if self.interval else float("nan")


def paired(first: Floats, second: Floats, shares: bool = False) -> Paired:
    """Return the paired difference of a number, or of something that happens or not.

    Parameters
    ----------
    first, second : array of float, shape (pairs,)
        The number in either run of each pair; pairs in which one is not a number are left out.
    shares : bool
        Whether the numbers are 1 and 0: the interval then has a width even if all pairs agree.
    """
    known = np.isfinite(first) & np.isfinite(second)
    a, b = first[known], second[known]
    dropped = int((~known).sum())
    if not a.size:
        return Paired(0, dropped, float("nan"), float("nan"), a, None, 1.0)
    differences = _differences(a, b)
    means = (float(a.mean()), float(b.mean()))
    if shares:
        agreed = agreement(a, b)
        return Paired(int(a.size), dropped, *means, differences, agreed.interval, agreed.p)
    return Paired(int(a.size), dropped, *means, differences, mean_interval(differences), swap_test(differences))


def _differences(a: Floats, b: Floats) -> Floats:
    difference = b - a
    scale = float(max(np.abs(a).max(), np.abs(b).max()))
    if not same_everywhere(difference, scale):
        return difference
    # The mean of equal numbers need not be that number to the last digit.
    only = float(difference[0])
    return np.full(difference.size, 0.0 if abs(only) <= ROUNDING * max(1.0, scale) else only)


def agreement(first: Floats | NDArray[np.bool_], second: Floats | NDArray[np.bool_]) -> Agreement:
    """Return in how many pairs something happens (above one half) in both runs, in one, in neither."""
    a, b = np.asarray(first, dtype=np.float64) > 0.5, np.asarray(second, dtype=np.float64) > 0.5
    both, one, other, neither = (int(each.sum()) for each in (a & b, a & ~b, ~a & b, ~a & ~b))
    return Agreement(both, one, other, neither)


def are_shares(*values: Floats) -> bool:
    """Return whether all numbers, of which there is at least one, are 0 or 1."""
    together = np.concatenate(values)
    return bool(together.size) and bool(np.isin(together, (0.0, 1.0)).all())


def weakness(used: int, left_out: int, unit: str = "pairs") -> str:
    """Return why no verdict can rest on an interval, whatever it is; empty if one can.

    Parameters
    ----------
    used, left_out : int
        Pairs (seeds, points) that count, and those that should have counted and have no value, or only part of one.
    unit : str
        What they are called.
    """
    planned = used + left_out
    if left_out > MOST_LEFT_OUT * planned:
        return f"{left_out} of {planned} {unit} are left out or only partly covered: a selection"
    return f"fewer than {FEWEST_PAIRS} {unit}" if planned < FEWEST_PAIRS else ""


def discordance_test(first: int, second: int) -> float:
    """Return McNemar's exact two-sided p-value from the pairs that differ; 1 if none does."""
    if first + second == 0:
        return 1.0
    return float(stats.binomtest(second, first + second, 0.5).pvalue)


def swap_test(differences: Floats) -> float:
    """Return the two-sided p-value of a paired permutation test of the mean.

    If the change did not matter, swapping the two runs of any pair would have been as likely: the sign
    of each difference is turned, in all combinations if there are few, else at random.

    Parameters
    ----------
    differences : array of float, shape (pairs,)

    Returns
    -------
    float, above 0 up to 1
        With n pairs at least 2 / 2**n. 1 if no pair differs, or if there is only one.
    """
    if not np.any(differences) or differences.size < 2:
        return 1.0
    # The observed signs are the first of the turns; one that repeats them must not lose to them by rounding.
    least = abs(differences.sum()) * (1.0 - ROUNDING)
    signs = turns(differences.size, SWAPS)
    as_far = sum(int((np.abs(some @ differences) >= least).sum()) for some in in_parts(signs))
    return as_far / len(signs)


def in_parts(signs: NDArray[np.int8]) -> Iterator[Floats]:
    """Yield turns of signs, some at a time, as numbers to reckon with."""
    for start in range(0, len(signs), 500):
        yield signs[start : start + 500].astype(np.float64)


@lru_cache(maxsize=8)
def turns(pairs: int, most: int) -> NDArray[np.int8]:
    """Return turns of signs, the same every time: all of them if there are few, else random ones.

    Returns
    -------
    array of int8, shape (turns, pairs), -1 or 1
        The first turns none. The first pair never turns, as turning all pairs changes no two-sided test.
    """
    if pairs >= 1 and 2 ** (pairs - 1) <= min(most + 1, MOST_ENUMERATED):
        codes = np.arange(2 ** (pairs - 1))
        turned = (codes[:, None] >> np.arange(pairs - 1)) & 1
        return np.hstack([np.ones((codes.size, 1)), 1 - 2 * turned]).astype(np.int8)
    signs = 2 * np.random.default_rng(SEED).integers(2, size=(most + 1, pairs), dtype=np.int8) - 1
    signs[0] = 1.0
    return signs


def p_words(p: float) -> str:
    """Return a p-value with two digits; smaller ones than 0.001 as such."""
    return "< 0.001" if p < 0.001 else f"{p:.2g}"
