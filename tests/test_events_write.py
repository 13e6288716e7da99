"""A run's events: made by one rule, written in the columns of others, and the same when they are read back."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mini_country import mini
from typer.testing import CliRunner

from analysis.cli import app
from analysis.events.files import read_raw
from analysis.events.layout import FOLDER, KINDS, RESPONSES, Layout, read_layout
from analysis.events.made import events_of, shared_out
from analysis.events.read import read_file
from analysis.events.reporting import read_reporting
from analysis.events.sides import events_in
from analysis.events.table import table_of
from analysis.events.write import save, written_rows
from sim.core.errors import ProtestorateError, ScenarioError
from sim.run.find import shipped
from sim.run.load import load
from sim.run.simulate import simulate
from sim.run.store import read_run, write_run

WORDS = read_reporting().words
PLACES = {"Aville": (53.9, 27.5), "Btown": (54.1, 27.9), "Cvillage": (52.1, 27.1)}
LIVELY = {
    "run.persons_per_agent": 200, "people.motive.threshold_mean": 3.0, "police.detention.contact": 6.0,
    "regime.aggression_gain": 1.15,
}  # fmt: skip
CARRIED = (
    "date", "place", "participants_low", "participants", "participants_high", "detained", "injured", "killed",
    "kind", "form", "response",
)  # fmt: skip


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load(mini(tmp_path_factory.mktemp("case")), LIVELY)


@pytest.fixture(scope="module")
def read_back(loaded: Any) -> Callable[[Path, Layout], pd.DataFrame]:
    return lambda file, layout: read_file(file, layout, loaded.config, WORDS).table


# The rule


def by_hand() -> tuple[pd.DataFrame, pd.DataFrame]:
    first, second = pd.Timestamp("2020-08-09"), pd.Timestamp("2020-08-10")
    days = pd.DataFrame({"date": [first, second], "injured_today": [5, 0], "killed_today": [1, 0]})
    localities = pd.DataFrame(
        [
            (first, "Aville", 400, 0, 30, "mass_march"),
            (first, "Btown", 100, 50, 10, "picket"),
            (first, "Cvillage", 0, 0, 2, "none"),
            (second, "Aville", 0, 0, 7, "none"),
            (second, "Btown", 0, 0, 0, "none"),
        ],
        columns=["date", "locality", "attending", "striking", "detained", "leading_tactic"],
    )
    return days, localities


def test_the_events_of_a_run_by_hand() -> None:
    found = events_of(*by_hand(), source="run")
    assert [
        tuple(row)
        for row in found[["place", "kind", "form", "participants", "detained", "injured", "killed"]].to_numpy()
    ] == [
        ("Aville", "protest", "mass_march", 400.0, 32.0, 4.0, 1.0),  # with the two detained of Cvillage
        ("Btown", "protest", "picket", 100.0, 10.0, 1.0, 0.0),
        ("Btown", "strike", "strike", 50.0, 0.0, 0.0, 0.0),
        ("Aville", "protest", "", 7.0, 7.0, 0.0, 0.0),  # a day without crowds: those detained are the event
    ]
    assert found["response"].tolist() == ["killings", "beatings", "none", "arrests"]


@given(st.integers(0, 500), st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_shares_are_whole_and_add_up(total: int, weights: list[int]) -> None:
    found = shared_out(float(total), np.array(weights, dtype=float))
    assert found.sum() == (total if sum(weights) else 0)
    assert ((found == np.floor(found)) & (found >= 0)).all()
    due = total * np.array(weights) / max(sum(weights), 1)
    assert (np.abs(found - due) < 1.0).all()


def test_the_sums_of_a_run_are_kept(loaded: Any) -> None:
    run = simulate(loaded, seed=3, days=20)
    found = events_of(run.days, run.localities)
    assert found["detained"].sum() == run.localities["detained"].sum() > 0
    assert found["killed"].sum() == run.days["killed_today"].sum()
    assert found["injured"].sum() == run.days["injured_today"].sum() > 0
    protests = found[(found["kind"] == "protest") & (found["form"] != "")]
    assert protests["participants"].sum() == run.localities["attending"].sum()


# There and back


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    persons = st.one_of(st.none(), st.integers(0, 5_000_000))
    rows = []
    for number in range(draw(st.integers(1, 6))):
        middle = draw(st.one_of(st.none(), st.integers(1, 3_000_000)))
        low, high = (
            (None, None) if middle is None else (draw(st.integers(0, middle)), draw(st.integers(middle, 9_000_000)))
        )
        day = draw(st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2030-12-31").date()))
        rows.append(
            {
                "event": f"run-{number}", "date": day, "last_date": day, "place": draw(st.sampled_from(list(PLACES))),
                "participants_low": low, "participants": middle, "participants_high": high,
                "detained": draw(persons), "injured": draw(persons), "killed": draw(persons),
                "kind": draw(st.sampled_from(KINDS)), "response": draw(st.sampled_from(RESPONSES)),
                "form": draw(st.sampled_from(["", "mass_march", "human_chain", "picket"])),
                "source": "protestorate, seed 7", "row": number + 1,
            }
        )  # fmt: skip
    table = table_of(rows)
    table["place_given"] = table["place"]
    return table


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("name", list(shipped(FOLDER)))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables())
def test_what_was_written_is_read_back_the_same(
    read_back: Callable[[Path, Layout], pd.DataFrame], tmp_path: Path, name: str, ending: str, table: pd.DataFrame
) -> None:
    layout, file = read_layout(name), tmp_path / f"events.{ending}"
    save(file, *written_rows(table, layout, WORDS, PLACES, "Xland"))
    back = read_back(file, layout)
    wanted, found = (one[list(CARRIED)] for one in (table, back))
    pd.testing.assert_frame_equal(found, wanted)


def test_events_of_several_days_keep_their_last_day(loaded: Any, tmp_path: Path) -> None:
    days = {"date": "2020-08-09", "last_date": "2020-08-12"}
    table = table_of([{**days, "event": "1", "place": "Aville", "kind": "strike", "response": "none", "row": 1}])
    layout, file = read_layout("mass-mobilization"), tmp_path / "events.csv"
    save(file, *written_rows(table, layout, WORDS, PLACES, "Xland"))
    back = read_file(file, layout, loaded.config, WORDS).table
    assert str(back["last_date"][0].date()) == "2020-08-12"


def test_categories_of_a_layout_are_written(tmp_path: Path) -> None:
    rows = [
        {
            "date": "2020-08-09",
            "last_date": "2020-08-09",
            "participants": size,
            "kind": "protest",
            "response": "none",
            "row": 1,
        }
        for size in (70.0, 999.0, 10_000.0, 70_000.0, math.nan)
    ]
    columns, cells = written_rows(table_of(rows), read_layout("mass-mobilization"), WORDS, PLACES, "Xland")
    place = columns.index("participants_category")
    assert [row[place] for row in cells] == ["50-99", "100-999", "5000-10000", ">10000", ""]


def test_the_command_writes_what_the_other_command_reads(loaded: Any, tmp_path: Path) -> None:
    result, out = tmp_path / "run", tmp_path / "out.csv"
    write_run(simulate(loaded, seed=3, days=20), result, False)
    asked = ["events", "write", str(result), "--layout", "acled", "--out", str(out)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    back = read_file(out, read_layout("acled"), loaded.config, WORDS).table
    pd.testing.assert_frame_equal(back[list(CARRIED)], events_in(result)[0][list(CARRIED)])
    assert "is there already; --force replaces it" in CliRunner().invoke(app, asked).stderr
    wrong = CliRunner().invoke(app, [*asked[:-1], str(tmp_path / "out.ods")])
    assert (wrong.exit_code, "--out: must end in .csv, .xlsx or .parquet" in wrong.stderr) == (2, True)
    nothing = CliRunner().invoke(app, ["events", "write", str(tmp_path), *asked[3:5], "--out", "x.csv"])
    assert (nothing.exit_code, "no result of protestorate" in nothing.stderr) == (2, True)


def test_a_table_that_lacks_a_layout_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'navco3'"):
        read_layout("navco")


# Odd texts and places


def test_text_like_a_formula_stays_text(tmp_path: Path) -> None:
    texts = ["=1+1", '=HYPERLINK("x")', "+1", "-", "@a", "", "0012"]
    file = save(tmp_path / "e.xlsx", ["a", "b"], [[text, "x"] for text in texts])
    assert [cells[0] or "" for _, cells in read_raw(file).rows] == texts


def test_what_a_workbook_cannot_hold_is_said(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"e.xlsx:2:1: a: a workbook cannot hold this; write a file that ends in .csv"
    ):
        save(tmp_path / "e.xlsx", ["a"], [["x\x01y"]])
    assert not (tmp_path / "e.xlsx").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_halves_of_letters_are_written_out(tmp_path: Path, ending: str) -> None:
    file = save(tmp_path / f"e.{ending}", ["a"], [["\udce9"]])
    assert [list(cells) for _, cells in read_raw(file).rows] == [[r"\udce9"]]


@pytest.mark.parametrize("parent", ["file", "/proc/none"])
def test_a_place_where_no_file_can_be(tmp_path: Path, parent: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ProtestorateError, match="cannot be written"):
        save(tmp_path / parent / "e.csv", ["a"], [["b"]])


def test_a_table_that_was_read_is_written_by_its_name(tmp_path: Path) -> None:
    as_read = Path(__file__).parent / "events" / "acled.csv"
    read = ["events", "read", str(as_read), "--layout", "acled", "--case", str(mini(tmp_path))]
    assert CliRunner().invoke(app, [*read, "--out", str(tmp_path / "read")]).exit_code == 0
    for source in ("read", "read/events.csv", "read/events.parquet"):
        asked = ["events", "write", str(tmp_path / source), "--layout", "acled", "--out", str(tmp_path / "w.csv")]
        done = CliRunner().invoke(app, [*asked, "--force"])
        assert (done.exit_code, "4 events" in done.output) == (0, True), done.output


@pytest.fixture(scope="module")
def stored(loaded: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(simulate(loaded, days=20), tmp_path_factory.mktemp("run") / "run", force=False)


def edited(folder: Path, table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Write a table of a run anew, as somebody does who keeps its metadata."""
    path = folder / f"{table}.parquet"
    before = pq.read_table(path)
    after = pa.Table.from_pandas(change(before.to_pandas()), preserve_index=False)
    pq.write_table(after.replace_schema_metadata(before.schema.metadata), path)


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("days", lambda days: days.assign(date=days["date"].astype(str)), "days.parquet.* date must have a day a row"),
        ("days", lambda days: pd.concat([days, days]), "days.parquet.* date must have a day a row"),
        ("days", lambda days: days.iloc[:5], "localities.parquet.* date must have days of days.parquet"),
        ("days", lambda days: days.assign(killed_today="x"), "killed_today must have numbers of 0 and more"),
        ("days", lambda days: days.assign(killed_today=float("nan")), "killed_today must have numbers of 0 and more"),
        ("localities", lambda places: places.assign(attending=-5), "attending must have numbers of 0 and more"),
        ("localities", lambda places: places.assign(attending=math.inf), "attending must have numbers of 0 and more"),
        ("localities", lambda places: places.assign(striking="many"), "striking must have numbers of 0 and more"),
        ("localities", lambda places: places.assign(locality="Zville"), "must have localities of the scenario"),
        ("localities", lambda places: places.assign(locality=[["A"]] * len(places)), "must have localities of"),
        ("localities", lambda places: places.assign(date="1999-01-01"), "date must have days of days.parquet"),
        ("localities", lambda places: places.iloc[:0], "must have a row a day and locality"),
        ("localities", lambda places: places.drop(columns="locality"), "this run has no column 'locality'"),
    ],
)
def test_tables_of_a_run_that_were_changed_by_hand(
    stored: Path, tmp_path: Path, table: str, change: Callable[[pd.DataFrame], pd.DataFrame], said: str
) -> None:
    folder = Path(shutil.copytree(stored, tmp_path / "run"))
    assert len(events_in(folder)[0]) > 0
    edited(folder, table, change)
    with pytest.raises(ProtestorateError, match=said):
        events_in(folder)


@pytest.mark.parametrize(("number", "said"), [(99, "was written by a later version"), ("x", "format is missing")])
def test_a_run_of_a_later_format(stored: Path, tmp_path: Path, number: object, said: str) -> None:
    folder = Path(shutil.copytree(stored, tmp_path / "run"))
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(record | {"format": number}), encoding="utf-8")
    with pytest.raises(ProtestorateError, match=said):
        read_run(folder)
