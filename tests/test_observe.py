"""Runs beside events: sums by hand, the observation model by its moments, and the command from beginning to end."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mini_country import mini
from test_events_write import LIVELY
from test_report import Page, assert_self_contained
from typer.testing import CliRunner

from analysis.cli import app
from analysis.events.made import events_of
from analysis.events.observe import Observed, compared, reported, window
from analysis.events.observe_report import coverage_words, listed, model_words
from analysis.events.report import PARQUET
from analysis.events.reporting import Crowd, Crowds, Rate, Rates, Reporting, read_reporting
from analysis.events.table import CSV, as_csv, as_parquet, read_events, table_of
from sim.core.errors import ProtestorateError, ScenarioError
from sim.run.load import load
from sim.run.simulate import simulate

FIRST = pd.Timestamp("2020-08-10")  # a Monday


def events(*rows: tuple[int, str, float | None, float], source: str = "", length: int = 1) -> pd.DataFrame:
    return table_of(
        [
            {
                "event": str(number), "row": number, "date": FIRST + pd.Timedelta(days=day),
                "last_date": FIRST + pd.Timedelta(days=day + length - 1), "place": place, "participants": size,
                "participants_low": size, "participants_high": size, "detained": detained, "killed": 0.0,
                "kind": "protest", "response": "none", "source": source,
            }
            for number, (day, place, size, detained) in enumerate(rows)
        ]
    )  # fmt: skip


def cell(found: Observed, by: str, item: str, quantity: str, column: str = "observed") -> Any:
    table = found.table
    (row,) = table[(table["by"] == by) & (table["item"] == item) & (table["quantity"] == quantity)].to_dict("records")
    return row[column]


def test_sums_by_hand() -> None:
    data = events((0, "A", 100.0, 5.0), (0, "B", 1000.0, 20.0), (1, "A", None, 3.0), (8, "", 10.0, 0.0))
    runs = [events((0, "A", size, 2.0), (2, "B", 10.0, 1.0)) for size in (100.0, 200.0, 300.0)]
    last = FIRST + pd.Timedelta(days=14)
    found = compared(data, runs, FIRST.date(), last.date(), ("A", "B", "C"))
    assert cell(found, "day", "2020-08-10", "participants") == 1100.0
    assert cell(found, "day", "2020-08-11", "participants") == 0.0
    assert cell(found, "day", "2020-08-11", "events") == 1.0
    assert [cell(found, "day", "2020-08-10", "participants", name) for name in ("q50", "q05", "q95")] == [
        200.0, pytest.approx(110.0), pytest.approx(290.0),
    ]  # fmt: skip
    assert [cell(found, "week", item, "detained") for item in ("2020-08-10", "2020-08-17")] == [28.0, 0.0]
    assert (found.table.loc[found.table["by"] == "week", "item"].nunique()) == 2  # the third week is not whole
    assert [cell(found, "place", item, "participants") for item in "ABC"] == [100.0, 1000.0, 0.0]
    assert cell(found, "all", "all days", "detained a participant") == pytest.approx(25 / 1110)
    assert cell(found, "all", "all days", "detained a participant", "q50") == pytest.approx(3 / 210)
    assert cell(found, "size", "100 to 1,000", "share of events") == pytest.approx(1 / 3)
    assert cell(found, "size", "mean of log10", "participants") == pytest.approx(2.0)
    assert cell(found, "day", "2020-08-10", "events", "in90") == np.False_
    assert cell(found, "day", "2020-08-13", "events", "in50") == np.True_
    (row,) = found.coverage.query("by == 'day' and quantity == 'events'").to_dict("records")
    assert (row["compared"], row["some"]) == (15, 4)
    assert row["in90"] == pytest.approx(11 / 15)
    assert row["in90_some"] == pytest.approx(0.0)


def test_events_of_several_days_have_their_crowd_on_each_and_their_detained_once() -> None:
    data = events((0, "A", 100.0, 5.0), length=3)
    last = (FIRST + pd.Timedelta(days=4)).date()
    found = compared(data, [data], FIRST.date(), last, ("A",))
    assert cell(found, "all", "all days", "participants") == 300.0
    assert cell(found, "all", "all days", "detained") == 5.0


def test_what_the_data_do_not_say_is_not_compared() -> None:
    data = events((0, "A", 100.0, 5.0)).assign(killed=np.nan)
    found = compared(data, [data], FIRST.date(), FIRST.date(), ("A",))
    assert "killed" not in set(found.table["quantity"])
    assert found.notes == ("the data say nothing of killed",)


def test_which_events_are_reported_and_with_what_crowd() -> None:
    """4,000 events of 50 and of 5,000 persons: share, factor and spread of a source, sizes left out."""
    rates = Rates(by_size=[Rate(up_to=100.0, rate=0.25)], source="assumption")
    crowds = Crowds(
        usual=Crowd(factor=1.0, spread=1.0, source="assumption"),
        sources={"ministry": Crowd(factor=0.25, spread=2.0, source="assumption")},
    )
    usual = read_reporting()
    said = Reporting(reporting=rates, crowds=crowds, counts=usual.counts, words=usual.words)
    run = events(*[(0, "A", 50.0, 0.0)] * 2000, *[(0, "A", 5000.0, 0.0)] * 2000)
    data = pd.concat(
        [events((0, "A", 1.0, 0.0), source="Interior Ministry"), events((0, "A", None, 0.0), source="Agency")]
    )
    (found,) = reported([run], (3,), data, said)
    assert (found["event"].astype(int) < 2000).mean() == pytest.approx(0.2, abs=0.03)  # 500 of 2,500
    assert found["participants"].notna().mean() == pytest.approx(0.5, abs=0.04)
    large = found.loc[found["event"].astype(int) >= 2000, "participants"].dropna()
    exact = large == 5000.0
    assert exact.mean() == pytest.approx(0.5, abs=0.06)  # half of the sources are agencies
    logs = np.log(large[~exact] / 5000.0)
    assert logs.mean() == pytest.approx(np.log(0.25), abs=0.06)
    assert np.mean(np.abs(logs - np.log(0.25)) < np.log(2.0)) == pytest.approx(0.9, abs=0.04)
    (again,) = reported([run], (3,), data, said)
    pd.testing.assert_frame_equal(again, found)


def test_the_published_share_of_all_events_is_reported() -> None:
    sizes = 10.0 ** np.random.default_rng(1).uniform(1, 5, 20_000)
    rates = read_reporting("national-press").reporting
    chances = rates.chances(np.sort(sizes), np.ones(len(sizes)))
    assert chances.mean() == pytest.approx(0.046, rel=1e-3)
    assert (np.diff(chances) >= 0).all()
    with pytest.raises(ScenarioError, match=r"no power of size reports 0.046"):
        rates.chances(np.full(3, 200_000.0), np.ones(3))


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("observe")
    case = mini(folder)
    run = simulate(load(case, LIVELY), seed=77, days=20)
    (folder / PARQUET).write_bytes(as_parquet(events_of(run.days, run.localities, "run")))
    return case, folder / PARQUET


SET = [word for key, value in LIVELY.items() for word in ("--set", f"{key}={value}")]


def test_two_runs_beside_one_of_them(observed: tuple[Path, Path], tmp_path: Path) -> None:
    case, table = observed
    asked = ["observe", str(case), "--events", str(table), "--replicates", "77,78", *SET, "--reporting", "all"]
    done = CliRunner().invoke(app, [*asked, "--workers", "1", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    record = json.loads((tmp_path / "out" / "observe.json").read_text())
    rows = pd.read_csv(tmp_path / "out" / "observe.csv")
    days = rows[(rows["by"] == "day") & (rows["quantity"] == "participants")]
    # one of the two runs is the data, so that these are an end of what both have
    low, high = 2 * days["q50"] - days["observed"], days["observed"]
    ends = pd.concat([low, high], axis=1)
    assert np.allclose(days["q95"], ends.min(axis=1) + 0.95 * (ends.max(axis=1) - ends.min(axis=1)))
    assert record["runs"] == 2
    assert record["reporting"] == "all"
    page = Page(tmp_path / "out" / "report.html")
    assert_self_contained(page)
    assert "Every event of a run counts as reported" in page.text


def test_what_is_said_first_leaves_days_out_that_are_empty_on_both_sides() -> None:
    """One of two days with events is met, and eight days without any would make it nine of ten."""
    table = pd.DataFrame(columns=["by"])
    row = {"by": "day", "compared": 10, "in50": 0.9, "in90": 0.9, "in50_some": 0.5, "in90_some": 0.5, "some": 2}
    none = {**row, "quantity": "killed", "some": 0, "in50_some": np.nan, "in90_some": np.nan}
    coverage = pd.DataFrame([{**row, "quantity": "events"}, none])
    day = dt.date(2020, 8, 9)
    words = coverage_words(Observed(table, coverage, day, day, 4, ()))
    assert words == "of days with any in data or runs, within nine tenths of 4 runs: events 50%"
    words = coverage_words(Observed(table, coverage.iloc[1:], day, day, 1, ()))
    assert words == "of days with any in data or runs, within nine tenths of 1 run: none"


def test_how_events_are_reported_is_said_in_sentences() -> None:
    said = model_words(read_reporting("national-press"))
    assert "The figure that a source gives of a crowd is " in said
    assert "1 times" not in said
    assert re.findall(r"\. [a-z]", said) == []


def test_events_of_another_time_are_refused(observed: tuple[Path, Path]) -> None:
    case, _ = observed
    other = events((0, "A", 1.0, 0.0)).assign(date=pd.Timestamp("1999-01-01"), last_date=pd.Timestamp("1999-01-01"))
    with pytest.raises(
        ProtestorateError, match=r"1999-01-01, and .*mini.yaml runs from 2020-08-01 .* no event is on its days"
    ):
        window(load(case), other)


def test_events_before_and_after_a_run_are_refused(observed: tuple[Path, Path]) -> None:
    """Their years have the run's days between them, and none of them is on one."""
    case, _ = observed
    days = pd.to_datetime(["2019-08-10", "2021-08-10"])
    around = events((0, "A", 1.0, 0.0), (0, "A", 1.0, 0.0)).assign(date=days, last_date=days)
    with pytest.raises(ProtestorateError, match="no event is on its days"):
        window(load(case), around)


def test_targets_say_which_events_they_leave_out(observed: tuple[Path, Path], tmp_path: Path) -> None:
    case, _ = observed
    days = pd.to_datetime(["2020-08-10", "2020-08-11", "2019-08-10"])
    some = events((0, "Aville", 9.0, 0.0), (0, "Elsewhere", 5.0, 0.0), (0, "Aville", 7.0, 0.0))
    (tmp_path / CSV).write_text(as_csv(some.assign(date=days, last_date=days)), encoding="utf-8")
    done = CliRunner().invoke(
        app, ["events", "targets", str(tmp_path), "--case", str(case), "--out", str(tmp_path / "t.yaml")]
    )
    assert done.exit_code == 0, done.output
    assert "localities that this scenario does not have count for the country: Elsewhere" in done.output
    assert "1 of 3 events lie outside of 2020-08-01 to 2020-08-11" in done.output


def test_columns_of_bytes_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / PARQUET
    events((0, "A", 1.0, 0.0)).assign(place=[b"\xff"]).to_parquet(file)
    with pytest.raises(ProtestorateError, match="the column place holds bytes and no text"):
        read_events(file)


def test_a_mistake_is_said_before_anything_runs(observed: tuple[Path, Path], tmp_path: Path) -> None:
    case, table = observed
    asked = ["observe", str(case), "--events", str(table), "--out", str(tmp_path / "out")]
    for more, said in (
        (["--reporting", "local-pres"], "did you mean 'local-press'?"),
        (["--replicates", "quick-2"], "quick-20"),
        (["--figures", "svg,gif"], "--figures: picture format 'gif' is none of svg, png, pdf"),
    ):
        done = CliRunner().invoke(app, [*asked, *more])
        assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "out").exists()


def test_shares_of_sizes_are_percentages_and_both_lists_say_what_they_count() -> None:
    bands = {name: [value] * 2 for name, value in {"q05": 0.1, "q25": 0.2, "q50": 0.3, "q75": 0.4, "q95": 0.5}.items()}
    rows = pd.DataFrame({"item": ["1 to 10", "10 to 100"], "observed": [0.0, 0.5], **bands})
    sizes, places = listed(rows, logarithmic=False), listed(rows)
    sizes.draw_without_rendering()
    (axes,) = sizes.axes
    assert {tick.get_text()[-1] for tick in axes.get_xticklabels()} == {"%"}
    assert axes.get_xlabel() == "share of events"
    assert places.axes[0].get_xlabel() == "participants of all days"
    assert not any(line.get_clip_on() for line in axes.lines), "a dot at nought is whole"
