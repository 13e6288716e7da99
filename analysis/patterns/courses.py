"""Statistics over the course of a run: rhythms, what comes first, what fades and what lasts. Clusters are seeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Annotated, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator
from scipy import signal

from analysis.patterns.runs import of_values
from analysis.patterns.schema import CALENDAR, DAY_COLUMN, AtPoint, Named, point_of
from analysis.stats.clusters import Sample
from analysis.stats.intervals import Floats
from sim.core.errors import FieldError
from sim.models.mobilisation.schema.scenario import WEEKDAYS, Weekday
from sim.study.read import StudyData

ROUNDING = 1e-9
"""Shares of few elites are sums that may miss a round number by so much."""
Lag = Annotated[int, Field(ge=1)]


class Course(AtPoint):
    """Options of a statistic over one daily column."""

    column: str = "attending"
    since: dt.date | None = None
    until: dt.date | None = None

    def names(self) -> Iterator[Named]:
        """Yield the point and the column."""
        yield from super().names()
        yield Named(("column",), DAY_COLUMN, self.column)
        if self.since is not None or self.until is not None:
            yield Named((), CALENDAR, "")


class Autocorrelation(Course):
    """Options of `autocorrelation`."""

    lag: Lag = 7
    against: list[Lag] = Field(default_factory=list)


class BusiestWeekday(Course):
    """Options of `busiest_weekday`."""

    weekday: Weekday = "sunday"

    def names(self) -> Iterator[Named]:
        """Yield the point and the column, and that there must be weekdays."""
        yield from super().names()
        yield Named((), CALENDAR, "")


class AfterPeak(Course):
    """Options of `after_peak`."""

    days: Annotated[list[Lag], Field(min_length=2, max_length=2)]


class FirstDay(Course):
    """Options of `first_day`."""

    above: float
    by: Literal["mean", "median"] = "median"


class Lead(AtPoint):
    """Options of `lead`."""

    first: str
    second: str
    fall: float | None = Field(default=None, gt=0.0, description="from the first value")
    to: float | None = Field(default=None, description="whatever the first value was")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.fall is None) == (self.to is None):
            raise FieldError("must say either fall or to")
        return self

    def names(self) -> Iterator[Named]:
        """Yield the point and both columns."""
        yield from super().names()
        yield Named(("first",), DAY_COLUMN, self.first)
        yield Named(("second",), DAY_COLUMN, self.second)


def autocorrelation(data: StudyData, options: Autocorrelation) -> Sample:
    """Mean over runs of the autocorrelation of ln(1 + column), its straight trend taken out.

    value = r(lag) less the mean of r over the lags in `against`, r(k) = sum_t z_t z_(t+k) / sum_t z_t^2.
    """

    def of_run(days: pd.DataFrame) -> float:
        z = signal.detrend(np.log1p(days[options.column].to_numpy(dtype=np.float64)))
        others = [correlation(z, lag) for lag in options.against]
        return correlation(z, options.lag) - (float(np.mean(others)) if others else 0.0)

    return of_values(_of_runs(data, options, of_run))


def correlation(z: Floats, lag: int) -> float:
    """Return the autocorrelation of a series of mean 0; not a number if it is too short or does not vary."""
    power = float(z @ z)
    return float(z[:-lag] @ z[lag:] / power) if z.size > lag and power > 0.0 else float("nan")


def busiest_weekday(data: StudyData, options: BusiestWeekday) -> Sample:
    """Mean over runs of the share of whole weeks, Monday to Sunday, in which one weekday has the most.

    Weeks without anything do not count.
    """
    wanted = WEEKDAYS.index(options.weekday)

    def of_run(days: pd.DataFrame) -> float:
        weekday = days["date"].dt.day_of_week
        monday = days["date"] - pd.to_timedelta(weekday, unit="D")
        table = days.assign(monday=monday, weekday=weekday).pivot(
            index="monday", columns="weekday", values=options.column
        )
        weeks = table.dropna()
        weeks = weeks[(weeks > 0).any(axis=1)]
        return float((weeks.idxmax(axis=1) == wanted).mean()) if len(weeks) else float("nan")

    return of_values(_of_runs(data, options, of_run))


def after_peak(data: StudyData, options: AfterPeak) -> Sample:
    """Mean over runs of a column's mean some days after its highest day, as a share of that day's value.

    Runs that end before the last of these days have no value.
    """
    first, last = options.days

    def of_run(days: pd.DataFrame) -> float:
        values = days[options.column].to_numpy(dtype=np.float64)
        peak = int(values.argmax())
        if peak + last >= values.size or not values[peak] > 0.0:
            return float("nan")
        return float(values[peak + first : peak + last + 1].mean() / values[peak])

    return of_values(_of_runs(data, options, of_run))


def first_day(data: StudyData, options: FirstDay) -> Sample:
    """Mean or median over runs of the days until a column first passes a value, 0 for the first day.

    A run in which it never does counts as the number of its days.
    """

    def of_run(days: pd.DataFrame) -> float:
        return float(first_true(days[options.column].to_numpy(dtype=np.float64) > options.above))

    return of_values(_of_runs(data, options, of_run), options.by)


def first_true(passed: np.ndarray) -> int:
    """Return the place of the first true value, or the number of values if there is none."""
    return int(passed.argmax()) if passed.any() else int(passed.size)


def lead(data: StudyData, options: Lead) -> Sample:
    """Mean over runs of the days by which one column has fallen by some amount before another has.

    Each counts from its first value (`fall`), or both must come down to one value (`to`). A column that never falls
    so far counts as falling after the last day, so that the lead is then a lower bound; runs in which neither does have
    no value.
    """
    columns = [options.first, options.second]
    table = data.days(columns, [point_of(data, options.at)])
    leads = []
    for _, days in table.groupby("replicate", sort=True):
        values = days[columns].to_numpy(dtype=np.float64)
        limits = values[0] - options.fall if options.fall is not None else np.full(2, options.to)
        one, other = (first_true(values[:, place] <= limits[place] + ROUNDING) for place in range(2))
        neither = one == other == len(values)
        leads.append(float("nan") if neither else float(other - one))
    return of_values(np.array(leads))


def _of_runs(data: StudyData, options: Course, of_run: Callable[[pd.DataFrame], float]) -> Floats:
    """Return a number for each run of the point, from the days that count."""
    table = data.days([options.column], [point_of(data, options.at)])
    if options.since is not None:
        table = table[table["date"] >= pd.Timestamp(options.since)]
    if options.until is not None:
        table = table[table["date"] <= pd.Timestamp(options.until)]
    return np.array([of_run(days) for _, days in table.groupby("replicate", sort=True)])
