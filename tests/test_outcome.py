"""Outcomes: each is reached from state alone, at its own threshold, and by runs that are driven to it."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import math
from typing import Any

import numpy as np
import pytest
from tiny_country import DATA, START, country

from sim.models.interface import Outcome
from sim.models.mobilisation import outcome
from sim.models.mobilisation.engine import build, ending, step, verdict
from sim.models.mobilisation.outcome import OUTCOMES, failing, mark, scars
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import NATION_TYPE

LIMITS = {
    "coercion_floor": 0.5, "elite_floor": 0.4, "arrears_ceiling": 0.3, "fall_days": 3, "negotiation_concession": 0.6,
    "extreme_killed": 50.0, "mass_turnout": 0.01, "demobilised_turnout": 0.002, "demobilised_days": 5,
    "legitimacy_scar": 0.2, "dependence_scar": 0.5, "force_scar": 0.4, "general_strike": 0.5,
}  # fmt: skip
"""Thresholds of the tests; the country has 100,000 inhabitants, so 50 per million are 5 persons."""


@pytest.fixture(scope="module")
def config() -> Mobilisation:
    return country({"outcome": LIMITS, "regime.flight_pressure": 0.7})


def nation(**changes: Any) -> np.ndarray:
    """A country in which all is well, after ten days, with changes."""
    row = np.zeros(1, dtype=NATION_TYPE)
    usual = {
        "day": 10, "loyal_share": 1.0, "elite_public": 1.0, "mean_legitimacy": 0.5, "start_legitimacy": 0.5,
        "aggression": 0.1,
    }  # fmt: skip
    for name, value in (usual | changes).items():
        row[name] = value
    return row


def marked(config: Mobilisation, days: int, **changes: Any) -> np.ndarray:
    row = nation(**changes)
    for _ in range(days):
        mark(row, config)
    return row


ENDINGS: list[tuple[dict[str, Any], str | None]] = [
    ({}, None),
    ({"killed_week": 5.0}, "extreme violence"),
    ({"killed_week": 4.99}, None),
    ({"concession": 0.6}, "negotiates"),
    ({"concession": 0.59}, None),
    ({"failing_days": 3, "loyal_share": 0.4, "elite_public": 0.3}, "falls"),
    ({"failing_days": 2, "loyal_share": 0.4, "elite_public": 0.3}, None),
    # lost pillars (1 - 0) + (1 - 0.1) + 0.3 = 2.2; / 3 = 0.733, above 0.7
    ({"failing_days": 3, "loyal_share": 0.0, "elite_public": 0.1, "arrears": 0.3}, "flees"),
    # (1 - 0.1) + (1 - 0.1) + 0.2 = 2.0; / 3 = 0.667
    ({"failing_days": 3, "loyal_share": 0.1, "elite_public": 0.1, "arrears": 0.2}, "falls"),
    # killing comes first, then the fall, then talks
    ({"killed_week": 5.0, "failing_days": 3, "loyal_share": 0.4, "elite_public": 0.3}, "extreme violence"),
    ({"failing_days": 3, "loyal_share": 0.4, "elite_public": 0.3, "concession": 1.0}, "falls"),
]

MOVEMENT = {"peak_turnout": 0.02}
VERDICTS: list[tuple[dict[str, Any], str]] = [
    ({"peak_turnout": 0.009}, "contested"),
    ({"peak_turnout": 0.009, "quiet_days": 30}, "contested"),
    (MOVEMENT | {"quiet_days": 4}, "contested"),
    (MOVEMENT | {"quiet_days": 5}, "demobilised"),
    (MOVEMENT | {"quiet_days": 5, "aggression": 0.4}, "demobilised"),  # one scar is not enough
    (MOVEMENT | {"aggression": 0.4, "dependence": 0.5}, "holds transformed"),
    (MOVEMENT | {"aggression": 0.39, "dependence": 0.5}, "contested"),
    (MOVEMENT | {"mean_legitimacy": 0.39, "dependence": 0.5}, "holds transformed"),  # 1 - 0.39 / 0.5 = 0.22
    (MOVEMENT | {"mean_legitimacy": 0.41, "dependence": 0.5}, "contested"),
    (MOVEMENT | {"quiet_days": 5, "mean_legitimacy": 0.3, "aggression": 0.9}, "holds transformed"),
    ({"peak_turnout": 0.01, "quiet_days": 5}, "demobilised"),
]


def found(row: np.ndarray, config: Mobilisation) -> Outcome:
    return outcome.ending(row, config) or outcome.verdict(row, config)


@pytest.mark.parametrize(("state", "name"), ENDINGS)
def test_ending(state: dict[str, Any], name: str | None, config: Mobilisation):
    end = outcome.ending(nation(**state), config)
    assert (end.name if end else None) == name


@pytest.mark.parametrize(("state", "name"), VERDICTS)
def test_verdict(state: dict[str, Any], name: str, config: Mobilisation):
    assert outcome.verdict(nation(**state), config).name == name


def test_every_outcome_is_reached_from_some_state_and_no_other():
    reached = {name for _, name in ENDINGS if name} | {name for _, name in VERDICTS}
    assert reached == set(OUTCOMES)


@pytest.mark.parametrize("state", [state for state, _ in ENDINGS] + [state for state, _ in VERDICTS])
def test_every_outcome_says_why(state: dict[str, Any], config: Mobilisation):
    end = found(nation(**state), config)
    assert end.name in OUTCOMES
    assert end.reasons
    assert all(reason.strip() for reason in end.reasons)


def test_an_ending_is_dated_by_the_day_just_lived(config: Mobilisation):
    end = outcome.ending(nation(day=10, concession=0.9), config)
    assert end is not None
    assert end.date == START + dt.timedelta(days=9)


@pytest.mark.parametrize(("state", "name"), ENDINGS)
def test_endings_do_not_depend_on_the_date(state: dict[str, Any], name: str | None, config: Mobilisation):
    for day in (1, 200):
        end = outcome.ending(nation(**state | {"day": day}), config)
        assert (end.name if end else None) == name


def test_criteria_read_state_and_never_dates():
    """The day appears only to date an ending and to turn the calendar; the start only to date it."""
    for function in (failing, scars, outcome.verdict):
        assert not {"day", "start", "date", "weekday"} & _words(function)
    tree = ast.parse(inspect.getsource(outcome.ending))
    tests = [node.test for node in ast.walk(tree) if isinstance(node, ast.If)]
    assert tests
    assert not {word for test in tests for word in _words_of(test)} & {"day", "start", "date"}


def _words(function: Any) -> set[str]:
    return _words_of(ast.parse(inspect.getsource(function)))


def _words_of(tree: ast.AST) -> set[str]:
    keys = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return keys | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize(
    ("state", "pillars"),
    [
        ({}, []),
        ({"loyal_share": 0.5, "elite_public": 0.4, "arrears": 0.3}, []),  # at the threshold it still holds
        ({"loyal_share": 0.49}, ["coercion"]),
        ({"elite_public": 0.39}, ["elites"]),
        ({"arrears": 0.31}, ["money"]),
        ({"loyal_share": 0.0, "elite_public": 0.0, "arrears": 1.0}, ["coercion", "elites", "money"]),
    ],
)
def test_failing_pillars(state: dict[str, Any], pillars: list[str], config: Mobilisation):
    assert [text.split(":")[0] for text in failing(nation(**state), config)] == pillars


def test_two_pillars_must_fail_together_on_days_in_a_row(config: Mobilisation):
    row = nation(loyal_share=0.4, arrears=0.5)
    mark(row, config)
    mark(row, config)
    assert row["failing_days"][0] == 2
    row["arrears"] = 0.0
    mark(row, config)
    assert row["failing_days"][0] == 0
    assert marked(config, 9, loyal_share=0.0)["failing_days"][0] == 0  # one pillar alone never counts


def test_quiet_days_are_in_a_row(config: Mobilisation):
    row = marked(config, 4, turnout=0.0019)
    assert row["quiet_days"][0] == 4
    row["turnout"] = 0.002
    mark(row, config)
    assert row["quiet_days"][0] == 0


def test_peak_is_kept_and_the_calendar_turns(config: Mobilisation):
    row = marked(config, 1, turnout=0.05)
    row["turnout"] = 0.01
    mark(row, config)
    assert row["peak_turnout"][0] == 0.05
    assert row["day"][0] == 12


def test_the_killed_of_a_week_fade(config: Mobilisation):
    row = marked(config, 1, killed=7)
    assert row["killed_week"][0] == 7.0
    row["killed"] = 0
    for _ in range(7):
        mark(row, config)
    assert row["killed_week"][0] == pytest.approx(7.0 / math.e)
    # a steady toll of one a day settles at 1 / (1 - e^(-1/7)) = 1 / (1 - 0.86688) = 7.512, about a week's
    assert marked(config, 300, killed=1)["killed_week"][0] == pytest.approx(7.512, abs=1e-3)


# Runs driven to each outcome


CALM = {"mass_turnout": 0.0001, "demobilised_turnout": 0.0}
NO_POLICE_LEFT = {
    "police.forces.riot.initial_loyalty": -3.0, "police.forces.army.initial_loyalty": -3.0,
    "police.loyalty.defection_rate": 0.5,
}  # fmt: skip
NO_MONEY = {"economy.treasury_days": 0.0, "economy.revenue": 0.4, "mechanisms.patron": False}
NO_ELITES = {
    "elites.kinds.business.rents": -4.0, "elites.kinds.circle.rents": -4.0, "elites.stance_mean": 0.1,
    "elites.punishment": 0.0,
}  # fmt: skip

NOBODY_KILLED = {"police.detention.lethality": 0.0}
"""Else the deaths of an unlucky day may end the run before."""

DRIVEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "falls": (NO_POLICE_LEFT | NO_MONEY, {"regime.flight_pressure": 1.0}),
    "flees": (NO_POLICE_LEFT | NO_MONEY | NO_ELITES, {"regime.flight_pressure": 0.7}),
    "negotiates": (NOBODY_KILLED | {"events.march_called.effects.concession": 0.7}, {}),
    "extreme violence": (
        {"police.detention.lethality": 1.0, "regime.aggression_base": 0.9, "mechanisms.restraint": False},
        {},
    ),
    "holds transformed": (
        {"regime.aggression_base": 0.6, "police.detention.lethality": 0.0, "mechanisms.restraint": False}
        | {"mechanisms.defection": False, "mechanisms.elite_split": False},
        {},
    ),
    "demobilised": (
        NOBODY_KILLED
        | {
            "people.emotion.fear_gain": 1.0, "people.emotion.fear_cap": 5.0, "people.emotion.anger_gain": 0.0,
            "people.motive.threshold_mean": 3.5, "people.emotion.legitimacy_loss": 0.0,
            "movement.organisations": {}, "police.detention.contact": 10.0,
        },
        {
            "outcome.demobilised_turnout": 0.02, "outcome.force_scar": 1.0, "outcome.dependence_scar": 1.0,
            "outcome.arrears_ceiling": 1.0,
        },
    ),
    "contested": ({"events": {}, "people.motive.threshold_mean": 8.0}, {}),
}  # fmt: skip


def end_of(changes: dict[str, Any], seed: int = 1) -> Outcome:
    limits = {"outcome": LIMITS | {"elite_floor": 0.5, "fall_days": 3}, "time.days": 40}
    state = build(country(limits | changes), seed, 1)
    for _ in range(40):
        step(state)
        end = ending(state)
        if end is not None:
            return end
    return verdict(state)


@pytest.mark.parametrize("name", DRIVEN)
def test_a_run_can_be_driven_to_every_outcome(name: str):
    assert set(DRIVEN) == set(OUTCOMES)
    world, limits = DRIVEN[name]
    end = end_of(world | limits)
    assert end.name == name, end


def test_a_fall_takes_as_many_days_as_it_says():
    for days in (3, 9):
        end = end_of(NO_POLICE_LEFT | NO_MONEY | {"outcome.fall_days": days, "regime.flight_pressure": 1.0})
        assert end.name == "falls"
        assert f"for {days} days in a row" in end.reasons


def test_no_event_no_trigger_no_fall():
    """Where nothing happens, nothing ends, on any of five seeds."""
    quiet = {"events": {}, "people.motive.threshold_mean": 8.0}
    assert {end_of(quiet, seed).name for seed in range(1, 6)} == {"contested"}


def test_a_run_stops_on_the_day_of_its_ending(tmp_path: Any):
    from tiny_country import country_file

    import sim

    path = country_file(tmp_path, NOBODY_KILLED | {"outcome": LIMITS, "events.march_called.effects.concession": 0.7})
    run = sim.simulate(path)
    assert run.outcome.name == "negotiates"
    assert run.outcome.date == DATA["events"]["march_called"]["date"]
    assert len(run.days) == 3  # the event is on the third day
    assert run.days["date"].iloc[-1].date() == run.outcome.date
