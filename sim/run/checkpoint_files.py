"""The files of a checkpoint: arrays whose names carry their digests, and ``checkpoint.json``, which lists them.

That file alone is replaced, at one stroke, when all others have reached the disk; so the checkpoint before stands until
the new one does, whenever the process is killed. What has not changed since is not written again (ties never change).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.core.errors import ProtestorateError, one_line
from sim.core.files import json_of, opened
from sim.core.keypath import dotted
from sim.run.place import flush_names, is_unfinished, write_atomically
from sim.run.store import PROGRAM

CHECKPOINT, LOCK, NEW = "checkpoint.json", "writing.lock", ".new"
FORMAT = 1
DIGEST_LENGTH = 16
ARRAY = re.compile(r"[a-z_.]+-[0-9a-f]{16}\.npy(\.new)?")
DATE = "$date"
"""Key under which ``checkpoint.json`` has a date of the scenario, since JSON knows none."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _Array(_Part):
    name: str = Field(pattern=rf"^{ARRAY.pattern}$")
    sha256: str


class _Scenario(_Part):
    data: dict[str, Any]
    sources: dict[str, Any]
    path: str
    chain: list[str]
    overrides: dict[str, Any]
    hash: str


class _Options(_Part):
    every: int = Field(ge=1)
    force: bool
    report: bool
    figures: list[str]


class CheckpointFile(_Part):
    """What is read of ``checkpoint.json``, whoever has had it in hand."""

    model_version: str
    scenario: _Scenario
    seed: int = Field(ge=0, lt=2**63)
    threads: int = Field(ge=1)
    steps: int = Field(ge=1)
    done: int = Field(ge=0)
    label: str
    seconds: float = Field(ge=0.0)
    options: _Options
    arrays: dict[str, _Array]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.done > self.steps:
            raise ValueError("done is beyond steps")
        return self


class Arrays(dict[str, NDArray[Any]]):
    """The arrays of a checkpoint by name; one that it lacks makes it a damaged one."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def __missing__(self, name: str) -> NDArray[Any]:
        raise damaged(self.folder, f"{CHECKPOINT} has no array {name}")


def write(folder: Path, content: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a checkpoint, or leave the one before as it is.

    Parameters
    ----------
    folder : Path
    content : mapping
        What ``checkpoint.json`` is to say, of what JSON knows.
    arrays : mapping of str to array

    Raises
    ------
    OSError
        If the disk refuses.
    """
    try:
        named = {name: _write(folder, name, array) for name, array in arrays.items()}
        flush_names(folder)
        whole = {"program": PROGRAM, "format": FORMAT, **content, "arrays": named}
        write_atomically(folder / CHECKPOINT, json.dumps({**whole, "sha256": _digest_of(whole)}, indent=1).encode())
    finally:
        _sweep(folder)


def read(folder: Path) -> dict[str, Any]:
    """Return what ``checkpoint.json`` says; raises ProtestorateError if it is not as it was written."""
    try:
        content = json_of(folder / CHECKPOINT)
        digest = content.pop("sha256")
        whole = digest == _digest_of(content) and content["program"] == PROGRAM
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(folder, f"{CHECKPOINT} cannot be read") from error
    if not whole:
        raise damaged(folder, f"{CHECKPOINT} is not what was written")
    if content["format"] != FORMAT:
        raise ProtestorateError(f"{folder}: is of format {content['format']}, and this version reads {FORMAT}")
    try:
        CheckpointFile.model_validate_json(json.dumps(content))
    except ValidationError as error:
        place = dotted(error.errors(include_url=False)[0]["loc"])
        raise damaged(folder, f"{CHECKPOINT} is not what was written: {place}") from None
    return dict(content)


def _write(folder: Path, name: str, array: NDArray[Any]) -> dict[str, str]:
    """Write an array, unless it stands there already; return its file and digest."""
    digest = _digest_of_array(array)
    path = folder / f"{name}-{digest[:DIGEST_LENGTH]}.npy"
    if not path.exists():
        new = path.with_name(path.name + NEW)
        with new.open("wb") as file:
            np.save(file, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    return {"name": path.name, "sha256": digest}


def arrays_of(folder: Path, files: Mapping[str, Mapping[str, str]]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a checkpoint; raises ProtestorateError if one is not as it was written."""
    found = Arrays(folder)
    for name, file in files.items():
        try:
            with opened(folder / file["name"]) as content:
                found[name] = np.load(content, allow_pickle=False)
        except MemoryError:
            raise
        except Exception as error:  # what numpy makes of bytes that are no array can be anything
            reason = getattr(error, "strerror", None) or one_line(str(error))
            raise damaged(folder, f"{file['name']} cannot be read: {reason}") from error
        if not _is_whole(found[name], file["sha256"]):
            raise damaged(folder, f"{file['name']} is not what was written")
    return found


def _is_whole(array: NDArray[Any], digest: str) -> bool:
    try:
        return _digest_of_array(array) == digest
    except (TypeError, ValueError):  # of a type without bytes, or one that numpy reads and does not write
        return False


def _digest_of_array(array: NDArray[Any]) -> str:
    """Digest of an array's type, shape and bytes, in their order in memory."""
    total = hashlib.sha256(f"{np.lib.format.dtype_to_descr(array.dtype)} {array.shape}".encode())
    total.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return total.hexdigest()


def _digest_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def damaged(folder: Path, reason: str) -> ProtestorateError:
    """Return what to say of a checkpoint that cannot be used."""
    return ProtestorateError(f"{folder}: the checkpoint is damaged ({reason}); begin the run anew with --force")


def refuse_strangers(folder: Path) -> None:
    """Raise ProtestorateError if a folder holds anything that is no part of a checkpoint."""
    if not folder.is_dir():
        raise ProtestorateError(f"{folder}: is a file, and stands where a run under way is kept")
    strangers = sorted(path.name for path in folder.iterdir() if not _is_own(path.name))
    if strangers:
        raise ProtestorateError(
            f"{folder}: holds {strangers[0]!r}, which is no part of a checkpoint; a run under way is kept there: move "
            "it or choose another folder with --out"
        )


def _is_own(name: str) -> bool:
    return name in (CHECKPOINT, LOCK) or ARRAY.fullmatch(name) is not None or is_unfinished(name, CHECKPOINT)


def remove(folder: Path) -> None:
    """Remove a checkpoint, the file that names all others first; a folder with anything else in it stays."""
    with contextlib.suppress(OSError):
        (folder / CHECKPOINT).unlink(missing_ok=True)
        for path in folder.iterdir():
            if _is_own(path.name):
                path.unlink()
        folder.rmdir()


def _sweep(folder: Path) -> None:
    """Clear away arrays that the checkpoint does not name."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        content = json_of(folder / CHECKPOINT)
        named = {file["name"] for file in content["arrays"].values()}
        for path in folder.iterdir():
            if ARRAY.fullmatch(path.name) and path.name not in named:
                path.unlink()


def marked(value: Any) -> Any:
    """Return plain data of a scenario as JSON knows it, dates marked as such."""
    if isinstance(value, dict):
        return {_text(key): marked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [marked(item) for item in value]
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return {DATE: value.isoformat()}
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} cannot stand in a scenario")


def _text(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{type(key).__name__} cannot be a key of a scenario")
    return key


def unmarked(value: Any) -> Any:
    """Return what `marked` was given."""
    if isinstance(value, dict):
        if value.keys() == {DATE}:
            return dt.date.fromisoformat(value[DATE])
        return {key: unmarked(item) for key, item in value.items()}
    return [unmarked(item) for item in value] if isinstance(value, list) else value
