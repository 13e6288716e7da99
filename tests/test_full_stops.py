"""A scenario whose names hold full stops works everywhere: each command, real runs, at tiny sizes."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import shlex
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from dotted_country import GAIN, PEOPLE, dotted_country
from typer.testing import CliRunner, Result

import sim
from analysis.cli import app
from sim.evidence.sources import load_ledger, source_table
from sim.mesa.model import ProtestModel
from sim.mesa.sliders import differences, sliders
from sim.run.load import check, load
from sim.run.store import read_run
from sim.scenario.overrides import written_set
from sim.study import read_study

CAMP = 'people.camps."opp. A".duty'
CUT = {"title": "a cut", "date": dt.date(2020, 8, 3), "effects": {"shutdown": 0.5}}
LOCALITIES = 'places.localities."St. Petersburg".lat'

SET = {LOCALITIES: 53.5, CAMP: 1.5e-05, 'events."election no. 1"': None, 'events."cut no. 2"': CUT}


def command(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    dotted_country(tmp_path, persons_per_agent=100)
    return tmp_path


def test_it_is_valid_and_its_sources_are_found() -> None:
    assert check(["dotted.yaml"]) == []
    command("check", "dotted.yaml")
    rows = {
        row.path: row
        for row in source_table(load("dotted.yaml").data, load("dotted.yaml").data["sources"], load_ledger())
    }
    assert rows[PEOPLE].note == "as many as there are"
    assert rows['places.localities."Frankfurt a.M.".lat'].note == "the whole town"
    assert PEOPLE in command("sources", "dotted.yaml", "--json").stdout.replace('\\"', '"')


def test_names_are_refused_by_nothing_but_star_and_equals_sign(here: Path) -> None:
    text = (here / "dotted.yaml").read_text(encoding="utf-8")
    (here / "bad.yaml").write_text(text.replace("Frankfurt a.M.", "Frankfurt*"), encoding="utf-8")
    (problem, *_) = check(["bad.yaml"])
    assert problem.message == "a name must not be empty nor contain '*', '=', tabs, line breaks or hidden signs"


def test_problems_and_suggestions_name_the_key_path_that_can_be_set(here: Path) -> None:
    for wrong in (PEOPLE.replace('"', ""), PEOPLE.replace("Petersburg", "Petersborg"), PEOPLE.replace("popul", "popl")):
        result = command("run", "dotted.yaml", "--set", f"{wrong}=5", "--out", "out", code=2)
        assert result.stderr.strip().endswith(f"unknown key path, did you mean '{PEOPLE}'?")
    result = command("run", "dotted.yaml", "--set", 'places.localities."Cvillage".lat=5', "--out", "out", code=2)
    assert "did you mean 'places.localities.Cvillage.lat'?" in result.stderr
    result = command("run", "dotted.yaml", "--set", f"{LOCALITIES}=500", "--out", "out", code=2)
    assert f"{LOCALITIES}: must be at most" in result.stderr
    text = (here / "dotted.yaml").read_text(encoding="utf-8")
    (here / "bad.yaml").write_text(
        text.replace("lat: 54.1", "lat: north").replace('St. Petersburg".pop', 'St. Petersborg".pop'), encoding="utf-8"
    )
    said = [str(problem) for problem in check(["bad.yaml"])]
    assert any('places.localities."Frankfurt a.M.".lat: must be a number' in one for one in said)
    assert any(one.endswith(f"did you mean '{PEOPLE}'?") for one in said), said


def test_a_run_is_repeated_as_its_report_says(here: Path) -> None:
    words = [word for path, value in SET.items() for word in ("--set", written_set(path, value))]
    command("run", "dotted.yaml", *words, "--days", 12, "--out", "first")
    page = (here / "first" / "report.html").read_text(encoding="utf-8")
    found = [re.search(rf'<code id="{name}">(.*?)</code>', page, re.DOTALL) for name in ("command", "python")]
    line, text = (html.unescape(one[1]) for one in found if one is not None)
    program, *again = shlex.split(line)
    assert program == "protestorate"
    command(*again, "--out", "second", "--no-report")
    first, second = read_run(Path("first")), read_run(Path("second"))
    pd.testing.assert_frame_equal(first.days, second.days, check_exact=True)
    *before, last = text.splitlines()
    names: dict[str, Any] = {"sim": sim}
    exec("\n".join(before), names)
    run = sim.simulate("dotted.yaml", seed=1, days=12, overrides=SET)
    pd.testing.assert_frame_equal(eval(last, names).days, run.days)
    assert set(first.record["provenance"]["overrides"]) >= {LOCALITIES, CAMP}
    assert {"attending_class_heavy_ind.", "attending_camp_opp._A"} <= set(first.days)
    assert set(first.localities["locality"].astype(str)) == {"St. Petersburg", "Frankfurt a.M.", "Cvillage"}


FORCE = 'police.forces."O.M.O.N.".persons'
LEGITIMACY = 'people.camps."opp. A".initial_legitimacy'
STUDY = f"""\
scenario: dotted.yaml
set:
  {CAMP}: 0.4
  'events."election no. 1".effects.trigger': 0.9
design:
  kind: grid
  parameters:
    {LEGITIMACY}: {{low: 0.1, high: 0.7, steps: 4, unit: share}}
    '{FORCE}': [20, 40]
keep: {{days: true, localities: true}}
replicates: 2
"""


def test_a_study_over_such_names(here: Path) -> None:
    (here / "s.yaml").write_text(STUDY, encoding="utf-8")
    command("sweep", "s.yaml", "--out", "study", "--workers", 1, "--days", 20)
    data = read_study("study")
    assert data.points[FORCE].tolist() == [20, 40] * 4
    assert data.points[LEGITIMACY].tolist() == pytest.approx([0.1, 0.1, 0.3, 0.3, 0.5, 0.5, 0.7, 0.7])
    assert data.points["label"].tolist()[0] == "initial_legitimacy=0.1, persons=20"
    assert data.runs[FORCE].tolist() == [20, 20, 40, 40] * 4
    assert "is bit-identical" in command("rerun", "study", data.runs["run_id"][7]).stdout
    outcomes = ["--outcome", "person_days_of_protest", "--outcome", "max:attending@St. Petersburg"]
    told = command("sensitivity", "study", *outcomes, "--out", "told").stdout
    assert "highest turnout in St. Petersburg" in told
    assert LEGITIMACY in told
    record = json.loads((here / "told" / "sensitivity.json").read_text(encoding="utf-8"))
    assert [one["path"] for one in record["parameters"]] == [LEGITIMACY, FORCE]
    command("export", "study", "--out", "csv")
    assert {LEGITIMACY, FORCE} < set(pd.read_csv(here / "csv" / "points.csv").columns)
    command("compare", "study:0", "study:1", "--out", "compared", "--measure", "mean:attending_camp_opp._A")
    assert FORCE in html.unescape((here / "compared" / "report.html").read_text(encoding="utf-8"))


def test_a_study_over_how_many_live_there(here: Path) -> None:
    rows = [f"    - set: {{'{PEOPLE}': {30_000 - n}, places.localities.Cvillage.population: {10_000 + n}}}" for n in
            (0, 500, 1000)]  # fmt: skip
    text = "\n".join(["scenario: dotted.yaml", "design:", "  kind: list", "  points:", *rows, "replicates: 2", ""])
    (here / "s.yaml").write_text(text, encoding="utf-8")
    command("sweep", "s.yaml", "--out", "study", "--workers", 1, "--days", 5)
    data = read_study("study")
    assert data.points[PEOPLE].tolist() == [30_000, 29_500, 29_000]
    assert data.points["label"].tolist()[1] == '"St. Petersburg".population=29500, Cvillage.population=10500'
    assert "is bit-identical" in command("rerun", "study", data.runs["run_id"][5]).stdout


def test_conditions_are_found_among_such_names(here: Path) -> None:
    pytest.importorskip("ema_workbench")
    (here / "s.yaml").write_text(
        "scenario: dotted.yaml\n"
        f"design: {{kind: latin_hypercube, size: 40, parameters: {{'{LEGITIMACY}': {{low: 0.0, high: 1.0}}}}}}\n"
        "replicates: 1\n", encoding="utf-8"
    )  # fmt: skip
    command("sweep", "s.yaml", "--out", "study", "--workers", 1, "--days", 20)
    half = float(read_study("study").runs["person_days_of_protest"].median())
    told = command("discover", "study", "--outcome", f"person_days_of_protest>{half}", "--out", "found").stdout
    assert LEGITIMACY in told


MISTAKES = {
    "set:\n  places.localities.St. Petersburg.lat: 3": ("set.places.localities.St. Petersburg.lat", LOCALITIES),
    'set:\n  places.localities."St. Peterburg".lat: 3': ('set.places.localities."St. Peterburg".lat', LOCALITIES),
}


@pytest.mark.parametrize("wrong", MISTAKES)
def test_a_mistake_in_a_study_is_at_its_place(here: Path, wrong: str) -> None:
    (here / "s.yaml").write_text(
        f"scenario: dotted.yaml\n{wrong}\ndesign: {{kind: grid, parameters: {{{GAIN}: [0.1]}}}}\n", encoding="utf-8"
    )
    path, near = MISTAKES[wrong]
    said = command("sweep", "s.yaml", "--dry-run", code=2).stderr.strip()
    assert said == f"s.yaml:3:3: {path}: unknown key path, did you mean '{near}'?"


def test_key_paths_of_a_study_that_lie_within_each_other_or_leave_the_range(here: Path) -> None:
    (here / "s.yaml").write_text(
        "scenario: dotted.yaml\ndesign:\n  kind: grid\n  parameters:\n"
        f"    {LOCALITIES}: {{low: 1.0, high: 99.0, steps: 2}}\n"
        '    places.localities."St. Petersburg": [null]\n', encoding="utf-8"
    )  # fmt: skip
    said = command("sweep", "s.yaml", "--dry-run", code=2).stderr.splitlines()
    assert said[0].startswith(f"s.yaml:5:5: design.parameters.{LOCALITIES}: must be at most 90 ")
    assert said[1].startswith(f"s.yaml:5:62: design.parameters.{LOCALITIES}.high: must be at most 90 ")
    around = 'places.localities."St. Petersburg"'
    assert said[2] == f"s.yaml:6:5: design.parameters.{around}: overlaps with {LOCALITIES}, which stands above"


def test_comparisons_with_settings(here: Path) -> None:
    things = ["dotted.yaml", f"dotted.yaml {PEOPLE}=29000 'places.localities.Cvillage.population'=11000 {CAMP}=0.9"]
    words = ["--replicates", 6, "--workers", 1, "--days", 12, "--set", f"{LOCALITIES}=53.2"]
    command("compare", *things, *words, "--out", "first")
    page = html.unescape((here / "first" / "report.html").read_text(encoding="utf-8"))
    line = re.findall(r"<code>(protestorate compare .*?)</code>", page)[0]
    command(*shlex.split(line)[1:], "--out", "second", "--workers", 1)
    assert (here / "first" / "comparison.json").read_text() == (here / "second" / "comparison.json").read_text()
    changed = json.loads((here / "first" / "comparison.json").read_text(encoding="utf-8"))
    assert [one["path"] for one in changed["comparisons"][0]["changes"]] == [
        PEOPLE, "places.localities.Cvillage.population", CAMP,
    ]  # fmt: skip
    assert changed["comparisons"][0]["changes"][0]["unit"] == "persons"


def test_the_odd_lists_them() -> None:
    told = command("odd", "dotted.yaml").stdout
    assert '`places.localities."St. Petersburg"`: region = ' in told
    assert '`places.localities."St. Petersburg"`: population = 30000 |' in told.replace(" | `assumption`", " |")


def test_the_page_and_its_sliders(here: Path) -> None:
    model = ProtestModel("dotted.yaml", seed=3, police=1.5, days=6)
    assert model.config.police.forces["O.M.O.N."].persons == 30
    forces = next(one for one in sliders(model.loaded) if one.name == "police")
    assert 'police.forces."O.M.O.N.".persons' in forces.paths
    model.step()
    model.set_lever("shutdown", 0.5)
    model.set_lever("aggression", 0.9)
    while model.running:
        model.step()
    (here / "again.yaml").write_text(model.events_yaml(), encoding="utf-8")
    again = sim.simulate("again.yaml", days=6)
    pd.testing.assert_frame_equal(model.run().days, again.days, check_exact=True)
    other = load("dotted.yaml", {PEOPLE: 29000, "places.localities.Cvillage.population": 11000})
    assert (PEOPLE, 30000, 29000) in differences(load("dotted.yaml"), other)


def test_a_tab_of_the_page(here: Path) -> None:
    pytest.importorskip("solara", reason="the page is not installed: pip install -e '.[view]'")
    from sim.page.options import Options
    from sim.page.snapshot import READY
    from sim.page.tab import Tab

    tab = Tab(Options("dotted.yaml", "dotted.yaml", {CAMP: 0.5}))

    def settled(generation: int, days: int = 0) -> Any:
        end = time.monotonic() + 120
        while (now := tab.snapshot.value).generation < generation or now.status != READY or now.days < days:
            assert time.monotonic() < end, now
            time.sleep(0.01)
        return now

    try:
        settled(1)
        tab.select("St. Petersburg")
        tab.set_slider(0, "police", 1.5)
        tab.reset({})
        settled(2)
        tab.step()
        first, second = settled(2, 1).runs
        assert tab.selected.value == "St. Petersburg"
        assert first.loaded.data["people"]["camps"]["opp. A"]["duty"] == 0.5
        persons = [run.loaded.data["police"]["forces"]["O.M.O.N."]["persons"] for run in (first, second)]
        assert persons == [30, 20]
        assert tab.notice.value == ""
    finally:
        tab.close()


def test_a_lever_changes_an_event_with_a_full_stop(here: Path) -> None:
    data = yaml.safe_load((here / "dotted.yaml").read_text(encoding="utf-8"))
    data["events"]["cut no. 2"] = data["events"]["epidemic"] | {"effects": {"shutdown": 0.9}}
    (here / "cut.yaml").write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    model = ProtestModel("cut.yaml", seed=3, days=8)
    model.step()
    model.set_lever("shutdown", 0.1)
    while model.running:
        model.step()
    run = model.run()
    assert 'events."cut no. 2"' in run.provenance["overrides"]
    again = sim.simulate("cut.yaml", seed=3, days=8, overrides=run.provenance["overrides"])
    pd.testing.assert_frame_equal(run.days, again.days, check_exact=True)


def test_replaced_and_removed_parts(here: Path) -> None:
    (here / "child.yaml").write_text(
        'extends: dotted.yaml\nreplaces: [places.localities."Frankfurt a.M."]\n'
        "places: {localities: {Frankfurt a.M.: {region: S., lat: 50.1, lon: 8.7, population: 20000, "
        "settlement: town}}}\n"
        'events: {election no. 1: null}\nsources: {places.localities."Frankfurt a.M.".lat: assumption}\n',
        encoding="utf-8",
    )
    child = load("child.yaml")
    assert child.config.places.localities["Frankfurt a.M."].region == "S."
    assert 'places.localities."Frankfurt a.M."' not in child.data["sources"]
    assert "election no. 1" not in child.config.events
