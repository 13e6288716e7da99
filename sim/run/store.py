"""A run's folder on disk: days.parquet, localities.parquet, run.json.

A folder is either complete or not there. It is written beside its final place, and renamed
only when everything in it, the report included, has reached the disk.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import json
import math
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from sim.core.arrow import frame_of, read_table, table_of
from sim.core.errors import ProtestorateError, ScenarioError, kept, one_line
from sim.core.files import json_of, opened
from sim.core.keypath import dotted
from sim.models.interface import schema_of
from sim.models.results import Result
from sim.run.load import DEFAULT_MODEL
from sim.run.place import REFUSALS_OF_THE_DISK as REFUSALS_OF_THE_DISK
from sim.run.place import UNFINISHED as UNFINISHED
from sim.run.place import flush_to_disk, missing_parents, put_in_place, recover, unfinished_folder

if TYPE_CHECKING:
    from sim.run.result import Run
    from sim.scenario.fields import Scenario

PROGRAM = "protestorate"
FORMAT = 1
DAYS, LOCALITIES, RECORD = "days.parquet", "localities.parquet", "run.json"
OWN = frozenset({DAYS, LOCALITIES, RECORD, "report.html", "figures"})
"""What a result folder may hold and --force may replace."""
PARTS: dict[str, type] = {
    "format": int, "outcome": dict, "summary": dict, "seed": int, "provenance": dict, "scenario": dict,
}  # fmt: skip
"""What run.json must hold for it to be read."""


@dataclass(frozen=True)
class Stored:
    """A run read back from its folder.

    Attributes
    ----------
    days : DataFrame
        A row a day.
    localities : DataFrame
        A row a day and locality.
    record : dict
        Content of run.json: outcome, summary, seed, resolved scenario, provenance.
    """

    days: pd.DataFrame
    localities: pd.DataFrame
    record: dict[str, Any]

    @property
    def config(self) -> Scenario:
        """The checked scenario that the run was made of.

        Raises
        ------
        ProtestorateError
            If today's schema does not take it, or it was changed by hand.
        """
        data = self.record["scenario"]
        try:
            schema = schema_of(str(data.get("model", DEFAULT_MODEL)))
        except ScenarioError as error:
            raise ScenarioError([replace(one, file=one.file or RECORD) for one in error.problems]) from error
        try:
            return schema.model_validate_json(json.dumps(data))
        except ValidationError as error:
            place = dotted(error.errors(include_url=False)[0]["loc"])
            message = f"{RECORD}: the scenario does not fit this version of protestorate, or was changed: {place}"
            raise ProtestorateError(message) from error

    def __repr__(self) -> str:
        scenario, outcome = self.record["provenance"].get("scenario"), self.record["outcome"].get("name")
        return f"Stored({scenario!r}, seed={self.record['seed']}, rows={len(self.days)}, outcome={outcome!r})"


def record_of(run: Run) -> dict[str, Any]:
    """Content of a run's run.json: plain dicts, lists, text and numbers; NaN and infinities become None."""
    record: dict[str, Any] = as_plain(
        {
            "program": PROGRAM,
            "format": FORMAT,
            "outcome": asdict(run.outcome),
            "summary": run.summary,
            "seed": run.seed,
            "provenance": run.provenance,
            "scenario": run.scenario.model_dump(mode="json", by_alias=True),
        }
    )
    return record


def as_json(record: dict[str, Any]) -> str:
    """Return the text of a record, such as run.json; it must be plain (see `as_plain`)."""
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def check_writable(folder: Path, force: bool) -> None:
    """Make sure, before hours of computing, that a result can be written.

    Parameters
    ----------
    folder : Path
        Where the result is to go.
    force : bool
        Whether an earlier result there may be replaced.

    Raises
    ------
    ProtestorateError
        If the folder cannot be created, holds a result and `force` is off, or holds
        anything that is not a result.
    """
    folder = absolute(folder)
    try:
        recover(folder)
        _refuse_to_destroy(folder, force)
        with tempfile.TemporaryDirectory(dir=missing_parents(folder)[0].parent):
            pass
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_run(run: Run, folder: Path, force: bool, extras: Callable[[Path], object] | None = None) -> Path:
    """Write a run's folder: its tables completely or not at all, then what is made of them.

    Parameters
    ----------
    run : Run
        As returned by `sim.simulate`.
    folder : Path
        Created with its parents.
    force : bool
        Whether an earlier result there may be replaced. It is, once the new one is complete.
    extras : callable (Path) -> object, optional
        Given the unfinished folder to add more files to, such as the report. If it fails, the tables are kept and
        nothing of its own.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ProtestorateError
        As `check_writable`, or if the disk refuses.
    UnfinishedError
        If `extras` fails; the folder stands all the same.
    """
    folder = absolute(folder)
    failure: BaseException | None = None
    check_writable(folder, force)
    try:
        with unfinished_folder(folder) as unfinished:
            _write_tables(run, unfinished)
            if extras is not None:
                try:
                    with kept(folder):
                        extras(unfinished)
                except (KeyboardInterrupt, ProtestorateError) as error:
                    failure = error
                    _remove_all_but_tables(unfinished)
            flush_to_disk(unfinished)
            _refuse_to_destroy(folder, force)  # once more: another run may have finished here meanwhile
            put_in_place(unfinished, folder)
    except OSError as error:
        if error.errno in REFUSALS_OF_THE_DISK:
            raise _unwritable(folder, error) from error
        raise
    if failure is not None:
        raise failure
    return folder


def read_run(folder: Path) -> Stored:
    """Read a run's folder; raises ProtestorateError if there is no result in it."""
    folder = absolute(Path(folder))
    with contextlib.suppress(OSError):  # where nothing can be written, nothing can be put right
        recover(folder)
    record = _read_record(folder)
    if record is None and (folder / RECORD).is_file():
        raise ProtestorateError(f"{folder / RECORD}: is not the record of a run of {PROGRAM}, or damaged")
    if record is None and (folder / "study.json").is_file():
        raise ProtestorateError(
            f"{folder}: is a study, and a single run is needed; protestorate rerun makes one of a row"
        )
    if record is None:
        raise ProtestorateError(f"{folder}: no result of protestorate (a folder with {RECORD}) is here")
    wrong = [name for name, kind in PARTS.items() if not isinstance(record.get(name), kind)]
    if wrong:
        raise ProtestorateError(
            f"{folder / RECORD}: has been changed or damaged: {wrong[0]} is missing or not what it should be"
        )
    if record["format"] > FORMAT:
        raise ProtestorateError(f"{folder / RECORD}: was written by a later version of {PROGRAM}, which can read it")
    return Stored(_read_table(folder, DAYS, record), _read_table(folder, LOCALITIES, record), record)


def absolute(folder: Path) -> Path:
    """Follow links, so that a link to a results folder stays a link."""
    try:
        return Path(folder).expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise _unwritable(Path(folder), error) from error


def _unwritable(folder: Path, error: Exception) -> ProtestorateError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ProtestorateError(f"{folder}: the result cannot be written here: {reason}")


def _read_record(folder: Path) -> dict[str, Any] | None:
    try:
        record = json_of(folder / RECORD)
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and record.get("program") == PROGRAM else None


def _refuse_to_destroy(folder: Path, force: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ProtestorateError(f"{folder}: is a file, and a folder for the result is needed")
    if not any(folder.iterdir()):
        return
    if _read_record(folder) is None:
        raise ProtestorateError(
            f"{folder}: holds files that are not a result of protestorate; "
            "they are left alone, choose another folder with --out"
        )
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in OWN)
    if strangers:
        raise ProtestorateError(
            f"{folder}: holds {strangers[0]!r} beside a result, which --force would delete; move it, or choose "
            "another folder with --out"
        )
    if not force:
        raise ProtestorateError(
            f"{folder}: holds a result already; replace it with --force or choose another folder with --out"
        )


def _write_tables(run: Run, folder: Path) -> None:
    record = record_of(run)
    origin = {key: record[key] for key in ("program", "format", "seed", "outcome", "provenance")}
    _write_table(run.days, folder / DAYS, {**origin, "table": DAYS}, run.declared.columns)
    _write_table(run.localities, folder / LOCALITIES, {**origin, "table": LOCALITIES}, run.declared.places)
    (folder / RECORD).write_text(as_json(record), encoding="utf-8", errors="backslashreplace")


def _remove_all_but_tables(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name not in (DAYS, LOCALITIES, RECORD):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def described(table: pa.Table, results: Iterable[Result]) -> pa.Table:
    """Return a table whose fields say what they are: unit, kind, label, meaning, how to combine days."""
    known = {one.name: one for one in results}
    fields = [
        field.with_metadata(known[field.name].metadata()) if field.name in known else field for field in table.schema
    ]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


def _write_table(table: pd.DataFrame, path: Path, origin: dict[str, Any], results: Iterable[Result]) -> None:
    """The origin travels in the file's key-value metadata, so a copied table still says where it is from."""
    content = described(table_of(table), results)
    metadata = {**(content.schema.metadata or {}), PROGRAM.encode(): json.dumps(origin).encode()}
    with path.open("wb") as file:  # Arrow itself can open no path that is not UTF-8
        pq.write_table(content.replace_schema_metadata(metadata), file, compression="zstd")


def _read_table(folder: Path, name: str, record: dict[str, Any]) -> pd.DataFrame:
    path = folder / name
    try:
        with opened(path) as file:
            table = read_table(file)
        origin = json.loads((table.schema.metadata or {})[PROGRAM.encode()])
        own = all(origin[key] == record[key] for key in ("seed", "provenance"))
        own &= origin.get("table", name) == name  # earlier versions did not say which it is
        frame = frame_of(table)
    except (OSError, pa.ArrowException, LookupError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ProtestorateError(f"{path}: is missing or damaged: {one_line(str(error).strip())}") from error
    if not own:
        raise ProtestorateError(f"{path}: is of another run than {RECORD} beside it")
    return frame


def as_plain(value: Any) -> Any:
    """Return a value as JSON knows it: plain dicts, lists, text and numbers; NaN and infinities become None."""
    if isinstance(value, dict):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return as_plain(value.tolist())
    if isinstance(value, np.generic):
        return as_plain(value.item())
    if isinstance(value, enum.Enum):
        return as_plain(value.value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return str(value)
