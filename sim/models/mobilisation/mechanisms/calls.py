"""Calls to come out: those of known dates, and those that hub, leaders and communities issue of their own accord."""

from __future__ import annotations

import math

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.perception import remembered
from sim.models.mobilisation.typed import Lever, Nation, Parameters
from sim.models.results import AMOUNT, Result
from sim.scenario.fields import Section, fraction, number


class Calls(Section):
    """Calls that a movement issues for the day on which people expect one another."""

    leader_calls: float = number("calls a head that leaders issue at full attention", "calls", 0.0, 10.0)
    community_calls: float = number("calls a head where all neighbourhoods have a community", "calls", 0.0, 10.0)
    call_memory: float = fraction("share of a dated call that is left a day later")
    alarm_memory: float = fraction("share of an alarm, on which people come out at once, that is left a day later")


class Effects(Section):
    """What events call for."""

    called_action: float = number("calls to come out on this day", "calls of the hub", 0.0, 10.0, default=0.0)


@compiled
def dated(
    before: float, called: float, coordination: float, hub_reach: float, call_weight: float, memory: float
) -> float:
    """Calls a head that go back to a date, and fade when it is over.

    f_D' = memory * f_D + called * k * w * reach                                     (6j)

    Source: assumption: a call carries as far as the hub reaches, and as leaders are left to coordinate it.

    called : float, calls of the hub for today
    coordination : float, 0..1, leadership left after arrests (k)
    """
    return memory * before + called * coordination * call_weight * hub_reach


@compiled
def issued(
    attention: float, coordination: float, leaders: float, call_weight: float, hub_reach: float,
    by_communities: float, joined: float,
) -> float:  # fmt: skip
    """Calls a head that are issued without a date given from outside.

    f_O = X * k * (leaders + w * reach) + communities * j                            (6s)

    A march that the hub calls of its own accord, at full attention, is as strong as one of a date (w of 6j).

    Source: mobilisation thread: action organises itself, as in every large mobilisation; report on travelling tactics
    (the hub as headquarters); local-chats note. That arrests of leaders cost calls, and those of neighbours none, is
    what makes a movement without a centre hard to put down.

    attention : float, 0..1, the largest of heard turnout, heard violence and alarm (X)
    joined : float, 0..1, share of neighbourhoods with a community, times its mean trust (j)
    """
    return attention * coordination * (leaders + call_weight * hub_reach) + by_communities * joined


@compiled
def calls(dated: float, issued: float, habit: float, focus: float, alarm: float) -> float:
    """Calls a head for today: those of its date, and on a day on which people expect one another those issued for it.

    f = f_D + max(phi, a) * (habit + f_O)                                            (6t)

    Source: a stolen election is such a day of its own (Tucker 2007); suddenly imposed grievances (Walsh 1981).

    focus : float, 0..1, equation 6r (phi)
    alarm : float, 0..1, largest trigger still in mind, equation 3b (a)
    """
    return dated + max(focus, alarm) * (habit + issued)


@compiled
def reached(calls: float) -> float:
    """Share of people whom at least one call reaches, if calls fall on them by chance.

    c = 1 - exp(-f)                                                                  (6u)

    However many there are, one less is missed.

    Source: Poisson; the same form as exposure in models of diffusion.
    """
    return 1.0 - math.exp(-calls)


@compiled
def issue(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 2, once it is known who leads, who follows the hub, and what day it is: today's calls."""
    nation.alarm = remembered(lever.trigger, nation.alarm, p.alarm_memory)
    attention = max(max(nation.heard_turnout, nation.heard_violence), nation.alarm)
    nation.dated_calls = dated(
        nation.dated_calls, lever.called_action, nation.coordination, nation.hub_reach, p.call_weight, p.call_memory
    )
    own = issued(
        attention, nation.coordination, p.leader_calls, p.own_calls_possible * p.call_weight, nation.hub_reach,
        p.community_calls, nation.community_share * nation.community_trust,
    )  # fmt: skip
    nation.calls = calls(nation.dated_calls, own, p.habit, nation.focus, nation.alarm)
    nation.call = reached(nation.calls)


MECHANISM = Mechanism(
    title="Calls to come out, and self-organisation",
    parameters={"movement.calls": Calls, "events.*.effects": Effects},
    switches=(
        Switch(
            "self_organisation",
            about="hub, leaders and communities call people out of their own accord",
            zero=("leader_calls", "community_calls", "own_calls_possible"),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="A movement that waits for calls from outside comes out on fewer days.",
                ),
            ),
        ),
        Switch(
            "hub_calls",
            about="the hub is headquarters, and not news alone",
            zero=("call_weight",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="The hub tells where and when; news alone does not bring people to the same place.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("dated_calls", "f8", "calls", "calls a head that go back to a date"),
            Column("alarm", "f8", "0..1", "trigger still in mind on which people come out at once"),
            Column("calls", "f8", "calls", "calls a head for today"),
            Column("call", "f8", "share", "share of people whom a call for today reaches"),
        ),
    },
    results=(
        Result(
            "calls",
            "calls a head",
            AMOUNT,
            of="nation.calls",
            combine="max",
            group=MOVEMENT,
            label="calls to come out",
            short="calls",
            about="calls a head for the day: of its date, by hub, leaders and communities, and by habit",
        ),
    ),
    claims=("mt-09", "mt-10", "tt-05", "tt-24", "tt-25", "tt-29", "lc-03"),
    seen=("calls", "focus", "attending"),
)
