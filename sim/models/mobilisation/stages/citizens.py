"""The one pass a day over citizens: perception, emotion, participation, willingness to strike.

The pass goes in chunks of whole neighbourhoods of one locality that stay in cache, each in small loops that
vectorise. Each thread takes a range of neighbourhoods. A citizen is written only by
the thread that owns it, reads only yesterday's state of others, and is counted in integers, so the
result is bit-identical on any number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.stages.emotion import feel
from sim.models.mobilisation.stages.participation import consider_strike, decide, weigh
from sim.models.mobilisation.stages.perception import meet, perceive
from sim.models.mobilisation.stages.scratch import CHUNK, CONNECTED, ROWS
from sim.models.mobilisation.state import FIXED_POINT, Count, Role

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
def live(
    c: Any,
    neighbourhoods: Any,
    kin: Any,
    workplaces: Any,
    localities: Any,
    nation_row: Any,
    ties: Any,
    tactic_rows: Any,
    class_rows: Any,
    camps: Any,
    params: Any,
    day_share: float,
    seed: int,
    first_home: int,
    last_home: int,
    count: Any,
    crowd: Any,
    class_crowd: Any,
    class_striking: Any,
    group_crowd: Any,
    ages: int,
) -> None:
    """Carry the citizens of a range of neighbourhoods through their day; runs without the interpreter's lock."""
    nation, p = nation_row[0], params[0]
    scratch = np.empty((ROWS, CHUNK + neighbourhoods.size[first_home:last_home].max()))
    home = first_home
    while home < last_home:
        place, begin = neighbourhoods.locality[home], home
        start = neighbourhoods.first[home]
        stop = start
        while home < last_home and neighbourhoods.locality[home] == place and stop - start < CHUNK:
            stop += neighbourhoods.size[home]
            home += 1
        perceive(c, neighbourhoods, kin, nation, camps, p, begin, home, scratch)
        meet(c, workplaces, ties, start, stop, scratch)
        feel(c, localities, nation, p, place, start, stop, scratch)
        weigh(c, localities, nation, class_rows, camps, p, place, start, stop, scratch)
        consider_strike(c, workplaces, nation, class_rows, p, start, stop, scratch)
        decide(
            c,
            workplaces,
            localities,
            nation,
            tactic_rows,
            class_rows,
            p,
            day_share,
            place,
            start,
            stop,
            seed,
            scratch,
        )
        tally(
            c, count[place], crowd[place], class_crowd, class_striking, group_crowd, ages, start, stop, scratch
        )  # fmt: skip


@compiled
def tally(
    c: Any,
    counts: Any,
    crowd: Any,
    class_crowd: Any,
    class_striking: Any,
    group_crowd: Any,
    ages: int,
    start: int,
    stop: int,
    scratch: Any,
) -> None:
    """Count citizens of one locality, exactly: emotions in fixed point, roles one by one."""
    angry, afraid, believing = c.anger[start:stop], c.fear[start:stop], c.legitimacy[start:stop]
    tired, committed = c.fatigue[start:stop], c.commitment[start:stop]
    sums: Any = (0, 0, 0, 0, 0, 0)
    for j in range(angry.size):
        sums = (
            sums[0] + np.int64(np.int32(scratch[CONNECTED, j] * FIXED_POINT)),
            sums[1] + np.int64(np.int32(np.float64(angry[j]) * FIXED_POINT)),
            sums[2] + np.int64(np.int32(np.float64(afraid[j]) * FIXED_POINT)),
            sums[3] + np.int64(np.int32(np.float64(believing[j]) * FIXED_POINT)),
            sums[4] + np.int64(np.int32(np.float64(tired[j]) * FIXED_POINT)),
            sums[5] + np.int64(np.int32(np.float64(committed[j]) * FIXED_POINT)),
        )
    for column, total in zip((ONLINE, ANGER, FEAR, LEGITIMACY, FATIGUE, COMMITMENT), sums):  # noqa: B905
        counts[column] += total
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
def publish(c: Any, neighbourhoods: Any, workplaces: Any) -> None:
    """Show today's stances to neighbours, colleagues and ties, who see them tomorrow."""
    neighbourhoods.acting[:] = 0
    workplaces.acting[:] = 0
    workplaces.willing[:] = 0
    for i in range(c.role.size):
        role = c.role[i]
        acting = 2 if role == PROTESTER else (1 if role == ENGAGED else 0)
        c.acting[i] = acting
        work = c.workplace[i]
        if acting > 0:
            neighbourhoods.acting[c.neighbourhood[i]] += acting
            if work >= 0:
                workplaces.acting[work] += acting
        if c.striking[i] > 0:
            workplaces.willing[work] += 1
