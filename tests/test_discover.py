"""Scenario discovery: planted boxes are found, and what cannot be found is said."""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_studies import Made, made
from test_report import Page, assert_self_contained
from typer.testing import CliRunner

from analysis.cli import app
from analysis.discover import Discovery, discover, write_discovery
from analysis.discover.prim import Restriction
from analysis.discover.stability import on_unseen
from analysis.discover.words import stability_words
from sim.core.errors import ProtestorateError

# Looked for and not imported: every process of the tests reads this file, and one of them needs the library.
pytestmark = pytest.mark.skipif(find_spec("ema_workbench") is None, reason="needs the extra 'explore'")

PLANTED = ("people.anger", "police.loyalty", "mechanisms.shutdown")


def inside(p: pd.DataFrame) -> pd.Series:
    return (p["people.anger"] > 0.4) & (p["police.loyalty"] < 3) & p["mechanisms.shutdown"]


@cache
def planted(replicates: int = 4, points: int = 300) -> Made:
    """A box in three of six parameters, in which it happens nine times of ten, elsewhere one of twenty."""
    rng = np.random.default_rng(11)
    columns = pd.DataFrame(
        {
            "people.anger": rng.random(points),
            "police.loyalty": 10 ** rng.uniform(0, 1, points),
            "mechanisms.shutdown": rng.random(points) < 0.6,
            "regime.plan": rng.choice(["wait", "talk", "strike"], points),
            "elites.members": rng.integers(1, 9, points),
            "economy.revenue": rng.random(points),
        }
    )

    def formula(p: pd.DataFrame, luck: np.random.Generator, _: int) -> dict[str, Any]:
        falls = luck.random(len(p)) < np.where(inside(p), 0.9, 0.05)
        return {
            "outcome": np.where(falls, "falls", "contested"),
            "detained": np.where(p["regime.plan"] == "talk", 10, 1000 * p["elites.members"]),
        }

    ranges = {"police.loyalty": {"low": 1.0, "high": 10.0, "scale": "log"}, "people.anger": {"low": 0.0, "high": 1.0}}
    return made("latin_hypercube", columns, formula, replicates, ranges)


@cache
def found() -> Discovery:
    return discover(planted(), "falls", resamples=3)


def test_the_planted_box_is_found() -> None:
    box = found().boxes[0]
    asked = {one.parameter.path: one for one in box.restrictions}
    assert set(asked) == set(PLANTED)
    assert asked["people.anger"].low == pytest.approx(0.4, abs=0.05)
    assert asked["people.anger"].high is None
    assert asked["police.loyalty"].high == pytest.approx(3.0, abs=0.3)
    assert asked["mechanisms.shutdown"].low == 0.5
    assert box.coverage > 0.9
    assert box.density > 0.9
    assert box.of_runs == pytest.approx(0.9, abs=0.1)
    assert all(one.p < 0.001 for one in box.restrictions)
    truly = inside(planted().points).to_numpy()
    assert (box.inside == truly).mean() > 0.97
    assert len(found().boxes) == 1


def test_the_numbers_of_a_box_are_counts_of_points() -> None:
    result = found()
    box, cases = result.boxes[0], result.cases
    shares = planted().runs.assign(falls=planted().runs["outcome"] == "falls").groupby("point")["falls"].mean()
    assert (result.shares == shares.to_numpy()).all()
    assert (cases == (shares >= 0.5).to_numpy()).all()
    assert box.cases == (cases & box.inside).sum()
    assert (box.coverage, box.density) == (box.cases / cases.sum(), box.cases / box.points)
    chosen = box.found.trajectory.iloc[box.found.number]
    assert (chosen["coverage"], chosen["density"], chosen["points"]) == (box.coverage, box.density, box.points)


def test_resampling_says_which_restrictions_are_stable() -> None:
    stability = found().stability
    assert stability is not None
    table = stability.table.set_index("parameter")
    assert (table.loc[list(PLANTED), "restricted"] == 1).all()
    assert table.loc["economy.revenue", "restricted"] < 1
    assert table.loc["people.anger", "low"] == 1
    assert table.loc["people.anger", "low_from"] == pytest.approx(0.4, abs=0.1)
    assert stability.density > 0.7
    assert stability.coverage > 0.7


def test_a_box_that_holds_no_unseen_point_covers_nothing_and_has_no_density() -> None:
    anger = next(one for one in found().study.parameters if one.path == "people.anger")
    low, high = Restriction(anger, None, 0.2), Restriction(anger, 0.9, None)
    points = pd.DataFrame({"people.anger": [0.1, 0.15, 0.5, 0.6]})
    cases = np.array([True, False, True, True])
    assert on_unseen((low,), points, cases) == (0.5, 1 / 3)
    density, coverage = on_unseen((high,), points, cases)
    assert (np.isnan(density), coverage) == (True, 0.0)
    density, coverage = on_unseen((low,), points, np.zeros(4, dtype=bool))
    assert (density, np.isnan(coverage)) == (0.0, True)
    assert np.isnan(on_unseen((), points, cases)).all()


def test_resamples_without_a_restriction_are_told_apart_and_do_not_count_as_full_coverage() -> None:
    """Cases laid out at random: most resamples restrict something by chance, and cover little that is new."""
    study = planted(1, 60)
    noise = study.runs.assign(detained=np.random.default_rng(1).random(len(study.runs)))
    result = discover(Made(study.manifest, study.points, noise), "detained>0.8", resamples=12)
    stability = result.stability
    assert stability is not None
    assert 0 < stability.unrestricted < stability.resamples == 12
    assert stability.coverage < 0.9
    assert f"{stability.unrestricted} of them led to no restriction at all" in stability_words(result)


def test_categories_and_whole_numbers_can_be_restricted() -> None:
    result = discover(planted(), "detained>=5000", resamples=0)
    asked = {one.parameter.path: one for one in result.boxes[0].restrictions}
    assert asked["regime.plan"].kept == ("strike", "wait")
    assert asked["elites.members"].low == 4.5
    assert result.boxes[0].coverage == result.boxes[0].density == 1
    assert set(asked) == {"regime.plan", "elites.members"}


def test_noise_gives_no_stable_box() -> None:
    study = planted(1, 120)
    rng = np.random.default_rng(8)
    noise = study.runs.assign(detained=rng.random(len(study.runs)))
    result = discover(Made(study.manifest, study.points, noise), "detained>0.5", resamples=4)
    assert result.stability is not None
    assert result.stability.unrestricted == 4
    assert np.isnan([result.stability.density, result.stability.coverage]).all()
    assert "4 of them led to no restriction at all" in stability_words(result)


def test_a_box_of_the_search_can_be_chosen() -> None:
    first = discover(planted(), "falls", number=0, resamples=0)
    assert first.boxes == ()
    later = discover(planted(), "falls", number=3, resamples=0)
    assert later.first.number == 3
    with pytest.raises(ProtestorateError, match="--box: there are boxes 0 to"):
        discover(planted(), "falls", number=10_000, resamples=0)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("falls>2", "is an outcome, which happens or not"),
        ("fals", "did you mean 'falls'"),
        ("detained", "is a number; say from where on it counts, such as 'detained>="),
        ("detained>many", "'many' in 'detained>many' is not a number"),
        ("detained>>2", "cannot be read"),
        ("detained>1e9", r"never happens, in 0 of 1,200 runs at 300 points"),
        ("detained>=0", r"always happens, in 1,200 of 1,200 runs and at all 300 points"),
    ],
)
def test_what_cannot_be_explained_is_said_with_the_counts(outcome: str, words: str) -> None:
    with pytest.raises(ProtestorateError, match=words):
        discover(planted(), outcome)


def test_a_name_of_an_outcome_and_of_a_number_is_the_outcome_unless_a_limit_follows() -> None:
    """In Epstein's model `outbursts` is both, and the outcome could not be asked for."""
    study = planted()
    both = Made(study.manifest, study.points, study.runs.assign(falls=1.0))
    assert discover(both, "falls", resamples=0).condition.measure.is_outcome
    with pytest.raises(ProtestorateError, match="always happens"):
        discover(both, "falls>0", resamples=0)


def test_thresholds_and_few_points() -> None:
    with pytest.raises(ProtestorateError, match="--threshold: must be above 0"):
        discover(planted(), "falls", threshold=0)
    study = planted()
    with pytest.raises(ProtestorateError, match="20 points are too few for scenario discovery, which needs 30"):
        discover(Made(study.manifest, study.points.head(20), study.runs), "falls")
    rare = study.runs.assign(killed=(study.runs["point"] < 2).astype(int))
    with pytest.raises(ProtestorateError, match="happens at 2 of 300 points; at least 5 with it"):
        discover(Made(study.manifest, study.points, rare), "killed>0")
    once = study.runs.assign(killed=((study.runs["replicate"] == 0) & (study.runs["point"] % 2 == 0)).astype(int))
    with pytest.raises(ProtestorateError, match="at no point in at least 50% of its runs; lower --threshold"):
        discover(Made(study.manifest, study.points, once), "killed>0")
    one = {**study.manifest, "design": {"kind": "ablation"}}
    with pytest.raises(ProtestorateError, match="changes one thing at a time"):
        discover(Made(one, study.points, study.runs), "falls")


def test_points_without_runs_and_repeated_points_are_left_out() -> None:
    study = planted()
    gone = study.without(study.runs["point"] < 10)
    gone.points = gone.points.assign(same_as=gone.points["point"].where(gone.points["point"] != 20, 19))
    result = discover(gone, "falls", resamples=0)
    assert len(result.study.points) == 289
    assert "10 of 300 points have no run" in result.study.notes[0]


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("ema_workbench")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(ProtestorateError, match=r"pip install -e '?\S*\[explore\]"):
        discover(planted(), "falls")


def test_the_report_is_whole(tmp_path: Path) -> None:
    page = Page(write_discovery(found(), tmp_path / "d", ("png",)))
    assert page.open == []
    assert_self_contained(page)
    assert "A made study <of> 'things' & others" in page.text
    assert "nan" not in page.text
    names = {name for name in page.values("id") if name.startswith("figure-")}
    assert names == {"figure-box-1-ranges", "figure-box-1-scatter", "figure-stability", "figure-trajectory"}
    text = (tmp_path / "d" / "discovery.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    record = json.loads(text)
    assert [one["parameter"] for one in record["boxes"][0]["restrictions"]] == [
        one.parameter.path for one in found().boxes[0].restrictions
    ]
    assert record["trajectory"][0]["coverage"] == 1


def test_a_real_study_from_the_command_line(tmp_path: Path) -> None:
    from sim.study import load_study, run_study

    study = (
        "name: crowds\nscenario: crowd.yaml\n"
        "design:\n  kind: latin_hypercube\n  size: 60\n  parameters:\n"
        "    population.thresholds.mean: {low: 5, high: 60}\n"
        "    population.thresholds.spread: {low: 2, high: 40}\nreplicates: 2\n"
    )
    (tmp_path / "crowds.yaml").write_text(study, encoding="utf-8")
    crowd = "extends: granovetter-1978\npopulation: {thresholds: {kind: normal, mean: 25, spread: 12}}\n"
    (tmp_path / "crowd.yaml").write_text(crowd, encoding="utf-8")
    run_study(load_study(str(tmp_path / "crowds.yaml"), {}), tmp_path / "crowds", workers=1)
    call = ["discover", str(tmp_path / "crowds"), "--resamples", "0", "--outcome"]
    told = CliRunner().invoke(app, [*call, "share>=0.9"])
    assert told.exit_code == 0, told.output
    assert "population.thresholds.mean" in told.output
    refused = CliRunner().invoke(app, [*call, "share>1"])
    assert refused.exit_code == 2
    assert "share>1: never happens, in 0 of 120 runs" in refused.output
    folder = tmp_path / "crowds" / "discovery" / "share-at-least-0.9"
    assert_self_contained(Page(folder / "report.html"))
    asked = json.loads((folder / "discovery.json").read_text(encoding="utf-8"))["boxes"][0]["restrictions"]
    low_thresholds = next(one for one in asked if one["parameter"] == "population.thresholds.mean")
    assert low_thresholds["high"] < 50
    assert low_thresholds["low"] is None
