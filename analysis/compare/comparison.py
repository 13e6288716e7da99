"""Everything a comparison finds, from the sides to the numbers that the report shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
import pandas as pd

from analysis.compare.changes import Change, changes
from analysis.compare.effects import Effect, effects_of, numbers_of
from analysis.compare.outcomes import OutcomeDifference, outcome_differences
from analysis.compare.series import Place, Series, national, places_of, series_of
from analysis.compare.sides import Axis, Pairs, Side, axis_of, pair
from analysis.report.figures.style import several
from analysis.stats.outcomes import OutcomeShare, outcome_shares
from analysis.stats.parting import FEWEST_TURNED, Parting
from analysis.stats.policy import FEWEST_PAIRS
from analysis.stats.power import corrected
from sim.models.declarations import Declarations
from sim.models.results import how_often_never
from sim.study.called import quoted


@dataclass(frozen=True)
class Contrast:
    """What is found of B against A.

    Attributes
    ----------
    pairs : Pairs
    shares_a, shares_b : list of OutcomeShare
        Outcomes of the paired runs.
    outcomes : list of OutcomeDifference
    effects : list of Effect
    axis : Axis or None
        The days compared; None without daily numbers.
    series : list of Series
    partings : list of Parting
        One a series.
    places : list of Place
        One a locality.
    changes : list of Change
        What differs between the scenarios.
    notes : tuple of str
        What was left out, and what limits the comparison.
    """

    pairs: Pairs
    shares_a: list[OutcomeShare]
    shares_b: list[OutcomeShare]
    outcomes: list[OutcomeDifference]
    effects: list[Effect]
    axis: Axis | None
    series: list[Series]
    partings: list[Parting]
    places: list[Place]
    changes: list[Change]
    notes: tuple[str, ...]

    @property
    def label(self) -> str:
        """What the comparison is called."""
        return f"{self.pairs.b.called} against {self.pairs.a.called}"

    @property
    def gain(self) -> float | None:
        """Median over all numbers of the variance reduction by pairing; None if no difference varies."""
        known = [row.gain for row in self.effects if row.gain is not None]
        return median(known) if known else None

    @property
    def identical(self) -> bool:
        """Whether no number and no outcome differs in any pair."""
        differ = [row.differs for row in self.outcomes] + [row.differs for row in self.effects]
        return not any(differ) and all(row.touched is None for row in self.partings)


@dataclass(frozen=True)
class Comparison:
    """Several sides, each of the later ones compared with the first.

    Attributes
    ----------
    sides : tuple of Side
    contrasts : tuple of Contrast
        One for each side but the first.
    """

    sides: tuple[Side, ...]
    contrasts: tuple[Contrast, ...]

    @property
    def tests(self) -> int:
        """Number of p-values that are corrected together: of all that differs in any pair."""
        return sum(len(_p_values(one.outcomes)) + len(_p_values(one.effects)) for one in self.contrasts)


def compare_sides(sides: Sequence[Side], measures: Sequence[str] = ()) -> Comparison:
    """Compare sides that have been run; each of the later ones with the first.

    Parameters
    ----------
    sides : sequence of Side
        Two or more.
    measures : sequence of str
        Numbers of the summary to compare; the model's usual ones if left out.

    Raises
    ------
    ProtestorateError
        If two sides have no pair of runs, if their models differ, or for an unknown measure.
    """
    contrasts = [_contrast(sides[0], other, measures) for other in sides[1:]]
    return Comparison(tuple(sides), tuple(_corrected(contrasts)))


def _contrast(a: Side, b: Side, measures: Sequence[str]) -> Contrast:
    pairs = pair(a, b)
    axis = axis_of(a, b)
    series = series_of(pairs, axis) if axis else []
    effects = effects_of(pairs, measures)
    return Contrast(
        pairs=pairs,
        shares_a=outcome_shares(pairs.first["outcome"]),
        shares_b=outcome_shares(pairs.second["outcome"]),
        outcomes=outcome_differences(pairs),
        effects=effects,
        axis=axis,
        series=series,
        partings=national(series),
        places=places_of(pairs, axis) if axis else [],
        changes=changes(a, b),
        notes=(*pairs.notes, *_limits(pairs, axis), *_never(pairs, effects)),
    )


def _never(pairs: Pairs, effects: Iterable[Effect]) -> Iterable[str]:
    """Say of which numbers some pairs have none, because what is counted never happened in them."""
    declared = Declarations(pairs.a.declared.numbers)
    for effect in effects:
        one = declared.of(effect.measure.name)
        sides = ((pairs.a, pairs.first), (pairs.b, pairs.second))
        said = [f"{often} of {quoted(side.called)}" for side, runs in sides if (often := how_often_never(runs, one))]
        if said:
            yield f"{one.label}: {' and '.join(said)}; compared are the other {several(effect.pairs, 'pair')}"


def _limits(pairs: Pairs, axis: Axis | None) -> Iterable[str]:
    count = pairs.seeds.size
    if count < FEWEST_TURNED:
        yield (
            f"with {several(count, 'pair')} no difference can be told from chance at the 5% level, "
            f"whatever its size; at least {FEWEST_TURNED} are needed"
        )
    elif count < FEWEST_PAIRS:
        least = f"{2.0 ** (1 - count):.2g}"
        yield (
            f"with {count} pairs the intervals hold the truth less often than they say where differences are skewed, "
            f"and no p-value can be below {least} before it is corrected for the number of comparisons; {FEWEST_PAIRS} "
            "pairs are better"
        )
    if count > 1 and not any(_varies(runs) for runs in (pairs.first, pairs.second)):
        yield "no number depends on the seed, so replicates add nothing, and intervals and p-values mean nothing here"
    if axis is None:
        yield "a study among them has kept no daily series, so there are no curves and no days of parting"
    else:
        yield axis.note
    ended = [
        f"{int((runs['days'] < runs['days'].max()).sum())} of {quoted(side.called)}"
        for side, runs in ((pairs.a, pairs.first), (pairs.b, pairs.second))
        if "days" in runs and (runs["days"] < runs["days"].max()).any()
    ]
    if ended:
        unit = axis.unit if axis else "day"
        yield (
            f"runs that ended early ({' and '.join(ended)}) have no {unit}s after their end: sums over {unit}s are up "
            "to that end, and curves are of the runs still going on"
        )


def _varies(runs: pd.DataFrame) -> bool:
    """Return whether any number or outcome of a side differs from run to run."""
    return bool((runs[[*numbers_of(runs), "outcome"]].nunique() > 1).any())


def _corrected(contrasts: Iterable[Contrast]) -> list[Contrast]:
    """Correct the p-values of all outcomes and numbers of all contrasts for their number, together.

    What is the same in every pair is left out and keeps its p-value of 1: it could not have come out
    otherwise, and counting it would only hide the rest (Gilbert 2005, Appl. Stat. 54:143-158).
    """
    contrasts = list(contrasts)
    tested = [p for one in contrasts for p in (*_p_values(one.outcomes), *_p_values(one.effects))]
    after = iter(corrected(np.array(tested, dtype=float)).tolist())
    return [
        replace(
            contrast,
            outcomes=[replace(row, p_corrected=next(after) if row.differs else 1.0) for row in contrast.outcomes],
            effects=[replace(row, p_corrected=next(after) if row.differs else 1.0) for row in contrast.effects],
        )
        for contrast in contrasts
    ]


def _p_values(rows: Sequence[OutcomeDifference] | Sequence[Effect]) -> list[float]:
    return [row.p for row in rows if row.differs]
