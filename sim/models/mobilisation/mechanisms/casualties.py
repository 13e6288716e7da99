"""Casualties: injured and killed in contact with police, in persons."""

from __future__ import annotations

import math

from sim.core.jit import compiled
from sim.core.normals import normal_pair
from sim.core.rng import drawn
from sim.models.mobilisation.codes import Count, Role
from sim.models.mobilisation.mechanism import PEOPLE, Column, Mechanism
from sim.models.mobilisation.mechanisms.prisons import let_out
from sim.models.mobilisation.typed import Citizens, Kin, Localities, Nation, Neighbourhoods, Parameters
from sim.models.results import COUNT, Result
from sim.scenario.fields import Section, number

CASUALTIES = 19
AWAY = int(Count.VOLUNTEERS)
ATTENDING, CAUGHT, ABROAD, DIED = (int(c) for c in (Count.ATTENDING, Count.DETAINED, Count.EXILED, Count.DEAD))
IMPRISONED, DEAD = int(Role.DETAINED), int(Role.DEAD)


class Harm(Section):
    """Harm in contact with police (model stage 8)."""

    injury: float = number("injured for each person in contact at full aggression", "share", 0.0, 5.0)
    lethality: float = number("killed for each person in contact at full aggression", "share", 0.0, 1.0)


@compiled
def expected_casualties(detained: float, aggression: float, rate: float) -> float:
    """Expected injured or killed, persons.

    lambda = rate * aggression * detained                                            (8c)

    Source: assumption: harm in proportion to contact and to aggression.
    """
    return rate * aggression * detained


@compiled
def poisson(draw: float, normal: float, mean: float) -> int:
    """A Poisson number of persons: by inversion, or above a mean of 50 by the normal approximation.

    draw : float, 0 <= u < 1
    normal : float, standard normal
    mean : float, >= 0
    """
    if mean <= 0.0:
        return 0
    if mean > 50.0:
        return max(0, math.floor(mean + math.sqrt(mean) * normal + 0.5))
    number = 0
    term = math.exp(-mean)
    total = term
    while draw > total and term > 0.0:
        number += 1
        term *= mean / number
        total += term
    return number


@compiled
def injure(localities: Localities, nation: Nation, p: Parameters, seed: int) -> None:
    """Stage 8: count the injured and killed, in persons: of those in contact, and no more than there are."""
    injured_in_all = 0
    killed_in_all = 0
    per_agent = int(p.persons_per_agent)
    for place in range(localities.size.size):
        count = localities.count[place]
        caught = count[CAUGHT] * per_agent
        if caught == 0:
            continue
        u_injured, u_killed, u, v = drawn(seed ^ localities.key[place], CASUALTIES, nation.day, 0)
        z_injured, z_killed = normal_pair(u, v)
        injured = poisson(u_injured, z_injured, expected_casualties(caught, nation.aggression, p.injury))
        killed = poisson(u_killed, z_killed, expected_casualties(caught, nation.aggression, p.lethality))
        alive = (
            localities.size[place] - count[ABROAD] - count[DIED] - count[AWAY]
        ) * per_agent - localities.deaths_owed[place]
        killed = min(killed, caught, alive)
        injured = min(injured, count[ATTENDING] * per_agent - killed)
        localities.injured[place] = injured
        localities.killed[place] = killed
        localities.deaths_owed[place] += killed
        injured_in_all += injured
        killed_in_all += killed
    nation.injured = injured_in_all
    nation.killed = killed_in_all


@compiled
def bury(c: Citizens, neighbourhoods: Neighbourhoods, kin: Kin, localities: Localities, p: Parameters) -> None:
    """Stage 8: take the dead out of those who were caught today, as soon as deaths make up a whole agent."""
    per_agent = int(p.persons_per_agent)
    for place in range(localities.size.size):
        first = localities.first[place]
        for i in range(first, first + localities.size[place]):
            if localities.deaths_owed[place] < per_agent:
                break
            if c.role[i] != IMPRISONED or c.attending[i] == 0:
                continue  # of today's participants, prisoners are those caught today
            localities.deaths_owed[place] -= per_agent
            let_out(c, neighbourhoods, kin, localities, p, i, place)
            c.role[i] = DEAD
            localities.count[place, DIED] += 1


MECHANISM = Mechanism(
    title="Injured and killed",
    parameters={"police.detention": Harm},
    state={
        "localities": (
            Column("injured", "i8", "persons", "injured today"),
            Column("killed", "i8", "persons", "killed today"),
            Column("deaths_owed", "i8", "persons", "killed who do not make up an agent yet"),
        ),
        "nation": (
            Column("injured", "i8", "persons", "injured today"),
            Column("killed", "i8", "persons", "killed today"),
        ),
    },
    results=(
        Result(
            "injured_today",
            "persons",
            COUNT,
            of="nation.injured",
            combine="sum",
            group=PEOPLE,
            label="people injured",
            short="injured that day",
            about="injured today",
        ),
        Result(
            "killed_today",
            "persons",
            COUNT,
            of="nation.killed",
            combine="sum",
            group=PEOPLE,
            label="people killed",
            short="killed that day",
            about="killed today",
        ),
    ),
    numbers=(
        Result(
            "injured",
            "persons",
            COUNT,
            of="injured_today",
            combine="sum",
            main=True,
            label="persons injured",
            short="injured",
            about="sum of `injured_today`",
        ),
        Result(
            "killed",
            "persons",
            COUNT,
            of="killed_today",
            combine="sum",
            main=True,
            label="persons killed",
            short="killed",
            about="sum of `killed_today`",
        ),
    ),
    streams={CASUALTIES: "how many are injured and killed in a confrontation"},
    claims=("tt-16", "tt-17", "cm-31"),
    seen=("injured_today", "killed_today", "injured", "killed"),
)
