"""Where a scenario is found, what it extends, and where its sources' problems stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_scenario import VALID, Sourced, Write, changed, problems_of, shipped_folder, writer

import sim.models.interface
from sim.run.find import find, names
from sim.run.load import load


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    return writer(tmp_path, monkeypatch)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return shipped_folder(tmp_path, monkeypatch)


def test_a_child_wins_and_lists_are_replaced_whole(write: Write) -> None:
    base = write(VALID, "base.yaml")
    middle = write("extends: base\ntowns:\n  Minsk:\n    population: 5\nweights: [9]\n", "middle.yaml")
    top = write("extends: middle.yaml\nevents:\n  walk: null\n  new: {kind: march}\n", "top.yaml")
    loaded = load(top)
    assert loaded.chain == (top, middle, base)
    assert loaded.data["towns"] == {
        "Minsk": {"population": 5},
        "Grodno": {"population": 370000, "kind": "city"},
    }
    assert loaded.data["weights"] == [9]
    assert list(loaded.data["events"]) == ["cut", "new"]
    assert "extends" not in loaded.data


def test_a_problem_is_shown_in_the_file_that_caused_it(write: Write) -> None:
    write(changed("370000", "-1"), "base.yaml")
    write("# variant\nextends: base\ntowns:\n  Minsk: {population: -2}\n  Brest: {kind: city}\n", "top.yaml")
    assert problems_of("top.yaml") == [
        "top.yaml:4:23: towns.Minsk.population: must be at least 1 (given -2)",
        "base.yaml:8:17: towns.Grodno.population: must be at least 1 (given -1)",
        "top.yaml:5:3: towns.Brest.population: is missing",
    ]


def test_a_parent_is_found_beside_its_child_or_by_name(write: Write, shipped: Path) -> None:
    (shipped / "classics").mkdir()
    (shipped / "classics" / "base.yaml").write_text(VALID)
    write("extends: base\nweights: [7]\n", "here/top.yaml")
    assert load("here/top.yaml").chain[1] == shipped / "classics" / "base.yaml"
    beside = write(VALID, "here/base.yaml")
    assert load("here/top.yaml").chain[1].resolve() == beside.resolve()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("nowhere", "top.yaml:2:10: extends: there is no such scenario (given 'nowhere')"),
        ("basse", "top.yaml:2:10: extends: there is no such scenario (given 'basse'), did you mean 'base'?"),
        ("[a, b]", "top.yaml:2:1: extends: must be the name or path of one scenario (given a list)"),
        ("", "top.yaml:2:1: extends: must be the name or path of one scenario (given nothing)"),
        ("top", "top.yaml:2:10: extends: goes round in a circle: top.yaml extends top.yaml (given 'top')"),
        (".", "top.yaml:2:10: extends: there is no such scenario (given '.')"),
    ],
)
def test_extends_that_leads_nowhere(write: Write, shipped: Path, value: str, expected: str) -> None:
    (shipped / "base.yaml").write_text(VALID)
    path = write(f"# variant\nextends: {value}\n", "top.yaml")
    assert problems_of(path) == [expected]


def test_a_circle_of_three(write: Write) -> None:
    write("extends: b\n", "a.yaml")
    write("extends: c\n", "b.yaml")
    write("extends: ./a.yaml\n", "c.yaml")
    circle = "a.yaml extends b.yaml extends c.yaml extends a.yaml"
    assert problems_of("a.yaml") == [f"c.yaml:1:10: extends: goes round in a circle: {circle} (given './a.yaml')"]


def test_problems_of_child_and_broken_parent_together(write: Write) -> None:
    write("a: [\n", "base.yaml")
    write("extends: base\nx: no\n", "top.yaml")
    places = [problem.split(": ")[0] for problem in problems_of("top.yaml")]
    assert places == ["top.yaml:2:4", "base.yaml:2:1"]


def test_names_leave_out_studies(write: Write, shipped: Path) -> None:
    for name in ("belarus-2020", "classics/granovetter-1978", "studies/sweep"):
        path = shipped / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(VALID)
    assert names() == {
        "belarus-2020": shipped / "belarus-2020.yaml",
        "granovetter-1978": shipped / "classics" / "granovetter-1978.yaml",
    }
    assert find("granovetter-1978") == find("granovetter-1978.yaml") == names()["granovetter-1978"]
    Path("belarus-2020").mkdir()  # such as a folder of results
    assert find("belarus-2020") == names()["belarus-2020"]
    own = write(VALID, "belarus-2020.yaml")
    assert find("belarus-2020.yaml").resolve() == own.resolve()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("belarus-2021", "belarus-2021: there is no such scenario, did you mean 'belarus-2020'?"),
        (
            "some/belarus2020.yaml",
            "some/belarus2020.yaml: there is no such scenario, did you mean 'belarus-2020'?",
        ),
        ("zzz", "zzz: there is no such scenario"),
        ("", ".: is a folder, not a scenario"),
        ("folder", "folder: is a folder, not a scenario"),
        ("a\0b", "a\\x00b: there is no such scenario"),
        ("x" * 300, "x" * 100 + "…" + "x" * 99 + ": there is no such scenario"),
    ],
)
def test_a_scenario_that_is_not_there(write: Write, shipped: Path, name: str, expected: str) -> None:
    (shipped / "belarus-2020.yaml").write_text(VALID)
    Path("folder").mkdir()
    assert problems_of(name) == [expected]


def test_problems_of_sources_have_their_place(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.models.interface, "schema_of", lambda name: Sourced)
    text = VALID + "sources:\n  start: assumption\n  weights: no-such-claim\n  towns.Mink: assumption\n"
    problems = problems_of(write(text))
    unknown_id = [problem for problem in problems if "no-such-claim" in problem]
    unknown_path = [problem for problem in problems if "towns.Mink" in problem]
    unsourced = [problem for problem in problems if problem.startswith("case.yaml:4:1: towns: ")]
    assert len(unknown_id) == len(unknown_path) == len(unsourced) == 1, problems
    assert unknown_id[0].startswith("case.yaml:16:")
    assert unknown_path[0].startswith("case.yaml:17:")


def test_complete_sources_pass_and_overrides_need_none(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.models.interface, "schema_of", lambda name: Sourced)
    lines = [f"  {key}: assumption\n" for key in ("start", "towns", "events", "weights")]
    path = write(VALID + "sources:\n" + "".join(lines))
    assert load(path, {"patron": 0.7}).data["patron"] == 0.7


def test_a_removed_entry_takes_its_sources_along(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.models.interface, "schema_of", lambda name: Sourced)
    keys = ("start", "towns", "events", "events.walk", "events.walk.kind", "weights")
    write(VALID + "sources:\n" + "".join(f"  {key}: assumption\n" for key in keys), "base.yaml")
    loaded = load(write("extends: base\nevents: {walk: null}\n", "top.yaml"))
    assert list(loaded.data["sources"]) == ["start", "towns", "events", "weights"]


def test_replaced_parts_of_the_parent_are_dropped_whole_with_their_sources(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sim.models.interface, "schema_of", lambda name: Sourced)
    keys = ("start", "towns", "towns.Minsk", "events", "weights")
    sources = "sources:\n" + "".join(f"  {key}: assumption\n" for key in keys)
    base = write(VALID + sources, "base.yaml")
    text = "extends: base\nreplaces: [towns]\ntowns:\n  Lima: {population: 5}\nsources:\n  towns.Lima: assumption\n"
    loaded = load(write(text, "top.yaml"))
    assert loaded.chain[1] == base
    assert loaded.data["towns"] == {"Lima": {"population": 5}}
    assert list(loaded.data["sources"]) == ["start", "events", "weights", "towns.Lima"]
    assert "replaces" not in loaded.data


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[town]", "replaces.0: the extended scenario has no such part (given 'town'), did you mean 'towns'?"),
        ("towns", "replaces: must be a list of key paths (given 'towns')"),
        ("[1]", "replaces: must be a list of key paths (given a list)"),
    ],
)
def test_replaces_names_parts_that_there_are(write: Write, value: str, expected: str) -> None:
    write(VALID, "base.yaml")
    write(f"extends: base\nreplaces: {value}\n", "top.yaml")
    assert [problem.partition(": ")[2] for problem in problems_of("top.yaml")] == [expected]


def test_replaces_without_extends_is_an_unknown_key(write: Write) -> None:
    write(VALID + "replaces: [towns]\n", "top.yaml")
    assert any("replaces" in problem for problem in problems_of("top.yaml"))
