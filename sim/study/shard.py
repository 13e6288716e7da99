"""Whether a shard counts: the one function that the writer of a study and all its readers ask."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.core.arrow import read_table
from sim.core.errors import ProtestorateError
from sim.core.files import content as content_of
from sim.core.files import opened
from sim.study.chunk import PROGRAM, digest_of
from sim.study.plan import run_id

TABLES = ("localities", "days", "runs")  # in the order in which a chunk's tables are written
NOT_A_FILE = (FileNotFoundError, IsADirectoryError, NotADirectoryError)
DAMAGE = (OSError, pa.ArrowException, LookupError, TypeError, ValueError, OverflowError, RecursionError)
"""What the readers of Parquet and JSON raise over bytes that are not theirs."""


class UnusableError(Exception):
    """A shard that cannot be counted, and why."""


@dataclass(frozen=True)
class Members:
    """The runs that a study has, which its shards are held against.

    Parameters
    ----------
    study : str
        The study's digest, which its shards carry.
    hashes : sequence of str
        Digest of each point's scenario.
    seeds : sequence of int
        One a replicate.
    version : str
        Model version.
    """

    study: str
    hashes: Sequence[str]
    seeds: Sequence[int]
    version: str

    def run_id(self, point: object, replicate: object) -> str | None:
        """Return the run of a point and replicate; None if the study has no such."""
        if not isinstance(point, int) or not isinstance(replicate, int):
            return None
        if not (0 <= point < len(self.hashes) and 0 <= replicate < len(self.seeds)):
            return None
        return run_id(self.hashes[point], self.seeds[replicate], self.version)


@dataclass(frozen=True)
class Shard:
    """A chunk of runs as it is stored, made sure of.

    Parameters
    ----------
    path : Path
        Of its ``runs``.
    table : pa.Table
        Its ``runs``, a row a run.
    digests : mapping of str to str
        What its other tables must be, by name.
    places : tuple of (int, int)
        Point and replicate of each row.
    """

    path: Path
    table: pa.Table
    digests: Mapping[str, str]
    places: tuple[tuple[int, int], ...]

    @property
    def name(self) -> str:
        """Name of its file in every table's folder."""
        return self.path.name

    def file_of(self, table: str) -> Path:
        """Return where another of its tables is kept."""
        return self.path.parent.parent / table / self.name

    def read(self, table: str) -> bytes:
        """Return the file of another of its tables; raises ProtestorateError if it cannot be read."""
        try:
            return content_of(self.file_of(table))
        except OSError as error:
            raise unreadable(self.file_of(table), error) from error

    def check(self, table: str) -> None:
        """Make sure that another of its tables is what was written.

        Raises
        ------
        UnusableError
            If it is missing, damaged, or there although there should be none.
        ProtestorateError
            If it cannot be read.
        """
        if _digest(self.file_of(table)) != self.digests.get(table):
            raise UnusableError(f"cannot count, because its {table} are missing or damaged")


def shard_at(path: Path, members: Members) -> Shard:
    """Read a shard's ``runs`` and make sure that they are whole, under their own name, and this study's.

    Parameters
    ----------
    path : Path
        A file in the study's folder ``runs``.
    members : Members
        The study's runs.

    Raises
    ------
    UnusableError
        If the shard does not count.
    ProtestorateError
        If the file cannot be read (rights, a failing disk), so that nothing can be said of it.
    """
    try:
        content = content_of(path)
    except NOT_A_FILE as error:
        raise UnusableError(f"is damaged or no shard of a study ({error.strerror})") from error
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        table = read_table(pa.BufferReader(content), page_checksum_verification=True)
        origin = json.loads((table.schema.metadata or {})[PROGRAM])
        study, chunk, digests = (origin[key] for key in ("study", "chunk", "sha256"))
        rows = table.select(["run_id", "point", "replicate"]).to_pydict()
        whole = digests["runs"] == digest_of(table)
        others = {str(name): str(digest) for name, digest in digests.items() if name != "runs"}
    except DAMAGE as error:
        raise UnusableError(f"is damaged or no shard of a study ({_first_line(error)})") from error
    if not whole:
        raise UnusableError("is damaged: its rows are not those that were written")
    if study != members.study:
        raise UnusableError("is a shard of another study")
    if chunk != path.stem:
        raise UnusableError("is another chunk than its name says")
    places = tuple(zip(rows["point"], rows["replicate"], strict=True))
    for own, place in zip(rows["run_id"], places, strict=True):
        if own is None or members.run_id(*place) != own:
            raise UnusableError("holds runs of another study")
    if len(set(places)) < len(places):
        raise UnusableError("holds a run twice")
    return Shard(path, table, others, places)


def counted(folder: Path, members: Members) -> tuple[Shard, ...]:
    """Return the shards of a study for its readers, in the order of their first runs.

    Raises
    ------
    ProtestorateError
        If a file among them does not count, or a run stands there twice: nothing is left out in silence.
    """
    found: list[Shard] = []
    taken: set[tuple[int, int]] = set()
    for path in files(folder):
        try:
            shard = shard_at(path, members)
            if not taken.isdisjoint(shard.places):
                raise UnusableError("holds a run that is stored already")
        except UnusableError as error:
            message = f"{folder}: the table runs is damaged: {path.name} {error}; run the study again to mend it"
            raise ProtestorateError(message) from error
        taken.update(shard.places)
        found.append(shard)
    return tuple(sorted(found, key=lambda shard: min(shard.places, default=(0, 0))))


def files(folder: Path) -> list[Path]:
    """Return the files that may be shards of a study's runs, by name."""
    return sorted((folder / "runs").glob("*.parquet"))


def is_own(path: Path, study: str) -> bool:
    """Return whether a shard of any table can be made again, because it is this study's."""
    try:
        origin = json.loads((pq.read_metadata(pa.BufferReader(content_of(path))).metadata or {})[PROGRAM])
        return bool(origin["study"] == study and origin["chunk"] == path.stem)
    except DAMAGE:
        return False


def unreadable(path: Path, error: OSError) -> ProtestorateError:
    """Return what to say of a file that is there and cannot be read."""
    return ProtestorateError(f"{path}: cannot be read: {error.strerror}; nothing was touched, run it again when it can")


def _digest(path: Path) -> str | None:
    """Return the digest of a shard's file, None if there is none."""
    try:
        with opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except NOT_A_FILE:
        return "no file"
    except OSError as error:
        raise unreadable(path, error) from error


def _first_line(error: Any) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
