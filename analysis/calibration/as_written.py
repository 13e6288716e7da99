"""A case's scenario as its file has it, and as it is when touched, held against what was observed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.calibration.case import Case
from analysis.calibration.evaluate import Candidate, Evaluator, Table, Values, check, check_measures, prepared, table
from analysis.calibration.search import values_in
from analysis.stats.policy import SEED
from sim.run.load import Loaded
from sim.study.workers import warm

TOUCH = 0.05
"""By how much, at most, each calibrated value is moved when a calibration is touched."""
TOUCHED_SETS = 20
TOUCHED_RUNS = 10
Report = Callable[[str, int, int, str], None]
"""Called with what is under way, what is done of it, its number, and how it stands."""


def _scale(loaded: Loaded[Any]) -> int:
    return int(loaded.config.run.persons_per_agent)


def check_case(
    case: Case, seeds: tuple[int, ...], persons_per_agent: int | None, workers: int, report: Report | None = None
) -> tuple[Table, int]:
    """Hold a case's scenario, as its file has it, against what was observed.

    Returns the table and the persons that an agent stood for.
    """
    as_written = Case(case.name, case.targets, {}, case.last_day, case.persons_per_agent)
    loaded = prepared(as_written, persons_per_agent)
    check_measures(as_written, loaded)
    warm(loaded)
    with Evaluator(as_written, loaded, None, workers) as evaluator:
        done = None if report is None else lambda count: report("check", count, len(seeds), f"{count} runs")
        return check(evaluator, seeds, done), _scale(loaded)


def touched_sets(values: Values) -> list[dict[str, float]]:
    """Return `TOUCHED_SETS` sets, always the same, in which each value is moved at random by up to `TOUCH` of itself."""
    moves = np.random.default_rng(SEED).uniform(1.0 - TOUCH, 1.0 + TOUCH, (TOUCHED_SETS, len(values)))
    return [
        {path: value * move for (path, value), move in zip(values.items(), row.tolist(), strict=True)} for row in moves
    ]


def touch(case: Case, seeds: tuple[int, ...], workers: int, report: Report | None = None) -> list[int]:
    """Return how many targets are met when every searched value is moved by up to `TOUCH` of itself, a number a set.

    A calibration on a knife's edge meets far fewer. Each set is run with the first `TOUCHED_RUNS` seeds, at the scale
    of the case's searches.
    """
    loaded = prepared(case)
    sets = touched_sets(values_in(case, loaded))
    warm(loaded)
    with Evaluator(case, loaded, None, workers) as evaluator:
        done = None if report is None else lambda count: report("touched", count, len(sets), f"{count} sets")
        found = evaluator([Candidate(values, seeds[:TOUCHED_RUNS]) for values in sets], done)
    return [table(case, rows).met for rows in found]
