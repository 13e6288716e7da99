"""One run of a study once more, and whether every bit is the same."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from sim.core.errors import Problem, ProtestorateError, ScenarioError, nearest
from sim.models.own import version_of
from sim.run.load import Loaded, config_hash, derive
from sim.study.chunk import Chunk, Task, run_chunk
from sim.study.manifest import base_of
from sim.study.plan import Keep, PlannedRun
from sim.study.read import StudyData, read_study

A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
SHORTEST_ID = 6


@dataclass(frozen=True)
class Rerun:
    """What came of repeating a run.

    Parameters
    ----------
    run_id : str
    label : str
        Of its point.
    seed : int
    scenario : Loaded
        The resolved scenario, for whoever wants to look closer.
    compared : tuple of str
        Tables that were compared.
    differ : tuple of str
        ``table.column`` of everything that is not bit for bit the same; empty if all is.
    """

    run_id: str
    label: str
    seed: int
    scenario: Loaded
    compared: tuple[str, ...]
    differ: tuple[str, ...]


def rerun(folder: str | Path, run_id: str) -> Rerun:
    """Repeat a run of a study and compare it with what is stored.

    Parameters
    ----------
    folder : str or Path
        The study.
    run_id : str
        The run's id, or its beginning if no other run's begins alike.

    Raises
    ------
    ProtestorateError
        If there is no such run, or the model or the scenario's schema is not the one that made it.
    """
    data = read_study(folder)
    row = _row(data, run_id)
    version = version_of(str(base.get("model", "")) for base in data.manifest["bases"].values())
    if data.manifest["model_version"] != version:
        raise ProtestorateError(
            f"{folder}: was made by model version {data.manifest['model_version']}, this is {version}; install "
            "that version to repeat its runs"
        )
    point = data.points.loc[data.points["point"] == row["point"]].iloc[0]
    scenario = scenario_of(data, int(row["point"]))
    run = PlannedRun(row["run_id"], int(row["point"]), int(row["replicate"]), int(row["seed"]))
    values = {path: _plain(point[path]) for path in data.manifest["changed"]}
    task = Task(run, row["label"], row["base"], {}, values)
    result = run_chunk(Chunk((task,), {row["base"]: scenario}, Keep(**data.manifest["keep"])))
    if result.failures:
        raise ProtestorateError(f"the run failed: {result.failures[0].reason}")
    again = {name: pq.read_table(io.BytesIO(content)).to_pandas() for name, content in result.tables.items()}
    stored = {name: _stored(data, name, run) for name in again}
    differ = tuple(f"{name}.{column}" for name in again for column in _differing(stored[name], again[name]))
    return Rerun(run.run_id, row["label"], run.seed, scenario, tuple(again), differ)


def scenario_of(data: StudyData, point: int) -> Loaded:
    """Return the resolved scenario of a point of a study.

    Raises
    ------
    ProtestorateError
        If it does not come out as it was, because the schema has changed.
    """
    row = data.points.iloc[point]
    overrides = {path: _day(value) for path, value in json.loads(row["overrides"]).items()}
    scenario = derive(base_of(data.manifest, row["base"]), overrides)
    if config_hash(scenario) != row["scenario_hash"]:
        raise ProtestorateError(
            f"{data.folder}: the scenario of point {point} does not come out as it was; this version of protestorate "
            f"is not the one that made the study ({data.manifest['model_version']})"
        )
    return scenario


def _row(data: StudyData, run_id: str) -> Any:
    ids = data.runs["run_id"]
    found = data.runs[ids.str.startswith(run_id)] if len(run_id) >= SHORTEST_ID else data.runs[ids == run_id]
    if found["run_id"].nunique() > 1:
        raise ProtestorateError(f"{data.folder}: several runs begin with {run_id!r}; give more of the id")
    if found.empty:
        near = nearest(run_id, ids)
        raise ScenarioError(Problem("there is no such run", "run_id", str(data.folder), given=run_id, nearest=near))
    return found.iloc[0]


def _stored(data: StudyData, table: str, run: PlannedRun) -> pd.DataFrame:
    shards = sorted((data.folder / table).glob("*.parquet"))
    found = [pq.read_table(path, filters=[("run_id", "=", run.run_id)]) for path in shards]
    frame: pd.DataFrame = next(part for part in found if part.num_rows).to_pandas()
    return frame


def _differing(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return the columns that are not the same in every bit; one that only the other table has differs, too.

    A shard holds the columns of all its runs: where this run has none, it holds nothing.
    """
    columns = dict.fromkeys([*before.columns, *after.columns])
    return [name for name in columns if not _same(before.get(name), after.get(name))]


def _same(before: pd.Series | None, after: pd.Series | None) -> bool:
    if before is None or after is None:
        present = before if after is None else after
        return present is None or bool(present.isna().all())
    return before.astype(object).equals(after.astype(object))


def _day(value: Any) -> Any:
    """JSON has no days; what looks like one was one (the digest of the scenario tells if not)."""
    return dt.date.fromisoformat(value) if isinstance(value, str) and A_DAY.fullmatch(value) else value


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
