"""The result folder: complete or not there, and never at the cost of somebody's files."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pydantic import BaseModel

from sim.core.errors import ProtestorateError, UnfinishedError
from sim.models.declarations import Declared
from sim.run import store


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
    declared: Declared = field(default_factory=lambda: Declared((), (), ()))
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
def test_a_failure_of_what_is_made_of_the_tables_keeps_these_and_nothing_half_made(tmp_path, failure, existing):
    target = tmp_path / "new" / "result"
    if existing:
        store.write_run(Run(seed=1), target, force=False)

    def fail(unfinished: Path) -> None:
        (unfinished / "figures").mkdir()
        (unfinished / "figures" / "turnout.svg").write_text("half")
        raise failure

    with pytest.raises(
        KeyboardInterrupt if failure is KeyboardInterrupt else UnfinishedError, match="the numbers are kept"
    ):
        store.write_run(Run(seed=2), target, force=True, extras=fail)
    assert store.read_run(target).record["seed"] == 2
    assert sorted(path.name for path in target.iterdir()) == ["days.parquet", "localities.parquet", "run.json"]
    assert [path.name for path in target.parent.iterdir()] == ["result"]


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


KILLED = """
import os, signal, sys
from pathlib import Path
import sim
from sim.run.store import write_run

run = sim.simulate("granovetter-1978", seed=2)
rename, calls = Path.rename, []

def killed(self, to):
    calls.append(to)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, to)

Path.rename = killed
write_run(run, Path(sys.argv[1]), True)
"""


def kill_while_writing(folder: Path, before_rename: int) -> None:
    """Replace a result in a process that is killed before one of its renames: into reserve, and into place."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(before_rename)], check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal")
@pytest.mark.parametrize("call", [store.read_run, lambda folder: store.check_writable(folder, True)])
@pytest.mark.parametrize("before_rename", [1, 2])
def test_a_command_killed_while_it_replaces_a_result_is_put_right_by_the_next(tmp_path, capfd, before_rename, call):
    target = store.write_run(Run(seed=1), tmp_path / "result", force=False)
    before = everything_under(tmp_path)
    kill_while_writing(target, before_rename)
    assert everything_under(tmp_path) != before
    assert target.exists() == (before_rename == 1)
    capfd.readouterr()
    call(target)
    assert everything_under(tmp_path) == before
    said = capfd.readouterr().err
    assert ("earlier result is in its place again" in said) == (before_rename == 2)
    assert "cleared away" in said
    call(target)
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal")
def test_what_killed_commands_left_of_a_first_result_is_cleared_away(tmp_path, capfd):
    for _ in range(3):
        kill_while_writing(tmp_path / "result", 1)
    assert len(list(tmp_path.iterdir())) >= 2
    store.write_run(Run(seed=4), tmp_path / "result", False)
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    assert store.read_run(tmp_path / "result").record["seed"] == 4


def test_what_another_command_is_writing_is_left_alone(tmp_path, capfd):
    """Also what is being written for a folder whose name begins alike."""
    names = ("a" * 60, "a" * 59)

    def others(unfinished: Path) -> None:
        for name in names:
            store.check_writable(tmp_path / name, True)
        assert (unfinished / "run.json").exists()

    for name in names:
        store.write_run(Run(), tmp_path / name, False, extras=others)
        store.write_run(Run(seed=2), tmp_path / name, True, extras=others)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert capfd.readouterr().err == ""


def test_a_file_that_a_killed_writer_left_is_cleared_by_the_next_when_it_is_old(tmp_path):
    from sim.run.place import _mark, write_atomically

    target = tmp_path / "report.html"
    old, new = (tmp_path / f"{_mark(target)}-{number:08d}.unfinished" for number in (1, 2))
    for path in (old, new, tmp_path / ".report.html.mine"):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    write_atomically(target, b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([new.name, ".report.html.mine", "report.html"])


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

    with pytest.raises(UnfinishedError, match="no-such-template"):
        store.write_run(Run(), tmp_path / "result", False, missing_template)


def test_reading_what_is_not_there_or_damaged(tmp_path):
    with pytest.raises(ProtestorateError, match="no result"):
        store.read_run(tmp_path / "nothing")
    folder = store.write_run(Run(), tmp_path / "result", False)
    (folder / "days.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(ProtestorateError, match="damaged"):
        store.read_run(folder)


def rewritten(path: Path, **metadata: bytes) -> None:
    table = pq.read_table(path)
    kept = {**(table.schema.metadata or {}), **{name.encode(): value for name, value in metadata.items()}}
    pq.write_table(table.replace_schema_metadata(kept), path)


def swapped(folder: Path) -> None:
    (folder / "days.parquet").rename(folder / "x")
    (folder / "localities.parquet").rename(folder / "days.parquet")
    (folder / "x").rename(folder / "localities.parquet")


FOREIGN = {
    "no table of ours": (lambda folder: pd.DataFrame({"a": [1]}).to_parquet(folder / "days.parquet"), "damaged"),
    "of another run": (lambda folder: rewritten(folder / "days.parquet", protestorate=b'{"seed": 8, "provenance": {}}'),
                       "is of another run than run.json"),
    "each in the other's place": (swapped, "is of another run than run.json"),
    "an index that is none": (lambda folder: rewritten(folder / "days.parquet", pandas=b"{"), "damaged"),
    "an origin that is none": (lambda folder: rewritten(folder / "days.parquet", protestorate=b"[" * 9**5), "damaged"),
    "a pipe": (lambda folder: ((folder / "days.parquet").unlink(), os.mkfifo(folder / "days.parquet")), "damaged"),
    "a record that is a pipe": (lambda folder: ((folder / "run.json").unlink(), os.mkfifo(folder / "run.json")),
                                "no result"),
}  # fmt: skip


@pytest.mark.parametrize("foreign", FOREIGN)
def test_tables_of_another_run_are_not_believed(tmp_path: Path, foreign: str) -> None:
    folder = store.write_run(Run(), tmp_path / "result", False)
    change, said = FOREIGN[foreign]
    change(folder)
    with pytest.raises(ProtestorateError, match=said) as caught:
        store.read_run(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("scenario", [{}, {"model": 7}, {"model": "nosuch"}, {"model": "mobilisation", "time": []}])
def test_a_scenario_changed_by_hand_is_told_where_it_is_needed(tmp_path: Path, scenario: dict[str, Any]) -> None:
    folder = store.write_run(Run(), tmp_path / "result", False)
    record = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**record, "scenario": scenario}))
    with pytest.raises(ProtestorateError) as caught:
        assert store.read_run(folder).config
    assert "\n" not in str(caught.value)
    assert "run.json" in str(caught.value)
