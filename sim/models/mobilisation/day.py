"""One day of the mobilisation model. This is its table of contents.

A day has fifteen stages, in this order:

1. events: what the scenario's dated shocks do today
2. connection: who is online, who follows the hub, who leads
3. perception: what each citizen hears of turnout, violence, defections
4. emotion: anger, legitimacy, fear, fatigue, commitment
5. participation: bystander, engaged or protester; who attends, and in which tactic
6. organisation: local communities form; tactics are learnt
7. strike: who is willing, which workplaces are out
8. repression: deployment, detention, casualties, releases
9. aid: what engaged non-protesters give
10. loyalty: police doubt, shirk, defect
11. economy: revenue, treasury, arrears
12. elites: private preference, public stance
13. regime: aggression, shutdown, concession
14. coalition: its breadth, felt tomorrow
15. outcome: has something ended?

Stages 3 to 5 and the willingness of stage 7 are one pass over citizens, split over threads; the rest
is small. People see each other as they were yesterday evening, so the order of citizens is of no account.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core import names
from sim.core.jit import compiled
from sim.models.mobilisation import outcome
from sim.models.mobilisation.parameters import LEVERS, calendar, camps, examples, scalars, schedule, table
from sim.models.mobilisation.schema.scenario import WEEKDAYS, Mobilisation
from sim.models.mobilisation.stages.citizens import live, publish
from sim.models.mobilisation.stages.morning import begin, call_for, connect, follow, hear
from sim.models.mobilisation.stages.organisation import communities, learn
from sim.models.mobilisation.stages.police import doubt
from sim.models.mobilisation.stages.repression import repress
from sim.models.mobilisation.stages.state_of_nation import account, combine, help_out, means, react, waver
from sim.models.mobilisation.stages.strikes import strikes
from sim.models.mobilisation.stages.war import leave
from sim.models.mobilisation.state import Count
from sim.models.mobilisation.world import World


@dataclass(frozen=True)
class Numbers:
    """A scenario as the step loop reads it; see :mod:`sim.models.mobilisation.parameters`."""

    scalars: NDArray[Any]
    classes: NDArray[Any]
    tactics: NDArray[Any]
    forces: NDArray[Any]
    elites: NDArray[Any]
    camps: NDArray[Any]
    levers: NDArray[Any]
    examples: NDArray[np.float64]
    working_day: NDArray[np.float64]
    big_day: NDArray[np.float64]
    day_share: NDArray[np.float64]


def numbers(config: Mobilisation) -> Numbers:
    """Return the numbers of a checked scenario, with named things in the order of their names."""
    config = names.ordered(config)
    weekday = calendar(config)
    ordinary = config.time.availability
    weekend = np.isin(weekday, [WEEKDAYS.index(name) for name in config.time.weekend])
    big_day = weekday == WEEKDAYS.index(config.time.big_day)
    share = np.select([big_day, weekend], [ordinary.big_day, ordinary.weekend], ordinary.working_day)
    plan = schedule(config)
    levers = np.zeros(len(plan), dtype=np.dtype([(name, "f8") for name in LEVERS]))
    for column, name in enumerate(LEVERS):
        levers[name] = plan[:, column]
    return Numbers(
        scalars=scalars(config),
        classes=table(config.people.classes),
        tactics=table(config.movement.tactics),
        forces=table(config.police.forces),
        elites=table(config.elites.kinds),
        camps=camps(config),
        levers=levers,
        examples=examples(config),
        working_day=np.where(weekend, 0.0, 1.0),
        big_day=np.where(big_day, 1.0, 0.0),
        day_share=share,
    )


@dataclass
class Tallies:
    """Each thread's own counts, added up in integers when all are done."""

    count: NDArray[np.int64]
    crowd: NDArray[np.int64]
    class_crowd: NDArray[np.int64]
    class_striking: NDArray[np.int64]
    group_crowd: NDArray[np.int64]


@dataclass
class Clock:
    """Which thread does which neighbourhoods, and counts where."""

    ranges: list[tuple[int, int]]
    tallies: list[Tallies]
    pool: ThreadPoolExecutor | None = field(default=None)


def clock(world: World, threads: int) -> Clock:
    """Split the citizens over threads, at the borders of neighbourhoods.

    Raises
    ------
    ValueError
        If ``threads`` is less than 1.
    """
    if threads < 1:
        raise ValueError("threads must be at least 1")
    homes, citizens = world.neighbourhoods, world.citizens.role.size
    wanted = np.linspace(0, citizens, min(threads, len(homes.first)) + 1)[1:-1]
    cuts = [0, *np.searchsorted(homes.first, wanted).tolist(), len(homes.first)]
    ranges = [(first, last) for first, last in pairwise(cuts) if last > first]
    places, tactics, kinds, groups = (
        len(world.localities.size),
        len(world.tactics.familiarity),
        len(world.classes.size),
        len(world.groups.size),
    )

    def zeros(*shape: int) -> NDArray[np.int64]:
        return np.zeros(shape, dtype=np.int64)

    tallies = [
        Tallies(zeros(places, len(Count)), zeros(places, tactics), zeros(kinds), zeros(kinds), zeros(groups))
        for _ in ranges
    ]
    return Clock(ranges, tallies, ThreadPoolExecutor(len(ranges)) if len(ranges) > 1 else None)


@compiled
def morning(
    localities: Any,
    classes: Any,
    groups: Any,
    tactic_rows: Any,
    nation_row: Any,
    params: Any,
    lever_row: Any,
    big_day: float,
    day_share: float,
) -> None:
    """Stages 1, 2, 3 and 5 as far as they are the same for all citizens of a place."""
    nation, p, lever = nation_row[0], params[0], lever_row[0]
    connect(nation, p, lever)  # 1, 2
    hear(localities, nation, p)  # 3
    follow(nation, p, lever)  # the rest of 2 needs this morning's news
    call_for(localities, tactic_rows, nation, p, big_day, day_share)  # 5
    begin(localities, classes, groups)


@compiled
def evening(
    citizens: Any,
    neighbourhoods: Any,
    kin: Any,
    workplaces: Any,
    localities: Any,
    officers: Any,
    elites: Any,
    classes: Any,
    groups: Any,
    tactics: Any,
    nation_row: Any,
    params: Any,
    class_rows: Any,
    tactic_rows: Any,
    force_rows: Any,
    kind_rows: Any,
    lever_row: Any,
    example_row: Any,
    big_day_tomorrow: float,
    seed: int,
) -> None:
    """Stages 6 to 14."""
    nation, p, lever = nation_row[0], params[0], lever_row[0]
    means(localities, nation)
    publish(citizens, neighbourhoods, workplaces)
    communities(neighbourhoods, localities, nation, p, seed)  # 6
    learn(localities, tactics, tactic_rows, nation, p, example_row)
    strikes(workplaces, nation, p, seed)  # 7
    repress(
        citizens, neighbourhoods, kin, localities, force_rows, tactics, tactic_rows, nation, p, lever, seed
    )  # 8  # fmt: skip
    leave(citizens, localities, nation, p, seed)
    help_out(neighbourhoods, localities, nation, p)  # 9
    doubt(officers, localities, force_rows, nation, p, seed)  # 10
    account(classes, class_rows, nation, p, lever)  # 11
    waver(elites, kind_rows, nation, p)  # 12
    react(nation, p, lever, big_day_tomorrow)  # 13
    combine(classes, groups, localities, nation, p)  # 14


def advance(world: World, n: Numbers, clock: Clock, config: Mobilisation, seed: int) -> None:
    """Carry the world through one day: stages 1 to 15 of the module's list."""
    w = world
    day = int(w.nation["day"][0])
    today = slice(day, day + 1)
    key: Any = np.uint64(seed)
    lever = n.levers[today]
    share = float(n.day_share[day])
    w.nation["working_day"] = n.working_day[day]
    morning(w.localities, w.classes, w.groups, n.tactics, w.nation, n.scalars, lever, float(n.big_day[day]), share)

    def work(part: int) -> None:
        first, last = clock.ranges[part]
        own = clock.tallies[part]
        live(
            w.citizens, w.neighbourhoods, w.kin, w.workplaces, w.localities, w.nation, w.ties, n.tactics, n.classes,
            n.camps, n.scalars, share, key, first, last,
            own.count, own.crowd, own.class_crowd, own.class_striking, own.group_crowd, len(config.people.ages),
        )  # fmt: skip

    if clock.pool is None:
        work(0)
    else:
        list(clock.pool.map(work, range(len(clock.ranges))))
    _gather(w, clock)
    tomorrow = min(day + 1, len(n.big_day) - 1)
    big = max(float(n.big_day[tomorrow]), float(n.levers["called_action"][tomorrow]))
    evening(
        w.citizens, w.neighbourhoods, w.kin, w.workplaces, w.localities, w.officers, w.elites, w.classes, w.groups,
        w.tactics, w.nation, n.scalars, n.classes, n.tactics, n.forces, n.elites, lever, n.examples[day], big, key,
    )  # fmt: skip
    outcome.mark(w.nation, config)  # 15


def _gather(world: World, clock: Clock) -> None:
    for own in clock.tallies:
        for total, part in (
            (world.localities.count, own.count),
            (world.localities.crowd, own.crowd),
            (world.classes.crowd, own.class_crowd),
            (world.classes.striking, own.class_striking),
            (world.groups.crowd, own.group_crowd),
        ):
            np.add(total, part, out=total)
            part[:] = 0


def stages() -> Iterator[str]:
    """Yield the names of the stages in the order of the module's docstring."""
    for line in (__doc__ or "").splitlines():
        number, _, rest = line.partition(". ")
        if number.isdigit():
            yield rest.partition(":")[0]
