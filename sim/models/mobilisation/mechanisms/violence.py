"""Violence as news, and as it is felt by those who know its victims."""

from __future__ import annotations

from typing import Any

from sim.core.errors import FieldError, shown
from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import FEELINGS, Column, Mechanism
from sim.models.mobilisation.mechanisms.perception import log_scale, remembered
from sim.models.mobilisation.sums import counted, total
from sim.models.mobilisation.typed import Array, Localities, Nation, Parameters
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, number

DETAINED, RELEASED = int(Count.DETAINED), int(Count.RELEASED)
PER = 100_000.0
"""Persons to whom victims are related in the news."""


class News(Section):
    """How violence is heard and felt (model stage 3)."""

    violence_low: float = number("victims a day in the country that are just noticed", "persons", 0.1, 1e7)
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

    V = min(1, heard + local_weight * share of neighbours in detention + kin_weight * q)  (3d)

    Source: mobilisation thread on those who wait outside prisons; the form is assumed.

    Neighbours, kin and friends are always known, online or not: the people who wait outside prisons.

    kin_detained : float, 0..1, 1 with kin in detention, otherwise equation 3m (q)
    """
    return min(1.0, heard + local_weight * neighbours_detained + kin_weight * kin_detained)


@compiled
def outrage_felt(
    heard: float, neighbours_detained: float, kin_detained: float, abuse: float, local_weight: float, kin_weight: float
) -> float:
    """Violence that outrages one citizen, 0 to 1: what can be seen, and that people one knows are ill-treated.

    O = min(1, heard + abuse * (local_weight * share of neighbours in detention + kin_weight * q))     (3k)

    Source: backfire needs an audience that learns of an injustice and holds it to be one (Hess & Martin 2006;
    Sutton, Butcher & Svensson 2014): blood and ill-treatment are seen so, a fine or a night at the station hardly.

    heard : float, 0..1, news of visible violence as far as the citizen hears news
    kin_detained : float, 0..1, 1 with kin in detention, otherwise equation 3m (q)
    abuse : float, 0..1, mean aggression under which the prisoners were taken, equation 8o
    """
    return min(1.0, heard + abuse * (local_weight * neighbours_detained + kin_weight * kin_detained))


@compiled
def visible(
    injured: float, killed: float, released: float, abuse: float, w_injured: float, w_killed: float, w_testimony: float
) -> float:
    """Victims of a day who can be seen: the injured, the killed, and what the released tell of their treatment.

    o = w_i * injured + w_k * killed + w_t * abuse * released                        (3l)

    Source: as equation 3h; what enlarged the protest of August 2020 was what was seen and told of violence.

    injured, killed, released : float, persons
    abuse : float, 0..1, mean aggression under which the prisoners were taken, equation 8o
    """
    return w_injured * injured + w_killed * killed + w_testimony * abuse * released


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
    return detained + visible(injured, killed, released, abuse, w_injured, w_killed, w_testimony)


@compiled
def hear(localities: Localities, nation: Nation, p: Parameters) -> None:
    """Stage 3: yesterday's victims as they are heard of this morning: all of them, and those who can be seen.

    Detention frightens, and only what can be seen of violence outrages (4a, 4b).
    """
    people, caught = total(localities.size) * p.persons_per_agent, counted(localities, DETAINED) * p.persons_per_agent
    injured, killed = total(localities.injured), total(localities.killed)
    home = counted(localities, RELEASED) * p.persons_per_agent
    low, high, per = p.violence_low / people * PER, p.violence_high, PER / people
    injury, death, testimony, abuse = p.injured_weight, p.killed_weight, p.testimony_weight, nation.abuse
    rate = per * victims(caught, injured, killed, home, abuse, injury, death, testimony)
    seen = per * visible(injured, killed, home, abuse, injury, death, testimony)
    nation.remembered_violence = remembered(rate, nation.remembered_violence, p.violence_memory)
    nation.heard_violence = log_scale(nation.remembered_violence, low, high)
    nation.remembered_outrage = remembered(seen, nation.remembered_outrage, p.violence_memory)
    nation.heard_outrage = log_scale(nation.remembered_outrage, low, high)


@compiled
def feel(
    violence: Array, outrage: Array, heard: Array, family: Array, held: Array, nation: Nation, p: Parameters
) -> None:
    """Stage 3: violence as it reaches each citizen, by news, from neighbours and from kin, and what of it outrages.

    held : array of float64, shape (citizens of the chunk,), share of each one's neighbourhood in detention
    """
    news, seen, abuse = nation.heard_violence, nation.heard_outrage, nation.abuse
    local_weight, kin_weight = p.local_violence, p.kin_violence
    for j in range(violence.size):
        violence[j] = violence_felt(heard[j] * news, held[j], family[j], local_weight, kin_weight)
        outrage[j] = outrage_felt(heard[j] * seen, held[j], family[j], abuse, local_weight, kin_weight)


def _in_order(config: Any) -> None:
    """Raise FieldError if the victims that are just noticed are not fewer than those that cannot seem worse."""
    low, high = config.information.violence_low, config.information.violence_high * config.places.population / PER
    if not low < high:
        told = f"must be below violence_high of the population, {high:,.0f} persons"
        raise FieldError(told, ("information", "violence_low"), shown(low))


MECHANISM = Mechanism(
    title="News of violence",
    checks=(_in_order,),
    parameters={"information": News},
    state={
        "nation": (
            Column("remembered_violence", "f8", "per 100,000", "victims still in mind"),
            Column("heard_violence", "f8", "0..1", "violence as it is heard, on a logarithmic scale"),
            Column("remembered_outrage", "f8", "per 100,000", "visible victims still in mind"),
            Column("heard_outrage", "f8", "0..1", "visible violence as it is heard, on a logarithmic scale"),
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
            about="violence as it was heard this morning, on a logarithmic scale; it frightens",
        ),
        Result(
            "heard_outrage",
            FRACTION,
            LEVEL,
            of="nation.heard_outrage",
            combine="max",
            group=FEELINGS,
            label="visible violence as it is heard",
            short="visible violence heard",
            about="injured, killed and testimony of the released as they were heard of this morning, on a logarithmic "
            "scale; it angers and costs legitimacy",
        ),
    ),
    seen=("heard_violence", "heard_outrage"),
)
