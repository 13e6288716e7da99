"""Cyber-attacks: they silence state media and hamper the police."""

from __future__ import annotations

import datetime as dt

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Lever, Nation, Parameters
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number


class Cyber(Section):
    """What attacks on the state's computers do (model stage 2)."""

    cyber_recovery: float = number("share of a cyber-attack's damage repaired a day", "1/day", 0.0, 1.0)
    cyber_disorder: float = fraction("share of police work that full damage to the state's computers stops")


class Effects(Section):
    """Attacks."""

    cyberattack: float = number("share of state media's reach taken down", "share", 0.0, 1.0, default=0.0)


@compiled
def damage(before: float, attack: float, recovery: float) -> float:
    """Damage to the state's computers after today.

    y' = max(attack, (1 - recovery) * y)                                             (2e)

    Source: article on Russia 2022 on attacks on state media and offices.

    before, attack : float, 0..1
    """
    return max(attack, (1.0 - recovery) * before)


@compiled
def attack(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 2: the damage to the state's computers."""
    nation.cyber = damage(nation.cyber, p.cyber_possible * lever.cyberattack, p.cyber_recovery)


MECHANISM = Mechanism(
    title="Cyber-attacks on the state",
    parameters={"information": Cyber, "events.*.effects": Effects},
    switches=(
        Switch(
            "cyber",
            about="cyber-attacks silence state media and hamper the police",
            inputs=("cyberattack",),
            zero=("cyber_possible",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="A silenced state television keeps no news back, and hampered police take fewer.",
                    scenario="russia-2022",
                ),
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="The same, if the attack were complete and did not end.",
                    scenario="russia-2022",
                    given={
                        "events.hackers.effects.cyberattack": 1.0,
                        "events.hackers.until": dt.date(2022, 4, 17),
                    },
                ),
            ),
        ),
    ),
    state={
        "nation": (Column("cyber", "f8", "share", "damage to the state's computers"),),
    },
    results=(
        Result(
            "cyber",
            FRACTION,
            LEVEL,
            of="nation.cyber",
            combine="max",
            group=REGIME,
            label="damage to the state's computers",
            short="computers down",
        ),
    ),
    claims=("ru-08", "ru-09", "ru-10"),
    seen=("cyber", "censorship"),
)
