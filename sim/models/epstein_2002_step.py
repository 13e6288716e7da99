"""One step of Epstein's models of civil violence: everybody acts once, in random order, on what is so by then.

    G = H (1 - L)                      grievance: hardship, less legitimacy
    P = 1 - exp(-k C / A)              estimated chance of arrest: cops and active citizens in vision
    active if G - R P > T              R is risk aversion

A cop arrests a random active citizen in vision. In Model II an active citizen kills a random one of the other
group in vision, and citizens are cloned and die of age. Source: Epstein (2002), doi:10.1073/pnas.092080199.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.core.jit import compiled
from sim.core.rng import Stream, below, quick, quick_key
from sim.models.torus import LESS, ONE, empty_anywhere, empty_near, spread, wrapped


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
KNOWN = 32
"""Chances of arrest are looked up for fewer cops and active citizens than that."""
DRAWS = 256
"""Counters of an agent in a step: 0 to 32 for its move, the others below."""
SUSPECT, SENTENCE, WHICH, RELEASE, CLONE, CLONE_TO, VICTIM, LIFE = 40, 90, 91, 96, 130, 140, 180, 181
REJECTIONS = 48
"""Draws for a random active citizen in vision before they are counted through instead."""
OFTEN = 8
"""Cells are tried at random where at least one of so many has an active citizen."""


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
    """Cells in vision of a citizen and of a cop; see :func:`sim.models.torus.offsets` and `window`."""

    near: NDArray[np.int64]
    around: NDArray[np.uint16]
    cop_near: NDArray[np.int64]
    cop_around: NDArray[np.uint16]


ORDER, ACTS = int(Stream.GRID_ORDER), int(Stream.GRID_ACTS)
QUIET, ACTIVE, JAILED, COP, GONE = (int(state) for state in State)
LITERAL, FLOOR, ROUND = int(Rule.LITERAL), int(Rule.FLOOR), int(Rule.ROUND)
UNIFORM, WHOLE, FOREVER = int(Law.UNIFORM), int(Law.WHOLE), int(Law.FOREVER)
AWAY, STAYS = int(Place.AWAY), int(Place.STAYS)
T_QUIET, T_ACTIVE, T_JAILED, _, T_FIRST, _, T_ARRESTED, T_RELEASED, T_KILLED, T_CLONED, T_DIED = (
    int(tally) for tally in Tally
)


@compiled
def arrest_chance(cops: Any, actives: Any, rule: int, constant: float) -> float:
    """Estimated chance of arrest, P = 1 - exp(-k C/A); `rule` says how C/A is used (a `Rule`).

    Parameters
    ----------
    cops : int, 0 or more
    actives : int, 1 or more
    constant : float, k
    """
    if rule == LITERAL:
        return 1.0 - math.exp(-constant * (cops / actives))
    if rule == FLOOR:
        return 1.0 - math.exp(-constant * (cops // actives))
    if rule == ROUND:
        return 1.0 - math.exp(-constant * np.rint(cops / actives))
    return 0.99 if cops >= actives else 0.0


@compiled
def chance_table(rule: int, constant: float) -> Any:
    """Return `arrest_chance` by active citizens and cops for small numbers of both, shape (KNOWN, KNOWN)."""
    table = np.zeros((KNOWN, KNOWN))
    for actives in range(1, KNOWN):
        for cops in range(KNOWN):
            table[actives, cops] = arrest_chance(cops, actives, rule, constant)
    return table


@compiled(inline=True, makes_arrays=False)
def rebels(
    hardship: float, aversion: float, illegitimacy: float, cops: Any, actives: Any, rules: Any, chances: Any
) -> Any:
    """Whether a citizen is active: G - R P > T, with G = H (1 - L)."""
    grievance = hardship * illegitimacy
    active = grievance > rules.threshold
    if active and cops > 0:  # else P does not matter: it makes nobody bolder, and is 0 without cops
        if cops < KNOWN and actives < KNOWN:
            chance = chances[np.uint64(actives), np.uint64(cops)]
        else:
            chance = arrest_chance(cops, actives, rules.ratio_rule, rules.arrest_constant)
        active = grievance - aversion * chance > rules.threshold
    return active


@compiled(makes_arrays=False)
def jail_term(word: Any, law: int, longest: int) -> Any:
    """Draw a term in whole turns from 64 random bits; -1 for ever."""
    if law == UNIFORM:
        return math.ceil((word >> np.uint64(11)) * 2.0**-53 * longest)
    if law == FOREVER:
        return -1
    return below(word, longest + 1 if law == WHOLE else longest)


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
def go(agents: Any, taken: Any, a: Any, near: Any, key: Any) -> Any:
    """Move to a random empty cell in vision, if there is one."""
    me = agents[np.uint64(a)]
    cell = empty_near(taken, near, np.int64(me.x), np.int64(me.y), key, a * DRAWS)
    if cell >= 0:
        width = taken.shape[1]
        taken[np.uint64(me.y), np.uint64(me.x)] -= 1
        me.x, me.y = cell % width, cell // width
        taken[np.uint64(me.y), np.uint64(me.x)] += 1
    return cell >= 0


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
    a: Any,
    child: Any,
    now: Any,
    key: Any,
    rules: Any,
    tally: Any,
) -> Any:
    """Put a copy of a citizen, quiet and newly born, onto a random empty cell in vision, if there is one."""
    me = agents[a]
    cell = empty_near(taken, near, me.x, me.y, key, a * DRAWS + CLONE_TO)
    if cell < 0:
        return False
    width = taken.shape[1]
    new = agents[child]
    new.hardship, new.aversion, new.group = me.hardship, me.aversion, me.group
    new.x, new.y = cell % width, cell // width
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
    near, around, cop_near, cop_around = vision
    column, cop_column = np.uint64(around.shape[0] - 1), np.uint64(cop_around.shape[0] - 1)
    width = taken.shape[1]
    many, born = size[0], 0
    for i in range(many):
        first = np.uint64(i)
        other = first + np.uint64(below(quick(order_key, first), many - i))
        a = np.int64(order[other])
        order[other] = order[first]
        order[first] = a
        me = agents[np.uint64(a)]
        x, y, moved = np.int64(me.x), np.int64(me.y), False
        cop, was_active, active = me.state == COP, me.state == ACTIVE, False

        if not cop:
            if rules.groups:
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

        for phase in range(2):  # move and act, or act and move
            if phase == rules.act_first:
                if (rules.cops_move if cop else rules.citizens_move) and not moved:
                    moved = go(agents, taken, a, cop_near if cop else near, key)
            elif cop:
                suspects = np.int64(watched[np.uint64(me.y), np.uint64(me.x) + cop_column])
                if suspects > 0:
                    b = suspect(fates, heads, cop_near, me.x, me.y, suspects, rules.one_a_cell, key, a)
                    hide(fates, heads, actives, watched, around, cop_around, b, agents[b].x, agents[b].y, rules)
                    jail(agents, fates, taken, citizen, b, quick(key, np.uint64(a * DRAWS + SENTENCE)), rules, tally)
                    if rules.onto_suspect:
                        taken[me.y, me.x] -= 1
                        me.x, me.y = agents[b].x, agents[b].y
                        taken[me.y, me.x] += 1
                        moved = True
            else:
                here = np.uint64(me.y), np.uint64(me.x) + column
                # What is seen includes oneself, if active: where one was is in vision of where one is.
                rivals = 1 + np.int64(actives[here])
                if was_active and not rules.counted_twice:
                    rivals -= 1
                active = rebels(
                    np.float64(me.hardship), np.float64(me.aversion), illegitimacy, np.int64(cops[here]), rivals,
                    rules, chances,
                )  # fmt: skip
                if active and rules.groups:
                    b = victim(agents, citizen, near, a, key)
                    if b >= 0:
                        if agents[b].state == ACTIVE:
                            hide(fates, heads, actives, watched, around, cop_around, b, agents[b].x, agents[b].y, rules)
                        remove(agents, taken, citizen, b, rules, tally)
                        tally[T_KILLED] += 1

        if cop:
            if moved:
                spread(cops, around, width, x, y, LESS)
                spread(cops, around, width, me.x, me.y, ONE)
            continue
        if was_active and (moved or not active):
            hide(fates, heads, actives, watched, around, cop_around, a, x, y, rules)
        if active and (moved or not was_active):
            show(agents, fates, heads, actives, watched, around, cop_around, a, rules)
        if active != was_active:
            me.state = ACTIVE if active else QUIET
            change = 1 if active else -1
            tally[T_ACTIVE] += change
            tally[T_QUIET] -= change
        if rules.groups:
            citizen[y, x] = NOBODY
            citizen[me.y, me.x] = a
            fertile = (quick(key, np.uint64(a * DRAWS + CLONE)) >> np.uint64(11)) * 2.0**-53 < rules.cloning
            if fertile and clone(
                agents, fates, taken, citizen, near, a, order[many + born], now, key, rules, tally
            ):  # fmt: skip
                born += 1
    if not rules.by_own_turns:
        _count_down(agents, fates, order, many, taken, citizen, key, rules, tally)
    if rules.groups:
        _bury(agents, order, many + born, size)


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
