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

from sim.core.names import in_order
from sim.models.interface import Outcome
from sim.models.mobilisation import outcome
from sim.models.mobilisation.codes import Choice, Power
from sim.models.mobilisation.engine import build, ending, step, verdict
from sim.models.mobilisation.outcome import OUTCOMES, ROADS, failing, mark, scars
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import NATION_TYPE

LIMITS = {
    "coercion_floor": 0.5, "elite_floor": 0.4, "arrears_ceiling": 0.3, "negotiation_concession": 0.6,
    "extreme_killed": 50.0, "war_deaths": 1000.0, "crushed": 0.1, "mass_turnout": 0.01, "demobilised_turnout": 0.002,
    "demobilised_days": 5, "legitimacy_scar": 0.2, "dependence_scar": 0.5, "force_scar": 0.4, "general_strike": 0.5,
}  # fmt: skip
"""Thresholds of the tests; the country has 100,000 inhabitants, so 50 per million are 5 persons."""
BODIES = in_order(DATA["institutions"])
"""The institutions in the order in which the state counts them."""
RESIGN, FLEE = -int(Choice.RESIGN), -int(Choice.FLEE)
"""What ``ended_by`` says of a ruler who goes by himself."""


@pytest.fixture(scope="module")
def config() -> Mobilisation:
    return country({"outcome": LIMITS})


def nation(**changes: Any) -> np.ndarray:
    """A country in which all is well, after ten days, with changes."""
    row = np.zeros(1, dtype=NATION_TYPE)
    usual = {
        "day": 10, "coercion": 1.0, "elite_public": 1.0, "mean_legitimacy": 0.5, "start_legitimacy": 0.5,
        "aggression": 0.1, "survival": 0.9,
    }  # fmt: skip
    for name, value in (usual | changes).items():
        row[name] = value
    return row


def marked(config: Mobilisation, days: int, **changes: Any) -> np.ndarray:
    row = nation(**changes)
    for _ in range(days):
        mark(row, config)
    return row


def ended(power: Power, body: str) -> dict[str, Any]:
    """An institution has ended the ruler's time."""
    return {"ended_by": int(power), "ended_where": BODIES.index(body)}


ENDINGS: list[tuple[dict[str, Any], str | None, str]] = [
    ({}, None, ""),
    ({"killed_week": 5.0}, "extreme violence", "massacre"),
    ({"killed_week": 4.99}, None, ""),
    ({"battle_deaths_year": 1000.0}, "war", "war"),
    ({"battle_deaths_year": 999.9}, None, ""),
    ({"concession": 0.6}, "negotiates", "negotiated"),
    ({"concession": 0.59}, None, ""),
    ({"ended_by": RESIGN}, "falls", "resigned"),
    ({"ended_by": FLEE}, "flees", "fled"),
    (ended(Power.ANNUL, "court"), "falls", "vote annulled"),
    (ended(Power.REMOVE, "parliament"), "falls", "removed by law"),
    (ended(Power.OUST, "staff"), "ousted by the army", "ousted by the army"),
    # an institution that refuses or withholds ends nothing, and no number of failing pillars does
    ({"army_refused": 1.0, "withheld": 0.3}, None, ""),
    ({"coercion": 0.0, "elite_public": 0.0, "arrears": 1.0}, None, ""),
    # what the ruler or an institution decides comes first, then war, then killing, then talks
    ({"ended_by": FLEE, "battle_deaths_year": 5000.0, "killed_week": 9.0, "concession": 1.0}, "flees", "fled"),
    ({"battle_deaths_year": 5000.0, "killed_week": 9.0, "concession": 1.0}, "war", "war"),
    ({"killed_week": 9.0, "concession": 1.0}, "extreme violence", "massacre"),
]

MOVEMENT = {"peak_turnout": 0.02}
"""2,000 persons, which are 20 agents: two detentions of an agent are a tenth."""
VERDICTS: list[tuple[dict[str, Any], str, str]] = [
    ({"peak_turnout": 0.0}, "contested", "no movement"),
    ({"peak_turnout": 0.009}, "contested", "no movement"),
    ({"peak_turnout": 0.009, "quiet_days": 30}, "contested", "no movement"),
    (MOVEMENT | {"quiet_days": 4}, "contested", "undecided"),
    (MOVEMENT | {"quiet_days": 5}, "demobilised", "faded"),
    (MOVEMENT | {"quiet_days": 5, "detained_ever": 1.0}, "demobilised", "faded"),
    (MOVEMENT | {"quiet_days": 5, "detained_ever": 2.0}, "demobilised", "crushed"),
    (MOVEMENT | {"quiet_days": 5, "aggression": 0.4}, "demobilised", "faded"),  # one scar is not enough
    (MOVEMENT | {"aggression": 0.4, "dependence": 0.5}, "holds transformed", "transformed"),
    (MOVEMENT | {"aggression": 0.39, "dependence": 0.5}, "contested", "undecided"),
    (MOVEMENT | {"mean_legitimacy": 0.39, "dependence": 0.5}, "holds transformed", "transformed"),  # 1 - 0.39 / 0.5
    (MOVEMENT | {"mean_legitimacy": 0.41, "dependence": 0.5}, "contested", "undecided"),
    (MOVEMENT | {"quiet_days": 5, "mean_legitimacy": 0.3, "aggression": 0.9}, "holds transformed", "transformed"),
    ({"peak_turnout": 0.01, "quiet_days": 5}, "demobilised", "faded"),
]


def found(row: np.ndarray, config: Mobilisation) -> Outcome:
    return outcome.ending(row, config) or outcome.verdict(row, config)


@pytest.mark.parametrize(("state", "name", "road"), ENDINGS)
def test_ending(state: dict[str, Any], name: str | None, road: str, config: Mobilisation):
    end = outcome.ending(nation(**state), config)
    assert ((end.name, end.road) if end else (None, "")) == (name, road)


@pytest.mark.parametrize(("state", "name", "road"), VERDICTS)
def test_verdict(state: dict[str, Any], name: str, road: str, config: Mobilisation):
    end = outcome.verdict(nation(**state), config)
    assert (end.name, end.road) == (name, road)


def test_every_outcome_and_every_road_is_reached_from_some_state_and_no_other():
    reached = [(name, road) for _, name, road in (*ENDINGS, *VERDICTS) if name]
    assert {name for name, _ in reached} == set(OUTCOMES)
    assert {road for _, road in reached} == set(ROADS)


@pytest.mark.parametrize(
    ("power", "body", "said"),
    [
        (Power.ANNUL, "court", "the vote is annulled: court"),
        (Power.REMOVE, "parliament", "the ruler is removed by law: parliament"),
        (Power.OUST, "staff", "the army removes the ruler: staff"),
    ],
)
def test_an_ending_names_the_institution_and_the_state_behind_it(
    power: Power, body: str, said: str, config: Mobilisation
):
    state = {"survival": 0.25, "streets": 0.75, "coercion": 0.4, "elite_public": 0.9}
    end = outcome.ending(nation(**ended(power, body), **state), config)
    assert end is not None
    assert end.reasons == (
        said,
        "the ruler gives himself 25%",
        "the capital's streets are lost by 75%",
        "40% of orders are obeyed",
        "10% of elites have broken in public",
        "coercion: 40% of orders against crowds are obeyed",
    )


@pytest.mark.parametrize("state", [state for state, *_ in (*ENDINGS, *VERDICTS)])
def test_every_outcome_says_why(state: dict[str, Any], config: Mobilisation):
    end = found(nation(**state), config)
    assert end.name in OUTCOMES
    assert end.reasons
    assert all(reason.strip() for reason in end.reasons)


def test_an_ending_is_dated_by_the_day_just_lived(config: Mobilisation):
    end = outcome.ending(nation(day=10, concession=0.9), config)
    assert end is not None
    assert end.date == START + dt.timedelta(days=9)


@pytest.mark.parametrize(("state", "name", "road"), ENDINGS)
def test_endings_do_not_depend_on_the_date(state: dict[str, Any], name: str | None, road: str, config: Mobilisation):
    for day in (1, 200):
        end = outcome.ending(nation(**state | {"day": day}), config)
        assert ((end.name, end.road) if end else (None, "")) == (name, road)


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
        ({"coercion": 0.5, "elite_public": 0.4, "arrears": 0.3}, []),  # at the threshold it still holds
        ({"coercion": 0.49}, ["coercion"]),
        ({"elite_public": 0.39}, ["elites"]),
        ({"arrears": 0.31}, ["money"]),
        ({"coercion": 0.0, "elite_public": 0.0, "arrears": 1.0}, ["coercion", "elites", "money"]),
    ],
)
def test_failing_pillars(state: dict[str, Any], pillars: list[str], config: Mobilisation):
    assert [text.split(":")[0] for text in failing(nation(**state), config)] == pillars


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


NOBODY_KILLED = {"police.detention.lethality": 0.0}
"""Else the deaths of an unlucky day may end the run before."""
NO_TALKS = {"regime.ruler.concession_cost": 5.0}
NOBODY_OBEYS = {"police.obedience.obey_base": -10.0, "police.obedience.barracks": 0.0001}
ELITES_ADRIFT = {
    "elites.kinds.business.rents": -4.0, "elites.kinds.circle.rents": -4.0, "elites.punishment": 0.0,
    "elites.break_cost": -1.0, "elites.silence_days": 0.0,
}  # fmt: skip


QUIETED = NOBODY_KILLED | {
    "people.emotion.fear_gain": 1.0, "people.emotion.fear_cap": 5.0, "people.emotion.anger_gain": 0.0,
    "people.motive.threshold_mean": 3.5, "people.emotion.legitimacy_loss": 0.0, "movement.organisations": {},
    "mechanisms.ruler": False, "outcome.demobilised_turnout": 0.02, "outcome.force_scar": 1.0,
    "outcome.dependence_scar": 1.0,
}  # fmt: skip


def free_to_act(body: str) -> dict[str, Any]:
    """One institution that has a will of its own, and acts as soon as half of its seats have turned."""
    one = {**DATA["institutions"][body], "independence": 1.0, "quorum": 0.5}
    return {"institutions": {body: one}, "regime.removal.act_base": 10.0}


DRIVEN: dict[str, tuple[str, dict[str, Any]]] = {
    "resigned": ("falls", NOBODY_KILLED | NO_TALKS | NOBODY_OBEYS | {"regime.ruler.exit_offer": 2.0}),
    "fled": ("flees", NOBODY_KILLED | NO_TALKS | NOBODY_OBEYS | {"regime.ruler.exile_offer": 2.0}),
    "vote annulled": ("falls", NOBODY_KILLED | NO_TALKS | ELITES_ADRIFT | free_to_act("court")),
    "removed by law": ("falls", NOBODY_KILLED | NO_TALKS | ELITES_ADRIFT | free_to_act("parliament")),
    "ousted by the army": ("ousted by the army", NOBODY_KILLED | NO_TALKS | ELITES_ADRIFT | free_to_act("staff")),
    "negotiated": ("negotiates", NOBODY_KILLED | {"events.march_called.effects.concession": 0.7}),
    "war": (
        "war",
        NO_TALKS
        | {
            "police.detention.lethality": 0.05,
            "regime.aggression_base": 0.9,
            "mechanisms.restraint": False,
            "movement.insurgency.arming": 1000.0,
            "movement.insurgency.clash": 0.5,
            "outcome.extreme_killed": 100_000.0,
        },
    ),
    "massacre": (
        "extreme violence",
        {"police.detention.lethality": 1.0, "regime.aggression_base": 0.9, "mechanisms.restraint": False},
    ),
    "transformed": (
        "holds transformed",
        NOBODY_KILLED
        | {
            "regime.aggression_base": 0.6,
            "mechanisms.restraint": False,
            "mechanisms.defection": False,
            "mechanisms.refusal": False,
            "mechanisms.elite_split": False,
            "mechanisms.ruler": False,
        },
    ),
    "crushed": ("demobilised", QUIETED | {"police.detention.contact": 10.0, "outcome.crushed": 0.001}),
    "faded": ("demobilised", QUIETED | {"outcome.crushed": 1.0, "mechanisms.repression": False}),
    "no movement": ("contested", NO_TALKS | {"events": {}, "people.motive.threshold_mean": 8.0}),
    "undecided": (
        "contested",
        NOBODY_KILLED | {"mechanisms.ruler": False, "outcome.demobilised_turnout": 0.0, "outcome.force_scar": 1.0},
    ),
}
"""A road, the outcome at its end, and a country that takes it."""


def end_of(changes: dict[str, Any], seed: int = 1) -> Outcome:
    state = build(country({"outcome": LIMITS, "time.days": 40} | changes), seed, 1)
    for _ in range(40):
        step(state)
        end = ending(state)
        if end is not None:
            return end
    return verdict(state)


@pytest.mark.parametrize("road", DRIVEN)
def test_a_run_can_be_driven_down_every_road(road: str):
    name, changes = DRIVEN[road]
    end = end_of(changes)
    assert (end.name, end.road) == (name, road), end


def test_every_road_and_every_outcome_is_driven_to():
    assert set(DRIVEN) == set(ROADS)
    assert {name for name, _ in DRIVEN.values()} == set(OUTCOMES)


@pytest.mark.parametrize("body", ["court", "parliament", "staff"])
def test_an_institution_without_a_will_of_its_own_ends_nothing(body: str):
    """Negative control: the same elites, and the same institution, but not independent."""
    changes = NOBODY_KILLED | NO_TALKS | ELITES_ADRIFT | free_to_act(body)
    changes["institutions"] = {body: {**changes["institutions"][body], "independence": 0.0}}
    assert end_of(changes).name not in ("falls", "ousted by the army")


def test_a_court_has_nothing_to_annul_where_no_vote_is_contested():
    changes = NOBODY_KILLED | NO_TALKS | ELITES_ADRIFT | free_to_act("court")
    assert end_of(changes | {"events.fraud.effects.vote": 0.0}).road != "vote annulled"


def test_no_event_no_trigger_no_fall():
    """Where nothing happens, nothing ends, on any of five seeds."""
    quiet = NO_TALKS | {"events": {}, "people.motive.threshold_mean": 8.0}
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
