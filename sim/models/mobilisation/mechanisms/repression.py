"""Repression: who is sent out, and detention, injury and death in contact with police."""

from __future__ import annotations

import math

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import drawn, normal_pair
from sim.models.mobilisation.codes import Count, Role
from sim.models.mobilisation.mechanism import PEOPLE, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.aid import sheltered
from sim.models.mobilisation.mechanisms.anger import released
from sim.models.mobilisation.mechanisms.dispersion import within_reach
from sim.models.mobilisation.mechanisms.tactics import effectiveness
from sim.models.mobilisation.typed import (
    Citizens,
    ForceRow,
    Kin,
    Localities,
    Nation,
    Neighbourhoods,
    Parameters,
    Rows,
    TacticRow,
    Tactics,
)
from sim.models.results import COUNT, Result
from sim.scenario.fields import Section, fraction, number

CONTACT, SENTENCE, CASUALTIES = 8, 9, 19
AWAY = int(Count.VOLUNTEERS)
ATTENDING, HELD, CAUGHT, FREED, ABROAD, DIED = (
    int(c) for c in (Count.ATTENDING, Count.IN_DETENTION, Count.DETAINED, Count.RELEASED, Count.EXILED, Count.DEAD)
)
BYSTANDER, IMPRISONED, EXILED, DEAD = (int(r) for r in (Role.BYSTANDER, Role.DETAINED, Role.EXILED, Role.DEAD))
LONGEST_TERM = 32_000
"""Days; what a 16-bit counter holds."""


class Detention(Section):
    """What happens to those who are caught (model stage 8)."""

    contact: float = number("detentions an officer can attempt a day", "1/day", 0.0, 10.0)
    held_days: float = number("mean days of a short detention", "days", 1.0, 60.0)
    prison_share: float = fraction("share of the detained who are sent to prison")
    prison_days: float = number("mean days of a prison term", "days", 1.0, 5000.0)
    places: float = number("places of detention in the whole country", "persons", 1.0, 1e7)
    injury: float = number("injured for each person in contact at full aggression", "share", 0.0, 5.0)
    lethality: float = number("killed for each person in contact at full aggression", "share", 0.0, 1.0)
    provocation: float = fraction("share of contact that provocateurs make violent")
    anger_violence: float = fraction("share of contact that protesters' anger makes violent, at full anger")
    exile: float = fraction("share of the released who leave the country")


class Effects(Section):
    """What events do to prisoners."""

    amnesty: float = number("share of short-term prisoners released on the day", "share", 0.0, 1.0, default=0.0)


@compiled
def detention_chance(
    aggression: float, contact: float, police: float, effectiveness: float, crowd: float, room: float
) -> float:
    """Chance that a participant is detained: safety in numbers.

    P = aggression * (1 - exp(-contact * K * e / n)) * room                          (8a)

    Source: Epstein (2002), P = 1 - exp(-k C/A), with effectiveness against a tactic and the places left
    in detention.

    police : float, persons, weighted by crowd-control strength
    crowd : float, persons
    room : float, 0..1, share of places of detention that are free
    """
    if crowd <= 0.0:
        return 0.0
    return aggression * (1.0 - math.exp(-contact * police * effectiveness / crowd)) * room


@compiled
def called_out(aggression: float, first: float, whole: float) -> float:
    """Share of a force that the regime sends out, 0..1.

    c = 1 if A >= whole; 0 if A < first; else (A - first) / (whole - first)          (8k)

    A regime holds back forces that it trusts less, or that are meant for the worst, and sends more of them the
    more it is ready for violence. Source: assumption.

    aggression, first, whole : float, 0..1, first <= whole
    """
    if aggression >= whole:
        return 1.0
    if aggression < first:
        return 0.0
    return (aggression - first) / (whole - first)


@compiled
def intensity(aggression: float, army: float, military: float) -> float:
    """Aggression of the order that a force has: an army's own, once the ruler sends it out.

    A_f = max(A, army * military)                                                    (8u)

    Source: Svolik (2013): to send the army is a decision apart from policing.

    aggression, army : float, 0..1
    military : float, 1 for an army, else 0
    """
    return max(aggression, army * military)


@compiled
def violent_share(
    aggression: float, anger: float, provocation: float, anger_violence: float, anger_cap: float
) -> float:
    """Share of contact in which the crowd is violent: provocateurs, and anger.

    v = min(1, provocation * aggression + anger_violence * a / cap)                  (8b)

    Source: class and media thread (provocateurs, de-escalation).
    """
    angry = anger / anger_cap if anger_cap > 0.0 else 0.0
    return min(1.0, provocation * aggression + anger_violence * angry)


@compiled
def expected_casualties(detained: float, aggression: float, rate: float) -> float:
    """Expected injured or killed, persons.

    lambda = rate * aggression * detained                                            (8c)
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
def held_days(draw: float, mean: float) -> int:
    """Days in detention, at least one: exponential.

    T = 1 + floor(-(mean - 1/2) * ln(1 - u))                                         (8d)
    """
    return 1 + int(-max(mean - 0.5, 0.0) * math.log(1.0 - draw))


@compiled
def rested(fatigue: float, damage: float, disorder: float) -> float:
    """Share of their strength that police have today.

    r = (1 - fatigue) * (1 - disorder * damage)                                      (8m)

    Source: mobilisation thread on police worn out by weeks of duty; article on Russia 2022 on attacked offices.

    fatigue : float, 0..1, mean fatigue of duty, equation 10e
    damage : float, 0..1, damage to the state's computers, equation 2e
    """
    return (1.0 - fatigue) * (1.0 - disorder * damage)


@compiled
def room(held: float, places: float) -> float:
    """Share of the places of detention that are free.

    room = max(0, 1 - held / places)                                                 (8n)

    Source: assumption; full prisons were reported, and detention slows as they fill.

    held, places : float, persons
    """
    return max(0.0, 1.0 - held / places)


@compiled
def abuse(before: float, held: float, aggression: float, taken: float) -> float:
    """Mean aggression under which those now in detention were taken.

    b' = (b * held + A * taken) / (held + taken)                                     (8o)

    Source: mobilisation thread: how prisoners are treated follows the orders of the day on which they are taken.

    held, taken : float, prisoners of before, and those taken today
    """
    return (before * held + aggression * taken) / (held + taken) if held + taken > 0.0 else before


@compiled
def kin_group(neighbourhoods: Neighbourhoods, home: int, citizen: int, size: int) -> int:
    """Return the kin group of a citizen."""
    return int(neighbourhoods.kin_first[home] + (citizen - neighbourhoods.first[home]) // size)


@compiled
def provoke(nation: Nation, p: Parameters) -> None:
    """Stage 8: how peaceful today's crowds are."""
    nation.peaceful = 1.0 - violent_share(
        nation.aggression, nation.mean_anger, p.provocation, p.anger_violence, p.anger_cap
    )


@compiled
def release(
    c: Citizens,
    neighbourhoods: Neighbourhoods,
    kin: Kin,
    localities: Localities,
    nation: Nation,
    p: Parameters,
    amnesty: float,
    seed: int,
) -> None:
    """Stage 8: prisoners whose days are over come home, angry; some leave the country."""
    size = int(p.kin_group)
    for i in range(c.role.size):
        if c.role[i] != IMPRISONED:
            continue
        home = c.neighbourhood[i]
        place = neighbourhoods.locality[home]
        number = i - localities.first[place]
        _, _, u_exile, u_amnesty = drawn(seed ^ localities.key[place], SENTENCE, nation.day, number)
        c.days_left[i] -= 1
        pardoned = c.imprisoned[i] == 0 and u_amnesty < amnesty
        if c.days_left[i] > 0 and not pardoned:
            continue
        neighbourhoods.in_detention[home] -= 1
        kin.in_detention[kin_group(neighbourhoods, home, i, size)] -= 1
        localities.count[place, FREED] += 1
        localities.count[place, HELD] -= 1
        c.anger[i] = released(np.float64(c.anger[i]), nation.abuse, p.release_anger, p.anger_cap)
        c.role[i] = BYSTANDER
        if u_exile < p.exile:
            c.role[i] = EXILED
            localities.count[place, ABROAD] += 1


@compiled
def deploy(
    localities: Localities,
    force_rows: Rows[ForceRow],
    tactics: Tactics,
    tactic_rows: Rows[TacticRow],
    nation: Nation,
    p: Parameters,
    patron_forces: float,
) -> None:
    """Stage 8: send those who obey to crowds, and find each crowd's chance of detention."""
    places = localities.size.size
    pool = 0.0
    everyone, held = 0, 0
    for place in range(places):
        everyone += localities.count[place, ATTENDING]
        held += localities.count[place, HELD]
        for force in range(force_rows.size):
            row = force_rows[force]
            asked = intensity(nation.aggression, nation.army_out, row.military)
            out = row.deployed * called_out(asked, row.call_out, row.all_out) * localities.obeying[place, force]
            pool += localities.loyal[place, force] * row.scale * row.weight * out * row.mobile
    fresh = p.officers_per_agent * rested(nation.duty_fatigue, nation.cyber, p.cyber_disorder)
    pool = within_reach(
        pool * fresh * (1.0 - nation.police_bound) + p.patron_possible * patron_forces,
        nation.dispersion,
        p.overstretch,
    )
    free = room(held * p.persons_per_agent, p.places)
    for place in range(places):
        there = 0.0
        for force in range(force_rows.size):
            row = force_rows[force]
            asked = intensity(nation.aggression, nation.army_out, row.military)
            out = row.deployed * called_out(asked, row.call_out, row.all_out) * localities.obeying[place, force]
            there += localities.loyal[place, force] * row.scale * row.weight * out * (1.0 - row.mobile)
        strength = there * fresh
        if everyone > 0:
            strength += pool * localities.count[place, ATTENDING] / everyone
        seen = 0.0
        for tactic in range(tactic_rows.size):
            seen += localities.crowd[place, tactic] * tactic_rows[tactic].visibility
        for tactic in range(tactic_rows.size):
            kind = tactic_rows[tactic]
            crowd = localities.crowd[place, tactic]
            against = strength * crowd * kind.visibility / seen if seen > 0.0 else 0.0
            exposed = effectiveness(kind.exposure, tactics.familiarity[tactic], p.novelty_floor, kind.dispersal)
            caught = detention_chance(nation.aggression, p.contact, against, exposed, crowd * p.persons_per_agent, free)
            localities.chance[place, tactic] = sheltered(caught, localities.aid[place], p.shelter)


@compiled
def detain(
    c: Citizens,
    neighbourhoods: Neighbourhoods,
    kin: Kin,
    localities: Localities,
    nation: Nation,
    p: Parameters,
    seed: int,
) -> None:
    """Stage 8: detain those of today's participants whom chance and police reach."""
    held, taken = 0, 0
    for place in range(localities.size.size):
        held += localities.count[place, HELD]
    size = int(p.kin_group)
    for i in range(c.role.size):
        if c.attending[i] == 0:
            continue
        home = c.neighbourhood[i]
        place = neighbourhoods.locality[home]
        u_caught, u_prison, u_days, _ = drawn(
            seed ^ localities.key[place], CONTACT, nation.day, i - localities.first[place]
        )
        if u_caught >= localities.chance[place, c.attending[i] - 1]:
            continue
        taken += 1
        localities.count[place, CAUGHT] += 1
        c.role[i] = IMPRISONED
        c.imprisoned[i] = 1 if u_prison < p.prison_share else 0
        c.days_left[i] = min(held_days(u_days, p.prison_days if c.imprisoned[i] else p.held_days), LONGEST_TERM)
        localities.count[place, HELD] += 1
        neighbourhoods.in_detention[home] += 1
        kin.in_detention[kin_group(neighbourhoods, home, i, size)] += 1
    nation.detained_ever += taken
    nation.abuse = abuse(nation.abuse, held, nation.aggression, taken)


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
    size, per_agent = int(p.kin_group), int(p.persons_per_agent)
    for place in range(localities.size.size):
        first = localities.first[place]
        for i in range(first, first + localities.size[place]):
            if localities.deaths_owed[place] < per_agent:
                break
            if c.role[i] != IMPRISONED or c.attending[i] == 0:
                continue  # of today's participants, prisoners are those caught today
            localities.deaths_owed[place] -= per_agent
            c.role[i] = DEAD
            home = c.neighbourhood[i]
            localities.count[place, HELD] -= 1
            localities.count[place, DIED] += 1
            neighbourhoods.in_detention[home] -= 1
            kin.in_detention[kin_group(neighbourhoods, home, i, size)] -= 1


MECHANISM = Mechanism(
    title="Repression, provocateurs and prisoners",
    parameters={"police.detention": Detention, "events.*.effects": Effects},
    switches=(
        Switch(
            "repression",
            about="police detain, injure and kill",
            zero=("contact",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "open",
                    because="Without detention there is neither fear nor anger over it; which was larger "
                    "depends on who hears of it.",
                ),
            ),
        ),
        Switch(
            "provocateurs",
            about="provocateurs make contact violent",
            zero=("provocation",),
            without=(
                Ablation(
                    "legitimacy_end",
                    "falls",
                    because="Violence that provocateurs begin lets the regime's own look rightful.",
                ),
            ),
        ),
    ),
    state={
        "citizens": (
            Column("days_left", "i2", "days", "days until release, for the detained"),
            Column("imprisoned", "u1", "flag", "serving a prison term, not a short detention"),
        ),
        "neighbourhoods": (Column("in_detention", "i4", "agents", "residents in detention"),),
        "kin": (Column("in_detention", "u2", "agents", "members in detention"),),
        "localities": (
            Column("chance", "f8", "share", "today's chance of detention in each tactic", "tactics"),
            Column("injured", "i8", "persons", "injured today"),
            Column("killed", "i8", "persons", "killed today"),
            Column("deaths_owed", "i8", "persons", "killed who do not make up an agent yet"),
        ),
        "nation": (
            Column("detained_ever", "f8", "agents", "detentions so far"),
            Column("peaceful", "f8", "share", "share of contact without violence from the crowd", first=1.0),
            Column("abuse", "f8", "share", "mean aggression under which today's prisoners were taken"),
            Column("injured", "i8", "persons", "injured today"),
            Column("killed", "i8", "persons", "killed today"),
        ),
    },
    pulses=("amnesty",),
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
    streams={
        CONTACT: "whether a participant is detained, and for how long",
        SENTENCE: "amnesty, and exile on release",
        CASUALTIES: "how many are injured and killed in a confrontation",
    },
    claims=("mt-03", "mt-04", "mt-05", "tt-16", "tt-17", "tt-18", "cm-31", "cm-32", "cm-33"),
    seen=("fear", "anger", "vigils", "detained_today", "injured_today", "fatigue", "legitimacy", "attending"),
)
