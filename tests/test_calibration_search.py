"""A search that is real and small: twelve days of Belarus at a coarse scale, three parameters."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from analysis.calibration.accept import DRAWS_OF_LUCK, luck_of, quantiles
from analysis.calibration.calibrate import Plan, calibrate, keep
from analysis.calibration.case import Case, Span, Target
from analysis.calibration.evaluate import JOURNAL, Candidate, Evaluator, days_of, distance_of, prepared
from analysis.calibration.record import read_record
from analysis.calibration.search import Known, Settings, least, position_of, search, values_at, values_in
from analysis.cli import app
from sim.core.errors import ProtestorateError
from sim.measures.language import parse

pytest.importorskip("cma", reason="needs the extra 'calibrate'")

TURNOUT, DETAINED = (
    parse("max:attending:2020-08-09 / places.population"),
    parse("sum:detained_today:2020-08-09..2020-08-12"),
)
CASE = Case(
    name="belarus-2020",
    targets=(
        Target(
            "turnout",
            0.6,
            0.3,
            1.2,
            "%",
            "assumption",
            parse("max:attending:2020-08-09 / places.population"),
            times=100.0,
        ),
        Target(
            "detained", 5000, 4000, 6000, "persons", "assumption", parse("sum:detained_today:2020-08-09..2020-08-12")
        ),
    ),
    searched={
        "people.emotion.trigger_gain": Span(0.3, 2.5),
        "police.detention.contact": Span(0.3, 6.0),
        "people.motive.crowd_weight": Span(0.0, 2.0, "linear"),
    },
    last_day="2020-08-12",
    persons_per_agent=2000,
    fixed={"people.settlement_readiness.village": 0.0},
)
PLAN = Plan(evaluations=20, fine=12, accept=16, seeds=2, fine_scale=2000, seed=3)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, Path]:
    folder = tmp_path_factory.mktemp("journal")
    record, sets = calibrate(CASE, PLAN, folder, "this test")
    return json.loads(json.dumps(record)), sets, folder


def test_the_same_search_has_the_same_record(first: tuple[dict[str, Any], str, Path], tmp_path: Path) -> None:
    again, sets = calibrate(CASE, PLAN, tmp_path, "this test")
    assert json.loads(json.dumps(again)) == first[0]
    assert sets == first[1]


def test_what_was_run_is_not_run_again(first: tuple[dict[str, Any], str, Path]) -> None:
    record, _, folder = first
    journal = folder / JOURNAL
    before = journal.read_text()
    cut = before.splitlines()
    journal.write_text("\n".join(cut[:-3]) + "\n" + cut[-3][:40])  # as if the machine had gone down while writing
    again, _ = calibrate(CASE, PLAN, folder, "this test")
    assert json.loads(json.dumps(again)) == record
    assert len(journal.read_text().splitlines()) == len(cut) + 1


def test_a_search_comes_nearer(first: tuple[dict[str, Any], str, Path]) -> None:
    loaded = prepared(CASE, 2000)
    with Evaluator(CASE, loaded, first[2]) as evaluator:
        start = np.array([0.9, 0.9, 0.9])
        rows = evaluator([Candidate(values_at(CASE, start), (1, 2))])
        found = search(evaluator, start, Settings(48, (1, 2), step=0.3, population=8))
        assert found.distance < 0.5 * distance_of(CASE, rows[0])
        assert found.evaluations == 48
        assert np.all((found.position >= 0.0) & (found.position <= 1.0))


def test_slopes_are_learnt_from_a_cloud_and_far_runs_do_not_disturb_them() -> None:
    generator = np.random.default_rng(1)
    centre, slopes = np.array([0.5, 0.4]), np.array([[3.0, 0.0], [-1.0, 2.0]])
    near = list(centre + 0.05 * generator.standard_normal((200, 2)))
    far = list(generator.uniform(0.8, 1.0, (50, 2)))
    misses = [np.array([1.0, -2.0]) + (x - centre) @ slopes + 0.01 * generator.standard_normal(2) for x in near]
    known = Known([*near, *far], [*misses, *(np.full(2, 9.0) for _ in far)])
    level, found, spread = known.slopes(centre, 0.05)
    assert level == pytest.approx([1.0, -2.0], abs=0.02)
    assert found == pytest.approx(slopes, abs=0.2)
    assert spread == pytest.approx([0.02, 0.02], abs=0.02)


def test_the_least_point_solves_what_the_slopes_promise() -> None:
    slopes = np.array([[10.0, 0.0], [0.0, 10.0], [0.0, 0.0]])
    level = np.array([1.0, -0.5])
    point = least(CASE, np.array([0.5, 0.5, 0.5]), level, slopes, 0.3)
    assert point == pytest.approx([0.4, 0.55, 0.5], abs=0.01)
    held = least(CASE, np.array([0.5, 0.5, 0.5]), level, slopes, 0.01)
    assert 0.46 < held[0] < 0.5  # three radii are the edge of the region


def test_the_record_says_what_was_done(first: tuple[dict[str, Any], str, Path], tmp_path: Path) -> None:
    record, sets, _ = first
    path = keep(CASE, (record, sets), tmp_path)
    read = read_record(path)
    assert read["command"] == "this test"
    assert [target["name"] for target in read["targets"]] == ["turnout", "detained"]
    assert read["stages"][0]["seeds"] == [1, 2]
    assert [stage["method"].split()[0] for stage in read["stages"]] == ["CMA-ES", "Gauss-Newton"]
    assert read["stages"][0]["evaluations"] >= 20
    for path_name, span in CASE.searched.items():
        found = read["accepted"]["ranges"][path_name]
        assert span.low <= found["low"] <= found["median"] <= found["high"] <= span.high
        assert span.low <= read["best"]["values"][path_name] <= span.high
    table = (tmp_path / "belarus-2020-accepted.csv").read_text().splitlines()
    assert table[0].split(",") == [*CASE.searched, "distance", "turnout", "detained"]
    distances = [float(line.split(",")[3]) for line in table[1:]]
    assert all(distance <= read["accepted"]["tolerance"] * 1.001 for distance in distances)


def test_a_scenario_is_run_up_to_the_last_day_with_what_is_fixed() -> None:
    loaded = prepared(CASE, 500)
    assert days_of(CASE, loaded) == 12
    assert days_of(replace(CASE, last_day=None), loaded) is None
    assert loaded.config.run.persons_per_agent == 500  # type: ignore[attr-defined]
    assert loaded.config.people.settlement_readiness.village == 0.0  # type: ignore[attr-defined]


def test_a_search_begins_at_the_scenario() -> None:
    loaded = prepared(CASE, 2000)
    here = values_at(CASE, position_of(CASE, values_in(CASE, loaded)))
    motive = loaded.config.people.motive  # type: ignore[attr-defined]
    assert here["people.motive.crowd_weight"] == pytest.approx(motive.crowd_weight, rel=6e-3)


def test_parameters_that_the_schema_refuses_answer_no_target() -> None:
    with Evaluator(CASE, prepared(CASE, 2000)) as evaluator:
        rows = evaluator([Candidate({"time.availability.working_day": 7.0}, (1,))])[0]
    assert np.isnan(rows).all()


def test_a_hopeless_candidate_is_given_up_after_its_first_run() -> None:
    with Evaluator(CASE, prepared(CASE, 2000)) as evaluator:
        kept, given_up = evaluator([Candidate({}, (1, 2), 1e9), Candidate({}, (1, 2), 0.0)])
    assert (len(kept), len(given_up)) == (2, 1)
    assert np.array_equal(kept[0], given_up[0])


def test_the_parameter_of_a_search_must_be_a_number() -> None:
    wrong = Case("belarus-2020", CASE.targets, {"about.title": Span(0.1, 1.0)})
    with pytest.raises(ProtestorateError, match=r"about\.title is searched and is no number"):
        values_in(wrong, prepared(CASE, 2000))


def test_luck_is_the_spread_of_one_set_and_ranges_are_those_of_accepted_sets(
    first: tuple[dict[str, Any], str, Path],
) -> None:
    with Evaluator(CASE, prepared(CASE, 2000), first[2]) as evaluator:
        luck = luck_of(evaluator, np.array([0.5, 0.5, 0.5]), 2, np.random.default_rng(5))
    assert luck.shape == (DRAWS_OF_LUCK,)
    assert np.ptp(luck) > 0.0
    spread = np.linspace(0.0, 1.0, 101)[:, None] * np.array([1.0, 0.5])
    low, middle, high = quantiles(spread)
    assert [*low, *middle, *high] == pytest.approx([0.05, 0.025, 0.5, 0.25, 0.95, 0.475])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere-1999"], "nothing observed is set down"),
        (["belarus-2020"], "nothing to do"),
        (
            ["belarus-2020", "--write", "--from-record", "--evaluations", "5", "--records", "nowhere"],
            "there is no record",
        ),
        (["egypt-2011", "--write"], "has no targets; there are targets of belarus-2020, russia-2022"),
        (["belarus-2020", "--write", "--records", "nowhere"], "there is no record yet"),
    ],
)
def test_mistakes_are_said_once(arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["calibrate", *arguments])
    assert done.exit_code == 2
    said = done.stderr
    assert message in said
    assert said.count("\n") == 1
