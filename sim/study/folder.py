"""A study's folder: shards that are whole or not there, a manifest, failures, and a lock.

A chunk is kept by writing its ``localities`` and ``days`` first and its ``runs`` last: a chunk counts
only if its ``runs`` stand. Whatever else a sudden end leaves behind is found by `Survey` and put right.
"""

from __future__ import annotations

import errno
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
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from sim.core.errors import ProtestorateError
from sim.core.files import content, json_of
from sim.core.keypath import dotted
from sim.run.place import write_atomically
from sim.run.store import REFUSALS_OF_THE_DISK, UNFINISHED
from sim.study.chunk import Failure, Result
from sim.study.plan import Plan
from sim.study.shard import TABLES, Members, Shard, UnusableError, is_own, shard_at

MANIFEST, POINTS, FAILURES, SET_ASIDE = "study.json", "points.parquet", "failures.json", "set_aside"
LOCK, HOLDER = ".lock", ".lock-holder"
REPORTS = ("report.html", "figures", "sensitivity", "discovery")
"""What commands write about a study into its folder."""
OWN = frozenset({MANIFEST, POINTS, FAILURES, SET_ASIDE, LOCK, HOLDER, *TABLES, *REPORTS})
"""What a study's folder may hold and --force may replace."""
LONGEST_HOLDER = 100
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


_FAILURES = TypeAdapter(list[Failure])


def empty(folder: Path) -> None:
    """Delete all that is a study's own from its folder, which is locked; the manifest goes last."""
    with disk_refusals(folder):
        for name in sorted(OWN - {LOCK, HOLDER, MANIFEST}):
            path = folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other study out of a folder.

    The lock is the system's own: it ends with the process that holds it, however that ends.

    Raises
    ------
    ProtestorateError
        If another process is at work in the folder, or the folder cannot be made.
    """
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
            raise ProtestorateError(
                f"{folder}: {_holder(holder)} is at work in this folder; wait for it, or choose another"
            ) from None
        except IsADirectoryError as error:
            raise ProtestorateError(f"{folder / LOCK}: is a folder, and a file is needed here; remove it") from error
        except NotImplementedError as error:
            raise ProtestorateError(f"{folder}: this file system knows no locks; choose a folder on another") from error
        if holder.exists() and not holder.is_file():
            lock.release()
            what = "a folder" if holder.is_dir() else "no file"
            raise ProtestorateError(f"{holder}: is {what}, and a file is needed here; remove it")
    try:
        with disk_refusals(folder):
            holder.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):  # a disk that refuses has been complained of already
            holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    """Return who holds a lock, as far as that can be read."""
    try:
        return content(path).decode("utf-8", "replace")[:LONGEST_HOLDER].strip() or "another process"
    except OSError:
        return "another process"


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
    shards : tuple of Shard
        Those that count.
    """

    done: NDArray[np.bool_]
    set_aside: tuple[str, ...]
    shards: tuple[Shard, ...]


def members_of(plan: Plan, study: str) -> Members:
    """Return the runs of a plan, which shards are held against."""
    return Members(study, plan.hashes, plan.study.seeds, plan.version)


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
        If something else stands where a table's folder should be, or a shard cannot be read.
    """
    done = np.zeros((len(plan.study.points), len(plan.study.seeds)), dtype=bool)
    members = members_of(plan, study)
    aside: list[str] = []
    shards: list[Shard] = []
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
            shards.append(_count(path, members, done))
        except UnusableError as error:
            aside.append(_put_aside(folder, path, str(error)))
    for table in TABLES[:-1]:
        for path in sorted((folder / table).iterdir()):
            if not (folder / "runs" / path.name).exists():
                if is_own(path, study):
                    path.unlink()  # a chunk that was cut off before it counted
                else:
                    aside.append(_put_aside(folder, path, "is no part of this study"))
    return Survey(done, tuple(aside), tuple(shards))


def _count(path: Path, members: Members, done: NDArray[np.bool_]) -> Shard:
    """Mark the runs of a shard as done, after making sure that it counts, with all its tables."""
    shard = shard_at(path, members)
    if any(done[place] for place in shard.places):
        raise UnusableError("holds a run that is stored already")
    for name in TABLES[:-1]:
        shard.check(name)
    for place in shard.places:
        done[place] = True
    return shard


def _put_aside(folder: Path, path: Path, reason: str) -> str:
    """Move a file where it does no harm, under a name that is free."""
    target = folder / SET_ASIDE / f"{path.parent.name}-{path.name}"
    try:
        target.parent.mkdir(exist_ok=True)
    except FileExistsError:
        message = f"{target.parent}: is a file, and a folder is needed here for what is damaged; move it"
        raise ProtestorateError(message) from None
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


def read_failures(folder: Path, members: Members) -> list[Failure]:
    """Return the runs that failed.

    Raises
    ------
    ProtestorateError
        If the file is no list of failures of these runs.
    """
    path = folder / FAILURES
    if not path.exists():
        return []
    content = read_json(path)
    try:
        found = _FAILURES.validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        raise _no_failures(path, first_of(error)) from None
    strange = next((one for one in found if members.run_id(one.point, one.replicate) != one.run_id), None)
    if strange is not None:
        raise _no_failures(path, f"this study has no run {strange.run_id}")
    return found


def _no_failures(path: Path, reason: str) -> ProtestorateError:
    message = f"{path}: is no list of failures; remove it, and the runs that failed are done again ({reason})"
    return ProtestorateError(message)


def first_of(error: ValidationError) -> str:
    """Return the first thing that a schema finds wrong with a file of the study, in one line."""
    details = error.errors(include_url=False)[0]
    place = dotted(details["loc"])
    said = details["msg"].splitlines()[0].replace("Input should be", "must be")
    return f"{place}: {said[:1].lower()}{said[1:]}" if place else said


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
        return json_of(path)
    except OSError as error:
        raise ProtestorateError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ProtestorateError(f"{path}: is damaged: {error}") from error


def write_json(path: Path, content: Any) -> None:
    """Write a file of the study, completely or not at all."""
    # A file name that is no UTF-8 holds halves of letters, which JSON can spell and UTF-8 cannot.
    write_atomically(path, as_text(content).encode("utf-8", "backslashreplace"))


def as_text(content: Any) -> str:
    """Return plain data as a file of the study holds it."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=_iso) + "\n"


def _iso(value: object) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(f"{type(value).__name__} cannot stand in a manifest")
