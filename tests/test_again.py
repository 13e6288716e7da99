"""What a report says runs it again makes the same run, bit for bit: the command, and the Python beside it."""

from __future__ import annotations

import datetime as dt
import html
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mini_country import mini
from study_helpers import SPREAD, crowd
from typer.testing import CliRunner

import sim
from analysis.cli import app
from analysis.compare import compare
from analysis.report.run import command, python_call, write_report
from sim.mesa.model import ProtestModel
from sim.run.load import derive, load
from sim.run.result import Run
from sim.run.store import read_run, write_run
from sim.study import Keep, Point, Study, run_study
from sim.study.rerun import again, rerun, scenario_of

CUT = {"title": "A cut: 'no' internet", "date": dt.date(2020, 8, 3), "until": dt.date(2020, 8, 4),
       "effects": {"shutdown": 0.00001}}  # fmt: skip
OVERRIDES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a number with an exponent": {"regime.aggression_gain": 1e-05},
    "a small number": {"regime.aggression_gain": 1.25e-7},
    "a switch and nothing": {"mechanisms.backlash": False, "events.shutdown": None},
    "days": {"time.start": dt.date(2020, 7, 30), "events.election.date": dt.date(2020, 8, 10)},
    "text that looks like something else": {
        "about.title": "2020-08-09",
        "about.question": "no",
        "about.summary": "' =\"",
    },
    "an event more": {"events.a cut": CUT},
    "lists": {"about.authors": ["one", "two, three", "1e5"]},
}
RUN = ["--days", "6"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    mini(tmp_path)
    return tmp_path


def said(folder: Path) -> tuple[str, str]:
    """Return the command and the Python that a report shows."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    found = [re.search(rf'<code id="{name}">(.*?)</code>', page, re.DOTALL) for name in ("command", "python")]
    return tuple(html.unescape(one[1]) for one in found)  # type: ignore[index,return-value]


def by_command(line: str) -> pd.DataFrame:
    """Run a command as a shell would, into another folder, and return its days."""
    program, *words = shlex.split(line)
    assert program == "protestorate"
    result = CliRunner().invoke(app, [*words, "--out", "again", *(["--no-report"] if words[0] == "run" else [])])
    assert result.exit_code == 0, result.output
    return read_run(Path("again")).days


def by_python(text: str) -> Run:
    names: dict[str, Any] = {"sim": sim}
    *before, last = text.splitlines()
    exec("\n".join(before), names)
    run: Run = eval(last, names)
    return run


def assert_repeats(run: Run, page: bool = False) -> None:
    """Do what a run's report says; with `page`, as it stands on the page."""
    folder = write_run(run, Path("first"), True, (lambda place: write_report(run, place)) if page else None)
    line, text = said(folder) if page else (command(run), python_call(run))
    same = by_python(text)
    pd.testing.assert_frame_equal(by_command(line), read_run(folder).days, check_exact=True)
    pd.testing.assert_frame_equal(same.days, run.days, check_exact=True)
    assert (same.summary, same.outcome, same.seed) == (run.summary, run.outcome, run.seed)
    assert same.provenance["scenario_hash"] == run.provenance["scenario_hash"]


@pytest.mark.parametrize("case", OVERRIDES)
def test_a_run_is_repeated_as_its_report_says(case: str) -> None:
    run = sim.simulate("mini.yaml", seed=5, days=6, overrides=OVERRIDES[case], persons_per_agent=100)
    assert_repeats(run, page=case == "an event more")


def test_a_scenario_of_the_project_and_a_longer_horizon() -> None:
    run = sim.simulate("granovetter-1978", seed=3, days=2)
    assert run.provenance["scenario_file"] == "granovetter-1978"
    assert_repeats(run)
    longer = sim.simulate("mini.yaml", days=150, persons_per_agent=500)
    assert "time.days=150" in command(longer)
    assert python_call(longer).startswith("sim.simulate('mini.yaml', seed=")


def test_a_scenario_that_was_loaded_before_keeps_what_was_set_in_it() -> None:
    loaded = derive(load("mini.yaml", {"regime.aggression_gain": 0.25, "events.a cut": CUT}), {"events.shutdown": None})
    assert_repeats(sim.simulate(loaded, days=6, overrides={"regime.aggression_gain": 1e-05}, persons_per_agent=100))


def test_a_run_with_live_levers_that_was_stopped() -> None:
    model = ProtestModel("mini.yaml", seed=2, persons_per_agent=100)
    for day in range(12):
        if day == 3:
            model.set_lever("shutdown", 0.4)
            model.set_lever("aggression", 0.9)
        if day == 8:
            model.set_lever("shutdown", None)
        model.step()
    run = model.run()
    assert run.provenance["days"] == 12
    assert_repeats(run)


def test_a_run_of_a_study_is_repeated_by_the_study() -> None:
    points = (Point("base", "crowd"), Point("wide", "crowd", {SPREAD: 20.0}))
    data = run_study(Study("crowds", {"crowd": crowd()}, points, (1, 2), Keep(days=True)), "study", workers=1)
    found = rerun("study", data.runs["run_id"][3])
    assert (found.point, found.seed) == (1, 2)
    assert_repeats(again("study", found, ["protestorate", "rerun", "study", found.run_id]))


def test_points_that_hold_days_are_repeated_and_compared(here: Path) -> None:
    """JSON knows no days: what is one the schema says, and a title that looks like a day stays a title."""
    points = (
        Point("base", "mini"),
        Point("later", "mini", {"events.a cut": CUT, "events.election.date": dt.date(2020, 8, 10)}),
        Point("as text", "mini", {"about.title": "2020-08-09", "events.b": {**CUT, "title": "2020-08-03"}}),
        Point("of a table", "mini", {"time.start": pd.Timestamp("2020-07-30"), "run.persons_per_agent": np.int64(600)}),
    )
    base = load("mini.yaml", {"run.persons_per_agent": 500})
    study = Study("days", {"mini": base}, points, (1, 2), Keep(days=True), days=20)
    data = run_study(study, "study", workers=1)
    for run_id in data.runs["run_id"]:
        assert rerun("study", run_id).differ == ()
    assert [scenario_of(data, point).config.about.title for point in (0, 1, 2)] == ["Mini", "Mini", "2020-08-09"]
    found = compare(["study:0", "study:1", "study:2"], "compared")
    assert {change.path for change in found.contrasts[0].changes} == {"events.a cut", "events.election.date"}


def test_a_scenario_that_no_file_holds_has_no_command_and_says_so(here: Path) -> None:
    loaded = crowd()
    run = sim.simulate(type(loaded)(loaded.config, loaded.data, Path("made-up.yaml"), ()))
    assert (command(run), python_call(run)) == ("", "")
    write_report(run, here)
    assert "made by a program that built its scenario itself" in (here / "report.html").read_text(encoding="utf-8")


def test_a_comparison_is_repeated_as_its_report_says(here: Path) -> None:
    things = ["granovetter-1978 population.thresholds.kind=uniform", "granovetter-1978"]
    overrides = {"population.persons": 60, "about.title": "it's"}
    found = compare(things, "first", 6, overrides, ["a b", "c"], ["active"], workers=1)
    page = (here / "first" / "report.html").read_text(encoding="utf-8")
    line = html.unescape(re.findall(r"<code>(protestorate compare .*?)</code>", page)[0])
    result = CliRunner().invoke(app, [*shlex.split(line)[1:], "--out", "second", "--workers", "1"])
    assert result.exit_code == 0, result.output
    assert (here / "first" / "comparison.json").read_text() == (here / "second" / "comparison.json").read_text()
    assert [row.measure.name for row in found.contrasts[0].effects] == ["active"]
