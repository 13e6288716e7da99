"""Files and folders that are whole or not there, whenever the process that writes them is killed.

A folder is written beside its place and put there when everything in it has reached the disk. Whoever writes holds a
lock beside it. What is found later without a writer has been left by a command that was killed: `recover` puts an
earlier result back that had just been moved out of its place, and clears the rest away.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from sim.core.errors import ProtestorateError, shown
from sim.core.notes import say

# Any other failure to open or write a file is a mistake of the program and must show as one.
REFUSALS_OF_THE_DISK = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EEXIST,
    errno.EFBIG,
    errno.EIO,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
UNFINISHED, REPLACED, LOCK = ".unfinished", ".replaced", ".writing"
LONGEST_NAME = 40
ABANDONED_SECONDS = 3600
"""After this long a file that is still being written is nobody's: its writer was killed."""


def _mark(folder: Path) -> str:
    """Begin of the names of what is kept beside a folder while it is written; no two folders have the same."""
    digest = hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:8]
    return f".{folder.name[:LONGEST_NAME]}.{digest}"


def recover(folder: Path) -> None:
    """Put right what commands that were killed while they wrote a folder have left beside it, and say so.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    mark = _mark(folder)
    if not folder.parent.is_dir():
        return
    left = sorted({path.name[: len(mark) + 9] for path in folder.parent.iterdir() if path.name.startswith(f"{mark}-")})
    for stem in left:
        with _writing(folder.with_name(stem)) as ours:
            if ours:
                _clear(folder, stem)


def _clear(folder: Path, stem: str) -> None:
    unfinished, replaced = (folder.with_name(stem + ending) for ending in (UNFINISHED, REPLACED))
    if replaced.exists() and not folder.exists():
        replaced.rename(folder)
        say(f"{folder}: a command was killed while it replaced this result; the earlier result is in its place again")
    for path in (unfinished, replaced):
        if path.exists():
            shutil.rmtree(path)
            say(f"{folder}: cleared away what a command that was killed had left beside it ({path.name})")


@contextlib.contextmanager
def _writing(stem: Path) -> Iterator[bool]:
    """Hold the lock of a writer; yield whether it could be had. It is gone afterwards."""
    path = stem.with_name(stem.name + LOCK)
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except (Timeout, NotImplementedError):  # another writes, or the disk knows no locks
        yield False
        return
    try:
        yield True
    finally:
        with contextlib.suppress(OSError):  # Windows deletes no open file
            path.unlink(missing_ok=True)
        lock.release()
        if os.name == "nt":
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def unfinished_folder(folder: Path) -> Iterator[Path]:
    """A folder beside the final one, to be put in its place with `put_in_place`; whatever happens, it is gone then.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    stem = folder.with_name(f"{_mark(folder)}-{secrets.token_hex(4)}")
    unfinished = stem.with_name(stem.name + UNFINISHED)
    with made(folder.parent), _writing(stem):
        try:
            unfinished.mkdir()
            yield unfinished
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise


@contextlib.contextmanager
def made(folder: Path) -> Iterator[None]:
    """Make a folder for what is written within; if that fails, no empty folder is left that was not there before.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    new = [] if folder.exists() else missing_parents(folder)
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # a folder with anything in it stays
            for path in reversed(new):
                path.rmdir()
        raise


def put_in_place(new: Path, folder: Path) -> None:
    """Put a finished folder in its place, instead of what stands there; one of the two stands, whatever happens."""
    old = new.with_suffix(REPLACED)
    try:
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        # Also when interrupted between the two renames; when killed there, `recover` does the same.
        if old.exists():
            if folder.exists():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.rename(folder)
    flush_names(folder.parent)


def check_place(folder: Path) -> None:
    """Make sure, before hours of computing, that files can be written into a folder.

    Raises
    ------
    ProtestorateError
        If the folder cannot be made, or nothing can be written there. Nothing is left behind.
    """
    folder = Path(os.path.abspath(folder))
    try:
        if folder.exists() and not folder.is_dir():
            raise ProtestorateError(f"{folder}: is a file, and a folder is needed")
        with tempfile.TemporaryDirectory(dir=folder if folder.exists() else missing_parents(folder)[0].parent):
            pass
    except OSError as error:
        raise ProtestorateError(f"{folder}: nothing can be written here: {error.strerror or error}") from error


def check_holds_only(folder: Path, own: Collection[str], of: str) -> None:
    """Make sure that a folder is a result's own, so that writing into it replaces nothing else.

    Parameters
    ----------
    folder : Path
    own : collection of str
        Names that the result has; hidden ones are left alone.
    of : str
        What the result is of, for the message.

    Raises
    ------
    ProtestorateError
        If it is a file, or holds anything else. Nothing is touched.
    """
    if folder.exists() and not folder.is_dir():
        raise ProtestorateError(f"{folder}: is a file, and a folder is needed")
    held = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    others = [name for name in held if name not in own and not name.startswith(".")]
    if others:
        held_there = f"{folder}: holds {shown(others[0])} that is not of {of}"
        raise ProtestorateError(f"{held_there}; it is left alone, choose another folder with --out")


def missing_parents(folder: Path) -> list[Path]:
    """Return the folders to create, outermost first, down to `folder` itself."""
    missing = [folder]
    while not missing[0].parent.exists():
        missing.insert(0, missing[0].parent)
    return missing


def flush_to_disk(folder: Path) -> None:
    """Have the files of a folder reach the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    flush_names(folder)


def flush_names(folder: Path) -> None:
    """Have the names in a folder reach the disk."""
    if os.name == "posix":  # elsewhere a folder cannot be opened, and needs no flush
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def unfinished_file(path: Path, ending: str = "") -> Iterator[Path]:
    """A file beside the final one, to be renamed to it; whatever happens, it is gone then.

    Parameters
    ----------
    path : Path
    ending : str
        What its name must end with, for writers that go by that.
    """
    _clear_abandoned(path)
    unfinished = path.with_name(f"{_mark(path)}-{secrets.token_hex(4)}{UNFINISHED}{ending}")
    try:
        yield unfinished
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def is_unfinished(name: str, final: str) -> bool:
    """Whether a file of this name has been left by a writer of the file called `final` that was killed."""
    return name.startswith(f"{_mark(Path(final))}-") and UNFINISHED in name


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file completely or not at all: beside its place, flushed to the disk, then renamed.

    Raises
    ------
    OSError
        If the disk refuses; what stood at `path` still stands there.
    """
    with unfinished_file(path) as unfinished:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    flush_names(path.parent)


def _clear_abandoned(path: Path) -> None:
    """Clear away what writers of a file that were killed have left."""
    mark, oldest = f"{_mark(path)}-", time.time() - ABANDONED_SECONDS
    with contextlib.suppress(OSError):
        for left in list(os.scandir(path.parent)):
            if left.name.startswith(mark) and UNFINISHED in left.name and left.stat().st_mtime < oldest:
                os.unlink(left.path)
