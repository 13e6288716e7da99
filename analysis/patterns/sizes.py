"""Statistics over events: their sizes, who is detained at them, and which of them are repressed.

An event is a day of action in one locality (`locality_day`), the finest that the tables hold, or a day of the whole
country (`day`). Clusters are seeds, or points where the events of all points of a sampled design count. Events of one
size are counted together, so that resampling is quick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from analysis.patterns.schema import DAY_COLUMN, PLACE_COLUMN, SAMPLED, AtPoint, Named, point_of
from analysis.stats.clusters import Sample
from analysis.stats.intervals import Floats
from analysis.stats.reported import Reported, reporting
from sim.core.errors import FieldError, shown
from sim.study.read import StudyData

TURNOUT = "attending"
STEPS, ENOUGH = 100, 1e-10


class Events(AtPoint):
    """Options that say which events count."""

    unit: Literal["locality_day", "day"] = "locality_day"
    points: Literal["one", "all"] = Field(default="one", description="all: the events of a sampled design, whole")
    at_least: float = Field(default=1.0, gt=0.0, description="persons; smaller events do not count")

    @model_validator(mode="after")
    def _one_or_all(self) -> Self:
        if self.points == "all" and self.at is not None:
            raise FieldError("names one point, but the events of all count", ("at",), shown(self.at))
        return self

    def names(self) -> Iterator[Named]:
        """Yield the point, or what says that all must be independent."""
        yield from super().names()
        if self.points == "all":
            yield Named(("points",), SAMPLED, self.points)

    def column(self, option: str, name: str) -> Named:
        """Return the name of a column of the table that holds the events."""
        return Named((option,), PLACE_COLUMN if self.unit == "locality_day" else DAY_COLUMN, name)


class Elasticity(Events):
    """Options of `size_elasticity`."""

    of: str = "detained"

    def names(self) -> Iterator[Named]:
        """Yield the point and the column."""
        yield from super().names()
        yield self.column("of", self.of)


class ShareBySize(Events):
    """Options of `share_by_size`."""

    event: str = "detained"
    share: float = Field(
        default=0.0, ge=0.0, le=1.0, description="part of those who came that must be reached, besides one"
    )

    def names(self) -> Iterator[Named]:
        """Yield the point and the column."""
        yield from super().names()
        yield self.column("event", self.event)


class LogSize(Events):
    """Options of `log_size`."""

    moment: Literal["mean", "deviation"] = "mean"
    reported: Reported | None = Field(default=None, description="count events as often as they would be reported")

    def names(self) -> Iterator[Named]:
        """Yield the point and what says that the table of events is needed."""
        yield from super().names()
        yield self.column("unit", TURNOUT)


@dataclass(frozen=True)
class Sized:
    """Events by cluster and size.

    Parameters
    ----------
    sizes : array of float, shape (sizes,)
        Persons, ascending.
    count, total : array of float, shape (clusters, sizes)
        How many events of each size there are, and what they have in all (such as persons detained).
    unit : str
        What a cluster is: ``seeds`` or ``points``.
    """

    sizes: Floats
    count: Floats
    total: Floats
    unit: str

    def sample(self, of: Callable[[Floats], float]) -> Sample:
        """Return a statistic of these events."""
        return Sample(len(self.count), of, unit=self.unit)


def events(data: StudyData, options: Events, column: str | None = None, share: float | None = None) -> Sized:
    """Return the events of one point's runs, or of all points'.

    Parameters
    ----------
    column : str, optional
        What is added up in `total`; nothing if left out.
    share : float, optional
        Count the events at which `column` is above 0 and at least this share of the size, in place of its sum.
    """
    columns = list(dict.fromkeys([TURNOUT, column or TURNOUT]))
    everywhere = options.points == "all"
    points = None if everywhere else [point_of(data, options.at)]
    table = data.localities(columns, points) if options.unit == "locality_day" else data.days(columns, points)
    size = table[TURNOUT].to_numpy(dtype=np.float64)
    there = (size > 0.0) & (size >= options.at_least)
    amount = table[column].to_numpy(dtype=np.float64) if column else np.zeros(size.size)
    if share is not None:
        amount = ((amount > 0.0) & (amount >= share * size)).astype(np.float64)
    clusters, cluster = np.unique(table["point" if everywhere else "replicate"].to_numpy(), return_inverse=True)
    sizes, place = np.unique(size[there], return_inverse=True)
    count, total = (np.zeros((clusters.size, sizes.size)) for _ in range(2))
    np.add.at(count, (cluster[there], place), 1.0)
    np.add.at(total, (cluster[there], place), amount[there])
    return Sized(sizes, count, total, "points" if everywhere else "seeds")


def size_elasticity(data: StudyData, options: Elasticity) -> Sample:
    """Elasticity of the detained with respect to the size of an event, days without detained included.

    detained = exp(a + b ln(size)), b by Poisson pseudo maximum likelihood; b < 1: less than in proportion.

    Source: Santos Silva & Tenreyro 2006, Rev. Econ. Stat. 88:641-658, doi:10.1162/rest.88.4.641 (a regression of the
    logarithm would have to leave out the events without detained, and so be biased).
    """
    found = events(data, options, options.of)
    logs = np.log(found.sizes)

    def of(weights: Floats) -> float:
        return elasticity(logs, weights @ found.count, weights @ found.total)

    return found.sample(of)


def elasticity(logs: Floats, count: Floats, total: Floats) -> float:
    """Return b of total = count * exp(a + b logs) by maximum likelihood; not a number if it does not exist.

    Newton's method on the likelihood with a at its best value for each b, which is concave in b.
    """
    there = count > 0.0
    if not total.sum() > 0.0 or there.sum() < 2:
        return float("nan")
    x, n = logs[there] - logs[there].mean(), count[there]
    wanted = float(total[there] @ x / total.sum())
    if not x.min() < wanted < x.max():
        return float("nan")  # all at the smallest or the largest events: no finite elasticity
    b = 0.0
    for _ in range(STEPS):
        share = np.log(n) + b * x
        share = np.exp(share - share.max())
        share /= share.sum()
        mean = float(share @ x)
        step = (wanted - mean) / float(share @ (x - mean) ** 2)
        b += float(np.clip(step, -1.0, 1.0))
        if abs(step) < ENOUGH:
            return b
    return float("nan")


def share_by_size(data: StudyData, options: ShareBySize) -> Sample:
    """How the share of events with something (such as any detention) changes with each tenfold of their size.

    Slope of the line of least squares of 0 or 1 an event on log10(size).
    """
    found = events(data, options, options.event, options.share)
    logs = np.log10(found.sizes)

    def of(weights: Floats) -> float:
        return slope(logs, weights @ found.count, weights @ found.total)

    return found.sample(of)


def slope(x: Floats, count: Floats, total: Floats) -> float:
    """Return the slope of least squares of `total / count` on `x`, each x counting `count` times."""
    everything = count.sum()
    if not everything > 0.0:
        return float("nan")
    from_mean = x - count @ x / everything
    spread = float(count @ from_mean**2)
    return float(from_mean @ total / spread) if spread > 0.0 else float("nan")


def log_size(data: StudyData, options: LogSize) -> Sample:
    """Mean or standard deviation of log10 of the sizes of events, of all or of those that would be reported.

    Resampled studies in which `reporting` has no solution have no value, and are left out of the interval.
    """
    found = events(data, options)
    logs = np.log10(found.sizes)

    def of(weights: Floats) -> float:
        count = weights @ found.count
        if options.reported is not None:
            count = count * reporting(found.sizes, count, options.reported)
        everything = count.sum()
        if not everything > 0.0:
            return float("nan")
        mean = float(count @ logs / everything)
        return mean if options.moment == "mean" else float(np.sqrt(count @ (logs - mean) ** 2 / everything))

    return found.sample(of)
