"""What theory says that each mechanism does, in a tiny country, over common random numbers.

What is measured is a consequence of the mechanism and not the mechanism itself: not that people are afraid if there is
fear, but that fewer come.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import pytest
from tiny_country import country, everywhere, live_through

from analysis.mechanisms.table import SIGNS, mechanisms

pytestmark = pytest.mark.slow

DAYS = 25
SEEDS = tuple(range(1, 13))
RIGHT = 11
"""Pairs of the twelve that must have the sign. Chance alone would give so many in 1 of 315 cases."""

Measure = Callable[[pd.DataFrame], float]


def total(name: str) -> Measure:
    return lambda days: float(days[name].sum())


def mean(name: str) -> Measure:
    return lambda days: float(days[name].mean())


def last(name: str) -> Measure:
    return lambda days: float(days[name].iloc[-1])


def share(part: str, whole: str) -> Measure:
    return lambda days: float(days[part].sum() / days[whole].sum())


TURNOUT, STRIKING, RISK = total("attending"), total("striking"), share("detained_today", "attending")
HARSH = {"regime.aggression_base": 0.4}
UNPAID = {"economy.revenue": 0.8, "economy.treasury_days": 0.0, "mechanisms.patron": False}

CASES: list[tuple[str, str, Measure, dict[str, Any]]] = [
    ("dispersion", "rises", RISK, HARSH | {"police.detention.overstretch": 1.0}),
    ("local_crowds", "falls", TURNOUT, {}),
    ("turnout_news", "falls", TURNOUT, {}),
    ("deterrence", "rises", TURNOUT, {}),
    ("backlash", "falls", TURNOUT, {}),
    ("vigils", "falls", TURNOUT, HARSH | {"people.motive.kin_weight": 2.0}),
    ("coalition", "falls", TURNOUT, {}),
    ("tactical_learning", "rises", RISK, HARSH | {"movement.learning.choice_sharpness": 4.0}),
    ("leadership", "rises", TURNOUT, {"movement.leadership": {"centralisation": 1.0, "replacement": 0.0}}),
    ("engaged", "falls", TURNOUT, {}),
    ("shelter", "rises", RISK, {"movement.aid.shelter": 0.9}),
    ("symbols", "falls", TURNOUT, {}),
    ("defection", "falls", TURNOUT, {}),
    ("elite_split", "falls", last("concession"), {}),
    ("restraint", "rises", total("injured_today"), {}),
    ("international", "falls", total("arrears"), {}),
    ("services", "falls", TURNOUT, {}),
    ("strikes", "rises", mean("elite_private"), {}),
    ("colleagues", "falls", STRIKING, {}),
    ("arrears", "falls", STRIKING, UNPAID),
    ("cooptation", "rises", total("attending_camp_regime"), {}),
    ("media_trust", "rises", share("attending_camp_regime", "attending"), {}),
    ("remittances", "falls", STRIKING, {"people.migrant_households": everywhere(0.8)}),
    ("patron", "falls", mean("elite_private"), {}),
    ("organisations", "falls", total("attending_camp_protest"), {}),
    ("provocateurs", "falls", last("legitimacy"), HARSH | {"police.detention.provocation": 0.8}),
    ("pause", "rises", mean("fatigue"), {}),
    ("regime_voters", "falls", total("attending_camp_regime"), {}),
    ("shutdown", "rises", TURNOUT, {}),
    ("diffusion", "falls", total("attending_tactic_courtyard"), {}),
    ("triggers", "falls", last("first_time_ever"), {}),
    ("police_learning", "falls", RISK, {"movement.learning.police_learning": 0.8}),
    ("loyal_base", "falls", TURNOUT, {"information.censorship": 1.0}),
    ("hub", "falls", TURNOUT, {}),
    ("circumvention", "falls", TURNOUT, {}),
    ("savings", "rises", STRIKING, {}),
    ("contraction", "falls", total("arrears"), {}),
    ("defiance", "rises", last("concession"), {}),
    ("commitment", "falls", TURNOUT, {}),
    ("fatigue", "rises", TURNOUT, {}),
    ("communities", "falls", TURNOUT, {}),
    ("weak_ties", "falls", TURNOUT, {}),
    ("community_trust", "rises", TURNOUT, {}),
    ("neighbours", "falls", TURNOUT, {}),
    ("mutual_aid", "rises", mean("fear"), {}),
    ("prison_threat", "rises", TURNOUT, {}),
    ("war", "falls", last("legitimacy"), {}),
    ("volunteers", "rises", TURNOUT, {}),
    ("cyber", "falls", TURNOUT, {}),
    ("findings", "falls", last("sanctions"), {}),
    ("coverage", "falls", mean("elite_private"), {"elites.coverage_weight": 0.9}),
]
"""Switch; what the measure does without the mechanism; the measure; circumstances in which there is much to see."""


@cache
def lived(changes: str) -> list[pd.DataFrame]:
    """Days of the country with values changed by key path (as JSON), a table a seed."""
    config = country({"time.days": DAYS} | json.loads(changes))
    return [live_through(config, seed=seed).recorder.national(config) for seed in SEEDS]


@pytest.mark.parametrize(("switch", "expected", "measure", "given"), CASES, ids=[case[0] for case in CASES])
def test_sign_of_a_mechanism(switch: str, expected: str, measure: Measure, given: dict[str, Any]) -> None:
    """False alarm: a mechanism without any effect would pass in 1 of 315 cases."""
    with_it = lived(json.dumps(given))
    without = lived(json.dumps(given | {f"mechanisms.{switch}": False}))
    differences = [measure(off) - measure(on) for on, off in zip(with_it, without, strict=True)]
    assert sum(SIGNS[expected] * difference > 0.0 for difference in differences) >= RIGHT


def test_every_sign_that_theory_gives_is_tested() -> None:
    signed = {name for one in mechanisms() for a in one.ablations if a.expected != "open" for name in a.off}
    assert signed == {case[0] for case in CASES}
