"""What holds in every run, whatever its numbers: people add up, parts are no larger than wholes, shares are shares.

The scenarios are the tiny country with numbers drawn from the ranges of the schema, most often at their ends.
"""

from __future__ import annotations

import math
import random
import typing
from typing import Any

import annotated_types
import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel, ValidationError
from tiny_country import DATA, country, country_data, live_through

from sim.models.mobilisation.engine import State
from sim.models.mobilisation.outcome import verdict
from sim.models.mobilisation.recorder import summary
from sim.models.mobilisation.results import COLUMNS
from sim.models.mobilisation.schema.scenario import Mobilisation

DAYS = 12
SCENARIOS = 60
ADD_UP = {"share", "shares", "ages", "rank_and_file", "officer", "commander", "population"}
"""Numbers that must add to something; they stay as they are."""
KEPT = ADD_UP | {"about", "time", "run", "sources", "mechanisms", "lat", "lon", "model", "outcome"}


def drawn(field: Any, luck: random.Random) -> float | int | None:
    """A number in the range of a field: an end of it, or anywhere between, by size or by order of size."""
    bounds = {type(item): item for item in field.metadata}
    if annotated_types.Ge not in bounds or annotated_types.Le not in bounds:
        return None
    low, high = bounds[annotated_types.Ge].ge, bounds[annotated_types.Le].le
    floor = low if low > 0 else high * 1e-6
    value = luck.choice(
        [
            low,
            high,
            luck.uniform(low, high),
            math.exp(luck.uniform(math.log(max(floor, 1e-9)), math.log(max(high, 1e-9)))),
        ]
    )
    return int(value) if field.annotation is int else float(min(max(value, low), high))


def changed(schema: type[BaseModel], data: dict[str, Any], share: float, luck: random.Random) -> None:
    """Draw a share of the numbers of a section and of all below it anew."""
    for name, field in schema.model_fields.items():
        if name in KEPT or name not in data or data[name] is None:
            continue
        kind = next((arg for arg in (field.annotation, *typing.get_args(field.annotation)) if _is_section(arg)), None)
        if kind is not None and typing.get_origin(field.annotation) is dict:
            for item in data[name].values():
                changed(kind, item, share, luck)
        elif kind is not None:
            changed(kind, data[name], share, luck)
        elif isinstance(data[name], (int, float)) and not isinstance(data[name], bool) and luck.random() < share:
            value = drawn(field, luck)
            if value is not None:
                data[name] = value


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def random_country(number: int) -> Mobilisation:
    """The scenario of a number: some have a few numbers at their ends, others nearly all."""
    luck = random.Random(number)
    for _ in range(200):
        data = country_data(
            {
                "run.persons_per_agent": luck.choice([100, 250, 999, 5000, 10_000]),
                "run.officers_per_agent": luck.choice([1, 7, 50, 300]),
            }
        )
        if luck.random() < 0.2:
            data["places"]["localities"] = {
                "Capital": DATA["places"]["localities"]["Capital"] | {"population": 100_000}
            }
        changed(Mobilisation, data, luck.choice([0.02, 0.1, 0.5, 0.9]), luck)
        try:
            return Mobilisation.model_validate(data)
        except ValidationError:
            continue
    raise AssertionError(f"no valid scenario in 200 tries, number {number}")


SHARES = [one.name for one in COLUMNS if one.is_fraction and not one.is_family]


def broken_laws(state: State) -> list[str]:
    """What does not hold in a run, in words."""
    config, world = state.config, state.world
    days, places = state.recorder.national(config), state.recorder.by_locality(config)
    everyone = world.citizens.role.size * config.run.persons_per_agent
    found: list[str] = []

    def law(words: str, holds: Any) -> None:
        if not np.all(holds):
            found.append(words)

    for name, column in [*days.items(), *places.items()]:
        if pd.api.types.is_numeric_dtype(column):
            law(f"{name} is a number", np.isfinite(column))
            law(f"{name} is not negative", (column >= 0) | (name in {"strength", "luck"}))  # which have a sign
    for name in SHARES:
        law(f"{name} is a share", (days[name] >= 0.0) & (days[name] <= 1.0))
    away = days[["protesting", "engaged", "bystanders", "in_detention", "exiled", "died", "volunteers"]].sum(axis=1)
    law("people add up", away - days["detained_today"] == everyone)
    for part, whole in (
        ("attending", "protesting"), ("detained_today", "attending"), ("killed_today", "detained_today"),
        ("first_time_today", "attending"), ("crossed_today", "first_time_today"), ("vigils", "attending"),
    ):  # fmt: skip
        law(f"{part} is a part of {whole}", days[part] <= days[whole])
    law("the injured and killed were there", days["injured_today"] + days["killed_today"] <= days["attending"])
    law("nobody dies twice", days["killed_today"].cumsum() <= everyone)
    law("the dead are those killed", world.localities.deaths_owed < config.run.persons_per_agent)
    law("first-timers are people", days["first_time_ever"] <= everyone)
    for of in ("class", "age", "camp", "settlement", "region", "tactic"):
        parts = days[[name for name in days if name.startswith(f"attending_{of}_")]].sum(axis=1)
        law(f"those of every {of} add up", parts == days["attending"])
    for name, force in config.police.forces.items():
        theirs = days[[f"police_{service}_{name}" for service in ("loyal", "shirking", "defected")]].sum(axis=1)
        law(f"the force {name} adds up", theirs == force.persons)
    defected = days[[f"police_defected_{name}" for name in config.police.forces]].sum(axis=1)
    law("who defected resigned or went over", abs(days["police_resigned"] + days["police_switched"] - defected) <= 2)
    for name in ("attending", "protesting", "engaged", "striking"):
        totals = places.groupby("date", sort=False)[name].sum().to_numpy()
        law(f"{name} of all places add up", totals == days[name].to_numpy())
    law("places: detained ⊆ attending ⊆ protesting", places["detained"] <= places["attending"])
    law("places: attending ⊆ protesting", places["attending"] <= places["protesting"])
    for name in ("commitment", "anger", "fear"):
        law(f"{name} lies within its cap", days[name] <= getattr(config.people.emotion, f"{name}_cap") + 1e-4)
    told = summary(days, places, config)
    for name, value in told.items():
        if "share" in name or name in ("peak_coalition_breadth", "peak_coverage", "legitimacy_end", "elite_public_end"):
            law(f"{name} is a share", 0.0 <= value <= 1.0)
    verdict(world.nation, config)
    return found


@pytest.mark.parametrize("number", range(SCENARIOS))
def test_the_laws_hold_in_any_valid_scenario(number: int):
    config = random_country(number)
    assert broken_laws(live_through(config, seed=number, days=min(DAYS, config.time.days))) == []


def test_a_broken_law_is_noticed():
    """Negative control: a march that nobody sees, a share above 1, too many dead."""
    state = live_through(country(), days=3)
    state.recorder._crowd[2, 0, 0] += 1
    state.recorder._nation["aggression"][1] = 1.1
    state.recorder._nation["killed"][1] = 90_000
    broken = broken_laws(state)
    assert {"those of every tactic add up", "aggression is a share", "killed_today is a part of detained_today"} <= set(
        broken
    )


MASSACRE = {
    "police.detention.lethality": 1.0, "police.detention.injury": 5.0, "police.detention.contact": 10.0,
    "regime.aggression_base": 1.0, "mechanisms.restraint": False, "people.motive.threshold_mean": 0.0,
    "outcome.extreme_killed": 1e5, "mechanisms.refusal": False,
}  # fmt: skip


@pytest.mark.parametrize("persons", [100, 1000])
def test_the_killed_are_people_who_were_there(persons: int):
    """Injuries five to a contact and deaths one to a contact, as the schema allows, in a country that comes out."""
    state = live_through(country(MASSACRE | {"run.persons_per_agent": persons}), days=40)
    assert broken_laws(state) == []
    assert state.recorder.national(state.config)["killed_today"].sum() > 1000


@pytest.mark.parametrize(("cap", "gain"), [(0.01, 1.0), (0.1, 0.5), (1.0, 1.0)])
def test_commitment_stays_within_its_cap(cap: float, gain: float):
    changes = {"people.emotion.commitment_cap": cap, "people.emotion.commitment_protest": gain}
    state = live_through(country(changes | {"people.motive.threshold_mean": 1.0}), days=40)
    assert state.world.citizens.commitment.min() >= 0.0
    assert state.world.citizens.commitment.max() <= np.float32(cap)


@pytest.mark.parametrize("attraction", [5.0, -5.0])
def test_the_mix_of_tactics_is_made_of_shares_at_the_ends_of_the_schema(attraction: float):
    """An attraction that examples from abroad drive up day by day, or that all tactics lack, on the sharpest choice."""
    tactics = {name: item | {"initial_attraction": attraction} for name, item in DATA["movement"]["tactics"].items()}
    example = {"title": "example", "date": DATA["time"]["start"], "until": DATA["events"]["crisis"]["until"]}
    example["effects"] = {"examples": {"picket": 1.0}, "called_action": 1.0}
    changes = {
        "movement.tactics": tactics, "events": {"example": example}, "movement.learning.choice_sharpness": 10.0,
        "movement.learning.diffusion_gain": 5.0 if attraction > 0 else 0.0, "people.motive.threshold_mean": 1.0,
        "movement.learning.detention_aversion": 100.0, "movement.learning.tactic_learning": 1.0,
    }  # fmt: skip
    mix = live_through(country(changes), days=40).world.localities.mix
    assert np.all(np.isfinite(mix))
    assert np.all(np.diff(mix, axis=1) >= 0.0)
    assert np.all(mix[:, -1] == 1.0)
