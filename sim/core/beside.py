"""A second process that compiles while this one does: the compiler itself uses one thread.

The two meet in the cache of compiled code on disk. Whatever becomes of the other, the function is compiled here if it
is not found there.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.core.notes import QUIET


def available_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compile_beside(function: Any, *arguments: Any) -> None:
    """Let another process compile a function for such arguments, if nobody has; the first call here waits for it.

    Nothing is done where there is one core or no place for compiled code.

    Parameters
    ----------
    function : callable
        Of `sim.core.jit.compiled`, at the top of its module.
    *arguments
        Those of a call, of which only the types matter.
    """
    from sim.core.cache import KernelCache  # here, because it loads numba, and counting cores does not need it

    cache = getattr(function, "_cache", None)  # none where compilation is switched off
    if not isinstance(cache, KernelCache) or function.overloads or available_cores() < 2:
        return
    signature = tuple(function.typeof_pyval(one) for one in arguments)
    if cache.keeps(signature, function.targetctx):
        return
    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    with contextlib.suppress(OSError):
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sim.core.beside"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, QUIET: "1"},
        )
        cache.wait_for(process)
        assert process.stdin is not None
        pickle.dump((function.__module__, function.__name__, signature), process.stdin)
        process.stdin.flush()  # and left open: when this process ends, so does the other


def _serve() -> None:
    """Compile what the process at the other end asks for, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the other's business
    module, name, signature = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    getattr(import_module(module), name).compile(signature)
    os._exit(0)  # the thread holds what the interpreter would tidy up


def _end_with_the_other() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    _serve()
