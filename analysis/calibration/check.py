"""The target table: a scenario as it stands against what was observed, over a list of seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from analysis.calibration.case import Case
from analysis.calibration.distance import Floats, distance, met, residual, typical
from analysis.calibration.evaluate import Candidate, Evaluator


@dataclass(frozen=True)
class Row:
    """A target beside the runs: observed range, median run (mean of a share), 90 % of runs, whether it is met.

    within : share of the single runs whose value lies in the observed range.
    """

    target: str
    unit: str
    value: float
    low: float
    high: float
    found: float
    run_low: float
    run_high: float
    met: bool
    residual: float
    within: float
    source: str
    note: str


@dataclass(frozen=True)
class Table:
    """The rows, and the distance of the median run."""

    rows: tuple[Row, ...]
    distance: float

    @property
    def met(self) -> int:
        """Number of targets that the median run meets."""
        return sum(row.met for row in self.rows)

    def as_record(self) -> dict[str, object]:
        """Return the table as plain data."""
        return {"distance": self.distance, "met": self.met, "rows": [asdict(row) for row in self.rows]}


def check(evaluator: Evaluator, seeds: Sequence[int], done: Callable[[int], None] | None = None) -> Table:
    """Run the evaluator's scenario once a seed and hold it against the targets."""
    found = evaluator([Candidate({}, (seed,)) for seed in seeds], done)
    return table(evaluator.case, np.concatenate(found))


def table(case: Case, runs: Floats) -> Table:
    """Return the target table of an array (runs, targets)."""
    middle = typical(case.targets, runs)
    rows = []
    for place, target in enumerate(case.targets):
        values = runs[:, place]
        known = values[~np.isnan(values)]
        low, high = np.quantile(known, [0.05, 0.95]) if len(known) else (np.nan, np.nan)
        rows.append(
            Row(
                target=target.name,
                unit=target.unit,
                value=target.value,
                low=target.low,
                high=target.high,
                found=middle[place],
                run_low=float(low),
                run_high=float(high),
                met=met(target, middle[place]),
                residual=residual(target, middle[place]),
                within=float(np.mean((values >= target.low) & (values <= target.high))),
                source=target.source,
                note=target.note,
            )
        )
    return Table(tuple(rows), distance(case.targets, middle))
