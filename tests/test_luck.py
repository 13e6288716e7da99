"""Luck is the same for two parameter sets with one seed, known by names alone, and as large as it is said to be."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tiny_country import DATA, country, live_through

from sim.core.names import ordered
from sim.models.mobilisation.engine import build
from sim.models.mobilisation.mechanisms.luck import befall
from sim.models.mobilisation.parameters import scalars

DAYS = 6
LUCK = "luck.country_luck", "luck.place_luck", "luck.day_luck", "luck.place_day_luck"


def lived(changes: dict[str, Any], seed: int = 1, days: int = DAYS) -> tuple[np.ndarray, dict[str, float]]:
    """The country's luck day by day, and that of each place on the last day."""
    config = country(changes)
    state = live_through(config, seed=seed, days=days)
    places = dict(zip(ordered(config).places.localities, state.world.localities.luck.tolist(), strict=True))
    return state.recorder.national(config)["luck"].to_numpy(), places


def test_the_same_seed_brings_the_same_luck_to_two_parameter_sets_at_any_scale() -> None:
    days, places = lived({})
    other = {"people.emotion.fear_gain": 0.5, "police.detention.contact": 0.1, "run.persons_per_agent": 500}
    assert np.unique(days).size == DAYS
    assert len(set(places.values())) == 3
    for changes in ({}, other, {"run.officers_per_agent": 40}):
        again, there = lived(changes)
        assert again.tolist() == days.tolist()
        assert there == places
    assert lived({}, seed=2)[0][0] != days[0]


def test_one_more_place_changes_the_luck_of_no_other() -> None:
    _, before = lived({})
    more = {f"places.localities.{name}": dict(place) for name, place in DATA["places"]["localities"].items()}
    more |= {"places.localities.Aardvark": more["places.localities.Hills"], "places.population": 110_000}
    _, after = lived(more)
    assert after.pop("Aardvark") not in before.values()
    assert after == before


@pytest.mark.parametrize("kind", LUCK)
def test_each_kind_of_luck_has_the_spread_that_it_is_said_to_have(kind: str) -> None:
    """1,000 seeds, of which one draw each: the spread of such a sample is off by a tenth once in 100,000 times."""
    config = country(dict.fromkeys(LUCK, 0.0) | {kind: 0.4, "run.persons_per_agent": 1000})
    state = build(config, 1, 1)
    places, nation, p = state.world.localities, state.world.nation[0], scalars(config)[0]
    found = np.empty((1000, places.size.size))
    for seed, row in enumerate(found):
        befall(places, nation, p, np.uint64(seed))
        row[:] = places.luck
    assert found[:, 0].std() == pytest.approx(0.4, rel=0.1)
    together = np.corrcoef(found.T)[0, 1]
    assert (together == pytest.approx(1.0)) if kind in ("luck.country_luck", "luck.day_luck") else abs(together) < 0.15


def test_a_day_is_remembered_as_far_as_it_is_said_to_be() -> None:
    only = dict.fromkeys(LUCK, 0.0) | {"luck.day_luck": 0.4, "run.persons_per_agent": 1000}
    for memory, low, high in ((0.0, -0.2, 0.2), (0.8, 0.65, 0.95)):
        pairs = []
        for seed in range(1, 11):
            days, _ = lived(only | {"luck.day_luck_memory": memory}, seed=seed, days=30)
            pairs += list(pairwise(days))
        before, after = np.array(pairs).T
        assert low < (before @ after) / (before @ before) < high
        assert after.std() == pytest.approx(0.4, rel=0.35)
