"""What agents of Epstein's models do to each other and to the cells they stand in.

Random choices are draws of the one who acts, each at a counter of its own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import below, quick
from sim.models.epstein_2002_rules import jail_term
from sim.models.epstein_2002_state import (
    AWAY,
    GONE,
    JAILED,
    NOBODY,
    QUIET,
    STAYS,
    T_ACTIVE,
    T_ARRESTED,
    T_CLONED,
    T_FIRST,
    T_JAILED,
    T_QUIET,
    T_RELEASED,
)
from sim.models.torus import DOWN, LESS, ONE, RIGHT, empty_anywhere, empty_near, spread, wrapped

DRAWS = 256
"""Counters of an agent in a step: 0 to 32 for its move, the others below."""
SUSPECT, SENTENCE, WHICH, RELEASE, CLONE, CLONE_TO, VICTIM, LIFE = 40, 90, 91, 96, 130, 140, 180, 181
REJECTIONS = 48
"""Draws for a random active citizen in vision before they are counted through instead."""
OFTEN = 8
"""Cells are tried at random where at least one of so many has an active citizen."""


@compiled(makes_arrays=False)
def show(
    agents: Any, fates: Any, heads: Any, actives: Any, watched: Any, around: Any, cop_around: Any, a: Any, rules: Any
) -> None:
    """Let an active citizen be seen."""
    me = agents[a]
    fates[a].next = heads[me.y, me.x]
    heads[me.y, me.x] = a
    width = heads.shape[1]
    spread(actives, around, width, me.x, me.y, ONE)
    if not rules.one_vision:
        spread(watched, cop_around, width, me.x, me.y, ONE)


@compiled(makes_arrays=False)
def hide(
    fates: Any, heads: Any, actives: Any, watched: Any, around: Any, cop_around: Any, a: Any, x: Any, y: Any,
    rules: Any,
) -> None:  # fmt: skip
    """Let an active citizen no longer be seen at (x, y)."""
    if heads[y, x] == a:
        heads[y, x] = fates[a].next
    else:
        before = heads[y, x]
        while fates[before].next != a:
            before = fates[before].next
        fates[before].next = fates[a].next
    fates[a].next = NOBODY
    width = heads.shape[1]
    spread(actives, around, width, x, y, LESS)
    if not rules.one_vision:
        spread(watched, cop_around, width, x, y, LESS)


@compiled(makes_arrays=False)
def release(agents: Any, taken: Any, citizen: Any, a: Any, key: Any, rules: Any, tally: Any) -> Any:
    """Set a jailed citizen free, quiet; False if there is no empty cell for it."""
    me = agents[a]
    if rules.place == AWAY:
        cell = empty_anywhere(taken, key, a * DRAWS + RELEASE)
        if cell < 0:
            return False
        width = taken.shape[1]
        me.x, me.y = cell % width, cell // width
    if rules.place != STAYS:
        taken[me.y, me.x] += 1
    if rules.groups:
        citizen[me.y, me.x] = a
    me.state = QUIET
    tally[T_JAILED] -= 1
    tally[T_QUIET] += 1
    tally[T_RELEASED] += 1
    return True


@compiled(makes_arrays=False)
def suspect(fates: Any, heads: Any, near: Any, x: Any, y: Any, many: Any, one_a_cell: int, key: Any, a: Any) -> Any:
    """Return a random active citizen in vision of a cop; there are `many`, at least one, all equally likely."""
    height, width = heads.shape
    if one_a_cell and many * OFTEN >= near.shape[0]:
        for n in range(REJECTIONS):
            chosen = below(quick(key, np.uint64(a * DRAWS + SUSPECT + n)), near.shape[0])
            found = heads[wrapped(y + near[chosen, 1], height), wrapped(x + near[chosen, 0], width)]
            if found >= 0:
                return found
    left = below(quick(key, np.uint64(a * DRAWS + WHICH)), many)
    found = heads[y, x]
    n = 0
    while True:
        while found >= 0:
            if left == 0:
                return found
            left -= 1
            found = fates[found].next
        found = heads[wrapped(y + near[n, 1], height), wrapped(x + near[n, 0], width)]
        n += 1


@compiled(makes_arrays=False)
def jail(agents: Any, fates: Any, taken: Any, citizen: Any, b: Any, word: Any, rules: Any, tally: Any) -> None:
    """Put a citizen who is no longer seen as active in jail."""
    them, fate = agents[b], fates[b]
    fate.sentence = jail_term(word, rules.law, rules.longest)
    tally[T_ACTIVE] -= 1
    tally[T_ARRESTED] += 1
    if fate.sentence == 0 and not rules.by_own_turns:  # counted down to nothing before it began
        them.state = QUIET
        tally[T_QUIET] += 1
        return
    them.state = JAILED
    tally[T_JAILED] += 1
    if rules.place != STAYS:
        taken[them.y, them.x] -= 1
    if rules.groups:
        citizen[them.y, them.x] = NOBODY


@compiled(inline=True, makes_arrays=False)
def go(agents: Any, taken: Any, a: Any, near: Any, turns: Any, key: Any) -> Any:
    """Move to a random empty cell in vision, if there is one."""
    me = agents[np.uint64(a)]
    x, y = np.int64(me.x), np.int64(me.y)
    n = empty_near(taken, near, turns, x, y, key, a * DRAWS)
    if n >= 0:
        height, width = taken.shape
        to_x, to_y = wrapped(x + near[np.uint64(n), RIGHT], width), wrapped(y + near[np.uint64(n), DOWN], height)
        taken[np.uint64(y), np.uint64(x)] -= 1
        taken[to_y, to_x] += 1
        me.x, me.y = to_x, to_y
    return n >= 0


@compiled(makes_arrays=False)
def victim(agents: Any, citizen: Any, near: Any, a: Any, key: Any) -> Any:
    """Return a random free citizen of the other group in vision, to be killed; -1 if there is none."""
    me = agents[a]
    height, width = citizen.shape
    others = 0
    for n in range(near.shape[0]):
        b = citizen[wrapped(me.y + near[n, 1], height), wrapped(me.x + near[n, 0], width)]
        if b >= 0 and agents[b].group != me.group:
            others += 1
    if others == 0:
        return NOBODY
    left = below(quick(key, np.uint64(a * DRAWS + VICTIM)), others)
    for n in range(near.shape[0]):
        b = citizen[wrapped(me.y + near[n, 1], height), wrapped(me.x + near[n, 0], width)]
        if b >= 0 and agents[b].group != me.group:
            if left == 0:
                return b
            left -= 1
    return NOBODY


@compiled(makes_arrays=False)
def remove(agents: Any, taken: Any, citizen: Any, a: Any, rules: Any, tally: Any) -> None:
    """Take a citizen who is not (or no longer) seen as active out of the world."""
    me = agents[a]
    if me.state != JAILED or rules.place == STAYS:
        taken[me.y, me.x] -= 1
    if me.state != JAILED:
        citizen[me.y, me.x] = NOBODY
    tally[me.state] -= 1
    tally[T_FIRST + me.group] -= 1
    me.state = GONE


@compiled(makes_arrays=False)
def clone(
    agents: Any,
    fates: Any,
    taken: Any,
    citizen: Any,
    near: Any,
    turns: Any,
    a: Any,
    child: Any,
    now: Any,
    key: Any,
    rules: Any,
    tally: Any,
) -> Any:
    """Put a copy of a citizen, quiet and newly born, onto a random empty cell in vision, if there is one."""
    me = agents[a]
    n = empty_near(taken, near, turns, np.int64(me.x), np.int64(me.y), key, a * DRAWS + CLONE_TO)
    if n < 0:
        return False
    height, width = taken.shape
    new = agents[child]
    new.hardship, new.aversion, new.group = me.hardship, me.aversion, me.group
    new.x, new.y = wrapped(me.x + near[n, 0], width), wrapped(me.y + near[n, 1], height)
    new.state = QUIET
    fates[child].sentence, fates[child].next = 0, NOBODY
    life = (quick(key, np.uint64(a * DRAWS + LIFE)) >> np.uint64(11)) * 2.0**-53 * rules.lifespan
    fates[child].dies = now + math.ceil(life)
    taken[new.y, new.x] += 1
    citizen[new.y, new.x] = child
    tally[T_QUIET] += 1
    tally[T_FIRST + me.group] += 1
    tally[T_CLONED] += 1
    return True
