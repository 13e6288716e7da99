"""A study's folder: shards that are whole or not there, a manifest, failures, and a lock.

A chunk is kept by writing its ``localities`` and ``days`` first and its ``runs`` last: a chunk counts
only if its ``runs`` stand. Whatever else a sudden end leaves behind is found by `Survey` and put right.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from sim.core.errors import ProtestorateError
from sim.core.paths import check_text
from sim.run.store import REFUSALS_OF_THE_DISK, UNFINISHED, write_atomically
from sim.study.chunk import PROGRAM, Failure, Result, digest_of
from sim.study.plan import Plan

MANIFEST, POINTS, FAILURES, SET_ASIDE = "study.json", "points.parquet", "failures.json", "set_aside"
LOCK, HOLDER = ".lock", ".lock-holder"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
TABLES = ("localities", "days", "runs")  # in the order in which a chunk's tables are written


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other study out of a folder.

    The lock is the system's own: it ends with the process that holds it, however that ends.

    Raises
    ------
    ProtestorateError
        If another process is at work in the folder, or the folder cannot be made.
    """
    check_text(folder)
    with disk_refusals(folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileNotFoundError as error:  # a place where no folder can be, such as /proc
            raise ProtestorateError(f"{folder}: cannot be made: {error.strerror}") from error
        lock = FileLock(folder / LOCK, timeout=0)
        holder = folder / HOLDER
        try:
            lock.acquire()
        except Timeout:
            who = (holder.read_text(encoding="utf-8") if holder.exists() else "") or "another process"
            raise ProtestorateError(
                f"{folder}: {who} is at work in this folder; wait for it, or choose another"
            ) from None
        except IsADirectoryError as error:
            raise ProtestorateError(f"{folder / LOCK}: is a folder, and a file is needed here; remove it") from error
        except NotImplementedError as error:
            raise ProtestorateError(f"{folder}: this file system knows no locks; choose a folder on another") from error
        if holder.is_dir():
            lock.release()
            raise ProtestorateError(f"{holder}: is a folder, and a file is needed here; remove it")
    try:
        with disk_refusals(folder):
            holder.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):  # a disk that refuses has been complained of already
            holder.unlink(missing_ok=True)
        lock.release()


@contextmanager
def disk_refusals(folder: Path) -> Iterator[None]:
    """Say what a full, read-only or broken disk means for the study."""
    try:
        yield
    except OSError as error:
        if error.errno not in REFUSALS_OF_THE_DISK:
            raise
        needed = "there is room again" if error.errno in NO_ROOM else "that is mended"
        message = f"{folder}: the study cannot be written: {error.strerror}. What is finished is kept; once {needed}, "
        raise ProtestorateError(message + "the same command goes on") from error


@dataclass(frozen=True)
class Survey:
    """What a folder holds of a plan.

    Parameters
    ----------
    done : array of bool, shape (points, replicates)
        Runs that are stored.
    set_aside : tuple of str
        Files that were damaged or no part of this study, with the reason; moved to ``set_aside``.
    """

    done: NDArray[np.bool_]
    set_aside: tuple[str, ...]


def survey(folder: Path, plan: Plan, study: str) -> Survey:
    """Find out which runs are stored, and put right what a sudden end has left behind.

    Parameters
    ----------
    folder : Path
    plan : Plan
    study : str
        The study's digest, which its shards carry.

    Raises
    ------
    ProtestorateError
        If something else stands where a table's folder should be.
    """
    done = np.zeros((len(plan.study.points), len(plan.study.seeds)), dtype=bool)
    aside = []
    for table in TABLES:
        try:
            (folder / table).mkdir(exist_ok=True)
        except FileExistsError:
            raise ProtestorateError(f"{folder / table}: is a file, and a folder is needed here; move it") from None
    for place in (folder, *(folder / table for table in TABLES)):
        for path in place.glob(f".*{UNFINISHED}"):
            path.unlink()
    for path in sorted((folder / "runs").iterdir()):
        try:
            _count(path, folder, plan, study, done)
        except _Unusable as error:
            aside.append(_put_aside(folder, path, str(error)))
    for table in TABLES[:-1]:
        for path in sorted((folder / table).iterdir()):
            if not (folder / "runs" / path.name).exists():
                if _is_own(path, study):
                    path.unlink()  # a chunk that was cut off before it counted
                else:
                    aside.append(_put_aside(folder, path, "is no part of this study"))
    return Survey(done, tuple(aside))


class _Unusable(Exception):
    """A shard that cannot be counted, and why."""


def _count(path: Path, folder: Path, plan: Plan, study: str, done: NDArray[np.bool_]) -> None:
    """Mark the runs of a shard as done, after making sure that it is whole and belongs to the plan."""
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        origin = json.loads((table.schema.metadata or {})[PROGRAM])
        rows = table.select(["run_id", "point", "replicate"]).to_pydict()
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise _Unusable(f"is damaged or no shard of a study ({_first_line(error)})") from error
    if origin.get("sha256", {}).get("runs") != digest_of(table):
        raise _Unusable("is damaged: its rows are not those that were written")
    if origin.get("study") != study:
        raise _Unusable("is a shard of another study")
    if origin.get("chunk") != path.stem:
        raise _Unusable("is another chunk than its name says")
    places = list(zip(rows["point"], rows["replicate"], strict=True))
    for run_id, (point, replicate) in zip(rows["run_id"], places, strict=True):
        inside = 0 <= point < done.shape[0] and 0 <= replicate < done.shape[1]
        if not inside or plan.run(point, replicate).run_id != run_id:
            raise _Unusable("holds runs of another study")
        if done[point, replicate]:
            raise _Unusable("holds a run that is stored already")
    for name in TABLES[:-1]:
        if _digest(folder / name / path.name) != origin["sha256"].get(name):
            raise _Unusable(f"cannot count, because its {name} are missing or damaged")
    for point, replicate in places:
        done[point, replicate] = True


def _digest(path: Path) -> str | None:
    """Return the digest of a shard that is to be what it was, None if there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError:
        return "unreadable"


def _is_own(path: Path, study: str) -> bool:
    """Return whether a shard can be made again, because it is this study's."""
    try:
        origin = json.loads((pq.read_metadata(path).metadata or {})[PROGRAM])
        return bool(origin["study"] == study and origin["chunk"] == path.stem)
    except (OSError, pa.ArrowException, KeyError, ValueError):
        return False


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def _put_aside(folder: Path, path: Path, reason: str) -> str:
    """Move a file where it does no harm, under a name that is free."""
    target = folder / SET_ASIDE / f"{path.parent.name}-{path.name}"
    target.parent.mkdir(exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{path.parent.name}-{path.name}.{number}")
    shutil.move(path, target)  # a table's folder may lie on another disk
    return f"{path.relative_to(folder)} {reason}; moved to {target.relative_to(folder)}, its runs are done again"


def keep(folder: Path, chunk: str, result: Result) -> None:
    """Store the tables of a chunk, ``runs`` last."""
    with disk_refusals(folder):
        for table in TABLES:
            if table in result.tables:
                write_atomically(folder / table / f"{chunk}.parquet", result.tables[table])


def read_failures(folder: Path) -> list[Failure]:
    """Return the runs that failed."""
    path = folder / FAILURES
    if not path.exists():
        return []
    try:
        return [Failure(**entry) for entry in read_json(path)]
    except TypeError:
        message = f"{path}: is no list of failures; remove it, and the runs that failed are done again"
        raise ProtestorateError(message) from None


def write_failures(folder: Path, failures: list[Failure]) -> None:
    """Store the runs that failed; no file if none did."""
    with disk_refusals(folder):
        if failures:
            write_json(folder / FAILURES, [asdict(entry) for entry in failures])
        else:
            (folder / FAILURES).unlink(missing_ok=True)


def read_json(path: Path) -> Any:
    """Return a file of the study.

    Raises
    ------
    ProtestorateError
        If it is not there or not readable.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProtestorateError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ProtestorateError(f"{path}: is damaged: {error}") from error


def write_json(path: Path, content: Any) -> None:
    """Write a file of the study, completely or not at all."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=_iso)
    # A file name that is no UTF-8 holds halves of letters, which JSON can spell and UTF-8 cannot.
    write_atomically(path, (text + "\n").encode("utf-8", "backslashreplace"))


def _iso(value: object) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(f"{type(value).__name__} cannot stand in a manifest")
