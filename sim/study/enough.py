"""Adaptive replication: which points of a study need more replicates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from sim.core.arrow import frame_of, read_table
from sim.core.errors import Problem, ScenarioError, shown
from sim.measures.language import Measure, faults, parse, what_runs_have
from sim.measures.values import RUN, values
from sim.models.interface import declared
from sim.models.results import NEVER
from sim.study.plan import Keep, Plan, Precision
from sim.study.shard import Shard

Read = Callable[[str], bytes]
"""Returns a table of some runs, ``days`` or ``localities``, as a Parquet file."""


class Replication:
    """Hands out rounds of replicates until each point is known well enough.

    The rounds depend on results alone, so that a study cut off and taken up again does the same runs.

    Parameters
    ----------
    plan : Plan
    shards : iterable of Shard
        The stored runs, which count.
    """

    def __init__(self, plan: Plan, shards: Iterable[Shard]) -> None:
        self.plan = plan
        self.precision = plan.study.precision
        if self.precision is None:
            return
        self.outcomes, self.measure = _outcomes(plan), parse(self.precision.outcome)
        configs = (loaded.config for loaded in plan.study.bases.values())
        self.may_never = {one.name for config in configs for one in declared(config).numbers if one.never}
        self.values = np.full((len(plan.study.points), len(plan.study.seeds)), np.nan)
        for shard in shards:
            wanted = [*RUN, "outcome", *self.measure.names]
            known = dict.fromkeys(name for name in wanted if name in shard.table.column_names)
            self.take(shard.table.select(list(known)).to_pylist(), shard.read)

    def take(self, rows: Sequence[Mapping[str, Any]], read: Read) -> None:
        """Note the results of runs that were stored together; a number that one does not have counts as unknown."""
        if self.precision is None or not rows:
            return
        if self.measure.parts:
            runs = pd.DataFrame([{name: row[name] for name in RUN} for row in rows])
            measured = values(self.measure, runs, *self._tables(read)).to_numpy()
            self.values[runs["point"], runs["replicate"]] = measured
            return
        names = self.measure.names
        for row in rows:
            if names[0] in self.outcomes:
                value = float(row["outcome"] in names)
            else:
                found = row.get(names[0])
                value = np.nan if found is None else float(found)
                if names[0] in self.may_never and value == NEVER:
                    value = np.nan
            self.values[row["point"], row["replicate"]] = value

    def _tables(self, read: Read) -> list[pd.DataFrame | None]:
        found: list[pd.DataFrame | None] = []
        for name, columns in (("days", self.measure.columns), ("localities", self.measure.place_columns)):
            table = read_table(pa.BufferReader(read(name))) if columns else None
            found.append(None if table is None else frame_of(table, date_as_object=False))
        return found

    def rounds(self) -> Iterator[tuple[tuple[int, ...], range]]:
        """Yield points and replicates to do next; the results of one round decide on the next."""
        points, seeds = self.plan.distinct, len(self.plan.study.seeds)
        if self.precision is None:
            yield points, range(seeds)
            return
        batch = self.precision.at_least
        for first in range(0, seeds, batch):
            if first:
                points = tuple(point for point in points if not enough(self.values[point, :first], self.precision))
            if not points:
                return
            yield points, range(first, min(first + batch, seeds))


def enough(values: NDArray[np.float64], precision: Precision) -> bool:
    """Return whether the confidence interval of the mean is narrow enough.

    Wilson's score interval where all values are 0 or 1, as for shares of an outcome: it does not shrink to nothing
    when every run has ended alike. Student's t for all others; one that is the same in every run so far, and neither
    0 nor 1, counts as known. Runs that failed, or in which what is counted never happened (NaN), do not count.
    """
    known = values[~np.isnan(values)]
    if known.size < 2:
        return False
    mean = float(known.mean())
    if np.isin(known, (0.0, 1.0)).all():
        interval = stats.binomtest(int(known.sum()), known.size).proportion_ci(precision.confidence, "wilson")
        half = (interval.high - interval.low) / 2.0
    else:
        spread = float(known.std(ddof=1)) / np.sqrt(known.size)
        half = float(stats.t.ppf((1.0 + precision.confidence) / 2.0, known.size - 1)) * spread
    return bool(half <= precision.half_width * (abs(mean) if precision.relative else 1.0))


def check_precision(plan: Plan) -> None:
    """Make sure that adaptive replication can be carried out, before anything is run or written.

    Raises
    ------
    ScenarioError
        If the runs do not have the measure to judge by, or a setting lies out of range.
    """
    precision = plan.study.precision
    if precision is None:
        return
    for name, sound, message in (
        ("at_least", precision.at_least >= 2, "must be at least 2: one run has no interval"),
        ("half_width", precision.half_width > 0.0, "must be above 0"),
        ("confidence", 0.0 < precision.confidence < 1.0, "must lie between 0 and 1"),
    ):
        if not sound:
            given = shown(getattr(precision, name))
            raise ScenarioError(Problem(message, f"precision.{name}", plan.study.name, given=given))
    for base in dict.fromkeys(point.base for point in plan.study.points):
        for problem in faults_of_outcome(precision.outcome, plan.study.bases[base].config, plan.study.keep):
            message = f"{problem.message} (of {base!r})"
            raise ScenarioError(replace(problem, message=message, path="precision.outcome", file=plan.study.name))


def faults_of_outcome(outcome: str, config: Any, keep: Keep) -> list[Problem]:
    """Return why adaptive replication cannot judge the runs of a scenario by a measure; nothing if it can."""
    try:
        measure = parse(outcome)
    except ValueError as error:
        return [Problem(str(error), given=shown(outcome))]
    return faults(measure, what_runs_have(config)) or _not_kept(measure, keep)


def _not_kept(measure: Measure, keep: Keep) -> list[Problem]:
    for name, needed in (("days", measure.columns), ("localities", measure.place_columns)):
        if needed and not getattr(keep, name):
            return [Problem(f"is of a table that the study does not keep; set keep.{name} to true", given=measure.text)]
    return []


def _outcomes(plan: Plan) -> set[str]:
    from sim.models.interface import engine_of

    models = {loaded.config.model for loaded in plan.study.bases.values()}
    return {name for model in models for name in engine_of(model).outcomes}
