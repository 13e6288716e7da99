"""One step of Moro's model of violent revolutions: everybody acts once, in random order; rules as in `moro_2016`."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.core.jit import compiled
from sim.core.rng import Stream, below, quick, quick_key
from sim.models.epstein_2002_rules import LITERAL, arrest_chance
from sim.models.torus import LESS, ONE, empty_anywhere, empty_near, spread, wrapped


class Kind(IntEnum):
    """Who an agent is."""

    CITIZEN = 0
    REVOLUTIONARY = 1
    POLICEMAN = 2


class Doing(IntEnum):
    """What it does. A quiet revolutionary hides, an active one fights."""

    QUIET = 0
    ACTIVE = 1
    JAILED = 2
    DEAD = 3


class Flow(IntEnum):
    """What is counted in a step."""

    ARRESTED = 0
    POLICEMEN_KILLED = 1
    REVOLUTIONARIES_KILLED = 2


AGENT = np.dtype(
    [
        ("x", "i4"),
        ("y", "i4"),
        ("sentence", "i4"),  # turns left in jail
        ("kind", "u1"),  # a Kind
        ("doing", "u1"),  # a Doing
        ("income", "f8"),
        ("grievance", "f8"),  # H (1 - L)
        ("cost", "f8"),  # C
    ],
    align=True,
)
NOBODY = -1
DRAWS = 128
"""Counters of an agent in a step: 0 to 32 for its move, the others below."""
AIM, HIT, TERM, RELEASE = 40, 41, 42, 64
_ORDER, _ACTS = int(Stream.GRID_ORDER), int(Stream.GRID_ACTS)
_CITIZEN, _REVOLUTIONARY, _POLICEMAN = (int(kind) for kind in Kind)
_QUIET, _ACTIVE, _JAILED, _DEAD = (int(doing) for doing in Doing)
_ARRESTED, _POLICEMEN_KILLED, _REVOLUTIONARIES_KILLED = (int(flow) for flow in Flow)


class Numbers(NamedTuple):
    """What a step needs of a scenario."""

    threshold: float
    arrest_constant: float
    rebels_per_policeman: float
    precision: float
    police_precision: float
    longest_term: int


class Ground(NamedTuple):
    """All agents and where they stand.

    Attributes
    ----------
    agents : AGENT array, shape (agents,)
        Citizens, revolutionaries, policemen.
    order : int64 array, shape (agents,)
        In which they act; shuffled in each step.
    cells : int32 array, shape (height, width)
        The agent in a cell, or -1.
    taken : uint8 array, shape (height, width)
        1 where there is one.
    rebels, police : uint16 arrays
        Rebels and policemen in vision of each cell; see :func:`sim.models.torus.counts`.
    near, around, turns : arrays
        What is in vision, and where it is; see :func:`sim.models.torus.offsets`, `window` and `turned`.
    """

    agents: NDArray[Any]
    order: NDArray[np.int64]
    cells: NDArray[np.int32]
    taken: NDArray[np.uint8]
    rebels: NDArray[np.uint16]
    police: NDArray[np.uint16]
    near: NDArray[np.int64]
    around: NDArray[np.uint16]
    turns: NDArray[np.uint16]


@compiled(makes_arrays=False)
def act(ground: Ground, numbers: Numbers, seed: Any, now: int, flows: Any) -> None:
    """Let everybody act once, in random order.

    Parameters
    ----------
    seed : uint64
        Of the run.
    now : int
        Number of the step, 1 for the first.
    flows : int64 array, shape (columns of Flow,)
        What happens in the step is added.
    """
    order_key, key = quick_key(seed, _ORDER, now), quick_key(seed, _ACTS, now)
    agents, order = ground.agents, ground.order
    for i in range(order.size):
        other = i + below(quick(order_key, np.uint64(i)), order.size - i)
        a = order[other]
        order[other], order[i] = order[i], a
        me = agents[a]
        if me.doing == _DEAD:
            continue
        if me.doing == _JAILED:
            if me.sentence > 0:
                me.sentence -= 1
                continue
            if not _release(ground, a, key):
                continue
        width = ground.cells.shape[1]
        if me.kind == _POLICEMAN:
            spread(ground.police, ground.around, width, me.x, me.y, LESS)
        elif me.doing == _ACTIVE:
            spread(ground.rebels, ground.around, width, me.x, me.y, LESS)
        n = empty_near(ground.taken, ground.near, ground.turns, np.int64(me.x), np.int64(me.y), key, a * DRAWS)
        if n >= 0:
            _leave(ground, a)
            right, down = ground.near[n, 0], ground.near[n, 1]
            _stand(ground, a, wrapped(me.x + right, width), wrapped(me.y + down, ground.cells.shape[0]))
        if me.kind == _POLICEMAN:
            spread(ground.police, ground.around, width, me.x, me.y, ONE)
            _police(ground, numbers, a, key, flows)
            continue
        me.doing = _ACTIVE if _rebels(ground, numbers, a) else _QUIET
        if me.doing == _ACTIVE:
            spread(ground.rebels, ground.around, width, me.x, me.y, ONE)
            if me.kind == _REVOLUTIONARY:
                _fight(ground, numbers, a, key, flows)


@compiled(makes_arrays=False)
def _stand(ground: Ground, a: Any, x: Any, y: Any) -> None:
    me = ground.agents[a]
    me.x, me.y = x, y
    ground.cells[me.y, me.x], ground.taken[me.y, me.x] = a, 1


@compiled(makes_arrays=False)
def _leave(ground: Ground, a: Any) -> None:
    me = ground.agents[a]
    ground.cells[me.y, me.x], ground.taken[me.y, me.x] = NOBODY, 0


@compiled(makes_arrays=False)
def _release(ground: Ground, a: Any, key: Any) -> bool:
    """Set a citizen free onto a random empty cell; False if there is none."""
    cell = empty_anywhere(ground.taken, key, a * DRAWS + RELEASE)
    if cell < 0:
        return False
    width = ground.cells.shape[1]
    _stand(ground, a, cell % width, cell // width)
    ground.agents[a].doing = _QUIET
    return True


@compiled(makes_arrays=False)
def _rebels(ground: Ground, numbers: Numbers, a: Any) -> Any:
    """Whether a citizen is active, or a revolutionary fights; it is not among the rebels counted around."""
    me = ground.agents[a]
    column = me.x + ground.around.shape[0] - 1
    police = np.int64(ground.police[me.y, column])
    rebels = 1 + np.int64(ground.rebels[me.y, column])
    if me.kind == _REVOLUTIONARY:
        return police > 0 and rebels >= numbers.rebels_per_policeman * police
    risk = arrest_chance(police, rebels, LITERAL, numbers.arrest_constant)
    return me.grievance - risk * me.cost > numbers.threshold


@compiled(makes_arrays=False)
def _aimed(ground: Ground, a: Any, police: bool, key: Any) -> Any:
    """Return a random policeman, or a random rebel, in vision; -1 if there is none."""
    me = ground.agents[a]
    height, width = ground.cells.shape
    seen = ground.police if police else ground.rebels
    many: Any = np.int64(seen[me.y, me.x + ground.around.shape[0] - 1])  # never oneself: one aims at the other side
    if many == 0:
        return NOBODY
    left = below(quick(key, np.uint64(a * DRAWS + AIM)), many)
    for n in range(ground.near.shape[0]):
        x, y = wrapped(me.x + ground.near[n, 0], width), wrapped(me.y + ground.near[n, 1], height)
        b = ground.cells[y, x]
        if b < 0:
            continue
        them = ground.agents[b]
        if (them.kind == _POLICEMAN) if police else (them.kind != _POLICEMAN and them.doing == _ACTIVE):
            if left == 0:
                return b
            left -= 1
    return NOBODY


@compiled(makes_arrays=False)
def _hits(a: Any, key: Any, precision: float) -> Any:
    return (quick(key, np.uint64(a * DRAWS + HIT)) >> np.uint64(11)) * 2.0**-53 < precision


@compiled(makes_arrays=False)
def _fight(ground: Ground, numbers: Numbers, a: Any, key: Any, flows: Any) -> None:
    """Shoot at a policeman in vision."""
    b = _aimed(ground, a, True, key)
    if b >= 0 and _hits(a, key, numbers.precision):
        them = ground.agents[b]
        spread(ground.police, ground.around, ground.cells.shape[1], them.x, them.y, LESS)
        _leave(ground, b)
        them.doing = _DEAD
        flows[_POLICEMEN_KILLED] += 1


@compiled(makes_arrays=False)
def _police(ground: Ground, numbers: Numbers, a: Any, key: Any, flows: Any) -> None:
    """Arrest an active citizen in vision, or shoot at a revolutionary who fights."""
    b = _aimed(ground, a, False, key)
    if b < 0:
        return
    them = ground.agents[b]
    if them.kind == _CITIZEN:
        them.doing = _JAILED
        them.sentence = 1 + below(quick(key, np.uint64(a * DRAWS + TERM)), numbers.longest_term)
        flows[_ARRESTED] += 1
    elif _hits(a, key, numbers.police_precision):
        them.doing = _DEAD
        flows[_REVOLUTIONARIES_KILLED] += 1
    else:
        return
    spread(ground.rebels, ground.around, ground.cells.shape[1], them.x, them.y, LESS)
    _leave(ground, b)
