"""Siegel's participation in networks against its fixed points, and what more ties do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from threshold_runs import finished

from sim.core.errors import ScenarioError
from sim.models.siegel_2009 import fixed_point
from sim.run.load import load
from sim.run.simulate import simulate

NAME = "siegel-2009"


@pytest.mark.parametrize(
    ("spread", "mean", "share"), [(0.25, 0.55, 0.059), (0.25, 0.60, 0.991), (0.30, 0.50, 0.082), (0.30, 0.55, 0.953)]
)
def test_fixed_points_of_the_complete_network(spread: float, mean: float, share: float):
    assert fixed_point(mean, spread) == pytest.approx(share, abs=0.005)
    found = fixed_point(mean, spread)
    assert found == pytest.approx(1.0 - stats.norm.cdf((1.0 - found - mean) / spread), abs=1e-10)


@pytest.mark.parametrize(("spread", "mean"), [(0.25, 0.55), (0.25, 0.65), (0.30, 0.50), (0.30, 0.60)])
def test_a_large_crowd_rests_near_the_fixed_point(spread: float, mean: float):
    """A hundred thousand persons, within six standard errors enlarged by the feedback there; wrong once in 1e8.

    The turning points themselves, 0.60 and 0.55, lie so near to where the low fixed point vanishes that a finite
    crowd may rest on either side.
    """
    persons = 100_000
    run = simulate(NAME, 5, {"population": {"persons": persons, "motivation": {"mean": mean, "spread": spread},
                                            "inertia": 0.0}, "time.steps": 100_000})  # fmt: skip
    share = fixed_point(mean, spread)
    feedback = stats.norm.pdf((1.0 - share - mean) / spread) / spread
    error = 6.0 * np.sqrt(share * (1.0 - share) / persons) / (1.0 - feedback) + 2.0 / persons
    assert abs(run.summary["share"] - share) < error


def test_inertia_does_not_change_where_it_rests():
    for network in ({"kind": "complete"}, {"kind": "village", "size": 20, "far": 0.002}):
        ends = [
            simulate(NAME, 2, {"network": network, "population.inertia": inertia}).summary["active"]
            for inertia in (0.0, 0.5, 0.9)
        ]
        assert len(set(ends)) == 1


def test_more_ties_can_lower_participation():
    """Where motivation is weak, a sparse network holds pockets in which a few suffice; ties to many dilute them.

    Paired over 40 seeds, the same motivations: villages of 10 against everybody sees everybody. One-sided, p < 1e-4.
    """
    weak = {"population.motivation": {"mean": 0.55, "spread": 0.25}}
    sparse = load("siegel-2009-village", weak | {"network.size": 10, "network.far": 0.0}).config
    dense = load(NAME, weak).config
    pairs = [
        (finished(NAME, seed, config=sparse)[0].counts[-1], finished(NAME, seed, config=dense)[0].counts[-1])
        for seed in range(40)
    ]
    here, there = (np.array(part) for part in zip(*pairs, strict=True))
    assert here.mean() > 1.5 * there.mean()
    assert stats.wilcoxon(here, there, alternative="greater").pvalue < 1e-4


def test_more_ties_raise_participation_where_motivation_is_strong():
    """The other sign: with a mean of 0.7 the same villages stop where everybody would not."""
    strong = {"population.motivation": {"mean": 0.7, "spread": 0.25}}
    sparse = load("siegel-2009-village", strong | {"network.size": 10, "network.far": 0.0}).config
    dense = load(NAME, strong).config
    pairs = [
        (finished(NAME, seed, config=sparse)[0].counts[-1], finished(NAME, seed, config=dense)[0].counts[-1])
        for seed in range(40)
    ]
    here, there = (np.array(part) for part in zip(*pairs, strict=True))
    assert stats.wilcoxon(here, there, alternative="less").pvalue < 1e-4


def test_only_those_motivated_enough_begin():
    run = simulate(NAME, 9)
    assert run.days["active"].iloc[0] == run.summary["rabble_rousers"]
    assert (np.diff(run.days["active"]) >= 0).all()


@pytest.mark.parametrize("name", [f"siegel-2009{kind}" for kind in ("", *map("-{}".format, (
    "small-world", "village", "opinion-leaders", "hierarchy")))])  # fmt: skip
def test_every_network_of_the_paper_comes_to_rest(name: str):
    run = simulate(name, 3)
    assert run.outcome.name in ("nobody", "a_few", "many")
    assert run.days.equals(simulate(name, 3).days)


def test_bad_input_is_named():
    with pytest.raises(ScenarioError, match=r"population\.inertia: must be at most 0\.999"):
        load(NAME, {"population.inertia": 1.0})
    with pytest.raises(ScenarioError, match=r"network\.size: must be at least 1"):
        load("siegel-2009-village", {"network.size": 0})
