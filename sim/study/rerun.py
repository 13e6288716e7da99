"""One run of a study once more, and whether every bit is the same."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sim.core.arrow import frame_of, read_table
from sim.core.errors import Problem, ProtestorateError, ScenarioError, nearest
from sim.models.own import version_of
from sim.run.load import Loaded
from sim.run.result import Run
from sim.run.simulate import simulate
from sim.study.bases import scenario_with
from sim.study.chunk import Chunk, Task, run_chunk
from sim.study.plan import Keep, PlannedRun, hash_of
from sim.study.read import StudyData, read_study
from sim.study.shard import DAMAGE, Shard, UnusableError, files, shard_at

SHORTEST_ID = 6


@dataclass(frozen=True)
class Rerun:
    """What came of repeating a run.

    Parameters
    ----------
    run_id : str
    point : int
    label : str
        Of its point.
    seed : int
    days : int or None
        Steps after which the study stops its runs.
    scenario : Loaded
        The resolved scenario, for whoever wants to look closer.
    compared : tuple of str
        Tables that were compared.
    differ : tuple of str
        ``table.column`` of everything that is not bit for bit the same; empty if all is.
    """

    run_id: str
    point: int
    label: str
    seed: int
    days: int | None
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
    shard, row = _found(data, run_id)
    version = version_of(str(base.get("model", "")) for base in data.manifest["bases"].values())
    if data.manifest["model_version"] != version:
        raise ProtestorateError(
            f"{folder}: was made by model version {data.manifest['model_version']}, this is {version}; install "
            "that version to repeat its runs"
        )
    run = PlannedRun(row["run_id"], row["point"], row["replicate"], row["seed"])
    scenario = scenario_of(data, run.point)
    days = data.manifest.get("days")
    values = {path: row.get(path) for path in data.manifest["changed"]}
    task = Task(run, row["label"], row["base"], {}, values)
    result = run_chunk(Chunk((task,), {row["base"]: scenario}, Keep(**data.manifest["keep"]), days=days))
    if result.failures:
        raise ProtestorateError(f"the run failed: {result.failures[0].reason}")
    again = {name: frame_of(read_table(io.BytesIO(content))) for name, content in result.tables.items()}
    stored = {name: _stored(shard, name, run) for name in again}
    differ = tuple(f"{name}.{column}" for name in again for column in _differing(stored[name], again[name]))
    return Rerun(run.run_id, run.point, row["label"], run.seed, days, scenario, tuple(again), differ)


def again(folder: str | Path, found: Rerun, command: Sequence[str]) -> Run:
    """Return a run that was repeated as a run of its own, which says what repeats it.

    Parameters
    ----------
    folder : str or Path
        The study.
    found : Rerun
    command : sequence of str
        The words of the command that writes it.
    """
    run = simulate(found.scenario, found.seed, days=found.days)
    more = "" if found.days is None else f", days={found.days}"
    call = f"sim.simulate(scenario_of(read_study({str(folder)!r}), {found.point}), seed={found.seed}{more})"
    imports = "import sim\nfrom sim.study import read_study, scenario_of\n\n"
    repeats = {"command": list(command), "python": imports + call}
    return replace(run, provenance={**run.provenance, "again": repeats})


def scenario_of(data: StudyData, point: int) -> Loaded:
    """Return the resolved scenario of a point of a study.

    Raises
    ------
    ProtestorateError
        If it does not come out as it was, because the schema has changed.
    """
    row = data.points.iloc[point]
    try:
        overrides = dict(json.loads(row["overrides"]))
        scenario = scenario_with(data.manifest, row["base"], overrides)
    except DAMAGE as error:
        raise ProtestorateError(f"{data.folder}: the table of points is damaged at point {point}: {error}") from error
    if hash_of(scenario, data.manifest.get("days")) != row["scenario_hash"]:
        raise ProtestorateError(
            f"{data.folder}: the scenario of point {point} does not come out as it was; this version of protestorate "
            f"is not the one that made the study ({data.manifest['model_version']})"
        )
    return scenario


def _found(data: StudyData, run_id: str) -> tuple[Shard, dict[str, Any]]:
    """Return a run's row and the shard that holds it; other shards may be damaged or lost."""
    known: dict[str, tuple[Shard, int]] = {}
    unusable = []
    for path in files(data.folder):
        try:
            shard = shard_at(path, data.members)
        except UnusableError as error:
            unusable.append(f"{path.name} {error}")
            continue
        for place, own in enumerate(shard.table["run_id"].to_pylist()):
            if own in known:
                raise ProtestorateError(f"{data.folder}: the run {own} is stored twice; run the study again to mend it")
            known[own] = shard, place
    if len(run_id) < SHORTEST_ID and run_id not in known:
        said = f"give at least {SHORTEST_ID} letters of the run's id"
        raise ScenarioError(Problem(said, "run_id", str(data.folder), given=run_id))
    matches = [own for own in known if (own.startswith(run_id) if len(run_id) >= SHORTEST_ID else own == run_id)]
    if len(matches) > 1:
        raise ProtestorateError(f"{data.folder}: several runs begin with {run_id!r}; give more of the id")
    if not matches:
        more = f" ({len(unusable)} of its shards cannot be used: {unusable[0]})" if unusable else ""
        message = f"there is no such run{more}"
        near = nearest(run_id, known)
        raise ScenarioError(Problem(message, "run_id", str(data.folder), given=run_id, nearest=near))
    shard, place = known[matches[0]]
    return shard, shard.table.slice(place, 1).to_pylist()[0]


def _stored(shard: Shard, table: str, run: PlannedRun) -> pd.DataFrame:
    if table == "runs":
        content = shard.table
    else:
        try:
            shard.check(table)
        except UnusableError as error:
            message = f"the run cannot be compared: its shard {shard.name} {error}; run the study again to mend it"
            raise ProtestorateError(message) from error
        content = read_table(pa.BufferReader(shard.read(table)))
    return frame_of(content.filter(pc.equal(content["run_id"].cast(pa.string()), run.run_id)))


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
