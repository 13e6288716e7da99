"""Violence as news, and as it is felt by those who know its victims."""

from __future__ import annotations

from typing import Any

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import FEELINGS, Column, Mechanism, rising
from sim.models.mobilisation.mechanisms.perception import log_scale, remembered
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, number

DETAINED, RELEASED = int(Count.DETAINED), int(Count.RELEASED)
PER = 100_000.0
"""Persons to whom victims are related in the news."""


class News(Section):
    """How violence is heard and felt (model stage 3)."""

    violence_low: float = number("victims a day that are just noticed", "per 100,000", 1e-4, 1e5)
    violence_high: float = number("victims a day that cannot seem worse", "per 100,000", 1e-4, 1e5)
    violence_memory: float = number("share of heard violence still in mind a day later", "1/day", 0.0, 1.0)
    injured_weight: float = number("an injured person's weight in news of violence", "detained persons", 0.0, 100.0)
    killed_weight: float = number("a killed person's weight in news of violence", "detained persons", 0.0, 1e5)
    testimony_weight: float = number("weight of what one released prisoner tells", "detained persons", 0.0, 100.0)
    local_violence: float = number("violence felt per share of neighbours in detention", "factor", 0.0, 50.0)


@compiled
def violence_felt(
    heard: float, neighbours_detained: float, kin_detained: float, local_weight: float, kin_weight: float
) -> float:
    """Violence against the movement as it reaches one citizen, 0 to 1.

    V = min(1, heard + local_weight * share of neighbours in detention + kin_weight * [kin in detention])  (3d)

    Neighbours and kin are always known, online or not: the people who wait outside prisons.
    """
    return min(1.0, heard + local_weight * neighbours_detained + kin_weight * kin_detained)


@compiled
def victims(
    detained: float, injured: float, killed: float, released: float, abuse: float, w_injured: float, w_killed: float,
    w_testimony: float,
) -> float:  # fmt: skip
    """Victims of a day as the news weighs them, in detained persons.

    v = detained + w_i * injured + w_k * killed + w_t * abuse * released             (3h)

    Source: mobilisation thread: what released prisoners told of their treatment moved many who had stood by.

    detained, injured, killed, released : float, persons
    abuse : float, 0..1, mean aggression under which the prisoners were taken, equation 8o
    """
    return detained + (w_injured * injured + w_killed * killed) + w_testimony * abuse * released


@compiled
def hear(localities: Any, nation: Any, p: Any) -> None:
    """Stage 3: yesterday's victims as they are heard of this morning."""
    population = 0
    total = 0.0
    for place in range(localities.size.size):
        population += localities.size[place]
        total += victims(
            localities.count[place, DETAINED] * p.persons_per_agent, localities.injured[place],
            localities.killed[place], localities.count[place, RELEASED] * p.persons_per_agent, nation.abuse,
            p.injured_weight, p.killed_weight, p.testimony_weight,
        )  # fmt: skip
    rate = total / (population * p.persons_per_agent) * PER
    nation.remembered_violence = remembered(rate, nation.remembered_violence, p.violence_memory)
    nation.heard_violence = log_scale(nation.remembered_violence, p.violence_low, p.violence_high)


@compiled
def feel(
    violence: Any, heard: Any, family: Any, in_detention: Any, sizes: Any, first_home: int, last_home: int,
    news: float, local_weight: float, kin_weight: float,
) -> None:  # fmt: skip
    """Stage 3: violence as it reaches each citizen: by news, from neighbours and from kin."""
    begin = 0
    for home in range(first_home, last_home):
        end = begin + sizes[home]
        held = in_detention[home] / sizes[home]
        for j in range(begin, end):
            violence[j] = violence_felt(heard[j] * news, held, family[j], local_weight, kin_weight)
        begin = end


MECHANISM = Mechanism(
    title="News of violence",
    checks=(rising("information", "violence_low", "violence_high"),),
    parameters={"information": News},
    state={
        "nation": (
            Column("remembered_violence", "f8", "per 100,000", "victims still in mind"),
            Column("heard_violence", "f8", "0..1", "violence as it is heard, on a logarithmic scale"),
        ),
    },
    results=(
        Result(
            "heard_violence",
            FRACTION,
            LEVEL,
            of="nation.heard_violence",
            combine="max",
            group=FEELINGS,
            label="violence as it is heard",
            short="violence heard",
            about="violence as it was heard this morning, on a logarithmic scale",
        ),
    ),
    seen=("heard_violence",),
)
