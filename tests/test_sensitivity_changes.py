"""Effects of changes against known truths: Morris screening of linear functions, tornadoes by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_studies import Made, made
from SALib.analyze import morris as salib_morris
from SALib.sample import morris as morris_sample
from scipy.stats import false_discovery_control
from test_sensitivity import NAMES, effects, only, problem, ranges

from analysis.sensitivity import analyse
from analysis.sensitivity.words import answer
from analysis.stats.intervals import mean_interval, newcombe
from analysis.stats.paired import swap_test
from sim.core.errors import ProtestorateError


def morris_study(formula: Any, replicates: int = 1) -> Made:
    bounds = [[0.0, 2.0], [-1.0, 3.0], [1.0, 100.0]]
    unit = morris_sample.sample(problem([[0, 1]] * 3, NAMES), 12, num_levels=6, seed=4)
    columns = pd.DataFrame(
        {NAMES[0]: 2 * unit[:, 0], NAMES[1]: 4 * unit[:, 1] - 1, NAMES[2]: 100.0 ** unit[:, 2]}, columns=NAMES
    )
    given = ranges(bounds, NAMES)
    given[NAMES[2]]["scale"] = "log"  # type: ignore[assignment]
    return made("morris", columns, formula, replicates, given)


def test_morris_of_a_linear_function_gives_its_coefficients_and_no_spread() -> None:
    def formula(p: pd.DataFrame, _: Any, __: int) -> dict[str, Any]:
        return {"detained": 3 * p[NAMES[0]] - 2 * p[NAMES[1]] + 0.5 * np.log10(p[NAMES[2]])}

    table = effects(only(analyse(morris_study(formula)))).loc[NAMES]
    assert table["mu"].to_numpy() == pytest.approx([6.0, -8.0, 1.0])
    assert table["mu_star"].to_numpy() == pytest.approx([6.0, 8.0, 1.0])
    assert table["sigma"].to_numpy() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert table["mu_high"].to_numpy() == pytest.approx([6.0, -8.0, 1.0])


def test_morris_is_salibs_and_sees_interaction() -> None:
    def formula(p: pd.DataFrame, rng: np.random.Generator, _: int) -> dict[str, Any]:
        return {"detained": p[NAMES[0]] * p[NAMES[1]] + rng.normal(0, 0.01, len(p))}

    study = morris_study(formula, replicates=2)
    table = effects(only(analyse(study))).loc[NAMES]
    unit = study.points[NAMES].assign(**{NAMES[2]: np.log10(study.points[NAMES[2]])}).to_numpy(float)
    means = study.runs.groupby("point")["detained"].mean().to_numpy()
    theirs = salib_morris.analyze(problem([[0, 1]] * 3, NAMES), unit, means, num_levels=6)
    for name in ("mu", "mu_star", "sigma"):
        assert table[name].to_numpy() == pytest.approx(np.asarray(theirs[name], float))
        assert (table[f"{name}_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_high"]).all()
    assert table.loc[NAMES[0], "sigma"] > 1
    assert table.loc[NAMES[2], "mu_star"] < 0.1


def test_morris_of_whole_numbers_divides_by_the_step_that_was_taken() -> None:
    """Four levels of 1..3 are 1, 1.67, 2.33 and 3, rounded 1, 2, 2 and 3: a step of 2/3 of the range becomes 1/2."""
    columns = pd.DataFrame(
        {NAMES[0]: [1, 2, 2, 3, 2, 2, 1, 1, 2], NAMES[1]: [0, 0, 2 / 3, 1, 1, 1 / 3, 0, 2 / 3, 2 / 3]}
    )
    given = ranges([[1.0, 3.0], [0.0, 1.0]], NAMES[:2])
    given[NAMES[0]]["whole"] = True

    def formula(p: pd.DataFrame, _: Any, __: int) -> dict[str, Any]:
        return {"detained": 5 * p[NAMES[0]] - 3 * p[NAMES[1]]}

    study = made("morris", columns, formula, ranges=given)
    study.manifest["design"]["options"] = {"levels": 4}
    table = effects(only(analyse(study))).loc[NAMES[:2]]
    assert table["mu"].to_numpy() == pytest.approx([10.0, -3.0])
    assert table["mu_star"].to_numpy() == pytest.approx([10.0, 3.0])
    assert table["sigma"].to_numpy() == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_morris_step_that_was_rounded_away_is_refused() -> None:
    study = morris_study(lambda p, _, __: {"detained": p[NAMES[0]]})
    flat = study.points.assign(**{NAMES[1]: study.points[NAMES[1]].round(-1)})
    flat.loc[0, NAMES[1]] = 1.0
    with pytest.raises(ProtestorateError, match="not those of a Morris design"):
        analyse(Made(study.manifest, flat, study.runs))


def by_hand() -> Made:
    """A base point and two changes, four replicates each."""
    columns = pd.DataFrame({"people.one": [0.5, 0.9, 0.5], "mechanisms.shutdown": [True, True, False]})
    detained = {0: [10, 20, 30, 40], 1: [11, 22, 31, 42], 2: [10, 20, 30, 40]}
    ends = {0: "cccc", 1: "fffc", 2: "cccc"}

    def formula(p: pd.DataFrame, _: Any, replicate: int) -> dict[str, Any]:
        fell = [ends[point][replicate] == "f" for point in p["point"]]
        return {
            "detained": [detained[point][replicate] for point in p["point"]],
            "outcome": np.where(fell, "falls", "contested"),
        }

    changes = [{}, {"people.one": 0.9}, {"mechanisms.shutdown": False}]
    return made("one_at_a_time", columns, formula, 4, overrides=changes)


def test_a_tornado_is_the_paired_difference() -> None:
    detained, falls = analyse(by_hand(), ["detained", "falls"]).outcomes
    table = effects(detained)
    assert list(table.index) == ["people.one", "mechanisms.shutdown"]
    row = table.loc["people.one"]
    # Differences 1, 2, 1, 2: standard error 0.2887, t of 3 degrees of freedom 3.1824; only all signs or none of 2^4
    # give a mean as large.
    assert (row["effect"], row["p"], row["p_corrected"]) == (1.5, 2 / 2**4, 2 / 2**4)
    assert (row["effect_low"], row["effect_high"]) == pytest.approx((1.5 - 0.9187, 1.5 + 0.9187), abs=1e-4)
    assert (row["value"], row["base_value"], row["side"], row["pairs"]) == ("0.9", "0.5", 1, 4)
    switch = table.loc["mechanisms.shutdown"]
    assert (switch["effect"], switch["p_corrected"], switch["value"], switch["base_value"]) == (0.0, 1.0, "off", "on")
    fell = effects(falls).loc["people.one"]
    expected = newcombe(both=0, first=0, second=3, neither=1)
    assert (fell["effect"], fell["effect_low"], fell["effect_high"]) == (0.75, expected.low, expected.high)
    assert effects(falls).loc["mechanisms.shutdown", "effect_high"] > 0


def many_changes(sizes: list[float]) -> Made:
    """A base point and a change for each size, twelve replicates with luck of their own."""
    names = [f"people.x{place}" for place in range(len(sizes))]
    columns = pd.DataFrame([[0.0] * len(names), *np.eye(len(names)).tolist()], columns=names)

    def formula(p: pd.DataFrame, luck: np.random.Generator, _: int) -> dict[str, Any]:
        return {"detained": 100 + p[names].to_numpy() @ np.array(sizes) + luck.normal(0, 1, len(p))}

    return made("one_at_a_time", columns, formula, 12, overrides=[{}, *({name: 1.0} for name in names)])


def test_a_tornado_has_the_intervals_of_a_comparison_and_p_values_corrected_for_the_changes() -> None:
    study = many_changes([30.0, *[0.0] * 19])
    result = analyse(study, ["detained"])
    table = effects(only(result))
    values = study.runs.pivot(index="replicate", columns="point", values="detained")
    differences = {f"people.x{place}": (values[place + 1] - values[0]).to_numpy(float) for place in range(20)}
    shared = mean_interval(differences["people.x0"])
    assert shared is not None
    assert (table.loc["people.x0", "effect_low"], table.loc["people.x0", "effect_high"]) == (shared.low, shared.high)
    alone = np.array([swap_test(differences[name]) for name in table.index])
    assert table["p"].to_numpy() == pytest.approx(alone)
    assert table["p_corrected"].to_numpy() == pytest.approx(false_discovery_control(alone))
    # Some changes that do nothing have an interval without 0, but only the true one is named.
    said = answer(result, only(result), most=20)
    assert [name for name in differences if f"{name} " in said] == ["people.x0"]
