"""A whole calibration: search, accept, check, each a call that a notebook could make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.calibration.accept import accept
from analysis.calibration.case import Case
from analysis.calibration.evaluate import Candidate, Evaluator, Table, check, check_measures, distance_of, prepared
from analysis.calibration.record import Record, accepted_part, accepted_sets, new_record, path_of, write_record
from analysis.calibration.search import Descent, Found, Settings, descend, position_of, search, values_at, values_in
from sim.run.load import Loaded
from sim.study.workers import warm

Report = Callable[[str, int, int, str], None]
"""Called with what is under way, what is done of it, its number, and how it stands."""
Tell = Callable[[int, str], None] | None
Pair = tuple[Record, str]


@dataclass(frozen=True)
class Plan:
    """How to calibrate.

    Parameters
    ----------
    evaluations : int
        Candidates of the search, at a coarse scale.
    fine : int
        Parameter sets of the descent from where the search ended, at the fine scale.
    accept : int
        Parameter sets for the accepted ranges, at the fine scale.
    seeds : int
        Runs of each candidate; the descent compares points by twice as many.
    persons_per_agent : int or None
        Coarse scale; None for the case's own choice.
    fine_scale : int or None
        Fine scale; None for the scenario's own.
    seed : int
        Of the search itself.
    workers : int
        Processes.
    before : dict or None
        A record to go on from, instead of the scenario's own parameters; its stages stay in the new one.
    """

    evaluations: int
    fine: int
    accept: int
    seeds: int = 2
    persons_per_agent: int | None = None
    fine_scale: int | None = None
    seed: int = 1
    workers: int = 1
    before: Record | None = None


def calibrate(case: Case, plan: Plan, folder: Path, command: str, report: Report | None = None) -> Pair:
    """Search for a case's parameters and for the ranges in which they do as well.

    Parameters
    ----------
    folder : Path
        Of the journal, by which the same call goes on where it stopped.
    command : str
        What to name in the record as the way to do it again.

    Returns
    -------
    record : dict
        What was found.
    sets : str
        The accepted parameter sets as CSV; empty if none were asked for.
    """
    record = new_record(case, command)
    if plan.before is not None:
        record["command"] = f"{plan.before['command']} && {command}"
        record["stages"] = list(plan.before["stages"])
    coarse = prepared(case, plan.persons_per_agent or case.persons_per_agent)
    fine = prepared(case, plan.fine_scale)
    check_measures(case, coarse)
    warm(coarse)
    found = _beginning(case, plan, coarse)
    if plan.evaluations:
        settings = Settings(plan.evaluations, tuple(range(1, plan.seeds + 1)), plan.seed)
        with Evaluator(case, coarse, folder, plan.workers) as evaluator:
            found, stage = _search(evaluator, found, settings, _telling(report, "search", plan.evaluations))
        record["stages"].append(stage)
    if plan.fine:
        descent = Descent(plan.fine, runs=2 * plan.seeds, seed=plan.seed)
        with Evaluator(case, fine, folder, plan.workers) as evaluator:
            found, stage = _descend(evaluator, found, descent, _telling(report, "descent", plan.fine))
        record["stages"].append(stage)
    best = values_at(case, found.position)
    record["best"] = {"distance": found.distance, "values": best}
    if plan.before is not None and not (plan.evaluations or plan.fine):  # the same best: what was said of it holds
        record |= {name: plan.before[name] for name in ("best", "check") if name in plan.before}
    if not plan.accept:
        return record, ""
    with Evaluator(case, fine, folder, plan.workers) as evaluator:
        tell = _telling(report, "accepted ranges", plan.accept)
        accepted = accept(evaluator, found, plan.accept, plan.seeds, plan.seed, report=tell)
    record["accepted"] = {**accepted_part(case, accepted, best), "persons_per_agent": _scale(fine)}
    return record, accepted_sets(case, accepted)


def _beginning(case: Case, plan: Plan, loaded: Loaded) -> Found:
    """Where a search begins: at a record's best or the scenario's own, and a tenth of the limits around it."""
    values = values_in(case, loaded)
    if plan.before is not None:
        values |= plan.before["best"]["values"]
    position = position_of(case, {path: values[path] for path in case.searched})
    return Found(position, np.eye(len(position)) * 0.1**2, np.nan, 0)


def _search(evaluator: Evaluator, before: Found, settings: Settings, tell: Tell) -> tuple[Found, Record]:
    found = search(evaluator, before.position, settings, tell)
    return found, {
        "method": "CMA-ES",
        "persons_per_agent": _scale(evaluator.loaded),
        "runs": len(settings.seeds),
        **asdict(settings),
        "evaluations": found.evaluations,
        "before": _distance(evaluator, before, settings.seeds),
        "distance": found.distance,
    }


def _descend(evaluator: Evaluator, before: Found, plan: Descent, tell: Tell) -> tuple[Found, Record]:
    found = descend(evaluator, before, plan, tell)
    return found, {
        "method": "Gauss-Newton with slopes from regression",
        "persons_per_agent": _scale(evaluator.loaded),
        **asdict(plan),
        "evaluations": found.evaluations,
        "before": _distance(evaluator, before, tuple(range(1, plan.runs + 1))),
        "distance": found.distance,
    }


def _distance(evaluator: Evaluator, found: Found, seeds: tuple[int, ...]) -> float:
    case = evaluator.case
    return distance_of(case, evaluator([Candidate(values_at(case, found.position), seeds)])[0])


def _telling(report: Report | None, title: str, total: int) -> Tell:
    if report is None:
        return None
    return lambda done, label: report(title, min(done, total), total, label)


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


def keep(case: Case, pair: Pair, folder: Path | None = None) -> Path:
    """Write a record and the accepted sets beside it; return the record's path."""
    record, sets = pair
    path = path_of(case, folder)
    write_record(path, record)
    if sets:
        path.with_name(f"{path.stem}-accepted.csv").write_text(sets, encoding="utf-8")
    return path
