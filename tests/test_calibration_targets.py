"""Targets, measures and the distance, on tables made by hand."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.calibration import measures
from analysis.calibration.case import CASES, Span, Target, find_case
from analysis.calibration.check import table
from analysis.calibration.distance import LARGEST_RESIDUAL, average, distance, met, residual, typical
from analysis.calibration.fights import fights
from sim.core.errors import ScenarioError
from sim.evidence.sources import load_ledger

START = dt.date(2020, 8, 1)  # a Saturday
ATTENDING = [0, 100, 10, 20, 30, 40, 50, 60, 700, 80]
STRIKING = [0, 0, 0, 5, 20, 40, 10, 0, 0, 0]


def nothing(run: Any) -> float:
    return 0.0


def target(**changes: Any) -> Target:
    usual = {
        "name": "crowd", "value": 200.0, "low": 100.0, "high": 400.0, "unit": "persons", "source": "assumption",
        "measure": nothing,
    }  # fmt: skip
    return Target(**(usual | changes))


@pytest.fixture
def run() -> Any:
    """Ten days of a country of 10,000, half of them employed, with two places."""
    dates = pd.date_range(START, periods=len(ATTENDING))
    days = pd.DataFrame(
        {
            "date": dates,
            "attending": ATTENDING,
            "striking": STRIKING,
            "detained_today": range(10),
            "shutdown": [0.0] * 8 + [0.8, 0.6],
            "police_defected_riot": [0.0] * 9 + [3.0],
            "police_defected_army": [0.0] * 9 + [50.0],
        }
    )
    rows = [
        {"date": date, "locality": name, "attending": crowd * share, "detained": taken if name == "North" else 0}
        for date, crowd, taken in zip(dates, ATTENDING, range(10), strict=True)
        for name, share in (("North", 0.75), ("South", 0.25))
    ]
    workers = SimpleNamespace(share=0.5, workplaces=object())
    kinds = {"workers": workers, "old": SimpleNamespace(share=0.5, workplaces=None)}
    forces = {"riot": SimpleNamespace(persons=100), "army": SimpleNamespace(persons=1000)}
    scenario = SimpleNamespace(
        time=SimpleNamespace(start=START),
        places=SimpleNamespace(population=10_000),
        people=SimpleNamespace(classes=kinds),
        police=SimpleNamespace(forces=forces),
    )
    outcome = SimpleNamespace(name="flees")
    return SimpleNamespace(days=days, localities=pd.DataFrame(rows), scenario=scenario, outcome=outcome)


def test_measures_read_the_days_they_name(run: Any) -> None:
    assert measures.turnout("2020-08-02", run) == 1.0
    assert measures.highest_turnout("2020-08-03", "2020-08-09", run) == pytest.approx(7.0)
    assert measures.detained("2020-08-02", "2020-08-04", run) == 1 + 2 + 3
    # the 3rd to the 7th are Monday to Friday; the weekend on either side is left out
    assert measures.weekday_turnout("2020-08-01", "2020-08-09", run) == pytest.approx((10 + 20 + 30 + 40 + 50) / 500)
    assert measures.detained_a_working_day("2020-08-01", "2020-08-09", run) == 4.0
    assert measures.mean_turnout(("2020-08-02", "2020-08-09"), run) == 4.0
    assert measures.column("shutdown", "2020-08-10", run) == 0.6
    assert measures.days_above("shutdown", 0.5, "2020-08-10", run) == 2.0


def test_measures_of_places(run: Any) -> None:
    assert measures.in_place("South", "2020-08-09", run) == 175.0
    assert measures.highest_in_place("North", "2020-08-03", "2020-08-08", run) == 45.0
    assert measures.localities_active("2020-08-01", run) == 0.0
    assert measures.localities_active("2020-08-02", run) == 2.0
    assert measures.detained_localities("2020-08-01", "2020-08-03", run) == 1.0
    assert measures.detained_localities("2020-08-01", "2020-08-01", run) == 0.0


def test_measures_of_strikes_police_and_the_end(run: Any) -> None:
    assert measures.first_strike(0.001, "2020-07-31", run) == 5.0  # 5 of 5,000 are not above 0.1 %, 20 are
    assert measures.first_strike(0.5, "2020-07-31", run) == 200.0
    assert measures.peak_strike("2020-08-01", "2020-08-10", run) == pytest.approx(0.8)
    peak = ("2020-08-01", "2020-08-10")
    assert measures.strike_against_peak("2020-08-06", "2020-08-07", *peak, run) == pytest.approx(25 / 40)
    assert measures.resigned("2020-08-10", "army", run) == 3.0
    assert measures.fell(run) == 1.0


def test_a_run_that_ended_before_cannot_answer(run: Any) -> None:
    assert math.isnan(measures.turnout("2020-08-11", run))
    assert math.isnan(measures.detained("2020-08-05", "2020-08-11", run))
    assert math.isnan(measures.highest_in_place("North", "2020-08-05", "2020-08-11", run))
    assert residual(target(), math.nan) == LARGEST_RESIDUAL


def test_a_residual_counts_in_uncertainties() -> None:
    log, linear = target(), target(scale="linear")
    assert residual(log, 200.0) == 0.0
    assert residual(log, 400.0) == pytest.approx(1.0)
    assert residual(log, 50.0) == pytest.approx(-2.0)  # twice the factor by which low lies below the value
    assert residual(linear, 300.0) == pytest.approx(0.5)
    assert residual(linear, 150.0) == pytest.approx(-0.5)
    assert residual(log, 1e9) == LARGEST_RESIDUAL
    assert residual(log, 0.0) == pytest.approx(-math.log(200.0) / math.log(2.0))


def test_at_an_end_that_is_the_value_any_miss_counts_as_beyond() -> None:
    none_may = target(value=0.0, low=0.0, high=0.05, scale="linear")
    assert residual(none_may, 0.0) == 0.0
    assert residual(none_may, 0.05) == pytest.approx(1.0)
    assert residual(none_may, -0.01) < -1.0


def test_distance_is_the_weight_at_an_end_and_grows_in_proportion_far_out() -> None:
    targets = (target(weight=3.0), target(name="other"))
    assert distance(targets, [200.0, 200.0]) == 0.0
    assert distance(targets, [400.0, 200.0]) == pytest.approx(3.0)
    assert distance(targets, [100.0, 100.0]) == pytest.approx(4.0)
    far, farther = (distance(targets[1:], [200.0 * 2.0**r]) for r in (4.0, 5.0))
    assert farther - far == pytest.approx(4.0)  # Huber: slope 2 * 2 beyond two, not 2 * r


def test_few_runs_are_averaged_and_many_have_a_median() -> None:
    targets = (target(), target(name="falls", share=True))
    rows = np.array([[1.0, 0.0], [2.0, 0.0], [9.0, 1.0]])
    assert average(rows) == [4.0, pytest.approx(1 / 3)]
    assert typical(targets, rows) == [2.0, pytest.approx(1 / 3)]
    half_lost = np.array([[1.0, 0.0], [math.nan, 0.0]])
    assert math.isnan(typical(targets, half_lost)[0])
    assert math.isnan(average(half_lost)[0])


def test_the_table_says_what_the_median_run_meets() -> None:
    case = SimpleNamespace(targets=(target(), target(name="missed", value=3.0, low=2.0, high=4.0)))
    made = table(case, np.array([[150.0, 9.0], [200.0, 9.0], [900.0, 3.0]]))  # type: ignore[arg-type]
    first, second = made.rows
    assert (first.found, first.met, first.within) == (200.0, True, pytest.approx(2 / 3))
    assert (second.found, second.met, second.within) == (9.0, False, pytest.approx(1 / 3))
    assert made.met == 1
    assert not met(case.targets[1], 4.1)


def test_spans_round_to_what_is_written_and_go_both_ways() -> None:
    factor, share = Span(0.01, 1.0), Span(0.0, 0.5, "linear")
    assert factor.value(0.5) == 0.1
    assert share.value(0.0) == 0.0
    assert share.value(1 / 3) == 0.167
    assert factor.position(0.1) == pytest.approx(0.5)
    assert share.position(0.25) == pytest.approx(0.5)
    assert factor.position(0.0) == 0.0
    assert share.position(7.0) == 1.0


@pytest.mark.parametrize("wrong", [{"low": 300.0}, {"low": 200.0, "high": 200.0}, {"low": 0.0}])
def test_a_target_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="crowd"):
        target(**wrong)


def test_targets_that_oppose_are_found_and_others_are_not() -> None:
    generator = np.random.default_rng(1)
    size = generator.uniform(0.3, 1.0, 60)
    misses = np.column_stack([size, 1.3 - size, generator.uniform(0.3, 1.0, 60)])
    targets = tuple(target(name=name) for name in ("up", "down", "aside"))
    found = fights(targets, misses)
    assert (found[0].first, found[0].second) == ("up", "down")
    assert found[0].opposed == pytest.approx(1.0)
    assert found[0].correlation == pytest.approx(-1.0)
    assert all({fight.first, fight.second} != {"up", "aside"} for fight in found if fight.opposed > 0.65)


def test_cases_name_sources_of_the_ledger() -> None:
    ledger = load_ledger()
    for name in CASES:
        for found in find_case(name).targets:
            assert found.source == "assumption" or ledger.entry(found.source) is not None, found.name


def test_an_unknown_case_gets_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'belarus-2020'"):
        find_case("belarus-2002")


@pytest.mark.parametrize("name", CASES)
def test_a_case_can_be_sent_to_another_process(name: str) -> None:
    case = find_case(name)
    again = pickle.loads(pickle.dumps(case))
    assert [found.name for found in again.targets] == [found.name for found in case.targets]
