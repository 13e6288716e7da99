"""Insurgency: who is in arms and what it costs, by small cases, and that it can become a war."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tiny_country import country, live_through

from sim.models.mobilisation.mechanisms import insurgency


def fought(**changes: float) -> SimpleNamespace:
    nation = {
        "armed": 100.0, "killed": 10.0, "new_switched": 2.0, "aggression": 0.5, "battle_deaths": 5.0,
        "battle_deaths_year": 365.0,
    }  # fmt: skip
    p = {"officers_per_agent": 10.0, "arming": 3.0, "deserters": 0.5, "disarming": 0.1, "clash": 0.01}
    row = SimpleNamespace(**(nation | {key: value for key, value in changes.items() if key in nation}))
    parameters = SimpleNamespace(**(p | {key: value for key, value in changes.items() if key in p}))
    insurgency.fight.py_func(row, parameters)
    return row


def test_a_day_of_fighting():
    """90 + 3 * 10 + 0.5 * 2 agents of 10; 0.01 * 130 * 0.5 dead; of last year's 365 one day fades."""
    row = fought()
    assert row.armed == pytest.approx(130.0)
    assert row.battle_deaths == pytest.approx(5.65)
    assert row.battle_deaths_year == pytest.approx(364.65)


@pytest.mark.parametrize(
    ("argument", "more", "sign"),
    [("killed", 20.0, 1), ("new_switched", 3.0, 1), ("disarming", 0.2, -1), ("arming", 4.0, 1), ("deserters", 0.9, 1)],
)
def test_what_arms_people(argument: str, more: float, sign: int):
    assert sign * (fought(**{argument: more}).armed - fought().armed) > 0.0


def test_nobody_dies_of_a_regime_that_does_not_fight():
    assert fought(aggression=0.0).battle_deaths == 5.0


def test_a_steady_toll_is_counted_for_about_a_year():
    row = SimpleNamespace(
        armed=1000.0, killed=0.0, new_switched=0.0, aggression=1.0, battle_deaths=0.0, battle_deaths_year=0.0
    )
    p = SimpleNamespace(officers_per_agent=10.0, arming=3.0, deserters=0.5, disarming=0.0, clash=0.002)
    for _ in range(5000):
        insurgency.fight.py_func(row, p)
    assert row.battle_deaths == pytest.approx(10_000.0)
    assert row.battle_deaths_year == pytest.approx(730.0, rel=1e-4)  # two a day, 365 days


def test_without_deaths_and_deserters_nobody_is_in_arms():
    state = live_through(
        country({"police.detention.lethality": 0.0, "police.loyalty.switch_below": -5.0, "time.days": 40}), days=15
    )
    days = state.recorder.national(state.config)
    assert days["detained_today"].sum() > 0
    assert days["police_switched"].max() == 0
    assert days["armed"].max() == 0


def test_the_killed_arm_a_side_that_fades_when_killing_stops():
    """Fifteen days of killing, then none: those in arms rise, and lay their arms down by a twentieth a day."""
    state = live_through(country({"police.detention.lethality": 0.5, "regime.aggression_base": 0.5}), days=15)
    days = state.recorder.national(state.config)
    assert days["killed_today"].sum() > 0
    assert days["armed"].max() > 0
    assert days["battle_deaths"].is_monotonic_increasing
