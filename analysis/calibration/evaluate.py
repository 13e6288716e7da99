"""Running candidates: several processes, each candidate's seeds in one task, everything kept in a journal.

A search is deterministic, so that one that was interrupted goes on where it stopped: it asks for the same
candidates again and finds them in the journal. A scenario as it stands is one candidate; its target table stands here, too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from analysis.calibration.case import Case
from analysis.calibration.distance import Floats, average, distance, met, residual, typical
from sim.core.errors import ScenarioError
from sim.core.files import content
from sim.core.version import model_version
from sim.measures.language import faults, what_runs_have
from sim.measures.values import of_run, tables_of
from sim.run.load import Loaded, config_hash, derive, load
from sim.run.simulate import simulate

Values = Mapping[str, float]
JOURNAL = "evaluations.jsonl"


@dataclass(frozen=True)
class Candidate:
    """Parameters to run, for which seeds, and when to give up.

    hopeless : float
        Distance of the first run alone beyond which the other seeds are not run.
    """

    values: Values
    seeds: tuple[int, ...]
    hopeless: float = math.inf


def prepared(case: Case, persons_per_agent: int | None = None) -> Loaded:
    """Return the case's scenario with what the case holds fixed, at a scale."""
    overrides: dict[str, object] = dict(case.fixed)
    if persons_per_agent is not None:
        overrides["run.persons_per_agent"] = persons_per_agent
    return derive(load(case.name), overrides)


def check_measures(case: Case, loaded: Loaded) -> None:
    """Make sure that runs have what the targets measure, before anything runs.

    Raises
    ------
    ScenarioError
        With everything that they do not have, each with the name of its target.
    """
    known = replace(what_runs_have(loaded.config), setting=loaded.config)
    problems = [
        replace(problem, path=f"target '{target.name}'")
        for target in case.targets
        for problem in faults(target.measure, known)
    ]
    if problems:
        raise ScenarioError(problems)


def days_of(case: Case, loaded: Loaded[Any]) -> int | None:
    """Return the days to run for the targets' last date; None for the whole horizon."""
    if case.last_day is None:
        return None
    start: dt.date = loaded.config.time.start
    return (dt.date.fromisoformat(case.last_day) - start).days + 1


def observe(case: Case, loaded: Loaded, candidate: Candidate) -> list[list[float]]:
    """Return the targets' values in the run of each seed, in order; fewer runs if it is hopeless.

    Parameters that the schema refuses, such as two thresholds in the wrong order, answer no target.
    """
    rows: list[list[float]] = []
    try:
        scenario = derive(loaded, candidate.values)
    except ScenarioError:
        return [[math.nan] * len(case.targets)]
    days = days_of(case, loaded)
    for seed in candidate.seeds:
        run = simulate(scenario, seed=seed, days=days)
        tables = tables_of(run)
        rows.append([target.times * of_run(target.measure, tables) for target in case.targets])
        if len(rows) == 1 and distance(case.targets, rows[0]) > candidate.hopeless:
            break
    return rows


class Evaluator:
    """Runs candidates and remembers them.

    Parameters
    ----------
    case : Case
        Targets and scenario.
    loaded : Loaded
        What `prepared` made of it.
    folder : Path or None
        Folder of the journal; None to keep none.
    workers : int
        Processes, each of one thread; with 1 all runs happen here.
    """

    def __init__(self, case: Case, loaded: Loaded, folder: Path | None = None, workers: int = 1) -> None:
        self.case, self.loaded = case, loaded
        self._known: dict[str, list[list[float]]] = {}
        self._base = f"{config_hash(loaded)} {model_version()} {case.last_day} {_described(case)}"
        self._journal = None if folder is None else folder / JOURNAL
        self._pool: Executor | None = None
        self._workers = workers
        self.computed = 0
        if self._journal is not None:
            self._journal.parent.mkdir(parents=True, exist_ok=True)
            self._known = _read(self._journal, len(case.targets))
            self._begin_line(self._journal)

    def __enter__(self) -> Evaluator:
        if self._workers > 1:
            os.environ.update(dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
        return self

    def __exit__(self, *unused: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def __call__(self, candidates: Sequence[Candidate], done: Callable[[int], None] | None = None) -> list[Floats]:
        """Return an array (runs, targets) for each candidate, in order.

        done : called with the number of candidates that are ready, whenever it grows
        """
        keys = [self._key(candidate) for candidate in candidates]
        missing = {key: candidate for key, candidate in zip(keys, candidates, strict=True) if key not in self._known}
        for count, (key, rows) in enumerate(self._compute(missing), start=1):
            self._known[key] = rows
            self._keep(key, missing[key], rows)
            if done is not None:
                done(len(candidates) - len(missing) + count)
        return [np.array(self._known[key], dtype=np.float64) for key in keys]

    def _compute(self, missing: Mapping[str, Candidate]) -> Iterable[tuple[str, list[list[float]]]]:
        work = partial(observe, self.case, self.loaded)
        self.computed += len(missing)
        if self._pool is None:
            yield from ((key, work(candidate)) for key, candidate in missing.items())
            return
        futures: dict[str, Future[list[list[float]]]] = {
            key: self._pool.submit(work, candidate) for key, candidate in missing.items()
        }
        yield from ((key, future.result()) for key, future in futures.items())

    @staticmethod
    def _begin_line(journal: Path) -> None:
        """End a line that was cut off, so that the next entry stands on its own."""
        if journal.exists() and not content(journal).endswith(b"\n"):
            with journal.open("a", encoding="utf-8") as file:
                file.write("\n")

    def _key(self, candidate: Candidate) -> str:
        asked = [self._base, sorted(candidate.values.items()), candidate.seeds, candidate.hopeless]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:24]

    def _keep(self, key: str, candidate: Candidate, rows: list[list[float]]) -> None:
        if self._journal is not None:
            entry = {"key": key, "values": dict(candidate.values), "seeds": candidate.seeds, "rows": rows}
            with self._journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")


def distance_of(case: Case, rows: Floats) -> float:
    """Return the distance of a candidate's mean run."""
    return distance(case.targets, average(rows))


def _described(case: Case) -> str:
    return json.dumps([[target.name, target.measure.text, target.times] for target in case.targets])


def _read(journal: Path, targets: int) -> dict[str, list[list[float]]]:
    """Read what was run before; a line that was cut off, or is none of ours, counts as not run."""
    known: dict[str, list[list[float]]] = {}
    if not journal.exists():
        return known
    for line in content(journal).decode("utf-8", "replace").splitlines():
        try:
            entry: Any = json.loads(line)
            key, rows = entry["key"], entry["rows"]
        except (ValueError, LookupError, TypeError, RecursionError):
            continue
        if isinstance(key, str) and _are_runs(rows, targets):
            known[key] = rows
    return known


def _are_runs(rows: object, targets: int) -> bool:
    """Whether a journal's rows are a row a run, each with a number for every target."""
    return (
        isinstance(rows, list)
        and bool(rows)
        and all(
            isinstance(row, list) and len(row) == targets and all(type(value) in (float, int) for value in row)
            for row in rows
        )
    )


@dataclass(frozen=True)
class Row:
    """A target beside the runs: observed range, median run (mean of a share), 90% of runs, whether it is met.

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
