"""Statistics over movements of different strength: the points of a sampled design, each a country of its own.

Clusters are points; the runs of a point count together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from analysis.patterns.schema import NUMBER, OUTCOME, Named, Options
from analysis.patterns.sizes import slope
from analysis.stats.clusters import Sample
from analysis.stats.intervals import Floats
from sim.core.errors import FieldError
from sim.scenario.fields import Section
from sim.study.read import StudyData


class Event(Section):
    """Something that happens in a run or does not: a number reaches a value, or the run ends in one of some ways."""

    number: str | None = None
    at_least: float | None = None
    outcomes: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.outcomes) == (self.number is not None):
            raise FieldError("must say either number or outcomes")
        if (self.number is None) != (self.at_least is None):
            raise FieldError("number and at_least go together")
        return self

    def names(self, option: str) -> Iterator[Named]:
        """Yield the number or the outcomes."""
        if self.number is not None:
            yield Named((option, "number"), NUMBER, self.number)
        for place, name in enumerate(self.outcomes):
            yield Named((option, "outcomes", place), OUTCOME, name)

    def happened(self, runs: pd.DataFrame) -> Floats:
        """Return 1 for each run in which it happens, 0 for the others."""
        if self.number is not None:
            reached = runs[self.number].to_numpy(dtype=np.float64) >= float(self.at_least or 0.0)
            return np.asarray(reached, dtype=np.float64)
        return np.asarray(runs["outcome"].isin(self.outcomes), dtype=np.float64)


class ShareByNumber(Options):
    """Options of `share_by_number`."""

    event: Event
    by: str = "peak_turnout_share"
    at_least: float = Field(gt=0.0, description="runs in which `by` is smaller do not count")

    def names(self) -> Iterator[Named]:
        """Yield what the event names, and the number."""
        yield from self.event.names("event")
        yield Named(("by",), NUMBER, self.by)


class ShareGiven(Options):
    """Options of `share_given`."""

    event: Event
    given: Event
    by: str = "peak_turnout_share"
    at_least: float = Field(gt=0.0, description="runs in which `by` is smaller do not count")

    def names(self) -> Iterator[Named]:
        """Yield what both events name, and the number."""
        yield from self.event.names("event")
        yield from self.given.names("given")
        yield Named(("by",), NUMBER, self.by)


def campaigns(data: StudyData, options: ShareByNumber | ShareGiven) -> pd.DataFrame:
    """Return the runs that count, with a `cluster` column."""
    runs = data.runs
    kept = runs[runs[options.by] >= options.at_least].copy()
    kept["cluster"] = np.unique(kept["point"], return_inverse=True)[1]
    return kept


def share_by_number(data: StudyData, options: ShareByNumber) -> Sample:
    """How the share of runs in which something happens changes with each tenfold of a number.

    Slope of the line of least squares of 0 or 1 a run on log10(number).
    """
    runs = campaigns(data, options)
    logs = np.log10(runs[options.by].to_numpy(dtype=np.float64))
    happened, cluster = options.event.happened(runs), runs["cluster"].to_numpy()

    def of(weights: Floats) -> float:
        count = weights[cluster]
        return slope(logs, count, count * happened)

    return Sample(int(runs["cluster"].nunique()), of, unit="points")


def share_given(data: StudyData, options: ShareGiven) -> Sample:
    """Share of runs in which something happens if something else does, less the share if it does not."""
    runs = campaigns(data, options)
    happened, given = options.event.happened(runs), options.given.happened(runs)
    cluster = runs["cluster"].to_numpy()

    def of(weights: Floats) -> float:
        count = weights[cluster]
        with_it, without = count @ given, count @ (1.0 - given)
        if not with_it > 0.0 or not without > 0.0:
            return float("nan")
        return float(count @ (happened * given) / with_it - count @ (happened * (1.0 - given)) / without)

    return Sample(int(runs["cluster"].nunique()), of, unit="points")
