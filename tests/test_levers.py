"""Live levers: what they do, and that the scenario they export is the same run, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from tiny_country import country_file, day

import sim
from sim.core.errors import ScenarioError
from sim.mesa.model import ProtestModel
from sim.run.load import load

Pulls = dict[int, dict[str, float | None]]
"""Days done before a pull: lever and value."""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return country_file(tmp_path)


def pulled(pulls: Pulls, days: int | None = None, **arguments: Any) -> ProtestModel:
    model = ProtestModel(days=days, **{"seed": 1, **arguments})
    while model.running:
        for name, value in pulls.get(model.day, {}).items():
            model.set_lever(name, value)
        model.step()
    return model


def run_again(model: ProtestModel, folder: Path, days: int | None = None) -> sim.Run:
    file = folder / "again.yaml"
    file.write_text(model.events_yaml(), encoding="utf-8")
    return sim.simulate(file, days=days)


def assert_same(model: ProtestModel, run: sim.Run) -> None:
    ours = model.run()
    pd.testing.assert_frame_equal(ours.days, run.days, check_exact=True)
    pd.testing.assert_frame_equal(ours.localities, run.localities, check_exact=True)
    assert (ours.outcome, ours.summary, ours.seed) == (run.outcome, run.summary, run.seed)


CASES: dict[str, Pulls] = {
    "force": {8: {"aggression": 0.9}, 14: {"aggression": None}},
    "restraint": {1: {"aggression": 0.01}},
    "a cut": {4: {"shutdown": 0.4}, 12: {"shutdown": 1.0}, 20: {"shutdown": None}},
    "a cut taken back in the middle of the scenario's own": {3: {"shutdown": 0.0}},
    "a cut made weaker, then stronger than the scenario's own": {2: {"shutdown": 0.3}, 4: {"shutdown": 0.9}},
    "concession": {10: {"concession": 0.2}, 15: {"concession": 0.5}, 18: {"concession": None}},
    "less conceded than the scenario orders": {3: {"concession": 0.0}},
    "an order of the scenario overruled": {5: {"aggression": 0.05}, 9: {"aggression": None}},
    "all at once, before the first day": {0: {"aggression": 0.5, "shutdown": 0.5, "concession": 0.1}},
    "again and again": {n: {"aggression": 0.1 * (n % 7) + 0.1, "shutdown": 0.15 * (n % 5)} for n in range(1, 30)},
    "on the last day": {39: {"shutdown": 1.0, "aggression": 1.0}},
    "set and released the same day": {6: {"shutdown": 0.7}, 7: {"shutdown": None}},
}


@pytest.mark.parametrize("case", CASES)
def test_the_exported_scenario_is_the_same_run_bit_for_bit(case: str, tiny: Path, tmp_path: Path):
    model = pulled(CASES[case], scenario=tiny, seed=3)
    assert_same(model, run_again(model, tmp_path))
    without = sim.simulate(tiny, seed=3)
    first = min(CASES[case])
    pd.testing.assert_frame_equal(without.days.iloc[:first], model.run().days.iloc[:first], check_exact=True)
    assert not without.days.equals(model.run().days)


def test_belarus_with_sliders_and_levers_is_the_same_run(tmp_path: Path):
    pulls: Pulls = {9: {"shutdown": 0.0}, 15: {"aggression": 0.8}, 18: {"aggression": None, "shutdown": 0.5}}
    settings: dict[str, Any] = {
        "police": 0.7, "elite_punishment": 0.3, "patron_backing": 0.0, "overrides": {"events.epidemic": None},
    }  # fmt: skip
    model = pulled(pulls, 40, scenario="belarus-2020", persons_per_agent=2000, seed=5, **settings)
    text = model.events_yaml()
    content = yaml.safe_load(text)
    assert content["extends"] == "belarus-2020"
    assert content["run"] == {"persons_per_agent": 2000, "seed": 5}
    assert content["events"]["epidemic"] is None
    assert content["police"]["forces"]["riot"] == {"persons": 1400}
    assert "--days 40" in text
    assert len(text.splitlines()) < 120
    assert_same(model, run_again(model, tmp_path, days=40))


def test_a_longer_horizon_travels_with_the_file(tiny: Path, tmp_path: Path):
    model = pulled({42: {"shutdown": 0.6}}, 50, scenario=tiny)
    assert_same(model, run_again(model, tmp_path))
    assert model.day == 50


def test_a_run_without_changes_is_a_short_file(tiny: Path, tmp_path: Path):
    model = pulled({}, scenario=tiny)
    assert yaml.safe_load(model.events_yaml()) == {"extends": tiny.as_posix()}
    assert_same(model, run_again(model, tmp_path))


def test_levers_take_effect_the_next_day(tiny: Path):
    model = pulled({10: {"aggression": 0.9, "shutdown": 1.0, "concession": 0.3}}, 20, scenario=tiny)
    days = model.run().days
    assert (days["aggression"].iloc[10:] == 0.9).all()
    assert (days["shutdown"].iloc[10:] == 1.0).all()
    assert (days["concession"].iloc[10:] >= 0.3).all()
    assert days["aggression"].iloc[9] < 0.9
    assert days["shutdown"].iloc[9] < 1.0
    assert days["concession"].iloc[9] < 0.3


def test_an_ordered_force_is_felt_in_the_streets_the_same_day(tiny: Path):
    harsh = pulled({4: {"aggression": 1.0}}, 5, scenario=tiny).run().days.iloc[-1]
    mild = pulled({4: {"aggression": 0.01}}, 5, scenario=tiny).run().days.iloc[-1]
    assert harsh["attending"] == mild["attending"] > 0  # who comes out was decided in the morning
    assert harsh["detained_today"] > mild["detained_today"]


def test_a_released_lever_leaves_the_rest_to_the_scenario(tiny: Path):
    model = pulled({10: {"shutdown": 1.0}, 12: {"shutdown": None}}, 20, scenario=tiny)
    assert model.levers["shutdown"] is None
    plan = sim.simulate(tiny, days=20).days["shutdown"]
    assert model.run().days["shutdown"].iloc[10:12].tolist() == [1.0, 1.0]
    assert model.run().days["shutdown"].iloc[12] <= plan.max() < 1.0


def test_pulls_are_remembered_and_go_into_the_record(tiny: Path):
    model = pulled({6: {"shutdown": 0.7}, 8: {"shutdown": None}}, 10, scenario=tiny)
    model.set_lever("shutdown", None)  # it is released already: nothing is done
    said = [{"lever": "shutdown", "day": 7, "value": 0.7}, {"lever": "shutdown", "day": 9, "value": None}]
    run = model.run()
    assert run.provenance["levers"] == said
    event = run.scenario.events["lever_shutdown_2021_03_07"]
    assert (event.date, event.until, event.effects.shutdown) == (day(6), day(7), 0.7)
    assert run.data["sources"]["events"] == "assumption"  # as the file says of all events
    assert model.loaded.config.events.keys() == load(tiny).config.events.keys()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("agression", 0.5, "no such live lever, did you mean 'aggression'"),
        ("aggression", 0.0, "must lie in 0.01 to 1"),
        ("shutdown", 1.1, "must lie in 0 to 1"),
        ("shutdown", float("nan"), "must be a number"),
        ("shutdown", "0.5", "must be a number"),
        ("shutdown", True, "must be a number"),
    ],
)
def test_a_wrong_pull_is_refused_and_changes_nothing(tiny: Path, name: str, value: Any, message: str):
    model = ProtestModel(tiny, 1, days=5)
    with pytest.raises(ScenarioError, match=message):
        model.set_lever(name, value)
    while model.running:
        model.step()
    assert model.pulls == ()
    pd.testing.assert_frame_equal(model.run().days, sim.simulate(tiny, days=5).days, check_exact=True)


def test_models_without_events_have_no_levers():
    model = ProtestModel("granovetter-1978", 1)
    with pytest.raises(ScenarioError, match="no such live lever"):
        model.set_lever("shutdown", 0.5)
