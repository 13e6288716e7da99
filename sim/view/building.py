"""From parameter sets to models that are ready to step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.view.levers import Pull
from sim.view.snapshot import Columns

if TYPE_CHECKING:
    from sim.mesa_model import ProtestModel
    from sim.scenario.load import Loaded

PERSONS_PER_AGENT_TO_WARM_UP = 20_000

_warming = threading.Lock()
_warm: set[str] = set()


@dataclass(frozen=True)
class Setup:
    """One parameter set: a scenario, the sliders that were moved, and what was set beside the file."""

    scenario: str
    values: Mapping[str, float] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)


def warm_up(scenario: str, announce: Callable[[], None]) -> None:
    """Have the step loop of a scenario's model compiled, once in this process, before anybody waits for a step.

    Parameters
    ----------
    scenario : str
        Name or file of a scenario.
    announce : callable
        Called if something is really compiled, and not found ready on disk.
    """
    from sim.jit import watch_compilation
    from sim.run import simulate
    from sim.scenario.load import load

    loaded = load(scenario)
    model = str(loaded.config.model)  # type: ignore[attr-defined]
    with _warming:
        if model in _warm:
            return
        with watch_compilation(announce):
            if hasattr(loaded.config, "places"):
                simulate(loaded, days=1, persons_per_agent=PERSONS_PER_AGENT_TO_WARM_UP)
        _warm.add(model)


@dataclass
class Held:
    """A run that a session holds: its model, its scenario without sliders, and what was recorded beside the model."""

    model: ProtestModel
    base: Loaded
    columns: Columns = field(default_factory=Columns)
    pulls: list[Pull] = field(default_factory=list)

    def pull(self, name: str, value: float | None) -> None:
        """Move a live lever; raises ScenarioError if there is no such lever or the value is out of its range."""
        before = self.model.levers.get(name)
        self.model.set_lever(name, value)
        if value != before:
            self.pulls.append(Pull(name, self.model.day, value))


def build(setups: tuple[Setup, ...], seed: int | None, threads: int) -> tuple[Held, ...]:
    """Return a model for each parameter set, all with the same seed.

    Raises
    ------
    ScenarioError
        If a scenario, a value or the seed is not valid.
    """
    from sim.mesa_model import ProtestModel
    from sim.scenario.load import load

    held: list[Held] = []
    for setup in setups:
        chosen = held[0].model.seed if held and seed is None else seed
        base = load(setup.scenario, setup.overrides)
        model = ProtestModel(
            setup.scenario, chosen, overrides=dict(setup.overrides), threads=threads, **dict(setup.values)
        )
        held.append(Held(model, base))
    return tuple(held)
