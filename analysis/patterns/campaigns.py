"""Statistics over movements of different strength: the points of a sampled design, each a country of its own.

Clusters are points; the runs of a point count together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from analysis.patterns.runs import of_each_run, weighted_mean
from analysis.patterns.schema import MEASURE, NUMBER, OUTCOME, Named, Options
from analysis.patterns.sizes import slope
from analysis.stats.clusters import Sample
from analysis.stats.intervals import Floats, wilson
from sim.core.errors import FieldError, shown
from sim.measures.values import RUN
from sim.scenario.fields import Section
from sim.study.read import StudyData


class Event(Section):
    """Something that happens in a run or does not: a number reaches a value, or the run ends in one of some ways.

    Where both are given, either is enough.
    """

    number: str | None = Field(default=None, description="a measure of a run, such as min:coercion")
    at_least: float | None = None
    below: float | None = None
    outcomes: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if not self.outcomes and self.number is None:
            raise FieldError("must say number, outcomes or both")
        if (self.at_least is not None) + (self.below is not None) != (self.number is not None):
            raise FieldError("number goes together with either at_least or below")
        return self

    def names(self, option: str) -> Iterator[Named]:
        """Yield the number or the outcomes."""
        if self.number is not None:
            yield Named((option, "number"), MEASURE, self.number)
        for place, name in enumerate(self.outcomes):
            yield Named((option, "outcomes", place), OUTCOME, name)

    def happened(self, data: StudyData, runs: pd.DataFrame) -> Floats:
        """Return 1 for each of some runs in which it happens, 0 for the others."""
        found = runs["outcome"].isin(self.outcomes).to_numpy()
        if self.number is not None:
            values = of_each_run(data, self.number).loc[pd.MultiIndex.from_frame(runs[RUN])].to_numpy(dtype=np.float64)
            limit = float(self.at_least if self.at_least is not None else self.below or 0.0)
            found = found | (values >= limit if self.at_least is not None else values < limit)
        return np.asarray(found, dtype=np.float64)


class Sizes(Section):
    """How often movements of each size are to count, so that they are as large as those that were observed."""

    below: list[float] = Field(min_length=1, description="upper ends of all bins of `by` but the last, rising")
    shares: list[float] = Field(min_length=2, description="share of observed movements in each bin")

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if len(self.shares) != len(self.below) + 1:
            raise FieldError(f"must be {len(self.below) + 1}, one for each bin", ("shares",), shown(self.shares))
        if sorted(set(self.below)) != self.below:
            raise FieldError("must rise", ("below",), shown(self.below))
        if min(self.shares) < 0.0 or abs(sum(self.shares) - 1.0) > 0.001:
            raise FieldError("must not be negative, and add to 1", ("shares",), shown(self.shares))
        return self

    def weigh(self, bins: NDArray[np.int64], count: Floats) -> Floats:
        """Return the weights of runs that count so often each: in every bin they add to its share.

        A bin without a run has no weight; the others keep their proportions.
        """
        in_bin = np.bincount(bins, count, len(self.shares))
        factor = np.divide(self.shares, in_bin, out=np.zeros_like(in_bin), where=in_bin > 0.0)
        return np.asarray(count * factor[bins])

    def bins(self, values: Floats) -> NDArray[np.int64]:
        """Return the bin of each value, 0 for the smallest."""
        return np.asarray(np.searchsorted(self.below, values, side="right"), dtype=np.int64)


class OfMovements(Options):
    """Which runs of a sampled design count, and how often."""

    by: str = "peak_turnout_share"
    at_least: float = Field(gt=0.0, description="runs in which `by` is smaller do not count")
    below: float | None = Field(default=None, description="runs in which `by` is not smaller do not count")
    sizes: Sizes | None = Field(default=None, description="weights by `by`; all runs count alike if left out")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.below is not None and self.below <= self.at_least:
            raise FieldError(f"must be more than at_least, which is {self.at_least:g}", ("below",), shown(self.below))
        return self

    def names(self) -> Iterator[Named]:
        """Yield the number."""
        yield Named(("by",), NUMBER, self.by)


class ShareOf(OfMovements):
    """Options of `share_of`."""

    event: Event

    def names(self) -> Iterator[Named]:
        """Yield what the event names, and the number."""
        yield from self.event.names("event")
        yield from super().names()


class ShareByNumber(OfMovements):
    """Options of `share_by_number`."""

    event: Event

    def names(self) -> Iterator[Named]:
        """Yield what the event names, and the number."""
        yield from self.event.names("event")
        yield from super().names()


class ShareGiven(OfMovements):
    """Options of `share_given`."""

    event: Event
    given: Event
    part: Literal["difference", "with", "without"] = "difference"

    def names(self) -> Iterator[Named]:
        """Yield what both events name, and the number."""
        yield from self.event.names("event")
        yield from self.given.names("given")
        yield from super().names()


def campaigns(data: StudyData, options: OfMovements) -> pd.DataFrame:
    """Return the runs that count, with a `cluster` column."""
    runs = data.runs
    counts = runs[options.by] >= options.at_least
    if options.below is not None:
        counts &= runs[options.by] < options.below
    kept = runs[counts].copy()
    kept["cluster"] = np.unique(kept["point"], return_inverse=True)[1]
    return kept


def weights_of(options: OfMovements, runs: pd.DataFrame) -> Callable[[Floats], Floats]:
    """Return what makes weights of runs out of weights of clusters."""
    cluster = runs["cluster"].to_numpy()
    if options.sizes is None:
        return lambda weights: weights[cluster]
    sizes, bins = options.sizes, options.sizes.bins(runs[options.by].to_numpy(dtype=np.float64))
    return lambda weights: sizes.weigh(bins, weights[cluster])


def share_of(data: StudyData, options: ShareOf) -> Sample:
    """Share of movements in which something happens.

    value = sum_i w_i e_i / sum_i w_i over runs i; with `sizes` the weights of the runs of a bin add to its share.
    """
    runs = campaigns(data, options)
    happened, weigh = options.event.happened(data, runs), weights_of(options, runs)

    def of(weights: Floats) -> float:
        return weighted_mean(happened, weigh(weights))

    alike = options.sizes is None and int(runs["cluster"].nunique()) == len(runs)
    own = wilson(int(happened.sum()), len(runs)) if alike and len(runs) else None
    return Sample(int(runs["cluster"].nunique()), of, unit="points", own=own)


def share_by_number(data: StudyData, options: ShareByNumber) -> Sample:
    """How the share of runs in which something happens changes with each tenfold of a number.

    Slope of the line of least squares of 0 or 1 a run on log10(number).
    """
    runs = campaigns(data, options)
    logs = np.log10(runs[options.by].to_numpy(dtype=np.float64))
    happened, weigh = options.event.happened(data, runs), weights_of(options, runs)

    def of(weights: Floats) -> float:
        count = weigh(weights)
        return slope(logs, count, count * happened)

    return Sample(int(runs["cluster"].nunique()), of, unit="points")


def share_given(data: StudyData, options: ShareGiven) -> Sample:
    """Share of runs in which something happens if something else does, less the share if it does not; or either."""
    runs = campaigns(data, options)
    happened, given = options.event.happened(data, runs), options.given.happened(data, runs)
    weigh = weights_of(options, runs)

    def of(weights: Floats) -> float:
        count = weigh(weights)
        with_it = weighted_mean(happened, count * given)
        without = weighted_mean(happened, count * (1.0 - given))
        return {"with": with_it, "without": without, "difference": with_it - without}[options.part]

    return Sample(int(runs["cluster"].nunique()), of, unit="points")
