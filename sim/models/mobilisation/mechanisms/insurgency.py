"""Insurgency: those who answer killings with arms, and the way into war."""

from __future__ import annotations

from typing import Any

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Nation, Parameters
from sim.models.results import COUNT, Result
from sim.scenario.fields import Section, fraction, number


class Insurgency(Section):
    """How an armed side comes about (model stage 8)."""

    arming: float = number("people who take up arms for each one who is killed", "persons", 0.0, 1000.0)
    deserters: float = fraction("share of officers who change sides and bring their arms")
    disarming: float = number("share of them who lay their arms down a day", "1/day", 0.0, 1.0)
    clash: float = number("dead a day for each one in arms, at full aggression", "1/day", 0.0, 1.0)


@compiled
def in_arms(before: float, killed: float, switched: float, arming: float, deserters: float, disarming: float) -> float:
    """People in arms against the regime.

    m' = m * (1 - e) + r * killed + d * switched                                     (8v)

    Source: Lichbach (1987) and Gurr (1970) on violence that answers violence; that relations of the killed and
    deserters were the first armed groups: the Syrian case (Lister 2015).

    before, killed, switched : float, persons
    """
    return before * (1.0 - disarming) + arming * killed + deserters * switched


@compiled
def battle_deaths(armed: float, aggression: float, clash: float) -> float:
    """Dead of a day's fighting, on both sides.

    b = c * m * A                                                                    (8w)

    Source: assumption; the rate from the first months of war in Syria (UCDP).
    """
    return clash * armed * aggression


@compiled
def fight(nation: Nation, p: Parameters) -> None:
    """Stage 8: who is in arms, and the dead of the fighting."""
    nation.armed = in_arms(
        nation.armed, nation.killed, nation.new_switched * p.officers_per_agent, p.arming, p.deserters, p.disarming
    )
    dead = battle_deaths(nation.armed, nation.aggression, p.clash)
    nation.battle_deaths += dead
    nation.battle_deaths_year = nation.battle_deaths_year * (1.0 - 1.0 / 365.0) + dead


def _whole(persons: Any) -> Any:
    return persons.round().astype("i8")


MECHANISM = Mechanism(
    title="An armed side",
    parameters={"movement.insurgency": Insurgency},
    switches=(
        Switch(
            "insurgency",
            about="killings and desertions make an armed side",
            zero=("arming", "deserters"),
            without=(
                Ablation(
                    "max:armed",
                    "falls",
                    because="Where nobody answers killings with arms, there is no armed side.",
                    scenario="syria-2011",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("armed", "f8", "persons", "people in arms against the regime"),
            Column("battle_deaths", "f8", "persons", "dead of fighting so far"),
            Column("battle_deaths_year", "f8", "persons", "dead of fighting in about a year (exponential window)"),
        ),
    },
    results=(
        Result(
            "armed", "persons", COUNT, of=lambda recorded: _whole(recorded.nation["armed"]), combine="max",
            group=MOVEMENT, label="people in arms against the regime", short="in arms",
            about="relations of those killed, and officers who changed sides with their arms",
        ),
        Result(
            "battle_deaths", "persons", COUNT, of=lambda recorded: _whole(recorded.nation["battle_deaths"]),
            combine="last", group=MOVEMENT, label="dead of fighting so far", short="dead of fighting",
            about="on both sides, so far; apart from `killed_today`, who died in contact with police",
        ),
    ),
    claims=("mt-20", "ru-05"),
    seen=("armed", "battle_deaths"),
)  # fmt: skip
