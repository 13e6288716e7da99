"""The documents put to the test: experiments that are valid, and a small study of claims from beginning to end."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_report import Page, assert_self_contained
from typer.testing import CliRunner

from analysis.claims import cube
from analysis.claims.document import PLACES, tables
from analysis.claims.examine import Finding
from analysis.claims.experiments import Trials, chosen, trials
from analysis.claims.figures import effects
from analysis.claims.history import beside, read
from analysis.claims.put import PERSONS_PER_AGENT, Settings, put_to_the_test
from analysis.claims.report import as_data, row
from analysis.claims.verdict import CONTRADICTED, SENSITIVE, SUPPORTED, TOO_WEAK, Cube, Effect
from analysis.claims.words import cube_in_words, length_in_words
from analysis.cli import app
from sim.core.errors import ProtestorateError, ScenarioError
from sim.core.share import share_dir
from sim.evidence.ledger import Claim, Ledger, load_ledger
from sim.run.load import derive

COARSE = 20_000


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


@pytest.fixture(scope="module")
def all_trials(ledger: Ledger) -> Trials:
    return trials(chosen(ledger), COARSE)


# The ledger


def test_every_mechanism_and_prediction_is_tested_or_says_why_not(ledger: Ledger) -> None:
    for claim in ledger.claims.values():
        if claim.kind in ("mechanism", "prediction"):
            assert bool(claim.test) != bool(claim.untestable), claim.id


def test_experiments_of_every_document_are_valid(ledger: Ledger, all_trials: Trials) -> None:
    """`trials` raises for a key path, value, column or day that its scenario does not have."""
    tested = {trial.claim.id for trial in all_trials.trials}
    assert tested == {claim.id for claim in ledger.claims.values() if claim.test}
    assert len(tested) >= 30
    assert Counter(trial.claim.document for trial in all_trials.trials).keys() == ledger.documents.keys()


def test_every_change_changes_the_scenario(all_trials: Trials) -> None:
    for trial in all_trials.trials:
        first, second = (all_trials.arms[arm] for arm in (trial.first, trial.second))
        assert first.base == second.base == trial.test.scenario
        base = all_trials.bases[first.base]
        assert derive(base, first.overrides).config != derive(base, second.overrides).config, trial.claim.id
        assert second.overrides == {**trial.test.given, **trial.test.change}


def test_arms_that_several_experiments_share_are_run_once(all_trials: Trials) -> None:
    written = [json.dumps([arm.base, sorted(arm.overrides.items())], default=str) for arm in all_trials.arms]
    assert len(set(written)) == len(written) < 2 * len(all_trials.trials)


GOOD = """    test:
      change: {mechanisms.coalition: false}
      outcome: peak_turnout
      direction: falls
      smallest: 0.05
      relative: true
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("direction: falls", "direction: sinks", "mt-06.test.direction: must be one of rises, falls, stays"),
        ("smallest: 0.05", "smallest: -1", "mt-06.test.smallest: must be above 0 (given -1.0)"),
        ("smallest: 0.05", "smallest: many", "mt-06.test.smallest: must be a number"),
        ("relative: true", "relative: yes please", "mt-06.test.relative: must be true or false"),
        ("      outcome: peak_turnout\n", "", "mt-06.test.outcome: is missing"),
        ("{mechanisms.coalition: false}", "{}", "mt-06.test.change: must change something"),
        ("outcome:", "outcme:", "did you mean 'outcome'?"),
        (
            "    test:",
            "    untestable: for one reason\n    test:",
            "mt-06.untestable: a claim with a test is not untestable",
        ),
    ],
)
def test_faults_of_a_test_are_named_with_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    seeds = Path(shutil.copytree(share_dir("seeds"), tmp_path / "seeds"))
    file = seeds / "claims" / "mobilisation-thread.yaml"
    text = file.read_text(encoding="utf-8")
    assert GOOD in text
    assert old in GOOD
    file.write_text(text.replace(GOOD, GOOD.replace(old, new)), encoding="utf-8")
    line = text[: text.index(GOOD)].count("\n")
    with pytest.raises(ScenarioError) as caught:
        load_ledger(seeds)
    (problem, *_) = [one for one in caught.value.problems if said in str(one)]
    assert Path(problem.file).name == file.name
    assert line - 12 <= problem.line <= line + 9
    assert problem.column > 0


def test_a_mechanism_without_test_or_reason_is_refused(tmp_path: Path) -> None:
    seeds = Path(shutil.copytree(share_dir("seeds"), tmp_path / "seeds"))
    file = seeds / "claims" / "class-media-thread.yaml"
    text = file.read_text(encoding="utf-8")
    reason = next(line for line in text.splitlines() if line.startswith("    untestable:"))
    file.write_text(text.replace(f"{reason}\n", "", 1), encoding="utf-8")
    with pytest.raises(ScenarioError, match="a mechanism needs a 'test', or 'untestable' with the reason"):
        load_ledger(seeds)


def changed(ledger: Ledger, name: str, **changes: Any) -> Claim:
    claim = ledger.claims[name]
    assert claim.test is not None
    return replace(claim, test=replace(claim.test, **changes))


def test_all_faults_of_experiments_are_told_at_once_with_the_nearest_names(ledger: Ledger) -> None:
    faulty = [
        changed(ledger, "mt-04", change={"events.crackdwn": None}),
        changed(ledger, "mt-05", change={"information.kin_violence": 7.0}),
        changed(ledger, "mt-06", outcome="peak_turnot"),
        changed(ledger, "mt-07", outcome="mean:coalition_bredth"),
        changed(ledger, "mt-08", outcome="sum:attending:2020-08-09..2021-08-15"),
        changed(ledger, "mt-09", outcome="median:attending"),
        changed(ledger, "mt-10", scenario="belarus-202"),
        changed(ledger, "mt-11", change={"run.persons_per_agent": 7}),
        changed(ledger, "mt-13", given={"time.dayz": 7}),
    ]
    with pytest.raises(ScenarioError) as caught:
        trials(faulty, COARSE)
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == len(faulty), told
    for claim, text in zip(faulty, told, strict=True):
        assert f"claims.{claim.id}.test." in text
        assert "mobilisation-thread.yaml:" in text
    for words, text in zip(
        (
            "did you mean 'events.crackdown'?",
            "7.0",
            "did you mean 'peak_turnout'?",
            "did you mean 'coalition_breadth'?",
            "2020-08-01 to 2020-12-18",
            "must begin with one of mean, sum",
            "did you mean 'belarus-2020'?",
            "the same in all runs",
            "did you mean 'time.days'?",
        ),
        told,
        strict=True,
    ):
        assert words in text


@pytest.mark.parametrize(
    ("ids", "document", "said"),
    [
        (["mt-99"], None, "there is no such claim (given 'mt-99')"),
        (["mt-03"], None, "mt-03: this claim has no test: Compares with earlier rounds"),
        ([], "local-chat", "did you mean 'local-chats'?"),
        (["mt-04"], "local-chats", "none of the claims asked for has a test"),
    ],
)
def test_claims_that_cannot_be_asked_for(ledger: Ledger, ids: list[str], document: str | None, said: str) -> None:
    with pytest.raises(ProtestorateError) as caught:
        chosen(ledger, ids, document)
    assert said in str(caught.value)


# The hypercube


def test_only_assumed_numbers_are_varied_within_their_bounds(all_trials: Trials) -> None:
    base = all_trials.bases["belarus-2020"]
    ranges = cube.assumed_ranges(base)
    assert len(ranges) > 200
    assert "people.motive.colleague_weight" in ranges
    assert "people.motive.turnout_weight" in ranges
    assert "people.motive.threshold_mean" not in ranges  # calibrated
    assert "police.ranks.officer" not in ranges  # part of a whole
    assert (ranges["police.loyalty.rank_step"].low, ranges["police.loyalty.rank_step"].high) == pytest.approx(
        (0.28, 0.52)
    )
    assert ranges["information.hearing_hub"].high == 1.0
    for point in cube.samples({"belarus-2020": base}, 4)["belarus-2020"]:
        derive(base, point)  # raises if any value is outside the schema
        assert point.keys() == ranges.keys()


def test_both_arms_get_the_same_assumptions_and_the_experiment_counts(all_trials: Trials) -> None:
    samples = cube.samples(dict(all_trials.bases), 2)
    points = cube.points(all_trials.arms, samples)
    assert len(points) == 2 * len(all_trials.arms)
    for number in range(2):
        for place, arm in enumerate(all_trials.arms):
            overrides = points[number * len(all_trials.arms) + place].overrides
            expected = {**samples[arm.base][number], **arm.overrides}
            assert overrides == expected
    by_id = {trial.claim.id: trial for trial in all_trials.trials}
    second = points[by_id["cm-17"].second].overrides
    first = points[by_id["cm-17"].first].overrides
    trust = "people.camps.protest.trust_opposition_media"
    assert second[trust] == 0.2 != first[trust]
    assert cube.samples(dict(all_trials.bases), 2) == samples


# From beginning to end

SMALL = Settings(ids=("mt-04", "tt-27"), replicates=20, persons_per_agent=COARSE, points=0, point_seeds=2)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("claims") / "claims"
    outcome = put_to_the_test(SMALL, folder, workers=1, formats=("svg",), command="protestorate claims")
    assert (len(outcome.findings), outcome.failed) == (2, 0)
    return folder


def test_a_small_study_of_claims(results: Path) -> None:
    data = json.loads((results / "claims.json").read_text(encoding="utf-8"))
    assert [entry["id"] for entry in data["tested"]] == ["mt-04", "tt-27"]
    backlash, parties = data["tested"]
    assert backlash["change"] == {"events.crackdown": None}
    assert backlash["effect"]["pairs"] + backlash["effect"]["dropped"] == 20
    assert backlash["effect"]["estimate"] == pytest.approx(backlash["effect"]["second"] - backlash["effect"]["first"])
    assert backlash["cube"] is parties["cube"] is None
    assert sum(data["counts"].values()) == 2
    page = Page(results / "report.html")
    assert_self_contained(page)
    assert {"mt-04", "tt-27", "figure-mobilisation-thread"} <= set(page.values("id"))
    assert [name for name, count in Counter(page.values("id")).items() if count > 1] == []
    assert {target for target in page.values("href") if target.startswith("#")} <= {
        f"#{one}" for one in page.values("id")
    }
    assert "under its assumptions, and not about what happened" in " ".join(page.text.split())
    assert (results / "figures" / "travelling-tactics.svg").stat().st_size > 1000


@pytest.mark.nightly
def test_a_hypercube_from_beginning_to_end(tmp_path: Path) -> None:
    settings = replace(SMALL, ids=("mt-04",), points=40)
    outcome = put_to_the_test(settings, tmp_path / "claims", workers=1)
    (tested,) = outcome.data["tested"]
    cube = tested["cube"]
    assert cube["points"] == cube["as_claimed"] + cube["opposite"] + cube["within"] == 40
    assert outcome.failed == 0


def test_the_tables_of_a_document(
    results: Path, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command would test all claims, which takes long; here two stand for them."""
    monkeypatch.setattr("analysis.claims.put.Settings", lambda **given: SMALL)
    page = tmp_path / "page.md"
    page.write_text("".join(f"<!-- begin: {name} -->\n<!-- end: {name} -->\n" for name in PLACES), encoding="utf-8")
    folder = tmp_path / "claims"
    shutil.copytree(results, folder)
    arguments = ["claims", "--workers", "1", "--out", str(folder), "--write", str(page)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    data = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    assert "page.md: refreshed documents, history, experiments, untestable" in done.output
    assert [one.claim for one in read(beside(page))] == [entry["id"] for entry in data["tested"]]
    text = page.read_text(encoding="utf-8")
    assert f"model version `{data['model_version']}`, 20 seeds, agents of 20,000 persons." in text
    title = ledger.documents["mobilisation-thread"].title
    assert f"| {title} | 1 |" in text
    assert f"### {title}" in text
    assert "| **all** | **2** |" in text
    for entry in data["tested"]:
        assert f"| `{entry['id']}` | {entry['claim']} |" in text
        assert f"**{entry['verdict']}**" in text


def test_claims_that_cannot_be_tested_stand_in_a_document(ledger: Ledger) -> None:
    how = {"command": "this", "seeds": [1] * 20, "persons_per_agent": 500, "points": 0, "cube_seeds": 0, "failed": 2}
    data = as_data(chosen(ledger), [], how)
    found = tables(ledger, [], data, [])
    assert "20 seeds, agents of 500 persons. **Not complete: 2 runs failed; they are left out.**" in found["documents"]
    untestable = [claim for claim in ledger.claims.values() if claim.test is None and claim.untestable]
    assert untestable
    assert len(found["untestable"].splitlines()) == 2 + len(data["untestable"])
    for claim in untestable:
        assert f"| `{claim.id}` | {claim.claim} | {claim.untestable} |" in found["untestable"]
    assert found["documents"].endswith(f"| **{len(data['untestable'])}** |")


def test_the_same_command_computes_nothing_again(results: Path) -> None:
    shards = {path: path.stat().st_mtime_ns for path in results.rglob("*.parquet")}
    before = (results / "claims.json").read_text(encoding="utf-8")
    put_to_the_test(SMALL, results, workers=1, formats=("svg",), command="protestorate claims")
    assert {path: path.stat().st_mtime_ns for path in results.rglob("*.parquet")} == shards
    assert (results / "claims.json").read_text(encoding="utf-8") == before


def test_runs_that_end_early_are_pointed_out(all_trials: Trials) -> None:
    nothing = Effect(20, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, "the same in every pair")

    def told(without: float, changed: float) -> str:
        days = (without, changed)
        return length_in_words(Finding(all_trials.trials[0], nothing, 1.0, None, SUPPORTED, SUPPORTED, days))

    said = "runs last 70.5 days with the change and 140 without, so totals add up unequal numbers of days"
    assert told(140.0, 70.5) == said
    assert told(140.0, 139.5) == told(float("nan"), float("nan")) == ""


def test_what_limits_a_verdict_stands_beside_it(all_trials: Trials) -> None:
    by_id = {trial.claim.id: trial for trial in all_trials.trials}
    same = Effect(18, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, "the same in every pair", dropped=1, partly=1)
    days = (140.0, 140.0)
    said = row(Finding(by_id["mt-04"], same, 1.0, Cube(8, 8, 0, 0), TOO_WEAK, TOO_WEAK, days))
    assert said["interval"] == "(no difference in any of 18 pairs)"
    assert said["selection"] == "of 19 pairs 1 left out, 1 without some of the days that count"
    assert said["weakness"] == "2 of 19 pairs are left out or only partly covered: a selection"
    # Wilson's bound of none of 8 is z^2 / (8 + z^2) with z = 1.96.
    assert said["cube"] == "8 as claimed, 0 within, 0 opposite (0% to 32% of points)"
    stays = Finding(by_id["tt-27"], same, 1.0, Cube(8, 1, 1, 6), SUPPORTED, SENSITIVE, days)
    assert cube_in_words(stays) == "6 within, 2 outside (7.1% to 59% of points)"
    against = replace(stays, trial=by_id["mt-04"], first_verdict=CONTRADICTED)
    assert cube_in_words(against) == "1 as claimed (2.2% to 47% of points), 6 within, 1 opposite"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (replace(SMALL, replicates=19), "replicates: a verdict needs at least 20 pairs (given 19)"),
        (replace(SMALL, points=8), "hypercube: must be 0, or at least 40 points (given 8)"),
        (replace(SMALL, replicates=0), "replicates: must be 1 to 1000 (given 0)"),
        (replace(SMALL, replicates="quick-2"), "did you mean 'quick-20'?"),
        (replace(SMALL, points=40, point_seeds=21), "hypercube replicates: must be 2 to 20"),
    ],
)
def test_settings_that_are_refused(tmp_path: Path, settings: Settings, said: str) -> None:
    with pytest.raises(ProtestorateError) as caught:
        put_to_the_test(settings, tmp_path / "out")
    assert said in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "report.html"
    own.write_text("mine", encoding="utf-8")
    with pytest.raises(ProtestorateError, match=r"holds report\.html that is not of tested claims"):
        put_to_the_test(SMALL, tmp_path)
    assert (own.read_text(encoding="utf-8"), list(tmp_path.iterdir())) == ("mine", [own])


def test_the_command_explains_a_mistake(protestorate: Any) -> None:
    result = protestorate("claims", "--claim", "mt-044")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "there is no such claim (given 'mt-044'), did you mean 'mt-04'?\n"


@pytest.mark.parametrize("choice", [("--claim", "mt-04"), ("--document", "local-chats")])
def test_a_choice_of_claims_is_not_written_over_all(protestorate: Any, tmp_path: Path, choice: tuple[str, str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("".join(f"<!-- begin: {name} -->\n<!-- end: {name} -->\n" for name in PLACES), encoding="utf-8")
    before = page.read_text(encoding="utf-8")
    result = protestorate("claims", *choice, "--write", "page.md")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "--write: would lose the rows of claims that are not tested; leave the choice out\n"
    assert ([path.name for path in tmp_path.iterdir()], page.read_text(encoding="utf-8")) == (["page.md"], before)


def test_the_default_scale_of_the_command_is_that_of_the_settings(protestorate: Any) -> None:
    shown = " ".join(protestorate("claims", "--help").stdout.split())
    assert f"[default: {PERSONS_PER_AGENT}; x>=1]" in shown
    assert f"[default: {Settings().points}; 0<=x<=1000]" in shown
    assert f"[default: {Settings().point_seeds}; x>=2]" in shown


def test_nothing_written_in_the_picture_of_effects_is_cut_off(all_trials: Trials) -> None:
    """Claims in words take up half of the width; what is measured must still have room below the axis."""
    weak = Effect(20, 1.0, 1.1, 0.1, -0.2, 0.4, 1.0, 0.5, "Student's t")
    figure = effects([Finding(one, weak, 1.0, None, TOO_WEAK, TOO_WEAK, (140.0, 140.0)) for one in all_trials.trials])
    figure.draw_without_rendering()
    (axis,) = figure.axes
    for text in (axis.xaxis.label, *axis.get_yticklabels()):
        drawn = text.get_window_extent()
        assert drawn.x0 >= 0, text.get_text()
        assert drawn.x1 <= figure.bbox.width, text.get_text()
