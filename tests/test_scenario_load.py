"""A scenario checked: what is wrong, where it stands, and how it reads."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pytest
from small_scenario import VALID, Small, Write, changed, problems_of, writer

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.run.load import check, config_hash, load, resolved_json


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    return writer(tmp_path, monkeypatch)


def test_a_valid_scenario(write: Write) -> None:
    path = write(VALID)
    loaded = load(path)
    assert isinstance(loaded.config, Small)
    assert loaded.config.towns["Minsk"].population == 2_000_000
    assert loaded.config.weights == [1.0, 2.5]
    assert loaded.data["start"] == datetime.date(2020, 8, 9)
    assert (loaded.path, loaded.chain) == (path, (path,))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "    population: 2000000",
            "    populaton: 2000000",
            [
                "case.yaml:5:3: towns.Minsk.population: is missing",
                "case.yaml:6:5: towns.Minsk.populaton: unknown key, did you mean 'population'?",
            ],
        ),
        ("start: 2020-08-09\n", "", ["case.yaml:1:1: start: is missing"]),
        (
            "2000000",
            "many",
            ["case.yaml:6:17: towns.Minsk.population: must be a whole number (given 'many')"],
        ),
        (
            "2000000",
            "2.5",
            ["case.yaml:6:17: towns.Minsk.population: must be a whole number (given 2.5)"],
        ),
        (
            "2000000",
            "true",
            ["case.yaml:6:17: towns.Minsk.population: must be a whole number (given true)"],
        ),
        ("2000000", "-5", ["case.yaml:6:17: towns.Minsk.population: must be at least 1 (given -5)"]),
        ("2000000", "", ["case.yaml:6:5: towns.Minsk.population: must be a whole number (given nothing)"]),
        (
            "strength: 0.5",
            "strength: 1.5",
            ["case.yaml:11:35: events.cut.strength: must be at most 1 (given 1.5)"],
        ),
        (
            "strength: 0.5",
            "strength: .nan",
            ["case.yaml:11:35: events.cut.strength: must be a finite number (given '.nan')"],
        ),
        (
            "{kind: march}",
            "{kind: march, shutdwon: true}",
            ["case.yaml:12:23: events.walk.shutdwon: unknown key, did you mean 'shutdown'?"],
        ),
        (
            "{kind: march}",
            "{kind: march, shutdown: 1}",
            ["case.yaml:12:33: events.walk.shutdown: must be true or false (given 1)"],
        ),
        (
            "{kind: march}",
            "{kind: walk}",
            ["case.yaml:12:3: events.walk: the key 'kind' must be one of 'shutdown', 'march', it is 'walk'"],
        ),
        ("{kind: march}", "{}", ["case.yaml:12:3: events.walk: the key 'kind' is missing"]),
        (
            "kind: city",
            "kind: citty",
            ["case.yaml:9:11: towns.Grodno.kind: must be 'city' or 'village' (given 'citty'), did you mean 'city'?"],
        ),
        ("[1, 2.5]", "[1, two]", ["case.yaml:13:14: weights.1: must be a number (given 'two')"]),
        ("[1, 2.5]", "7", ["case.yaml:13:10: weights: must be a list (given 7)"]),
        (
            "[1, 2.5]",
            "[1]\nlevel: []",
            ["case.yaml:14:1: level: must be a number, or must be text (given a list)"],
        ),
        ("[1, 2.5]", "[1]\npatron: 0", ["case.yaml:14:9: patron: must be more than 0 (given 0)"]),
        (
            "start: 2020-08-09",
            "start: August",
            ["case.yaml:3:8: start: must be a date such as 2020-08-09 (given 'August')"],
        ),
        ("{title: A case}", "7", ["case.yaml:2:8: about: must be a mapping of keys to values (given 7)"]),
        ("{title: A case}", "{title: 7}", ["case.yaml:2:16: about.title: must be text (given 7)"]),
        (
            "weights: [1, 2.5]",
            "shares: {young: 0.5, old: 0.6}",
            ["case.yaml:13:1: shares: must add to 1 (given 1.1)"],
        ),
        (
            "model: small",
            "model: smal",
            ["case.yaml:1:8: model: there is no such model (given 'smal'), did you mean 'small'?"],
        ),
        ("model: small", "model: [1]", ["case.yaml:1:1: model: there is no such model (given a list)"]),
        (
            "  Grodno:",
            "  Minsk:",
            ["case.yaml:7:3: towns.Minsk: the key is already given in line 5, column 3"],
        ),
        (
            "  Grodno:",
            "  St. Peter*:",
            [
                'case.yaml:7:3: towns."St. Peter*": '
                "a name must not be empty nor contain '*', '=', tabs, line breaks or hidden signs"
            ],
        ),
        ("    kind: city", "\tkind: city", ["case.yaml:9:1: a tab in the indentation; use spaces"]),
    ],
)
def test_what_is_wrong_and_where(write: Write, old: str, new: str, expected: list[str]) -> None:
    assert problems_of(write(changed(old, new))) == expected


def test_a_mapping_without_entries(write: Write) -> None:
    text = "model: small\nabout: {title: A case}\nstart: 2020-08-09\ntowns: {}\n"
    assert problems_of(write(text)) == ["case.yaml:4:1: towns: must have at least 1 entry, it has 0"]


def test_yaml_and_schema_problems_come_together(write: Write) -> None:
    text = VALID.replace("2000000", "2_000_000").replace("370000", "0").replace("strength: 0.5", "strength: no")
    assert [problem.split(": ")[:2] for problem in problems_of(write(text))] == [
        ["case.yaml:6:17", "towns.Minsk.population"],
        ["case.yaml:11:35", "events.cut.strength"],
        ["case.yaml:8:17", "towns.Grodno.population"],
    ]


def test_check_reports_every_file_once(write: Write) -> None:
    good = write(VALID, "good.yaml")
    bad = write(changed("2000000", "-1"), "bad.yaml")
    write("extends: bad\nweights: [3]\n", "child.yaml")
    found = [str(problem) for problem in check([good, bad, "child.yaml", bad, "none.yaml"])]
    assert found == [
        "bad.yaml:6:17: towns.Minsk.population: must be at least 1 (given -1)",
        "none.yaml: there is no such scenario",
    ]
    assert check([good]) == []


def test_json_and_hash(write: Write) -> None:
    first = load(write(VALID))
    again = load(write("# a comment\n" + changed("{title: A case}", "{title: Another}"), "again.yaml"))
    other = load(write(changed("strength: 0.5", "strength: 0.6"), "other.yaml"))
    default = load(write(VALID + "patron: 0.5\n", "default.yaml"))
    assert config_hash(first) == config_hash(again) == config_hash(default)
    assert config_hash(first) != config_hash(other)
    assert len(config_hash(first)) == 64
    data = json.loads(resolved_json(first))
    assert data["start"] == "2020-08-09"
    minsk, grodno = "  Minsk:\n    population: 2000000\n", "  Grodno:\n    population: 370000\n    kind: city\n"
    turned = load(write(changed(minsk + grodno, grodno + minsk), "turned.yaml"))
    assert config_hash(turned) == config_hash(first), "the order of named things changes no run"
    assert resolved_json(first) != resolved_json(again)


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem("is wrong"), "is wrong"),
        (
            Problem("is wrong", "a.b", "f.yaml", 3, 4, "'x'", "y"),
            "f.yaml:3:4: a.b: is wrong (given 'x'), did you mean 'y'?",
        ),
        (Problem("is wrong", "a.b", "--set a.b=1"), "--set a.b=1: a.b: is wrong"),
    ],
)
def test_how_a_problem_reads(problem: Problem, expected: str) -> None:
    assert str(problem) == expected


def test_all_problems_are_printed() -> None:
    assert str(ScenarioError([Problem("one"), Problem("two")])) == "one\ntwo"


def test_values_are_shortened() -> None:
    assert len(shown("x" * 10**6)) == 60
    assert shown("x" * 58) == f"'{'x' * 58}'"
    assert shown(10**5000) == "a very large number"


def test_nearest() -> None:
    assert nearest("MINSK", ["Grodno", "Minsk"]) == "Minsk"
    assert nearest("zzz", ["Grodno", "Minsk"]) == ""


def test_a_scenario_is_loaded_where_the_folder_one_stands_in_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path.cwd())  # where to go back to
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    once, again = load("granovetter-1978"), load("granovetter-1978")
    assert once.data == again.data
