"""Writing calibrated numbers into a scenario's file: nothing else in it changes."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.calibration.record import with_numbers, write_scenario, written
from analysis.calibration.report import PLACES, tables
from analysis.cli import app
from analysis.report.document import refresh
from sim.core.errors import ProtestorateError, ScenarioError
from sim.evidence.sources import load_ledger, source_table
from sim.run.find import find
from sim.run.load import load

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
    more = tables({**record, "check": checked, "touched": {"by": 0.05, "runs": 10, "met": [9, 4, 6]}})
    assert set(more) == set(PLACES)
    assert "by up to 5% of itself: a median of 6 of all 0 targets, 4 to 9 over 3 sets of 10 runs" in more["search"]
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
