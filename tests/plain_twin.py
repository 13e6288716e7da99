"""The day in plain Python: the slow, readable twin of the compiled step loop.

Run in a process of its own with ``NUMBA_DISABLE_JIT=1``, so that every rule and every loop is the Python
that stands in the file. There rules can be replaced, which compiled loops do not allow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from tiny_country import country, digests

import sim
from sim.models.mobilisation.engine import State, build, step
from sim.models.mobilisation.mechanisms import MODULES

AGENTS = {"run.persons_per_agent": 400, "run.officers_per_agent": 20}
DAYS = 8
HERE = Path(__file__).resolve().parent


class Row:
    """A row of a structured array whose fields are attributes, as loops read them: numpy's own way is slow."""

    def __init__(self, rows: np.ndarray, at: int) -> None:
        self.__dict__.update({name: rows[name][at] for name in rows.dtype.names or ()})


class Rows:
    """A structured array that is only read, with such rows; else as numpy has it."""

    def __init__(self, rows: np.ndarray) -> None:
        self._rows, self._each = rows, [Row(rows, at) for at in range(len(rows))]

    def __getitem__(self, at: Any) -> Any:
        return self._rows[at] if isinstance(at, str) else self._each[at]

    def __len__(self) -> int:
        return len(self._each)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)


def plain_state(changes: Mapping[str, Any], seed: int) -> State:
    """A state whose records can be read as ``nation.turnout`` without numba."""
    state = build(country(AGENTS | dict(changes)), seed, 1)
    read = {name: Rows(values) for name, values in vars(state.numbers).items() if values.dtype.names}
    state.world = SimpleNamespace(**vars(state.world) | {"nation": state.world.nation.view(np.recarray)})  # type: ignore[assignment]
    state.numbers = SimpleNamespace(**vars(state.numbers) | read)  # type: ignore[assignment]
    return state


def plain_digests(changes: Mapping[str, Any], seed: int = 1) -> dict[str, str]:
    state = plain_state(changes, seed)
    for _ in range(DAYS):
        step(state)
    return digests(state)


@contextmanager
def replaced(functions: Mapping[str, Callable[..., Any]]) -> Any:
    """Let everybody call other functions in the place of a mechanism's, by ``mechanism.function``.

    Raises
    ------
    LookupError
        If no mechanism has such a function.
    """
    before: list[tuple[Any, str, Any]] = []
    for path, other in functions.items():
        mechanism, _, name = path.partition(".")
        original = getattr(MODULES.get(mechanism), name, None)
        if original is None:
            raise LookupError(f"no mechanism has a function {path}")
        for module in MODULES.values():
            for key, value in list(vars(module).items()):
                if value is original:
                    before.append((module, key, value))
                    setattr(module, key, other)
    try:
        yield
    finally:
        for module, key, value in before:
            setattr(module, key, value)


def in_plain_python(script: str, arguments: Sequence[str] = ()) -> Any:
    """Run a file of this folder in plain Python, and return what it prints as JSON."""
    root = Path(sim.__file__).resolve().parents[1]
    environment = os.environ | {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(root), str(HERE)]),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments], env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


if __name__ == "__main__":
    print(json.dumps(plain_digests({})))
