"""News of turnout: people are moved by how many are said to come."""

from __future__ import annotations

from typing import Any

from sim.core.errors import FieldError, shown
from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.perception import log_scale, remembered
from sim.models.mobilisation.sums import total
from sim.models.mobilisation.typed import Array, Localities, Nation, Parameters
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number


class News(Section):
    """How turnout is heard (model stage 3)."""

    turnout_low: float = number("turnout in the country that is just noticed", "persons", 0.1, 1e8)
    turnout_high: float = fraction("turnout that cannot seem larger, as a share of the population")
    turnout_memory: float = number("share of the heard turnout still in mind a day later", "1/day", 0.0, 1.0)


class Motive(Section):
    """Weight of the turnout one hears of."""

    turnout_weight: float = number("weight of the turnout one hears of", "SD", 0.0, 5.0)


@compiled
def turnout_motive(heard: float, turnout: float, weight: float) -> float:
    """Motive of one who hears of turnout elsewhere.

    m_X = w_X * X * h                                                                (5b)

    Source: Lohmann (1994), turnout as a public signal.

    heard : float, 0..1, how much of the news the citizen hears, equation 3c
    """
    return weight * turnout * heard


def _in_order(config: Any) -> None:
    """Raise FieldError if the turnout that is just noticed cannot be below the one that cannot seem larger."""
    low, high = config.information.turnout_low, config.information.turnout_high * config.places.population
    if not low < high:
        raise FieldError(
            f"must be below turnout_high of the population, {high:,.0f} persons",
            ("information", "turnout_low"),
            shown(low),
        )


@compiled
def hear(localities: Localities, nation: Nation, p: Parameters) -> None:
    """Stage 3: yesterday's turnout as it is heard: noticed from a number of people, at its full from a share of all.

    What makes news is how many came: some thousands are news in a country of any size.
    """
    nation.remembered_turnout = remembered(nation.turnout, nation.remembered_turnout, p.turnout_memory)
    people = total(localities.size) * p.persons_per_agent
    nation.heard_turnout = log_scale(nation.remembered_turnout * people, p.turnout_low, p.turnout_high * people)


@compiled
def move(motive: Array, heard: Array, turnout: float, weight: float) -> None:
    """Stage 5: news of turnout moves those who hear it."""
    for j in range(motive.size):
        motive[j] += turnout_motive(heard[j], turnout, weight)


MECHANISM = Mechanism(
    title="News of turnout elsewhere",
    checks=(_in_order,),
    parameters={"information": News, "people.motive": Motive},
    switches=(
        Switch(
            "turnout_news",
            about="people are moved by turnout they hear of",
            zero=("turnout_weight", "coalition_weight"),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="News of turnout elsewhere draws others in, which no single square could.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("turnout", "f8", "share", "attending today as a share of the population"),
            Column("remembered_turnout", "f8", "share", "largest turnout still in mind"),
            Column("heard_turnout", "f8", "0..1", "turnout as it is heard, on a logarithmic scale"),
        ),
    },
    results=(
        Result(
            "heard_turnout",
            FRACTION,
            LEVEL,
            of="nation.heard_turnout",
            combine="max",
            group=FEELINGS,
            label="turnout as it is heard",
            short="turnout heard",
            about="turnout as it was heard this morning, on a logarithmic scale",
        ),
    ),
    motive=(turnout_motive,),
    claims=("mt-01", "mt-02", "tt-03", "ru-01"),
    seen=("effective_localities", "dispersion", "peak_localities", "peak_effective_localities"),
)
