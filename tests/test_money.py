"""Money that binds and strikes that spread: what must come out, in Belarus as it was and in a general strike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from tiny_country import country, live_through

import sim
from sim import Run

COARSE = 2000
FREE = {
    "economy.strike.strike_cost": 0.0, "economy.strike.committee_arrest": 0.0, "economy.strike.walkout_mean": 0.03,
    "economy.strike.walkout_spread": 0.0, "economy.strike.strike_fear": 0.0, "economy.strike.strike_anger": 4.0,
    "economy.strike.strike_call": 3.0, "economy.strike.savings_days": 200.0,
    "mechanisms.ruler": False, "mechanisms.institutions": False,
}  # fmt: skip
"""Strikes that nothing holds back: most of the country is out, and nobody at the top draws the consequence."""
WAVE = "belarus-2020-general-strike-wave"


def lived(scenario: str, changes: Mapping[str, Any] | None = None) -> Run:
    return sim.simulate(scenario, overrides=changes, persons_per_agent=COARSE)


@pytest.fixture(scope="module")
def as_it_was() -> Run:
    return lived("belarus-2020")


@pytest.fixture(scope="module")
def general() -> Run:
    return lived(WAVE, FREE)


def first_day_of(values: pd.Series) -> int:
    """The first day on which something is above 0; the number of days if it never is."""
    return int((values > 0.0).to_numpy().argmax()) if (values > 0.0).any() else len(values)


def test_strikes_of_belarus_stay_partial_and_the_state_pays(as_it_was: Run):
    assert 0.0 < as_it_was.days["output_lost"].max() < 0.1
    assert as_it_was.summary["general_strike_days"] == 0
    assert as_it_was.days["arrears"].max() == 0.0


def test_wages_go_unpaid_by_sector_from_the_first_day_and_slowly_more(as_it_was: Run):
    for sector, opening in (("food_and_farming", 0.02), ("construction", 0.01), ("industry", 0.005)):
        unpaid = as_it_was.days[f"arrears_class_{sector}"]
        assert unpaid.iloc[0] == pytest.approx(opening, abs=1e-3)
        assert opening < unpaid.iloc[-1] < 0.05
    assert as_it_was.days["arrears_class_students"].max() == 0.0


def test_a_general_strike_of_forty_days_empties_what_the_state_can_use(general: Run):
    assert general.summary["general_strike_days"] >= 40
    days = general.days
    assert days["usable_reserves"].min() == 0.0
    assert days["arrears"].max() > 0.0
    assert days["treasury"].min() > 100.0  # gold, and what is held back, is still there
    first = first_day_of(days["arrears"])
    assert (days["arrears_class_administration"].iloc[first:] >= days["arrears"].iloc[first:] - 1e-12).all()
    assert days["arrears_class_industry"].iloc[first - 1] > 0.02  # plants ran short before the state did


def test_without_patron_and_with_small_reserves_arrears_come_earlier(general: Run):
    with_both = first_day_of(general.days["arrears"])
    no_patron = first_day_of(lived(WAVE, FREE | {"mechanisms.patron": False}).days["arrears"])
    small = first_day_of(lived(WAVE, FREE | {"economy.treasury_days": 60.0}).days["arrears"])
    neither = first_day_of(
        lived(WAVE, FREE | {"mechanisms.patron": False, "economy.treasury_days": 60.0}).days["arrears"]
    )
    assert neither <= small < with_both
    assert neither < no_patron <= with_both


def test_a_loan_enters_what_can_be_used(as_it_was: Run):
    without = lived("belarus-2020", {"events.patron_loan": None}).days["usable_reserves"]
    day = int((as_it_was.days["date"] == "2020-10-16").to_numpy().argmax())
    gained = as_it_was.days["usable_reserves"] - without
    assert gained.iloc[:day].abs().max() == 0.0
    assert gained.iloc[day] == pytest.approx(10.0)


GENERAL = {"economy.strike.committee_arrest": 0.0, "economy.strike.savings_days": 200.0}
SEEDS = (1, 2, 3, 4, 5)


def days_of_general_strike(changes: Mapping[str, Any]) -> list[int]:
    config = country({"time.days": 40} | dict(changes))
    tables = [live_through(config, seed=seed).recorder.national(config) for seed in SEEDS]
    return [int(days["general_strike_days"].max()) for days in tables]


def test_a_strike_wave_mostly_becomes_general_where_all_conditions_hold():
    """Four of five; where a condition is lacking, at most one of five (below)."""
    assert sum(days > 0 for days in days_of_general_strike(GENERAL)) >= 4


@pytest.mark.parametrize(
    "lacking",
    [
        {"mechanisms.strike_spread": False},
        {"mechanisms.colleagues": False},
        {"economy.strike.savings_days": 20.0},
        {"economy.strike.savings_days": 20.0, "economy.strike.committee_arrest": 0.1},
    ],
    ids=["nobody looks at other plants", "nor at colleagues", "no fund", "neither fund nor committees"],
)
def test_and_mostly_does_not_where_one_is_lacking(lacking: Mapping[str, Any]):
    assert sum(days > 0 for days in days_of_general_strike(GENERAL | dict(lacking))) <= 1


def test_arrested_committees_shorten_it():
    surviving = days_of_general_strike(GENERAL)
    arrested = days_of_general_strike(GENERAL | {"economy.strike.committee_arrest": 0.1})
    assert sum(arrested) < sum(surviving)
