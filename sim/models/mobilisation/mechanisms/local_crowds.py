"""Crowds of one's own place: people are moved by what they can see."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch, rising
from sim.models.mobilisation.mechanisms.perception import log_scale, remembered
from sim.models.mobilisation.typed import Array, Localities, Parameters
from sim.scenario.fields import Section, fraction, number

ATTENDING = int(Count.ATTENDING)


class Crowds(Section):
    """How the crowd of one's own place is seen (model stage 3)."""

    crowd_low: float = number("crowd that is just noticed in one's own place", "persons", 1.0, 1e7)
    crowd_high: float = number("crowd that cannot seem larger in one's own place", "persons", 1.0, 1e8)
    crowd_memory: float = fraction("share of a crowd seen in one's own place that is kept in mind each day")


class Motive(Section):
    """Weight of the crowd one can see."""

    crowd_weight: float = number("weight of the crowd one can see in one's own place", "SD", 0.0, 5.0)


@compiled
def crowd_motive(crowd: float, weight: float) -> float:
    """Motive of one who sees a crowd in the own place.

    m_L = w_L * crowd                                                                (5o)

    Source: critical mass as it can be seen, which favours large towns (Oliver & Marwell 1988).

    crowd : float, 0..1, largest recent crowd still in mind (3b), in persons on a logarithmic scale, equation 3a
    """
    return weight * crowd


@compiled
def see(localities: Localities, p: Parameters) -> None:
    """Stage 3: yesterday's crowd as each place has it in mind this morning."""
    for place in range(localities.size.size):
        seen = localities.count[place, ATTENDING] * p.persons_per_agent * localities.seen[place]
        localities.remembered_crowd[place] = remembered(seen, localities.remembered_crowd[place], p.crowd_memory)
        localities.visible[place] = log_scale(localities.remembered_crowd[place], p.crowd_low, p.crowd_high)


@compiled
def move(motive: Array, crowd: Array, weight: float) -> None:
    """Stage 5: the crowd of a place moves all who live there."""
    for j in range(motive.size):
        motive[j] += crowd_motive(crowd[j], weight)


MECHANISM = Mechanism(
    title="The crowd that can be seen in one's own place",
    checks=(rising("information", "crowd_low", "crowd_high"),),
    parameters={"information": Crowds, "people.motive": Motive},
    switches=(
        Switch(
            "local_crowds",
            about="people are moved by the crowd in their own place",
            zero=("crowd_weight",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="A crowd that can be seen in one's own place draws others in.",
                ),
            ),
        ),
    ),
    state={
        "localities": (
            Column(
                "remembered_crowd",
                "f8",
                "persons",
                "largest recent crowd of the place that its people still have in mind",
            ),
            Column("visible", "f8", "0..1", "crowd still in mind, on a logarithmic scale"),
        ),
    },
    motive=(crowd_motive,),
    claims=("mt-01", "mt-02", "tt-03", "ru-01"),
    seen=("effective_localities", "dispersion", "peak_localities", "peak_effective_localities"),
)
