"""A chunk of runs: the unit that a worker computes and the store keeps or has not."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.core.arrow import table_of
from sim.models import results
from sim.models.own import version_of
from sim.models.results import RESULTS_FORMAT
from sim.run.load import Loaded, derive
from sim.run.result import Run
from sim.run.simulate import simulate
from sim.run.store import described
from sim.study.plan import Keep, PlannedRun

PROGRAM = b"protestorate"
NAME_LENGTH = 16
WRITERS = ("numba", "numpy", "pandas", "pyarrow")


@dataclass(frozen=True)
class Task:
    """A run with all that a worker on another machine needs to do it.

    Parameters
    ----------
    run : PlannedRun
    label, base : str
        Of its point.
    overrides : mapping
        Of its point.
    values : mapping
        The value in force of each key path the study changes.
    """

    run: PlannedRun
    label: str
    base: str
    overrides: Mapping[str, Any]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Chunk:
    """Some runs, and the base scenarios they need.

    Parameters
    ----------
    tasks : tuple of Task
    bases : mapping of str to Loaded
    keep : Keep
    study : str
        Digest of the study, which tells its shards from another study's of the same runs.
    kinds : mapping of str to str
        Arrow type of each key path the study changes, so that a shard in which it is nowhere set has it, too.
    days : int or None
        Steps after which each run stops.
    models : tuple of str
        All models of the study, which its version covers; those of the bases if left out.
    """

    tasks: tuple[Task, ...]
    bases: Mapping[str, Loaded]
    keep: Keep
    study: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    days: int | None = None
    models: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Digest of its runs: the same runs make the same shard."""
        together = " ".join(task.run.run_id for task in self.tasks)
        return hashlib.sha256(together.encode("ascii")).hexdigest()[:NAME_LENGTH]


@dataclass(frozen=True)
class Failure:
    """A run that did not come to its end, and why."""

    run_id: str
    point: int
    label: str
    replicate: int
    seed: int
    reason: str
    details: str = ""


@dataclass(frozen=True)
class Result:
    """What a worker gives back: finished Parquet files, so that only bytes travel and are written.

    Parameters
    ----------
    tables : mapping of str to bytes
        ``runs``, and ``days`` and ``localities`` if they are kept; empty if every run failed.
    failures : tuple of Failure
    version : str
        Model version of the worker.
    rows : tuple of dict
        The rows of ``runs``.
    """

    tables: Mapping[str, bytes]
    failures: tuple[Failure, ...]
    version: str
    rows: tuple[dict[str, Any], ...] = ()


def failure(task: Task, reason: str, details: str = "") -> Failure:
    """Return the record of a task that failed."""
    run = task.run
    return Failure(run.run_id, run.point, task.label, run.replicate, run.seed, reason, details)


def run_chunk(chunk: Chunk) -> Result:
    """Run every task of a chunk; one that raises is recorded, and the rest go on."""
    rows, days, localities, failures = [], [], [], []
    version = version_of(chunk.models or {base.config.model for base in chunk.bases.values()})
    declared: dict[str, dict[str, results.Result]] = {"days": {}, "localities": {}, "runs": {}}
    scenarios: dict[int, Loaded] = {}
    for task in chunk.tasks:
        try:
            if task.run.point not in scenarios:  # the seeds of a point share all that does not depend on them
                scenarios = {task.run.point: derive(chunk.bases[task.base], task.overrides)}
            run = simulate(scenarios[task.run.point], task.run.seed, days=chunk.days)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the run's own; the others must go on
            reason = f"{type(error).__name__}: {error}"
            failures.append(failure(task, reason, traceback.format_exc()))
            continue
        rows.append(row_of(task, run))
        own = run.declared
        for known, found in zip(declared.values(), (own.columns, own.places, own.numbers), strict=True):
            known.update({one.name: one for one in found})
        if chunk.keep.days:
            days.append(_identified(run.days, task.run))
        if chunk.keep.localities and len(run.localities):
            localities.append(_identified(run.localities, task.run))
    tables = {}
    for name, frames in (("days", days), ("localities", localities)):
        if frames:
            stacked = described(_stacked(frames), declared[name].values())
            tables[name] = parquet(stacked, {"study": chunk.study, "chunk": chunk.name}, version)
    if rows:
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in tables.items()}
        table = described(runs_table(rows, chunk.kinds), declared["runs"].values())
        origin = {"study": chunk.study, "chunk": chunk.name, "sha256": {"runs": digest_of(table), **digests}}
        tables["runs"] = parquet(table, origin, version)
    return Result(tables, tuple(failures), version, tuple(rows))


def row_of(task: Task, run: Run) -> dict[str, Any]:
    """Return the row of a run: who it is, how it ended, its summary, the values that were changed."""
    own: dict[str, Any] = {
        "run_id": task.run.run_id,
        "point": task.run.point,
        "label": task.label,
        "base": task.base,
        "replicate": task.run.replicate,
        "seed": task.run.seed,
        "outcome": run.outcome.name,
        "outcome_road": run.outcome.road,
        "outcome_date": run.outcome.date,
        "outcome_reasons": "; ".join(run.outcome.reasons),
    }
    summary = {name: _cell(value) for name, value in run.summary.items() if name not in own}
    return {**own, **summary, **task.values}


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (Mapping, list, tuple)) else value


def runs_table(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> pa.Table:
    """Return rows as a table, types following from the values.

    A column that is empty in all rows has the type it has in other shards, as far as that is known
    (`kinds`): readers take the types of the first shard for those of all.
    """
    names = dict.fromkeys(name for row in rows for name in row)  # models may differ in their numbers
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    known = {"outcome_date": "date32", "peak_date": "date32", **kinds}  # both may be empty in a whole shard
    for place, column in enumerate(table.schema):
        if pa.types.is_null(column.type):
            empty = table.column(place).cast(pa.type_for_alias(known.get(column.name, "float64")))
            table = table.set_column(place, column.name, empty)
    return table


def digest_of(table: pa.Table) -> str:
    """Return a digest of the names and values in a table: Parquet's own checksums leave out names and types."""
    text = json.dumps(table.replace_schema_metadata(None).to_pydict(), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def kind_of(column: Sequence[Any]) -> str:
    """Return the Arrow type of the values that a study gives a key path, by name."""
    found = pa.array(column).type
    return "string" if pa.types.is_null(found) else str(found)


def _identified(frame: pd.DataFrame, run: PlannedRun) -> pa.Table:
    """Return a run's table with the run's identity in front."""
    table = table_of(frame)
    count = table.num_rows
    identity = {
        "run_id": pa.repeat(run.run_id, count).dictionary_encode(),
        "point": pa.repeat(pa.scalar(run.point, pa.int32()), count),
        "replicate": pa.repeat(pa.scalar(run.replicate, pa.int32()), count),
        "seed": pa.repeat(pa.scalar(run.seed, pa.int64()), count),
    }
    for place, (name, column) in enumerate(identity.items()):
        table = table.add_column(place, name, column)
    return table.replace_schema_metadata(None)


def _stacked(tables: list[pa.Table]) -> pa.Table:
    """Join the tables of runs; points may differ in columns (another tactic, one force more)."""
    return pa.concat_tables(tables, promote_options="default").unify_dictionaries()


@cache
def _writers() -> dict[str, Any]:
    """Return the versions of what computes and writes."""
    versions = {name: metadata.version(name) for name in WRITERS}
    return {"results_format": RESULTS_FORMAT, "python": platform.python_version(), **versions}


def parquet(table: pa.Table, origin: Mapping[str, Any], version: str) -> bytes:
    """Return a table as a Parquet file with checksums, which says where it is from and who wrote it."""
    said = {PROGRAM: json.dumps({**origin, "model_version": version, **_writers()}).encode()}
    target = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(said), target, compression="zstd", write_page_checksum=True)
    return target.getvalue()
