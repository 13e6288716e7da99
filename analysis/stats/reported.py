"""Which events a database knows that rests on reports: the larger, the likelier."""

from __future__ import annotations

import numpy as np
from pydantic import Field
from scipy import optimize

from analysis.stats.intervals import Floats
from sim.scenario.fields import Section

STEEPEST = 20.0
"""Greatest power of size by which events may be reported."""


class Reported(Section):
    """Which events a database knows that rests on reports."""

    share: float = Field(gt=0.0, le=1.0, description="part of all events that is reported")
    certain: float = Field(gt=0.0, description="persons; events of this size and larger are all reported")

    def __str__(self) -> str:
        return f"{self.share:.3g} of all, from {self.certain:,.0f} persons on each"


def reporting(sizes: Floats, count: Floats, reported: Reported) -> Floats:
    """Return the chance that an event of each size is reported, 0 to 1; not a number if no power up to 20 will do.

    r = min(1, (n / certain)^b), with b such that the wanted share of all events is reported

    Source: size is among the two strongest predictors (McCarthy, McPhail & Smith 1996); the power is an assumption.
    """

    def chance(power: float) -> Floats:
        return np.minimum(1.0, (sizes / reported.certain) ** power)

    def excess(power: float) -> float:
        return float(count @ chance(power) / count.sum() - reported.share)

    if not count.sum() > 0.0 or excess(STEEPEST) > 0.0:
        return np.full(sizes.size, np.nan)
    if excess(0.0) <= 0.0:
        return np.ones(sizes.size)
    return chance(float(optimize.brentq(excess, 0.0, STEEPEST)))
