"""One step of Epstein's models of civil violence: everybody acts once, in random order, on what is so by then.

A citizen moves and decides whether to rebel (:mod:`sim.models.epstein_2002_rules`). A cop moves and arrests a random
active citizen in vision. In Model II an active citizen kills a random one of the other group in vision, and citizens
are cloned and die of age. Source: Epstein (2002), doi:10.1073/pnas.092080199.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.instructions import fetch_ahead
from sim.core.jit import compiled
from sim.core.rng import Stream, below, quick, quick_key
from sim.models.epstein_2002_acts import (
    CLONE,
    DRAWS,
    SENTENCE,
    clone,
    go,
    hide,
    jail,
    release,
    remove,
    show,
    suspect,
    victim,
)
from sim.models.epstein_2002_rules import rebels
from sim.models.epstein_2002_state import ACTIVE, COP, GONE, JAILED, NOBODY, QUIET, T_ACTIVE, T_DIED, T_KILLED, T_QUIET
from sim.models.torus import LESS, ONE, spread

ORDER, ACTS = int(Stream.GRID_ORDER), int(Stream.GRID_ACTS)
AHEAD = 12
"""So many turns before its own an agent is fetched from memory."""


@compiled(inline=True, makes_arrays=False)
def patrol(
    agents: Any, fates: Any, taken: Any, heads: Any, citizen: Any, cops: Any, actives: Any, watched: Any, around: Any,
    cop_near: Any, cop_around: Any, turns: Any, a: Any, key: Any, moves: bool, act_first: bool, rules: Any, tally: Any,
) -> None:  # fmt: skip
    """Let a cop act: move, and arrest a random active citizen in vision; or first arrest and then move."""
    me, width, moved = agents[np.uint64(a)], taken.shape[1], False
    # It leaves the counts first and enters them last: what has only just been written takes longer to read.
    spread(cops, around, width, np.int64(me.x), np.int64(me.y), LESS)
    if moves and not act_first:
        go(agents, taken, a, cop_near, turns, key)
    suspects = np.int64(watched[np.uint64(me.y), np.uint64(me.x) + np.uint64(cop_around.shape[0] - 1)])
    if suspects > 0:
        b = suspect(fates, heads, cop_near, me.x, me.y, suspects, rules.one_a_cell, key, a)
        hide(fates, heads, actives, watched, around, cop_around, b, agents[b].x, agents[b].y, rules)
        jail(agents, fates, taken, citizen, b, quick(key, np.uint64(a * DRAWS + SENTENCE)), rules, tally)
        if rules.onto_suspect:
            taken[me.y, me.x] -= 1
            me.x, me.y = agents[b].x, agents[b].y
            taken[me.y, me.x] += 1
            moved = True
    if moves and act_first and not moved:
        go(agents, taken, a, cop_near, turns, key)
    spread(cops, around, width, np.int64(me.x), np.int64(me.y), ONE)


@compiled(makes_arrays=False)
def step(
    agents: Any, fates: Any, order: Any, size: Any, cells: Any, vision: Any, rules: Any, chances: Any,
    seed: Any, now: Any, illegitimacy: float, rows: Any,
) -> None:  # fmt: skip
    """Let every agent act once, in random order.

    Parameters
    ----------
    agents : AGENT array, shape (capacity,)
    fates : FATE array, shape (capacity,)
    order : int32 array, shape (capacity,)
        Agents in the world, the first `size[0]`; behind them slots that are free, for the newly born.
    size : int64 array, shape (1,)
        How many there are.
    chances : float64 array
        From `chance_table`.
    seed : uint64
        Of the run.
    now : int
        Number of the step, 1 for the first.
    illegitimacy : float
        1 - L.
    rows : int64 array, shape (steps, columns of Tally)
        Row `now` is written: stocks have begun there as they were after the step before, flows as 0.
    """
    order_key, key = quick_key(seed, ORDER, now), quick_key(seed, ACTS, now)
    tally = rows[now]
    taken, heads, citizen, cops, actives, watched = cells
    near, around, cop_near, cop_around, turns = vision
    column = np.uint64(around.shape[0] - 1)
    # Read from the record in every turn, they would cost one or two nanoseconds.
    groups, act_first = rules.groups != 0, rules.act_first != 0
    cops_move, citizens_move, counted_twice = rules.cops_move != 0, rules.citizens_move != 0, rules.counted_twice != 0
    many, born = size[0], 0
    _shuffle(order, many, order_key)
    for i in range(many):
        a = np.int64(order[np.uint64(i)])
        fetch_ahead(agents, np.uint64(order[np.uint64(min(i + AHEAD, many - 1))]))
        me = agents[np.uint64(a)]
        if me.state == COP:
            patrol(
                agents, fates, taken, heads, citizen, cops, actives, watched, around, cop_near, cop_around, turns, a,
                key, cops_move, act_first, rules, tally,
            )  # fmt: skip
            continue

        x, y, moved, was_active = np.int64(me.x), np.int64(me.y), False, me.state == ACTIVE
        if groups:
            if me.state == GONE:
                continue
            if now >= fates[a].dies:
                if was_active:
                    hide(fates, heads, actives, watched, around, cop_around, a, x, y, rules)
                remove(agents, taken, citizen, a, rules, tally)
                tally[T_DIED] += 1
                continue
        if me.state == JAILED:
            fate = fates[a]
            if fate.sentence != 0:
                if rules.by_own_turns and fate.sentence > 0:
                    fate.sentence -= 1
                continue
            if not release(agents, taken, citizen, a, key, rules, tally):
                continue
            x, y = np.int64(me.x), np.int64(me.y)

        if citizens_move and not act_first:
            moved = go(agents, taken, a, near, turns, key)
        here = np.uint64(me.y), np.uint64(me.x) + column
        # What is seen includes oneself, if active: where one was is in vision of where one is.
        rivals = 1 + np.int64(actives[here])
        if was_active and not counted_twice:
            rivals -= 1
        active = rebels(
            np.float64(me.hardship), np.float64(me.aversion), illegitimacy, np.int64(cops[here]), rivals,
            rules, chances,
        )  # fmt: skip
        if active and groups:
            b = victim(agents, citizen, near, a, key)
            if b >= 0:
                if agents[b].state == ACTIVE:
                    hide(fates, heads, actives, watched, around, cop_around, b, agents[b].x, agents[b].y, rules)
                remove(agents, taken, citizen, b, rules, tally)
                tally[T_KILLED] += 1
        if citizens_move and act_first:
            moved = go(agents, taken, a, near, turns, key)
        if was_active and (moved or not active):
            hide(fates, heads, actives, watched, around, cop_around, a, x, y, rules)
        if active and (moved or not was_active):
            show(agents, fates, heads, actives, watched, around, cop_around, a, rules)
        if active != was_active:
            me.state = ACTIVE if active else QUIET
            change = 1 if active else -1
            tally[T_ACTIVE] += change
            tally[T_QUIET] -= change
        if groups:
            citizen[y, x] = NOBODY
            citizen[me.y, me.x] = a
            fertile = (quick(key, np.uint64(a * DRAWS + CLONE)) >> np.uint64(11)) * 2.0**-53 < rules.cloning
            if fertile and clone(
                agents, fates, taken, citizen, near, turns, a, order[many + born], now, key, rules, tally
            ):  # fmt: skip
                born += 1
    if not rules.by_own_turns:
        _count_down(agents, fates, order, many, taken, citizen, key, rules, tally)
    if groups:
        _bury(agents, order, many + born, size)


@compiled(makes_arrays=False)
def _shuffle(order: Any, many: Any, key: Any) -> None:
    """Put the first so many agents in random order, before the step: so the next are known while one acts."""
    for i in range(many):
        first = np.uint64(i)
        other = first + np.uint64(below(quick(key, first), many - i))
        a = order[other]
        order[other] = order[first]
        order[first] = a


@compiled(makes_arrays=False)
def _count_down(
    agents: Any, fates: Any, order: Any, many: Any, taken: Any, citizen: Any, key: Any, rules: Any, tally: Any
) -> None:
    """Take a step off every term, and set free whose term is over."""
    for i in range(many):
        fate = fates[order[i]]
        if agents[order[i]].state == JAILED and fate.sentence >= 0:
            fate.sentence = max(fate.sentence - 1, 0)
            if fate.sentence == 0:
                release(agents, taken, citizen, order[i], key, rules, tally)


@compiled(makes_arrays=False)
def _bury(agents: Any, order: Any, many: Any, size: Any) -> None:
    """Put those in the world first again; slots of the dead are free behind them."""
    kept = 0
    for i in range(many):
        a = order[i]
        if agents[a].state != GONE:
            order[i] = order[kept]
            order[kept] = a
            kept += 1
    size[0] = kept
