"""Compiled code on disk: kept where nobody else can write, loaded only if it is whole, thrown away if it is not.

Compiled code is executable, and numba keeps it in pickles, which can do anything when they are loaded. Each file
therefore ends with a digest of its name and content. A cut or changed one is thrown away and compiled anew, once,
and a folder that can take nothing costs the time to compile and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.runtime.nrt import rtsys

from sim.core.files import opened
from sim.core.notes import say
from sim.core.private import is_own_file, why_not_usable
from sim.core.version import DIGEST_LENGTH, DISTRIBUTION, bytes_digest

KEEP_OLD_CACHES_SECONDS = 30 * 24 * 3600
MOST_SECONDS_BESIDE = 600.0
"""To wait for another process that compiles, after which it is compiled here."""
SEAL_BYTES = hashlib.sha256().digest_size


class Damaged(Exception):
    """A file that is not as it was written, or not written by this user."""


class SealedFiles(IndexDataCacheFile):
    """Index and data files of a function, each with a digest at its end, which pickle does not read."""

    def _load_index(self) -> Any:
        if not os.path.lexists(self._index_path):
            return {}
        with io.BytesIO(_unsealed(Path(self._index_path))) as content:
            if pickle.load(content) != self._version:
                return {}
            stamp, overloads = pickle.load(content)
        return overloads if stamp == self._source_stamp else {}

    def _load_data(self, name: str) -> Any:
        return pickle.loads(_unsealed(Path(self._cache_path) / name))

    @contextlib.contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[Any]:
        content = io.BytesIO()
        yield content
        with super()._open_for_write(filepath) as file:
            file.write(content.getvalue())
            file.write(_seal(os.path.basename(filepath), content.getvalue()))

    def throw_away(self) -> None:
        """Delete index and data files, so that the next process compiles anew and keeps it."""
        index = Path(self._index_path)
        for path in (index, *index.parent.glob(f"{index.stem}.*.nbc")):
            with contextlib.suppress(OSError):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _seal(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + content).digest()


def _unsealed(path: Path) -> bytes:
    """Return the content of a file without its digest.

    Raises
    ------
    Damaged
        If the digest is another, or the file could have been written by another user.
    FileNotFoundError
        If it has been thrown away meanwhile.
    """
    with opened(path) as file:
        if not is_own_file(os.fstat(file.fileno())):
            raise Damaged(f"{path} could have been written by another user")
        whole = file.read()
    content, seal = whole[:-SEAL_BYTES], whole[-SEAL_BYTES:]
    if seal != _seal(path.name, content):
        raise Damaged(f"{path} is not as it was written")
    return content


class KernelCache(FunctionCache):
    """The cache of a function's compiled forms; whatever is wrong with it, the function is compiled instead."""

    def __init__(self, function: Any, folder: Path) -> None:
        # The rest when it is needed: of some three hundred functions a run loads a dozen.
        self._function, self._folder = function, folder
        self._sealed: Any = None
        self._beside: subprocess.Popen[bytes] | None = None

    def _found(self) -> bool:
        """Whether there is a place on disk for this function."""
        if self._sealed is not None:
            return True
        settings: Any = numba.config
        before = settings.CACHE_DIR
        try:
            settings.CACHE_DIR = str(self._folder)  # numba reads this setting once
            super().__init__(self._function)  # type: ignore[no-untyped-call]  # numba has no types
        except (OSError, RuntimeError):  # it may be full by now
            say(f"{self._folder}: compiled code cannot be kept there, so it is compiled anew")
            return False
        finally:
            settings.CACHE_DIR = before
        plain: Any = self._cache_file
        sealed: Any = SealedFiles
        self._sealed = sealed(self._cache_path, self._impl.filename_base, plain._source_stamp)
        self._cache_file = self._sealed
        return True

    def keeps(self, sig: Any, target_context: Any) -> bool:
        """Whether there is a compiled form, or no place for one; it may turn out to be damaged."""
        if not self._found():
            return True
        with contextlib.suppress(Exception):  # as in `load_overload`, which will say what is wrong
            key: Any = self._index_key(sig, target_context.codegen())  # type: ignore[no-untyped-call]
            return key in self._sealed._load_index()
        return True

    def wait_for(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for a process that compiles the function (see `sim.core.beside`) before it is looked for."""
        self._beside = process

    def _wait(self) -> None:
        process, self._beside = self._beside, None
        if process is None:
            return
        try:
            process.wait(MOST_SECONDS_BESIDE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return a compiled form; None if there is none that is whole."""
        if not self._found():
            return None
        self._wait()
        try:
            # numba's own would first load all declarations that a compilation may need, a quarter of a start;
            # a compilation loads them by itself, and what is compiled needs nothing but numba's runtime.
            rtsys.initialize(target_context)
            return self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except MemoryError:  # says nothing of the file, and nobody can go on
            raise
        except Exception as error:  # noqa: BLE001  # a pickle can raise anything
            if isinstance(error, OSError) and not isinstance(error, IsADirectoryError):
                return None  # a file that cannot be opened or read just now is no damaged one
            say(f"{_kept_in(self._cache_path)}: compiled code there is damaged; it is thrown away and compiled anew")
            self._sealed.throw_away()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled form, if the disk takes it."""
        if not self._found():
            return
        try:
            _without_bitcode(data)
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  # a run needs no cache
            reason = getattr(error, "strerror", None) or error
            say(f"{_kept_in(self._cache_path)}: compiled code cannot be kept there, so it is compiled anew: {reason}")
            if not isinstance(error, OSError):  # what was there cannot be read, and would hinder the next process, too
                self._sealed.throw_away()


def _without_bitcode(data: Any) -> None:
    """Let the name of its entry stand for the code that others could link: none does (see `sim.core.jit`)."""
    data.library._shared_module = llvm.parse_assembly(f'@"{data.fndesc.llvm_cpython_wrapper_name}" = global i8 0')


def _kept_in(path: str) -> Path:
    return Path(path).parent


def _candidate_folders() -> Iterator[Path]:
    if os.environ.get("XDG_CACHE_HOME"):
        yield Path(os.environ["XDG_CACHE_HOME"]) / DISTRIBUTION
    home = os.path.expanduser("~")
    if home != "~":
        yield Path(home) / ".cache" / DISTRIBUTION
    yield own_temporary_folder()


def own_temporary_folder() -> Path:
    """Return this user's folder among the temporary ones, which need not exist, nor be the user's (see `private`)."""
    owner = os.getuid() if hasattr(os, "getuid") else "cache"
    return Path(tempfile.gettempdir()) / f"{DISTRIBUTION}-{owner}"


@cache
def cache_folder() -> Path | None:
    """Folder of the compiled kernels of exactly these sources.

    Returns
    -------
    Path or None
        ``None`` if nothing can be kept anywhere: kernels are then compiled in every process.
        ``NUMBA_CACHE_DIR``, if set, is the parent folder, unless others can write there.
    """
    digest = bytes_digest()
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        try:
            folder = Path(os.path.abspath(named)) / digest
            reason = why_not_usable(folder)
        except OSError as error:
            reason = f"{named}: {error.strerror or error}"
        if not reason:
            return folder
        say(f"NUMBA_CACHE_DIR is not used: {reason}")
    for parent in _candidate_folders():
        folder = parent / digest
        if not why_not_usable(folder):
            with contextlib.suppress(OSError):
                os.utime(folder)
            _remove_old_caches(parent, digest)
            return folder
    return None


def _remove_old_caches(parent: Path, current: str) -> None:
    oldest = time.time() - KEEP_OLD_CACHES_SECONDS
    try:
        others = [entry for entry in parent.iterdir() if entry.name != current]
        old = [entry for entry in others if len(entry.name) == DIGEST_LENGTH and entry.stat().st_mtime < oldest]
    except OSError:
        return
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
