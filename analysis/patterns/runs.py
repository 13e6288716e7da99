"""Statistics of one number a run: its level at a point, and differences between points that share their seeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from analysis.patterns.schema import LABEL, MEASURE, OTHERS, AtPoint, Named, Options, point_of, runs_of
from analysis.stats.clusters import Sample
from analysis.stats.intervals import Floats, mean_interval, median_interval, wilson
from analysis.stats.paired import are_shares, paired
from sim.measures.language import parse
from sim.measures.values import tables_for, values
from sim.study.read import StudyData

Two = Annotated[list[str], Field(min_length=2, max_length=2)]


class Level(AtPoint):
    """Options of `level`."""

    measure: str
    by: Literal["mean", "median"] = "mean"

    def names(self) -> Iterator[Named]:
        """Yield the point and the measure."""
        yield from super().names()
        yield Named(("measure",), MEASURE, self.measure)


class Difference(Options):
    """Options of `difference`."""

    measure: str
    of: str
    less: str
    relative: bool = False

    def names(self) -> Iterator[Named]:
        """Yield both points and the measure."""
        yield Named(("measure",), MEASURE, self.measure)
        yield Named(("of",), LABEL, self.of)
        yield Named(("less",), LABEL, self.less)


class Interaction(Options):
    """Options of `interaction`."""

    measure: str
    of: Two
    less: Two

    def names(self) -> Iterator[Named]:
        """Yield the four points and the measure."""
        yield Named(("measure",), MEASURE, self.measure)
        for option, labels in (("of", self.of), ("less", self.less)):
            for place, label in enumerate(labels):
                yield Named((option, place), LABEL, label)


class NearestPoint(Options):
    """Options of `nearest_point`: which points might stand for one, or for several at once, such as one a setting."""

    measures: list[str] = Field(min_length=1)
    to: str | list[str]
    points: list[list[str]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_for_each(self) -> NearestPoint:
        if not self.targets or any(len(labels) != len(self.targets) for labels in self.points):
            raise ValueError(f"points: must have a label for each of {len(self.targets)} in `to`")
        if len(self.targets) > 1 and not self.points:
            raise ValueError("points: must say which points might stand for those in `to`")
        return self

    @property
    def targets(self) -> list[str]:
        """The labels of what is to be stood for."""
        return [self.to] if isinstance(self.to, str) else self.to

    def names(self) -> Iterator[Named]:
        """Yield the points and the measures."""
        if isinstance(self.to, str):
            yield Named(("to",), LABEL, self.to)
            yield Named(("to",), OTHERS, self.to)
        else:
            for place, label in enumerate(self.to):
                yield Named(("to", place), LABEL, label)
        for row, labels in enumerate(self.points):
            for place, label in enumerate(labels):
                yield Named(("points", row, place), LABEL, label)
        for place, text in enumerate(self.measures):
            yield Named(("measures", place), MEASURE, text)


def measured(data: StudyData, text: str, point: int) -> pd.Series:
    """Return a measure (see `sim.measures`) of each run of a point, by replicate."""
    return _values(data, text, [point]).droplevel("point")


def measured_everywhere(data: StudyData, text: str) -> dict[int, pd.Series]:
    """Return a measure of each run, by point and replicate; the tables are read once."""
    values = _values(data, text, None)
    present = sorted(set(data.runs["point"].tolist()))
    return {point: values.xs(point, level="point") for point in present}


def of_each_run(data: StudyData, text: str) -> pd.Series:
    """Return a measure of each run, by point and replicate."""
    return _values(data, text, None)


def _values(data: StudyData, text: str, points: list[int] | None) -> pd.Series:
    measure = parse(text)
    runs = data.runs if points is None else data.runs[data.runs["point"].isin(points)]
    return values(measure, runs, *tables_for([measure], data, points))


def level(data: StudyData, options: Level) -> Sample:
    """Mean or median, over the runs of a point, of one number a run.

    value = sum_s w_s y_s / sum_s w_s, or the weighted median. Student's interval, Wilson's where all y are 0 or 1, for
    medians that between two of the values.
    """
    return of_values(measured(data, options.measure, point_of(data, options.at)).to_numpy(), options.by)


def of_values(values: Floats, by: str = "mean") -> Sample:
    """Return the mean or median of one number a cluster; numbers that are not there are left out."""
    known = values[np.isfinite(values)]
    left_out = int(values.size - known.size)
    if by == "median":
        own = median_interval(known)
        return Sample(known.size, lambda weights: weighted_median(known, weights), own=own, left_out=left_out)
    own = wilson(int(known.sum()), known.size) if are_shares(known) else mean_interval(known)
    return Sample(known.size, lambda weights: weighted_mean(known, weights), own=own, left_out=left_out)


def weighted_mean(values: Floats, weights: Floats) -> float:
    """Return the mean with weights; not a number if there are none."""
    return float(weights @ values / weights.sum()) if weights.sum() > 0.0 else float("nan")


def weighted_median(values: Floats, weights: Floats) -> float:
    """Return the median of values that count as often as their whole weights say."""
    return float(np.median(np.repeat(values, weights.astype(np.int64))))


def difference(data: StudyData, options: Difference) -> Sample:
    """Mean paired difference between two points that share their seeds, as a share of the second's mean if relative.

    value = mean_s(y_s(of) - y_s(less)) [/ mean_s y_s(less)]; Student's interval,
    Newcombe's for shares of runs, a bootstrap's if relative.
    """
    pairs = _together(data, options.measure, (options.of, options.less))
    return of_pairs(pairs[:, 0], pairs[:, 1], options.relative, _lost(data, options.of, len(pairs)))


def of_pairs(first: Floats, second: Floats, relative: bool = False, left_out: int = 0) -> Sample:
    """Return the mean difference of pairs, first less second; as a share of the second's mean if `relative`."""

    def of(weights: Floats) -> float:
        base = weighted_mean(second, weights)
        raw = weighted_mean(first, weights) - base
        if not relative:
            return raw
        return raw / base if base else float("nan")

    own = None if relative else paired(second, first, are_shares(first, second)).interval
    return Sample(first.size, of, own=own, left_out=left_out)


def interaction(data: StudyData, options: Interaction) -> Sample:
    """How much more one change multiplies an outcome in one setting than in another.

    value = ln(mean y(of[0]) / mean y(of[1])) - ln(mean y(less[0]) / mean y(less[1])), means over the seeds that all
    four points share. Positive if the change from of[1] to of[0] is the larger factor.
    """
    four = _together(data, options.measure, (*options.of, *options.less))

    def of(weights: Floats) -> float:
        means = [weighted_mean(column, weights) for column in four.T]
        if not min(means) > 0.0:
            return float("nan")
        return float(np.log(means[0] / means[1]) - np.log(means[2] / means[3]))

    return Sample(len(four), of, left_out=_lost(data, options.of[0], len(four)))


def _together(data: StudyData, measure: str, labels: tuple[str, ...]) -> Floats:
    """Return a measure at several points, a row a seed that all have, a column a point."""
    columns = [measured(data, measure, point_of(data, label)) for label in labels]
    table = pd.concat(columns, axis=1, join="inner").to_numpy(dtype=np.float64)
    return np.asarray(table[np.isfinite(table).all(axis=1)])


def _lost(data: StudyData, label: str, kept: int) -> int:
    return runs_of(data, point_of(data, label)) - kept


def nearest_point(data: StudyData, options: NearestPoint) -> Sample:
    """How far what comes nearest to some points is from them in the measure, and setting, in which it is farthest.

    value = min over candidates p of max over settings k and measures m of |mean_s m(p_k) / mean_s m(to_k) - 1|, over
    the seeds s that all points share. Without settings a candidate is a point, and any other than `to` is one.
    """
    to = [point_of(data, label) for label in options.targets]
    candidates = [[point_of(data, label) for label in labels] for labels in options.points]
    candidates = candidates or [[point] for point in sorted(set(data.points["point"].tolist())) if point not in to]
    tables = []
    for text in options.measures:
        found = measured_everywhere(data, text)
        for setting in range(len(to)):
            points = [points[setting] for points in (to, *candidates)]
            tables.append(pd.concat([found[point] for point in points], axis=1, join="inner"))
    shared = pd.concat(tables, axis=1, join="inner").dropna().to_numpy(dtype=np.float64)
    values = shared.reshape(len(shared), len(tables), len(candidates) + 1)

    def of(weights: Floats) -> float:
        if not weights.sum() > 0.0:
            return float("nan")
        means = np.tensordot(weights, values, axes=1) / weights.sum()
        if not means[:, :1].all():
            return float("nan")
        return float(np.abs(means[:, 1:] / means[:, :1] - 1.0).max(axis=0).min())

    return Sample(len(values), of, left_out=runs_of(data, to[0]) - len(values))
