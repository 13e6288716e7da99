"""The machine that is measured on, and a small loop by which machines are told apart."""

from __future__ import annotations

import os
import platform
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd
import pyarrow as pa

from sim.core.version import model_version

BUSY = 0.3
"""Load of the machine, in processes per core before we start, from which its numbers are not to be trusted."""
REFERENCE_ROUNDS = 60
REFERENCE_NUMBERS = 2**16
REFERENCE_REPEATS = 9
TRIAD_ELEMENTS = 2**24
TRIAD_BYTES = 24  # per element: two numbers of eight bytes are read, one is written


@numba.njit(nogil=True, error_model="numpy")
def _reference(numbers: Any, rounds: int) -> float:
    """Mix integers, as random numbers are drawn, and weigh floats, as motives are: what the model mostly does."""
    total = 0.0
    state = np.uint64(88172645463325252)
    for _ in range(rounds):
        for i in range(numbers.size):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            numbers[i] = 0.9 * numbers[i] + 0.1 * (state >> np.uint64(11)) * 1.1102230246251565e-16
            total += numbers[i]
    return total


def reference() -> float:
    """Return the seconds that the reference loop takes now, the median of nine; it knows nothing of the model."""
    numbers = np.zeros(REFERENCE_NUMBERS)
    _reference(numbers, 1)
    found = []
    for _ in range(REFERENCE_REPEATS):
        start = time.perf_counter()
        _reference(numbers, REFERENCE_ROUNDS)
        found.append(time.perf_counter() - start)
    return statistics.median(found)


@numba.njit(nogil=True, error_model="numpy")
def _triad(a: Any, b: Any, c: Any, scale: float) -> None:
    """Add scaled numbers to numbers, as the benchmark STREAM does (McCalpin 1995)."""
    for i in range(a.size):
        a[i] = b[i] + scale * c[i]


def bandwidth(threads: int) -> float:
    """Return the bytes a second that the triad moves, best of ten."""
    a, b, c = (np.full(TRIAD_ELEMENTS, value) for value in (0.0, 1.0, 2.0))
    cuts = np.linspace(0, TRIAD_ELEMENTS, threads + 1).astype(int)
    parts = [slice(first, last) for first, last in pairwise(cuts)]
    _triad(a[:1], b[:1], c[:1], 3.0)

    def work(part: slice) -> None:
        _triad(a[part], b[part], c[part], 3.0)

    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(10):
            start = time.perf_counter()
            list(pool.map(work, parts))
            best = min(best, time.perf_counter() - start)
    assert (a == 7.0).all()
    return TRIAD_ELEMENTS * TRIAD_BYTES / best


def load() -> float:
    """Return the processes per core that want to run just now."""
    return os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 0.0


def described() -> dict[str, Any]:
    """Return what is measured on and with."""
    return {
        "machine": {
            "processor": _processor(),
            "architecture": platform.machine(),
            "cores": os.cpu_count() or 1,
            "system": platform.system(),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        },
        "versions": {
            "model": model_version(),
            "python": platform.python_version(),
            "numba": numba.__version__,
            "numpy": np.__version__,
            "pandas": pd.__version__,
            "pyarrow": pa.__version__,
        },
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()
