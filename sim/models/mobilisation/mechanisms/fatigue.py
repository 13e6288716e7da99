"""Fatigue: action tires, less so in a community."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Array
from sim.models.results import AMOUNT, Result
from sim.scenario.fields import Section, fraction, number


class Fatigue(Section):
    """Rates of fatigue (model equation 4e)."""

    fatigue_gain: float = number("fatigue of one day of action", "SD", 0.0, 2.0)
    fatigue_recovery: float = number("share of fatigue lost on a day of rest", "1/day", 0.0, 1.0)


class Relief(Section):
    """What a community spares its members."""

    fatigue_relief: float = fraction("share of fatigue that a community spares its members")


@compiled
def fatigue(before: float, attended: float, in_community: float, gain: float, relief: float, recovery: float) -> float:
    """Action tires, less so in a community.

    t' = t + gain * (1 - relief * community)     after a day of action
    t' = (1 - recovery) * t                      after a day of rest                 (4e)

    Source: Bennett & Segerberg (2012): connective action tires, collective action lasts; local-chats note.

    attended, in_community : 0.0 or 1.0
    """
    tired = before + gain * (1.0 - relief * in_community)
    rested = (1.0 - recovery) * before
    return attended * tired + (1.0 - attended) * rested


@compiled
def feel(own: Array, attending: Array, member: Array, gain: float, relief: float, recovery: float) -> None:
    """Stage 4: fatigue."""
    for j in range(own.size):
        attended = 1.0 if attending[j] > 0 else 0.0
        own[j] = fatigue(np.float64(own[j]), attended, member[j], gain, relief, recovery)


@compiled
def move(motive: Array, own: Array) -> None:
    """Stage 5: the tired are moved less."""
    for j in range(motive.size):
        motive[j] -= np.float64(own[j])


MECHANISM = Mechanism(
    title="Action that tires",
    parameters={"people.emotion": Fatigue, "movement.communities": Relief},
    switches=(
        Switch(
            "fatigue",
            about="action tires",
            zero=("fatigue_gain",),
            without=(Ablation("sum:attending:2020-11-01..2020-12-18", "rises", because="Action tires those who act."),),
        ),
    ),
    state={
        "citizens": (Column("fatigue", "f4", "SD", "fatigue"),),
        "nation": (Column("mean_fatigue", "f8", "SD", "mean fatigue"),),
    },
    results=(
        Result(
            "fatigue",
            "SD",
            AMOUNT,
            of="nation.mean_fatigue",
            combine="max",
            group=FEELINGS,
            label="mean fatigue",
            short="fatigue",
        ),
    ),
    motive=("-fatigue",),
    claims=("lc-03", "lc-04", "lc-05", "lc-09"),
    seen=("fatigue", "communities", "peak_communities"),
)
