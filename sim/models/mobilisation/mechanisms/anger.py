"""Anger: moral shock and backlash."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Array, Lever, Nation, Parameters
from sim.models.results import AMOUNT, Result
from sim.scenario.fields import Section, number


class Anger(Section):
    """Rates of anger (model equations 4a and 4g)."""

    anger_gain: float = number("anger gained a day at full violence", "1/day", 0.0, 1.0)
    anger_decay: float = number("share of anger lost a day", "1/day", 0.0, 1.0)
    anger_cap: float = number("most anger there can be", "SD", 0.0, 5.0)
    trigger_gain: float = number("anger per unit of a triggering event", "SD", 0.0, 5.0)
    epidemic_anger: float = number(
        "anger gained a day under a full epidemic that the state neglects", "1/day", 0.0, 1.0
    )
    release_anger: float = number("anger that a released prisoner brings home", "SD", 0.0, 3.0)


class Effects(Section):
    """What events do to anger."""

    trigger: float = number(
        "a moral shock to all who do not find the regime legitimate", "units", 0.0, 5.0, default=0.0
    )


@compiled
def shock(
    trigger: float,
    epidemic: float,
    conscription: float,
    trigger_gain: float,
    epidemic_anger: float,
    conscription_anger: float,
) -> float:
    """What happens today that angers all who do not think the regime legitimate.

    S = trigger_gain * trigger + g_e * epidemic + g_c * conscription                 (4g)

    Source: suddenly imposed grievances (Walsh 1981); travelling-tactics report on the vote and the epidemic.

    trigger, epidemic, conscription : float, 0..1
    """
    return trigger_gain * trigger + epidemic_anger * epidemic + conscription_anger * conscription


@compiled
def anger(
    before: float,
    outrage: float,
    legitimacy: float,
    shock: float,
    gain: float,
    decay: float,
    cap: float,
) -> float:
    """Visible violence one hears of angers those who do not think it right, and so does a triggering event.

    a' = clip(a + (gain * O + S) * (1 - L) * (1 - a / cap) - decay * a, 0, cap)      (4a)

    Source: moral shock (Jasper 1997); repression that mobilises (Opp & Roehl 1990); mobilisation thread.

    before : float, 0..cap, SD
    outrage : float, 0..1, what reached this citizen of visible violence, equation 3k
    legitimacy : float, 0..1
    shock : float, SD, today's shock
    """
    if cap <= 0.0:
        return 0.0
    wronged = (gain * outrage + shock) * (1.0 - legitimacy)
    after = before + wronged * (1.0 - before / cap) - decay * before
    return min(max(after, 0.0), cap)


@compiled
def released(before: float, abuse: float, gain: float, cap: float) -> float:
    """Anger of a prisoner who comes home.

    a' = min(cap, a + g_r * abuse)                                                   (8l)

    Source: mobilisation thread: those who came out of prison told of beatings, and came back to the streets.

    abuse : float, 0..1, mean aggression under which the prisoners were taken, equation 8o
    """
    return min(before + gain * abuse, cap)


@compiled
def occur(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 1: what angers people today whatever the police do."""
    nation.shock = shock(
        lever.trigger, lever.epidemic, lever.conscription, p.trigger_gain, p.epidemic_anger, p.conscription_anger
    )


@compiled
def feel(own: Array, outrage: Array, believed: Array, shock: float, gain: float, decay: float, cap: float) -> None:
    """Stage 4: anger."""
    for j in range(own.size):
        own[j] = anger(np.float64(own[j]), outrage[j], np.float64(believed[j]), shock, gain, decay, cap)


@compiled
def move(motive: Array, own: Array) -> None:
    """Stage 5: the angry are moved."""
    for j in range(motive.size):
        motive[j] += np.float64(own[j])


MECHANISM = Mechanism(
    title="Violence that angers, and triggering events",
    parameters={"people.emotion": Anger, "events.*.effects": Effects},
    switches=(
        Switch(
            "backlash",
            about="violence angers and costs legitimacy",
            zero=("anger_gain", "release_anger"),
            without=(
                Ablation(
                    "ever_protested",
                    "falls",
                    because="Violence against the peaceful angers others, who come out over it.",
                ),
            ),
        ),
        Switch(
            "triggers",
            about="triggering events and a neglected epidemic anger people",
            zero=("trigger_gain", "epidemic_anger"),
            without=(
                Ablation(
                    "ever_protested",
                    "falls",
                    because="A suddenly imposed grievance sets free the discontent that is there.",
                ),
            ),
        ),
    ),
    state={
        "citizens": (Column("anger", "f4", "SD", "anger"),),
        "nation": (
            Column("shock", "f8", "SD", "today's shock to all who do not think the regime legitimate"),
            Column("mean_anger", "f8", "SD", "mean anger of citizens"),
        ),
    },
    results=(
        Result(
            "anger",
            "SD",
            AMOUNT,
            of="nation.mean_anger",
            combine="max",
            group=FEELINGS,
            main=True,
            label="mean anger",
            short="anger",
        ),
    ),
    motive=("anger",),
    pulses=("trigger",),
    claims=("mt-03", "mt-04", "mt-05", "tt-16", "tt-17", "tt-18", "tt-07", "tt-09", "tt-10", "tt-11", "tt-12", "lc-01"),
    seen=("fear", "anger", "vigils", "detained_today", "injured_today", "legitimacy", "first_time_today"),
)
