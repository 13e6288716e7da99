"""A run that is copied or pickled goes on as if nothing had happened, and leaves the one it was copied of alone."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny_country import country_file

from sim.core.errors import ProtestorateError
from sim.mesa.model import ProtestModel
from sim.run.find import names
from sim.run.load import config_hash, load
from sim.run.result import Run
from sim.run.simulate import Running

WAYS: dict[str, Callable[[Any], Any]] = {
    "pickled": lambda one: pickle.loads(pickle.dumps(one)),
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
}


def ended(running: Running) -> Run:
    while running.running:
        running.advance()
    return running.result()


def assert_same(one: Run, other: Run) -> None:
    pd.testing.assert_frame_equal(one.days, other.days, check_exact=True)
    pd.testing.assert_frame_equal(one.localities, other.localities, check_exact=True)
    assert (one.outcome, one.summary, one.seed, one.data) == (other.outcome, other.summary, other.seed, other.data)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("scenario", "threads"), [("", 1), ("", 2), ("granovetter-1978", 1)])
def test_a_run_goes_on(tmp_path: Path, scenario: str, threads: int, way: str) -> None:
    loaded = load(scenario or country_file(tmp_path))
    expected = ended(Running(loaded, 7, threads))
    running = Running(loaded, 7, threads)
    for _ in range(9):
        running.advance()
    other = WAYS[way](running)
    assert_same(ended(other), expected)
    assert running.done == 9  # the one it was copied of has not moved
    assert_same(ended(running), expected)


@pytest.mark.parametrize("way", WAYS)
def test_a_mesa_model_goes_on_and_its_levers_work(tmp_path: Path, way: str) -> None:
    def until(model: ProtestModel, day: int) -> ProtestModel:
        while model.running and model.day < day:
            model.step()
        return model

    def begun() -> ProtestModel:
        model = until(ProtestModel(country_file(tmp_path), 5, days=25), 6)
        model.set_lever("shutdown", 0.7)
        return until(model, 9)

    def finish(model: ProtestModel) -> ProtestModel:
        model.set_lever("aggression", 0.9)
        until(model, 15)
        model.set_lever("shutdown", None)
        return until(model, 25)

    expected, model = finish(begun()), begun()
    other = finish(WAYS[way](model))
    assert (model.day, model.levers["aggression"]) == (9, None)
    for one in (other, finish(model)):
        assert_same(one.run(), expected.run())
        assert one.steps == expected.steps
        assert one.levers == expected.levers
        assert one.events_yaml() == expected.events_yaml()
        assert [frame.day for frame in one.history.frames()] == list(range(1, 26))
        collected = (each.datacollector.get_model_vars_dataframe() for each in (one, expected))
        pd.testing.assert_frame_equal(*collected, check_exact=True)


def test_a_checkpoint_goes_on_in_another_process(tmp_path: Path) -> None:
    running = Running(load(country_file(tmp_path)), 7)
    for _ in range(9):
        running.advance()
    file = tmp_path / "checkpoint"
    file.write_bytes(pickle.dumps(running))
    goes_on = (
        "import pickle, sys\n"
        "running = pickle.load(open(sys.argv[1], 'rb'))\n"
        "while running.running: running.advance()\n"
        "print(running.result().days['attending'].tolist())\n"
    )
    printed = subprocess.run([sys.executable, "-c", goes_on, file], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == str(ended(running).days["attending"].tolist())


def test_a_checkpoint_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = pickle.dumps(Running(load("granovetter-1978"), 1))
    monkeypatch.setattr("sim.run.simulate.version_of", lambda models: "0.0.0+another")
    with pytest.raises(ProtestorateError, match=r"cannot go on with 0\.0\.0\+another"):
        pickle.loads(kept)


def test_every_scenario_can_be_sent_to_another_process(tmp_path: Path) -> None:
    """All sections must be found by their names, also in a process that has loaded nothing yet."""
    loaded = [load(name) for name in names()]
    file = tmp_path / "scenarios"
    file.write_bytes(pickle.dumps(loaded))
    hashes = (
        "import pickle, sys\n"
        "from sim.run.load import config_hash\n"
        "print(*(config_hash(one) for one in pickle.load(open(sys.argv[1], 'rb'))))\n"
    )
    printed = subprocess.run([sys.executable, "-c", hashes, file], capture_output=True, text=True, check=True).stdout
    assert printed.split() == [config_hash(one) for one in loaded]
