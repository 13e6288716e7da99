"""Every command with a folder of results: an earlier result is refused and left alone, and --force replaces it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from made_reports import CROWD, LIVELY, PATTERN, STUDY, within
from mini_country import mini
from test_campaigns import rows, write
from test_observe import events
from typer.testing import CliRunner

import analysis.campaigns.table
from analysis.cli import app
from analysis.events.table import PARQUET, as_parquet
from sim.core.version import model_version

ALWAYS_REPLACED = {"sensitivity", "discover"}
"""What they write follows from a study in seconds; their folders are theirs alone."""
FREE_NAMES = {"view"}
"""Writes beside what is there, under a name that is free."""

CLAIMS = ("claims", "--claim", "tt-27", "--hypercube", 0, "--persons-per-agent", 20_000, "--workers", 1)
RUNNING: dict[str, tuple[object, ...]] = {
    "sweep": ("sweep", "spread.yaml", "--workers", 1),
    "compare": ("compare", "crowd.yaml", "crowd.yaml population.persons=50", "--replicates", 2, "--workers", 1),
    "claims": CLAIMS,
    "patterns": ("patterns", "everybody.yaml", "--workers", 1),
    "observe": ("observe", "mini.yaml", "--events", PARQUET, "--replicates", 2, *LIVELY, "--workers", 1),
    "findings variants": ("findings", "variants", "variants.yaml", "--workers", 1),
    "findings cases": ("findings", "cases", "--workers", 1),
    "findings campaigns": (
        "findings", "campaigns", "--data", "campaigns.csv", "--seeds", 1, "--agents", 500, "--sets", 0, "--workers", 1,
    ),
}  # fmt: skip
"""Commands that carry out studies and go on with what is there."""


def leaves(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def options(command: Any) -> set[str]:
    return {word for option in command.params for word in option.opts}


def call(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def age(folder: Path) -> list[Path]:
    """Make the studies of a folder those of another version; return their manifests."""
    manifests = sorted(folder.rglob("study.json"))
    for path in manifests:
        study = json.loads(path.read_text(encoding="utf-8"))
        study["model_version"] = study["identity"]["model_version"] = "of-old"
        path.write_text(json.dumps(study), encoding="utf-8")
    return manifests


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    with within(tmp_path):
        mini(tmp_path)
        Path("crowd.yaml").write_text(CROWD, encoding="utf-8")
        grid = STUDY.format(kind="grid", parameters="population.thresholds.spread: [5, 40]", replicates=2)
        Path("spread.yaml").write_text(grid, encoding="utf-8")
        Path("everybody.yaml").write_text(PATTERN.format(title="everybody", at="all"), encoding="utf-8")
        points = "[{label: mini, scenario: mini.yaml}]"
        Path("variants.yaml").write_text(
            f"scenarios: [mini.yaml]\nset: {{run.persons_per_agent: 400}}\n"
            f"replicates: 2\nkeep: {{days: true}}\ndesign: {{kind: list, points: {points}}}\n",
            encoding="utf-8",
        )
        Path(PARQUET).write_bytes(as_parquet(events((0, "A", 500.0, 3.0), (7, "A", 900.0, 0.0))))
        write(tmp_path, rows()[:1])
        yield tmp_path


def test_every_command_with_a_place_for_its_result_has_force() -> None:
    group = typer.main.get_command(app)
    with_out = {name for name, command in leaves(group) if "--out" in options(command)}
    without = {name for name, command in leaves(group) if name in with_out and "--force" not in options(command)}
    assert without == ALWAYS_REPLACED | FREE_NAMES
    assert with_out > set(RUNNING) | {"run", "calibrate", "events read", "events targets", "events write", "export"}


@pytest.mark.parametrize("name", [one for one in RUNNING if one != "findings cases"])
def test_runs_of_another_version_are_refused_and_replaced_by_force(
    name: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis.campaigns.table, "DAYS", 30)
    asked = (*RUNNING[name], "--out", "out")
    done = call(*asked)
    assert done.exit_code in (0, 1), done.output
    manifests = age(here / "out")
    assert manifests
    before = content(here / "out")
    refused = call(*asked)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "which differs in the version of the model; nothing was touched" in refused.stderr
    assert "choose another folder with --out or replace it with --force" in refused.stderr
    assert content(here / "out") == before
    (mine := manifests[0].parent / "thesis.tex").write_text("years of work", encoding="utf-8")
    kept = call(*asked, "--force")
    assert kept.exit_code == 2
    assert "holds 'thesis.tex' that is not of a study; it is left alone" in kept.stderr
    assert content(here / "out") == {**before, str(mine.relative_to(here / "out")): b"years of work"}
    mine.unlink()
    replaced = call(*asked, "--force")
    assert replaced.exit_code == done.exit_code, replaced.output
    assert sorted(here.joinpath("out").rglob("study.json")) == manifests
    for path in manifests:
        assert json.loads(path.read_text(encoding="utf-8"))["model_version"] == model_version()
    again = call(*asked, "--force")  # the same runs are kept
    assert again.exit_code == done.exit_code
    for path in manifests:
        assert len(json.loads(path.read_text(encoding="utf-8"))["sessions"]) == 1


def test_a_comparison_of_other_scenarios_is_replaced_by_force(here: Path) -> None:
    first = ("compare", "crowd.yaml", "crowd.yaml population.persons=50", "--replicates", 2, "--out", "out")
    assert call(*first).exit_code == 0
    other = ("compare", "crowd.yaml", "crowd.yaml population.persons=70", "--replicates", 2, "--out", "out")
    refused = call(*other)
    assert (refused.exit_code, "choose another folder with --out or replace it with --force" in refused.stderr) == (
        2,
        True,
    )
    assert call(*other, "--force").exit_code == 0


def test_runs_of_cases_have_a_folder_of_their_own_and_none_beside_a_study_that_is_named(here: Path) -> None:
    Path("out").mkdir()
    Path("out/thesis.tex").write_text("years of work", encoding="utf-8")
    for words in (("findings", "cases"), ("findings", "campaigns")):
        refused = call(*words, "--out", "out")
        assert (refused.exit_code, "out: holds 'thesis.tex' that is not of a study" in refused.stderr) == (2, True)
    for option in (("--out", "out"), ("--force",)):
        refused = call("findings", "cases", "study", *option)
        assert (refused.exit_code, f"{option[0]}: is of runs that the command makes" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("observe", "mini.yaml", "--events", PARQUET, "--replicates", 2),
        ("sensitivity", "sweep"),
        ("discover", "sweep", "--outcome", "share > 0.5"),
        ("patterns", "everybody.yaml"),
        CLAIMS,
    ],
    ids=lambda words: str(words[0]),
)
def test_a_report_never_replaces_that_of_something_else(words: tuple[object, ...], here: Path) -> None:
    assert call("run", "crowd.yaml", "--out", "out").exit_code == 0
    assert call("sweep", "spread.yaml", "--out", "sweep", "--workers", 1).exit_code == 0
    before = content(here / "out")
    refused = call(*words, "--out", "out", *(("--force",) if words[0] not in ALWAYS_REPLACED else ()))
    assert refused.exit_code == 2
    assert "choose another folder with --out" in refused.stderr
    assert content(here / "out") == before


def test_a_calibration_with_something_beside_it_is_not_deleted(here: Path) -> None:
    Path("parameters.yaml").write_text(
        "parameters: {people.motive.threshold_mean: {low: 2.0, high: 6.0}}\npersons_per_agent: 400\n", encoding="utf-8"
    )
    assert call("events", "targets", PARQUET, "--case", "mini.yaml", "--out", "targets.yaml").exit_code == 0
    Path("out").mkdir()
    Path("out/asked.json").write_text('{"identity": "of-old"}', encoding="utf-8")
    Path("out/thesis.tex").write_text("years of work", encoding="utf-8")
    asked = (
        "calibrate", "mini.yaml", "--targets", "targets.yaml", "--parameters", "parameters.yaml", "--method", "cma",
        "--evaluations", 8, "--predictive", 10, "--workers", 1, "--out", "out",
    )  # fmt: skip
    refused = call(*asked)
    assert (refused.exit_code, "choose another folder with --out or replace it with --force" in refused.stderr) == (
        2,
        True,
    )
    refused = call(*asked, "--force")
    assert (refused.exit_code, "'thesis.tex' that is not of a calibration" in refused.stderr) == (
        2,
        True,
    )
    assert Path("out/thesis.tex").read_text(encoding="utf-8") == "years of work"
    Path("out/thesis.tex").unlink()
    assert call(*asked, "--force").exit_code == 0
