"""Watts's global cascades against the window and the probabilities of theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats
from threshold_runs import finished

from sim.core.errors import ScenarioError
from sim.models import watts_2002
from sim.models.watts_2002 import cascade_condition, cascade_probability
from sim.run.load import load
from sim.run.simulate import simulate

NAME = "watts-2002"


def test_the_window_of_theory():
    """A threshold of 0.18 lets cascades happen from a mean degree of 1.02 to one of 5.77."""
    lower = optimize.brentq(lambda z: cascade_condition(z, 0.18) - 1.0, 0.5, 2.0)
    upper = optimize.brentq(lambda z: cascade_condition(z, 0.18) - 1.0, 3.0, 8.0)
    assert lower == pytest.approx(1.02, abs=0.01)
    assert upper == pytest.approx(5.77, abs=0.01)
    for inside, outside in ((lower + 0.05, lower - 0.05), (upper - 0.05, upper + 0.05)):
        assert cascade_probability(inside, 0.18) > 0.01
        assert cascade_probability(outside, 0.18) < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize(("mean_degree", "seeds"), [(1.5, 200), (3.0, 200), (5.0, 200)])
def test_inside_the_window_one_seed_sets_off_a_cascade_as_often_as_theory_says(mean_degree: float, seeds: int):
    """Against the share of an endless network that touches its vulnerable part; a false alarm once in 10,000.

    The mean share that cascades reach lies within 0.01 of that of an endless network.
    """
    config = load(NAME, {"network.mean_degree": mean_degree}).config
    ends = [finished(NAME, seed, config=config) for seed in range(seeds)]
    cascades = sum(outcome.name == "global" for _, outcome in ends)
    assert stats.binomtest(cascades, seeds, cascade_probability(mean_degree, 0.18)).pvalue > 1e-4
    reached = [state.counts[-1] / state.graph.persons for state, outcome in ends if outcome.name == "global"]
    assert np.mean(reached) == pytest.approx(size(mean_degree, 0.18), abs=0.01)


def size(mean_degree: float, threshold: float) -> float:
    """Share that a cascade reaches in an endless network (Gleeson & Cahalane 2007, Physical Review E 75, 056103)."""
    ks = np.arange(0, 60)
    law, ahead = stats.poisson.pmf(ks, mean_degree), 1e-3

    def reached(k: int, ties: int) -> float:
        enough = np.array([m for m in range(ties + 1) if k and m / k >= threshold])
        return float(stats.binom.pmf(enough, ties, ahead).sum()) if enough.size else 0.0

    for _ in range(200):
        ahead = sum(k * law[k] / mean_degree * reached(k, k - 1) for k in ks[1:])
    return float(sum(law[k] * reached(k, k) for k in ks))


@pytest.mark.parametrize("mean_degree", [0.8, 7.0])
def test_outside_the_window_no_seed_does(mean_degree: float):
    """Below, no part of the network is large enough (chance below 1e-9 each); above, too few follow a single one."""
    config = load(NAME, {"network.mean_degree": mean_degree}).config
    assert {finished(NAME, seed, config=config)[1].name for seed in range(100)} == {"local"}


def test_the_order_in_which_people_look_does_not_change_where_it_rests():
    """Nobody becomes passive again, so the end of a run is the least fixed point, computed here all at once."""
    config = load(NAME, {"population.persons": 500, "network.mean_degree": 3.0, "population.seeds": 5}).config
    for seed in range(20):
        state, _ = finished(NAME, seed, config=config)
        plain = watts_2002.build(config, seed, 1)
        active, seen = plain.active, plain.graph.degrees()
        for _ in range(500):
            active = active | (plain.graph.among(active) >= np.maximum(0.18 * seen, 1e-9))
        assert np.array_equal(active, state.active)


def test_thresholds_that_differ_make_cascades_likelier_above_the_window():
    """Figure 4a: with a standard deviation of 0.1 a mean degree of 7 is inside the window, with none it is not.

    One-sided; with none there are no cascades at all, and at least 5 in 60 are asked for with some.
    """
    config = load(
        "watts-2002-mixed-thresholds", {"network.mean_degree": 7.0, "population.thresholds.spread": 0.1}
    ).config
    assert sum(finished(NAME, seed, config=config)[1].name == "global" for seed in range(60)) >= 5


def test_a_complete_network_is_the_same_as_one_with_all_its_ties():
    plain = {"population.persons": 60, "population.seeds": 12, "network": {"kind": "complete"}}
    listed = plain | {"network": {"kind": "village", "size": 60, "far": 0.0}}
    for seed in range(5):
        assert simulate(NAME, seed, plain).days.equals(simulate(NAME, seed, listed).days)


def test_a_run_reports_its_steps():
    run = simulate(NAME, 3, {"population.persons": 2_000})
    assert list(run.days.columns) == ["step", "active", "share"]
    assert run.summary["active"] == run.days["active"].iloc[-1]
    assert run.days.equals(simulate(NAME, 3, {"population.persons": 2_000}).days)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"population.thresholds.value": 1.2}, r"population\.thresholds\.value: must be at most 1 \(given 1\.2\)"),
        ({"population.thresholds.value": -0.1}, r"population\.thresholds\.value: must be at least 0"),
        (
            {"network": {"kind": "erdos-reny", "mean_degree": 4.0}},
            r"network: the key 'kind' must be one of .*erdos-renyi",
        ),
        ({"network": {"kind": "complete", "mean_degree": 4.0}}, r"network\.mean_degree: unknown key"),
        ({"population.seeds": 20_000}, r"population\.seeds: must be at most the number of persons, 10000"),
    ],
)
def test_bad_input_is_named(overrides: dict[str, object], said: str):
    with pytest.raises(ScenarioError, match=said) as caught:
        load(NAME, overrides)
    assert len(caught.value.problems) == 1


def test_an_unknown_network_is_offered_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'erdos-renyi'"):
        load(NAME, {"network": {"kind": "erdos-reny", "mean_degree": 4.0}})
