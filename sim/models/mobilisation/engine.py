"""The flagship model behind the interface of :mod:`sim.models.interface`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.beside import compile_beside
from sim.models.interface import Engine, Outcome, Report
from sim.models.mobilisation import outcome, results
from sim.models.mobilisation.coarse import caution
from sim.models.mobilisation.day import advance, evening
from sim.models.mobilisation.numbers import Numbers, numbers
from sim.models.mobilisation.population.build import build as populate
from sim.models.mobilisation.recorder import Recorder, columns, label, places, summary
from sim.models.mobilisation.restored import check
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import NATION_TYPE, TABLES, allocate, together
from sim.models.mobilisation.threads import ThreadPlan, thread_plan
from sim.models.mobilisation.world import World


@dataclass
class State:
    """A run under way: its world, its numbers, its threads, and what has been recorded."""

    config: Mobilisation
    seed: int
    world: World
    numbers: Numbers
    plan: ThreadPlan
    recorder: Recorder


def build(config: Mobilisation, seed: int, threads: int) -> State:
    """Draw the initial state."""
    given = numbers(config)
    compile_beside(evening, _nobody(), given, np.uint64(seed))  # of the same types as any world
    world = populate(config, seed)
    return State(config, seed, world, given, thread_plan(world, threads), Recorder(world, config))


@cache
def _nobody() -> World:
    """Return a world of one row a table."""
    widths: Mapping[str, int] = defaultdict(lambda: 1)
    tables = {table: allocate(table, 1, widths) for table in TABLES}
    return World(**tables, nation=np.zeros(1, NATION_TYPE), ties=np.zeros((1, 1), np.int32))


def step(state: State) -> None:
    """Carry the state one day further, and record the day."""
    advance(state.world, state.numbers, state.plan, state.config, state.seed)
    state.recorder.record(state.world)


def ending(state: State) -> Outcome | None:
    """Return the outcome that ends the run now, or None."""
    return outcome.ending(state.world.nation, state.config)


def verdict(state: State) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    return outcome.verdict(state.world.nation, state.config)


def report(state: State) -> Report:
    """Return the tables recorded so far and the numbers to quote."""
    days, localities = state.recorder.of_days(state.config), state.recorder.of_places(state.config)
    return Report(days.table, localities.table, summary(days, localities, state.config))


def arrays(state: State) -> dict[str, NDArray[Any]]:
    """Return the whole state of an evening by name (``citizens.role``), and what has been recorded."""
    world = state.world
    tables = {f"{table}.{name}": column for table in TABLES for name, column in _columns(world, table).items()}
    recorded = {f"recorded.{name}": column for name, column in state.recorder.kept().items()}
    return {**tables, "nation": np.asarray(world.nation), "ties": world.ties, **recorded}


def restored(config: Mobilisation, seed: int, threads: int, kept: Mapping[str, NDArray[Any]], done: int) -> State:
    """Return the state that `arrays` were taken of; raises ValueError if they are not of a run of this scenario."""
    check(config, kept)
    tables = {table: together(table, (kept[f"{table}.{one.name}"] for one in TABLES[table])) for table in TABLES}
    nation = np.zeros(1, NATION_TYPE)  # in memory its numbers stand where compiled code expects them
    for name in NATION_TYPE.names or ():
        nation[name] = kept["nation"][name]
    world = World(**tables, nation=nation, ties=kept["ties"])
    recorder = Recorder(world, config)
    recorded = {name.partition(".")[2]: column for name, column in kept.items() if name.startswith("recorded.")}
    recorder.take_up(recorded)
    if not recorder.days == done == nation["day"][0]:
        raise ValueError(f"what has been recorded is of {recorder.days} days, and not of {done}")
    return State(config, seed, world, numbers(config), thread_plan(world, threads), recorder)


def _columns(world: World, table: str) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = vars(getattr(world, table))
    return columns


ENGINE = Engine(
    build=build,
    advance=step,
    outcome=ending,
    verdict=verdict,
    report=report,
    steps=lambda config: int(config.time.days),
    agents=lambda config: int(config.places.population // config.run.persons_per_agent),
    label=label,
    outcomes=outcome.OUTCOMES,
    roads=outcome.ROADS,
    columns=columns,
    places=places,
    numbers=lambda config: results.NUMBERS,
    caution=caution,
    arrays=arrays,
    restored=restored,
    bytes_per_agent=110,  # measured: 97 MB more with 941,000 agents than with 1,900
)
