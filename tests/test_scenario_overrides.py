"""Values set beside the file: by path, with every mistake named."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_scenario import VALID, Small, Town, Write, problems_of, writer
from tiny_country import country_file

from sim.core.errors import ScenarioError
from sim.core.keypath import is_name
from sim.run.load import load
from sim.scenario.overrides import parse_set, plain, written_set


def nested(levels: int) -> Any:
    """A list in a list in a list."""
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


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
        ("start", datetime.datetime(2020, 8, 9, 12), "must be a date without a time of day, such as 2020-08-09"),
        ("start", pd.NaT, "must be a date without a time of day, such as 2020-08-09"),
        ("start", np.datetime64("2020-08-09T12:00"), "must be a date without a time of day, such as 2020-08-09"),
        ("start", pd.Timestamp("2020-08-09", tz="UTC"), "must be a date without a time of day, such as 2020-08-09"),
        ("patron", Decimal("sNaN"), "must be a finite number"),
        ("patron", Fraction(10**400, 3), "must be a finite number"),
        ("patron", pd.NA, "a value of type NAType cannot stand in a scenario"),
        (
            "shares",
            {"a*b": 1.0},
            "a name must not be empty nor contain '*', '=', tabs, line breaks or hidden signs (given 'a*b')",
        ),
        ("about.title", "a\x00b", "holds a character that cannot be printed"),
        pytest.param("weights", nested(40), "is nested more than 30 levels deep", id="deep"),
        ("about.title", object, "a value of type type cannot stand in a scenario"),
    ],
)
def test_overrides_that_are_wrong(write: Write, path: str, value: object, expected: str) -> None:
    (problem,) = problems_of(write(VALID), {path: value})
    assert problem.startswith(f"--set {path}=")
    assert expected in problem
    if "did you mean" not in expected and "unknown" not in expected:
        assert problem.endswith(f": {path}: {expected}")


SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufeff\u2028\u2029"))
    | st.dates(datetime.date(1800, 1, 1), datetime.date(2200, 12, 31))
    | st.sampled_from(["no", "1e5", "010", "2020-08-09", "null", "", " a ", "'", '"', "a: b", "a#b", "[", "é", "1_000"])
)  # fmt: skip
NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="."), min_size=1).filter(
    is_name
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_what_is_written_after_set_is_read_as_the_same_value(value: object) -> None:
    given_value = plain(value)
    path, read = parse_set(written_set("a.b", given_value))
    assert path == "a.b"
    assert repr(plain(read)) == repr(given_value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.bool_(True), True),
        (np.float32(0.5), 0.5),
        (np.int8(3), 3),
        (np.str_("a"), "a"),
        (pd.Timestamp("2020-08-09"), datetime.date(2020, 8, 9)),
        (datetime.datetime(2020, 8, 9), datetime.date(2020, 8, 9)),
        (np.datetime64("2020-08-09"), datetime.date(2020, 8, 9)),
        (np.datetime64("2020-08-09", "ns"), datetime.date(2020, 8, 9)),
        (Decimal("5"), 5),
        (Decimal("-0.25"), -0.25),
        (Fraction(1, 4), 0.25),
        (np.array([1, 2]), [1, 2]),
        ({"a": (np.bool_(False), pd.Timestamp("2020-08-09"))}, {"a": [False, datetime.date(2020, 8, 9)]}),
    ],
)
def test_values_of_numpy_pandas_and_decimal_stand_for_pythons_own(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_values_of_tables_are_taken_as_overrides(write: Write) -> None:
    row = {"events.walk.shutdown": np.bool_(True), "start": pd.Timestamp("2021-01-01"), "patron": Decimal("0.25")}
    loaded = load(write(VALID), row)
    assert isinstance(loaded.config, Small)
    assert (loaded.config.start, loaded.config.patron) == (datetime.date(2021, 1, 1), 0.25)
    assert loaded.data["events"]["walk"]["shutdown"] is True


def test_a_thing_with_a_new_name_is_added_by_a_mapping(write: Write) -> None:
    added = {"kind": "shutdown", "strength": 0.2}
    assert load(write(VALID), {"events.second": added}).data["events"]["second"] == added
    problems = problems_of(write(VALID), {"events.second": {"kind": "shutdown", "strenght": 0.2}})
    assert any("events.second.strenght: unknown key, did you mean 'strength'?" in problem for problem in problems)
    (problem,) = problems_of(write(VALID), {"event.second": added})
    assert "unknown key path" in problem
    (problem,) = problems_of(write(VALID), {"about.second": added})
    assert "unknown key path" in problem


def test_names_that_look_alike_are_alike(write: Write) -> None:
    """An accent may be a letter of its own or part of one; both spell the same town."""
    file = write(VALID.replace("Grodno", "Hrodn\u00e9"))
    decomposed = "Hrodne\u0301"
    assert list(load(file).data["towns"]) == ["Minsk", "Hrodn\u00e9"]
    assert load(file, {f"towns.{decomposed}.population": 5}).data["towns"]["Hrodn\u00e9"]["population"] == 5
    child = write(f"model: small\nextends: case\ntowns: {{{decomposed}: {{population: 7}}}}\n", "child.yaml")
    assert load(child).data["towns"]["Hrodn\u00e9"]["population"] == 7
    assert len(load(child).data["towns"]) == 2


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
        ("a.b=[1, 2.5, {c: no one, d: 'it''s'}]", [1, 2.5, {"c": "no one", "d": "it's"}]),
        ("a.b={begin: 2020-08-09, x: null}", {"begin": datetime.date(2020, 8, 9), "x": None}),
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
        ("a.b=[1", "--set a.b=[1: a.b: a bracket that is never closed, or a missing comma"),
        (
            "a.b=[1e3]",
            "--set a.b=[1e3]: a.b.0: would be read as text, not as a number: write 1000 or 1.0e+3 (given '1e3')",
        ),
        ("a.b={c: 1, c: 2}", "--set a.b={c: 1, c: 2}: a.b.c: the key is already given in line 1, column 9"),
        ("a.b={c: 1}\nd: 2", "--set a.b={c: 1}\\nd: 2: a.b: is no list or mapping in one line"),
    ],
)
def test_parse_set_refuses(text: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_set(text)
    assert str(caught.value) == expected


def test_what_an_override_replaces_is_no_longer_of_the_file(tmp_path: Path) -> None:
    """What a whole section that was set lacks stands in the override, wherever the file had it."""
    with pytest.raises(ScenarioError) as caught:
        load(country_file(tmp_path), {"luck": {"country_luck": 0.0}})
    found = [str(problem) for problem in caught.value.problems]
    assert found[0] == "--set luck=a mapping: luck.place_luck: is missing"
    assert len(found) == 4
    assert all(text.startswith("--set luck=a mapping: luck.") for text in found)


def test_nothing_is_written_as_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"^--set institutions=null: institutions: must be a mapping"):
        load(country_file(tmp_path), {"institutions": None})


def test_a_mapping_that_is_too_long_is_counted(tmp_path: Path) -> None:
    court = {"members": "business", "opposition": 0.0, "independence": 0.1, "quorum": 0.5, "power": "annul"}
    many = {f"court {number}": court for number in range(65)}
    with pytest.raises(ScenarioError, match="institutions: must have at most 64 entries, it has 65"):
        load(country_file(tmp_path), {"institutions": many})


def test_quotation_marks_that_are_not_needed_are_said_to_be(tmp_path: Path) -> None:
    path = country_file(tmp_path)
    event = {"title": "x", "date": datetime.date(2021, 3, 2), "effects": {"trigger": 1.0}}
    assert "a: b + c" in load(path, {"events.a: b + c": event}).config.events
    for written, plainly in (('events."a: b + c"', "events.a: b + c"), ('"regime".ruler.doubt', "regime.ruler.doubt")):
        with pytest.raises(ScenarioError) as caught:
            load(path, {written: event if "events" in written else 0.5})
        (problem,) = caught.value.problems
        assert problem.message == "has quotation marks that it does not need"
        assert problem.nearest == plainly


def test_arrays_are_taken_element_by_element() -> None:
    assert plain(np.array(0.5)) == 0.5
    assert plain(np.array(["2020-08-09"], dtype="datetime64[ns]")) == [datetime.date(2020, 8, 9)]
    assert plain(np.array([[1, 2], [3, 4]])) == [[1, 2], [3, 4]]
    for masked in (np.ma.masked, np.ma.array([1.0, 2.0], mask=[False, True])):
        with pytest.raises(TypeError, match="is masked: there is no value"):
            plain(masked)


@pytest.mark.parametrize("path", [3, None, ("a", "b")])
def test_a_key_path_is_text(write: Write, path: Any) -> None:
    (problem,) = problems_of(write(VALID), {path: 1})
    assert str(problem).endswith(f"a key path is text, not {type(path).__name__}")
