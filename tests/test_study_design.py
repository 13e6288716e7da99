"""Designs against their mathematical definitions."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from sim.study.design import (
    Overrides,
    ablation,
    grid,
    in_range,
    labels,
    latin_hypercube,
    morris,
    one_at_a_time,
    sobol,
    spaced,
    unique,
)
from sim.study.plan import Range

RANGES = {"a.x": Range(-1.0, 3.0), "a.y": Range(1.0, 100.0, "log"), "b.n": Range(2, 6, whole=True)}


def table(points: list[Overrides]) -> np.ndarray:
    assert all(list(point) == list(RANGES) for point in points)
    return np.array([list(point.values()) for point in points])


def problem(ranges: dict[str, Range]) -> dict[str, object]:
    bounds = [[span.low, span.high] for span in ranges.values()]
    return {"num_vars": len(ranges), "names": list(ranges), "bounds": bounds}


@given(size=st.integers(1, 60), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_latin_hypercube_has_one_point_in_each_stratum(size: int, seed: int) -> None:
    found = table(latin_hypercube({**RANGES, "b.n": Range(0.0, 1.0)}, size, seed))
    unit = np.column_stack([(found[:, 0] + 1.0) / 4.0, np.log(found[:, 1]) / math.log(100.0), found[:, 2]])
    for column in unit.T:
        strata = np.floor(np.clip(column * size, 0, size - 1e-9) + 1e-9).astype(int)
        assert sorted(strata) == list(range(size))


def test_a_latin_hypercube_draws_whole_numbers_equally_often() -> None:
    points = latin_hypercube(RANGES, 500, 7)
    assert Counter(point["b.n"] for point in points) == dict.fromkeys(range(2, 7), 100)
    assert {type(point["b.n"]) for point in points} == {int}
    assert {type(point["a.x"]) for point in points} == {float}


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: latin_hypercube(RANGES, 16, seed),
        lambda seed: sobol(RANGES, 16, seed),
        lambda seed: morris(RANGES, 4, 4, seed),
    ],
    ids=["latin_hypercube", "sobol", "morris"],
)
def test_a_design_is_a_function_of_its_seed(make: object) -> None:
    assert callable(make)
    assert make(3) == make(3)
    assert make(3) != make(4)


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_has_the_points_of_salib_in_its_order(second_order: bool) -> None:
    linear = {path: Range(span.low, span.high) for path, span in RANGES.items()}
    found = table(sobol(linear, 8, 5, second_order))
    expected = sobol_sample.sample(problem(linear), 8, calc_second_order=second_order, seed=5)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert len(found) == 8 * (2 * 3 + 2 if second_order else 3 + 2)


def test_sobol_indices_of_a_known_function() -> None:
    ranges = {"a": Range(0.0, 1.0), "b": Range(1.0, math.e, "log"), "c": Range(0.0, 1.0)}
    points = sobol(ranges, 256, 1)
    result = np.array([2.0 * point["a"] + math.log(point["b"]) for point in points])
    found = sobol_analysis.analyze(problem(ranges), result, calc_second_order=False, seed=1)
    np.testing.assert_allclose(found["S1"], [0.8, 0.2, 0.0], atol=0.02)
    np.testing.assert_allclose(found["ST"], [0.8, 0.2, 0.0], atol=0.02)


def test_morris_has_the_points_of_salib_in_its_order() -> None:
    linear = {path: Range(span.low, span.high) for path, span in RANGES.items()}
    expected = morris_sample.sample(problem(linear), 5, num_levels=6, seed=5)
    np.testing.assert_allclose(table(morris(linear, 5, 6, 5)), expected, rtol=1e-12)


@given(trajectories=st.integers(2, 6), levels=st.sampled_from([2, 4, 6, 8]), seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_morris_changes_each_parameter_once_in_a_trajectory(trajectories: int, levels: int, seed: int) -> None:
    points = morris(RANGES, trajectories, levels, seed)
    assert len(points) == trajectories * (len(RANGES) + 1)
    for start in range(0, len(points), len(RANGES) + 1):
        walk = points[start : start + len(RANGES) + 1]
        changed = [[key for key in RANGES if one[key] != next_[key]] for one, next_ in itertools.pairwise(walk)]
        assert sorted(changed) == sorted([key] for key in RANGES)
    for key in ("a.x", "a.y"):
        assert len({point[key] for point in points}) <= levels


def test_morris_effects_of_a_known_function() -> None:
    ranges = {"a": Range(0.0, 1.0), "b": Range(0.0, 1.0)}
    points = morris(ranges, 10, 4, 1)
    sample = np.array([list(point.values()) for point in points])
    found = morris_analysis.analyze(problem(ranges), sample, 3.0 * sample[:, 0] - sample[:, 1], num_levels=4, seed=1)
    np.testing.assert_allclose(found["mu"], [3.0, -1.0], atol=1e-9)
    np.testing.assert_allclose(found["sigma"], [0.0, 0.0], atol=1e-9)


def test_a_grid_is_the_product_with_the_last_parameter_fastest() -> None:
    points = grid({"a": [1, 2], "b": [True, False, None]})
    assert [tuple(point.values()) for point in points] == list(itertools.product([1, 2], [True, False, None]))


def test_one_at_a_time_and_ablation_begin_with_the_base() -> None:
    assert one_at_a_time({"a": [1, 2], "b": [3]}) == [{}, {"a": 1}, {"a": 2}, {"b": 3}]
    assert ablation(["hub", "fatigue"]) == [{}, {"mechanisms.hub": False}, {"mechanisms.fatigue": False}]


@given(
    low=st.integers(-50, 50),
    width=st.integers(1, 40),
    unit=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20),
)
def test_whole_numbers_stay_in_their_range(low: int, width: int, unit: list[float]) -> None:
    span = Range(low, low + width, whole=True)
    assert all(low <= value <= low + width for value in in_range(np.array(unit), span))
    ends = in_range(np.array([0.0, 0.5 / (width + 1), 1.0 - 0.5 / (width + 1), 1.0]), span)
    assert ends == [low, low, low + width, low + width]


@given(
    low=st.floats(1e-6, 1e3),
    factor=st.floats(1.001, 1e6),
    unit=st.floats(0.0, 1.0),
)
def test_a_logarithmic_scale_has_equal_ratios(low: float, factor: float, unit: float) -> None:
    span = Range(low, low * factor, "log")
    first, middle, last = in_range(np.array([0.0, unit, 1.0]), span)
    assert first == low
    assert last == low * factor
    assert math.log(middle / low) == pytest.approx(unit * math.log(factor), abs=1e-9)


def test_whole_numbers_on_a_logarithmic_scale() -> None:
    span = Range(1, 3, "log", whole=True)
    share = Counter(in_range((np.arange(10_000) + 0.5) / 10_000, span))
    for number in (1, 2, 3):
        assert share[number] / 10_000 == pytest.approx(math.log((number + 1) / number) / math.log(4), abs=2e-4)


def test_spaced_values_include_both_ends() -> None:
    assert spaced(Range(0.0, 1.0), 5) == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert spaced(Range(1.0, 100.0, "log"), 3) == pytest.approx([1.0, 10.0, 100.0])
    assert spaced(Range(1, 10, whole=True), 4) == [1, 4, 7, 10]


def test_labels_are_short_and_unique() -> None:
    points: list[Overrides] = [
        {},
        {"regime.aggression_gain": 0.5, "mechanisms.shutdown": False},
        {"regime.aggression_gain": 0.5, "mechanisms.shutdown": True},
        {"events.shutdown": None},
    ]
    assert labels(points) == [
        "base",
        "aggression_gain=0.5, mechanisms.shutdown=false",
        "aggression_gain=0.5, mechanisms.shutdown=true",
        "events.shutdown=none",
    ]
    assert labels([{"a.x": 0.123456}, {"a.x": 0.123457}]) == ["x=0.123456", "x=0.123457"]
    assert unique(["a", "a", "b", "a"]) == ["a", "a (2)", "b", "a (3)"]


@given(st.lists(st.dictionaries(st.sampled_from(["a.x", "b.x", "x.y"]), st.floats(0, 1)), max_size=12))
def test_labels_never_repeat(points: list[Overrides]) -> None:
    found = labels(points)
    assert len(found) == len(points) == len(set(found))
