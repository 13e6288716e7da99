"""What Epstein's models know of agents and cells: codes, tables, and the rules of a scenario as numbers."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class State(IntEnum):
    """What an agent is."""

    QUIET = 0
    ACTIVE = 1
    JAILED = 2
    COP = 3
    GONE = 4  # dead, or a cop that has been withdrawn


class Rule(IntEnum):
    """How the ratio of cops to active citizens is used."""

    LITERAL = 0
    FLOOR = 1
    ROUND = 2
    NETLOGO = 3


class Law(IntEnum):
    """Law of the jail term."""

    UNIFORM = 0
    WHOLE = 1
    WHOLE_BELOW = 2
    FOREVER = 3


class Place(IntEnum):
    """Where the jailed are."""

    AWAY = 0
    STAYS = 1
    STAYS_ASIDE = 2


class Tally(IntEnum):
    """Columns of a step's row: stocks first, then what happened in the step."""

    QUIET = 0
    ACTIVE = 1
    JAILED = 2
    COPS = 3
    FIRST = 4  # living members of the first group
    SECOND = 5
    ARRESTED = 6
    RELEASED = 7
    KILLED = 8
    CLONED = 9
    DIED = 10  # of age


AGENT = np.dtype([("x", "u2"), ("y", "u2"), ("hardship", "f4"), ("aversion", "f4"), ("state", "u1"), ("group", "u1")],
                 align=True)  # fmt: skip
"""An agent, citizen or cop: what every turn needs, in 16 bytes, so that many fit the cache."""

FATE = np.dtype(
    [
        ("sentence", "i4"),  # turns left in jail; -1: for ever
        ("next", "i4"),  # another active citizen in the same cell, or -1
        ("dies", "i4"),  # step at which it dies of age
    ],
    align=True,
)
"""What is needed of an agent now and then."""

RULES = np.dtype(
    [
        ("threshold", "f8"),
        ("arrest_constant", "f8"),
        ("cloning", "f8"),
        ("ratio_rule", "i8"),
        ("counted_twice", "i8"),
        ("citizens_move", "i8"),
        ("cops_move", "i8"),
        ("onto_suspect", "i8"),
        ("act_first", "i8"),
        ("law", "i8"),
        ("longest", "i8"),
        ("by_own_turns", "i8"),
        ("place", "i8"),
        ("groups", "i8"),
        ("lifespan", "i8"),
        ("one_vision", "i8"),
        ("one_a_cell", "i8"),
    ],
    align=True,
)
"""The scenario as numbers."""

NOBODY = -1


class Cells(NamedTuple):
    """What a cell knows.

    Attributes
    ----------
    taken : uint8 array, shape (height, width)
        How many agents keep others out.
    heads : int32 array, shape (height, width)
        An active citizen in the cell, or -1.
    citizen : int32 array, shape (height, width)
        Model II: the free citizen in the cell, or -1.
    cops, actives, watched : uint16 arrays
        Cops that a citizen there has in vision, active citizens that it has, and those that a cop there has;
        see :func:`sim.models.torus.counts`. The last two are one array where vision is the same.
    """

    taken: NDArray[np.uint8]
    heads: NDArray[np.int32]
    citizen: NDArray[np.int32]
    cops: NDArray[np.uint16]
    actives: NDArray[np.uint16]
    watched: NDArray[np.uint16]


class Vision(NamedTuple):
    """Cells in vision of a citizen and of a cop; see :func:`sim.models.torus.offsets`, `window` and `turned`."""

    near: NDArray[np.int64]
    around: NDArray[np.uint16]
    cop_near: NDArray[np.int64]
    cop_around: NDArray[np.uint16]
    turns: NDArray[np.uint16]


QUIET, ACTIVE, JAILED, COP, GONE = (int(state) for state in State)
AWAY, STAYS = int(Place.AWAY), int(Place.STAYS)
T_QUIET, T_ACTIVE, T_JAILED, _, T_FIRST, _, T_ARRESTED, T_RELEASED, T_KILLED, T_CLONED, T_DIED = (
    int(tally) for tally in Tally
)
