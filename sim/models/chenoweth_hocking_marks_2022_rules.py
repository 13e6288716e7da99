"""What the agents of the model of nonviolent resistance strategy do in a step, as compiled loops."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.core.jit import compiled
from sim.core.rng import draws


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
        ("hardship", np.float64),
        ("cost", np.float64),  # of arrest
        ("limit", np.float64),  # share of protesters in view above which it defects
        ("alive", np.bool_),
        ("member", np.bool_),  # a citizen who belongs to the movement
        ("protesting", np.bool_),
        ("defected", np.bool_),
        ("fickle", np.bool_),
        ("immediate", np.bool_),
    ]
)
_CITIZEN, _ACTIVIST, _OFFICER, _PILLAR = (int(kind) for kind in Kind)
_SOMEBODY, _POLICED, _ALLY, _PROTESTER = 1, 2, 4, 8
"""What others see of the agent in a cell, added up."""
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


class Ground(NamedTuple):
    """All agents and where they stand.

    Attributes
    ----------
    agents : structured array, shape (agents,)
        As in :data:`AGENT`; citizens, activists, officers, pillars.
    cells : array of int64, shape (height, width)
        The agent in each cell, -1 if it is empty.
    seen : array of uint8, shape (height, width)
        What others see in each cell: somebody, an officer, a free member of the movement, a protester.
    near, far : arrays of int64, shape (cells, 2)
        Steps in x and y to all that is in view, and to all where activists look for pillars.
    """

    agents: NDArray[Any]
    cells: NDArray[np.int64]
    seen: NDArray[np.uint8]
    near: NDArray[np.int64]
    far: NDArray[np.int64]


@compiled
def act(
    ground: Ground, numbers: Numbers, legitimacy: float, order: NDArray[np.int64], seed: np.uint64, step: int
) -> float:
    """Carry all agents through a step in the given order, and return legitimacy after it."""
    for one in order:
        agent = ground.agents[one]
        if not agent.alive or step < agent.late:
            continue
        if agent.wait > 0:
            agent.wait -= 1
            if agent.wait <= numbers.cycle - numbers.duration:
                agent.protesting = False
        if agent.kind != _PILLAR and agent.jail == 0:
            _move(ground, numbers, one, draws(seed, _MOVE, step, one)[0])
        if agent.kind == _OFFICER and not agent.defected:
            legitimacy = _police(ground, numbers, legitimacy, one, seed, step)
        if agent.kind == _CITIZEN and agent.immediate:
            _choose(ground, numbers, legitimacy, one)
        _protest(ground, numbers, one)
        if agent.kind == _CITIZEN and not agent.immediate:
            _choose(ground, numbers, legitimacy, one)
        if agent.kind >= _OFFICER and not agent.defected:
            _defect(ground, one)
        if agent.jail > 0:
            agent.jail -= 1
        show(ground, one)
    return legitimacy


@compiled
def show(ground: Ground, one: int) -> None:
    """Let others see what an agent is and does."""
    agent = ground.agents[one]
    seen = _SOMEBODY
    if agent.kind == _OFFICER:
        seen += _POLICED
    if agent.member or (agent.kind == _ACTIVIST and agent.jail == 0):
        seen += _ALLY
    if agent.protesting:
        seen += _PROTESTER
    ground.seen[agent.y, agent.x] = seen


@compiled
def _wrapped(place: int, size: int) -> int:
    """Return a place up to one turn off the torus where it is on it; a division would take most of a step's time."""
    return place - size if place >= size else place + size if place < 0 else place


@compiled
def _look(ground: Ground, one: int) -> tuple[int, int, int, int]:
    """Return who is in view: officers, free members of the movement, protesters, and all."""
    height, width = ground.cells.shape
    x, y = ground.agents[one].x, ground.agents[one].y
    officers, allies, protesters, everybody = 0, 0, 0, 0
    for step in range(ground.near.shape[0]):
        seen = ground.seen[_wrapped(y + ground.near[step, 1], height), _wrapped(x + ground.near[step, 0], width)]
        everybody += seen & 1
        officers += (seen >> 1) & 1
        allies += (seen >> 2) & 1
        protesters += (seen >> 3) & 1
    return officers, allies, protesters, everybody


@compiled
def _move(ground: Ground, numbers: Numbers, one: int, luck: float) -> None:
    """Go to an empty cell in view: the one nearest to the pillar that is sought, or any."""
    agents, seen, near = ground.agents, ground.seen, ground.near
    height, width = seen.shape
    x, y = agents[one].x, agents[one].y
    best_x, best_y, sought = x, y, -1
    if numbers.strategy and agents[one].kind == _ACTIVIST:
        sought = _sought(ground, numbers, one)
    if sought >= 0:
        closest = _apart(agents[sought].x - x, width) + _apart(agents[sought].y - y, height)
        for step in range(near.shape[0]):
            to_x, to_y = _wrapped(x + near[step, 0], width), _wrapped(y + near[step, 1], height)
            apart = _apart(agents[sought].x - to_x, width) + _apart(agents[sought].y - to_y, height)
            if seen[to_y, to_x] == 0 and apart < closest:
                closest, best_x, best_y = apart, to_x, to_y
    else:
        free = 0
        for step in range(near.shape[0]):
            free += seen[_wrapped(y + near[step, 1], height), _wrapped(x + near[step, 0], width)] == 0
        chosen = int(luck * free)
        for step in range(near.shape[0]):
            to_x, to_y = _wrapped(x + near[step, 0], width), _wrapped(y + near[step, 1], height)
            if seen[to_y, to_x] == 0:
                if chosen == 0:
                    best_x, best_y = to_x, to_y
                    break
                chosen -= 1
    ground.cells[y, x], seen[y, x] = -1, 0
    agents[one].x, agents[one].y = best_x, best_y
    ground.cells[best_y, best_x] = one
    show(ground, one)


@compiled
def _apart(steps: int, size: int) -> int:
    """Return the square of a distance along one axis of a torus."""
    short = min(abs(steps), size - abs(steps))
    return short * short


@compiled
def _sought(ground: Ground, numbers: Numbers, one: int) -> int:
    """Return the pillar that an activist goes to, -1 if none is in sight: the nearest, or the least loyal."""
    agents, cells, far = ground.agents, ground.cells, ground.far
    height, width = cells.shape
    x, y = agents[one].x, agents[one].y
    sought, least = -1, np.inf
    for step in range(far.shape[0]):
        other = cells[_wrapped(y + far[step, 1], height), _wrapped(x + far[step, 0], width)]
        if other < 0 or agents[other].kind != _PILLAR or (numbers.loyal_only and agents[other].defected):
            continue
        rank = agents[other].limit if numbers.strategy == 2 else float(far[step, 0] ** 2 + far[step, 1] ** 2)
        if rank < least:
            sought, least = other, rank
    return sought


@compiled
def _police(ground: Ground, numbers: Numbers, legitimacy: float, one: int, seed: np.uint64, step: int) -> float:
    """Arrest or kill somebody in view, protesters before others, and return legitimacy after it."""
    find, target, which, kill = draws(seed, _POLICE, step, one)
    _, allies, protesters, _ = _look(ground, one)
    if allies == 0 or target >= numbers.target or (find >= numbers.find and protesters == 0):
        return legitimacy
    height, width = ground.cells.shape
    wanted = _PROTESTER if protesters > 0 else _ALLY
    chosen = int(which * (protesters if protesters > 0 else allies))
    for place in range(ground.near.shape[0]):
        y = _wrapped(ground.agents[one].y + ground.near[place, 1], height)
        x = _wrapped(ground.agents[one].x + ground.near[place, 0], width)
        if not ground.seen[y, x] & wanted:
            continue
        if chosen > 0:
            chosen -= 1
            continue
        other = ground.agents[ground.cells[y, x]]
        other.protesting = other.member = False
        if kill < numbers.kill:
            other.alive = False
            ground.cells[y, x], ground.seen[y, x] = -1, 0
            return legitimacy * numbers.backfire
        other.jail = 1 + int(draws(seed, _TERM, step, one)[0] * (numbers.jail - 1))
        show(ground, ground.cells[y, x])
        return legitimacy
    return legitimacy


@compiled
def _protest(ground: Ground, numbers: Numbers, one: int) -> None:
    """Begin to protest if one is a free member who has not just protested, and sees allies."""
    agent = ground.agents[one]
    if agent.wait == 0 and (agent.member or (agent.kind == _ACTIVIST and agent.jail == 0)):
        _, allies, _, _ = _look(ground, one)
        if allies >= numbers.allies:
            agent.protesting = True
            agent.wait = numbers.cycle


@compiled
def _choose(ground: Ground, numbers: Numbers, legitimacy: float, one: int) -> None:
    """Join the movement, or leave it: grievance times peer pressure against the expected cost of arrest."""
    agent = ground.agents[one]
    if agent.jail > 0 or (agent.member and not agent.fickle):
        return
    officers, allies, protesters, _ = _look(ground, one)
    risk = 1.0 - math.exp(-numbers.arrest_constant * officers / (1.0 + allies))
    peers = min(0.5 * protesters / numbers.peers, 1.0)
    agent.member = agent.hardship * (1.0 - legitimacy) * peers - risk * agent.cost > numbers.threshold


@compiled
def _defect(ground: Ground, one: int) -> None:
    """Defect for good if protesters are more than the share of those in view that one can bear."""
    _, _, protesters, everybody = _look(ground, one)
    if everybody > 0 and protesters / everybody > ground.agents[one].limit:
        ground.agents[one].defected = True
