"""The model of nonviolent resistance strategy of Chenoweth, Hocking and Marks.

Citizens, activists, officers and pillars of support stand on a torus, one a cell. In each step all act in random
order: they move (pillars stay); officers arrest or kill; members of the movement protest if they see an ally; a
citizen is a member if grievance times peer pressure exceeds the expected cost of arrest by a threshold; officers
and pillars defect when protesters are a large enough share of those in view. The movement wins when enough pillars
have defected, the regime when no more than one member is alive.

Source: Chenoweth, Hocking & Marks (2022), "A dynamic model of nonviolent resistance strategy", PLOS ONE 17(7),
e0269976, doi:10.1371/journal.pone.0269976, parameters of its table S1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.model import Engine, Outcome, Report
from sim.models.chenoweth_hocking_marks_2022_schema import ChenowethScenario
from sim.rng import draws, draws_array, normals_array

MOVEMENT, REGIME, UNDECIDED = "movement", "regime", "undecided"
OUTCOMES = {
    MOVEMENT: "enough pillars of support have defected: the movement wins",
    REGIME: "no more members of the movement are alive than a protest needs: the regime wins",
    UNDECIDED: "neither by the horizon",
}


class Luck(IntEnum):
    """What a draw decides. Numbers are part of the results."""

    PLACE = 0
    TRAITS = 1
    INCOME = 2
    ORDER = 3
    MOVE = 4
    POLICE = 5
    TERM = 6


class Kind(IntEnum):
    """What an agent is."""

    CITIZEN = 0
    ACTIVIST = 1
    OFFICER = 2
    PILLAR = 3


AGENT = np.dtype(
    [
        ("kind", np.int64),  # a Kind
        ("x", np.int64),  # column of its cell
        ("y", np.int64),  # row of its cell
        ("late", np.int64),  # steps before it begins to act
        ("jail", np.int64),  # steps still to sit
        ("wait", np.int64),  # steps until it can protest again
        ("alive", np.bool_),
        ("member", np.bool_),  # a citizen who belongs to the movement
        ("protesting", np.bool_),
        ("defected", np.bool_),
        ("fickle", np.bool_),
        ("immediate", np.bool_),
        ("hardship", np.float64),
        ("cost", np.float64),  # of arrest
        ("limit", np.float64),  # share of protesters in view above which it defects
    ]
)
STRATEGIES = {"random": 0, "nearest": 1, "weakest": 2}
_CITIZEN, _ACTIVIST, _OFFICER, _PILLAR = (int(kind) for kind in Kind)
_MOVE, _POLICE, _TERM = int(Luck.MOVE), int(Luck.POLICE), int(Luck.TERM)


class Numbers(NamedTuple):
    """What a step needs of a scenario."""

    threshold: float
    arrest_constant: float
    peers: int
    strategy: int
    loyal_only: bool
    cycle: int
    duration: int
    allies: int
    backfire: float
    find: float
    target: float
    kill: float
    jail: int


@dataclass
class State:
    """A run under way.

    Attributes
    ----------
    agents : structured array, shape (agents,)
        As in :data:`AGENT`; citizens, activists, officers, pillars.
    cells : array of int64, shape (height, width)
        The agent in each cell, -1 if it is empty.
    near, far : arrays of int64, shape (cells, 2)
        Steps in x and y to all that is in view, and to all where activists look for pillars.
    legitimacy : float
        Legitimacy now.
    rows : list of tuple
        The row of each step.
    """

    config: ChenowethScenario
    seed: int
    numbers: Numbers
    agents: NDArray[Any]
    cells: NDArray[np.int64]
    near: NDArray[np.int64]
    far: NDArray[np.int64]
    legitimacy: float
    rows: list[tuple[Any, ...]] = field(default_factory=list)


COLUMNS = ("active", "share", "members", "jailed", "killed", "police_loyal", "pillars_loyal", "legitimacy")


def build(config: ChenowethScenario, seed: int, threads: int) -> State:
    """Return the state before the first step; `threads` makes no difference."""
    grid, move, law = config.grid, config.movement, config.citizens
    cells = grid.width * grid.height
    shares = (grid.citizens, grid.activists, grid.police, grid.pillars)
    kinds = np.repeat([int(kind) for kind in Kind], [round(cells * share) for share in shares])
    everyone = np.arange(kinds.size)
    agents = np.zeros(kinds.size, dtype=AGENT)
    agents["kind"], agents["alive"] = kinds, True
    places = np.argsort(draws_array(seed, Luck.PLACE, 0, np.arange(cells))[:, 0], kind="stable")[: kinds.size]
    agents["x"], agents["y"] = places % grid.width, places // grid.width
    traits = draws_array(seed, Luck.TRAITS, 0, everyone)
    agents["late"] = 1 + np.floor(traits[:, 0] * move.late_start)
    agents["fickle"], agents["immediate"] = traits[:, 1] < law.fickle, traits[:, 2] < law.immediate
    luck = normals_array(seed, Luck.INCOME, 0, everyone)
    income = np.exp(law.log_income_mean + law.log_income_spread * luck[:, 0])
    agents["hardship"] = hardship(income, law.log_income_mean, law.log_income_spread)
    agents["cost"] = arrest_cost(income, law.jail_weight * config.regime.jail)
    limits = config.defection.mean + config.defection.spread * luck[:, 1]
    agents["limit"] = np.maximum(limits, config.defection.least)
    table = np.full((grid.height, grid.width), -1, dtype=np.int64)
    table[agents["y"], agents["x"]] = everyone
    regime = config.regime
    numbers = Numbers(
        law.threshold, law.arrest_constant, law.peers, STRATEGIES[move.strategy], move.targets == "loyal", move.cycle,
        move.duration, move.allies, regime.backfire, regime.find, regime.target, regime.kill, regime.jail,
    )  # fmt: skip
    far = disc(move.search if move.strategy == "weakest" else grid.vision)
    return State(config, seed, numbers, agents, table, disc(grid.vision), far, regime.legitimacy)


def hardship(income: NDArray[np.float64], mean: float, spread: float) -> NDArray[np.float64]:
    """Return how hard life is, 0..1: the logistic function of expected income less own income."""
    expected = math.exp(mean + 0.5 * spread**2)
    found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(np.minimum(income - expected, 700.0)))
    return found


def arrest_cost(income: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """Return what an arrest would cost, 0..2^(1/4): dear to the rich, who lose much, and to the poor, who have nothing.

    (a^4 + b^4)^(1/4) with a = 2 s(weight y) - 1 and b = 2 s(weight / y) - 1, s the logistic function.
    """
    rich, poor = np.tanh(weight * income / 2.0), np.tanh(weight / income / 2.0)
    found: NDArray[np.float64] = (rich**4 + poor**4) ** 0.25
    return found


def disc(radius: int) -> NDArray[np.int64]:
    """Return the steps in x and y to all cells within a Euclidean distance, one's own left out, shape (cells, 2)."""
    steps = np.arange(-radius, radius + 1)
    x, y = (part.ravel() for part in np.meshgrid(steps, steps))
    inside = (x**2 + y**2 <= radius**2) & ((x != 0) | (y != 0))
    return np.ascontiguousarray(np.column_stack([x[inside], y[inside]]))


def advance(state: State) -> None:
    """Let all act once, in random order, and record the step."""
    step = len(state.rows)
    luck = draws_array(state.seed, Luck.ORDER, step, np.arange(state.agents.size))[:, 0]
    state.legitimacy = _act(
        state.agents, state.cells, state.near, state.far, state.numbers, state.legitimacy,
        np.argsort(luck, kind="stable"), np.uint64(state.seed), step,
    )  # fmt: skip
    agents = state.agents
    alive, kind = agents["alive"], agents["kind"]
    active = int((alive & agents["protesting"]).sum())
    state.rows.append(
        (
            active,
            active / max(int((alive & (kind <= Kind.ACTIVIST)).sum()), 1),
            int((alive & agents["member"]).sum()),
            int((alive & (agents["jail"] > 0)).sum()),
            int((~alive).sum()),
            int(((kind == Kind.OFFICER) & ~agents["defected"]).sum()),
            int(((kind == Kind.PILLAR) & ~agents["defected"]).sum()),
            state.legitimacy,
        )
    )


@compiled
def _act(
    agents: NDArray[Any], cells: NDArray[np.int64], near: NDArray[np.int64], far: NDArray[np.int64],
    numbers: Numbers, legitimacy: float, order: NDArray[np.int64], seed: np.uint64, step: int,
) -> float:  # fmt: skip
    """Carry all agents through a step, and return legitimacy after it."""
    for one in order:
        agent = agents[one]
        if not agent.alive or step < agent.late:
            continue
        if agent.wait > 0:
            agent.wait -= 1
            if agent.wait <= numbers.cycle - numbers.duration:
                agent.protesting = False
        if agent.kind != _PILLAR and agent.jail == 0:
            _move(agents, cells, near, far, numbers, one, draws(seed, _MOVE, step, one)[0])
        if agent.kind == _OFFICER and not agent.defected:
            legitimacy = _police(agents, cells, near, numbers, legitimacy, one, seed, step)
        if agent.kind == _CITIZEN and agent.immediate:
            _choose(agents, cells, near, numbers, legitimacy, one)
        _protest(agents, cells, near, numbers, one)
        if agent.kind == _CITIZEN and not agent.immediate:
            _choose(agents, cells, near, numbers, legitimacy, one)
        if agent.kind >= _OFFICER:
            _defect(agents, cells, near, one)
        if agent.jail > 0:
            agent.jail -= 1
    return legitimacy


@compiled
def _wrapped(place: int, size: int) -> int:
    """Return a place up to one turn off the torus where it is on it; a division would take most of a step's time."""
    return place - size if place >= size else place + size if place < 0 else place


@compiled
def _look(
    agents: NDArray[Any], cells: NDArray[np.int64], near: NDArray[np.int64], one: int
) -> tuple[int, int, int, int]:
    """Return who is in view: officers, free members of the movement, protesters, and all."""
    height, width = cells.shape
    officers, allies, protesters, everybody = 0, 0, 0, 0
    for step in range(near.shape[0]):
        other = cells[_wrapped(agents[one].y + near[step, 1], height), _wrapped(agents[one].x + near[step, 0], width)]
        if other < 0:
            continue
        seen = agents[other]
        everybody += 1
        officers += seen.kind == _OFFICER
        allies += seen.member or (seen.kind == _ACTIVIST and seen.jail == 0)
        protesters += seen.protesting
    return officers, allies, protesters, everybody


@compiled
def _move(
    agents: NDArray[Any], cells: NDArray[np.int64], near: NDArray[np.int64], far: NDArray[np.int64],
    numbers: Numbers, one: int, luck: float,
) -> None:  # fmt: skip
    """Go to an empty cell in view: the one nearest to the pillar that is sought, or any."""
    height, width = cells.shape
    x, y = agents[one].x, agents[one].y
    best_x, best_y = x, y
    sought = -1
    if numbers.strategy and agents[one].kind == _ACTIVIST:
        sought = _sought(agents, cells, far, numbers, one)
    if sought >= 0:
        closest = _apart(agents[sought].x - x, width) + _apart(agents[sought].y - y, height)
        for step in range(near.shape[0]):
            to_x, to_y = _wrapped(x + near[step, 0], width), _wrapped(y + near[step, 1], height)
            if cells[to_y, to_x] < 0:
                apart = _apart(agents[sought].x - to_x, width) + _apart(agents[sought].y - to_y, height)
                if apart < closest:
                    closest, best_x, best_y = apart, to_x, to_y
    else:
        free = 0
        for step in range(near.shape[0]):
            free += cells[_wrapped(y + near[step, 1], height), _wrapped(x + near[step, 0], width)] < 0
        chosen = int(luck * free)
        for step in range(near.shape[0]):
            to_x, to_y = _wrapped(x + near[step, 0], width), _wrapped(y + near[step, 1], height)
            if cells[to_y, to_x] < 0:
                if chosen == 0:
                    best_x, best_y = to_x, to_y
                    break
                chosen -= 1
    cells[y, x] = -1
    cells[best_y, best_x] = one
    agents[one].x, agents[one].y = best_x, best_y


@compiled
def _apart(steps: int, size: int) -> int:
    """Return the square of a distance along one axis of a torus."""
    short = min(steps % size, size - steps % size)
    return short * short


@compiled
def _sought(agents: NDArray[Any], cells: NDArray[np.int64], far: NDArray[np.int64], numbers: Numbers, one: int) -> int:
    """Return the pillar that an activist goes to, -1 if none is in sight: the nearest, or the least loyal."""
    height, width = cells.shape
    sought, least = -1, np.inf
    for step in range(far.shape[0]):
        other = cells[_wrapped(agents[one].y + far[step, 1], height), _wrapped(agents[one].x + far[step, 0], width)]
        if other < 0 or agents[other].kind != _PILLAR or (numbers.loyal_only and agents[other].defected):
            continue
        rank = agents[other].limit if numbers.strategy == 2 else float(far[step, 0] ** 2 + far[step, 1] ** 2)
        if rank < least:
            sought, least = other, rank
    return sought


@compiled
def _police(
    agents: NDArray[Any], cells: NDArray[np.int64], near: NDArray[np.int64], numbers: Numbers, legitimacy: float,
    one: int, seed: np.uint64, step: int,
) -> float:  # fmt: skip
    """Arrest or kill somebody in view, protesters before others, and return legitimacy after it."""
    find, target, which, kill = draws(seed, _POLICE, step, one)
    _, allies, protesters, _ = _look(agents, cells, near, one)
    if allies == 0 or target >= numbers.target or (find >= numbers.find and protesters == 0):
        return legitimacy
    height, width = cells.shape
    chosen = int(which * (protesters if protesters > 0 else allies))
    for step_near in range(near.shape[0]):
        y = _wrapped(agents[one].y + near[step_near, 1], height)
        x = _wrapped(agents[one].x + near[step_near, 0], width)
        if cells[y, x] < 0:
            continue
        seen = agents[cells[y, x]]
        ally = seen.member or (seen.kind == _ACTIVIST and seen.jail == 0)
        if not (seen.protesting if protesters > 0 else ally):
            continue
        if chosen > 0:
            chosen -= 1
            continue
        seen.protesting = seen.member = False
        if kill < numbers.kill:
            seen.alive = False
            cells[y, x] = -1
            return legitimacy * numbers.backfire
        seen.jail = 1 + int(draws(seed, _TERM, step, one)[0] * (numbers.jail - 1))
        return legitimacy
    return legitimacy


@compiled
def _protest(
    agents: NDArray[Any], cells: NDArray[np.int64], near: NDArray[np.int64], numbers: Numbers, one: int
) -> None:
    """Begin to protest if one is a free member who has not just protested, and sees allies."""
    agent = agents[one]
    if agent.wait == 0 and (agent.member or (agent.kind == _ACTIVIST and agent.jail == 0)):
        _, allies, _, _ = _look(agents, cells, near, one)
        if allies >= numbers.allies:
            agent.protesting = True
            agent.wait = numbers.cycle


@compiled
def _choose(
    agents: NDArray[Any], cells: NDArray[np.int64], near: NDArray[np.int64], numbers: Numbers, legitimacy: float,
    one: int,
) -> None:  # fmt: skip
    """Join the movement, or leave it: grievance times peer pressure against the expected cost of arrest."""
    agent = agents[one]
    if agent.jail > 0 or (agent.member and not agent.fickle):
        return
    officers, allies, protesters, _ = _look(agents, cells, near, one)
    risk = 1.0 - math.exp(-numbers.arrest_constant * officers / (1.0 + allies))
    peers = min(0.5 * protesters / numbers.peers, 1.0)
    agent.member = agent.hardship * (1.0 - legitimacy) * peers - risk * agent.cost > numbers.threshold


@compiled
def _defect(agents: NDArray[Any], cells: NDArray[np.int64], near: NDArray[np.int64], one: int) -> None:
    """Defect for good if protesters are more than the share of those in view that one can bear."""
    _, _, protesters, everybody = _look(agents, cells, near, one)
    if everybody > 0 and protesters / everybody > agents[one].limit:
        agents[one].defected = True


def pillars(state: State) -> tuple[int, int]:
    """Return how many pillars have defected, and how many there are."""
    pillar = state.agents["kind"] == Kind.PILLAR
    return int((pillar & state.agents["defected"]).sum()), int(pillar.sum())


def ending(state: State) -> Outcome | None:
    """Return the outcome as soon as one side has won; asked of the movement first."""
    if not state.rows:
        return None
    defected, there = pillars(state)
    if defected > state.config.movement.success * there:
        return Outcome(MOVEMENT, (f"{defected} of {there} pillars have defected",))
    members = state.agents["member"] | (state.agents["kind"] == Kind.ACTIVIST)
    left = int((state.agents["alive"] & members).sum())
    if left <= state.config.movement.allies:
        return Outcome(REGIME, (f"{left} members of the movement are alive",))
    return None


def verdict(state: State) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    defected, there = pillars(state)
    return ending(state) or Outcome(UNDECIDED, (f"{defected} of {there} pillars have defected",))


def report(state: State) -> Report:
    """Return the steps (columns step and :data:`COLUMNS`), no localities, and the end result.

    Active are those who protest, their share is of citizens and activists alive; members are citizens.
    """
    import pandas as pd

    days = pd.DataFrame(state.rows, columns=list(COLUMNS))
    days.insert(0, "step", np.arange(1, len(days) + 1))
    defected, there = pillars(state)
    last = dict(zip(COLUMNS, state.rows[-1], strict=True)) if state.rows else {}
    summary = {
        "steps": len(days),
        "peak": int(days["active"].max()) if len(days) else 0,
        "peak_share": float(days["share"].max()) if len(days) else 0.0,
        "most_members": int(days["members"].max()) if len(days) else 0,
        "killed": last.get("killed", 0),
        "pillars_defected": defected,
        "pillars_defected_share": defected / max(there, 1),
        "police_loyal": last.get("police_loyal", 0),
        "legitimacy": state.legitimacy,
        "won": float(verdict(state).name == MOVEMENT),
        "outcome": verdict(state).name,
    }
    return Report(days, pd.DataFrame(), summary)


def agents_of(config: ChenowethScenario) -> int:
    """Return the number of agents."""
    grid = config.grid
    cells = grid.width * grid.height
    return sum(round(cells * share) for share in (grid.citizens, grid.activists, grid.police, grid.pillars))


SCHEMA = ChenowethScenario
ENGINE = Engine(
    build=build,
    advance=advance,
    outcome=ending,
    verdict=verdict,
    report=report,
    steps=lambda config: int(config.time.steps),
    agents=agents_of,
    label=lambda config, step: f"step {step + 1}",
    outcomes=OUTCOMES,
)
