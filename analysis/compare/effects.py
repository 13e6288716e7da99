"""How much numbers of the summary differ between A and B, from pair to pair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.compare.sides import Pairs, Side
from analysis.stats.intervals import Interval, median_interval, same_everywhere
from analysis.stats.outcomes import FALLS
from analysis.stats.paired import paired
from analysis.stats.policy import LEVEL
from analysis.stats.power import pairs_needed, smallest_detectable
from analysis.stats.survival import restricted_days
from sim.measures.labels import declared_as
from sim.measures.language import Measure as Asked
from sim.measures.language import asked_for, is_share_of_runs, parse
from sim.measures.values import known_from, values
from sim.models.declarations import Declarations, Declared
from sim.models.interface import MODELS, engine_of

Floats = NDArray[np.float64]

NOT_MEASURES = ("point", "replicate", "seed", "days", "steps")


@dataclass(frozen=True)
class Measure:
    """A number of a run that is compared: its name, its title, its unit, and what it is multiplied by to be in it."""

    name: str
    title: str
    unit: str
    scale: float = 1.0


STANDING = Measure("days_standing", "Days that the regime stands", "days")


@dataclass(frozen=True)
class Effect:
    """A paired difference of one number, B minus A.

    Attributes
    ----------
    measure : Measure
    mean_a, mean_b : float
    mean, median : float
        Of the paired differences.
    mean_interval, median_interval : Interval or None
        None with fewer than two pairs, for the median six, if these differ.
    spread : float
        Standard deviation of the paired differences.
    standardised : float or None
        Mean over spread (d_z); None if no spread.
    relative : float or None
        Mean difference as a share of A's mean; None if that is 0.
    p, p_corrected : float
        Paired permutation test; the second corrected for the number of comparisons.
    gain : float or None
        Variance reduction by pairing: (var A + var B) / var (B - A); None if the difference does not vary.
    correlation : float or None
        Of A and B over pairs; None if one does not vary.
    needed : int or None
        Pairs that would tell this difference from zero with 80% power; None if more than 100,000 or no difference.
    detectable : float or None
        Smallest difference that this number of pairs tells from zero with 80% power.
    """

    measure: Measure
    pairs: int
    mean_a: float
    mean_b: float
    mean: float
    mean_interval: Interval | None
    median: float
    median_interval: Interval | None
    spread: float
    standardised: float | None
    relative: float | None
    p: float
    gain: float | None
    correlation: float | None
    needed: int | None
    detectable: float | None
    p_corrected: float = math.nan

    @property
    def differs(self) -> bool:
        """Whether any pair differs."""
        return not (self.mean == 0 and self.spread == 0) and self.pairs > 0

    @property
    def verdict(self) -> str:
        """What can be said of the direction, in words."""
        if not self.differs:
            return "no difference in any pair"
        if not self.p_corrected <= LEVEL:
            return "cannot be told"
        return "higher" if self.mean > 0 else "lower"


def measures_of(pairs: Pairs, wanted: Sequence[str] = ()) -> list[Measure]:
    """Return what is compared: what is asked for, else the model's main numbers, else all that both have.

    Parameters
    ----------
    pairs : Pairs
    wanted : sequence of str
        Measures, written as `sim.measures` has it.

    Raises
    ------
    ScenarioError
        For a measure that either side has not.
    """
    numbers = [str(name) for name in numbers_of(pairs.first) if name in numbers_of(pairs.second)]
    declared = pairs.a.declared
    if not wanted:
        main = [one.name for one in Declarations(declared.numbers).main() if one.name in numbers]
        return [_measure(parse(name), declared) for name in main or numbers]
    found = []
    for side, runs in ((pairs.a, pairs.first), (pairs.b, pairs.second)):
        outcomes = engine_of(side.model).outcomes if side.model in MODELS else ()
        known = known_from(runs, outcomes, side.days, side.localities, numbers)
        found = [asked_for(text, known, "--measure") for text in wanted]
    return [_measure(one, declared) for one in found]


def _measure(wanted: Asked, declared: Declared) -> Measure:
    one = declared_as(wanted, declared)
    return Measure(wanted.text, one.title, "%" if one.is_fraction else one.axis, one.scale)


def numbers_of(runs: pd.DataFrame) -> list[str]:
    """Return the numbers of a summary."""
    # Columns with dots are key paths that a design changes: what was put in, not what came out.
    return [str(name) for name in runs.select_dtypes("number") if name not in NOT_MEASURES and "." not in str(name)]


def effects_of(pairs: Pairs, wanted: Sequence[str] = ()) -> list[Effect]:
    """Return the paired difference of every measure, and of the days until the fall if any run falls."""
    found = []
    for measure in measures_of(pairs, wanted):
        a, b = (values_of(measure.name, side, runs) for side, runs in ((pairs.a, pairs.first), (pairs.b, pairs.second)))
        found.append(effect(measure, a, b, is_share_of_runs(parse(measure.name), tuple(numbers_of(pairs.first)))))
    standing = days_standing(pairs)
    return [effect(STANDING, *standing), *found] if standing is not None else found


def values_of(text: str, side: Side, runs: pd.DataFrame) -> Floats:
    """Return a measure of each run of a side, in the order of `runs`, whose index are seeds."""
    if text in runs:
        return runs[text].to_numpy(float)
    own = runs.assign(point=0, replicate=runs.index)
    days, localities = (
        table.assign(point=0, replicate=table["seed"]) if len(table) else None for table in (side.days, side.localities)
    )
    return values(parse(text), own, days, localities).to_numpy(float)


def days_standing(pairs: Pairs) -> tuple[Floats, Floats] | None:
    """Return for each pair the days that the regime stands in A and in B, within the horizon that both have.

    Returns
    -------
    two arrays of float, shape (pairs,), or None
        None if no run falls. Their means are the restricted mean survival times (see `survival`).
    """
    fell = [runs["outcome"].isin(FALLS).to_numpy() for runs in (pairs.first, pairs.second)]
    if not any(flags.any() for flags in fell) or not all("days" in runs for runs in (pairs.first, pairs.second)):
        return None
    horizon = min(horizon_of(side) for side in (pairs.a, pairs.b))
    a, b = (runs["days"].to_numpy(float) for runs in (pairs.first, pairs.second))
    return restricted_days(a, fell[0], horizon), restricted_days(b, fell[1], horizon)


def horizon_of(side: Side) -> float:
    """Return how many days a side's runs may last: as its scenario says, else as the longest of them lasted."""
    days = side.data.get("time", {}).get("days")
    return float(days) if days is not None else float(side.runs["days"].max())


def effect(measure: Measure, a: Floats, b: Floats, shares: bool = False) -> Effect:
    """Return the paired difference of one number.

    Parameters
    ----------
    measure : Measure
    a, b : array of float, shape (pairs,)
        The number in either run of each pair. Pairs in which one is missing are left out.
    shares : bool
        Whether the numbers are 1 and 0, of something that happens in a run or not.
    """
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if not a.size:
        return _unknown(measure)
    found = paired(a, b, shares)
    d = found.differences
    varies = d.size > 1 and not same_everywhere(d, float(max(np.abs(a).max(), np.abs(b).max())))
    spread = float(d.std(ddof=1)) if varies else 0.0
    standardised = found.mean / spread if varies else None
    variances = [float(values.var(ddof=1)) if d.size > 1 else 0.0 for values in (a, b)]
    return Effect(
        measure=measure,
        pairs=found.pairs,
        mean_a=found.first,
        mean_b=found.second,
        mean=found.mean,
        mean_interval=found.interval,
        median=float(np.median(d)),
        median_interval=median_interval(d),
        spread=spread,
        standardised=standardised,
        relative=found.mean / found.first if found.first != 0 else None,
        p=found.p,
        gain=sum(variances) / spread**2 if varies else None,
        correlation=float(np.corrcoef(a, b)[0, 1]) if min(variances) > 0 else None,
        needed=pairs_needed(standardised) if standardised is not None else None,
        detectable=smallest_detectable(d.size) * spread if varies and d.size > 2 else None,
    )


def _unknown(measure: Measure) -> Effect:
    """Return what is known of a number that no pair has."""
    nothing = math.nan
    return Effect(
        measure, 0, nothing, nothing, nothing, None, nothing, None, nothing, None, None, 1.0, None, None, None, None
    )
