"""Obedience: signs that theory gives, ends of ranges, and the loops by small cases."""

from __future__ import annotations

import math
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tiny_country import country, live_through

from sim.models.mobilisation.codes import Service
from sim.models.mobilisation.mechanisms import obedience

BOUND = {"loyalty": 2.0, "stacked": 0.5, "corporate": 0.5, "patron": 0.5, "refusals": 0.5, "expected_fall": 0.5}
BOUND_WEIGHTS = (4.0, 0.7, 2.0, 1.0, 0.5, 4.0, 3.0)
AGAINST = {"crowd": 5000.0, "peaceful": 0.5, "conscript": 0.5, "kin": 0.1}
AGAINST_WEIGHTS = (0.5, 1.5, 1.0, 5.0)


@pytest.mark.parametrize(
    ("argument", "sign"),
    [("loyalty", 1), ("stacked", 1), ("corporate", 1), ("patron", 1), ("refusals", -1), ("expected_fall", -1)],
)
def test_what_binds_a_unit(argument: str, sign: int):
    more = BOUND | {argument: BOUND[argument] + 0.2}
    gained = obedience.willingness(*more.values(), *BOUND_WEIGHTS)
    assert sign * (gained - obedience.willingness(*BOUND.values(), *BOUND_WEIGHTS)) > 0.0


@pytest.mark.parametrize("argument", AGAINST)
def test_what_makes_a_unit_reluctant(argument: str):
    more = AGAINST | {argument: AGAINST[argument] * 2.0}
    assert obedience.reluctance(*more.values(), *AGAINST_WEIGHTS) > obedience.reluctance(
        *AGAINST.values(), *AGAINST_WEIGHTS
    )


def test_obedience_falls_with_reluctance_and_the_more_the_harsher_the_order():
    chances = [obedience.obedience(3.0, 4.0, aggression) for aggression in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert all(after < before for before, after in pairwise(chances))
    assert chances[0] == obedience.obedience(3.0, 9.0, 0.0)  # who is asked for nothing, weighs nothing


def test_the_ends_of_the_schema_make_a_chance_in_any_case():
    """The readiest and the least ready unit that a scenario can have, in compiled and in plain Python."""
    least = obedience.willingness(-500.0, 0.0, 0.0, 0.0, 1.0, 1.0, -10.0, 10.0, 10.0, 10.0, 10.0, 20.0, 20.0)
    most = obedience.willingness(500.0, 1.0, 1.0, 1.0, 0.0, 0.0, 20.0, 10.0, 10.0, 10.0, 10.0, 20.0, 20.0)
    against = obedience.reluctance(1e9, 1.0, 1.0, 1.0, 5.0, 10.0, 10.0, 50.0)
    for one in (obedience.obedience, obedience.obedience.py_func):
        assert one(least, against, 1.0) == pytest.approx(0.0, abs=1e-300)
        assert one(most, 0.0, 1.0) == 1.0


@pytest.mark.parametrize("chance", [0.0, 1e-12, 0.3, 1.0])
@pytest.mark.parametrize("officers", [0.5, 100.0, 1e7])
@pytest.mark.parametrize("unit", [1.0, 1e5])
@pytest.mark.parametrize("normal", [-8.0, 0.0, 8.0])
def test_a_share_that_obeys_is_a_share(chance: float, officers: float, unit: float, normal: float):
    assert 0.0 <= obedience.share_obeying(chance, officers, unit, normal) <= 1.0


def test_few_units_scatter_and_many_do_not():
    """By sqrt(0.25) per deviation of luck for one unit, by a hundredth of that for ten thousand; luck of a quarter."""
    rng = np.random.default_rng(1)
    one, many = (
        [obedience.share_obeying(0.5, officers, 100.0, z) for z in rng.normal(0.0, 0.25, 4000)]
        for officers in (100.0, 1e6)
    )
    assert np.std(one) == pytest.approx(0.125, rel=0.05)
    assert np.std(many) == pytest.approx(0.00125, rel=0.05)


# The loops

CROWD, PROTEST = obedience.ATTENDING, obedience.PROTESTING


def a_day(
    crowds: tuple[int, int] = (10, 0), service: tuple[int, int, int] = (0, 0, 0), refusal: float = 1.0, **changes: float
) -> Any:
    """Two places with one police force; two officers in the first and one in the second, of 10 persons each."""
    localities = SimpleNamespace(
        size=np.array([100, 100]),
        key=np.array([7, 8], dtype=np.uint64),
        count=np.zeros((2, 18), dtype=np.int64),
        loyal=np.zeros((2, 1)),
        shirking=np.zeros((2, 1)),
        **{name: np.zeros((2, 1)) for name in ("ordered", "aside", "obeying", "morale")},
    )
    localities.count[:, CROWD] = crowds
    officers = SimpleNamespace(
        service=np.array(service), locality=np.array([0, 0, 1]), force=np.zeros(3, dtype=np.int64),
        loyalty=np.array([1.0, 3.0, 2.0]),
    )  # fmt: skip
    for place, state in zip(officers.locality, service, strict=True):
        localities.loyal[place, 0] += state == Service.LOYAL
        localities.shirking[place, 0] += state in (Service.SHIRKING, Service.CRITICAL)
    rows = {
        "military": 0.0, "scale": 1.0, "weight": 2.0, "deployed": 0.5, "call_out": 0.0, "all_out": 0.0, "stacked": 0.0,
        "corporate": 0.0, "conscript": 0.0, "outsiders": 0.0, "initial_loyalty": 5.0,
    }  # fmt: skip
    dtype = [*((name, "f8") for name in rows), ("key", "u8")]
    row = np.array([(*rows.values(), 3)], dtype=dtype).view(np.recarray)
    nation = SimpleNamespace(
        aggression=0.5, army_out=0.0, refusals=0.0, survival=1.0, patron=0.0, peaceful=0.0, day=2, ordered=0.0,
        obeyed=0.0, loyal_share=1.0,
    )  # fmt: skip
    p = {
        "persons_per_agent": 100.0, "officers_per_agent": 10.0, "refusal_possible": refusal, "obey_base": 50.0,
        "obey_loyalty": 0.0, "obey_stacked": 0.0, "obey_corporate": 0.0, "obey_patron": 0.0, "obey_refusals": 0.0,
        "obey_fall": 0.0, "obey_crowd": 0.0, "obey_peaceful": 0.0, "obey_conscript": 0.0, "obey_kin": 0.0,
        "obey_unit": 1.0, "refusal_memory": 0.5, "barracks": 0.1,
    } | changes  # fmt: skip
    parameters = SimpleNamespace(**p)
    obedience.order.py_func(localities, officers, row, nation, parameters, np.uint64(1))
    return SimpleNamespace(localities=localities, nation=nation, rows=row, p=parameters)


def test_orders_go_where_a_crowd_is_and_are_obeyed():
    """Two agents of 10 officers, half of them deployed: 10 ordered in the first place, none in the second.

    In days of the whole force at full aggression: 0.5 * 10 / 30 = 1/6.
    """
    day = a_day()
    assert day.localities.ordered[:, 0].tolist() == [10.0, 0.0]
    assert day.localities.aside[:, 0].tolist() == [0.0, 0.0]
    assert day.localities.morale[:, 0].tolist() == [4.0, 2.0]
    assert day.nation.ordered == pytest.approx(1.0 / 6.0)
    assert day.nation.obeyed == pytest.approx(1.0 / 6.0)
    assert day.nation.coercion == 1.0
    assert day.nation.refusals == 0.0


def test_who_shirks_stands_aside_and_is_counted():
    """One of two shirks: 5 of the 10 ordered."""
    day = a_day(service=(0, 1, 0))
    assert day.localities.aside[0, 0] == 5.0
    assert day.nation.aside_today == 5.0
    assert day.nation.coercion == pytest.approx((1.0 / 12.0 + 0.1) / (1.0 / 6.0 + 0.1))  # and all look loyal


def test_a_unit_that_refuses_stands_aside_whole():
    day = a_day(obey_base=-50.0)
    assert day.localities.obeying[0, 0] == pytest.approx(0.0, abs=1e-9)
    assert day.localities.obeying[1, 0] == 1.0  # who are ordered nothing refuse nothing
    assert day.localities.aside[0, 0] == pytest.approx(10.0)
    # 0 of 1/6 days ordered, 0.1 of looks: 0.1 / (1/6 + 0.1)
    assert day.nation.coercion == pytest.approx(0.375)
    assert day.nation.refusals == pytest.approx(0.625)


def test_where_refusal_is_switched_off_the_same_orders_are_given_and_all_obey():
    day = a_day(obey_base=-50.0, refusal=0.0)
    assert day.localities.ordered[0, 0] == 10.0
    assert day.nation.coercion == 1.0


def test_without_a_crowd_there_is_no_order_and_coercion_is_what_it_looks_like():
    day = a_day(crowds=(0, 0), obey_base=-50.0)
    assert day.localities.ordered.sum() == 0.0
    assert day.nation.coercion == 1.0


def test_the_mean_loyalty_of_a_unit_counts_and_not_that_of_those_who_left():
    """2 * (1 + 3) / 2 - 4 = 0 makes a half; without the second, who resigned, 2 * 1 - 4 = -2."""
    both = a_day(obey_base=-4.0, obey_loyalty=2.0, obey_unit=1e-9)
    assert both.localities.obeying[0, 0] == pytest.approx(0.5, abs=1e-3)
    alone = a_day(service=(0, 3, 0), obey_base=-4.0, obey_loyalty=2.0, obey_unit=1e-9)
    assert alone.localities.obeying[0, 0] == pytest.approx(1.0 / (1.0 + math.exp(2.0)), abs=1e-3)


def test_a_ruler_foresees_by_the_loyalty_that_his_forces_once_had():
    """He believes 5: 1 * 5 - 4 = 1, whatever they feel by now."""
    day = a_day(obey_base=-4.0, obey_loyalty=1.0)
    found = obedience.foresee.py_func(day.localities, day.rows, day.nation, day.p, 0.9, 0.0)
    assert found == pytest.approx(1.0 / (1.0 + math.exp(-1.0)))


def test_a_ruler_without_anybody_to_send_foresees_that_nobody_obeys():
    day = a_day(service=(3, 4, 3))
    assert obedience.foresee.py_func(day.localities, day.rows, day.nation, day.p, 0.9, 0.0) == 0.0
    quiet = a_day(crowds=(0, 0), service=(3, 4, 3))
    assert obedience.foresee.py_func(quiet.localities, quiet.rows, quiet.nation, quiet.p, 0.9, 0.0) == 1.0


def test_orders_of_a_run_add_up():
    """On every day and in every place: who stood aside was ordered, and who was ordered serves."""
    config = country()
    state = live_through(config, days=20)
    days, places = state.recorder.national(config), state.recorder.by_locality(config)
    ordered = days[["police_ordered_riot", "police_ordered_army"]].sum(axis=1)
    aside = days[["police_aside_riot", "police_aside_army"]].sum(axis=1)
    assert (aside <= ordered).all()
    assert (ordered > 0).any()
    assert (aside > 0).any()
    assert (places["police_aside"] <= places["police_ordered"]).all()
    assert (
        abs(places.groupby("date")["police_ordered"].sum().to_numpy() - ordered.to_numpy()).max() <= 3
    )  # rounded by place
    assert days["coercion"].between(0.0, 1.0).all()
