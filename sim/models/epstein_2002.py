"""Epstein's models of civil violence, and with other rules NetLogo's Rebellion and Mesa's example.

Model I: a central authority against decentralised rebellion. Model II, with two `groups`: ethnic violence. What
one step does stands in :mod:`sim.models.epstein_2002_step`; this module draws the first state, follows the
scheduled legitimacy and number of cops, and tells how a run went.

Source: Epstein (2002), "Modeling civil violence: an agent-based computational approach", Proceedings of the
National Academy of Sciences 99 (suppl. 3), 7243-7250, doi:10.1073/pnas.092080199.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.rng import Stream, draws_array, quick_key
from sim.models.epstein_2002_results import declared_columns, numbers, outbursts
from sim.models.epstein_2002_rules import chance_table
from sim.models.epstein_2002_schema import Change, EpsteinScenario
from sim.models.epstein_2002_state import AGENT, FATE, NOBODY, RULES, Cells, Law, Place, Rule, State, Tally, Vision
from sim.models.epstein_2002_step import step
from sim.models.interface import Cell, Outcome, Picture, Report
from sim.models.results import summarised
from sim.models.scenario import stepwise
from sim.models.torus import LESS, ONE, counts, empty_anywhere, offsets, spread, turned, window

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


@dataclass
class World:
    """A run under way.

    Attributes
    ----------
    agents : AGENT array, shape (capacity,)
    fates : FATE array, shape (capacity,)
    order : int32 array, shape (capacity,)
        Agents in the world, the first `size[0]`, and then free slots.
    rows : int64 array, shape (room, columns of Tally)
        A row a step done, after one for the beginning.
    legitimacies : list of float
        Legitimacy in each step done.
    done : int
        Steps done.
    """

    config: EpsteinScenario
    seed: int
    agents: NDArray[Any]
    fates: NDArray[Any]
    order: NDArray[np.int32]
    size: NDArray[np.int64]
    cells: Cells
    vision: Vision
    rules: Any
    rows: NDArray[np.int64]
    legitimacies: list[float]
    done: int = 0

    def __post_init__(self) -> None:
        self.key = np.uint64(self.seed)
        self.chances = chance_table(int(self.rules["ratio_rule"]), float(self.rules["arrest_constant"]))


def build(config: EpsteinScenario, seed: int, threads: int) -> World:
    """Draw the state before the first step; `threads` makes no difference."""
    width = config.grid.width
    citizens, cops = _sites(config, seed)
    many = citizens.size + cops.size
    agents = np.zeros(max(many, 1), dtype=AGENT)
    luck = draws_array(seed, Stream.GRID_TRAITS, 0, np.arange(citizens.size))
    at = np.concatenate([citizens, cops])
    people = agents[: citizens.size]
    agents["x"][:many], agents["y"][:many] = at % width, at // width
    fates = np.zeros(agents.size, dtype=FATE)
    fates["next"] = NOBODY
    agents["state"][citizens.size :] = State.COP
    people["hardship"], people["aversion"] = luck[:, 0], luck[:, 1]
    if config.groups is not None:
        people["group"] = luck[:, 2] >= config.groups.share
        fates["dies"][: citizens.size] = np.ceil(luck[:, 3] * config.groups.lifespan)
    vision = _vision(config)
    cells = _cells(config, vision)
    np.add.at(cells.taken, (agents["y"][:many], agents["x"][:many]), 1)
    if config.groups is not None:
        cells.citizen[people["y"], people["x"]] = np.arange(citizens.size)
    for cop in agents[citizens.size : many]:
        spread(cells.cops, vision.around, width, int(cop["x"]), int(cop["y"]), ONE)
    rows = np.zeros((256, len(Tally)), dtype=np.int64)
    rows[0, [Tally.QUIET, Tally.COPS]] = citizens.size, cops.size
    rows[0, [Tally.FIRST, Tally.SECOND]] = np.bincount(people["group"], minlength=2)
    order = np.arange(agents.size, dtype=np.int32)
    size = np.array([many], dtype=np.int64)
    return World(config, seed, agents, fates, order, size, cells, vision, _rules(config, vision), rows, [])


def _sites(config: EpsteinScenario, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells in which citizens and cops stand at first."""
    cells = config.grid.width * config.grid.height
    luck = draws_array(seed, Stream.GRID_SITES, 0, np.arange(cells))[:, 0]
    if config.grid.placement == "by_chance":
        people, everybody = config.citizens.density, config.citizens.density + config.cops.density
        return np.flatnonzero(luck < people), np.flatnonzero((luck >= people) & (luck < everybody))
    shuffled = np.argsort(luck, kind="stable")
    cops = _number(config.cops.density, cells)
    citizens = min(_number(config.citizens.density, cells), cells - cops)
    return shuffled[cops : cops + citizens], shuffled[:cops]


def _number(density: float, cells: int) -> int:
    return math.floor(density * cells + 0.5)


def _vision(config: EpsteinScenario) -> Vision:
    kind, far, cop_far = config.grid.neighbourhood, config.citizens.vision, config.cops.vision
    turns = turned(config.grid.width, config.grid.height)
    return Vision(offsets(kind, far), window(kind, far), offsets(kind, cop_far), window(kind, cop_far), turns)


def _one_vision(vision: Vision) -> bool:
    """Whether citizens and cops have the same cells in vision."""
    return np.array_equal(vision.around, vision.cop_around)


def _cells(config: EpsteinScenario, vision: Vision) -> Cells:
    width, height = config.grid.width, config.grid.height
    actives = counts(width, height, vision.around)
    return Cells(
        taken=np.zeros((height, width), dtype=np.uint8),
        heads=np.full((height, width), NOBODY, dtype=np.int32),
        citizen=np.full((height, width), NOBODY, dtype=np.int32),
        cops=counts(width, height, vision.around),
        actives=actives,
        watched=actives if _one_vision(vision) else counts(width, height, vision.cop_around),
    )


def _rules(config: EpsteinScenario, vision: Vision) -> Any:
    rules = np.zeros(1, dtype=RULES)[0]
    citizens, cops, jail, groups = config.citizens, config.cops, config.jail, config.groups
    by_own_turns = jail.served == "own_turns"
    values = {
        "threshold": citizens.threshold,
        "arrest_constant": citizens.arrest_constant,
        "ratio_rule": Rule[citizens.ratio_rule.upper()],
        "counted_twice": citizens.counted == "twice",
        "citizens_move": citizens.move,
        "cops_move": cops.move,
        "onto_suspect": cops.onto_suspect,
        "act_first": config.time.order == "act_first",
        "law": Law[jail.term.law.upper()],
        "longest": getattr(jail.term, "longest", 0),
        "by_own_turns": by_own_turns,
        "place": Place[jail.place.upper()],
        "groups": groups is not None,
        "cloning": groups.cloning if groups else 0.0,
        "lifespan": groups.lifespan if groups else 0,
        "one_vision": _one_vision(vision),
        # A citizen whose term is over before it began stays in the cell to which the cop comes.
        "one_a_cell": jail.place != "stays_aside" and (by_own_turns or not cops.onto_suspect),
    }  # fmt: skip
    for name, value in values.items():
        rules[name] = value
    return rules


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


def advance(world: World) -> None:
    """Let everybody act once."""
    config, now = world.config, world.done + 1
    _make_room(world)
    world.rows[now, :STOCKS] = world.rows[now - 1, :STOCKS]
    if config.cops.changes:
        _follow_cops(world, now)
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
        _more_agents(world, 2 * int(world.size[0]))


def _more_agents(world: World, least: int) -> None:
    more = least - world.agents.size
    if more > 0:
        world.order = np.concatenate([world.order, np.arange(world.agents.size, least, dtype=np.int32)])
        new = np.zeros(more, dtype=AGENT)
        new["state"] = State.GONE
        world.agents = np.concatenate([world.agents, new])
        world.fates = np.concatenate([world.fates, np.zeros(more, dtype=FATE)])


def _follow_cops(world: World, now: int) -> None:
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
    _more_agents(world, int(world.size[0]) + 1)
    cop = world.agents[world.order[world.size[0]]]
    width = world.config.grid.width
    cop["x"], cop["y"], cop["state"] = cell % width, cell // width, State.COP
    world.cells.taken[cop["y"], cop["x"]] += 1
    spread(world.cells.cops, world.vision.around, width, int(cop["x"]), int(cop["y"]), ONE)
    world.size[0] += 1
    return True


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
    return Outcome(OUTBURSTS, (f"{len(bursts)} times more than {limit} citizens are active, at most {active.max()}",))


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
