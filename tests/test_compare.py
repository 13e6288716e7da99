"""The command compare, end to end, on real runs; and its mistakes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from compare_sides import SEEDS, side
from test_report import Page, assert_self_contained

from analysis.compare import Comparison, compare, compare_sides, write_comparison
from analysis.compare.figures import curves, standing_caption
from analysis.compare.things import seeds_of, things_of
from analysis.compare.write import record_of
from sim.core.errors import ProtestorateError
from sim.evidence.replicates import replicate_seeds
from sim.run.store import as_json

COARSE = "run.persons_per_agent=1000"
NO_SHUTDOWN = "belarus-2020 mechanisms.shutdown=false events.shutdown=null"
ABOUT = "about: {title: A title, summary: A summary., question: A question?, authors: [me]}\n"


def numbers(text: str) -> Any:
    """Parse JSON that must not hold NaN or infinities."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compare")


@pytest.fixture(scope="module")
def made(folder: Path) -> Comparison:
    """Belarus 2020, a copy of it and a variant without the shutdown, six seeds each, in few agents."""
    (folder / "copy.yaml").write_text(f"extends: belarus-2020\n{ABOUT}", encoding="utf-8")
    return compare(
        ["belarus-2020", folder / "copy.yaml", NO_SHUTDOWN],
        folder / "out",
        replicates=6,
        overrides={"run.persons_per_agent": 1000},
        labels=["as it was", "copy", "no <shutdown>"],
        figures=("svg",),
        workers=1,
    )


def test_a_copy_differs_in_nothing(made: Comparison):
    copy = made.contrasts[0]
    assert copy.identical
    assert copy.changes == []
    assert all((row.mean, row.p, row.verdict) == (0, 1, "no difference in any pair") for row in copy.effects)
    assert all((row.difference, row.only_a, row.only_b, row.p) == (0, 0, 0, 1) for row in copy.outcomes)
    assert all(row.touched is row.first is None for row in copy.partings)
    assert all(place.parting.touched is None for place in copy.places)
    assert len(copy.places) == 63


def test_a_variant_differs_from_the_day_on_which_its_change_takes_effect(made: Comparison):
    variant = made.contrasts[1]
    assert not variant.identical
    turnout = variant.partings[0]
    assert variant.axis is not None
    # Shared luck: until the shutdown of 9 August begins to matter the two are the same to the last person.
    assert str(variant.axis.key(turnout.touched)) >= "2020-08-09"
    assert {change.path for change in variant.changes} == {"mechanisms.shutdown", "events.shutdown"}
    event = next(change for change in variant.changes if change.path == "events.shutdown")
    assert "until: 2020-08-11" in event.old
    assert "tt-31" in event.old_source
    assert (event.new, event.new_source) == ("not there", "")


def test_comparison_json_says_what_the_report_says(made: Comparison, folder: Path):
    record = numbers((folder / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert record == json.loads(as_json(record_of(made)))
    assert [one["identical"] for one in record["comparisons"]] == [True, False]
    variant = record["comparisons"][1]
    assert variant["seeds"] == sorted(replicate_seeds("quick-20")[:6])
    assert variant["pairs"] == 6
    (peak,) = [row for row in variant["numbers"] if row["name"] == "peak_turnout"]
    assert peak["mean"] == pytest.approx(peak["mean_b"] - peak["mean_a"])
    assert peak["mean_interval"]["low"] <= peak["mean"] <= peak["mean_interval"]["high"]
    assert variant["days"][0] == "2020-08-01"
    assert {len(curve) for row in variant["series"] for curve in row["quantiles"]["a"].values()} == {140}
    assert {row["title"] for row in variant["series"]} >= {"Turnout", "People in detention", "Legitimacy of the regime"}


def test_the_report_is_whole_self_contained_and_escaped(made: Comparison, folder: Path):
    page = Page(folder / "out" / "report.html")
    assert page.open == []
    assert_self_contained(page)
    assert len(set(page.values("id"))) == len(page.values("id"))
    for words in (
        "no <shutdown>", "No difference at all in 6 pairs of runs", "Nothing that the model reads",
        "mechanisms.shutdown", "Person-days of protest", "Where turnout parts", "When the trajectories part",
        "Limits and responsible use", "protestorate compare belarus-2020", "--replicates 6", f"--set {COARSE}",
    ):  # fmt: skip
        assert words in page.text, words
    figures = {path.stem for path in (folder / "out" / "figures").iterdir()}
    assert {f"figure-{name}" for name in figures} == {name for name in page.values("id") if name.startswith("figure-")}
    assert figures >= {"effects", "series-attending", "series-police-defected", "places-2"}
    assert (folder / "out" / "figures" / "effects.svg").stat().st_size > 5000


def test_the_same_again_runs_nothing_and_gives_the_same(made: Comparison, folder: Path, protestorate):
    before = {path: path.stat().st_mtime_ns for path in (folder / "out" / "study" / "runs").iterdir()}
    text = (folder / "out" / "comparison.json").read_text(encoding="utf-8")
    again = protestorate(
        "compare", "belarus-2020", "copy.yaml", NO_SHUTDOWN, "--replicates", "6", "--set", COARSE, "--out", "out",
        "--label", "as it was", "--label", "copy", "--label", "no <shutdown>", "--workers", "1", "--json",
        folder=folder,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert numbers(again.stdout) == numbers(text)
    assert {path: path.stat().st_mtime_ns for path in (folder / "out" / "study" / "runs").iterdir()} == before


@pytest.fixture(scope="module")
def crowds(folder: Path) -> Path:
    """A comparison's folder of Granovetter's model: thresholds of three spreads, ten seeds."""
    files = []
    for name, spread in (("narrow", 10.0), ("wide", 14.0), ("<wider>", 18.0)):
        thresholds = f"population: {{thresholds: {{kind: normal, mean: 25.0, spread: {spread}}}}}\n"
        files.append(folder / f"{name}.yaml")
        files[-1].write_text(f"extends: granovetter-1978\n{ABOUT}{thresholds}", encoding="utf-8")
    compare(files, folder / "crowds", replicates=10, workers=1)
    return folder / "crowds"


def test_a_model_without_places_or_dates(crowds: Path):
    page = Page(crowds / "report.html")
    assert_self_contained(page)
    assert "figure-series-active" in page.values("id")
    found, _ = numbers((crowds / "comparison.json").read_text(encoding="utf-8"))["comparisons"]
    assert [(row["name"], row["verdict"]) for row in found["numbers"]] == [("active", "higher"), ("share", "higher")]
    assert [row["name"] for row in found["series"]] == ["active", "share"]
    assert found["localities"] == []
    assert found["days"][0] == 1
    (change,) = found["changes"]
    assert (change["path"], change["old"], change["new"]) == ("population.thresholds.spread", "10", "14")


def test_points_of_a_study_are_compared_without_running(crowds: Path, folder: Path, protestorate):
    shown = protestorate("compare", "crowds/study:narrow", "crowds/study:2", "--out", "points", folder=folder)
    assert shown.returncode == 0, shown.stderr
    for words in ("A title (<wider>) against A title (narrow)", "outcome: ", "Persons acting", "points/report.html"):
        assert words in shown.stdout
    alone, whole = (
        numbers((place / "comparison.json").read_text(encoding="utf-8"))["comparisons"][-1]
        for place in (folder / "points", crowds)
    )
    assert [row["p"] for row in alone["numbers"]] == [row["p"] for row in whole["numbers"]]
    assert [row["quantiles"] for row in alone["series"]] == [row["quantiles"] for row in whole["series"]]
    assert sorted(path.name for path in (folder / "points").iterdir()) == ["comparison.json", "report.html"]


def test_a_study_stands_for_all_its_points_and_may_be_limited(crowds: Path, folder: Path):
    assert [thing.label for thing in things_of([crowds])] == ["narrow", "wide", "<wider>"]
    limited = compare([crowds / "study"], folder / "limited", replicates=3)
    assert [contrast.pairs.seeds.size for contrast in limited.contrasts] == [3, 3]
    assert any("with 3 pairs no difference" in note for note in limited.contrasts[0].notes)


def test_scenarios_take_the_seeds_of_the_study_beside_them(made: Comparison, folder: Path):
    things = things_of([f"{folder / 'out'}:0", "belarus-2020 run.persons_per_agent=1000"])
    assert seeds_of(None, things) == replicate_seeds("quick-20")[:6]
    assert seeds_of(None, things[1:]) == replicate_seeds("quick-20")
    assert seeds_of("standard-100", things) == replicate_seeds("standard-100")
    assert seeds_of("3", things) == seeds_of(3, things) == replicate_seeds("quick-20")[:3]


@pytest.mark.parametrize(
    ("things", "words"),
    [
        (["belarus-2020"], "name two things or more"),
        (["belarus-2020", "belarus-2020"], "'belarus-2020' is named twice"),
        (["belarus-2020", "belarus-202"], "did you mean 'belarus-2020'"),
        (["belarus-2020", "belarus-2020 regime.agression_gain=1"], "did you mean 'regime.aggression_gain'"),
        (["belarus-2020", 'belarus-2020 "'], "a quotation mark has no fellow"),
        (["belarus-2020", "granovetter-1978"], "different models"),
        (["granovetter-1978", "granovetter-1978 population.thresholds={}"], "the key 'kind' is missing"),
        (["belarus-2020", "."], "is a folder without a study"),
    ],
)
def test_mistakes_are_said_and_nothing_is_written(things, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProtestorateError, match=words):
        compare(things, "out")
    assert list(tmp_path.rglob("*.parquet")) == []


def test_mistakes_with_studies(crowds: Path, tmp_path: Path):
    study = crowds / "study"
    for things, words, more in (
        ([f"{study}:wid", f"{study}:0"], "did you mean 'wide'", {}),
        ([f"{study}:7", f"{study}:0"], "its 3 points are numbered from 0", {}),
        ([f"{study}:0", f"{study}:narrow"], "is named twice", {}),
        ([study], "values can be set in scenarios only", {"overrides": {"time.steps": 3}}),
        ([study], "3 things to compare and 1 labels", {"labels": ["one"]}),
        ([study], "the label 'a' is given twice", {"labels": ["a", "a", "b"]}),
        ([study], "replicates: must be 1 to 1000", {"replicates": 0}),
        ([study], "did you mean 'quick-20'|quick-20", {"replicates": "quick-21"}),
        ([study], "^--measure: .* did you mean 'active'", {"measures": ["actve"]}),
        ([study], "picture format 'gif'", {"figures": ["gif"]}),
    ):
        with pytest.raises(ProtestorateError, match=words):
            compare(things, tmp_path / "out", **more)
        assert not (tmp_path / "out").exists(), words


def test_a_folder_that_holds_something_else_is_left_alone(crowds: Path, tmp_path: Path):
    (tmp_path / "diary.txt").write_text("mine")
    study = crowds / "study"
    with pytest.raises(ProtestorateError, match=r"holds 'diary.txt' .* left alone"):
        compare([study], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]
    with pytest.raises(ProtestorateError, match="is a file"):
        compare([study], tmp_path / "diary.txt")
    shutil.copytree(crowds, tmp_path / "copy")
    before = (tmp_path / "copy" / "report.html").read_bytes()
    with pytest.raises(ProtestorateError, match="holds the comparison of narrow, wide, <wider>"):
        compare([f"{study}:0", f"{study}:2"], tmp_path / "copy")
    assert (tmp_path / "copy" / "report.html").read_bytes() == before
    compare([f"{study}:0", f"{study}:2"], tmp_path / "copy", force=True)
    assert (tmp_path / "copy" / "report.html").read_bytes() != before


def test_the_command_says_mistakes_in_one_line(protestorate):
    result = protestorate("compare", "belarus-2020", "belarus-2020")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "'belarus-2020' is named twice; it would be compared with itself\n"


def test_sides_made_by_hand_can_be_written(tmp_path: Path):
    """Falls, runs that end early, one run alone and no daily numbers: every report is whole."""
    outcomes = ["falls"] * 6 + ["contested"] * 6
    falling = side("falling", shift=20.0, outcomes=outcomes, lengths=[7] * 6 + [10] * 6)
    alone = side("alone", seeds=SEEDS[:1], start="1989-10-02", shift=5.0)
    bare = side("bare", start=None)
    bare = type(bare)(bare.label, bare.origin, bare.data, bare.runs)
    for number, sides in enumerate(([side("a"), falling], [side("a"), alone], [side("a"), bare, falling])):
        target = tmp_path / str(number)
        page = Page(write_comparison(compare_sides(sides), target))
        assert_self_contained(page)
        numbers((target / "comparison.json").read_text(encoding="utf-8"))
        assert ("Days that the regime stands" in page.text) == (falling in sides)
        assert ("figure-standing" in page.values("id")) == (falling in sides)


def test_how_long_the_regime_stands_is_kaplan_and_meiers_curve():
    outcomes = ["falls"] * 3 + ["flees"] * 3 + ["negotiates"] * 6
    falling = side("falling", outcomes=outcomes, lengths=[7] * 3 + [9] * 3 + [2] * 6)
    comparison = compare_sides([side("a"), falling])
    (_, days, standing), (label, falls, still) = curves(comparison)
    assert (days.tolist(), standing.tolist()) == ([0, 10], [1, 1])
    assert (label, falls.tolist()) == ("falling", [0, 7, 9, 10])
    assert still == pytest.approx([1, 0.75, 0.5, 0.5])
    assert "At the horizon of 10 days it stands in 100% of “a”, 50% of “falling”" in standing_caption(comparison)
