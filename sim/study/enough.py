"""Adaptive replication: which points of a study need more replicates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import stats

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.study.plan import Plan, Precision


class Replication:
    """Hands out rounds of replicates until each point is known well enough.

    The rounds depend on results alone, so that a study cut off and taken up again does the same runs.

    Parameters
    ----------
    plan : Plan
    folder : Path
        The study's folder, whose stored runs count.
    """

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.precision = plan.study.precision
        if self.precision is None:
            return
        self.outcomes = _outcomes(plan)
        self.values = np.full((len(plan.study.points), len(plan.study.seeds)), np.nan)
        for path in sorted((folder / "runs").glob("*.parquet")):
            wanted = ["point", "replicate", "outcome", self.precision.outcome]
            shard = pq.ParquetFile(path)
            known = dict.fromkeys(name for name in wanted if name in shard.schema_arrow.names)
            for row in shard.read(list(known)).to_pylist():
                self.take(row)

    def take(self, row: Mapping[str, Any]) -> None:
        """Note the result of a run; a number that it does not have counts as unknown."""
        if self.precision is None:
            return
        name = self.precision.outcome
        if name in self.outcomes:
            value = float(row["outcome"] == name)
        else:
            found = row.get(name)
            value = np.nan if found is None else float(found)
        self.values[row["point"], row["replicate"]] = value

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
    0 nor 1, counts as known. Runs that failed (NaN) do not count.
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
        If the outcome to judge by is no number of the summary and no outcome, or a setting lies out of range.
    """
    from sim.study.load import outcomes_and_numbers

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
        known = outcomes_and_numbers(plan.study.bases[base])
        if precision.outcome not in known:
            message = f"is neither an outcome nor a number of the summary of {base!r}"
            near = nearest(precision.outcome, known)
            raise ScenarioError(
                Problem(message, "precision.outcome", plan.study.name, given=precision.outcome, nearest=near)
            )


def _outcomes(plan: Plan) -> set[str]:
    from sim.models.interface import engine_of

    models = {loaded.config.model for loaded in plan.study.bases.values()}
    return {name for model in models for name in engine_of(model).outcomes}
