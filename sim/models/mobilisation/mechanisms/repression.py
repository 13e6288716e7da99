"""Repression: who is sent out, and detention, injury and death in contact with police."""

from __future__ import annotations

import math

from sim.core.jit import compiled
from sim.core.rng import drawn
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.aid import sheltered
from sim.models.mobilisation.mechanisms.dispersion import within_reach
from sim.models.mobilisation.mechanisms.prisons import abuse, room, take_in
from sim.models.mobilisation.mechanisms.tactics import effectiveness
from sim.models.mobilisation.sums import counted
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
from sim.scenario.fields import Section, fraction, number

CONTACT = 8
ATTENDING, HELD, CAUGHT = (int(c) for c in (Count.ATTENDING, Count.IN_DETENTION, Count.DETAINED))


class Contact(Section):
    """What contact with police comes to (model stage 8)."""

    contact: float = number("detentions an officer can attempt a day", "1/day", 0.0, 10.0)
    provocation: float = fraction("share of contact that provocateurs make violent")
    anger_violence: float = fraction("share of contact that protesters' anger makes violent, at full anger")


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
def rested(fatigue: float, damage: float, disorder: float) -> float:
    """Share of their strength that police have today.

    r = (1 - fatigue) * (1 - disorder * damage)                                      (8m)

    Source: article on Russia 2022 on attacked offices; that duty wears police out is an assumption.

    fatigue : float, 0..1, mean fatigue of duty, equation 10e
    damage : float, 0..1, damage to the state's computers, equation 2e
    """
    return (1.0 - fatigue) * (1.0 - disorder * damage)


@compiled
def provoke(nation: Nation, p: Parameters) -> None:
    """Stage 8: how peaceful today's crowds are."""
    nation.peaceful = 1.0 - violent_share(
        nation.aggression, nation.mean_anger, p.provocation, p.anger_violence, p.anger_cap
    )


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
    everyone, held, pool = counted(localities, ATTENDING), counted(localities, HELD), 0.0
    for place in range(places):
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
    held, taken = counted(localities, HELD), 0
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
        take_in(c, neighbourhoods, kin, localities, p, i, place, u_prison, u_days)
    nation.detained_ever += taken
    nation.abuse = abuse(nation.abuse, held, nation.aggression, taken)


MECHANISM = Mechanism(
    title="Repression and provocateurs",
    parameters={"police.detention": Contact},
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
        "localities": (Column("chance", "f8", "share", "today's chance of detention in each tactic", "tactics"),),
        "nation": (
            Column("detained_ever", "f8", "agents", "detentions so far"),
            Column("peaceful", "f8", "share", "share of contact without violence from the crowd", first=1.0),
        ),
    },
    streams={
        CONTACT: "whether a participant is detained, and for how long",
    },
    claims=("mt-03", "mt-04", "mt-05", "tt-16", "tt-17", "tt-18", "cm-31", "cm-32", "cm-33"),
    seen=("fear", "anger", "vigils", "detained_today", "injured_today", "fatigue", "legitimacy", "attending"),
)
