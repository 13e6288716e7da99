"""What theory says that each mechanism does, in a tiny country, over common random numbers.

What is measured is a consequence of the mechanism and not the mechanism itself: not that people are afraid if there is
fear, but that fewer come.
"""

from __future__ import annotations

import json
from functools import cache

import pandas as pd
import pytest
from facts import Sign, signs
from tiny_country import country, live_through

from analysis.mechanisms.table import SIGNS
from sim.models.mobilisation.mechanisms import MECHANISMS

pytestmark = pytest.mark.slow

DAYS = 25
SEEDS = tuple(range(1, 13))
RIGHT = 11
"""Pairs of the twelve that must have the sign. Chance alone would give so many in 1 of 315 cases."""


@cache
def lived(changes: str) -> list[pd.DataFrame]:
    """Days of the country with values changed by key path (as JSON), a table a seed."""
    config = country({"time.days": DAYS} | json.loads(changes))
    return [live_through(config, seed=seed).recorder.national(config) for seed in SEEDS]


@pytest.mark.parametrize("sign", signs(), ids=lambda sign: sign.switch)
def test_sign_of_a_mechanism(sign: Sign) -> None:
    """False alarm: a mechanism without any effect would pass in 1 of 315 cases."""
    given = dict(sign.given)
    with_it = lived(json.dumps(given))
    without = lived(json.dumps(given | {f"mechanisms.{sign.switch}": False}))
    differences = [sign.measure(off) - sign.measure(on) for on, off in zip(with_it, without, strict=True)]
    assert sum(SIGNS[sign.expected] * difference > 0.0 for difference in differences) >= RIGHT


def test_every_sign_that_theory_gives_is_tested() -> None:
    signed = {
        switch.name
        for mechanism in MECHANISMS.values()
        for switch in mechanism.switches
        for ablation in switch.without
        if ablation.expected != "open"
    }
    assert signed == {sign.switch for sign in signs()}
