"""From parameter sets to models that are ready to step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.mesa.levers import Pull
from sim.page.setup import Setup
from sim.page.snapshot import Columns, RunSeen, Told
from sim.page.story import Line, Teller, event_markers

if TYPE_CHECKING:
    from sim.mesa.frames import Frame
    from sim.mesa.model import ProtestModel
    from sim.run.load import Loaded

PERSONS_PER_AGENT_TO_WARM_UP = 20_000

_warming = threading.Lock()
_warm: set[str] = set()


def warm_up(scenario: str, announce: Callable[[], None]) -> None:
    """Have the step loop of a scenario's model compiled, once in this process, before anybody waits for a step.

    Parameters
    ----------
    scenario : str
        Name or file of a scenario.
    announce : callable
        Called if something is really compiled, and not found ready on disk.
    """
    from sim.core.jit import watch_compilation
    from sim.run.load import load
    from sim.run.simulate import simulate

    loaded = load(scenario)
    model = str(loaded.config.model)
    with _warming:
        if model in _warm:
            return
        with watch_compilation(announce):
            if hasattr(loaded.config, "places"):
                simulate(loaded, days=1, persons_per_agent=PERSONS_PER_AGENT_TO_WARM_UP)
            else:
                simulate(loaded, days=1)
        _warm.add(model)


class Held:
    """A run that a session holds: its model, and what was recorded beside it.

    Parameters
    ----------
    model : ProtestModel
    setup : Setup
        What it was built from.
    base : Loaded
        The scenario as it is without sliders.
    planned : sequence of Pull
        What is to be done with live levers, each when so many days are done.
    """

    def __init__(self, model: ProtestModel, setup: Setup, base: Loaded, planned: Sequence[Pull] = ()) -> None:
        self.model = model
        self.setup = setup
        self.base = base
        self._columns = Columns()
        self._pulls: list[Pull] = []
        self._told: list[Told] = []
        self._turns = Teller(model.config, self._pulls)
        self._lines = Teller(model.config, self._pulls)
        self._markers = tuple(event_markers(model.config))
        self._planned = tuple(planned)
        self._pull_planned()

    def advance(self) -> None:
        """Take a day, if there is another."""
        if self.model.running:
            self.model.step()
            self._pull_planned()

    def _pull_planned(self) -> None:
        for pull in self._planned:
            if pull.day == self.model.day:
                self.pull(pull.lever, pull.value)

    def pull(self, name: str, value: float | None) -> None:
        """Move a live lever; raises ScenarioError if there is no such lever or the value is out of its range."""
        before = self.model.levers.get(name)
        self.model.set_lever(name, value)
        if value != before:
            self._pulls.append(Pull(name, self.model.day, value))
            self._markers = tuple(event_markers(self.model.config, self._pulls))

    def lines(self) -> list[Line]:
        """Return day, date and sentence of each recorded day; call it from the thread that owns the model."""
        frames = self.model.history.frames()
        self._tell(frames)
        return [(frame.day, frame.date, told.sentence) for frame, told in zip(frames, self._told, strict=True)]

    def _tell(self, frames: Sequence[Frame]) -> None:
        for frame in frames[len(self._told) :]:
            self._told.append(Told(frame.day, self._turns.turning(frame), self._lines.line(frame)[2]))

    def seen(self) -> RunSeen:
        """Return what there is to see of the run; call it from the thread that owns the model."""
        model = self.model
        frames = model.history.frames()
        self._tell(frames)
        return RunSeen(
            setup=self.setup,
            base=self.base,
            loaded=model.loaded,
            model_name=model.model_name,
            seed=model.seed,
            changes=dict(model.changes),
            markers=self._markers,
            told=tuple(self._told),
            frames=frames,
            first=frames[0] if frames else model.frame,
            series=self._columns.series(frames),
            start=frames[0].date if frames else model.date,
            horizon=model.horizon,
            running=model.running,
            outcome=model.outcome,
            levers=dict(model.levers),
            pulls=tuple(self._pulls),
            country=model.country,
        )


def _as_keywords(setup: Setup) -> dict[str, Any]:
    return dict(setup.values)


def build(
    setups: tuple[Setup, ...], seed: int | None, threads: int, pulls: Sequence[Sequence[Pull]] = ()
) -> tuple[Held, ...]:
    """Return a model for each parameter set, all with the same seed; `pulls` are what its levers are to do.

    Raises
    ------
    ScenarioError
        If a scenario, a value or the seed is not valid.
    """
    from sim.mesa.model import ProtestModel
    from sim.run.load import load

    held: list[Held] = []
    for index, setup in enumerate(setups):
        base = load(setup.scenario, setup.overrides)
        if seed is None:
            seed = int(base.config.run.seed)
        model = ProtestModel(
            setup.scenario, seed, overrides=dict(setup.overrides), threads=threads, **_as_keywords(setup)
        )
        held.append(Held(model, setup, base, pulls[index] if index < len(pulls) else ()))
    return tuple(held)
