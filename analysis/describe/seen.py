"""What the arguments of each rule are while a country runs, so that curves can be drawn where they matter.

Compiled loops do not say what they hand to a rule. So a coarse run is made in plain Python, in a process of its own
(``python -m analysis.describe.seen``), and each call of a rule is looked at. A new rule is seen with no further work.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from sim.models.mobilisation.engine import State, build, step
from sim.models.mobilisation.mechanisms import MODULES, rules
from sim.run.load import load

CASE = "belarus-2020"
COARSE = {"run.persons_per_agent": 20_000, "run.officers_per_agent": 500}
SEED = 1
KEPT = 200
"""Calls of a day that are kept of each rule, evenly over all of them."""
QUANTILES = (0.01, 0.5, 0.99)


class Seen(NamedTuple):
    """What an argument was in a run: its range without a hundredth at each end, its median, and all of its range."""

    low: float
    middle: float
    high: float
    least: float
    most: float


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


class Written(np.void):  # type: ignore[misc]  # numpy declares it final and inherits from it itself
    """A row of a structured array whose fields are attributes, read and written faster than numpy's own do it."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except ValueError as error:
            raise AttributeError(*error.args) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


def readable(state: State) -> State:
    """Let plain Python read the records of a state as compiled loops do, ``nation.turnout``; return the same state."""
    read = {name: Rows(values) for name, values in vars(state.numbers).items() if values.dtype.names}
    nation = np.asarray(state.world.nation)
    nation = nation.view(np.dtype((Written, nation.dtype)))
    state.world = SimpleNamespace(**vars(state.world) | {"nation": nation})  # type: ignore[assignment]
    state.numbers = SimpleNamespace(**vars(state.numbers) | read)  # type: ignore[assignment]
    return state


@cache
def seen() -> Mapping[str, Mapping[str, Seen]]:
    """Return what each argument of each rule was in a coarse run, by ``mechanism.rule``.

    Rules that the run never called are left out. It takes some twenty seconds.

    Raises
    ------
    RuntimeError
        If the run fails.
    """
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "analysis.describe.seen"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the run that looks at rules failed: {done.stderr.strip()[-500:]}")
    found: dict[str, dict[str, list[float]]] = json.loads(done.stdout)
    return {rule: {name: Seen(*given) for name, given in arguments.items()} for rule, arguments in found.items()}


class _Watch:
    """The calls of a rule: those of today, and some of each day before."""

    def __init__(self, rule: Callable[..., Any]) -> None:
        self.names = list(inspect.signature(rule).parameters)
        self.today: list[tuple[float, ...]] = []
        self.before: list[tuple[float, ...]] = []
        self.called = self._watching(rule)

    def _watching(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: float) -> Any:
            self.today.append(given)
            return rule(*given)

        return called

    def evening(self) -> None:
        self.before += self.today[:: max(1, len(self.today) // KEPT)]
        self.today.clear()

    def seen(self) -> dict[str, list[float]]:
        calls = np.array(self.before, dtype=float)
        return {name: _range(calls[:, at]) for at, name in enumerate(self.names)}


def _range(given: np.ndarray) -> list[float]:
    finite = given[np.isfinite(given)]
    return [*np.quantile(finite, QUANTILES).tolist(), float(finite.min()), float(finite.max())]


def _watched() -> dict[str, _Watch]:
    """Let everybody call watched rules in the place of rules; return the watches by ``mechanism.rule``."""
    watches = {}
    for mechanism, own in rules().items():
        for name, rule in own.items():
            watch = watches[f"{mechanism}.{name}"] = _Watch(rule)
            for module in MODULES.values():
                for key in [key for key, value in vars(module).items() if value is rule]:
                    setattr(module, key, watch.called)
    return watches


def _run() -> dict[str, dict[str, list[float]]]:
    config: Any = load(CASE, COARSE).config
    watches = _watched()
    state = readable(build(config, SEED, 1))
    for _ in range(config.time.days):
        step(state)
        for watch in watches.values():
            watch.evening()
    return {name: watch.seen() for name, watch in watches.items() if watch.before}


if __name__ == "__main__":
    json.dump(_run(), sys.stdout)
