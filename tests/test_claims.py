"""The documents put to the test: experiments that are valid, measures worked by hand, verdicts on a known truth."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_report import Page, assert_self_contained

from analysis.claims import cube, measures, verdict
from analysis.claims.experiments import Trials, chosen, trials
from analysis.claims.measures import Known, faults, parse
from analysis.claims.put import PERSONS_PER_AGENT, Settings, put_to_the_test
from analysis.claims.verdict import (
    CONTRADICTED,
    NO_EFFECT,
    SENSITIVE,
    SUPPORTED,
    TOO_WEAK,
    Cube,
    Effect,
    effect,
    final,
    judged,
)
from analysis.compare.intervals import mean_interval
from sim.ledger import Claim, Ledger, load_ledger
from sim.scenario.errors import ProtestorateError, ScenarioError
from sim.scenario.load import derive
from sim.share import share_dir

COARSE = 20_000
LUCK = np.random.default_rng(7)


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
        (["mt-02"], None, "mt-02: this claim has no test: The citizens of the model hear"),
        ([], "local-chat", "did you mean 'local-chats'?"),
        (["mt-04"], "local-chats", "none of the claims asked for has a test"),
    ],
)
def test_claims_that_cannot_be_asked_for(ledger: Ledger, ids: list[str], document: str | None, said: str) -> None:
    with pytest.raises(ProtestorateError) as caught:
        chosen(ledger, ids, document)
    assert said in str(caught.value)


# Measures

RUNS = pd.DataFrame(
    {"point": [0, 0, 1], "replicate": [0, 1, 0], "outcome": ["falls", "flees", "contested"], "killed": [1, 2, 3]}
)
DAYS = pd.DataFrame(
    {
        "point": [0, 0, 0, 0, 1, 1],
        "replicate": [0, 0, 1, 1, 0, 0],
        "date": pd.to_datetime(["2020-08-09", "2020-08-10"] * 3),
        "attending": [10, 30, 0, 4, 7, 0],
        "detained_today": [1, 2, 0, 0, 7, 0],
    }
)


@pytest.mark.parametrize(
    ("text", "by_hand"),
    [
        ("killed", [1, 2, 3]),
        ("falls", [1, 0, 0]),
        ("falls or flees", [1, 1, 0]),
        ("sum:attending", [40, 4, 7]),
        ("mean:attending", [20, 2, 3.5]),
        ("max:attending", [30, 4, 7]),
        ("min:attending", [10, 0, 0]),
        ("first:attending", [10, 0, 7]),
        ("last:attending", [30, 4, 0]),
        ("sum:attending:2020-08-10..2020-08-12", [30, 4, 0]),
        ("sum:attending:2020-08-09..2020-08-09", [10, 0, 7]),
        ("sum:detained_today / sum:attending", [3 / 40, 0, 1]),
        ("sum:detained_today / last:attending", [0.1, 0, np.nan]),
        ("mean:attending:2021-01-01..2021-01-02", [np.nan] * 3),
    ],
)
def test_measures_worked_by_hand(text: str, by_hand: list[float]) -> None:
    found = measures.values(parse(text), RUNS, DAYS)
    assert list(found.index) == [(0, 0), (0, 1), (1, 0)]
    np.testing.assert_allclose(found.to_numpy(), by_hand)


@pytest.mark.parametrize(
    "text",
    [
        "mean:",
        "maen:attending",
        "sum:a / sum:b / sum:c",
        "sum:a:2020-08-09",
        "sum:a:2020-08-10..2020-08-09",
        "sum:a:x..y",
    ],
)
def test_outcomes_that_are_not_well_formed(text: str) -> None:
    with pytest.raises(ValueError, match=r"must begin|names no column|at most two|must be written|must not be after"):
        parse(text)


def test_a_number_cannot_be_joined_with_an_outcome() -> None:
    known = Known(("killed",), ("falls",), ("attending",), dt.date(2020, 8, 1), dt.date(2020, 12, 1))
    assert [str(fault) for fault in faults(parse("killed or falls"), known)] == [
        "only outcomes can be joined by 'or' (given 'killed or falls')"
    ]
    assert faults(parse("falls"), known) == []


# Verdicts


def pairs(shift: float, spread: float = 1.0, count: int = 20) -> tuple[Any, Any]:
    """Pairs whose true effect is `shift`; luck that both runs share cancels in the difference."""
    shared = LUCK.normal(100.0, 30.0, count)
    noise = LUCK.normal(0.0, spread, count)
    return shared, shared + shift + (noise - noise.mean())


@pytest.mark.parametrize(
    ("shift", "smallest", "direction", "said"),
    [
        (5.0, 2.0, "rises", SUPPORTED),
        (5.0, 2.0, "falls", CONTRADICTED),
        (-5.0, 2.0, "falls", SUPPORTED),
        (-5.0, 2.0, "rises", CONTRADICTED),
        (0.1, 2.0, "rises", NO_EFFECT),
        (2.0, 2.0, "rises", TOO_WEAK),
        (0.0, 0.1, "rises", TOO_WEAK),
        (0.1, 2.0, "stays", SUPPORTED),
        (5.0, 2.0, "stays", CONTRADICTED),
        (-5.0, 2.0, "stays", CONTRADICTED),
        (2.0, 2.0, "stays", TOO_WEAK),
    ],
)
def test_every_verdict_on_a_known_truth(shift: float, smallest: float, direction: str, said: str) -> None:
    found = effect(*pairs(shift), smallest, False, False)
    assert found.estimate == pytest.approx(shift)
    assert judged(found, direction) == said


def test_a_relative_smallest_effect_is_a_share_of_the_first_arm() -> None:
    first, second = pairs(5.0)
    assert effect(first, second, 0.02, True, False).smallest == pytest.approx(0.02 * first.mean())


def test_false_alarms_are_as_rare_as_stated() -> None:
    """Without any effect some 2.5% are supported if every effect matters, and hardly any if small ones do not.

    The bound of 5% leaves room for chance in 300 experiments and for a bootstrap of twenty pairs.
    """
    luck = np.random.default_rng(20200809)
    alarms = Counter[float]()
    for _ in range(300):
        differences = luck.normal(0.0, 1.0, 20)
        interval = mean_interval(differences)
        assert interval is not None
        for smallest in (1e-9, 0.5):
            ends = (interval.low, interval.high)
            found = Effect(20, 0.0, 0.0, float(differences.mean()), *ends, smallest, 1.0, interval.method)
            alarms[smallest] += judged(found, "rises") == SUPPORTED
    assert 1 <= alarms[1e-9] <= 0.05 * 300
    assert alarms[0.5] <= 0.005 * 300


def test_pairs_without_the_outcome_are_left_out_and_too_few_decide_nothing() -> None:
    first, second = pairs(5.0, count=6)
    second[:2] = np.nan
    assert effect(first, second, 2.0, False, False).pairs == 4
    second[:3] = np.nan
    found = effect(first, second, 2.0, False, False)
    assert (found.pairs, judged(found, "rises")) == (3, TOO_WEAK)


def test_shares_of_runs_that_never_differ_still_have_a_width() -> None:
    never = effect(np.zeros(20), np.zeros(20), 0.1, False, True)
    assert never.low < -0.1 < 0.1 < never.high
    assert (never.p_value, judged(never, "rises")) == (1.0, TOO_WEAK)
    many = effect(np.zeros(200), np.zeros(200), 0.1, False, True)
    assert judged(many, "rises") == NO_EFFECT
    assert judged(effect(np.zeros(20), np.ones(20), 0.25, False, True), "rises") == SUPPORTED


@pytest.mark.parametrize(
    ("before", "direction", "opposite", "as_claimed", "said"),
    [
        (SUPPORTED, "rises", 2, 6, SENSITIVE),
        (SUPPORTED, "rises", 1, 6, SUPPORTED),
        (SUPPORTED, "rises", 0, 0, SUPPORTED),
        (CONTRADICTED, "falls", 6, 2, SENSITIVE),
        (CONTRADICTED, "falls", 7, 1, CONTRADICTED),
        (NO_EFFECT, "rises", 4, 4, NO_EFFECT),
        (TOO_WEAK, "rises", 4, 4, TOO_WEAK),
        (SUPPORTED, "stays", 1, 1, SENSITIVE),
        (SUPPORTED, "stays", 0, 1, SUPPORTED),
        (CONTRADICTED, "stays", 6, 0, SENSITIVE),
    ],
)
def test_a_verdict_is_sensitive_if_a_quarter_of_the_points_say_the_opposite(
    before: str, direction: str, opposite: int, as_claimed: int, said: str
) -> None:
    assert final(before, direction, Cube(8, as_claimed, opposite, 8 - as_claimed - opposite)) == said
    assert final(before, direction, None) == before


def test_points_of_the_hypercube_are_sorted_by_their_mean_effect() -> None:
    def at(value: float) -> tuple[Any, Any]:
        return np.full(3, 10.0), np.full(3, 10.0 + value)

    nothing = (np.full(3, np.nan), np.full(3, 1.0))
    found = verdict.over_cube([at(3.0), at(-3.0), at(0.5), at(0.0), nothing], 0.2, True, "falls")
    assert found == Cube(points=4, as_claimed=1, opposite=1, within=2)


# The hypercube


def test_only_assumed_numbers_are_varied_within_their_bounds(all_trials: Trials) -> None:
    base = all_trials.bases["belarus-2020"]
    ranges = cube.assumed_ranges(base)
    assert len(ranges) > 200
    assert "people.motive.colleague_weight" in ranges
    assert "people.motive.turnout_weight" not in ranges  # calibrated
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
    assert second["information.hearing_hub"] == 0.35 != first["information.hearing_hub"]
    assert cube.samples(dict(all_trials.bases), 2) == samples


# From beginning to end

SMALL = Settings(ids=("mt-04", "tt-27"), replicates=4, persons_per_agent=COARSE, points=2, point_seeds=1)


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
    assert backlash["effect"]["pairs"] == 4
    assert backlash["effect"]["estimate"] == pytest.approx(backlash["effect"]["second"] - backlash["effect"]["first"])
    assert backlash["cube"]["points"] == parties["cube"]["points"] == 2
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


def test_the_same_command_computes_nothing_again(results: Path) -> None:
    shards = {path: path.stat().st_mtime_ns for path in results.rglob("*.parquet")}
    before = (results / "claims.json").read_text(encoding="utf-8")
    put_to_the_test(SMALL, results, workers=1, formats=("svg",), command="protestorate claims")
    assert {path: path.stat().st_mtime_ns for path in results.rglob("*.parquet")} == shards
    assert (results / "claims.json").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (replace(SMALL, replicates=3), "replicates: a verdict needs at least 4 pairs (given 3)"),
        (replace(SMALL, replicates=0), "replicates: must be 1 to 1000 (given 0)"),
        (replace(SMALL, replicates="quick-2"), "did you mean 'quick-20'?"),
        (replace(SMALL, point_seeds=5), "hypercube replicates: must be 1 to 4"),
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


def test_the_default_scale_of_the_command_is_that_of_the_settings(protestorate: Any) -> None:
    shown = " ".join(protestorate("claims", "--help").stdout.split())
    assert f"[default: {PERSONS_PER_AGENT}; x>=1]" in shown
    assert f"[default: {Settings().points}; 0<=x<=1000]" in shown
    assert f"[default: {Settings().point_seeds}; x>=1]" in shown
