"""What is counted of citizens and shown to others: the same whatever the mechanisms are."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import FIXED_POINT, HELPS, PROTESTS, Count, Role
from sim.models.mobilisation.sums import counted, listed, total
from sim.models.mobilisation.typed import (
    Array,
    Citizens,
    Classes,
    Groups,
    Localities,
    Nation,
    Neighbourhoods,
    Workplaces,
)

BYSTANDER, ENGAGED, PROTESTER, DETAINED, EXILED, VOLUNTEER, DEAD = (
    int(role)
    for role in (Role.BYSTANDER, Role.ENGAGED, Role.PROTESTER, Role.DETAINED, Role.EXILED, Role.VOLUNTEER, Role.DEAD)
)
PROTESTING, HELPING, ATTENDING, STRIKING, HELD, FIRST, ABROAD, ONLINE, CROSSED, VOLUNTEERS, DIED = (
    int(count)
    for count in (
        Count.PROTESTING,
        Count.ENGAGED,
        Count.ATTENDING,
        Count.STRIKING,
        Count.IN_DETENTION,
        Count.FIRST_TIME,
        Count.EXILED,
        Count.ONLINE,
        Count.CROSSED,
        Count.VOLUNTEERS,
        Count.DEAD,
    )
)
ANGER, FEAR, LEGITIMACY, FATIGUE, COMMITMENT = (
    int(count) for count in (Count.ANGER, Count.FEAR, Count.LEGITIMACY, Count.FATIGUE, Count.COMMITMENT)
)


@compiled
def begin(localities: Localities, classes: Classes, groups: Groups) -> None:
    """Set the day's counts to zero, once the news has been heard."""
    localities.count[:] = np.int64(0)
    localities.crowd[:] = np.int64(0)
    localities.injured[:] = np.int64(0)
    localities.killed[:] = np.int64(0)
    classes.crowd[:] = np.int64(0)
    classes.striking[:] = np.int64(0)
    groups.crowd[:] = np.int64(0)


@compiled
def tally(
    c: Citizens, own: Any, localities: Localities, neighbourhoods: Neighbourhoods, ages: int, start: int, stop: int,
    first_place: int, last_place: int, connected: Array, lists: Array,
) -> None:  # fmt: skip
    """Count the citizens of a chunk, exactly: emotions in fixed point, roles one by one.

    first_place, last_place : int, places of the chunk, the last not among them
    lists : array of int32, shape (2, citizens), to work in
    """
    begin = start
    for place in range(first_place, last_place):
        end = localities.first[place + 1] if place + 1 < last_place else stop
        _feel(
            own.count[place], connected[begin - start : end - start], c.anger[begin:end], c.fear[begin:end],
            c.legitimacy[begin:end], c.fatigue[begin:end], c.commitment[begin:end],
        )  # fmt: skip
        begin = end
    roles, striking, attending = c.role[start:stop], c.striking[start:stop], c.attending[start:stop]
    marks, some = lists[0], lists[1]
    for j in range(roles.size):
        marks[j] = 1 if (roles[j] > BYSTANDER) | (attending[j] > 0) | (striking[j] == 2) else 0
    for m in range(listed(some, marks, roles.size)):
        i = start + some[m]
        place = neighbourhoods.locality[c.neighbourhood[i]]
        counts, kind = own.count[place], c.class_[i]
        _count_role(counts, c.role[i])
        if c.striking[i] == 2:
            counts[STRIKING] += 1
            own.class_striking[kind] += 1
        if c.attending[i] > 0:
            counts[ATTENDING] += 1
            own.crowd[place, c.attending[i] - 1] += 1
            own.class_crowd[kind] += 1
            own.group_crowd[c.age[i]] += 1
            own.group_crowd[ages + c.camp[i]] += 1
            if c.veteran[i] == 0:
                c.veteran[i] = 1
                counts[FIRST] += 1
                if c.helper[i] > 0:
                    counts[CROSSED] += 1


@compiled
def _feel(
    counts: Array, connected: Array, angry: Array, afraid: Array, believed: Array, tired: Array, committed: Array
) -> None:
    """Add up how far citizens of one place are online, and their feelings, each cut to a whole number of units."""
    online, anger, fear, legitimacy, fatigue, commitment = (
        np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    )  # fmt: skip
    for j in range(connected.size):
        online += np.int64(np.int32(connected[j] * FIXED_POINT))
        anger += _units(angry[j])
        fear += _units(afraid[j])
        legitimacy += _units(believed[j])
        fatigue += _units(tired[j])
        commitment += _units(committed[j])
    counts[ONLINE] += online
    counts[ANGER] += anger
    counts[FEAR] += fear
    counts[LEGITIMACY] += legitimacy
    counts[FATIGUE] += fatigue
    counts[COMMITMENT] += commitment


@compiled
def _units(feeling: np.float32) -> np.int64:
    """A feeling in fixed point, in single precision as it is kept: a power of two changes no digit."""
    return np.int64(np.int32(feeling * np.float32(FIXED_POINT)))


@compiled
def _count_role(counts: Array, role: int) -> None:
    """Count one who is no bystander."""
    counts[PROTESTING] += 1 if role == PROTESTER else 0
    counts[HELPING] += 1 if role == ENGAGED else 0
    counts[HELD] += 1 if role == DETAINED else 0
    counts[VOLUNTEERS] += 1 if role == VOLUNTEER else 0
    counts[ABROAD] += 1 if role == EXILED else 0
    counts[DIED] += 1 if role == DEAD else 0


@compiled
def gather(localities: Localities, classes: Classes, groups: Groups, own: Any) -> None:
    """Add what a thread has counted to what all have, and let it begin anew."""
    for place in range(localities.size.size):
        _add(localities.count[place], own.count[place])
        _add(localities.crowd[place], own.crowd[place])
    _add(classes.crowd, own.class_crowd)
    _add(classes.striking, own.class_striking)
    _add(groups.crowd, own.group_crowd)


@compiled
def _add(total: Array, part: Array) -> None:
    for j in range(total.size):
        total[j] += part[j]
        part[j] = 0


@compiled
def publish(c: Citizens, neighbourhoods: Neighbourhoods, workplaces: Workplaces) -> None:
    """Show today's stances to neighbours, colleagues and ties, who see them tomorrow."""
    neighbourhoods.protesting[:] = 0
    neighbourhoods.helping[:] = 0
    workplaces.protesting[:] = 0
    workplaces.helping[:] = 0
    workplaces.willing[:] = 0
    roles, striking, acting, out = c.role, c.striking, c.acting, c.out
    for i in range(roles.size):
        out[i] = 1 if striking[i] == 2 else 0
        acting[i] = PROTESTS if roles[i] == PROTESTER else (HELPS if roles[i] == ENGAGED else 0)
    for i in range(roles.size):
        if acting[i] | striking[i] == 0:
            continue
        work = c.workplace[i]
        if acting[i] == PROTESTS:
            neighbourhoods.protesting[c.neighbourhood[i]] += 1
            if work >= 0:
                workplaces.protesting[work] += 1
        elif acting[i] == HELPS:
            neighbourhoods.helping[c.neighbourhood[i]] += 1
            if work >= 0:
                workplaces.helping[work] += 1
        if striking[i] > 0:
            workplaces.willing[work] += 1
    for work in range(workplaces.size.size):
        workplaces.willing_share[work] = workplaces.willing[work] / workplaces.size[work]


@compiled
def means(localities: Localities, nation: Nation) -> None:
    """Means over citizens, from exact sums."""
    people = total(localities.size)
    units = people * FIXED_POINT
    nation.mean_anger = counted(localities, ANGER) / units
    nation.mean_fear = counted(localities, FEAR) / units
    nation.mean_legitimacy = counted(localities, LEGITIMACY) / units
    nation.mean_fatigue = counted(localities, FATIGUE) / units
    nation.mean_commitment = counted(localities, COMMITMENT) / units
    nation.online = counted(localities, ONLINE) / units
    nation.turnout = counted(localities, ATTENDING) / people
