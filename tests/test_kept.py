"""What has been computed is never thrown away: tables first, then the report, then what failed."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from made_studies import made
from mini_country import mini
from study_helpers import crowds
from typer.testing import CliRunner, Result

import analysis.report.run
import analysis.sweep.report
from analysis.cli import app
from analysis.compare import compare
from sim.core.errors import ProtestorateError, ScenarioError, UnfinishedError
from sim.evidence.sources import check_sources, load_ledger
from sim.run import store
from sim.run.load import derive, load
from sim.study import run_study


def fails(*_: Any, **__: Any) -> None:
    """Stand in the place of something that makes a picture."""
    raise LookupError("no such colour")


def interrupted(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def command(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    mini(tmp_path)
    return tmp_path


def test_a_run_without_any_event_is_told_like_any_other(here: Path) -> None:
    none = [word for name in load("mini.yaml").data["events"] for word in ("--set", f"events.{name}=null")]
    result = command("run", "mini.yaml", "--days", 20, "--out", "out", *none)
    assert result.exit_code == 0, result.output
    assert store.read_run(here / "out").record["scenario"]["events"] == {}
    assert (here / "out" / "report.html").stat().st_size > 10_000


def removable(data: Any, above: tuple[str, ...] = ()) -> Any:
    """Yield every key path of plain data."""
    for name, value in data.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from removable(value, (*above, name))


def test_whatever_an_override_takes_away_or_replaces_every_value_still_has_a_source(here: Path) -> None:
    """An override is held against the same rules as a file, so that no report stumbles over what is left."""
    loaded, ledger = load("mini.yaml"), load_ledger()
    paths = [".".join(path) for path in removable(loaded.data) if path[0] not in ("sources", "about", "run", "model")]
    tried = 0
    emptied = [{f"{above}.{name}": None for name in part} for above, part in _mappings(loaded.data)]
    replaced = [{f"{above}.{name}": dict(part[name])} for above, part in _mappings(loaded.data) for name in part]
    for overrides in itertools.chain(({path: None} for path in paths), emptied, replaced):
        try:
            found = derive(loaded, overrides)
        except ScenarioError:
            continue
        tried += 1
        assert check_sources(found.data, found.data["sources"], ledger) == [], overrides
    assert tried > 80


def _mappings(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the mappings with names of the scenario's own choice that hold sections."""
    found = [("events", data["events"]), ("places.localities", data["places"]["localities"])]
    return [*found, ("police.forces", data["police"]["forces"]), ("movement.tactics", data["movement"]["tactics"])]


def test_a_report_that_fails_costs_no_numbers(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis.report.run, "answer", fails)
    result = command("run", "mini.yaml", "--days", 20, "--out", "out")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "largest turnout on one day" in result.stdout  # what came out is shown all the same
    said = r"out: the numbers are kept, but the report could not be made: LookupError: no such colour \(\S+\.py:\d+\)"
    assert re.search(said, result.stderr), result.stderr
    assert store.read_run(here / "out").record["provenance"]["scenario"] == "mini"
    assert {path.name for path in (here / "out").iterdir()} == {"days.parquet", "localities.parquet", "run.json"}


def test_an_interrupted_report_costs_no_numbers(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis.report.run, "answer", interrupted)
    result = command("run", "mini.yaml", "--days", 20, "--out", "out")
    assert result.exit_code == 130
    assert "interrupted; the numbers are kept in" in result.stderr
    assert len(store.read_run(here / "out").days) == 20


def test_a_sweep_whose_report_fails_shows_its_results(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis.sweep.report, "_pictures", fails)
    (here / "s.yaml").write_text(
        "scenario: granovetter-1978\ndesign: {kind: grid, parameters: {population.persons: [50, 60]}}\nreplicates: 3\n"
    )
    result = command("sweep", "s.yaml", "--out", "out", "--workers", 1)
    assert result.exit_code == 1
    assert "persons=50" in result.stdout
    assert "the numbers are kept, but the report could not be made: LookupError" in result.stderr
    assert json.loads(command("sweep", "s.yaml", "--out", "out", "--json").stdout)["runs"] == 6


def test_a_rerun_whose_report_fails_is_compared_and_kept(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = run_study(crowds(1, 1), here / "study", workers=1)
    monkeypatch.setattr(analysis.report.run, "answer", fails)
    result = command("rerun", "study", data.runs["run_id"][0], "--out", "again")
    assert result.exit_code == 1
    assert "is bit-identical: days, runs" in result.stdout
    assert store.read_run(here / "again").record["seed"] == 1


@pytest.mark.parametrize("broken", ["analysis.compare.write.pictures_of", "analysis.report.page.write_page"])
def test_a_comparison_whose_report_fails_keeps_its_numbers(
    here: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(broken, fails)
    result = command("compare", "granovetter-1978", "granovetter-1978 population.persons=50", "--replicates", 6,
                     "--out", "out", "--workers", 1)  # fmt: skip
    assert result.exit_code == 1
    assert "Persons acting" in result.stdout
    assert "the numbers are kept, but the report could not be made: LookupError" in result.stderr
    assert json.loads((here / "out" / "comparison.json").read_text())["program"] == "protestorate"


def test_a_comparison_that_cannot_be_made_says_where_its_runs_are(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.compare.command.compare_sides", fails)
    with pytest.raises(UnfinishedError, match=r"out/study: the numbers are kept, but the comparison could not be made"):
        compare(["granovetter-1978", "granovetter-1978 population.persons=50"], "out", replicates=6, workers=1)


def test_a_measure_that_no_run_can_have_is_refused_before_anything_runs(here: Path) -> None:
    with pytest.raises(ProtestorateError, match="did you mean 'active'"):
        compare(["granovetter-1978", "granovetter-1978 population.persons=50"], "out", measures=["actve"])
    assert not (here / "out").exists()


def test_what_is_wrong_on_any_side_of_a_comparison_is_said_at_once(here: Path) -> None:
    (here / "other.yaml").write_text("extends: mini.yaml\nregime: {aggression_gain: -1}\n", encoding="utf-8")
    things = [
        "mini.yaml information.crowd_low=1.0e+7",
        "other.yaml police.forces.army.persons=900000",
        "mini.yaml x.y=1",
    ]
    result = command("compare", *things, "--set", "run.persons_per_agent=0", "--measure", "turnuot", "--out", "out")
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    for path, said in (
        ("--set run.persons_per_agent=0: run.persons_per_agent", "must be at least 1"),
        ("information.crowd_low", "must be above 0 and below crowd_high"),
        ("other.yaml:2:27: regime.aggression_gain", "must be at least 0"),
        ("police.forces", "has 900210 police among 60000 people"),
        ("--set x.y=1: x.y", "unknown key path"),
    ):
        assert sum(f"{path}: {said}" in line for line in lines) == 1, (path, result.stderr)
    assert len(lines) == 5
    both = command("compare", "nowhere", "nobody", "mini.yaml").stderr.splitlines()
    assert len(both) == 2
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("broken", "words", "kept"),
    [
        ("analysis.sensitivity.report.draw_luck", ("sensitivity",), "sensitivity.json"),
        ("analysis.discover.report.draw_trajectory", ("discover", "--outcome", "falls"), "discovery.json"),
    ],
)
def test_an_analysis_whose_pictures_fail_keeps_and_shows_its_numbers(
    here: Path, monkeypatch: pytest.MonkeyPatch, broken: str, words: tuple[str, ...], kept: str
) -> None:
    pytest.importorskip("ema_workbench")
    import numpy as np
    import pandas as pd

    columns = pd.DataFrame({"people.a": np.linspace(0, 1, 60), "people.b": np.tile([0.2, 0.7, 0.4], 20)})
    study = made("latin_hypercube", columns, lambda p, luck, _: {
        "outcome": np.where(p["people.a"] > 0.6, "falls", "contested"), "detained": 9 * p["people.b"] + luck.random(60),
    }, 2)  # fmt: skip
    monkeypatch.setattr("sim.study.read_study", lambda folder: study)
    monkeypatch.setattr(broken, fails)
    result = command(words[0], "study", *words[1:], "--out", "out")
    assert result.exit_code == 1, result.output
    assert "people.a" in result.stdout
    assert "the numbers are kept, but the report could not be made: LookupError" in result.stderr
    assert json.loads((here / "out" / kept).read_text())["program"] == "protestorate"
