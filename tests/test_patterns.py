"""Patterns: files that are valid, mistakes said at their place, and a small pattern from beginning to end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_patterns import of_runs
from test_report import Page, assert_self_contained
from typer.testing import CliRunner

from analysis.cli import app
from analysis.patterns.load import load_pattern, load_patterns, patterns
from analysis.patterns.put import put_to_the_test, result
from analysis.patterns.report import option_words, summary, tables, terminal_rows, write
from analysis.patterns.statistics import STATISTICS
from analysis.patterns.verdict import FAILS, HOLDS
from sim.core.errors import ProtestorateError, ScenarioError
from sim.core.share import share_dir
from sim.run.load import load
from sim.study import load_study

COARSE = {"run.persons_per_agent": 20_000}
CROWD = """\
title: Crowds
scenario: granovetter-1978
design:
  kind: list
  points:
    - {label: all thresholds}
    - {label: one missing, set: {population.persons: 3, population.thresholds: {kind: explicit, values: [0, 2, 2]}}}
replicates: 10
keep: {days: true}
pattern:
  says: A crowd with every threshold acts.
  checks:
    all:
      says: share that acts
      statistic: level
      options: {measure: share, at: all thresholds}
      expected: {above: 0.5}
      source: granovetter-1978
"""

SIZES = "share_by_size\n      options: {event: active, unit: day, points: all}"
LEVEL = "level\n      options: {measure: share, at: all thresholds}"


def write_file(folder: Path, text: str, name: str = "crowd.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# The patterns of the project


@pytest.fixture(scope="module")
def own() -> dict[str, object]:
    return {one.name: one for one in load_patterns(overrides=COARSE)}


def test_every_pattern_of_the_project_is_valid(own: dict[str, object]) -> None:
    """Loading raises for a name, option, source or label that its study does not have."""
    assert own.keys() == patterns().keys()
    assert len(own) >= 12


def test_every_statistic_is_described_where_patterns_are() -> None:
    text = (Path(__file__).resolve().parent.parent / "docs" / "patterns.md").read_text(encoding="utf-8")
    for name in (*STATISTICS, *patterns()):
        assert f"`{name}`" in text, name


def test_every_mechanism_is_switched_off_in_some_pattern(own: dict[str, object]) -> None:
    off = {
        path.removeprefix("mechanisms.")
        for name in ("ablation", "ablation-beset")
        for point in own[name].study.points  # type: ignore[attr-defined]
        for path in point.overrides
    }
    assert off == set(type(load("belarus-2020").config.mechanisms).model_fields)  # type: ignore[attr-defined]


def test_a_pattern_is_a_study_that_can_be_swept() -> None:
    study = load_study(share_dir("scenarios") / "studies" / "patterns" / "strikes-fade.yaml", COARSE)
    assert [point.label for point in study.points] == ["a month of savings", "four months of savings"]


# Mistakes


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("statistic: level", "statistic: levle", "15:18", "no such statistic (given 'levle'), did you mean 'level'"),
        ("measure: share,", "measure: shore,", "16:26", "did you mean 'share'"),
        ("at: all thresholds", "at: all treshholds", "16:37", "no point of the design has this label"),
        ("at: all", "att: all", "16:33", "unknown key, did you mean 'at'"),
        ("{above: 0.5}", "{above: 0.5, below: 0.2}", "17:37", "must be more than above"),
        ("{above: 0.5}", "{}", "17:7", "must say above, below or both"),
        (LEVEL, SIZES.replace("}", ", at: all thresholds}"), "16:60", "but the events of all count"),
        (LEVEL, SIZES, "16:51", "needs a design of kind latin_hypercube, whose points are independent (given 'list')"),
        ("source: granovetter-1978\n", "source: granoveter-1978\n", "18:15", "did you mean 'granovetter-1978'"),
        ("replicates: 10", "replicate: 10", "8:1", "did you mean 'replicates'"),
        ("      says: share that acts\n", "", "13:5", "says: is missing"),
        (LEVEL, "first_day\n      options: {column: activ, above: 1}", "16:25", "did you mean 'active'"),
        (LEVEL, "busiest_weekday\n      options: {column: active}", "16:7", "no calendar"),
        ("keep: {days: true}\n", "", "", ""),
    ],
)  # fmt: skip
def test_mistakes_are_said_at_their_place(tmp_path: Path, old: str, new: str, place: str, said: str) -> None:
    assert CROWD.count(old) == 1
    path = write_file(tmp_path, CROWD.replace(old, new))
    if not said:
        assert load_pattern(path).study.keep.days is False  # this statistic needs no days
        return
    with pytest.raises(ScenarioError) as caught:
        load_pattern(path)
    problem = caught.value.problems[0]
    assert said in str(problem)
    assert f"{problem.line}:{problem.column}" == place


def test_a_statistic_over_days_needs_them(tmp_path: Path) -> None:
    text = CROWD.replace("keep: {days: true}\n", "").replace("measure: share", "measure: 'max:active'")
    with pytest.raises(ScenarioError, match=r"needs keep: \{days: true\}"):
        load_pattern(write_file(tmp_path, text))


def test_all_mistakes_of_a_file_are_said_at_once(tmp_path: Path) -> None:
    text = CROWD.replace("measure: share", "measure: shore").replace("above: 0.5", "abov: 0.5").replace("10", "ten")
    with pytest.raises(ScenarioError) as caught:
        load_pattern(write_file(tmp_path, text))
    assert [problem.line for problem in caught.value.problems] == [8, 17]


def test_a_study_without_a_pattern_is_none(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="pattern: is missing"):
        load_pattern(write_file(tmp_path, CROWD[: CROWD.index("pattern:")]))


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    files = [write_file(folder, CROWD) for folder in (tmp_path, tmp_path / "other")]
    with pytest.raises(ProtestorateError, match="two of the patterns are called crowd"):
        load_patterns(files)


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    pattern = load_pattern(write_file(tmp_path, CROWD))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    with pytest.raises(ProtestorateError, match=r"letter\.txt"):
        put_to_the_test([pattern], tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


# From beginning to end


def test_a_pattern_that_holds_and_one_that_fails(tmp_path: Path) -> None:
    """With thresholds 0, 1, 2, … all act; without the 1 only one of three does (Granovetter 1978)."""
    several = CROWD.replace("replicates: 10", "replicates: 20")
    holds = load_pattern(write_file(tmp_path, several, "holds.yaml"))
    fails = load_pattern(write_file(tmp_path, several.replace("at: all thresholds", "at: one missing"), "fails.yaml"))
    results = put_to_the_test([holds, fails], tmp_path / "out", workers=1)
    assert [one.verdict for one in results] == [HOLDS, FAILS]
    assert results[0].checks[0].found.estimate == 1.0
    assert results[1].checks[0].found.estimate == pytest.approx(1.0 / 3.0)
    data = write(results, tmp_path / "out", "protestorate patterns")
    assert data == json.loads((tmp_path / "out" / "patterns.json").read_text())
    assert data["counts"] == {"holds": 1, "fails": 1, "undecided": 0}
    assert terminal_rows(results)[1][-1] == "fails"
    assert summary(results).startswith("1 of 2 patterns hold, 1 fail")
    assert_self_contained(Page(tmp_path / "out" / "patterns.html"))
    table = tables(results, "protestorate patterns")["patterns"]
    assert "by `protestorate patterns`" in table
    assert table.splitlines()[0].endswith(" 20 seeds.")
    assert "| `holds` **holds** | share that acts | above 0.5 | 1 (0.839 to 1) | holds |" in table
    assert "| `fails` **fails** | share that acts | above 0.5 | 0.333 (0.333 to 0.333) | **fails** |" in table
    assert table.endswith("1 of 2 patterns hold, 1 fail; 1 of 2 checks.")


def test_the_command_puts_all_patterns_into_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All patterns of the project would take long; here a crowd stands for them."""
    crowd = load_pattern(write_file(tmp_path, CROWD.replace("replicates: 10", "replicates: 20")))
    monkeypatch.setattr("analysis.patterns.put.chosen", lambda *arguments: (crowd,))
    monkeypatch.chdir(tmp_path)
    page = write_file(tmp_path, "<!-- begin: patterns -->\n<!-- end: patterns -->\nafter\n", "page.md")
    done = CliRunner().invoke(app, ["patterns", "--workers", "1", "--write", "page.md"])
    assert done.exit_code == 0, done.output
    assert "page.md: refreshed patterns" in done.output
    text = page.read_text(encoding="utf-8")
    assert "| `crowd` **holds** | share that acts | above 0.5 | 1 (0.839 to 1) | holds |" in text
    assert text.endswith("<!-- end: patterns -->\nafter\n")


def test_luck_that_is_too_small_decides_nothing(tmp_path: Path) -> None:
    pattern = load_pattern(write_file(tmp_path, CROWD))
    few = of_runs(["all thresholds", "one missing"], {"share": [[1.0] * 5, [0.3] * 5]})
    assert result(pattern, few).verdict == "undecided"  # type: ignore[arg-type]


BELARUS = """\
title: Sundays
scenario: belarus-2020
set: {run.persons_per_agent: 8000}
design: {kind: list, points: [{label: as it was}]}
replicates: 20
keep: {days: true, localities: true}
pattern:
  says: Sundays are the busiest, and the detained rise less than in proportion.
  checks:
    sundays:
      says: weeks with most on Sunday
      statistic: busiest_weekday
      options: {weekday: sunday, since: 2020-08-10}
      expected: {above: 0.2}
      source: lohmann-1994
    safety:
      says: elasticity
      statistic: size_elasticity
      options: {of: detained_today, unit: day}
      expected: {below: 5.0}
      source: epstein-2002
"""


def test_the_command_on_a_pattern_of_the_country(protestorate, tmp_path: Path) -> None:
    path = write_file(tmp_path, BELARUS, "sundays.yaml")
    planned = protestorate("patterns", path, "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "20 runs to do" in planned.stdout
    assert not (tmp_path / "results").exists()
    done = protestorate("patterns", path, "--workers", 1)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sundays: holds" in done.stdout
    assert "1 of 1 patterns hold; 2 of 2 checks" in done.stdout
    folder = tmp_path / "results" / "patterns-sundays"
    page = Page(folder / "patterns.html")
    assert_self_contained(page)
    assert page.tags.count("svg") == 1
    again = protestorate("patterns", path, "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["patterns"][0]["verdict"] == "holds"
    stricter = write_file(tmp_path, BELARUS.replace("above: 0.2", "above: 0.9999"), "sundays.yaml")
    failed = protestorate("patterns", stricter)
    assert failed.returncode == 1
    more = protestorate("patterns", stricter, "--replicates", 21, "--out", folder, "--json")
    assert json.loads(more.stdout)["runs"] == 21


def test_mistakes_of_the_command_are_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments, words in (
        (["safty-in-numbers"], ["there is no such pattern", "safety-in-numbers"]),
        (["safety-in-numbers", "--replicates", "quick-21"], ["quick-20"]),
        (["safety-in-numbers", "--replicates", "0"], ["replicates"]),
        (["safety-in-numbers", "--set", "run.person_per_agent=9"], ["persons_per_agent"]),
        (["safety-in-numbers", "--out", "."], ["--out"]),
        (["safety-in-numbers", "--write", "page.md"], ["--write", "leave the names out"]),
        (["--write", "page.md"], ["page.md: cannot be read"]),
    ):
        refused = CliRunner().invoke(app, ["patterns", *arguments])
        assert refused.exit_code == 2, refused
        assert refused.stdout == ""
        assert all(word in refused.stderr for word in words), refused.stderr
    assert list(tmp_path.iterdir()) == []


# Mistakes that came to light in runs


@pytest.mark.parametrize(
    ("statistic", "options", "said"),
    [
        ("nearest_point", "{measures: [share], to: all thresholds}", "options.to: is the only point of the design"),
        (
            "share_of", "{event: {outcomes: [quiet]}, by: share, at_least: 0.5, below: 0.1}",
            "options.below: must be more than at_least, which is 0.5",
        ),
        ("level", "{measure: 'max:active@', at: all thresholds}", "options.measure: names no locality after the @"),
        ("level", "{measure: 'max:active / ', at: all thresholds}", "options.measure: names nothing to divide by"),
    ],
)  # fmt: skip
def test_what_would_end_in_nothing_is_refused_before_it_runs(
    tmp_path: Path, statistic: str, options: str, said: str
) -> None:
    lines = [line for line in CROWD.splitlines() if "one missing" not in line]
    text = "\n".join(lines).replace(LEVEL, f"{statistic}\n      options: {options}")
    with pytest.raises(ScenarioError, match=said):
        load_pattern(write_file(tmp_path, text + "\n"))


def test_a_number_that_is_none_is_one_mistake(tmp_path: Path) -> None:
    text = CROWD.replace("above: 0.5", "above: .nan")
    with pytest.raises(ScenarioError) as caught:
        load_pattern(write_file(tmp_path, text))
    assert [problem.message for problem in caught.value.problems] == ["must be a finite number"]


def test_a_page_calls_columns_and_weekdays_as_people_do() -> None:
    assert option_words("column", "attending") == "turnout"
    assert option_words("weekday", "sunday") == "Sunday"
