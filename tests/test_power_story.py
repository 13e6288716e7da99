"""Turning points of power are told on the day on which their columns turn, from rows written by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from sim.mesa.frames import Frame, Record
from sim.models.declarations import expanded
from sim.models.mobilisation import results
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.page.power import POWER
from sim.page.story import turning_points
from sim.page.telling import fraction
from sim.run.load import load

START = dt.date(2020, 8, 1)
MEMBERS = {"business": 40, "security": 40}
CALM = {
    "coercion": 1.0, "elite_public": 1.0, "strength": 0.9, "ruler_survival": 0.99, "ruler_choice": "wait",
    "police_expected": 0.95, "army_expected": 0.9, "shield_parliament": 1.0, "shield_court": 1.0,
    "shield_business_associations": 1.0, "shield_general_staff": 1.0, "shield_field_commanders": 1.0,
    "police_ordered_riot": 1000, "police_ordered_regular": 2000,
    **{f"elites_members_{kind}": count for kind, count in MEMBERS.items()},
}  # fmt: skip


@pytest.fixture(scope="module")
def config() -> Mobilisation:
    found = load("belarus-2020").config
    assert isinstance(found, Mobilisation)
    return found


def told(config: Mobilisation, *days: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return what is told of some days; each row is the calm one with what is given changed."""
    nothing = {one.name: 0 for one in expanded(results.COLUMNS, config) if one.name != "date"}
    frames = [
        Frame(place + 1, START + dt.timedelta(days=place), "", Record({**nothing, **CALM, **row}), Record({}))
        for place, row in enumerate(days)
    ]
    return [(day, text) for day, _, text in turning_points(frames, config, rules=POWER, events=False)]


def test_nothing_is_told_of_calm_days(config: Mobilisation) -> None:
    assert told(config, {}, {}, {}) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"police_aside_riot": 600, "police_aside_regular": 450}, "A third (35%) of the 3,000 officers ordered"),
        ({"police_aside_riot": 600, "police_aside_regular": 450}, "most of them riot."),
        ({"streets_lost": 0.55}, "The capital's streets are lost by half (55%)"),
        ({"coercion": 0.45}, "A pillar fails: coercion (of what was ordered lately, 45% is obeyed)."),
        ({"elite_public": 0.3, "arrears": 0.4}, "the elite (30% still stand by the ruler in public) and money (40% of"),
        ({"elites_broken_business": 21}, "In public break with the ruler: business (21 of 40)."),
        ({"shield_parliament": 0.45}, "Seats that no longer stand by the ruler: parliament 55% (enough to act)."),
        ({"shield_parliament": 0.7}, "parliament 30% (50% would be enough to act)."),
        ({"acted_court": 1}, "The vote is annulled: court."),
        ({"acted_parliament": 1}, "The ruler is removed by law: parliament."),
        ({"acted_field_commanders": 1}, "the army will not move against the crowd: field commanders."),
        ({"acted_general_staff": 1}, "The army removes the ruler: general staff."),
        ({"acted_business_associations": 1}, "Taxes are withheld: business associations."),
        ({"strength": 0.2}, "A break of 20% of the elite would now bring the regime down."),
        ({"strength": -0.1}, "Nobody of the elite need break any more for the regime to fall."),
        ({"ruler_survival": 0.42}, "The ruler gives himself a chance of 42% to stay."),
        ({"ruler_choice": "clear"}, "The ruler orders the streets cleared; he expects 95% to obey."),
        ({"ruler_choice": "army"}, "The ruler sends the army; he expects 90% to obey."),
        ({"concession": 0.2}, "The regime has conceded 20% of what is asked."),
        ({"armed": 1500}, "People take up arms against the regime: 1,500."),
        ({"battle_deaths": 30}, "30 have died in the fighting."),
    ],
)  # fmt: skip
def test_what_turns_is_told_once_and_on_its_day(config: Mobilisation, row: dict[str, Any], words: str) -> None:
    found = told(config, {}, row, row)
    assert [day for day, _ in found] == [2]
    assert words in found[0][1]


def test_a_few_officers_who_refuse_are_no_news(config: Mobilisation) -> None:
    few = {"police_ordered_riot": 20, "police_ordered_regular": 30, "police_aside_riot": 20}
    assert told(config, {}, few) == []


def test_streets_that_are_won_back_and_lost_again_are_told_each_time(config: Mobilisation) -> None:
    lost, won = {"streets_lost": 0.6}, {"streets_lost": 0.02}
    days = [day for day, text in told(config, {}, lost, won, lost) if "streets" in text]
    assert days == [2, 3, 4]
    assert told(config, {}, lost, won)[1] == (3, "The police hold the capital's streets again.")


def test_the_same_order_is_news_again_after_a_fortnight(config: Mobilisation) -> None:
    clear: list[dict[str, Any]] = [{"ruler_choice": "clear"}]
    wait: list[dict[str, Any]] = [{}]
    assert [day for day, _ in told(config, *clear, *wait * 10, *clear)] == [1]
    assert [day for day, _ in told(config, *clear, *wait * 14, *clear)] == [1, 16]


def test_seats_that_never_were_the_rulers_are_no_news(config: Mobilisation) -> None:
    assert told(config, {"shield_parliament": 0.4}, {"shield_parliament": 0.4}) == []


def test_kinds_without_a_seat_are_told_behind_closed_doors(config: Mobilisation) -> None:
    media = {"elites_members_state_media": 20, "elites_breaking_state_media": 12}
    assert told(config, {"elites_members_state_media": 20}, media) == [
        (2, "Behind closed doors break with him: state media (12 of 20).")
    ]
    assert told(config, {}, {"elites_breaking_business": 30}) == []  # the seats of business associations tell it


def test_a_share_is_told_as_the_fraction_that_it_reaches() -> None:
    assert [fraction(value) for value in (0.05, 0.1, 0.34, 0.5, 0.95)] == [
        "5%", "a tenth (10%)", "a third (34%)", "half (50%)", "nine tenths (95%)",
    ]  # fmt: skip


def test_what_is_well_above_a_fraction_is_not_called_by_its_name_alone() -> None:
    assert [fraction(value) for value in (0.19, 0.45, 0.55, 0.69, 0.84)] == [
        "more than a tenth (19%)", "more than a third (45%)", "half (55%)", "more than half (69%)",
        "more than three quarters (84%)",
    ]  # fmt: skip
