"""What an experiment found, in words: its effect, other assumptions, pairs left out, and lengths of runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from analysis.claims.examine import Finding
from analysis.claims.verdict import CONTRADICTED, Effect
from sim.core.formats import number, share, to_digits
from sim.study.design import written

SAME_LENGTH = 1.0
"""Days by which the runs of two arms may differ in length, on average, before the reader is told."""


def settings(overrides: Mapping[str, Any]) -> list[str]:
    """Return overrides as they are written, one text each."""
    return [
        f"{path} taken away" if value is None else f"{path} = {written(value)}" for path, value in overrides.items()
    ]


def expected(finding: Finding) -> str:
    """Return what the claim leads one to expect, with the smallest effect that matters."""
    test = finding.trial.test
    amount = share(test.smallest) if test.relative else figure(test.smallest)
    return f"stays within ±{amount}" if test.direction == "stays" else f"{test.direction} by {amount} or more"


def in_words(effect: Effect, relative: bool) -> tuple[str, str]:
    """Return an effect and its interval; as shares of the first arm's mean if `relative`."""
    if not math.isfinite(effect.estimate):
        return "not measured", ""
    if relative and effect.first:
        scale = abs(effect.first)
        middle, low, high = (f"{_signed(100 * value / scale)}%" for value in (effect.estimate, effect.low, effect.high))
    else:
        middle, low, high = (_signed(value) for value in (effect.estimate, effect.low, effect.high))
    if effect.low == effect.high:
        return (
            middle,
            f"({'no difference in any' if effect.estimate == 0 else 'the same in all'} of {effect.pairs} pairs)",
        )
    return middle, f"({low} to {high})"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{figure(abs(value))}"


def figure(value: float) -> str:
    """Return a number of an experiment as a sentence has it."""
    if not math.isfinite(value):
        return "none"
    return number(value) if abs(value) >= 100 else to_digits(value, 3)


def cube_in_words(finding: Finding) -> str:
    """Return at how many points of the hypercube the effect is as claimed, absent, or the opposite.

    After the number that speaks against the verdict stands the 95% interval of its share of points.
    """
    cube, direction = finding.cube, finding.trial.test.direction
    if cube is None or not cube.points:
        return ""
    interval = cube.share_against(finding.first_verdict, direction)
    bounds = f" ({share(interval.low)} to {share(interval.high)} of points)"
    if direction == "stays":
        counted = {"within": cube.within, "outside": cube.points - cube.within}
        against = "within" if finding.first_verdict == CONTRADICTED else "outside"
    else:
        counted = {"as claimed": cube.as_claimed, "within": cube.within, "opposite": cube.opposite}
        against = "as claimed" if finding.first_verdict == CONTRADICTED else "opposite"
    return ", ".join(f"{count} {name}{bounds if name == against else ''}" for name, count in counted.items())


def selection_in_words(effect: Effect) -> str:
    """Return how many pairs were left out or lack some of the days that count; empty if none."""
    if not effect.dropped + effect.partly:
        return ""
    every = effect.pairs + effect.dropped
    return f"of {every} pairs {effect.dropped} left out, {effect.partly} without some of the days that count"


def length_in_words(finding: Finding) -> str:
    """Return a warning if the change alters how long runs last; empty if not.

    A total over a run that ends early has fewer days to add up, and says less about the claim.
    """
    without, changed = finding.days
    if not abs(changed - without) > SAME_LENGTH:
        return ""
    lasted = f"runs last {figure(changed)} days with the change and {figure(without)} without"
    return f"{lasted}, so totals add up unequal numbers of days"
