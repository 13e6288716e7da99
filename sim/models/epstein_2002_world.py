"""The first state of a run of Epstein's models: who is where, what is in vision, and the rules as numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.rng import Stream, draws_array
from sim.models.epstein_2002_rules import chance_table
from sim.models.epstein_2002_schema import EpsteinScenario
from sim.models.epstein_2002_state import AGENT, FATE, NOBODY, RULES, Cells, Law, Place, Rule, State, Tally, Vision
from sim.models.torus import ONE, counts, offsets, spread, turned, window


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
    citizens, cops = sites(config, seed)
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


def sites(config: EpsteinScenario, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
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
