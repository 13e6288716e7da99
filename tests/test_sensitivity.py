"""Sensitivity analysis against known truths: Ishigami, Sobol's g, monotone functions, luck."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_studies import Made, made
from SALib.sample import sobol as sobol_sample
from study_helpers import crowds

from analysis.sensitivity import analyse
from analysis.sensitivity.explain import Explained, Sensitivity
from analysis.sensitivity.luck import luck_of
from analysis.sensitivity.outcomes import matrix, measure, with_daily_measures
from sim.core.errors import ProtestorateError
from sim.study import read_study, run_study

NAMES = ["people.one", "police.two", "regime.three"]


def effects(explained: Explained) -> pd.DataFrame:
    return explained.effects.set_index("parameter")


def only(result: Sensitivity) -> Explained:
    (one,) = result.outcomes
    return one


def problem(bounds: list[list[float]], names: list[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": names, "bounds": bounds}


def ranges(bounds: list[list[float]], names: list[str]) -> dict[str, dict[str, float]]:
    return {name: {"low": low, "high": high} for name, (low, high) in zip(names, bounds, strict=True)}


@cache
def ishigami(second_order: bool = True) -> Made:
    """Sobol's design over Ishigami's function with a = 7, b = 0.1; columns not in the order of the design."""
    bounds = [[-np.pi, np.pi]] * 3
    values = sobol_sample.sample(problem(bounds, NAMES), 1024, calc_second_order=second_order, seed=7)
    columns = pd.DataFrame(values, columns=NAMES)[[NAMES[2], NAMES[0], NAMES[1]]]

    def formula(p: pd.DataFrame, _: Any, __: int) -> dict[str, Any]:
        x, y, z = (p[name] for name in NAMES)
        return {"detained": np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)}

    return made("sobol", columns, formula, ranges=ranges(bounds, NAMES))


def test_ishigami_has_its_sobol_indices() -> None:
    found = only(analyse(ishigami()))
    table = effects(found)
    variance = 0.5 + 49 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18
    third = 8 * 0.01 * np.pi**8 / 225 / variance
    one = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2 / variance
    two = 49 / 8 / variance
    assert table.loc[NAMES, "first"].to_numpy() == pytest.approx([one, two, 0.0], abs=0.04)
    assert table.loc[NAMES, "total"].to_numpy() == pytest.approx([one + third, two, third], abs=0.04)
    assert (table["total_low"] < table["total"]).all()
    assert (table["total_high"] > table["total"]).all()
    strongest = found.pairs.iloc[0]
    assert {strongest["parameter"], strongest["other"]} == {NAMES[0], NAMES[2]}
    assert strongest["second"] == pytest.approx(third, abs=0.06)
    assert strongest["second_low"] > 0 > found.pairs.iloc[1]["second_low"]
    assert list(found.effects["parameter"]) == NAMES


def test_sobol_g_without_second_order() -> None:
    weights = np.array([0.0, 1.0, 4.5, 9.0])
    names = [f"people.x{place}" for place in range(4)]
    values = sobol_sample.sample(problem([[0, 1]] * 4, names), 1024, calc_second_order=False, seed=3)

    def formula(p: pd.DataFrame, _: Any, __: int) -> dict[str, Any]:
        x = p[names].to_numpy()
        return {"detained": np.prod((np.abs(4 * x - 2) + weights) / (1 + weights), axis=1)}

    study = made("sobol", pd.DataFrame(values, columns=names), formula, ranges=ranges([[0, 1]] * 4, names))
    found = only(analyse(study))
    parts = 1 / (3 * (1 + weights) ** 2)
    total = np.prod(1 + parts) - 1
    assert effects(found).loc[names, "first"].to_numpy() == pytest.approx(parts / total, abs=0.04)
    without = np.array([np.prod(np.delete(1 + parts, place)) for place in range(4)])
    assert effects(found).loc[names, "total"].to_numpy() == pytest.approx(parts * without / total, abs=0.04)
    assert found.pairs.empty


def test_points_in_another_order_are_no_sobol_design() -> None:
    study = ishigami(second_order=False)
    mixed = study.points.sample(frac=1.0, random_state=1).reset_index(drop=True)
    with pytest.raises(ProtestorateError, match="not those of a Sobol design"):
        analyse(Made(study.manifest, mixed, study.runs))
    shorter = study.points.head(len(study.points) - 1)
    with pytest.raises(ProtestorateError, match="not those of a Sobol design"):
        analyse(Made(study.manifest, shorter, study.runs))


def hypercube(replicates: int = 1) -> Made:
    rng = np.random.default_rng(5)
    columns = pd.DataFrame(rng.random((80, 2)), columns=["people.one", "police.two"])
    columns["mechanisms.shutdown"] = rng.random(80) < 0.5
    columns["regime.plan"] = rng.choice(["wait", "talk", "strike"], 80)

    def formula(p: pd.DataFrame, luck: np.random.Generator, _: int) -> dict[str, Any]:
        turnout = 0.1 * np.exp(2 * p["people.one"]) * (1 + (p["regime.plan"] == "talk")) / 20
        fell = p["mechanisms.shutdown"] & (luck.random(len(p)) < 0.8)
        return {"peak_turnout_share": turnout, "outcome": np.where(fell, "falls", "contested")}

    return made("latin_hypercube", columns, formula, replicates)


def test_rank_regression_finds_direction_switches_and_categories() -> None:
    turnout, falls = analyse(hypercube(3)).outcomes
    table = effects(turnout)
    assert table.index[:2].tolist() == ["people.one", "regime.plan = talk"]
    assert table["coefficient"].iloc[0] > table["coefficient"].iloc[1] > 0.3
    assert table.loc["police.two", "coefficient"] == pytest.approx(0, abs=0.1)
    assert (table["coefficient_low"] <= table["coefficient"]).all()
    assert (table["coefficient"] <= table["coefficient_high"]).all()
    assert turnout.r_squared is not None
    assert 0.9 < turnout.r_squared <= 1
    assert effects(falls).index[0] == "mechanisms.shutdown"


def test_rank_regression_of_a_monotone_function_of_one_parameter_is_exact() -> None:
    study = made(
        "grid",
        pd.DataFrame({"people.one": np.repeat(np.arange(6.0), 6), "police.two": np.tile(np.arange(6.0), 6)}),
        lambda p, _, __: {"detained": np.exp(p["people.one"])},
    )
    found = only(analyse(study))
    assert effects(found)["coefficient"].to_numpy() == pytest.approx([1.0, 0.0], abs=1e-9)
    assert found.r_squared == pytest.approx(1.0)


def test_luck_is_told_from_parameters() -> None:
    rng = np.random.default_rng(2)
    parts = 2 * rng.normal(size=(400, 1)), rng.normal(size=(1, 200)), rng.normal(size=(400, 200))
    table = pd.DataFrame(sum(parts))
    luck = luck_of(table)
    assert (luck.parameters, luck.shared, luck.own) == pytest.approx((4 / 6, 1 / 6, 1 / 6), abs=0.05)
    assert luck.in_means == pytest.approx(1 / 200 / (4 + 1 / 200), abs=0.001)
    uneven = table.mask(rng.random(table.shape) < 0.3)
    assert luck_of(uneven).parameters == pytest.approx(4 / 6, abs=0.05)
    assert np.isnan(luck_of(table[[0]]).parameters)
    noise = luck_of(pd.DataFrame(rng.normal(size=(400, 5))))
    assert noise.parameters < 0.05
    assert noise.in_means > 0.8


def test_points_without_runs_are_named_and_nothing_is_computed() -> None:
    study = hypercube(2)
    with pytest.raises(ProtestorateError) as caught:
        analyse(study.without(study.runs["point"].isin([3, 17])))
    said = str(caught.value)
    assert "2 of 80 have no run: 3 (no. 3), 17 (no. 17)" in said
    assert "killed by the system" in said
    assert "--retry-failed" in said


def test_a_replicate_with_a_gap_is_left_out_everywhere() -> None:
    study = hypercube(3)
    gap = (study.runs["point"] == 5) & (study.runs["replicate"] == 1)
    kept = analyse(study.without(gap))
    rest = study.runs[study.runs["replicate"] != 1]
    expected = analyse(Made(study.manifest, study.points, rest))
    assert "1 of 3 replicates is left out" in kept.study.notes[0]
    pd.testing.assert_frame_equal(kept.outcomes[1].effects, expected.outcomes[1].effects)
    gaps = study.runs["point"].isin([5]) & (study.runs["replicate"] < 2) | (study.runs["point"] == 6)
    gaps &= ~((study.runs["point"] == 6) & (study.runs["replicate"] < 2))
    with pytest.raises(ProtestorateError, match=r"no replicate was run at every point.*5 \(no. 5\), 6 \(no. 6\)"):
        analyse(study.without(gaps))


@pytest.mark.parametrize(
    ("outcomes", "base", "words"),
    [
        (["detaind"], None, "neither a number of the runs' summaries nor an outcome"),
        (["fals"], None, "did you mean 'falls'"),
        (None, "belarus", "--base: the study has no base scenario 'belarus'"),
    ],
)
def test_what_is_not_there_is_said(outcomes: list[str] | None, base: str | None, words: str) -> None:
    with pytest.raises(ProtestorateError, match=words):
        analyse(hypercube(), outcomes, base)


def test_designs_that_say_nothing_about_sensitivity_are_refused() -> None:
    study = hypercube()
    listed = {**study.manifest, "design": {"kind": "list"}}
    with pytest.raises(ProtestorateError, match="use sobol, morris, latin_hypercube, grid, one_at_a_time, ablation"):
        analyse(Made(listed, study.points, study.runs))
    with pytest.raises(ProtestorateError, match="too few for a regression"):
        analyse(Made(study.manifest, study.points.head(10), study.runs))
    two = made("grid", pd.DataFrame({"a.b": np.arange(20.0)}), lambda p, _, __: {"x": p["a.b"]}, bases=("c", "d"))
    with pytest.raises(ProtestorateError, match="choose one with --base: c, d"):
        analyse(two)
    assert len(analyse(two, base="d").study.points) == 10


def test_what_never_varies_is_said_and_not_divided_by() -> None:
    found = only(analyse(hypercube(), ["contested"]))
    assert len(found.effects)
    study = ishigami(second_order=False)
    constant = only(analyse(Made(study.manifest, study.points, study.runs), ["contested"]))
    assert constant.effects.empty
    assert "the same at all 5120 points: 100%" in constant.silence
    rare = study.runs.assign(killed=(study.runs["point"] == 1).astype(int))
    almost = only(analyse(Made(study.manifest, study.points, rare), ["killed"]))
    assert almost.effects.empty
    assert "differs at only 1 of 5120 points" in almost.silence


def test_measures_of_daily_series_and_joined_outcomes_are_read_from_a_study(tmp_path: Path) -> None:
    data = run_study(crowds(3, 4), tmp_path / "study", workers=1)
    runs = with_daily_measures(data.runs, ["max:active", "share"], data)
    by_hand = data.days(["active"]).groupby(["point", "replicate"])["active"].max()
    assert runs.set_index(["point", "replicate"])["max:active"].to_dict() == by_hand.to_dict()
    assert set(runs) == {*data.runs, "max:active"}
    table = matrix(runs, data.points, measure(runs, "max:active", data.declared))
    assert table.loc[1].tolist() == [by_hand[1, replicate] for replicate in range(4)]
    either = measure(runs, " or ".join(str(name) for name in runs["outcome"].unique()), data.declared)
    assert (either.is_outcome, matrix(runs, data.points, either).to_numpy().min()) == (True, 1.0)
    with pytest.raises(ProtestorateError, match="did you mean 'active'"):
        with_daily_measures(data.runs, ["max:actve"], data)


def test_a_measure_of_a_daily_series_needs_no_run_of_the_first_point(tmp_path: Path) -> None:
    """The names of columns are declared: no stored run is asked for them."""
    whole = run_study(crowds(2, 3, steps=1_000_000), tmp_path / "study", workers=1)
    for shard in whole.shards:
        if shard.places[0][0] == 0:
            shard.path.unlink()
            shard.file_of("days").unlink()
    data = read_study(tmp_path / "study")
    assert set(data.runs["point"]) == {1}
    assert with_daily_measures(data.runs, ["last:active"], data)["last:active"].tolist() == data.runs["active"].tolist()


def test_what_follows_a_parameter_is_no_parameter_of_its_own() -> None:
    """A design that moves two things together says what both do, under the name of the one that leads."""
    rng = np.random.default_rng(3)
    columns = pd.DataFrame({"a.lead": rng.random(40), "a.other": rng.random(40)})
    columns["a.follows"] = 0.5 * columns["a.lead"]
    study = made("latin_hypercube", columns, lambda p, luck, _: {"detained": p["a.lead"] + p["a.follows"]}, 2)
    study.manifest["design"]["options"] = {"linked": {"a.follows": {"of": "a.lead", "times": 0.5}}}
    result = analyse(study, ["detained"])
    assert [parameter.path for parameter in result.study.parameters] == ["a.lead", "a.other"]
    assert any("a.follows follows a.lead" in note for note in result.study.notes)
