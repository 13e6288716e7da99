"""Belarus 2020 with its defaults stays where the first calibration put it: the median of five seeds.

The whole table, over twenty seeds, is printed by ``python -m analysis.calibration.belarus_2020``.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from analysis.calibration.belarus_2020 import SEARCHED, TARGETS, at, distance, observe, start
from sim.evidence import replicate_seeds

NAMES = [target.name for target in TARGETS]
MUST_HOLD = [
    "detained on 9-12 August",
    "peak turnout, week of 16 August",
    "turnout on 23 August",
    "highest turnout, 1-18 December",
    "day of August strikes pass 0.1 %",
    "peak share on strike",
    "officers who resigned",
    "detained by 3 November",
    "runs in which the regime falls",
]


@pytest.fixture(scope="module")
def medians() -> dict[str, float]:
    found = np.array([observe(seed, {}) for seed in replicate_seeds("quick-20")[:5]])
    return dict(zip(NAMES, np.median(found, axis=0), strict=True))


@pytest.mark.parametrize("name", MUST_HOLD)
def test_the_median_run_meets_the_target(name: str, medians: dict[str, float]) -> None:
    target = TARGETS[NAMES.index(name)]
    assert target.low <= medians[name] <= target.high


def test_it_neither_saturates_nor_dies_out_at_once(medians: dict[str, float]) -> None:
    assert 0.1 < medians["turnout on 6 September"] < 10.0


def test_without_repression_the_targets_are_missed_by_far() -> None:
    """The negative control: the distance notices a mechanism taken away."""
    seed = replicate_seeds("quick-20")[0]
    with_it = distance(observe(seed, {}, 400))
    without = distance(observe(seed, {"mechanisms.repression": False}, 400))
    assert without > 2.0 * with_it


def test_distance_is_the_weight_at_the_edge_and_none_in_the_middle() -> None:
    middles = []
    for target in TARGETS:
        floor = 0.1 * target.high
        middles.append(math.sqrt((target.low + floor) * (target.high + floor)) - floor)
    assert distance(middles) == pytest.approx(0.0, abs=1e-9)
    at_edge = list(middles)
    at_edge[NAMES.index("detained on 9-12 August")] = 10_000.0
    assert distance(at_edge) == pytest.approx(TARGETS[NAMES.index("detained on 9-12 August")].weight)


def test_the_search_begins_at_the_scenario() -> None:
    here = at(start())
    motive = sim.load("belarus-2020").config.people.motive
    assert set(here) == set(SEARCHED)
    assert here["people.motive.threshold_mean"] == pytest.approx(motive.threshold_mean, rel=1e-3)
