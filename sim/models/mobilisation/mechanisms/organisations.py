"""Organisations: parties and groups sway their camps."""

from __future__ import annotations

from typing import Any

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Ablation, Mechanism, Switch
from sim.models.mobilisation.typed import Array, CampRow, Rows
from sim.scenario.fields import Section, number


class Motive(Section):
    """Weight of the stance of one's camp's parties."""

    organisation_weight: float = number("weight of the stance of one's camp's parties", "SD", 0.0, 5.0)


@compiled
def organisation_motive(sway: float, weight: float) -> float:
    """Motive of one whose camp's parties take a stance.

    m_O = w_O * sway                                                                 (5q)

    Source: class and media thread on parties that call their people out or warn of provocation.

    sway : float, -1..1, stances of the camp's parties by their pull
    """
    return weight * sway


@compiled
def move(of_camp: Array, camps: Rows[CampRow], weight: float) -> None:
    """Stage 5: what its parties add to the motive of each camp."""
    for camp in range(camps.size):
        of_camp[camp] += organisation_motive(camps[camp].sway, weight)


def _sway(config: Any) -> list[float]:
    sway = dict.fromkeys(config.people.camps, 0.0)
    for body in config.movement.organisations.values():
        sway[body.camp] += getattr(config.movement.stances, body.stance) * body.pull
    return [min(max(value, -1.0), 1.0) for value in sway.values()]


MECHANISM = Mechanism(
    title="Parties that sway their camps",
    parameters={"people.motive": Motive},
    switches=(
        Switch(
            "organisations",
            about="parties sway their camps",
            zero=("organisation_weight",),
            without=(
                Ablation(
                    "sum:attending_camp_protest",
                    "falls",
                    because="Parties with the challenger and with all protesters call their camp out.",
                ),
            ),
        ),
    ),
    motive=(organisation_motive,),
    rows={"camps": {"sway": _sway}},
    claims=("cm-26", "tt-27"),
    seen=("attending_camp_protest", "attending_camp_observer", "attending_camp_regime"),
)
