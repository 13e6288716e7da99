"""Strikes: initiative groups, walk-outs, committees."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import drawn
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.sums import look_up
from sim.models.mobilisation.typed import Array, Lever, Nation, Parameters, Workplaces
from sim.models.results import COUNT, Result
from sim.scenario.fields import Section, fraction, number

COMMITTEE = 12
LONGEST = 32_000
"""Days; what a 16-bit counter holds."""


class Strike(Section):
    """Strikes (model stage 7)."""

    strike_cost: float = number("how much more it takes to strike than to protest", "SD", 0.0, 10.0)
    strike_anger: float = number("weight of anger in the motive to strike", "factor", 0.0, 5.0)
    strike_grievance: float = number("weight of grievance in the motive to strike", "SD", 0.0, 5.0)
    strike_call: float = number("weight of a call to strike", "SD", 0.0, 5.0)
    strike_fear: float = number("weight of fear in keeping people at work", "factor", 0.0, 5.0)
    walkout_mean: float = fraction("mean willing share at which a workplace walks out")
    walkout_spread: float = fraction("standard deviation of that share between workplaces")
    initiative_group: float = number("persons who make an initiative group", "persons", 1.0, 1e4)
    organising_days: float = number("days an initiative group needs before a walk-out", "days", 0.0, 60.0)
    committee_arrest: float = number(
        "chance a day that a strike's committee is arrested, at full aggression", "1/day", 0.0, 1.0
    )
    dismissal_days: float = number("days for which a broken strike cannot restart", "days", 0.0, 365.0)


class Effects(Section):
    """What events do to strikes."""

    strike_wave: float = number("strength of a call to strike", "share", 0.0, 1.0, default=0.0)


@compiled
def strike_margin(
    anger: float,
    grievance: float,
    willing_colleagues: float,
    call: float,
    unpaid: float,
    fear_felt: float,
    threshold: float,
    w_anger: float,
    w_grievance: float,
    w_colleagues: float,
    w_call: float,
    w_unpaid: float,
    w_fear: float,
    cost: float,
) -> float:
    """Distance by which the motive to strike exceeds what it takes.

    z_s = w_a * a + w_G * G + w_c * colleagues + w_call * call + w_u * unpaid - w_f * R * f - cost - theta   (7a)

    Source: thread on class and media (unpaid wages, initiative groups); Granovetter (1978).

    willing_colleagues : float, 0..1
    unpaid : float, 0..1, share of the pay of the worker's class that is not paid
    """
    for_it = w_anger * anger + w_grievance * grievance + w_colleagues * willing_colleagues
    return for_it + w_call * call + w_unpaid * unpaid - w_fear * fear_felt - cost - threshold


@compiled
def organised(before: int, willing: float, initiative_group: float) -> int:
    """Days in a row on which a workplace has had an initiative group.

    o' = o + 1 if willing >= initiative group else 0                                 (7b)

    Source: class and media thread: strikes begin with initiative groups of a couple dozen.

    willing : float, persons
    """
    return before + 1 if willing >= initiative_group else 0


@compiled
def walks_out(
    willing_share: float, threshold: float, organised_days: int, organising_days: float, barred_days: int
) -> bool:
    """Whether a workplace is out: enough are willing, a group has had time, no broken strike bars it.

    willing >= threshold and o >= organising days and barred = 0                     (7c)

    Source: threshold model of Granovetter (1978), at the level of the workplace.
    """
    return willing_share >= threshold and organised_days >= organising_days and barred_days <= 0


@compiled
def committee_chance(aggression: float, rate: float) -> float:
    """Chance that a striking workplace loses its committee today.

    p = rate * aggression                                                            (7d)

    Source: assumption.
    """
    return rate * aggression


@compiled
def call(nation: Nation, lever: Lever) -> None:
    """Stage 1: today's call to strike."""
    nation.strike_call = lever.strike_wave


@compiled
def consider(
    to_strike: Array, workplace: Array, shares: Array, angry: Array, wronged: Array, felt: Array, threshold: Array,
    kinds: Array, arrears: Array, unpaid: Array, nation: Nation, p: Parameters,
) -> None:  # fmt: skip
    """Stage 7: how far each worker is from striking; no motive would do for those not employed.

    shares : array of float64, shape (workplaces,), share of workers who are willing
    arrears : array of float64, shape (classes,)
    unpaid : array of float64, shape (citizens of the chunk,), to work in
    """
    if shares.size == 0:
        to_strike[:] = -np.inf
        return
    call = nation.strike_call
    w_anger, w_grievance, w_colleagues, w_call = (
        p.strike_anger, p.strike_grievance, p.strike_colleagues, p.strike_call
    )  # fmt: skip
    w_unpaid, w_fear, cost = p.arrears_anger, p.strike_fear, p.strike_cost
    willing = to_strike
    for j in range(to_strike.size):  # whoever has no work is looked at as if at the first workplace
        willing[j] = shares[np.uint32(max(workplace[j], 0))]
    look_up(unpaid, arrears, kinds)
    for j in range(to_strike.size):
        margin = strike_margin(
            np.float64(angry[j]), wronged[j], willing[j], call, unpaid[j], felt[j],
            np.float64(threshold[j]), w_anger, w_grievance, w_colleagues, w_call, w_unpaid, w_fear, cost,
        )  # fmt: skip
        to_strike[j] = margin if workplace[j] >= 0 else -np.inf


@compiled
def walk_out(workplaces: Workplaces, nation: Nation, p: Parameters, seed: int) -> None:
    """Stage 7: initiative groups gather, workplaces walk out, committees are arrested."""
    groups, out = 0.0, 0.0
    for work in range(workplaces.size.size):
        if workplaces.barred[work] > 0:
            workplaces.barred[work] -= 1
        was_out = workplaces.out[work] > 0
        share = workplaces.willing_share[work]
        days = organised(workplaces.organised[work], workplaces.willing[work] * p.persons_per_agent, p.initiative_group)
        workplaces.organised[work] = min(days, LONGEST)
        now_out = walks_out(share, workplaces.threshold[work], days, p.organising_days, workplaces.barred[work])
        key, number = seed ^ workplaces.key[work], workplaces.number[work]
        arrest = committee_chance(nation.aggression, p.committee_arrest)
        if was_out and drawn(key, COMMITTEE, nation.day, number)[0] < arrest:
            now_out = False
            workplaces.barred[work] = int(p.dismissal_days)
        workplaces.out[work] = 1 if now_out else 0
        if now_out:
            out += workplaces.firms[work]
        elif days > 0:
            groups += workplaces.firms[work]
    nation.workplaces_out = round(out)
    nation.initiative_groups = round(groups)


MECHANISM = Mechanism(
    title="Strikes that follow violence",
    parameters={"economy.strike": Strike, "events.*.effects": Effects},
    switches=(
        Switch(
            "strikes",
            about="workplaces strike",
            zero=("strike_possible",),
            without=(
                Ablation(
                    "mean:elite_private",
                    "rises",
                    because="Strikes cost those who own and manage, and losses turn them from the regime.",
                ),
            ),
        ),
    ),
    state={
        "citizens": (Column("striking", "u1", "0..2", "1 willing to strike, 2 on strike"),),
        "workplaces": (
            Column("threshold", "f4", "share", "willing share at which it walks out"),
            Column("willing", "i4", "agents", "workers willing to strike, yesterday"),
            Column("willing_share", "f8", "share", "workers willing to strike, yesterday"),
            Column("out", "u1", "flag", "on strike"),
            Column("organised", "i2", "days", "days in a row with an initiative group"),
            Column("barred", "i2", "days", "days until a broken strike may restart"),
        ),
        "nation": (
            Column("strike_call", "f8", "share", "strength of today's call to strike"),
            Column("initiative_groups", "i8", "count", "workplaces with an initiative group that are not out"),
            Column("workplaces_out", "i8", "count", "workplaces on strike"),
        ),
    },
    results=(
        Result(
            "initiative_groups",
            "workplaces",
            COUNT,
            of="nation.initiative_groups",
            combine="max",
            group=MOVEMENT,
            label="workplaces with an initiative group",
            short="initiative group",
            about="workplaces with an initiative group that are not out",
        ),
        Result(
            "workplaces_out",
            "workplaces",
            COUNT,
            of="nation.workplaces_out",
            combine="max",
            group=MOVEMENT,
            label="workplaces on strike",
            short="workplaces out",
            about="workplaces on strike from tomorrow",
        ),
    ),
    streams={COMMITTEE: "arrest of strike committees"},
    claims=(
        "cm-07",
        "cm-08",
        "cm-09",
        "cm-10",
        "cm-11",
        "cm-34",
        "cm-35",
        "tt-36",
        "tt-37",
        "tt-38",
        "cm-22",
        "cm-23",
        "cm-24",
        "cm-25",
        "tt-40",
    ),
    seen=(
        "striking",
        "striking_class_industry",
        "initiative_groups",
        "workplaces_out",
        "output_lost",
        "general_strike_distance",
        "arrears",
        "peak_striking",
        "peak_output_lost",
        "general_strike_days",
        "contraction",
        "strike_person_days",
        "patron",
        "patron_gain",
        "treasury",
    ),
)
