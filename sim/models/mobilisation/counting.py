"""What is counted of citizens and shown to others: the same whatever the mechanisms are."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import FIXED_POINT, HELPS, PROTESTS, Count, Role
from sim.models.mobilisation.sums import counted, total
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

BYSTANDER, ENGAGED, PROTESTER, DETAINED, EXILED, VOLUNTEER = (
    int(role) for role in (Role.BYSTANDER, Role.ENGAGED, Role.PROTESTER, Role.DETAINED, Role.EXILED, Role.VOLUNTEER)
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
def tally(c: Citizens, own: Any, place: int, ages: int, start: int, stop: int, connected: Array) -> None:
    """Count citizens of one locality, exactly: emotions in fixed point, roles one by one."""
    counts, crowd, group_crowd = own.count[place], own.crowd[place], own.group_crowd
    class_crowd, class_striking = own.class_crowd, own.class_striking
    angry, afraid, believing = c.anger[start:stop], c.fear[start:stop], c.legitimacy[start:stop]
    tired, committed = c.fatigue[start:stop], c.commitment[start:stop]
    sums: Any = (0, 0, 0, 0, 0, 0)
    for j in range(angry.size):
        sums = (
            sums[0] + np.int64(np.int32(connected[j] * FIXED_POINT)),
            sums[1] + np.int64(np.int32(np.float64(angry[j]) * FIXED_POINT)),
            sums[2] + np.int64(np.int32(np.float64(afraid[j]) * FIXED_POINT)),
            sums[3] + np.int64(np.int32(np.float64(believing[j]) * FIXED_POINT)),
            sums[4] + np.int64(np.int32(np.float64(tired[j]) * FIXED_POINT)),
            sums[5] + np.int64(np.int32(np.float64(committed[j]) * FIXED_POINT)),
        )
    for column, added in zip((ONLINE, ANGER, FEAR, LEGITIMACY, FATIGUE, COMMITMENT), sums):  # noqa: B905
        counts[column] += added
    roles, striking, attending = c.role[start:stop], c.striking[start:stop], c.attending[start:stop]
    for j in range(roles.size):
        role = roles[j]
        if striking[j] == 2:
            counts[STRIKING] += 1
            class_striking[c.class_[start + j]] += 1
        if role == BYSTANDER:
            continue
        if role == PROTESTER:
            counts[PROTESTING] += 1
            if attending[j] > 0:
                counts[ATTENDING] += 1
                crowd[attending[j] - 1] += 1
                class_crowd[c.class_[start + j]] += 1
                group_crowd[c.age[start + j]] += 1
                group_crowd[ages + c.camp[start + j]] += 1
                if c.veteran[start + j] == 0:
                    c.veteran[start + j] = 1
                    counts[FIRST] += 1
                    if c.helper[start + j] > 0:
                        counts[CROSSED] += 1
        elif role == ENGAGED:
            counts[HELPING] += 1
        elif role == DETAINED:
            counts[HELD] += 1
        elif role == VOLUNTEER:
            counts[VOLUNTEERS] += 1
        elif role == EXILED:
            counts[ABROAD] += 1
        else:
            counts[DIED] += 1


@compiled
def publish(c: Citizens, neighbourhoods: Neighbourhoods, workplaces: Workplaces) -> None:
    """Show today's stances to neighbours, colleagues and ties, who see them tomorrow."""
    neighbourhoods.protesting[:] = 0
    neighbourhoods.helping[:] = 0
    workplaces.protesting[:] = 0
    workplaces.helping[:] = 0
    workplaces.willing[:] = 0
    for i in range(c.role.size):
        c.out[i] = 1 if c.striking[i] == 2 else 0
        role = c.role[i]
        acting = PROTESTS if role == PROTESTER else (HELPS if role == ENGAGED else 0)
        c.acting[i] = acting
        work = c.workplace[i]
        if acting == PROTESTS:
            neighbourhoods.protesting[c.neighbourhood[i]] += 1
            if work >= 0:
                workplaces.protesting[work] += 1
        elif acting == HELPS:
            neighbourhoods.helping[c.neighbourhood[i]] += 1
            if work >= 0:
                workplaces.helping[work] += 1
        if c.striking[i] > 0:
            workplaces.willing[work] += 1


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
