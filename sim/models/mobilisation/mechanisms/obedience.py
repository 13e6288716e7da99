"""Obedience: units that are ordered against a crowd, and obey or stand aside."""

from __future__ import annotations

import math

import numpy as np
from pydantic import Field

from sim.core.jit import compiled
from sim.core.normals import normal_pair
from sim.core.rng import drawn
from sim.models.mobilisation.codes import Count, Service
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.repression import called_out, intensity
from sim.models.mobilisation.typed import Array, ForceRow, Localities, Nation, Officers, Parameters, Rows
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction, number

ORDERS = 44
ATTENDING, PROTESTING = int(Count.ATTENDING), int(Count.PROTESTING)
RESIGNED = int(Service.RESIGNED)
LARGEST = 700.0
"""Log odds beyond which a chance is 0: exp(710) is no number any more."""


class Unit(Section):
    """What a force is bound by beside its loyalty."""

    military: bool = Field(description="whether it is an army, which is sent out by a decision of its own")
    stacked: float = fraction("how far it is staffed by the ruler's own people")
    corporate: float = fraction("how far its own interests hang on the regime")
    conscript: float = fraction("share of conscripts")


class Obedience(Section):
    """Whether units obey an order against a crowd (model stage 8)."""

    obey_base: float = number("readiness to obey, before anything speaks for it or against", "log odds", -10.0, 20.0)
    obey_loyalty: float = number("readiness to obey, per SD of the unit's mean loyalty", "log odds", 0.0, 10.0)
    obey_stacked: float = number("readiness to obey of a force of the ruler's own people", "log odds", 0.0, 10.0)
    obey_corporate: float = number(
        "readiness to obey of a force whose interests hang on the regime", "log odds", 0.0, 10.0
    )
    obey_patron: float = number("readiness to obey under full backing by a patron", "log odds", 0.0, 10.0)
    obey_crowd: float = number("reluctance per unit of ln(1 + crowd / 100)", "log odds", 0.0, 5.0)
    obey_peaceful: float = number("reluctance before a crowd that is peaceful", "log odds", 0.0, 10.0)
    obey_conscript: float = number("reluctance of a force of conscripts", "log odds", 0.0, 10.0)
    obey_kin: float = number("reluctance of locals where everybody would protest", "log odds", 0.0, 50.0)
    obey_refusals: float = number("reluctance when all who were ordered lately stood aside", "log odds", 0.0, 20.0)
    obey_fall: float = number("reluctance when everybody expects the regime to fall", "log odds", 0.0, 20.0)
    obey_unit: float = number("officers who decide together", "persons", 1.0, 1e5)
    refusal_memory: float = fraction("share of the orders of a day that are kept in mind on the next")
    barracks: float = number(
        "days of orders to the whole force that its looks in barracks are worth", "days", 0.0001, 10.0
    )


@compiled
def willingness(
    loyalty: float,
    stacked: float,
    corporate: float,
    patron: float,
    refusals: float,
    expected_fall: float,
    base: float,
    by_loyalty: float,
    by_stacked: float,
    by_corporate: float,
    by_patron: float,
    by_refusals: float,
    by_fall: float,
) -> float:
    """Readiness of a unit to obey whatever it is ordered, in log odds.

    w = a_0 + a_l * l + a_s * stacked + a_c * corporate + a_p * P - b_r * refusals - b_f * (1 - S)       (8p)

    Source: Svolik (2013) and Barany (2016) on what binds armies; Grewal (2023) on corporate interests; Chin, Song and
    Wright (2023) on personalised forces; signs only.

    loyalty : float, SD, mean of those who serve in the unit
    patron, refusals, expected_fall : float, 0..1
    """
    bound = base + by_loyalty * loyalty + by_stacked * stacked + by_corporate * corporate + by_patron * patron
    return bound - by_refusals * refusals - by_fall * expected_fall


@compiled
def reluctance(
    crowd: float,
    peaceful: float,
    conscript: float,
    kin: float,
    by_crowd: float,
    by_peaceful: float,
    by_conscript: float,
    by_kin: float,
) -> float:
    """What speaks against using full force on this crowd, in log odds.

    r = b_n * ln(1 + N / 100) + b_v * peaceful + b_d * conscript + b_k * kin          (8q)

    Source: Nepstad (2013), Dahl and others (2025) on nonviolence; Cebul and Grewal (2022) on conscripts; Chenoweth and
    Stephan (2011) on size; signs only.

    crowd : float, persons of the place in action (N)
    kin : float, 0..1, share of the place's people who would protest, times the share of the unit who are from there
    """
    return by_crowd * math.log(1.0 + crowd / 100.0) + by_peaceful * peaceful + by_conscript * conscript + by_kin * kin


@compiled
def obedience(willingness: float, reluctance: float, aggression: float) -> float:
    """Chance that those ordered obey: reluctance counts as far as force is asked for.

    p = 1 / (1 + exp(-(w - A * r)))                                                   (8r)

    Source: assumption: to guard a crowd is easy to obey, and to beat it is not.

    aggression : float, 0..1, of the order (A)
    """
    return 1.0 / (1.0 + math.exp(min(aggression * reluctance - willingness, LARGEST)))


@compiled
def share_obeying(chance: float, officers: float, unit: float, normal: float) -> float:
    """Share of a place's ordered officers who obey: whole units decide, each for itself.

    s = clip(p + z * sqrt(p * (1 - p) * unit / max(K, unit)), 0, 1)                   (8s)

    Source: the normal approximation of a binomial number of units.

    officers : float, persons ordered (K)
    unit : float, persons who decide together
    """
    spread = math.sqrt(chance * (1.0 - chance) * unit / max(officers, unit))
    return min(1.0, max(0.0, chance + normal * spread))


@compiled
def coercion(ordered: float, obeyed: float, looks: float, barracks: float) -> float:
    """What coercion is worth: orders obeyed over orders given, and what the ranks look like until orders are given.

    E = (obeyed + d * looks) / (ordered + d)                                          (8t)

    Source: assumption.

    ordered, obeyed : float, days of the whole force at full aggression, as they are remembered
    looks : float, 0..1, share of strength that serves loyally
    barracks : float, the same unit (d)
    """
    return (obeyed + barracks * looks) / (ordered + barracks)


@compiled
def _add_up(morale: Array, at: Array, of_force: Array, service: Array, left: Array) -> None:
    """Sum of the loyalty of those who serve, by place and force, of whom those of one place and force stand together.

    A sum that is kept at hand until the next garrison takes a third of one that goes through memory each time.
    """
    place, force, found = np.int64(0), np.int64(0), 0.0
    for i in range(service.size):
        if at[i] != place or of_force[i] != force:
            morale[place, force] += found
            place, force, found = np.int64(at[i]), np.int64(of_force[i]), 0.0
        found += np.float64(left[i]) if service[i] < RESIGNED else 0.0
    if service.size > 0:
        morale[place, force] += found


@compiled
def order(
    localities: Localities, officers: Officers, force_rows: Rows[ForceRow], nation: Nation, p: Parameters, seed: int
) -> None:
    """Stage 8: which of those who are sent against a crowd obey today."""
    localities.ordered[:] = 0.0
    localities.aside[:] = 0.0
    localities.obeying[:] = 1.0
    localities.morale[:] = 0.0
    _add_up(localities.morale, officers.locality, officers.force, officers.service, officers.loyalty)
    given, kept, aside_in_all = 0.0, 0.0, 0.0
    refusals, expected = nation.refusals, 1.0 - nation.survival
    for place in range(localities.size.size):
        crowd = localities.count[place, ATTENDING] * p.persons_per_agent
        if crowd == 0.0:
            continue
        kin = localities.count[place, PROTESTING] / localities.size[place]
        for force in range(force_rows.size):
            row = force_rows[force]
            asked = intensity(nation.aggression, nation.army_out, row.military)
            there = localities.loyal[place, force] + localities.shirking[place, force]
            sent = (
                there * row.scale * p.officers_per_agent * row.deployed * called_out(asked, row.call_out, row.all_out)
            )
            if sent <= 0.0:
                continue
            ready = willingness(
                localities.morale[place, force] / there, row.stacked, row.corporate, nation.patron, refusals, expected,
                p.obey_base, p.obey_loyalty, p.obey_stacked, p.obey_corporate, p.obey_patron, p.obey_refusals,
                p.obey_fall,
            )  # fmt: skip
            against = reluctance(
                crowd, nation.peaceful, row.conscript, kin * (1.0 - row.outsiders), p.obey_crowd, p.obey_peaceful,
                p.obey_conscript, p.obey_kin,
            )  # fmt: skip
            share = 1.0
            if p.refusal_possible > 0.0:
                u, v, _, _ = drawn(seed ^ localities.key[place] ^ row.key, ORDERS, nation.day, 0)
                share = share_obeying(obedience(ready, against, asked), sent, p.obey_unit, normal_pair(u, v)[0])
            localities.obeying[place, force] = share
            obeyed = share * localities.loyal[place, force] / there
            localities.ordered[place, force] = sent
            localities.aside[place, force] = sent * (1.0 - obeyed)
            aside_in_all += sent * (1.0 - obeyed)
            given += asked * sent * row.weight
            kept += asked * sent * row.weight * obeyed
    full = 0.0
    for force in range(force_rows.size):
        for place in range(localities.size.size):
            full += localities.loyal[place, force] * force_rows[force].scale * force_rows[force].weight
            full += localities.shirking[place, force] * force_rows[force].scale * force_rows[force].weight
    full *= p.officers_per_agent
    if full > 0.0:
        given, kept = given / full, kept / full
    nation.ordered = nation.ordered * p.refusal_memory + given
    nation.obeyed = nation.obeyed * p.refusal_memory + kept
    nation.coercion = coercion(nation.ordered, nation.obeyed, nation.loyal_share, p.barracks)
    nation.refusals = 1.0 - coercion(nation.ordered, nation.obeyed, 1.0, p.barracks)
    nation.aside_today = aside_in_all


@compiled
def foresee(
    localities: Localities, force_rows: Rows[ForceRow], nation: Nation, p: Parameters, aggression: float, army: float
) -> float:
    """Stage 13: what share of their strength would obey, as the ruler sees it who knows his forces as they were."""
    strength, kept, people = 0.0, 0.0, 0.0
    expected = 1.0 - nation.survival
    for place in range(localities.size.size):
        crowd = localities.count[place, ATTENDING] * p.persons_per_agent
        people += crowd
        kin = localities.count[place, PROTESTING] / localities.size[place]
        for force in range(force_rows.size):
            row = force_rows[force]
            asked = intensity(aggression, army, row.military)
            there = localities.loyal[place, force] + localities.shirking[place, force]
            sent = there * row.scale * row.weight * row.deployed * called_out(asked, row.call_out, row.all_out)
            if crowd == 0.0 or sent <= 0.0:
                continue
            ready = willingness(
                row.initial_loyalty, row.stacked, row.corporate, nation.patron, nation.refusals, expected,
                p.obey_base, p.obey_loyalty, p.obey_stacked, p.obey_corporate, p.obey_patron, p.obey_refusals,
                p.obey_fall,
            )  # fmt: skip
            against = reluctance(
                crowd, nation.peaceful, row.conscript, kin * (1.0 - row.outsiders), p.obey_crowd, p.obey_peaceful,
                p.obey_conscript, p.obey_kin,
            )  # fmt: skip
            strength += sent * crowd
            kept += sent * crowd * obedience(ready, against, asked)
    if p.refusal_possible == 0.0 or people == 0.0:
        return 1.0
    return kept / strength if strength > 0.0 else 0.0  # where nobody is left to be sent, nobody obeys


MECHANISM = Mechanism(
    title="Orders, and units that stand aside",
    parameters={"police.forces.*": Unit, "police.obedience": Obedience},
    switches=(
        Switch(
            "refusal",
            about="units that are ordered against a crowd may stand aside",
            zero=("refusal_possible",),
            without=(Ablation("min:coercion", "rises", because="Where nobody may refuse, every order is obeyed."),),
        ),
    ),
    state={
        "localities": (
            Column("morale", "f8", "SD", "sum of the loyalty of those who serve, by force", "forces"),
            Column("obeying", "f8", "share", "share of those ordered who obey today, by force", "forces"),
            Column("ordered", "f8", "persons", "officers ordered against a crowd today, by force", "forces"),
            Column("aside", "f8", "persons", "of those, who stood aside, by force", "forces"),
        ),
        "nation": (
            Column("ordered", "f8", "days", "orders lately, in days of the whole force at full aggression"),
            Column("obeyed", "f8", "days", "of those, what was obeyed"),
            Column("aside_today", "f8", "persons", "officers who stood aside today"),
            Column("coercion", "f8", "share", "orders obeyed over orders given, lately", first=1.0),
            Column("refusals", "f8", "share", "orders refused over orders given, lately"),
        ),
    },
    results=(
        Result(
            "coercion",
            FRACTION,
            SHARE,
            of="nation.coercion",
            combine="last",
            group=REGIME,
            main=True,
            label="share of orders against crowds that are obeyed",
            short="orders obeyed",
            about="strength that obeyed over strength that was ordered against crowds in the last days, each order by "
            "the force it asked for; without orders, the share of strength that serves loyally",
        ),
    ),
    streams={ORDERS: "which units obey an order against a crowd"},
    claims=("mt-14", "mt-15"),
    seen=("coercion", "police_aside_regular"),
)
