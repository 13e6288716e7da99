"""Epstein's models of civil violence, and with other rules NetLogo's Rebellion and Mesa's example.

Model I: a central authority against decentralised rebellion. Model II, with two `groups`: ethnic violence. The
first state is drawn in :mod:`sim.models.epstein_2002_world`, what one step does stands in
:mod:`sim.models.epstein_2002_step`, what a scenario changes over time in :mod:`sim.models.epstein_2002_cops`; this
module takes steps and tells how a run went.

Source: Epstein (2002), "Modeling civil violence: an agent-based computational approach", Proceedings of the
National Academy of Sciences 99 (suppl. 3), 7243-7250, doi:10.1073/pnas.092080199.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.declarations import summarised
from sim.models.epstein_2002_cops import follow, more_agents, scheduled
from sim.models.epstein_2002_results import declared_columns, numbers, outbursts
from sim.models.epstein_2002_state import State, Tally
from sim.models.epstein_2002_step import step
from sim.models.epstein_2002_world import World, build
from sim.models.interface import Cell, Outcome, Picture, Report
from sim.models.scenario import stepwise

CALM, OUTBURSTS, REVOLT = "calm", "outbursts", "revolt"
COEXISTENCE, EXTINCTION = "coexistence", "extinction"
OUTCOMES = {
    CALM: "no outburst",
    OUTBURSTS: "outbursts that end",
    REVOLT: "an outburst goes on at the horizon",
    COEXISTENCE: "Model II: both groups live on at the horizon",
    EXTINCTION: "Model II: one group is extinct",
}
STOCKS = 6
"""So many columns of Tally are stocks, the others count what happens in a step."""
TALLIES = {
    "quiet": Tally.QUIET, "active": Tally.ACTIVE, "jailed": Tally.JAILED, "cops": Tally.COPS,
    "arrested": Tally.ARRESTED,
}  # fmt: skip
GROUP_TALLIES = {
    "first_group": Tally.FIRST, "second_group": Tally.SECOND, "killed": Tally.KILLED, "cloned": Tally.CLONED,
    "died": Tally.DIED,
}  # fmt: skip
CELLS = (
    Cell("empty", "#FFFFFF"),
    Cell("quiet", "#A9C4E4"),
    Cell("active", "#D55E00"),
    Cell("jailed", "#8A8A8A"),
    Cell("cop", "#222222"),
)
GROUP_CELLS = (
    Cell("empty", "#FFFFFF"),
    Cell("first group", "#56B4E9"),
    Cell("first group, killing", "#0072B2"),
    Cell("second group", "#8FD0B5"),
    Cell("second group, killing", "#007A53"),
    Cell("jailed", "#8A8A8A"),
    Cell("peacekeeper", "#222222"),
)


def advance(world: World) -> None:
    """Let everybody act once."""
    config, now = world.config, world.done + 1
    _make_room(world)
    world.rows[now, :STOCKS] = world.rows[now - 1, :STOCKS]
    if config.cops.changes:
        follow(world, now)
    legitimacy = scheduled(config.legitimacy.value, config.legitimacy.changes, now)
    step(
        world.agents, world.fates, world.order, world.size, world.cells, world.vision, world.rules, world.chances,
        world.key, now, 1.0 - legitimacy, world.rows,
    )  # fmt: skip
    world.legitimacies.append(legitimacy)
    world.done = now


def _make_room(world: World) -> None:
    """Make the tables longer where the next step may not fit: of steps, and of agents, each of whom may be cloned."""
    if world.done + 1 >= world.rows.shape[0]:
        world.rows = np.concatenate([world.rows, np.zeros_like(world.rows)])
    if world.config.groups is not None:
        more_agents(world, 2 * int(world.size[0]))


def ending(world: World) -> Outcome | None:
    """Return the outcome as soon as one of two groups is extinct."""
    if world.config.groups is None:
        return None
    first, second = world.rows[world.done, [Tally.FIRST, Tally.SECOND]].tolist()
    if first and second:
        return None
    dead = "both groups are" if first == second else "the first group is" if second else "the second group is"
    return Outcome(EXTINCTION, (f"{dead} extinct after {world.done} steps",))


def verdict(world: World) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    now = world.rows[world.done]
    if world.config.groups is not None:
        first, second = now[[Tally.FIRST, Tally.SECOND]].tolist()
        return ending(world) or Outcome(COEXISTENCE, (f"{first} and {second} of the two groups live",))
    limit = world.config.outbursts.above
    active = world.rows[1 : world.done + 1, Tally.ACTIVE]
    bursts = outbursts(active, limit)
    if active[-1] > limit:
        return Outcome(REVOLT, (f"{active[-1]} citizens are active at the end, more than {limit}",))
    if not bursts:
        return Outcome(CALM, (f"never more than {active.max()} citizens are active",))
    return Outcome(OUTBURSTS, (f"more than {limit} citizens are active {len(bursts)} times, at most {active.max()}",))


def report(world: World) -> Report:
    """Return a row a step, no localities, and the numbers to quote, as declared."""
    import pandas as pd

    done, config = world.done, world.config
    rows = world.rows[1 : done + 1]
    columns: dict[str, Any] = {"step": np.arange(1, done + 1)}
    columns |= {name: rows[:, tally] for name, tally in TALLIES.items()}
    columns["legitimacy"] = np.array(world.legitimacies)
    if config.groups is not None:
        columns |= {name: rows[:, tally] for name, tally in GROUP_TALLIES.items()}
    days, places = pd.DataFrame(columns), pd.DataFrame()
    return Report(days, places, summarised(numbers(config), declared_columns(config), days, places, config))


def picture(world: World) -> Picture:
    """Return what is in each cell; a free citizen is drawn over a jailed one, a cop over both."""
    grid = world.config.grid
    drawn = np.zeros((grid.height, grid.width), dtype=np.uint8)
    agents = world.agents[np.sort(world.order[: world.size[0]])]
    two = world.config.groups is not None
    if world.config.jail.place != "away":
        jailed = agents[agents["state"] == State.JAILED]
        drawn[jailed["y"], jailed["x"]] = 5 if two else 3
    free = agents[agents["state"] <= State.ACTIVE]
    free = free[np.argsort(free["state"], kind="stable")]
    drawn[free["y"], free["x"]] = 1 + free["state"] + 2 * free["group"]
    cops = agents[agents["state"] == State.COP]
    drawn[cops["y"], cops["x"]] = 6 if two else 4
    return Picture(drawn, GROUP_CELLS if two else CELLS)


ENGINE = stepwise(
    build,
    advance,
    ending,
    verdict,
    report,
    OUTCOMES,
    declared_columns,
    numbers,
    agents=lambda config: int((config.citizens.density + config.cops.density) * config.grid.width * config.grid.height),
    picture=picture,
)
