"""A run as a Mesa model: the same engine and the same numbers as ``simulate``, for all that Mesa can do with models.

All use of Mesa's core is here. Citizens stay in arrays; there is no Python object for each of them.
"""

from __future__ import annotations

import copy
import datetime as dt
import secrets
from collections.abc import Mapping
from functools import partial
from numbers import Integral
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.core.errors import Problem, ProtestorateError, ScenarioError, shown
from sim.core.paths import called
from sim.mesa.citizens import citizens_of
from sim.mesa.country import Country, country_of
from sim.mesa.frames import Frame, History
from sim.mesa.levers import Levers, Pull, scenario_yaml
from sim.mesa.recording import frame_of, layout_of
from sim.mesa.sliders import overrides_of
from sim.models.interface import Outcome, engine_of
from sim.models.results import DATE
from sim.run.load import Loaded, derive, load
from sim.run.result import Run
from sim.run.simulate import HIGHEST_SEED, Running, horizon_path

if TYPE_CHECKING:
    import pandas as pd

RANDOM_SEEDS = 2**53
"""A seed nobody chose lies below: also where numbers are stored as 64-bit floats, as tables do, it is exact."""


class ProtestModel(mesa.Model):  # type: ignore[misc]  # Mesa is not typed
    """A run under way, as a Mesa model. Pickled, it is a checkpoint: what is unpickled goes on bit for bit.

    Parameters
    ----------
    scenario : str or Path
        Name or file.
    seed, rng : int, optional
        Random seed; either word is understood. Whatever else Mesa takes for `rng`, such as a NumPy
        generator, a seed is drawn from. If both are left out the seed is random, as for any Mesa model, so that the
        iterations of ``mesa.batch_run`` differ; `seed` says which it was. (``sim.simulate`` takes the scenario's own.)
    overrides : mapping of str to value, optional
        Values by key path, as for ``simulate``.
    persons_per_agent : int, optional
        Short for overriding ``run.persons_per_agent``.
    days : int, optional
        Steps after which to stop; beyond the scenario's horizon it stands for ``time.days`` or ``time.steps``.
    threads : int
        Threads for the pass over citizens; the result does not depend on it.
    **sliders : float, optional
        Any slider of :func:`sim.mesa.sliders.choices_of`; None leaves the scenario's own value.

    Attributes
    ----------
    running : bool
        Whether there is another day: neither outcome nor horizon has been reached.
    datacollector : mesa.DataCollector
        A reporter for each number of the day's national row, and for the seed.
    loaded : Loaded
        The scenario with overrides and sliders, without live levers.
    frame : Frame
        The last day, copied; safe to draw from while the model steps on.
    history : History
        All days so far.
    country : Country or None
        What a map needs, for models with places.

    Raises
    ------
    ScenarioError
        If scenario, overrides, sliders or seed are not valid.
    """

    def __init__(
        self,
        scenario: str | Path = "belarus-2020",
        seed: Any = None,
        rng: Any = None,
        *,
        overrides: Mapping[str, object] | None = None,
        persons_per_agent: int | None = None,
        days: int | None = None,
        threads: int = 1,
        **sliders: Any,
    ) -> None:
        changes = dict(overrides or {})
        if persons_per_agent is not None:
            changes["run.persons_per_agent"] = persons_per_agent
        _check_whole("days", days)
        _check_whole("threads", threads)
        loaded = load(scenario, changes)
        moved = overrides_of(loaded, sliders)
        engine = engine_of(loaded.config.model)
        if days is not None and days > engine.steps(loaded.config):
            moved[horizon_path(loaded.config)] = days
        self.loaded: Loaded = derive(loaded, moved)
        self.changes: dict[str, object] = changes | moved
        self._seed_in_force = _seed_of(seed, rng)
        # Mesa's own generators are not used by the engine; they are seeded so that whoever adds to the model can.
        super().__init__(rng=self._seed_in_force)
        self._running: Running | None = Running(self.loaded, self._seed_in_force, threads, days)
        self._levers = Levers(self._running)
        self._layout = layout_of(self._running)
        self._horizon = self._running.steps
        self.country: Country | None = country_of(self.loaded.config)
        self.history = History()
        self.frame: Frame = frame_of(self._running, self._layout, None)
        self.running = self._running.running
        # From the start, so that Mesa's plots find their columns before the first step.
        names = [one.name for one in engine.columns(self.config) if one.kind != DATE]
        self.datacollector = mesa.DataCollector({"seed": _seed, **{name: partial(_reported, name) for name in names}})

    def __repr__(self) -> str:
        return f"ProtestModel({called(self.loaded.path)!r}, seed={self.seed}, {self.day} of {self.horizon} steps)"

    def __getstate__(self) -> dict[str, Any]:
        # Mesa puts a bound method of the model in the place of `step`, which would be pickled as the step it wraps.
        return {name: value for name, value in vars(self).items() if name not in ("step", "_user_step")}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__dict__.update(kept)
        self._user_step = MethodType(type(self).step, self)
        self.step = self._wrapped_step  # type: ignore[method-assign]  # as Mesa does

    def __copy__(self) -> ProtestModel:
        """Return a model of its own: two that share their arrays would be none."""
        return copy.deepcopy(self)

    def step(self) -> None:
        """Take one step (a day); does nothing once the run has ended."""
        if self._running is None or not self._running.running:
            self.running = False
            return
        self._running.advance()
        self.frame = frame_of(self._running, self._layout, self.outcome)
        self.history.append(self.frame)
        self.datacollector.collect(self)
        self.running = self._running.running

    @property
    def config(self) -> Any:
        """The checked scenario."""
        return self.loaded.config

    @property
    def model_name(self) -> str:
        """The scenario's model: its name, or the file it stands in."""
        return str(self.config.model)

    @property
    def seed(self) -> int:
        """The seed in force."""
        return self._seed_in_force

    @property
    def day(self) -> int:
        """Days done."""
        return self.frame.day

    @property
    def horizon(self) -> int:
        """Days in all, unless an outcome comes first."""
        return self._horizon

    @property
    def date(self) -> dt.date | None:
        """The last day done, the first day before it is done; None for models without a calendar."""
        return self.frame.date

    @property
    def label(self) -> str:
        """What to call the last day done."""
        return self.frame.label

    @property
    def outcome(self) -> Outcome | None:
        """How the run ended; None while it goes on."""
        if self._running is None or not self._running.done:
            return self.frame.outcome if self._running is None else None
        if self._running.running:
            return None
        return self._running.ended or self._running.engine.verdict(self._running.state)

    @property
    def levers(self) -> dict[str, float | None]:
        """Live levers and where they stand; None for one that is released."""
        return dict(self._levers.values)

    @property
    def pulls(self) -> tuple[Pull, ...]:
        """What was done with live levers, in order."""
        return tuple(self._levers.pulls)

    def set_lever(self, name: str, value: float | None) -> None:
        """Set a live lever from the next day on, or release it with None.

        Raises
        ------
        ScenarioError
            If the model has no such lever, or the value is out of its range.
        """
        self._open()
        self._levers.set(name, value)

    def events_yaml(self) -> str:
        """Return a scenario file of which ``simulate`` gives the same run, bit for bit."""
        running = self._open()
        own = running.engine.steps(self.config)
        return scenario_yaml(self._levers.scenario(), self.seed, running.steps if running.steps < own else None)

    def run(self) -> Run:
        """Return the run so far, with all that was changed in its scenario.

        Raises
        ------
        ProtestorateError
            Before the first day.
        """
        running = self._open()
        pulls = [{"lever": pull.lever, "day": pull.day + 1, "value": pull.value} for pull in self._levers.pulls]
        before = running.loaded
        running.loaded = self._levers.scenario()
        try:
            return running.result(**({"levers": pulls} if pulls else {}))
        finally:
            running.loaded = before

    def citizens(self, role: str | None = None, locality: str | None = None) -> pd.DataFrame:
        """Return citizens as they are now, a row each.

        Parameters
        ----------
        role : str, optional
            Only those of one role: bystander, engaged, protester, detained, exiled or dead.
        locality : str, optional
            Only those of one locality.

        Returns
        -------
        DataFrame
            The index is the citizen's number; columns role, locality, neighbourhood, class, age, camp, tactic
            (None if not in action), striking, and the emotions [units of :mod:`sim.models.mobilisation.state`]. A copy.

        Raises
        ------
        ProtestorateError
            If the model has no citizens, or there is no such role or locality.
        """
        running = self._open()
        if self._layout is None or self.country is None:
            raise ProtestorateError(f"the model {self.model_name} has no citizens in places")
        if locality is not None:
            self.country.number(locality)  # refuses a name that there is not
        return citizens_of(running.state, role, locality)

    def close(self) -> None:
        """Let go of the run's arrays and threads; the last frame stays. Mesa's models are freed late otherwise."""
        if self._running is None:
            return
        clock = getattr(self._running.state, "clock", None)
        if clock is not None and clock.pool is not None:
            clock.pool.shutdown(wait=False)
        self._running = None
        self._levers = Levers.__new__(Levers)
        self._levers.values, self._levers.pulls = {}, []
        self.history = History()
        self.running = False

    def _open(self) -> Running:
        if self._running is None:
            raise ProtestorateError("the model has been closed")
        return self._running


def _seed(model: ProtestModel) -> int:
    return model.seed


def _reported(name: str, model: ProtestModel) -> Any:
    return model.frame.national.get(name)  # a model may declare what it does not always record


def _seed_of(seed: Any, rng: Any) -> int:
    if seed is not None and rng is not None:
        raise ScenarioError(Problem("give either seed or rng, not both", "seed"))
    given = seed if rng is None else rng
    if given is None:
        return secrets.randbelow(RANDOM_SEEDS)
    if isinstance(given, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence | list | tuple):
        return int(np.random.default_rng(given).integers(HIGHEST_SEED))
    if isinstance(given, bool) or not isinstance(given, Integral):
        raise ScenarioError(Problem("must be a whole number", "seed", given=shown(given)))
    if not 0 <= int(given) <= HIGHEST_SEED:
        raise ScenarioError(Problem("must lie in 0 to 2^63-1", "seed", given=shown(int(given))))
    return int(given)


def _check_whole(name: str, value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < 1:
        raise ScenarioError(Problem("must be a whole number, at least 1", name, given=shown(value)))
