"""What a scenario of Epstein's models changes over time: legitimacy, and how many cops there are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.core.rng import Stream, draws_array, quick_key
from sim.models.epstein_2002_schema import Change
from sim.models.epstein_2002_state import AGENT, FATE, State, Tally
from sim.models.epstein_2002_world import World
from sim.models.torus import LESS, ONE, empty_anywhere, spread


def scheduled(value: float, changes: Sequence[Change], now: int) -> float:
    """Return what a value is in a step after its changes; each is reached in equal steps.

    Parameters
    ----------
    value : float
        At first.
    changes : sequence of Change
        In the order of time.
    now : int
        Number of the step, 1 for the first.
    """
    for change in changes:
        if now < change.at:
            break
        way = min((now - change.at + 1) / change.over, 1.0)
        value = change.to if way == 1.0 else value + (change.to - value) * way
    return value


def more_agents(world: World, least: int) -> None:
    """Make the tables of agents longer, so that they hold at least so many."""
    more = least - world.agents.size
    if more > 0:
        world.order = np.concatenate([world.order, np.arange(world.agents.size, least, dtype=np.int32)])
        new = np.zeros(more, dtype=AGENT)
        new["state"] = State.GONE
        world.agents = np.concatenate([world.agents, new])
        world.fates = np.concatenate([world.fates, np.zeros(more, dtype=FATE)])


def follow(world: World, now: int) -> None:
    """Withdraw or send cops until there are as many as the scenario says for this step."""
    config, width, tally = world.config, world.config.grid.width, world.rows[now]
    density = scheduled(config.cops.density, config.cops.changes, now)
    surplus = int(tally[Tally.COPS]) - math.ceil(density * width * config.grid.height - 0.5)
    if surplus > 0:
        here = world.order[: world.size[0]]
        cops = np.sort(here[world.agents["state"][here] == State.COP])
        luck = draws_array(world.seed, Stream.GRID_SITES, now, cops)[:, 1]
        for cop in cops[np.argsort(luck, kind="stable")[:surplus]]:
            _withdraw(world, int(cop))
    for number in range(-surplus):
        if not _send(world, now, number):
            break
    tally[Tally.COPS] = np.count_nonzero(world.agents["state"][world.order[: world.size[0]]] == State.COP)


def _withdraw(world: World, cop: int) -> None:
    one = world.agents[cop]
    spread(world.cells.cops, world.vision.around, world.config.grid.width, int(one["x"]), int(one["y"]), LESS)
    world.cells.taken[one["y"], one["x"]] -= 1
    one["state"] = State.GONE
    last, here = int(world.size[0]) - 1, int(np.flatnonzero(world.order == cop)[0])
    world.order[[here, last]] = world.order[[last, here]]
    world.size[0] = last


def _send(world: World, now: int, number: int) -> bool:
    """Put a new cop onto a random empty cell; False if there is none."""
    # Compiled functions give Python's own integers, which plain arguments above 2**63 - 1 cannot be.
    key = np.uint64(quick_key(world.key, int(Stream.GRID_SITES), now))
    cell = int(empty_anywhere(world.cells.taken, key, 64 * number))
    if cell < 0:
        return False
    more_agents(world, int(world.size[0]) + 1)
    cop = world.agents[world.order[world.size[0]]]
    width = world.config.grid.width
    cop["x"], cop["y"], cop["state"] = cell % width, cell // width, State.COP
    world.cells.taken[cop["y"], cop["x"]] += 1
    spread(world.cells.cops, world.vision.around, width, int(cop["x"]), int(cop["y"]), ONE)
    world.size[0] += 1
    return True
