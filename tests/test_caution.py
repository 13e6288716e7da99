"""Agents that stand for too many people: one line says so, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from mini_country import mini
from typer.testing import CliRunner

from analysis.cli import app
from sim.core import notes
from sim.models.interface import engine_of
from sim.run.find import names
from sim.run.load import load

COARSE = {"run.persons_per_agent": 4000, "run.officers_per_agent": 50}


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch):
    """Each word is said once a process; every test is a process of its own here."""
    monkeypatch.setattr(notes, "_said", set())


def caution(scenario: Path | str, overrides: dict[str, object] | None = None) -> str:
    config = load(scenario, overrides).config
    return engine_of(config.model).caution(config)


def test_the_line_names_the_smallest_and_says_what_to_set(tmp_path: Path):
    assert caution(mini(tmp_path), COARSE) == (
        "agents are coarse, so shares are partly chance: 1 of 3 localities has fewer than 5 agents (Cvillage 2); "
        "set run.persons_per_agent to 2000 or fewer (now 4000); 4 of 4 police forces have fewer than 5 agents "
        "(riot 1); set run.officers_per_agent to 4 or fewer (now 50)"
    )


def test_what_it_says_to_set_is_enough_and_one_more_is_not(tmp_path: Path):
    file = mini(tmp_path)
    assert caution(file, {"run.persons_per_agent": 2000, "run.officers_per_agent": 4}) == ""
    assert "(Cvillage 4)" in caution(file, {"run.persons_per_agent": 2500, "run.officers_per_agent": 4})


def test_no_case_of_ours_is_coarse():
    assert {name: said for name in names() if "coarse" in (said := caution(name))} == {}


def test_a_town_of_millions_is_named_and_a_town_is_not(tmp_path: Path):
    file = mini(tmp_path)
    text = file.read_text(encoding="utf-8")
    place = next(line for line in text.splitlines() if "settlement: town" in line)
    size = int(place.split("population: ")[1].split(",")[0])
    whole = load(file).config.places.population
    large = text.replace(place, place.replace(f"population: {size}", "population: 4500000"))
    file.write_text(
        large.replace(f"population: {whole}\n", f"population: {whole - size + 4500000}\n"), encoding="utf-8"
    )
    fine = {"run.persons_per_agent": 2000, "run.officers_per_agent": 4}
    assert "a town of 4,500,000 inhabitants" in caution(file, fine)
    file.write_text(text, encoding="utf-8")
    assert caution(file, fine) == ""


def test_run_sweep_and_compare_say_it_once_on_standard_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    mini(tmp_path)
    settings = [word for path, value in COARSE.items() for word in ("--set", f"{path}={value}")]
    design = "{kind: one_at_a_time, parameters: {regime.defiance: [0.4, 0.6]}}"
    Path("study.yaml").write_text(f"scenario: mini.yaml\ndesign: {design}\nreplicates: 1\n", encoding="utf-8")
    for words in (
        ["run", "mini.yaml", "--no-report", "--json"],
        ["sweep", "study.yaml", "--json", "--workers", "1"],
        ["compare", "mini.yaml", "mini.yaml regime.defiance=0.4", "--replicates", "1", "--json", "--workers", "1"],
    ):
        notes._said.clear()
        ran = CliRunner().invoke(app, [*words, "--days", "3", *settings])
        assert ran.exit_code == 0, ran.output
        assert ran.stderr.count("agents are coarse") == 1, (words, ran.stderr)
        assert "coarse" not in ran.stdout
