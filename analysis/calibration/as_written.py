"""A case's scenario as its file has it, held against what was observed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.calibration.case import Case
from analysis.calibration.evaluate import Evaluator, Table, check, check_measures, prepared
from sim.run.load import Loaded
from sim.study.workers import warm

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
