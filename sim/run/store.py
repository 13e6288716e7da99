"""A run's folder on disk: days.parquet, localities.parquet, run.json.

A folder is either complete or not there. It is written beside its final place, and renamed
only when everything in it, the report included, has reached the disk.
"""

from __future__ import annotations

import datetime as dt
import enum
import errno
import json
import math
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.core.errors import ProtestorateError
from sim.models.results import Result

if TYPE_CHECKING:
    from sim.run.simulate import Run

PROGRAM = "protestorate"
FORMAT = 1
# Any other failure to open or write a file is a mistake of the program and must show as one.
REFUSALS_OF_THE_DISK = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EIO,
    errno.ENAMETOOLONG,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
UNFINISHED = ".unfinished"
DAYS, LOCALITIES, RECORD = "days.parquet", "localities.parquet", "run.json"
OWN = frozenset({DAYS, LOCALITIES, RECORD, "report.html", "figures"})
"""What a result folder may hold and --force may replace."""


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
    """Text of run.json."""
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
    folder = _absolute(folder)
    try:
        _refuse_to_destroy(folder, force)
        with tempfile.TemporaryDirectory(dir=_missing_parents(folder)[0].parent):
            pass
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_run(run: Run, folder: Path, force: bool, extras: Callable[[Path], object] | None = None) -> Path:
    """Write a run's folder, completely or not at all.

    Parameters
    ----------
    run : Run
        As returned by `sim.simulate`.
    folder : Path
        Created with its parents.
    force : bool
        Whether an earlier result there may be replaced. It is, once the new one is complete.
    extras : callable (Path) -> object, optional
        Given the unfinished folder to add more files to, such as the report.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ProtestorateError
        As `check_writable`, or if the disk refuses.
    """
    folder = _absolute(folder)
    try:
        _refuse_to_destroy(folder, force)
        with _unfinished(folder) as unfinished:
            _write_tables(run, unfinished)
            if extras is not None:
                extras(unfinished)
            _flush_to_disk(unfinished)
            _refuse_to_destroy(folder, force)  # once more: another run may have finished here meanwhile
            _put_in_place(unfinished, folder)
    except OSError as error:
        if error.errno in REFUSALS_OF_THE_DISK:
            raise _unwritable(folder, error) from error
        raise
    return folder


def read_run(folder: Path) -> Stored:
    """Read a run's folder; raises ProtestorateError if there is no result in it."""
    folder = Path(folder)
    record = _read_record(folder)
    if record is None:
        raise ProtestorateError(f"{folder}: no result of protestorate (a folder with {RECORD}) is here")
    try:
        days = pq.read_table(folder / DAYS).to_pandas()
        localities = pq.read_table(folder / LOCALITIES).to_pandas()
    except (OSError, pa.ArrowInvalid) as error:
        raise ProtestorateError(f"{folder}: the result is damaged: {error}") from error
    return Stored(days, localities, record)


def _absolute(folder: Path) -> Path:
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
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
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


def _missing_parents(folder: Path) -> list[Path]:
    """Folders to create, outermost first, down to `folder` itself."""
    missing = [folder]
    while not missing[0].parent.exists():
        missing.insert(0, missing[0].parent)
    return missing


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder beside the final one; whatever happens, it is gone afterwards."""
    new_parents = _missing_parents(folder)[:-1]
    unfinished = folder.parent / f".{folder.name[:40]}.{secrets.token_hex(4)}{UNFINISHED}"
    try:
        try:
            unfinished.mkdir(parents=True)
        except OSError as error:
            raise _unwritable(folder, error) from error
        yield unfinished
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        for parent in reversed(new_parents):
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        raise


def _write_tables(run: Run, folder: Path) -> None:
    record = record_of(run)
    origin = {key: record[key] for key in ("program", "format", "seed", "outcome", "provenance")}
    _write_table(run.days, folder / DAYS, origin, run.declared.columns)
    _write_table(run.localities, folder / LOCALITIES, origin, run.declared.places)
    (folder / RECORD).write_text(as_json(record), encoding="utf-8")


def described(table: pa.Table, results: Iterable[Result]) -> pa.Table:
    """Return a table whose fields say what they are: unit, kind, label, meaning, how to combine days."""
    known = {one.name: one for one in results}
    fields = [
        field.with_metadata(known[field.name].metadata()) if field.name in known else field for field in table.schema
    ]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


def _write_table(table: pd.DataFrame, path: Path, origin: dict[str, Any], results: Iterable[Result]) -> None:
    """The origin travels in the file's key-value metadata, so a copied table still says where it is from."""
    content = described(pa.Table.from_pandas(table, preserve_index=False), results)
    metadata = {**(content.schema.metadata or {}), PROGRAM.encode(): json.dumps(origin).encode()}
    pq.write_table(content.replace_schema_metadata(metadata), path, compression="zstd")


def _flush_to_disk(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    _flush_names(folder)


def _flush_names(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened, and needs no flush
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file completely or not at all: beside its place, flushed to the disk, then renamed.

    Raises
    ------
    OSError
        If the disk refuses; what stood at `path` still stands there.
    """
    unfinished = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _flush_names(path.parent)


def _put_in_place(new: Path, folder: Path) -> None:
    old = new.with_suffix(".replaced")
    try:
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        # Also when interrupted between the two renames: one of the two results stands, never none.
        if old.exists():
            if folder.exists():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.rename(folder)
    _flush_names(folder.parent)


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
