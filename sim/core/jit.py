"""Compilation of the fast loops, with an on-disk cache that notices a change in any rule.

numba's own cache looks at the timestamp of the one file a function stands in. A kernel
that inlines a rule of another file would go on running the old rule. The cache folder is
therefore named after a digest of all code that has a part in results (:mod:`sim.core.version`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, overload

import numba
from numba.core import event

from sim.core.version import DIGEST_LENGTH, DISTRIBUTION, bytes_digest

Function = TypeVar("Function", bound=Callable[..., Any])

KEEP_OLD_CACHES_SECONDS = 30 * 24 * 3600


def _is_private_and_writable(folder: Path) -> bool:
    """Cached kernels are executable: load them only from a folder that is this user's own."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
    except OSError:
        return False


def _candidate_folders() -> Iterator[Path]:
    if os.environ.get("XDG_CACHE_HOME"):
        yield Path(os.environ["XDG_CACHE_HOME"]) / DISTRIBUTION
    home = os.path.expanduser("~")
    if home != "~":
        yield Path(home) / ".cache" / DISTRIBUTION
    owner = os.getuid() if hasattr(os, "getuid") else "cache"
    yield Path(tempfile.gettempdir()) / f"{DISTRIBUTION}-{owner}"


def _remove_old_caches(parent: Path, current: str) -> None:
    oldest = time.time() - KEEP_OLD_CACHES_SECONDS
    try:
        others = [entry for entry in parent.iterdir() if entry.name != current]
        old = [entry for entry in others if len(entry.name) == DIGEST_LENGTH and entry.stat().st_mtime < oldest]
    except OSError:
        return
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def cache_folder() -> Path | None:
    """Folder of the compiled kernels of exactly these sources.

    Returns
    -------
    Path or None
        ``None`` if no folder can be written: kernels are then compiled in every process.
        ``NUMBA_CACHE_DIR``, if set, is the parent folder.
    """
    digest = bytes_digest()
    if os.environ.get("NUMBA_CACHE_DIR"):
        return Path(os.environ["NUMBA_CACHE_DIR"]) / digest
    for parent in _candidate_folders():
        folder = parent / digest
        if _is_private_and_writable(folder):
            os.utime(folder)
            _remove_old_caches(parent, digest)
            return folder
    return None


@overload
def compiled(function: Function) -> Function: ...
@overload
def compiled(*, parallel: bool = False, inline: bool = False) -> Callable[[Function], Function]: ...
def compiled(function: Any = None, *, parallel: bool = False, inline: bool = False) -> Any:
    """Compile a function with numba on its first call and keep the result on disk.

    Parameters
    ----------
    function : callable
        Restricted to what numba understands. The plain Python twin remains as ``.py_func``.
    parallel : bool
        Whether ``numba.prange`` loops in it run on several threads.
    inline : bool
        Whether to copy its body into each caller. Small functions are inlined anyway; force
        it where a longer one, called in a loop, would otherwise keep the loop from vectorising.
    """
    if function is None:
        return lambda wrapped: _compile(wrapped, parallel, inline)
    return _compile(function, parallel, inline)


def _compile(function: Any, parallel: bool, inline: bool) -> Any:
    folder = cache_folder()
    settings: Any = numba.config
    before = settings.CACHE_DIR
    try:
        # numba reads this setting once, when the function is decorated.
        settings.CACHE_DIR = str(folder or "")
        return numba.njit(  # type: ignore[call-overload]  # the stubs know no wrapper options
            function,
            cache=folder is not None,
            nogil=True,
            error_model="numpy",
            parallel=parallel,
            inline="always" if inline else "never",
            no_cfunc_wrapper=True,
        )
    finally:
        settings.CACHE_DIR = before


class _FirstCompilation(event.Listener):
    def __init__(self, announce: Callable[[], None]) -> None:
        self.announce = announce
        self.announced = False

    def on_start(self, event: Any) -> None:
        if not self.announced:
            self.announced = True
            self.announce()

    def on_end(self, event: Any) -> None:
        """Nothing to say: the progress bar takes over."""


@contextmanager
def watch_compilation(announce: Callable[[], None]) -> Iterator[None]:
    """Call ``announce`` once, when the first function is really compiled (not loaded from the cache)."""
    listener = _FirstCompilation(announce)
    with event.install_listener("numba:compile", listener):
        yield
