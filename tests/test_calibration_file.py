"""Writing calibrated numbers into a scenario's file: nothing else in it changes."""

from __future__ import annotations

import difflib
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.calibration.case import find_case
from analysis.calibration.into_card import card_of, check_places, write_found
from analysis.calibration.record import path_of, read_record, with_numbers, write_scenario, written
from analysis.calibration.report import PLACES, tables
from analysis.cli import app
from analysis.report.document import refresh
from sim.core.errors import ProtestorateError, ScenarioError
from sim.evidence.sources import load_ledger, source_table
from sim.run.find import find
from sim.run.load import load

ROOT = Path(__file__).resolve().parents[1]

NOTE = "record analysis/calibration/records/belarus-2020.json"
VALUES = {
    "people.motive.threshold_mean": 4.21,
    "people.settlement_readiness.village": -0.25,
    "time.availability.working_day": 0.0123,
    "movement.hub.hub_growth": 0.00004,
}


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    return Path(shutil.copy(find("belarus-2020"), tmp_path))


def changed(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def test_only_the_numbers_change(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    before = "# what it is\na: {b: -0.5, c: 2}  # both\n\nd:\n  e:   1.0e-3   # kept\n  'f g': [1, 2]\n"
    file.write_text(before)
    after = with_numbers(file, {"a.b": 0.25, "a.c": -3.0, "d.e": 0.002})
    assert after == "# what it is\na: {b: 0.25, c: -3.0}  # both\n\nd:\n  e:   0.002   # kept\n  'f g': [1, 2]\n"


def test_a_value_that_stands_elsewhere_or_is_no_number_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text("a: {b: word}\n")
    with pytest.raises(ScenarioError, match=r"a\.c: is not written out in this file"):
        with_numbers(file, {"a.c": 1.0})
    with pytest.raises(ScenarioError, match="is no number"):
        with_numbers(file, {"a.b": 1.0})


def test_numbers_are_written_plainly() -> None:
    assert [written(value) for value in (0.3, 2.0, 0.00001, -0.5, 0.0)] == ["0.3", "2.0", "0.00001", "-0.5", "0.0"]


def test_the_scenario_keeps_its_comments_and_layout(scenario: Path) -> None:
    before = scenario.read_text()
    write_scenario(scenario, VALUES, VALUES, NOTE)
    after = scenario.read_text()
    values, _ = after.split("\nsources:\n")
    old_values, _ = before.split("\nsources:\n")
    assert len(values.splitlines()) == len(old_values.splitlines())
    assert len(changed(old_values, values)) == 2 * len(VALUES)
    assert [line for line in values.splitlines() if "#" in line] == [
        line for line in old_values.splitlines() if "#" in line
    ]
    loaded = load(scenario)
    assert loaded.data["people"]["motive"]["threshold_mean"] == 4.21
    assert loaded.data["movement"]["hub"]["hub_growth"] == 0.00004
    rows = {row.path: row for row in source_table(loaded.data, loaded.data["sources"], load_ledger())}
    for path in VALUES:
        assert rows[path].kind == "calibrated"
        assert NOTE in rows[path].note


def test_to_write_the_same_again_changes_nothing(scenario: Path) -> None:
    write_scenario(scenario, VALUES, VALUES, NOTE)
    once = scenario.read_text()
    write_scenario(scenario, VALUES, VALUES, NOTE)
    assert scenario.read_text() == once


def test_what_would_not_be_valid_is_not_written(scenario: Path) -> None:
    before = scenario.read_text()
    with pytest.raises(ScenarioError):
        write_scenario(scenario, {"time.availability.working_day": 7.0}, {}, NOTE)
    assert scenario.read_text() == before
    assert list(scenario.parent.iterdir()) == [scenario]


@pytest.fixture
def of_card(tmp_path: Path) -> Path:
    """Russia's scenario and its card, side by side."""
    for source in (find("russia-2022"), find("russia-2022").parent / "cards" / "russia-2022.card.yaml"):
        shutil.copy(source, tmp_path)
    return tmp_path / "russia-2022.yaml"


FOUND = {"people.motive.threshold_mean": 4.21, "movement.hub.call_weight": 7.5}


def test_what_is_found_for_a_scenario_that_is_made_of_a_card_is_written_into_the_card(of_card: Path) -> None:
    card = of_card.with_name("russia-2022.card.yaml")
    before, scenario = card.read_text(), of_card.read_text()
    assert card_of(of_card) == card
    assert write_found(of_card, FOUND, FOUND, NOTE) == card
    assert len(changed(before, card.read_text())) == len(changed(scenario, of_card.read_text())) == 2 * len(FOUND)
    data = load(of_card).data
    assert data["people"]["motive"]["threshold_mean"] == 4.21
    assert data["movement"]["hub"]["call_weight"] == 7.5
    assert card_of(of_card) == card
    assert sorted(path.name for path in of_card.parent.iterdir()) == ["russia-2022.card.yaml", "russia-2022.yaml"]


def test_a_card_that_lacks_what_is_searched_is_told_before_the_search_and_nothing_changes(of_card: Path) -> None:
    card = of_card.with_name("russia-2022.card.yaml")
    text, changed = re.subn(r"(trigger_gain: *\{is: [\d.]+, from: )calibrated", r"\1assumption", card.read_text())
    assert changed == 1
    card.write_text(text)
    arguments = ["new", "russia-2022", "--from", str(card), "--out", str(of_card), "--force"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    with pytest.raises(ScenarioError, match=r"people.motive.kin_weight: adds: lacks this"):
        check_places(of_card, {"people.motive.kin_weight": 0.0})
    with pytest.raises(ScenarioError, match="its source must be: calibrated"):
        write_found(of_card, {"people.emotion.trigger_gain": 2.0}, {}, NOTE)
    with pytest.raises(ScenarioError, match="working_day"):
        write_found(of_card, {"time.availability.working_day": 7.0}, {}, NOTE)
    assert card.read_text() == text
    assert len(list(of_card.parent.iterdir())) == 2


def test_a_scenario_that_was_changed_by_hand_is_written_itself(of_card: Path) -> None:
    of_card.write_text(of_card.read_text().replace("days: 60", "days: 59", 1))
    assert card_of(of_card) is None
    check_places(of_card, FOUND)
    assert write_found(of_card, FOUND, FOUND, NOTE) == of_card
    assert load(of_card).data["movement"]["hub"]["call_weight"] == 7.5


def test_what_was_held_out_is_put_into_its_own_place(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("<!-- begin: held-out -->\nold\n<!-- end: held-out -->\n")
    arguments = ["russia-2022", "--held-out", "--persons-per-agent", "20000", "--replicates", "1", "--workers", "1"]
    done = CliRunner().invoke(app, ["findings", "calibration", *arguments, "--write", str(document), "--quiet"])
    assert done.exit_code == 0, done.stderr
    text = document.read_text()
    assert "| detained on 6 March | persons | 5,200 (4,888 to 5,497) |" in text
    assert "old" not in text
    assert list(tmp_path.iterdir()) == [document]


def test_the_tables_of_a_document_are_those_that_the_record_has(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("# Title\n\n<!-- begin: search -->\nold\n<!-- end: search -->\n\nWords.\n")
    record = {
        "best": {"a.b": 0.5}, "searched": {"a.b": {"low": 0.1, "high": 2.0, "scale": "log"}},
        "command": "protestorate x", "model_version": "0", "evaluations": 9, "how": {"predictive": 7},
        "met": {"fit": 3, "of": 5}, "met_held_out": {"met": 1, "of": 2},
    }  # fmt: skip
    found = tables(record)
    assert list(found) == ["search"]
    assert "| `a.b` | 0.1 to 2 | 0.5 |" in found["search"]
    assert "meets 3 of 5 targets that it was fitted to, and 1 of 2 later ones" in found["search"]
    checked = {
        "met": 1,
        "rows": [],
        "runs": 2,
        "seeds": "x",
        "persons_per_agent": 1,
        "distance": 1.0,
        "date": "",
        "model_version": "",
    }
    touched = {"by": 0.05, "runs": 10, "met": [2, 1, 3], "met_held_out": [0, 1, 1]}
    own = {"by": 0.05, "runs": 10, "met": [9, 4, 6]}
    more = tables({**record, "check": checked, "touched": touched, "check_touched": own})
    assert set(more) == set(PLACES)
    assert "by up to 5% of itself: a median of 2 (1 to 3) and a median of 1 (0 to 1) are left" in more["search"]
    assert "Over 3 sets of 10 runs each in which every value that the scenario has" in more["search"]
    assert "by up to 5% of itself: a median of 6 (4 to 9) of all 0 targets are left" in more["search"]
    with pytest.raises(ProtestorateError, match="no place for the table 'targets'"):
        refresh(document, more)
    assert "old" in document.read_text()


def test_a_report_without_its_places_is_refused_before_anything_runs(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("# Title\n")
    arguments = ["belarus-2020", "--write", str(document), "--records", str(tmp_path), "--quiet"]
    done = CliRunner().invoke(app, ["findings", "calibration", *arguments])
    assert done.exit_code == 2
    assert "no place for the table 'targets'" in done.stderr
    assert document.read_text() == "# Title\n"
    assert list(tmp_path.iterdir()) == [document]


@pytest.mark.parametrize(("case", "document"), [("belarus-2020", "calibration"), ("russia-2022", "russia-2022")])
def test_documents_say_what_the_records_say(case: str, document: str) -> None:
    """A table refreshed without its record, or a record without its document, would part them."""
    text = (ROOT / "docs" / f"{document}.md").read_text(encoding="utf-8")
    for name, table in tables(read_record(path_of(find_case(case)))).items():
        assert f"<!-- begin: {name} -->\n\n{table}\n\n<!-- end: {name} -->" in text, name
