"""Small things of studies and reports that were found wrong in use, each with what is right."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from compare_sides import side
from made_studies import made
from mini_country import mini
from study_files import GRANOVETTER, problems_of, working_folder, write
from study_helpers import SPREAD, crowd, crowds
from typer.testing import CliRunner

from analysis.cli import app
from analysis.compare import compare, compare_sides
from analysis.compare.command import show_comparison
from analysis.report.amounts import signed, value
from analysis.report.figures.style import several
from analysis.sensitivity import analyse
from analysis.sensitivity.outcomes import Measure
from analysis.sensitivity.words import cells
from sim.core.errors import MOST_PROBLEMS, Problem, ProtestorateError, ScenarioError, nearest
from sim.core.formats import readable
from sim.evidence.ledger import load_ledger
from sim.evidence.sources import check_sources
from sim.run.load import load
from sim.study import Keep, Point, Study, load_study, read_study, run_study
from sim.study.design import labels
from sim.study.rerun import rerun


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return working_folder(tmp_path, monkeypatch)


def command(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_labels_say_what_lists_and_mappings_hold() -> None:
    events = [{"events.a": {"date": "2020-08-09", "effects": {"shutdown": size}}} for size in (0.25, 0.5)]
    assert labels([{"x.weights": [1, 2.5]}, {"x.weights": [1]}, {}]) == ["weights=[1, 2.5]", "weights=[1]", "base"]
    first, second = labels(events)
    assert (first, second) == (
        "a={date: 2020-08-09, effects: {shutdown: 0.25}}",
        "a={date: 2020-08-09, effects: {shutdown: 0.5}}",
    )
    assert labels([{"x.a": {"a long name": "and a long value of it"}}]) == ["a={a long name: and a lon…"]


def tornado(columns: pd.DataFrame, overrides: list[dict[str, Any]]) -> Any:
    def formula(p: pd.DataFrame, _: Any, replicate: int) -> dict[str, Any]:
        return {"detained": 100 + replicate + 10 * p["point"]}

    return analyse(made("one_at_a_time", columns, formula, 4, overrides=overrides), ["detained"])


def test_a_tornado_says_what_differs_between_two_events_and_not_all_they_hold() -> None:
    effects = {f"effect_{number}": 0.0 for number in range(30)}
    events = [{"title": "A cut", "until": None, "effects": effects | {"shutdown": size}} for size in (0.2, 0.9)]
    columns = pd.DataFrame({"events.cut": [json.dumps(events[0]), json.dumps(events[1]), None]})
    result = tornado(columns, [{}, {"events.cut": events[1]}, {"events.cut": None}])
    table = result.outcomes[0].effects.sort_values("effect")
    assert table["value"].tolist() == ["effects.shutdown: 0.9", "none"]
    assert table["base_value"].tolist() == ["effects.shutdown: 0.2", "title: A cut, effects.shutdown: 0.2"]
    assert max(len(cell) for row in cells("tornado", result.outcomes[0]) for cell in row) <= 90


def test_the_bases_own_value_has_no_bar() -> None:
    columns = pd.DataFrame({"people.one": [0.5, 0.5, 0.9]})
    result = tornado(columns, [{}, {"people.one": 0.5}, {"people.one": 0.9}])
    assert result.outcomes[0].effects["value"].tolist() == ["0.9"]


def test_what_sums_of_floats_leave_behind_is_zero() -> None:
    assert (value(-1.81e-17), signed(-1.81e-17), signed(1e-17)) == ("0", "0", "0")
    assert signed(-1.8e-5) == "−0.000018"
    measure = Measure("share", "share", is_share=True)
    assert (measure.effect_text(-1.81e-17), measure.text(1e-17)) == ("0", measure.text(0.0))


def test_one_pair_is_one_pair(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert (several(1, "pair"), several(0, "pair"), several(1200, "pair")) == ("1 pair", "0 pairs", "1,200 pairs")
    assert several(2, "locality", "localities") == "2 localities"
    one = compare_sides([side("a", seeds=(1,)), side("b", seeds=(1,), shift=5.0)])
    show_comparison(one, tmp_path)
    assert "\n1 pair;" in capsys.readouterr().out


def test_key_paths_stay_as_they_are_written() -> None:
    assert readable("run.persons_per_agent") == "run.persons_per_agent"
    assert readable("mass_march") == "mass march"
    assert readable("St. Anna_town") == "St. Anna town"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ("{low: 1, high: 4, steps: 7}", "gives 4 different whole numbers of 1 to 4 only"),
        ("{low: 1, high: 10, steps: 8, scale: log}", "different whole numbers of 1 to 10 on a logarithmic scale"),
    ],
)
def test_more_steps_than_whole_numbers_are_refused(here: Path, span: str, said: str) -> None:
    text = GRANOVETTER + "design: {kind: grid, parameters: {population.persons: " + span + "}}\n"
    (problem,) = problems_of(here, text)
    assert said in problem
    assert "s.yaml:2:" in problem
    assert "design.parameters.population.persons.steps" in problem
    fitting = text.replace("steps: 7", "steps: 4").replace("steps: 8", "steps: 4")
    assert len(load_study(write(here, fitting)).points) == 4


def test_points_that_differ_in_what_is_said_show_their_own(tmp_path: Path) -> None:
    points = tuple(Point(title, "crowd", {"about.title": title}) for title in ("one", "two"))
    data = run_study(Study("said", {"crowd": crowd()}, points, (1, 2)), tmp_path / "study", workers=1)
    assert data.runs.groupby("label")["about.title"].unique().map(list).to_dict() == {"one": ["one"], "two": ["two"]}
    assert data.runs["run_id"].nunique() == 2
    for run_id in data.runs["run_id"].unique():
        assert rerun(data.folder, run_id).differ == ()


def test_an_edited_title_is_taken_on_the_next_run(tmp_path: Path) -> None:
    study = crowds(2, 2)
    run_study(study, tmp_path / "study", workers=1)
    said = {"crowd": replace(crowd(), data={**crowd().data, "about": {**crowd().data["about"], "title": "New"}})}
    data = run_study(replace(study, title="T", question="Q?", bases=said), tmp_path / "study", workers=1)
    assert (data.manifest["title"], data.manifest["question"]) == ("T", "Q?")
    assert data.manifest["bases"]["crowd"]["about"]["title"] == "New"
    assert len(data.manifest["sessions"]) == 1
    assert len(data.runs) == 4


def test_a_study_lists_its_own_seeds(here: Path) -> None:
    text = GRANOVETTER + "design: {kind: grid, parameters: {population.persons: [5, 6]}}\nreplicates: "
    assert load_study(write(here, text + "[9, 0, 9223372036854775807]")).seeds == (9, 0, 2**63 - 1)
    for listed, said in (
        ("[1, 1]", "replicates.1: the seed is given twice"),
        ("[-1]", "replicates.0: a seed is a whole number of 0 to 2^63-1"),
        ("[true]", "replicates.0: a seed is a whole number"),
        ("[]", "replicates: must be at least 1"),
    ):
        (problem,) = problems_of(here, text + listed)
        assert said in problem
    (here / "w.yaml").write_text("extends: granovetter-1978\nabout: {title: a, summary: b, question: c}\n")
    found = compare(["granovetter-1978", "w.yaml"], "out", replicates="3, 14,15", workers=1)
    assert found.contrasts[0].pairs.seeds.tolist() == [3, 14, 15]
    for wrong in ("3,3", "3,", "3,-1", f"1,{'9' * 30}"):
        with pytest.raises(ProtestorateError, match="replicates: "):
            compare(["granovetter-1978", "w.yaml"], "out2", replicates=wrong)


def test_studies_and_comparisons_may_be_shorter_than_their_scenarios(here: Path) -> None:
    mini(here)
    points = (Point("base", "mini"), Point("no cut", "mini", {"events.shutdown": None}))
    base = load("mini.yaml", {"run.persons_per_agent": 500})
    study = Study("short", {"mini": base}, points, (1, 2), Keep(days=True), days=12)
    data = run_study(study, "study", workers=1)
    assert data.days().groupby("run_id", observed=True).size().tolist() == [12] * 4
    whole = run_study(replace(study, days=None, seeds=(1,)), "whole", workers=1)
    pd.testing.assert_series_equal(data.days()["attending"][:12], whole.days()["attending"][:12], check_exact=True)
    assert set(data.runs["run_id"]).isdisjoint(whole.runs["run_id"])
    assert rerun("study", data.runs["run_id"][3]).differ == ()
    with pytest.raises(ProtestorateError, match="belongs to the study 'short', which differs in its scenario or"):
        run_study(replace(study, days=13), "study", workers=1)
    shown = command("compare", "mini.yaml", "mini.yaml events.shutdown=null", "--days", 12, "--replicates", 2,
                    "--set", "run.persons_per_agent=500", "--out", "compared", "--workers", 1)  # fmt: skip
    assert "2 pairs" in shown
    assert len(json.loads((here / "compared" / "comparison.json").read_text())["comparisons"][0]["days"]) == 12
    assert "--days 12" in (here / "compared" / "report.html").read_text()
    (here / "s.yaml").write_text("scenario: mini.yaml\ndesign: {kind: list, points: [{label: a}]}\nreplicates: 1\n")
    command("sweep", "s.yaml", "--days", 5, "--set", "run.persons_per_agent=500", "--out", "swept")
    assert read_study("swept").runs["days"].tolist() == [5]


def test_an_event_is_added_by_an_override(here: Path) -> None:
    mini(here)
    event = "{title: A cut more, date: 2020-08-03, effects: {shutdown: 0.9}}"
    command("run", "mini.yaml", "--set", f"events.more={event}", "--days", 5, "--no-report", "--out", "out")
    stored = json.loads((here / "out" / "run.json").read_text())
    assert stored["scenario"]["events"]["more"]["effects"]["shutdown"] == 0.9
    (here / "s.yaml").write_text(
        f"scenario: mini.yaml\ndesign: {{kind: list, points: [{{label: a, set: {{events.more: {event}}}}}]}}\n"
    )
    loaded = load_study("s.yaml").resolved(0)
    assert loaded.data["events"]["more"]["title"] == "A cut more"
    assert loaded.data["sources"]["events.more"]["from"] == "assumption"


def test_results_are_exported_as_csv(here: Path) -> None:
    study = crowds(2, 2)
    data = run_study(study, "study", workers=1)
    assert command("export", "study").split() == [f"study-csv/{name}.csv" for name in ("points", "runs", "days")]
    back = pd.read_csv(here / "study-csv" / "runs.csv")
    assert back["run_id"].tolist() == data.runs["run_id"].tolist()
    assert back[SPREAD].tolist() == data.runs[SPREAD].tolist()
    assert len(pd.read_csv(here / "study-csv" / "days.csv")) == len(data.days())
    again = CliRunner().invoke(app, ["export", "study"])
    assert (again.exit_code, "is there already; replace it with --force" in again.stderr) == (2, True)
    command("run", "granovetter-1978", "--no-report", "--out", "run")
    assert command("export", "run", "--out", "tables").split() == ["tables/days.csv"]
    nothing = CliRunner().invoke(app, ["export", "."])
    assert (nothing.exit_code, "no result of protestorate" in nothing.stderr) == (2, True)
    for words, said in {
        "sensitivity run": "run: is a single run, and a study is needed; protestorate sweep",
        "discover run --outcome falls": "run: is a single run, and a study is needed; protestorate sweep",
        "compare run run": "run: is a single run; a comparison is of scenarios, which it runs over many seeds, or",
        "events write study --layout acled --out x.csv": "study: is a study, and a single run is needed; protestorate",
        "calibrate granovetter-1978": "name a file of targets with --targets (protestorate events targets makes one",
    }.items():
        other = CliRunner().invoke(app, words.split())
        assert (other.exit_code, said in other.stderr) == (2, True), other.stderr


def test_what_is_missing_of_a_study_is_said_when_it_is_exported(here: Path) -> None:
    run_study(crowds(2, 2), "study", workers=1, max_runs=1)
    result = CliRunner().invoke(app, ["export", "study"])
    assert result.exit_code == 0, result.output
    assert result.stderr == "study: 3 of its 4 runs are in no table: 3 still to do\n"
    shutil.rmtree(here / "study" / "runs")
    nothing = CliRunner().invoke(app, ["export", "study", "--out", "other"])
    assert (nothing.exit_code, nothing.stderr) == (
        2,
        "study: no run of this study is stored; the study is to be run first\n",
    )
    assert not (here / "other").exists()


def test_suggestions_and_messages_are_bounded(here: Path) -> None:
    """Thousands of mistakes: the first are said, each with its suggestion, and the rest is not even looked for."""
    loaded = load("belarus-2020")
    wrong = {f"regime.agression_gain{number}": "assumption" for number in range(20_000)}
    found = check_sources(loaded.data, {**loaded.data["sources"], **wrong}, load_ledger())
    assert len(found) == MOST_PROBLEMS + 1
    assert found[0].nearest == "regime.aggression_gain"
    assert "there are more problems" in found[-1].message
    keys = "".join(f"  regime.agression_gain{number}: 1\n" for number in range(3_000))
    said = problems_of(here, f"scenario: belarus-2020\nset:\n{keys}design: {{kind: ablation}}\n")
    assert len(said) == MOST_PROBLEMS + 1
    assert "did you mean 'regime.aggression_gain'" in said[0]
    assert "there are more problems" in said[-1]
    assert nearest("x" * 10**6, ["x" * 10**6]) == ""
    long = str(Problem("m" * 10**6, "p" * 10**6, "f" * 10**6, 1, 1, nearest="n"))
    assert len(long) < 1_300  # room for all effects that an event can have
    assert len(str(ScenarioError(Problem(f"wrong {number}") for number in range(1_000))).splitlines()) == 101
    unknown = "".join(f"key_{number}: 1\n" for number in range(2_000))
    write(here, f"extends: belarus-2020\n{unknown}", "many.yaml")
    with pytest.raises(ScenarioError) as caught:
        load("many.yaml")
    assert len(str(caught.value).splitlines()) == MOST_PROBLEMS + 1


def test_key_paths_that_overlap_are_still_found(here: Path) -> None:
    text = "scenario: belarus-2020\nset: {events.shutdown: null, events.shutdown.date: 2020-08-10}\n"
    (problem,) = problems_of(here, text + "design: {kind: ablation}\n")
    assert "events.shutdown.date: overlaps with events.shutdown, which stands above" in problem
    text = "scenario: belarus-2020\nset: {events.shutdown.date: 2020-08-10}\n"
    (problem,) = problems_of(here, text + "design: {kind: grid, parameters: {events.shutdown: [null]}}\n")
    assert "events.shutdown: overlaps with events.shutdown.date, which is set for every run" in problem
