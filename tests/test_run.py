"""A run as a user asks for it: what it gives, and what it says to wrong wishes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny_country import START, country_file

import sim
from analysis.report.run import write_report
from sim.core.errors import ProtestorateError, ScenarioError
from sim.run.load import load
from sim.run.simulate import HIGHEST_SEED, Running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return country_file(tmp_path)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"seed": -1}, ("seed", "-1")),
        ({"seed": 2**63}, ("seed", str(2**63))),
        ({"threads": 0}, ("threads", "at least 1")),
        ({"threads": -3}, ("threads", "at least 1")),
        ({"days": 0}, ("days", "at least 1")),
        ({"days": -5}, ("days", "at least 1")),
        ({"days": 3661}, ("time.days", "3660")),
        ({"persons_per_agent": 0}, ("run.persons_per_agent", "0")),
        ({"persons_per_agent": -10}, ("run.persons_per_agent", "-10")),
        ({"overrides": {"people.motive.no_such_weight": 1.0}}, ("people.motive.no_such_weight",)),
        ({"overrides": {"people.motive.noise": "much"}}, ("people.motive.noise", "much")),
        ({"overrides": {"people.motive.noise": float("nan")}}, ("people.motive.noise",)),
        ({"overrides": {"people.motive.noise": float("inf")}}, ("people.motive.noise",)),
        ({"overrides": {"police.detention.lethality": 1.5}}, ("police.detention.lethality", "1.5")),
        ({"overrides": {"mechanisms.no_such_switch": False}}, ("mechanisms.no_such_switch",)),
        ({"overrides": {"places.population": 5}}, ("places", "100000")),
        ({"overrides": {"time.start": dt.date(2020, 1, 1)}}, ("event",)),
        ({"overrides": {"people.classes.industry.share": 0.9}}, ("add to 1",)),
    ],
    ids=str,
)
def test_a_wrong_wish_has_a_clear_answer(wishes: dict[str, Any], words: tuple[str, ...], path: Path):
    with pytest.raises(ScenarioError) as caught:
        sim.simulate(path, **wishes)
    text = str(caught.value)
    assert all(word in text for word in words), text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "wishes",
    [{"seed": 1.5}, {"days": 2.5}, {"threads": 1.5}, {"seed": "7"}, {"days": "3"}, {"persons_per_agent": 99.5}],
    ids=str,
)
def test_a_wish_of_the_wrong_type_is_refused_and_not_rounded(wishes: dict[str, Any], path: Path):
    with pytest.raises((ScenarioError, TypeError)):
        sim.simulate(path, **({"days": 1} | wishes))


def test_all_wrong_overrides_are_named_at_once(path: Path):
    with pytest.raises(ScenarioError) as caught:
        sim.simulate(path, overrides={"people.motive.nois": 0.1, "regime.alert_decays": 0.1})
    text = str(caught.value)
    assert "people.motive.noise" in text  # the nearest name
    assert "regime.alert_decay" in text


def test_a_missing_scenario_is_named(tmp_path: Path):
    with pytest.raises(ScenarioError, match="there is no such scenario"):
        sim.simulate(tmp_path / "nowhere.yaml")


def test_fewer_days_than_the_events_need(path: Path):
    """A short look at the beginning must not ask the user to remove the events that lie later."""
    run = sim.simulate(path, days=1)
    assert len(run.days) == 1
    assert run.days["date"].iloc[0].date() == START


def test_more_days_than_the_horizon_move_the_horizon(path: Path):
    run = sim.simulate(path, days=45)
    assert len(run.days) == 45
    assert run.scenario.time.days == 45
    assert run.provenance["overrides"]["time.days"] == 45


def test_seed_and_scale_are_the_scenarios_unless_given(path: Path):
    usual = sim.simulate(path, days=3)
    assert usual.seed == 1
    pd.testing.assert_frame_equal(usual.days, sim.simulate(path, seed=1, days=3).days, check_exact=True)
    coarse = sim.simulate(path, days=3, persons_per_agent=200)
    assert coarse.scenario.run.persons_per_agent == 200
    assert (coarse.days["attending"] % 200 == 0).all()
    same = sim.simulate(path, days=3, overrides={"run.persons_per_agent": 200})
    pd.testing.assert_frame_equal(coarse.days, same.days, check_exact=True)


@pytest.mark.parametrize("seed", [0, 2**32, HIGHEST_SEED])
def test_every_seed_of_the_range_runs(seed: int, path: Path):
    assert len(sim.simulate(path, seed=seed, days=1).days) == 1


def test_overrides_reach_the_run_and_its_record(path: Path):
    run = sim.simulate(path, days=2, overrides={"regime.aggression_base": 0.7})
    assert run.scenario.regime.aggression_base == 0.7
    assert run.data["regime"]["aggression_base"] == 0.7
    assert run.days["aggression"].iloc[0] > 0.5
    assert run.provenance["overrides"] == {"regime.aggression_base": 0.7}


def test_removing_an_event_by_override(path: Path):
    run = sim.simulate(path, days=4, overrides={"events.cut": None})
    assert run.days["shutdown"].iloc[2] < 0.8


def test_progress_is_told_after_every_day(path: Path):
    told: list[tuple[int, int, str]] = []
    sim.simulate(path, days=3, progress=lambda *news: told.append(news))
    assert told == [(1, 3, "2021-03-01"), (2, 3, "2021-03-02"), (3, 3, "2021-03-03")]


def test_provenance_is_enough_to_run_again(path: Path):
    wishes = {"police.detention.contact": 2.0}
    first = sim.simulate(path, seed=9, days=5, overrides=wishes, threads=2)
    record = first.provenance
    again = sim.simulate(path, seed=record["seed"], days=record["steps"], overrides=record["overrides"])
    pd.testing.assert_frame_equal(first.days, again.days, check_exact=True)
    for key in ("scenario_hash", "model_version", "model", "scenario", "versions"):
        assert record[key] == again.provenance[key]
    assert sim.simulate(path, seed=9, days=5).provenance["scenario_hash"] != record["scenario_hash"]


def test_a_run_that_has_ended_takes_no_more_steps(path: Path):
    running = Running(load(path), 1, steps=1)
    running.advance()
    assert not running.running
    with pytest.raises(StopIteration):
        running.advance()


def test_a_run_has_no_result_before_its_first_day(path: Path):
    """There is nothing to report yet, and the message says so."""
    with pytest.raises(ProtestorateError, match="take a step first"):
        Running(load(path), 1).result()


def test_the_given_overrides_are_not_changed(path: Path):
    wishes: dict[str, Any] = {"regime.aggression_base": 0.7}
    sim.simulate(path, days=45, overrides=wishes, persons_per_agent=500)
    assert wishes == {"regime.aggression_base": 0.7}


def test_scenario_of_a_run_cannot_be_changed(path: Path):
    run = sim.simulate(path, days=1)
    with pytest.raises(ValueError, match="frozen"):
        run.scenario.regime.aggression_base = 0.9


def test_an_event_taken_away_by_an_override_leaves_a_run_that_can_be_reported(tmp_path: Path) -> None:
    run = sim.simulate(
        "belarus-2020", days=2, persons_per_agent=20_000, overrides={"events.epidemic": None, "regime.alert_decay": 0.5}
    )
    page = write_report(run, tmp_path).read_text(encoding="utf-8")
    assert "events.epidemic" not in run.data["sources"]
    assert "set by an override of this run" in page


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("people.classes.industry.ages.middle", -1.0, "at least 0"),
        ("run.persons_per_agent", 1_000_001, "at most"),
        ("sources.time", "tt-07", "cannot be overridden"),
        ("places.population", 2_000_000_000, "which places.localities hold together"),
    ],
)
def test_values_that_would_ruin_a_run_are_refused(path: str, value: Any, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        load("belarus-2020", {path: value})
