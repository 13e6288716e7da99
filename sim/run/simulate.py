"""One run: the only way a run happens, for the command line, the studies, the page and the tests."""

from __future__ import annotations

import copy
import datetime as dt
import numbers
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.core.errors import Problem, ProtestorateError, ScenarioError, shown
from sim.core.memory import available_bytes
from sim.core.paths import called
from sim.models.declarations import undeclared
from sim.models.interface import Engine, Outcome, Report, engine_of
from sim.models.own import version_of
from sim.models.results import RESULTS_FORMAT
from sim.run.load import Loaded, config_hash, derive, load
from sim.run.result import Run

Progress = Callable[[int, int, str], None]
"""Called after each step with the steps done, the steps in all, and the label of the step."""

HIGHEST_SEED = 2**63 - 1
SMALL = 2**24
"""Bytes that are there where there is room for this program."""


class UndeclaredError(ProtestorateError, TypeError):
    """A model records something else than it declares."""


@dataclass(frozen=True)
class Kept:
    """Where a run stands.

    Attributes
    ----------
    done : int
        Steps taken.
    seconds : float
        Time that they took.
    arrays : callable () -> dict of str to array
        The whole state; see :class:`sim.models.interface.Engine`.
    """

    done: int
    seconds: float
    arrays: Callable[[], Mapping[str, Any]]


class Running:
    """A run under way, a step at a time. Pickled, it is a checkpoint: what is unpickled goes on bit for bit.

    Parameters
    ----------
    loaded : Loaded
        A checked scenario.
    seed : int
        Random seed, 0 to 2**63 - 1.
    threads : int
        Threads for the pass over citizens; the result does not depend on it.
    steps : int, optional
        Steps after which to stop, if before the scenario's horizon.

    kept : Kept, optional
        Where another run of the same scenario, seed and steps stood, from which this one goes on.

    Raises
    ------
    ProtestorateError
        If there is too little memory for so many agents; none has been taken.
    """

    def __init__(
        self, loaded: Loaded, seed: int, threads: int = 1, steps: int | None = None, kept: Kept | None = None
    ) -> None:
        self.loaded = loaded
        self.seed = seed
        self.threads = threads
        self.engine: Engine = engine_of(loaded.config.model)
        horizon = self.engine.steps(loaded.config)
        self.steps = horizon if steps is None else min(steps, horizon)
        self.done = 0 if kept is None else kept.done
        self.ended: Outcome | None = None
        self._began = time.perf_counter() - (0.0 if kept is None else kept.seconds)
        check_memory(self.engine, loaded.config)
        if kept is None:
            self.state = self.engine.build(loaded.config, seed, threads)
        else:
            assert self.engine.restored is not None
            self.state = self.engine.restored(loaded.config, seed, threads, kept.arrays(), kept.done)

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in vars(self).items() if name not in ("engine", "_began")}
        return {**kept, "version": version_of([self.loaded.config.model]), "seconds": time.perf_counter() - self._began}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        version, seconds = kept.pop("version"), kept.pop("seconds")
        ours = version_of([kept["loaded"].config.model])
        if version != ours:
            raise ProtestorateError(f"this checkpoint is of the model version {version} and cannot go on with {ours}")
        vars(self).update(kept)
        self.engine = engine_of(self.loaded.config.model)
        self._began = time.perf_counter() - seconds

    def __repr__(self) -> str:
        return f"Running({called(self.loaded.path)!r}, seed={self.seed}, {self.done} of {self.steps} steps)"

    def __copy__(self) -> Running:
        """Return a run of its own: two that share their arrays would be none."""
        return copy.deepcopy(self)

    @property
    def running(self) -> bool:
        """Whether there is another step: neither outcome nor horizon has been reached."""
        return self.ended is None and self.done < self.steps

    @property
    def label(self) -> str:
        """What to call the last step, such as its date."""
        return self.engine.label(self.loaded.config, max(self.done - 1, 0))

    def advance(self) -> None:
        """Take one step.

        Raises
        ------
        StopIteration
            If the run has ended.
        """
        if not self.running:
            raise StopIteration("the run has ended")
        self.engine.advance(self.state)
        self.done += 1
        self.ended = self.engine.outcome(self.state)

    def kept(self) -> Kept:
        """Return where the run stands, between two steps; its arrays are the run's own.

        Raises
        ------
        ProtestorateError
            If the model's state cannot be kept.
        """
        take = self.engine.arrays
        if take is None:
            raise ProtestorateError(
                f"runs of the model {self.loaded.config.model} cannot be kept half-way; leave out --checkpoint-every"
            )
        return Kept(self.done, time.perf_counter() - self._began, lambda: take(self.state))

    def result(self, **provenance: Any) -> Run:
        """Return the run as far as it has come.

        Raises
        ------
        ProtestorateError
            Before the first step: there is nothing to report yet.
        UndeclaredError
            If the model records something else than it declares.
        """
        if not self.done:
            raise ProtestorateError("the run has not begun: take a step first")
        report = self.engine.report(self.state)
        outcome = self.ended or self.engine.verdict(self.state)
        config = self.loaded.config
        _check_declared(report, self.engine, config)
        cut_off = self.ended is None and self.done < self.engine.steps(config)  # else the same comes without being told
        return Run(
            scenario=config,
            data=self.loaded.data,
            seed=self.seed,
            tables=report,
            outcome=outcome,
            provenance={
                "scenario": called(self.loaded.path),
                **({"scenario_file": self.loaded.name} if self.loaded.chain else {}),
                "files": [path.name for path in self.loaded.chain],
                "scenario_hash": config_hash(self.loaded),
                "model": config.model,
                "model_version": version_of([config.model]),
                "results_format": RESULTS_FORMAT,
                "seed": self.seed,
                "steps": self.done,
                **({"days": self.done} if cut_off else {}),
                "overrides": dict(self.loaded.overrides),
                "seconds": round(time.perf_counter() - self._began, 3),
                "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                "versions": _versions(),
                **provenance,
            },
        )


def check_memory(engine: Engine, config: Any) -> None:
    """Raise ProtestorateError if a run needs more memory than there is."""
    agents = engine.agents(config)
    needed = engine.bytes_per_agent * agents
    room = available_bytes() if needed > SMALL else None  # to look takes longer than to take so little
    if room is not None and needed > room:
        raise ProtestorateError(
            f"{agents:,} agents need about {needed / 2**30:,.1f} GB of memory, and {room / 2**30:,.1f} GB are free; "
            f"let an agent stand for more people than {config.run.persons_per_agent:,} (run.persons_per_agent)"
        )


def simulate(
    scenario: str | Path | Loaded,
    seed: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    days: int | None = None,
    persons_per_agent: int | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Run:
    """Run a scenario to its outcome or its horizon.

    Parameters
    ----------
    scenario : str, Path or Loaded
        A scenario's name or file, or one that is loaded already.
    seed : int, optional
        Random seed, 0 to 2**63 - 1; the scenario's own if left out.
    overrides : mapping of str to value, optional
        Values by key path, such as ``{"regime.aggression_gain": 0.5}``.
    days : int, optional
        Steps after which to stop; beyond the scenario's own horizon it stands for ``time.days`` or ``time.steps``.
    persons_per_agent : int, optional
        Short for overriding ``run.persons_per_agent``.
    threads : int
        Threads for the pass over citizens, at least 1. The result is bit-identical on any number.
    progress : callable, optional
        See :data:`Progress`.

    Returns
    -------
    Run

    Raises
    ------
    ScenarioError
        If the scenario, an override, the seed or the number of threads is not valid.
    """
    running = begin(scenario, seed, overrides, days, persons_per_agent, threads)
    return carry_out(running, None if progress is None else lambda run: progress(run.done, run.steps, run.label))


def begin(
    scenario: str | Path | Loaded,
    seed: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    days: int | None = None,
    persons_per_agent: int | None = None,
    threads: int = 1,
) -> Running:
    """Return a run on its first morning; parameters and errors as of :func:`simulate`."""
    changes = dict(overrides or {})
    if persons_per_agent is not None:
        changes["run.persons_per_agent"] = persons_per_agent
    _check("threads", threads, 1)
    _check("days", days, 1)
    _check("seed", seed, 0)
    loaded = _loaded(scenario, changes)
    if days is not None and days > engine_of(loaded.config.model).steps(loaded.config):
        changes[horizon_path(loaded.config)] = days
        loaded = _loaded(scenario, changes)
    chosen = loaded.config.run.seed if seed is None else seed
    if not 0 <= chosen <= HIGHEST_SEED:
        raise ScenarioError(Problem("must lie in 0 to 2^63-1", "seed", given=repr(chosen)))
    return Running(loaded, chosen, threads, days)


def carry_out(running: Running, after: Callable[[Running], object] | None = None) -> Run:
    """Take all steps of a run that are left, calling `after` it has taken each, and return its result."""
    while running.running:
        running.advance()
        if after is not None:
            after(running)
    return running.result(threads=running.threads)


def _check_declared(report: Report, engine: Engine, config: Any) -> None:
    """Raise UndeclaredError if a model records something else than it declares."""
    recorded = [("numbers", list(report.summary), engine.numbers)]
    for what, table, declared in (("columns", "days", engine.columns), ("places", "localities", engine.places)):
        if report.is_made(table):  # else it is made of the declarations themselves
            recorded.append((what, [str(name) for name in getattr(report, table)], declared))
    for what, names, declared in recorded:
        wrong = undeclared(names, declared(config))
        if wrong:
            raise UndeclaredError(f"model {config.model}: {wrong} in Engine.{what}")


def horizon_path(config: Any) -> str:
    """Return the key path of a scenario's horizon: days of a calendar, or steps."""
    return "time.days" if hasattr(config.time, "days") else "time.steps"


def _loaded(scenario: str | Path | Loaded, changes: Mapping[str, Any]) -> Loaded:
    return derive(scenario, changes) if isinstance(scenario, Loaded) else load(scenario, changes)


def _check(name: str, value: object, least: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise ScenarioError(Problem("must be a whole number", name, given=shown(value)))
    if value < least:
        raise ScenarioError(Problem(f"must be at least {least}", name, given=shown(value)))


def _versions() -> dict[str, str]:
    import numba
    import numpy as np

    return {"python": platform.python_version(), "numpy": np.__version__, "numba": numba.__version__}
