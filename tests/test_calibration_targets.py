"""Targets, measures and the distance, on tables made by hand."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.calibration.case import Case, Span, Target, cases, find_case
from analysis.calibration.distance import LARGEST_RESIDUAL, average, distance, fights, met, residual, typical
from analysis.calibration.evaluate import check_measures, table
from analysis.claims.experiments import base_scenario
from analysis.observed import endings, read_observed
from sim.core.errors import ProtestorateError, ScenarioError
from sim.evidence.sources import load_ledger
from sim.measures.language import Known, faults, parse
from sim.measures.values import of_run, tables_of, values
from sim.models.declarations import NOTHING_DECLARED

START = dt.date(2020, 8, 1)  # a Saturday
ATTENDING = [0, 100, 10, 20, 30, 40, 50, 60, 700, 80]
STRIKING = [0, 0, 0, 5, 20, 40, 10, 0, 0, 0]


def target(**changes: Any) -> Target:
    usual = {
        "name": "crowd", "value": 200.0, "low": 100.0, "high": 400.0, "unit": "persons", "source": "assumption",
        "measure": parse("killed"),
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
    localities = {
        "North": SimpleNamespace(settlement="metropolis", population=7500),
        "South": SimpleNamespace(settlement="city", population=2500),
    }
    workers = SimpleNamespace(share=0.5, workplaces=object())
    kinds = {"workers": workers, "old": SimpleNamespace(share=0.5, workplaces=None)}
    forces = {"riot": SimpleNamespace(persons=100), "army": SimpleNamespace(persons=1000)}
    scenario = SimpleNamespace(
        time=SimpleNamespace(start=START),
        places=SimpleNamespace(population=10_000, localities=localities),
        people=SimpleNamespace(classes=kinds),
        police=SimpleNamespace(forces=forces),
    )
    outcome = SimpleNamespace(name="flees")
    tables = {"days": days, "localities": pd.DataFrame(rows)}
    summary = {"killed": 4}
    return SimpleNamespace(**tables, scenario=scenario, outcome=outcome, summary=summary, declared=NOTHING_DECLARED)


def measured(text: str, run: Any) -> float:
    return of_run(parse(text), tables_of(run))


@pytest.mark.parametrize(
    ("text", "by_hand"),
    [
        ("max:attending:2020-08-02 / places.population", 100 / 10_000),
        ("max:attending:2020-08-03..2020-08-09 / places.population", 0.07),
        ("sum:detained_today:2020-08-02..2020-08-04", 1 + 2 + 3),
        # the 3rd to the 7th are Monday to Friday; the weekend on either side is left out
        ("mean:attending:2020-08-01..2020-08-09 on working days", (10 + 20 + 30 + 40 + 50) / 5),
        ("mean:detained_today:2020-08-01..2020-08-09 on working days", 4.0),
        ("mean:attending:2020-08-02, 2020-08-09", 400.0),
        ("last:shutdown:2020-08-10", 0.6),
        ("days>0.5:shutdown:..2020-08-10", 2.0),
        ("max:attending@South:2020-08-09", 175.0),
        ("max:attending@North:2020-08-03..2020-08-08", 45.0),
        ("places:attending:2020-08-01", 0.0),
        ("places:attending:2020-08-02", 2.0),
        ("places:detained:2020-08-01..2020-08-03", 1.0),
        ("places:detained:2020-08-01", 0.0),
        ("day>0.001*employed:striking", 5.0),  # 5 of 5,000 are not above 0.1%, 20 are
        ("day>0.001*employed:striking:2020-08-04..", 2.0),
        ("day>0.5*employed:striking:2020-08-01..", 11.0),  # never, and the run has ten days
        ("max:striking / employed", 40 / 5000),
        ("mean:striking:2020-08-06..2020-08-07 / max:striking", 25 / 40),
        ("last:police_defected_riot:2020-08-10 / police.forces.riot.persons", 0.03),
        ("last:police_defected_riot+police_defected_army:2020-08-10", 53.0),
        ("sum:striking / police.forces.riot.persons+police.forces.army.persons", 75 / 1100),
        ("falls or flees", 1.0),
        ("falls", 0.0),
        ("killed", 4.0),
    ],
)
def test_measures_of_a_run_by_hand(run: Any, text: str, by_hand: float) -> None:
    assert measured(text, run) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    "text",
    [
        "max:attending:2020-08-11",
        "sum:detained_today:2020-08-05..2020-08-11",
        "max:attending@North:2020-08-05..2020-08-11",
        "mean:attending:2020-08-02, 2020-08-11",
        "sum:attending:2020-08-05..2020-08-06 / max:striking:2020-08-08..2020-08-11",
    ],
)
def test_a_run_that_ended_before_cannot_answer(run: Any, text: str) -> None:
    assert math.isnan(measured(text, run))
    assert residual(target(), math.nan) == LARGEST_RESIDUAL


def test_expected_cities_by_hand(run: Any) -> None:
    """Detained on the tenth day: 9 in North, a metropolis; South is a city without any. One that is due 9 has some."""
    assert measured("cities(0.5):detained:2020-08-10", run) == pytest.approx(1 - math.exp(-9))
    run.scenario.places.localities["North"].settlement = "city"
    # both are cities now: North of 7,500 people is due 6.75, South of 2,500 is due 2.25
    by_hand = 2 - (1 + 6.75 / 0.5) ** -0.5 - (1 + 2.25 / 0.5) ** -0.5
    assert measured("cities(0.5):detained:2020-08-10", run) == pytest.approx(by_hand)


def test_a_measure_of_a_run_is_that_of_a_study(run: Any) -> None:
    """Two runs in one table, the second shorter, rows out of order: the same numbers as run by run."""
    days = pd.concat([run.days.assign(point=1, replicate=0), run.days[:6].assign(point=0, replicate=3)])
    places = pd.concat([run.localities.assign(point=1, replicate=0), run.localities[:12].assign(point=0, replicate=3)])
    runs = pd.DataFrame({"point": [0, 1], "replicate": [3, 0], "outcome": ["falls", "flees"]})
    short = SimpleNamespace(**{**vars(run), "days": run.days[:6], "localities": run.localities[:12]})
    for text in (
        "sum:attending",
        "max:attending@North:2020-08-02..",
        "places:detained",
        "day>15:striking",
        "first:striking",
    ):
        found = values(parse(text), runs, days, places, run.scenario)
        assert found.tolist() == [measured(text, short), measured(text, run)]
        assert found.index.tolist() == [(0, 3), (1, 0)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sum:atending", "there is no such daily column (given 'atending'), did you mean 'attending'?"),
        ("sum:attending@Nort", "there is no such locality (given 'Nort'), did you mean 'North'?"),
        ("places:detaine", "there is no such column of localities (given 'detaine'), did you mean 'detained'?"),
        ("sum:attending / places.people", "is no number of the scenario (given 'places.people')"),
        ("sum:attending:2020-08-12", "the days must lie in the run, 2020-08-01 to 2020-08-10 (given '2020-08-12')"),
        ("sum:attending:..2020-08-12", "the days must lie in the run, 2020-08-01 to 2020-08-10 (given '..2020-08-12')"),
    ],
)
def test_what_a_measure_may_not_name(run: Any, text: str, said: str) -> None:
    first, last = START, dt.date(2020, 8, 10)
    known = Known((), (), ("attending",), first, last, ("North", "South"), ("attending", "detained"), run.scenario)
    assert [str(problem) for problem in faults(parse(text), known)] == [said]


def test_numbers_of_a_scenario_need_runs_of_one(run: Any) -> None:
    known = Known((), (), ("attending",), START, None)
    (fault,) = faults(parse("sum:attending / places.population"), known)
    assert "can be used in targets only" in str(fault)


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


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize("name", cases())
def test_targets_measure_what_runs_have(name: str, held_out: bool) -> None:
    if held_out and name == "belarus-2020":
        with pytest.raises(ProtestorateError, match="has nothing held out"):
            find_case(name, held_out)
        return
    check_measures(find_case(name, held_out), base_scenario(name, 20_000))


def test_how_cases_ended_has_sources_of_the_ledger() -> None:
    ledger = load_ledger()
    assert len(endings()) == 9
    assert all(ledger.entry(ended.source) for ended in endings().values())


def test_an_unknown_case_gets_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'belarus-2020'"):
        find_case("belarus-2002")


def test_every_mistake_in_observed_facts_is_said_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        """\
ended: {outcome: falls, says: it fell, source: validation-facts-belarus-202}
calibration:
  targets:
    crowd:
      measure: "maximum:attending"
      value: 2
      low: 1
      high: 3
      unit: persons
      source: assumption
    counted:
      measure: "max:attending"
      counted: [100]
      unit: persons
      source: assumption
""",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        read_observed(path)
    said = str(caught.value).replace(str(tmp_path), "").splitlines()
    assert [line.split(": ")[0] for line in said] == ["/mine.yaml:1:48", "/mine.yaml:5:16", "/mine.yaml:13:7"]
    assert "did you mean 'validation-facts-belarus-2020'?" in said[0]
    assert "must begin with one of mean, sum" in said[1]
    assert "needs a section calibration.undercount" in said[2]
    path.write_text(
        "calibration: {targets: {a: {measure: x, value: 1, low: 2, high: 3, unit: u, source: assumption}}}\n"
    )
    with pytest.raises(ScenarioError, match="must lie between low and high"):
        read_observed(path)


def test_targets_that_runs_do_not_have_are_refused_before_anything_runs() -> None:
    wrong = (
        target(measure=parse("sum:atending@Minsk")),
        target(name="staff", measure=parse("last:hub_reach / police.men")),
    )
    with pytest.raises(ScenarioError) as caught:
        check_measures(Case("belarus-2020", wrong, {}), base_scenario("belarus-2020", 20_000))
    first, second = str(caught.value).splitlines()
    assert first.startswith("target 'crowd': there is no such column of localities (given 'atending'), did you mean")
    assert second == "target 'staff': is no number of the scenario (given 'police.men')"


@pytest.mark.parametrize("name", cases())
def test_a_case_can_be_sent_to_another_process(name: str) -> None:
    case = find_case(name)
    assert pickle.loads(pickle.dumps(case)) == case
