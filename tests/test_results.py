"""Results declare themselves: what is recorded is what is declared, and all that is said of it follows from there."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from study_helpers import crowd, crowds

import sim
from analysis.compare.effects import measures_of
from analysis.compare.series import kinds_of
from analysis.compare.sides import Side, pair
from analysis.describe.results import document
from analysis.report.run import write_report
from sim.core.errors import ProtestorateError
from sim.measures.labels import words
from sim.measures.language import faults, parse, what_runs_have
from sim.models import granovetter_1978
from sim.models.declarations import Declarations, expanded
from sim.models.interface import Engine, declared
from sim.models.mobilisation import results
from sim.models.results import RESULTS_FORMAT, Result
from sim.page import chart_choice
from sim.page.charts import Timeline
from sim.run.find import find, names
from sim.run.load import load
from sim.run.simulate import Running
from sim.run.store import write_run
from sim.study.execute import run_study

CLONE = Path(__file__).resolve().parent.parent
COARSE = {"persons_per_agent": 20_000, "days": 3}


@pytest.fixture(scope="module")
def run() -> sim.Run:
    return sim.simulate("belarus-2020", **COARSE)


def number(name: str = "poems", unit: str = "poems", kind: str = "count", **more: Any) -> Result:
    return Result(name, unit, kind, **({"label": "poems read aloud", "about": "read in the streets today"} | more))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "ratio"}, "the kind must be one of"),
        ({"combine": "product"}, "combine must be one of"),
        ({"unit": ""}, "a number needs a unit"),
        ({"unit": "0 to 1"}, "the unit of shares and levels"),
        ({"kind": "share", "unit": "percent"}, "the unit of shares and levels"),
        ({"kind": "word"}, "has no unit"),
        ({"name": "poems_*"}, "members and each go together"),
        ({"each": "poet"}, "members and each go together"),
        ({"label": ""}, "needs a label"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(wrong: dict[str, str], said: str):
    with pytest.raises(ValueError, match=said):
        number(**wrong)


@pytest.mark.parametrize(
    ("kind", "unit", "value", "text", "quantity"),
    [
        ("count", "persons", 250_000, "250,000", "250,000 persons"),
        ("amount", "SD", 0.5, "0.5", "0.5 SD"),
        ("count", "persons", 1, "1", "1 person"),
        ("count", "localities", 1, "1", "1 locality"),
        ("count", "person-days", 1, "1", "1 person-day"),
        ("amount", "ties", 1.0, "1", "1 tie"),
        ("amount", "persons a day", 1.0, "1", "1 person a day"),
        ("amount", "SD", 1.0, "1", "1 SD"),
        ("count", "persons", 0, "0", "0 persons"),
        ("share", "0 to 1", 0.123, "12%", "12%"),
        ("level", "0 to 1", 1.0, "100%", "100%"),
        ("word", "", "mass_march", "mass march", "mass march"),
        ("amount", "SD", float("nan"), "–", "–"),
        ("amount", "SD", 3.7e-9, "nearly 0", "nearly 0 SD"),
        ("amount", "SD", -3.7e-9, "nearly 0", "nearly 0 SD"),
    ],
)
def test_a_value_is_written_by_its_kind(kind: str, unit: str, value: Any, text: str, quantity: str):
    one = number(kind=kind, unit=unit)
    assert (one.text(value), one.quantity(value)) == (text, quantity)


def test_what_never_happened_is_said_in_words():
    assert number(unit="days", never="no mass protest").quantity(-1) == "no mass protest"


def test_a_family_has_a_column_a_member_and_is_their_sum():
    family = number("poems_*", each="poet", members=lambda config: config, label="poems by *")
    columns = expanded([number("other"), family], ["Janka Kupala", "Bykau"])
    assert [one.name for one in columns] == ["other", "poems_Janka_Kupala", "poems_Bykau"]
    assert [one.label for one in columns[1:]] == ["poems by Janka Kupala", "poems by Bykau"]
    known = Declarations(columns)
    assert list(known) == ["other", "poems_Janka_Kupala", "poems_Bykau"]
    assert known["poems_*"] is family
    assert known.parts("poems_*") == columns[1:]
    assert known.parts("other") == columns[:1]
    assert known.main() == columns[:1]  # none is a main one, so all but families are
    assert Declarations(expanded([number("other"), replace(family, main=True)], ["Bykau"])).main()[0].name == "poems_*"


@pytest.mark.parametrize("scenario", ["belarus-2020", "granovetter-1978"])
def test_what_is_recorded_is_what_is_declared(scenario: str):
    found = sim.simulate(scenario, **(COARSE if scenario == "belarus-2020" else {}))
    assert list(found.days) == [one.name for one in found.declared.columns]
    assert list(found.localities) == [one.name for one in found.declared.places]
    assert list(found.summary) == [one.name for one in found.declared.numbers]


def test_kinds_are_those_of_the_values(run: sim.Run):
    for table, known in ((run.days, run.declared.columns), (run.localities, run.declared.places)):
        for one in known:
            values = table[one.name]
            if one.kind == "count":
                assert values.dtype == np.int64, one.name
            elif one.is_fraction:
                assert values.between(0.0, 1.0).all(), one.name
            assert one.is_number == (values.dtype.kind in "iuf"), one.name
    for one in run.declared.numbers:
        assert one.is_number == isinstance(run.summary[one.name], int | float), one.name


def test_a_model_that_records_more_than_it_declares_is_told(monkeypatch: pytest.MonkeyPatch):
    fewer = replace(granovetter_1978.ENGINE, columns=lambda config: granovetter_1978.COLUMNS[:-1])
    monkeypatch.setattr(granovetter_1978, "ENGINE", fewer)
    running = Running(load("granovetter-1978"), 1)
    running.advance()
    with pytest.raises(TypeError, match=r"granovetter-1978: 'share' is recorded and not declared in Engine.columns"):
        running.result()


def test_a_model_must_declare_its_results():
    with pytest.raises(TypeError, match=r"columns.*places.*numbers"):
        Engine(*[None] * 9)  # type: ignore[arg-type, call-arg]


def test_each_result_is_called_something_of_its_own(run: sim.Run):
    for known in (run.declared.columns, run.declared.places, run.declared.numbers):
        labels = [one.label for one in known]
        assert sorted(labels) == sorted(set(labels))


def test_the_document_of_results_is_as_generated():
    assert (CLONE / "docs" / "results.md").read_text(encoding="utf-8") == document()


def test_the_columns_of_one_scenario_can_be_listed(run: sim.Run):
    text = document("belarus-2020")
    for known in (run.declared.columns, run.declared.places, run.declared.numbers):
        assert all(f"| `{one.name}` |" in text for one in known)


def fields(path: Path) -> dict[str, dict[str, str]]:
    return {
        field.name: {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        for field in pq.read_schema(path)
    }


def test_parquet_files_say_what_their_fields_are(run: sim.Run, tmp_path: Path):
    folder = write_run(run, tmp_path / "run", force=False)
    for name, known in (("days", run.declared.columns), ("localities", run.declared.places)):
        found = fields(folder / f"{name}.parquet")
        assert all(found[one.name].items() >= one.metadata().items() for one in known)
    record = json.loads((folder / "run.json").read_text())
    assert record["provenance"]["results_format"] == RESULTS_FORMAT


def test_a_study_says_what_its_fields_are_and_of_which_format(tmp_path: Path):
    run_study(crowds(2, 2), tmp_path / "study", workers=1)
    own = sim.simulate(crowd(100)).declared
    for table, known in (("days", own.columns), ("runs", own.numbers)):
        shard = next((tmp_path / "study" / table).iterdir())
        found = fields(shard)
        assert all(found[one.name].items() >= one.metadata().items() for one in known if one.name != "outcome")
        origin = json.loads(pq.read_metadata(shard).metadata[b"protestorate"])
        assert origin["results_format"] == RESULTS_FORMAT
    assert json.loads((tmp_path / "study" / "study.json").read_text())["results_format"] == RESULTS_FORMAT


@pytest.mark.parametrize("given", [None, RESULTS_FORMAT + 1])
def test_a_study_of_another_format_is_not_taken_up(tmp_path: Path, given: int | None):
    folder = tmp_path / "study"
    run_study(crowds(2, 2), folder, workers=1)
    manifest = json.loads((folder / "study.json").read_text())
    manifest["identity"].pop("results_format")
    if given is not None:
        manifest["identity"]["results_format"] = given
    (folder / "study.json").write_text(json.dumps(manifest))
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    with pytest.raises(ProtestorateError, match=f"has results of format {given or 1}, and this version") as caught:
        run_study(crowds(2, 2), folder, workers=1)
    assert "\n" not in str(caught.value)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


def test_a_column_or_number_is_one_declaration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Whatever shows results knows a new one from its declaration alone."""
    column = Result(
        "days_below_notice", "days", "count", of="nation.quiet_days", combine="last", group="The world", main=True,
        label="days in a row below notice",
    )  # fmt: skip
    total = Result(
        "notice_lost", "days", "count", of="days_below_notice", combine="last", main=True,
        label="days below notice at the end",
    )  # fmt: skip
    monkeypatch.setattr(results, "COLUMNS", (*results.COLUMNS, column))
    monkeypatch.setattr(results, "NUMBERS", (*results.NUMBERS, total))
    run = sim.simulate("belarus-2020", **COARSE)
    assert run.days["days_below_notice"].tolist() == [1, 2, 3]
    assert run.summary["notice_lost"] == 3
    folder = write_run(run, tmp_path / "run", force=False, extras=lambda folder: write_report(run, folder))
    assert fields(folder / "days.parquet")["days_below_notice"]["unit"] == "days"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<td>days in a row below notice</td><td>last 3 days</td>" in page
    assert '<th scope="row">days below notice at the end</th><td>3 days</td>' in page
    loaded = load("belarus-2020", {"run.seed": 229})  # what follows is kept: one that none asked of
    assert faults(parse("max:days_below_notice"), what_runs_have(loaded.config)) == []
    assert words(parse("max:days_below_notice")) == "highest days in a row below notice"
    assert "notice_lost" in what_runs_have(loaded.config).numbers
    assert "| `days_below_notice` | days | days in a row below notice |" in document()
    runs = pd.DataFrame([{"seed": 1, "outcome": "contested", **run.summary}])
    side = Side("A", "", run.data, runs, run.days.assign(seed=1), declared=run.declared)
    pairs = pair(side, side)
    assert [kind.title for kind in kinds_of(pairs) if kind.name == column.name] == ["Days in a row below notice"]
    assert [one.unit for one in measures_of(pairs) if one.name == total.name] == ["days"]
    charts = chart_choice.differences(*[{column.name: np.arange(3.0)}] * 2, Timeline(3, None), run.declared.columns)
    assert [chart.title for chart in charts] == ["Days in a row below notice"]


ELSEWHERE = ("analysis", "sim/core", "sim/figures", "sim/mesa", "sim/page", "sim/run", "sim/study")
"""Where results are shown; in the rooms of the models state and parameters are described, too, in their own words."""


def texts(folder: str) -> Iterator[tuple[str, str]]:
    """Every text in the code of a folder, with its place; docstrings and parts of sentences with numbers are none."""
    for path in sorted((CLONE / folder).rglob("*.py")):
        tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        none = {id(node.value) for node in tree if isinstance(node, ast.Expr)}
        none |= {id(part) for node in tree if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in tree:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in none:
                yield f"{path.relative_to(CLONE)}:{node.lineno}", node.value.strip().casefold()


def labels() -> set[str]:
    """Labels and short labels of two words or more, of all models: one word may be a name of anything."""
    found = [*results.COLUMNS, *results.PLACES, *results.NUMBERS]
    for name in names():
        if find(name).parent.name == "classics":
            own = declared(load(name).config)
            found += [*own.columns, *own.places, *own.numbers]
    called = {text.casefold() for one in found for text in (one.label, one.brief)}
    return {text for text in called if len(text.split()) > 1}


def test_no_label_is_written_a_second_time():
    known = labels()
    assert len(known) > 100
    assert [place for folder in ELSEWHERE for place, text in texts(folder) if text in known] == []
