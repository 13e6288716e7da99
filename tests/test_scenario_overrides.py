"""Values set beside the file: by path, with every mistake named."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from small_scenario import VALID, Small, Town, Write, problems_of, writer

from sim.core.errors import ScenarioError
from sim.run.load import load
from sim.scenario.overrides import parse_set


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    return writer(tmp_path, monkeypatch)


def test_overrides_set_values_of_the_data_and_of_the_schema(write: Write) -> None:
    path = write(VALID)
    overrides = {
        "towns.Minsk.population": np.int64(7),
        "towns.Minsk.kind": "village",
        "weights.1": np.float64(0.25),
        "patron": None,
        "events.walk": None,
        "start": datetime.date(2021, 1, 1),
        "shares": {"young": 1.0},
    }
    loaded = load(path, overrides)
    assert isinstance(loaded.config, Small)
    assert loaded.config.towns["Minsk"] == Town(population=7, kind="village")
    assert loaded.config.weights == [1.0, 0.25]
    assert loaded.config.patron is None
    assert list(loaded.config.events) == ["cut"]
    assert loaded.config.start == datetime.date(2021, 1, 1)
    assert loaded.config.shares == {"young": 1.0}
    assert load(path).data["towns"]["Minsk"] == {"population": 2_000_000}


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("towns.Minsk.populaton", 5, "unknown key path, did you mean 'towns.Minsk.population'?"),
        ("strength", 0.5, "unknown key path, did you mean 'events.cut.strength'?"),
        ("towns.Mnsk.population", 5, "unknown key path, did you mean 'towns.Minsk.population'?"),
        ("patrom", 5, "unknown key path, did you mean 'patron'?"),
        ("towns.Brest.population", 5, "unknown key path, did you mean 'towns.Minsk.population'?"),
        ("events.new", None, "unknown key path"),
        ("weights.2", 5, "unknown key path, did you mean 'weights.1'?"),
        ("weights.-1", 5, "unknown key path, did you mean 'weights.1'?"),
        ("", 5, "unknown key path"),
        ("..", 5, "unknown key path"),
        ("model", "small", "can only be set in a file"),
        ("extends", "base", "can only be set in a file"),
        ("towns.Minsk.population", -5, "must be at least 1 (given -5)"),
        ("towns.Minsk.population", "no", "must be a whole number (given 'no')"),
        ("events.cut.strength", float("nan"), "must be a finite number (given nan)"),
        pytest.param("events.cut.strength", 10**5000, "is too large a number", id="huge"),
        ("start", datetime.date(9999, 12, 31), "must be a day of the years 1800 to 2200"),
        ("start", datetime.datetime(2020, 8, 9), "a value of type datetime cannot stand in a scenario"),
        ("about.title", object, "a value of type type cannot stand in a scenario"),
    ],
)
def test_overrides_that_are_wrong(write: Write, path: str, value: object, expected: str) -> None:
    (problem,) = problems_of(write(VALID), {path: value})
    assert problem.startswith(f"--set {path}=")
    assert expected in problem
    if "did you mean" not in expected and "unknown" not in expected:
        assert problem.endswith(f": {path}: {expected}")


def test_an_override_names_itself_in_full(write: Write) -> None:
    expected = "--set towns.Minsk.population=-5: towns.Minsk.population: must be at least 1 (given -5)"
    assert problems_of(write(VALID), dict([parse_set("towns.Minsk.population=-5")])) == [expected]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=5", 5),
        ("a.b = -0.5", -0.5),
        ("a.b=true", True),
        ("a.b=null", None),
        ("a.b=", None),
        ("a.b=2020-08-09", datetime.date(2020, 8, 9)),
        ("a.b='no'", "no"),
        ("a.b=x=y", "x=y"),
    ],
)
def test_parse_set(text: str, value: object) -> None:
    assert parse_set(text) == ("a.b", value)
    assert type(parse_set(text)[1]) is type(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b", "--set a.b: must be written as key.path=value"),
        ("=5", "--set =5: must be written as key.path=value"),
        ("a.b=.nan", "--set a.b=.nan: a.b: must be a finite number (given '.nan')"),
        (
            "a.b=[1]",
            "--set a.b=[1]: a.b: takes a single value; lists and mappings are set in a file with 'extends'",
        ),
    ],
)
def test_parse_set_refuses(text: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_set(text)
    assert str(caught.value) == expected
