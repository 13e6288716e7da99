"""The result folder: complete or not there, and never at the cost of somebody's files."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pydantic import BaseModel

from sim.core.errors import ProtestorateError
from sim.run.simulate import store


class Scenario(BaseModel):
    start: dt.date = dt.date(2020, 8, 9)
    days: int = 3


@dataclass
class Outcome:
    name: str = "contested"
    reasons: tuple[str, ...] = ("the horizon was reached",)
    date: dt.date | None = dt.date(2020, 8, 11)


@dataclass
class Run:
    seed: int = 7
    scenario: Scenario = field(default_factory=Scenario)
    outcome: Outcome = field(default_factory=Outcome)
    summary: dict[str, Any] = field(default_factory=lambda: {"peak": np.int64(250_000), "rate": math.nan})
    provenance: dict[str, Any] = field(default_factory=lambda: {"version": "0.1.0", "seconds": 1.5})
    days: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {
                "date": pd.date_range("2020-08-09", periods=3),
                "attending": np.array([5, 2**40, 0]),
                "anger": np.array([0.1, np.nan, 1 / 3]),
                "leading_tactic": ["march", "flash crowd", "picket"],
            }
        )
    )
    localities: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"locality": ["Minsk", "Гродно"], "attending": [4, 1]})
    )


def everything_under(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"folder"
        for path in folder.rglob("*")
    }


def test_what_is_written_is_read_back(tmp_path):
    run = Run()
    folder = store.write_run(run, tmp_path / "a" / "result", force=False)
    stored = store.read_run(folder)
    pd.testing.assert_frame_equal(stored.days, run.days)
    pd.testing.assert_frame_equal(stored.localities, run.localities)
    assert stored.record == {
        "program": "protestorate",
        "format": 1,
        "outcome": {"name": "contested", "reasons": ["the horizon was reached"], "date": "2020-08-11"},
        "summary": {"peak": 250_000, "rate": None},
        "seed": 7,
        "provenance": {"version": "0.1.0", "seconds": 1.5},
        "scenario": {"start": "2020-08-09", "days": 3},
    }
    assert stored.record == store.record_of(run)
    assert sorted(path.name for path in folder.iterdir()) == [
        "days.parquet",
        "localities.parquet",
        "run.json",
    ]
    assert [path.name for path in folder.parent.iterdir()] == ["result"]


def test_a_table_carries_its_origin_and_is_compressed(tmp_path):
    folder = store.write_run(Run(), tmp_path / "result", force=False)
    for name in ("days.parquet", "localities.parquet"):
        file = pq.ParquetFile(folder / name)
        origin = json.loads(file.schema_arrow.metadata[b"protestorate"])
        assert (origin["seed"], origin["provenance"]["version"]) == (7, "0.1.0")
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_folder_is_as_readable_as_any_other(tmp_path):
    (tmp_path / "other").mkdir()
    folder = store.write_run(Run(), tmp_path / "result", force=False)
    assert folder.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_extras_go_into_the_same_folder(tmp_path):
    def report(unfinished: Path) -> None:
        assert (unfinished / "run.json").exists()
        (unfinished / "report.html").write_text("<p>")

    folder = store.write_run(Run(), tmp_path / "result", force=False, extras=report)
    assert (folder / "report.html").read_text() == "<p>"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError("broken report"), MemoryError])
@pytest.mark.parametrize("existing", [False, True])
def test_a_failure_on_the_way_leaves_everything_as_it_was(tmp_path, failure, existing):
    target = tmp_path / "new" / "result"
    if existing:
        store.write_run(Run(seed=1), target, force=False)
    before = everything_under(tmp_path)

    def fail(unfinished: Path) -> None:
        (unfinished / "figures").mkdir()
        (unfinished / "figures" / "turnout.svg").write_text("half")
        raise failure

    with pytest.raises(failure if isinstance(failure, type) else type(failure)):
        store.write_run(Run(seed=2), target, force=True, extras=fail)
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("at", [1, 2])
def test_a_failure_between_the_two_renames_leaves_the_old_result(tmp_path, monkeypatch, at):
    target = store.write_run(Run(seed=1), tmp_path / "result", force=False)
    before = everything_under(tmp_path)
    rename, calls = Path.rename, []

    def interrupted(self, to):
        calls.append(self)
        if len(calls) == at:
            raise KeyboardInterrupt
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.write_run(Run(seed=2), target, force=True)
    assert everything_under(tmp_path) == before


def test_an_existing_result_is_replaced_only_by_force(tmp_path):
    target = store.write_run(Run(seed=1), tmp_path / "result", force=False, extras=lambda f: (f / "figures").mkdir())
    before = everything_under(tmp_path)
    for call in (
        lambda: store.check_writable(target, False),
        lambda: store.write_run(Run(seed=2), target, False),
    ):
        with pytest.raises(ProtestorateError, match="holds a result already; replace it with --force"):
            call()
    assert everything_under(tmp_path) == before
    store.check_writable(target, True)
    store.write_run(Run(seed=2), target, force=True)
    assert store.read_run(target).record["seed"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    assert not (target / "figures").exists()


def test_force_does_not_delete_what_lies_beside_a_result(tmp_path):
    target = store.write_run(Run(seed=1), tmp_path / "result", force=False)
    (target / "thesis.txt").write_text("years of work")
    for call in (lambda: store.check_writable(target, True), lambda: store.write_run(Run(seed=2), target, True)):
        with pytest.raises(ProtestorateError, match=r"'thesis.txt'"):
            call()
    assert (target / "thesis.txt").read_text() == "years of work"
    assert store.read_run(target).record["seed"] == 1


@pytest.mark.parametrize("name", ["thesis.docx", "run.json", ".git"])
@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_is_not_a_result_is_never_replaced(tmp_path, name, force):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / name).write_text('{"program": "another"}')
    before = everything_under(tmp_path)
    for call in (
        lambda: store.check_writable(tmp_path / "papers", force),
        lambda: store.write_run(Run(), tmp_path / "papers", force),
    ):
        with pytest.raises(ProtestorateError, match="not a result of protestorate"):
            call()
    assert everything_under(tmp_path) == before


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "result").mkdir()
    store.check_writable(tmp_path / "result", False)
    store.write_run(Run(), tmp_path / "result", False)
    assert store.read_run(tmp_path / "result").record["seed"] == 7


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "result").symlink_to(tmp_path / "disk" / "run")
    store.write_run(Run(), tmp_path / "result", False)
    store.write_run(Run(seed=9), tmp_path / "result", True)
    assert (tmp_path / "result").is_symlink()
    assert store.read_run(tmp_path / "disk" / "run").record["seed"] == 9


def test_where_nothing_can_be_written_is_said_before(tmp_path):
    (tmp_path / "file").write_text("mine")
    before = everything_under(tmp_path)
    places = [
        tmp_path / "file",
        tmp_path / "file" / "x",
        tmp_path / "file" / "x" / "y",
        Path("/proc/no/such"),
    ]
    for place in places:
        for call in (
            lambda place=place: store.check_writable(place, True),
            lambda place=place: store.write_run(Run(), place, True),
        ):
            with pytest.raises(ProtestorateError, match=r"is a file|cannot be written"):
                call()
    assert everything_under(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(ProtestorateError, match="Permission denied"):
        store.check_writable(tmp_path / "locked" / "result", False)


def test_checking_leaves_no_trace(tmp_path):
    store.check_writable(tmp_path / "a" / "b" / "c", False)
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_the_report_is_not_blamed_on_the_disk(tmp_path):
    def missing_template(unfinished: Path) -> None:
        (unfinished / "no-such-template").read_text()

    with pytest.raises(FileNotFoundError):
        store.write_run(Run(), tmp_path / "result", False, missing_template)


def test_reading_what_is_not_there_or_damaged(tmp_path):
    with pytest.raises(ProtestorateError, match="no result"):
        store.read_run(tmp_path / "nothing")
    folder = store.write_run(Run(), tmp_path / "result", False)
    (folder / "days.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(ProtestorateError, match="damaged"):
        store.read_run(folder)
