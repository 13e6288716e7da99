"""Institutions: signs that theory gives, ends of ranges, and who acts when, by small cases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from tiny_country import DATA, country, live_through

from sim.models.mobilisation.codes import Power
from sim.models.mobilisation.mechanisms import institutions

STATE = {"streets": 0.5, "shield": 0.5, "slump": 0.5, "lame_duck": 0.5, "independence": 0.5}
WEIGHTS = (-3.0, 6.0, 2.0, 2.0, 1.0, 1.0)


def chance(**changes: float) -> float:
    return float(institutions.act_chance(*(STATE | changes).values(), *WEIGHTS))


@pytest.mark.parametrize(
    ("argument", "sign"), [("streets", 1), ("shield", -1), ("slump", 1), ("lame_duck", 1), ("independence", 1)]
)
def test_what_moves_an_institution(argument: str, sign: int):
    values = [chance(**{argument: value}) for value in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert values == sorted(values, reverse=sign < 0)
    assert values[0] != values[-1]


def test_a_shield_takes_weight_from_the_streets():
    """Perez-Linan's interaction, in log odds of a week: streets add 6 without a shield, 6 - 2 behind a full one."""

    def odds(streets: float, shield: float) -> float:
        weekly = 1.0 - (1.0 - chance(streets=streets, shield=shield, independence=1.0)) ** 7
        return float(np.log(weekly / (1.0 - weekly)))

    assert odds(1.0, 0.0) - odds(0.0, 0.0) == pytest.approx(6.0, abs=1e-6)
    assert odds(1.0, 1.0) - odds(0.0, 1.0) == pytest.approx(4.0, abs=1e-6)


def test_the_ends_of_the_schema_make_a_chance_in_any_case():
    for one in (institutions.act_chance, institutions.act_chance.py_func):
        assert 0.0 <= one(1.0, 1.0, 0.0, 0.0, 1.0, -30.0, 0.0, 50.0, 50.0, 20.0, 20.0) < 1e-50
        assert 0.999999 < one(1.0, 0.0, 1.0, 1.0, 1.0, 10.0, 50.0, 50.0, 50.0, 20.0, 20.0) <= 1.0
        assert one(1.0, 0.0, 1.0, 1.0, 0.0, 10.0, 50.0, 50.0, 50.0, 20.0, 20.0) == 0.0


@pytest.mark.parametrize("breaking", [0.0, 3.0, 20.0])
@pytest.mark.parametrize("opposition", [0.0, 0.4, 1.0])
def test_a_shield_is_a_share(breaking: float, opposition: float):
    assert 0.0 <= institutions.shield(opposition, breaking, 20.0) <= 1.0 - opposition


# The loop


def acted(
    power: Power, broken: int = 6, quorum: float = 0.5, ready: float = 500.0, independence: float = 1.0, **changes: Any
) -> Any:
    """One institution of a kind of ten members, of whom some have broken; ready as it is, it acts for certain."""
    table = SimpleNamespace(acted=np.zeros(1, dtype=np.int64), key=np.array([5], dtype=np.uint64), shield=np.ones(1))
    row = {
        "opposition": 0.0, "independence": independence, "quorum": quorum, "kind": 0.0, "power": float(power),
    }  # fmt: skip
    rows = np.array([tuple(row.values())], dtype=[(name, "f8") for name in row]).view(np.recarray)
    kinds = SimpleNamespace(members=np.array([10]), breaking=np.array([2]), broken=np.array([broken - 2]))
    nation = {
        "acts": 0.0, "vote": 1.0, "streets": 0.5, "day": 4, "army_refused": 0.0, "withheld": 0.0, "ended_by": 0,
        "ended_where": -1,
    }  # fmt: skip
    p = {
        "institutions_possible": 1.0, "slump": 0.0, "lame_duck": 0.0, "act_base": ready, "act_streets": 0.0,
        "act_shield": 0.0, "act_shielded_streets": 0.0, "act_slump": 0.0, "act_lame_duck": 0.0, "withheld_revenue": 0.3,
    }  # fmt: skip
    found = SimpleNamespace(table=table, nation=SimpleNamespace(**(nation | changes)))
    institutions.act.py_func(table, rows, kinds, found.nation, SimpleNamespace(**p), np.uint64(1))
    return found


@pytest.mark.parametrize("power", [Power.ANNUL, Power.REMOVE, Power.OUST])
def test_an_institution_can_end_a_rulers_time(power: Power):
    found = acted(power)
    assert (found.nation.ended_by, found.nation.ended_where) == (power, 0)
    assert found.table.acted[0] == 5  # the fifth day
    assert found.nation.acts == 1.0
    assert found.table.shield[0] == pytest.approx(0.4)


def test_a_staff_that_refuses_keeps_the_army_in_barracks_and_the_ruler_in_office():
    found = acted(Power.REFUSE)
    assert (found.nation.army_refused, found.nation.ended_by) == (1.0, 0)


def test_business_withholds_its_share_of_revenue():
    found = acted(Power.WITHHOLD)
    assert (found.nation.withheld, found.nation.ended_by) == (0.3, 0)


@pytest.mark.parametrize(
    ("broken", "quorum", "acts"), [(6, 0.5, True), (5, 0.5, True), (4, 0.5, False), (10, 1.0, True), (9, 1.0, False)]
)
def test_it_takes_a_quorum(broken: int, quorum: float, acts: bool):
    assert (acted(Power.REMOVE, broken, quorum).nation.acts > 0.0) is acts


def test_it_takes_a_will_a_question_and_a_chance():
    assert acted(Power.ANNUL, vote=0.0).nation.acts == 0.0  # nothing is before the court
    assert acted(Power.REMOVE, vote=0.0).nation.acts == 1.0  # a parliament needs no such question
    assert acted(Power.REMOVE, independence=0.0).nation.acts == 0.0
    assert acted(Power.REMOVE, ready=-500.0).nation.acts == 0.0


def test_who_is_removed_first_is_not_removed_again():
    found = acted(Power.OUST, ended_by=int(Power.ANNUL), ended_where=3)
    assert (found.nation.ended_by, found.nation.ended_where) == (Power.ANNUL, 3)


def test_a_contested_vote_stays_in_question():
    nation = SimpleNamespace(vote=0.0)
    for today in (0.0, 0.6, 0.0):
        institutions.contest.py_func(nation, SimpleNamespace(vote=today))
    assert nation.vote == 0.6


def test_what_is_withheld_is_missing_in_the_treasury():
    """The same days, but for a chamber of commerce that withholds everything and one that cannot act."""
    chamber = DATA["institutions"]["chamber"]
    rich = {
        "economy.treasury_days": 50.0, "elites.break_cost": -3.0, "regime.removal.act_base": 10.0,
        "regime.removal.withheld_revenue": 1.0,
    }  # fmt: skip
    left = []
    for independence in (1.0, 0.0):
        changes = rich | {"institutions": {"chamber": {**chamber, "independence": independence}}}
        days = (state := live_through(country(changes), days=14)).recorder.national(state.config)
        left.append(days["treasury"].iloc[-1])
    assert left[0] < left[1] - 5.0


def test_an_institution_acts_once():
    state = live_through(country({"elites.break_cost": -3.0, "regime.removal.act_base": 10.0}), days=8)
    first = state.world.institutions.acted.copy()
    assert (first > 0).sum() == 2  # those that are independent
    again = live_through(country({"elites.break_cost": -3.0, "regime.removal.act_base": 10.0}), days=15)
    assert again.world.institutions.acted.tolist() == first.tolist()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"institutions.court.members": "busines"}, "elites.kinds has no such kind of elite"),
        ({"institutions.court.power": "veto"}, "annul"),
        ({"police.forces.army.military": False}, "cannot oust: police.forces has no army"),
        ({"institutions.court.quorum": 1.5}, "less than or equal to 1"),
    ],
)
def test_an_institution_that_cannot_be_is_refused(changes: dict[str, Any], said: str):
    with pytest.raises(ValidationError, match=said):
        country(changes)


def test_a_country_without_institutions_runs():
    state = live_through(country({"institutions": {}}), days=5)
    assert state.world.institutions.acted.size == 0
    assert state.world.nation["withheld"][0] == 0.0
