"""The Mesa model is the same run as ``simulate``, and does what Mesa's own tools expect of a model."""

from __future__ import annotations

import gc
import inspect
import weakref
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from tiny_country import country_file

import sim
from sim.core.errors import ProtestorateError, ScenarioError
from sim.mesa.citizens import ROLES
from sim.mesa.frames import PLACE_COLUMNS, POLICE_COLUMNS
from sim.mesa.model import ProtestModel
from sim.mesa.sliders import CHOICES, differences, overrides_of, sliders
from sim.run.load import derive, load

BELARUS: dict[str, Any] = {"scenario": "belarus-2020", "persons_per_agent": 2000}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return country_file(tmp_path_factory.mktemp("country"))


def finished(**arguments: Any) -> ProtestModel:
    model = ProtestModel(**arguments if {"seed", "rng"} & set(arguments) else {**arguments, "seed": 1})
    while model.running:
        model.step()
    return model


def assert_same_run(model: ProtestModel, run: sim.Run) -> None:
    ours = model.run()
    pd.testing.assert_frame_equal(ours.days, run.days, check_exact=True)
    pd.testing.assert_frame_equal(ours.localities, run.localities, check_exact=True)
    assert (ours.outcome, ours.summary, ours.seed) == (run.outcome, run.summary, run.seed)
    assert ours.provenance["scenario_hash"] == run.provenance["scenario_hash"]


def test_the_numbers_are_those_of_simulate_bit_for_bit():
    model = finished(**BELARUS, seed=7, days=30)
    assert_same_run(model, sim.simulate(**BELARUS, seed=7, days=30))
    assert (model.day, model.label) == (30, "2020-08-30")
    assert model.outcome == model.run().outcome


def test_the_numbers_are_those_of_simulate_with_overrides_sliders_and_a_longer_horizon(tiny: Path):
    model = finished(scenario=tiny, overrides={"mechanisms.hub": False}, days=45, centralisation=0.9, threads=2)
    changes = {"mechanisms.hub": False, "movement.leadership.centralisation": 0.9}
    assert_same_run(model, sim.simulate(tiny, overrides=changes, days=45))
    assert model.horizon == model.day == 45


def test_a_run_half_way_is_the_beginning_of_the_whole(tiny: Path):
    model = ProtestModel(tiny, 1)
    for _ in range(5):
        model.step()
    assert model.running
    assert model.outcome is None
    pd.testing.assert_frame_equal(model.run().days, sim.simulate(tiny).days.iloc[:5], check_exact=True)


def test_frames_hold_the_rows_of_the_tables(tiny: Path):
    model = finished(scenario=tiny, days=20)
    run = model.run()
    days, places = run.days, run.localities
    assert [frame.day for frame in model.history] == list(range(1, 21))
    for column in days.columns.drop("date"):
        assert [frame.national[column] for frame in model.history] == days[column].tolist(), column
    assert [frame.date for frame in model.history] == list(days["date"].dt.date)
    for column in (*PLACE_COLUMNS, *POLICE_COLUMNS):
        ours = np.concatenate([frame.places[column] for frame in model.history])
        assert ours.tolist() == places[column].tolist(), column
    held = [frame.places["in_detention"].sum() for frame in model.history]
    assert held == days["in_detention"].tolist()


def test_frames_cannot_be_changed_and_do_not_change(tiny: Path):
    model = ProtestModel(tiny, 1)
    for _ in range(6):
        model.step()
    frame = model.frame
    before = (dict(frame.national), {name: values.copy() for name, values in frame.places.items()}, frame.people)
    with pytest.raises(AttributeError):
        frame.day = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        frame.national["attending"] = 3  # type: ignore[index]
    with pytest.raises(ValueError, match="read-only"):
        frame.places["attending"][0] = 3
    for _ in range(6):
        model.step()
    assert dict(frame.national) == before[0]
    assert all((frame.places[name] == values).all() for name, values in before[1].items())
    assert frame.people == before[2]
    assert model.history[5] is frame


def test_history_by_series_and_by_date(tiny: Path):
    model = finished(scenario=tiny, days=12)
    series = model.history.series("attending", "treasury")
    days = model.run().days
    assert series["attending"].tolist() == days["attending"].tolist()
    assert series["treasury"].tolist() == days["treasury"].tolist()
    assert series["date"].tolist() == list(days["date"].dt.date)
    third = days["date"].dt.date[2]
    found = model.history.on(third)
    assert found is not None
    assert (found.day, found.date) == (3, third)
    assert model.history.on(third.replace(year=1999)) is None
    with pytest.raises(KeyError):
        model.history.series("no such column")


def test_nothing_happens_after_the_end(tiny: Path):
    model = finished(scenario=tiny, days=3)
    last = model.frame
    model.step()
    assert (model.day, model.running, len(model.history)) == (3, False, 3)
    assert model.frame is last


def test_citizens_are_those_of_the_daily_table(tiny: Path):
    model = finished(scenario=tiny, days=9, overrides={"events.war": None})  # whom a war takes is missed from tomorrow
    table, everyone, persons = model.run().days.iloc[-1], model.citizens(), 100
    assert len(everyone) == 1000
    counts = {role: int((everyone["role"] == role).sum()) * persons for role in ROLES}
    assert counts["detained"] == table["in_detention"] > 0
    assert counts["engaged"] == table["engaged"] > 0
    assert counts["bystander"] == table["bystanders"]
    assert counts["exiled"] == table["exiled"]
    assert counts["dead"] == table["died"]
    assert counts["volunteer"] == table["volunteers"] == 0
    taken = int(table["detained_today"])
    assert table["protesting"] - taken <= counts["protester"] <= table["protesting"]
    assert int(everyone["striking"].sum()) * persons == table["striking"]


def test_citizens_by_role_and_locality(tiny: Path):
    model = finished(scenario=tiny, days=9)
    everyone = model.citizens()
    chosen = model.citizens(role="engaged", locality="Port")
    wanted = everyone[(everyone["role"] == "engaged") & (everyone["locality"] == "Port")]
    pd.testing.assert_frame_equal(chosen, wanted)
    assert len(chosen) > 0
    assert len(model.citizens(locality="Hills")) == 100
    assert set(everyone["class"].unique()) == {"industry", "offices", "broadcasting", "others"}
    acting = everyone[everyone["role"] == "protester"]["tactic"].notna()
    assert 0 < int(acting.sum()) * 100 <= model.frame.national["attending"]
    chosen.loc[:, "anger"] = 99.0  # a copy: the model must not notice
    assert model.citizens()["anger"].max() < 99.0
    with pytest.raises(ScenarioError, match="no such role"):
        model.citizens(role="hero")
    with pytest.raises(ScenarioError, match="no such locality"):
        model.citizens(locality="Prot")


def test_datacollector_reports_the_daily_table(tiny: Path):
    model = finished(scenario=tiny, days=8)
    collected = model.datacollector.get_model_vars_dataframe().reset_index(drop=True)
    table = model.run().days.drop(columns="date")
    assert list(collected.columns) == ["seed", *table.columns]
    pd.testing.assert_frame_equal(collected.drop(columns="seed"), table, check_exact=True, check_dtype=False)


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_batch_run_of_mesa(tiny: Path, processes: int):
    parameters: dict[str, Any] = {"scenario": str(tiny), "centralisation": [0.0, 1.0], "days": 6}
    settings: dict[str, Any] = {
        "number_processes": processes,
        "data_collection_period": 1,
        "display_progress": False,
    }
    if "rng" in inspect.signature(mesa.batch_run).parameters:  # newer ones hand seeds on by this word only
        settings["rng"] = [3, 4]
    else:
        parameters["seed"] = [3, 4]
    rows = pd.DataFrame(mesa.batch_run(ProtestModel, parameters, **settings))
    groups = list(rows.groupby(["seed", "centralisation"]))
    assert len(groups) == 4
    for (seed, share), part in groups:
        run = sim.simulate(tiny, seed=int(seed), overrides={"movement.leadership.centralisation": share}, days=6)
        assert part["Step"].diff().iloc[1:].tolist() == [1.0] * 5  # Mesa counts from 0, newer ones from 1
        assert part["attending"].tolist() == run.days["attending"].tolist()
        assert part["treasury"].tolist() == run.days["treasury"].tolist()


def test_iterations_of_mesas_batch_run_differ_and_say_their_seeds(tiny: Path):
    settings: dict[str, Any] = {"iterations": 4, "number_processes": 1, "display_progress": False}
    rows = mesa.batch_run(ProtestModel, {"scenario": str(tiny), "days": 6}, **settings)
    seeds = [row["seed"] for row in rows]
    assert len(set(seeds)) == 4
    again = sim.simulate(tiny, seed=seeds[2], days=6).days.iloc[-1]
    numbers = [name for name in again.index if name in rows[2] and isinstance(again[name], int | float | np.number)]
    assert len({tuple(row[name] for name in numbers) for row in rows}) == 4
    assert [rows[2][name] for name in numbers] == [again[name] for name in numbers]
    assert ProtestModel(tiny).seed != ProtestModel(tiny).seed


@pytest.mark.parametrize("scenario", ["belarus-2020", "granovetter-1978"])
def test_no_slider_and_no_argument_is_called_as_a_number_that_is_reported(scenario: str):
    model = ProtestModel(scenario, 1, days=1, **({"persons_per_agent": 5000} if scenario == "belarus-2020" else {}))
    model.step()
    arguments = set(inspect.signature(ProtestModel).parameters) - {"seed"}
    assert not (set(CHOICES) | arguments) & set(model.datacollector.model_reporters)


def test_seed_and_rng_are_the_same_word(tiny: Path):
    by_seed, by_rng = finished(scenario=tiny, seed=11, days=4), finished(scenario=tiny, rng=11, days=4)
    assert by_seed.seed == by_rng.seed == 11
    pd.testing.assert_frame_equal(by_seed.run().days, by_rng.run().days, check_exact=True)
    assert ProtestModel(tiny, seed=np.int64(5)).seed == 5


def test_a_generator_is_drawn_from(tiny: Path):
    first, again = (ProtestModel(tiny, rng=np.random.default_rng(8)).seed for _ in range(2))
    assert first == again
    assert first != ProtestModel(tiny, rng=np.random.default_rng(9)).seed
    assert ProtestModel(tiny, rng=np.random.SeedSequence(8)).seed == first


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": 1, "rng": 2}, "either seed or rng"),
        ({"seed": "42"}, "seed: must be a whole number"),
        ({"seed": 1.5}, "seed: must be a whole number"),
        ({"seed": -1}, "seed: must lie in 0"),
        ({"days": 0}, "days: must be a whole number, at least 1"),
        ({"days": "3"}, "days: must be a whole number, at least 1"),
        ({"centralization": 0.5}, "there is no such slider, did you mean 'centralisation'"),
        ({"centralisation": "0.5"}, "centralisation: must be a number"),
        ({"centralisation": 1.5}, "movement.leadership.centralisation: must be at most 1"),
        ({"police": -1.0}, "police: must be at least 0"),
        ({"mean": 3.0}, "mean: there is no such slider"),
        ({"overrides": {"regime.agression_gain": 1.0}}, "did you mean 'regime.aggression_gain'"),
    ],
)
def test_mistakes_are_said_in_one_sentence(tiny: Path, arguments: dict[str, Any], message: str):
    with pytest.raises(ScenarioError) as caught:
        ProtestModel(tiny, **arguments)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_there_is_nothing_to_report_before_the_first_day(tiny: Path):
    model = ProtestModel(tiny, 1)
    assert (model.day, model.label, dict(model.frame.national)) == (0, "before the first day", {})
    assert model.frame.places["attending"].tolist() == [0, 0, 0]
    assert model.frame.places["police_loyal"].sum() > 0
    with pytest.raises(ProtestorateError, match="take a step first"):
        model.run()


def test_a_closed_model_lets_go_of_its_run(tiny: Path):
    model = ProtestModel(tiny, 1, threads=2)
    model.step()
    world = weakref.ref(model._running.state.world)  # type: ignore[union-attr]
    frame = model.frame
    model.close()
    model.close()
    gc.collect()
    assert world() is None
    assert model.frame is frame
    assert not model.running
    model.step()
    assert model.day == 1
    with pytest.raises(ProtestorateError, match="closed"):
        model.citizens()


def test_the_threshold_model_of_granovetter():
    model = finished(scenario="granovetter-1978", persons=60)
    run = sim.simulate("granovetter-1978", overrides={"population.persons": 60})
    pd.testing.assert_frame_equal(model.run().days, run.days, check_exact=True)
    assert model.outcome == run.outcome
    assert model.history.series("active")["active"].tolist() == run.days["active"].tolist()
    assert model.history.series("active")["step"].tolist() == list(range(1, 61))
    assert (model.country, model.date, model.levers) == (None, None, {})
    with pytest.raises(ProtestorateError, match="has no citizens"):
        model.citizens()


@pytest.mark.parametrize("name", ["belarus-2020", "granovetter-1978"])
def test_every_slider_changes_the_scenario_within_its_range(name: str):
    loaded = load(name)
    found = sliders(loaded)
    assert len(found) == (14 if name == "belarus-2020" else 1)
    for slider in found:
        assert slider.low <= slider.default <= slider.high, slider.name
        assert slider.low < slider.high
        assert 0 < slider.step <= (slider.high - slider.low) / 20
        assert "Source: " in slider.help
        assert overrides_of(loaded, {slider.name: slider.default}) == {}
        for end in (slider.low, slider.high):
            changes = overrides_of(loaded, {slider.name: end})
            changed = derive(loaded, changes)  # whatever a slider can reach is a valid scenario
            differing = {path for path, *_ in differences(loaded, changed)}
            assert differing == set(changes) - {"run.persons_per_agent"}
            assert differing <= set(slider.paths)


def test_a_factor_multiplies_every_value_and_stays_in_its_range():
    loaded = load("belarus-2020")
    halved = overrides_of(loaded, {"police": 0.5})
    assert halved == {
        f"police.forces.{name}.persons": round(force.persons / 2)
        for name, force in loaded.config.police.forces.items()  # type: ignore[attr-defined]
    }
    twice = overrides_of(loaded, {"internet_cuts": 2.0})
    assert twice == {"regime.shutdown_readiness": 0.4, "events.shutdown.effects.shutdown": 1.0}
    assert set(overrides_of(loaded, {"internet_cuts": 0.0}).values()) == {0.0}


def test_sliders_take_their_words_from_the_schema_and_the_ledger():
    found = {slider.name: slider for slider in sliders(load("belarus-2020"))}
    assert found["centralisation"].label == "how much coordination hangs on few leaders"
    assert found["threshold"].unit == "SD"
    assert found["hub_top_reach"].default == 0.24
    assert "validation-facts-belarus-2020" in found["hub_top_reach"].help
    assert "calibrated" in found["aggression_gain"].help
    assert list(found) == [name for name in CHOICES if name in found]
