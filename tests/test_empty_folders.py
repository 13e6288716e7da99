"""Whatever fails, no empty folder is left that was not there before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_country import country_file

import sim
from analysis.report import tables
from analysis.report.page import write_result
from sim.core.errors import ProtestorateError
from sim.page import exporting
from sim.run.place import made
from sim.run.store import write_run


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_only_new_empty_folders_are_taken_away_again(tmp_path: Path):
    (tmp_path / "there").mkdir()
    with pytest.raises(OSError, match="space"), made(tmp_path / "there" / "a" / "b"):
        full()
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]

    def fill() -> None:
        with made(tmp_path / "there" / "a" / "b"):
            (tmp_path / "there" / "a" / "kept").write_text("kept")
            full()

    with pytest.raises(OSError, match="space"):
        fill()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "kept", "there"]
    with pytest.raises(OSError, match="space"), made(tmp_path / "there"):
        full()
    assert (tmp_path / "there").is_dir()


def _table(folder: Path) -> None:
    tables.write_tables(folder / "run", folder / "new" / "csv")


def _result(folder: Path) -> None:
    write_result(folder / "new" / "result", ("found.json", "{}"), full)


def _events(folder: Path) -> None:
    held = type("Held", (), {"model": type("Model", (), {"events_yaml": lambda self: "x", "seed": 1})(), "name": "x"})()
    options = type("Options", (), {"export_folder": folder / "new" / "exports"})()
    exporting.events(held, options, "share")()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("write", "broken"),
    [
        (_table, "pathlib.Path.write_bytes"),
        (_result, "analysis.report.page.write_atomically"),
        (_events, "pathlib.Path.write_text"),
    ],
)
def test_a_disk_that_is_full_leaves_no_folder(
    write: Callable[[Path], None], broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if write is _table:
        run = sim.simulate(country_file(tmp_path), days=2)
        write_run(run, tmp_path / "run", force=False)
    monkeypatch.setattr(broken, full)
    monkeypatch.setattr(exporting, "_name", lambda held: "x")
    with pytest.raises(ProtestorateError, match="No space left on device"):
        write(tmp_path)
    assert not (tmp_path / "new").exists()


def test_tables_are_exported_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What was there stays as it was if the last of them cannot be written."""
    run = sim.simulate(country_file(tmp_path), days=2)
    write_run(run, tmp_path / "run", force=False)
    target = tmp_path / "csv"
    target.mkdir()
    (target / "days.csv").write_text("mine", encoding="utf-8")
    write, written = Path.write_bytes, []

    def then_full(path: Path, *given: object, **named: object) -> int:
        written.append(path)
        if len(written) == 2:
            full()
        return write(path, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("pathlib.Path.write_bytes", then_full)
    with pytest.raises(ProtestorateError, match="No space left on device"):
        tables.write_tables(tmp_path / "run", target, force=True)
    assert len(written) == 2
    assert [path.name for path in target.iterdir()] == ["days.csv"]
    assert (target / "days.csv").read_text(encoding="utf-8") == "mine"
