"""Adaptive replication: which points of a study need more replicates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset
from numpy.typing import NDArray
from scipy import stats

from sim.scenario.errors import Problem, ScenarioError, nearest
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
        self.values = np.full((len(plan.study.points), len(plan.study.seeds)), np.nan)
        files = sorted(str(path) for path in (folder / "runs").glob("*.parquet"))
        if files:
            table = pa.dataset.dataset(files, format="parquet").to_table()
            for row in table.to_pylist():
                self.take(row)

    def take(self, row: Mapping[str, Any]) -> None:
        """Note the result of a run.

        Raises
        ------
        ScenarioError
            If runs have no such number.
        """
        if self.precision is None:
            return
        name = self.precision.outcome
        if name in row and not isinstance(row[name], str):
            value = float(row[name])
        elif name in _outcomes(self.plan):
            value = float(row["outcome"] == name)
        else:
            known = [key for key, number in row.items() if isinstance(number, (int, float))]
            problem = Problem("is neither a number of the summary nor an outcome", "precision.outcome", given=name)
            raise ScenarioError(Problem(problem.message, problem.path, given=name, nearest=nearest(name, known)))
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

    Student's t for numbers and Wilson's score interval for shares of an outcome (values of 0 and 1 only), which
    does not shrink to nothing when every run has ended alike. Runs that failed (NaN) do not count.
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
    return half <= precision.half_width * (abs(mean) if precision.relative else 1.0)


def _outcomes(plan: Plan) -> set[str]:
    from sim.model import engine_of

    models = {loaded.config.model for loaded in plan.study.bases.values()}  # type: ignore[attr-defined]
    return {name for model in models for name in engine_of(model).outcomes}
