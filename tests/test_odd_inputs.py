"""Odd inputs that were let through, or were answered in more than a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mini_country import MINI, mini
from typer.testing import CliRunner

from analysis.cli import app
from sim.core.errors import Problem, ProtestorateError, ScenarioError
from sim.measures.language import parse
from sim.run.load import check, load
from sim.run.store import PARTS, read_run
from sim.study.design import labels
from sim.study.load import load_study
from sim.study.manifest import open_manifest
from sim.study.plan import plan, value_at
from sim.study.seeds import seeds_asked


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    mini(tmp_path)
    return tmp_path


def refused(*words: str) -> list[str]:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 2, result.output
    return result.stderr.splitlines()


@pytest.mark.parametrize("letter", ["\n", "\t", "\r", "\x85", "\u2028", "\u2029"])
def test_names_without_line_breaks(here: Path, letter: str) -> None:
    written = {"\n": r"\n", "\t": r"\t", "\r": r"\r", "\x85": r"\N", "\u2028": r"\L", "\u2029": r"\P"}[letter]
    (here / "bad.yaml").write_text(MINI.replace("Aville", f'"A{written}ville"'), encoding="utf-8")
    (problem,) = [one for one in check(["bad.yaml"]) if "a name must not" in one.message]
    assert "\n" not in str(problem)
    assert problem.line == 9
    with pytest.raises(ScenarioError):
        load("mini.yaml", {f"events.a{letter}b": {"title": "x", "date": "2020-08-03", "effects": {}}})


def test_a_message_is_one_line_whatever_was_given(here: Path) -> None:
    for path in ("a\nb", "regime.\x1b[31mx", "\u2028", "x\r\ny"):
        lines = refused("run", "mini.yaml", "--set", f"{path}=1")
        assert len(lines) == 1
        assert lines[0].isprintable()
    assert str(Problem("no", "a\nb", "c\x1bd", 1, 2)) == r"c\x1bd:1:2: a\nb: no"


LEVELS = (
    "days>1e999",
    "day>-1e400*employed",
    "cities(1e999)",
    "cities(0)",
    "cities(-1)",
    f"days>{'9' * 5000}",
    "days>--",
)


@pytest.mark.parametrize("text", [f"{level}:attending" for level in LEVELS])
def test_levels_are_finite_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="must have a finite number") as caught:
        parse(text)
    assert len(str(caught.value)) < 120


def test_a_study_is_no_scenario(here: Path) -> None:
    (here / "s.yaml").write_text(
        "scenario: mini.yaml\ndesign: {kind: grid, parameters: {regime.aggression_gain: [0.1]}}\n", encoding="utf-8"
    )
    said = ["s.yaml:2:1: design: this is a study, not a scenario: protestorate sweep runs it"]
    for command in ("run", "check", "sources", "odd"):
        assert refused(command, "s.yaml") == said
    assert refused("compare", "s.yaml", "mini.yaml") == said


def test_a_card_is_no_scenario(here: Path) -> None:
    (here / "c.yaml").write_text("country: SDN\ntrigger_kind: economic\ntrigger_date: 2018-12-19\n", encoding="utf-8")
    said = "c.yaml:2:15: trigger_kind: this is a card, not a scenario: protestorate new NAME --from makes one of it"
    assert refused("run", "c.yaml") == refused("check", "c.yaml") == [said]


def test_a_study_of_the_project_is_no_scenario_and_a_scenario_no_study(here: Path) -> None:
    for name in ("shutdown-and-hub", "shutdown-and-hub.yaml"):
        for command in ("run", "check", "sources", "odd"):
            assert refused(command, name) == [f"{name}: this is a study, not a scenario: protestorate sweep runs it"]
    for name in ("belarus-2020", "belarus-2020.yaml"):
        assert refused("sweep", name) == [f"{name}: this is a scenario, not a study: a study has a design"]


def test_a_dry_run_refuses_a_folder_that_the_sweep_refuses(here: Path) -> None:
    text = "scenario: mini.yaml\ndesign: {kind: list, points: [{label: a}]}\nreplicates: 1\n"
    (here / "s.yaml").write_text(text, encoding="utf-8")
    study = load_study("s.yaml")
    open_manifest(here, plan(study))
    assert CliRunner().invoke(app, ["sweep", "s.yaml", "--out", str(here), "--dry-run"]).exit_code == 0
    (line,) = refused("sweep", "s.yaml", "--out", str(here), "--set", "regime.aggression_gain=0.5", "--dry-run")
    assert "belongs to the study 's', which differs in its scenario or its design" in line
    other = here / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine", encoding="utf-8")
    (line,) = refused("sweep", "s.yaml", "--out", "other", "--dry-run")
    assert "holds 'notes.txt' that is not of a study" in line


def test_a_dry_run_reads_what_failed_as_the_sweep_does(here: Path) -> None:
    (here / "s.yaml").write_text(
        "scenario: granovetter-1978\ndesign: {kind: list, points: [{label: a}]}\nreplicates: 2\n", encoding="utf-8"
    )
    study = load_study("s.yaml")
    planned = plan(study)
    folder = here / "f"
    folder.mkdir()
    open_manifest(folder, planned)
    (run, _) = planned.runs([0], range(2))
    entry = {
        "run_id": run.run_id,
        "point": 0,
        "label": "a",
        "replicate": 0,
        "seed": run.seed,
        "reason": "no",
        "details": "",
    }
    (folder / "failures.json").write_text(json.dumps([entry]), encoding="utf-8")
    dry = ("sweep", "s.yaml", "--out", "f", "--dry-run")
    shown = [json.loads(CliRunner().invoke(app, [*dry, "--json", *more]).stdout) for more in ((), ("--retry-failed",))]
    assert [(one["runs_failed"], one["runs_to_do"]) for one in shown] == [(1, 1), (1, 2)]
    assert "failed before" in CliRunner().invoke(app, list(dry)).stdout
    (folder / "failures.json").write_text("[{", encoding="utf-8")
    (line,) = refused(*dry)
    assert line.startswith("f/failures.json: is damaged")
    assert refused("sweep", "s.yaml", "--out", "f") == [line]


@pytest.mark.parametrize("side", ["mini.yaml '", "mini.yaml regime.aggression_gain='0.5", 'mini.yaml about.title="a b'])
def test_a_quotation_mark_without_its_fellow_is_said(here: Path, side: str) -> None:
    assert refused("compare", "mini.yaml", side) == [f"{side}: a quotation mark has no fellow"]


def test_a_damaged_table_of_a_run_is_named(here: Path) -> None:
    (here / "r").mkdir()
    parts = {name: kind() for name, kind in PARTS.items()}
    (here / "r" / "run.json").write_text(json.dumps({"program": "protestorate"} | parts), encoding="utf-8")
    (here / "r" / "days.parquet").write_bytes(b"PAR1")
    with pytest.raises(ProtestorateError, match=r"days\.parquet: is missing or damaged"):
        read_run(here / "r")


def test_very_many_mistakes_are_not_said_to_be_one_more(here: Path) -> None:
    (here / "many.yaml").write_text("\n".join(f"k{number}: 1" for number in range(300)), encoding="utf-8")
    lines = refused("check", "many.yaml")
    assert lines[-1] == "there are more problems like these: mend them first"
    assert not any("and 1 more" in line for line in lines)


def test_what_only_a_file_can_say_is_refused_as_that_and_with_its_place(here: Path) -> None:
    for key, value in (("model", "epstein-2002"), ("extends", "egypt-2011"), ("replaces", "[places.localities]")):
        (line,) = refused("run", "mini.yaml", "--set", f"{key}={value}")
        assert line.endswith(f"{key}: can only be set in a file"), line
    (line,) = refused("run", "mini.yaml", "--set", "sources.places=null")
    assert (
        line
        == "--set sources.places=null: sources.places: cannot be overridden: a source stands in the scenario's file"
    )


def test_a_sum_of_inhabitants_is_said_in_a_sentence(here: Path) -> None:
    (line,) = refused("run", "mini.yaml", "--set", "places.localities.Aville=null")
    assert "places.population: must be 30000, which places.localities hold together (given 60000)" in line
    (here / "s.yaml").write_text(
        "scenario: mini.yaml\ndesign: {kind: grid, parameters: {places.localities.Aville: [null]}}\nreplicates: 1\n",
        encoding="utf-8",
    )
    (line,) = refused("sweep", "s.yaml", "--dry-run")
    assert "then places.population must be 30000, which places.localities hold together" in line


@pytest.mark.parametrize("letter", ["\n", "\t", "\u2028", "\x1b"])
def test_labels_without_line_breaks(here: Path, letter: str) -> None:
    written = {"\n": r"\n", "\t": r"\t", "\u2028": r"\L", "\x1b": r"\e"}[letter]
    (here / "s.yaml").write_text(
        f'scenario: mini.yaml\ndesign: {{kind: list, points: [{{label: "a{written}b"}}]}}\nreplicates: 1\n',
        encoding="utf-8",
    )
    (line,) = refused("sweep", "s.yaml", "--dry-run")
    assert line.startswith("s.yaml:2:39: design.points.0.label: must be one line of text")
    (line,) = refused("compare", "mini.yaml", "belarus-2020", "--label", f"a{letter}b", "--label", "c")
    assert line.startswith("--label: must be one line of text")
    assert line.isprintable()


def test_names_of_things_to_compare_are_not_empty(here: Path) -> None:
    assert refused("compare", "", "mini.yaml") == ["one of the things to compare has no name"]
    (line,) = refused("compare", "mini.yaml", "belarus-2020", "--label", " ", "--label", "b", "--replicates", "0")
    assert line == "--label: must not be empty"
    (here / "s.yaml").write_text(
        'scenario: mini.yaml\ndesign: {kind: list, points: [{label: " "}]}\nreplicates: 1\n', encoding="utf-8"
    )
    assert refused("sweep", "s.yaml", "--dry-run") == [
        "s.yaml:2:39: design.points.0.label: must not be empty (given ' ')"
    ]


def test_labels_made_of_values_are_one_line() -> None:
    assert labels([{"about.title": "a\nb"}, {"about.title": "a"}]) == [r"title=a\nb", "title=a"]


def test_a_study_cannot_be_extended(here: Path) -> None:
    (here / "e.yaml").write_text(MINI.replace("extends: belarus-2020", "extends: shutdown-and-hub"), encoding="utf-8")
    (line,) = refused("check", "e.yaml")
    assert line.startswith("e.yaml:1:10: extends: this is a study, not a scenario")


@pytest.mark.parametrize("text", ["9" * 5000, "-" + "9" * 5000, "--5", "0", "1001"])
def test_numbers_of_replicates_that_nobody_means(text: str) -> None:
    """Python itself reads no number of more than 4,300 digits."""
    with pytest.raises(ProtestorateError) as caught:
        seeds_asked(text)
    assert len(str(caught.value)) < 200


def test_a_step_of_thousands_of_digits_leads_nowhere() -> None:
    assert value_at({"a": [1, 2]}, f"a.{'9' * 5000}") is None
    with pytest.raises(ScenarioError):
        load("belarus-2020", {f"movement.stances.{'9' * 5000}": 1})
