"""Off switches: each removes exactly its mechanism, and each mechanism has the sign that theory gives it.

Three ways to take a mechanism out must agree bit for bit: its switch, its parameters set to zero, and a day
that never calls its rule. The signs are tested over common seeds, so that two runs differ by the mechanism alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pandas as pd
import pytest
from facts import removals
from plain_switches import by_switch, compare
from plain_twin import AGENTS, in_plain_python, replaced
from plain_twin import DAYS as PLAIN_DAYS
from pydantic import BaseModel
from tiny_country import DATA, country, day, differing, digests, live_through

from sim.core.names import ordered
from sim.models.mobilisation.mechanisms import MECHANISMS
from sim.models.mobilisation.parameters import POSSIBLE, SECTIONS, SWITCHES
from sim.models.mobilisation.schema.scenario import Mobilisation

DAYS = 15
SEEDS = tuple(range(1, 8))
"""Seven seeds. A sign that were right by chance half the time would be right in all of them in 1 of 128 tests."""

WITHOUT_A_PARAMETER = {name for name, parameters in SWITCHES.items() if set(parameters) & set(POSSIBLE)}
"""Mechanisms whose switch sets a parameter ``…_possible`` that a scenario does not have."""


def path_of(parameter: str) -> str:
    """The key path of a parameter of the record."""
    for path in SECTIONS:
        section: Any = Mobilisation
        for name in path.split("."):
            section = section.model_fields[name].annotation
        assert issubclass(section, BaseModel)
        if parameter in section.model_fields:
            return f"{path}.{parameter}"
    raise LookupError(parameter)


@cache
def lived(mechanism: str | None = None) -> dict[str, str]:
    changes = {} if mechanism is None else {"mechanisms": {mechanism: False}}
    return digests(live_through(country(changes), days=DAYS))


@pytest.mark.parametrize("mechanism", sorted(set(SWITCHES) - WITHOUT_A_PARAMETER))
def test_off_is_the_same_as_its_parameters_set_to_zero(mechanism: str):
    zeroes = {path_of(parameter): 0.0 for parameter in SWITCHES[mechanism]}
    assert differing(lived(mechanism), digests(live_through(country(zeroes), days=DAYS))) == []


@pytest.mark.parametrize("mechanism", SWITCHES)
def test_no_switch_is_dead(mechanism: str):
    """Something other than the parameters changes where the mechanism has something to do."""
    assert differing(lived(), lived(mechanism)) != []


def test_inputs_are_the_switches_that_do_nothing_without_their_events():
    """And no others: what nobody in the model decides is called an input, and nothing else is."""
    inputs = {one.name: one.inputs for each in MECHANISMS.values() for one in each.switches if one.inputs}
    every = {name: event["effects"] for name, event in DATA["events"].items()}

    def without(*effects: str) -> dict[str, Any]:
        kept = {name: {key: given[key] for key in given if key not in effects} for name, given in every.items()}
        return {f"events.{name}.effects": given for name, given in kept.items()}

    def dead(switches: Iterable[str], changes: dict[str, Any]) -> set[str]:
        usual = digests(live_through(country(changes), days=DAYS))
        off = {name: live_through(country(changes | {f"mechanisms.{name}": False}), days=DAYS) for name in switches}
        return {name for name, lived in off.items() if not differing(usual, digests(lived))}

    all_but_the_trigger = {key for given in every.values() for key in given} - {"trigger"}
    assert dead(SWITCHES, without(*all_but_the_trigger)) == set(inputs)
    for name, effects in inputs.items():
        assert dead([name], without(*effects)) == {name}


@pytest.fixture(scope="module")
def by_hand() -> dict[str, Any]:
    """Days without a mechanism's rule in plain Python, against compiled days: those are the same, see test_step.py."""
    found = in_plain_python("plain_switches.py")
    assert isinstance(found, dict)
    return compare(found, lambda changes: digests(live_through(country(AGENTS | dict(changes)), days=PLAIN_DAYS)))


@pytest.mark.parametrize("mechanism", SWITCHES)
def test_off_is_the_same_as_a_day_that_does_not_call_the_rule(mechanism: str, by_hand: dict[str, Any]):
    assert by_hand[mechanism]["differs"] == []


@pytest.mark.parametrize("mechanism", SWITCHES)
def test_taking_the_rule_out_by_hand_changes_something(mechanism: str, by_hand: dict[str, Any]):
    """Negative control: else the test above could not fail."""
    assert by_hand[mechanism]["at_work"] > 0


def test_every_switch_has_been_taken_out_by_hand():
    """By what its file says, or by all loops of its mechanism: never by nothing."""
    assert set(by_switch()) == set(SWITCHES)
    assert all(one.loops or one.rules or one.changes for one in by_switch().values())
    assert set(removals()) <= set(SWITCHES)


def test_a_function_that_no_mechanism_has_cannot_be_taken_out():
    with pytest.raises(LookupError, match="no mechanism has"), replaced({"fear.no_such_rule": abs}):
        pass


# Signs


def table(seed: int, changes: dict[str, Any]) -> pd.DataFrame:
    """The country's days with values changed by key path."""
    config = country({"time.days": 25} | changes)
    return live_through(config, seed=seed).recorder.national(config)


GIVEN = {"defiance": {"regime.ruler.disruption_cost": 0.5}}
"""In what country a mechanism has enough to do, where it is not the usual one: a ruler who is pressed to concede."""


@cache
def usual(seed: int) -> pd.DataFrame:
    return table(seed, {})


@cache
def without(mechanism: str, seed: int) -> pd.DataFrame:
    return table(seed, GIVEN.get(mechanism, {}) | {f"mechanisms.{mechanism}": False})


def pairs(mechanism: str) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Days with and without a mechanism, on common seeds."""
    on = [table(seed, GIVEN[mechanism]) if mechanism in GIVEN else usual(seed) for seed in SEEDS]
    return list(zip(on, (without(mechanism, seed) for seed in SEEDS), strict=True))


def total(name: str) -> Callable[[pd.DataFrame], float]:
    return lambda days: float(days[name].sum())


def mean(name: str) -> Callable[[pd.DataFrame], float]:
    return lambda days: float(days[name].mean())


HIGHER_WITH = {
    "turnout_news": total("attending"),
    "neighbours": total("attending"),
    "colleagues": total("attending"),
    "weak_ties": total("attending"),
    "coalition": total("attending"),
    "commitment": total("attending"),
    "hub": total("attending"),
    "backlash": mean("anger"),
    "deterrence": mean("fear"),
    "fatigue": mean("fatigue"),
    "engaged": total("engaged"),
    "local_crowds": total("attending"),
    "vigils": total("vigils"),
    "triggers": mean("anger"),
    "prison_threat": mean("fear"),
    "services": total("protesting"),
    "volunteers": mean("volunteers"),
    "war": mean("exiled"),
    "cyber": mean("cyber"),
    "symbols": mean("heard_defection"),
    "international": mean("sanctions"),
    "findings": mean("condemnation"),
    "diffusion": lambda days: float(days["attending_tactic_courtyard"].sum() / days["attending"].sum()),
    "arrears": total("striking"),
    "cooptation": mean("cooptation"),
    "contraction": mean("contraction"),
    "communities": mean("communities"),
    "strikes": total("striking"),
    "repression": total("detained_today"),
    "circumvention": mean("online_share"),
    "ruler": mean("aggression"),
    "institutions": mean("arrears"),
    "insurgency": total("armed"),
    "defection": lambda days: float(days.filter(like="police_defected").iloc[-1].sum()),
}
"""What a mechanism must raise."""
LOWER_WITH = {
    "deterrence": total("attending"),
    "fatigue": total("attending"),
    "restraint": mean("aggression"),
    "regime_voters": mean("legitimacy"),
    "patron": mean("arrears"),
    "leadership": mean("coordination"),
    "pause": lambda days: float(days["attending"][:8].sum()),  # what follows later is up to the ruler
    "defiance": mean("concession"),
    "savings": total("striking"),
    "loyal_base": mean("censorship"),
    "community_trust": mean("commitment"),
    "shutdown": mean("online_share"),
    "elite_split": mean("elite_private"),
    "coordination": mean("elite_public"),
    "refusal": lambda days: float(days["coercion"][:8].mean()),  # before those who shirk are worn out by obeying
}
"""What a mechanism must lower."""


@pytest.mark.parametrize("mechanism", HIGHER_WITH)
def test_mechanism_raises(mechanism: str):
    """False alarm: 1 in 128 if the mechanism had no effect; none if theory holds in each of these runs."""
    measure = HIGHER_WITH[mechanism]
    assert [measure(on) > measure(off) for on, off in pairs(mechanism)] == [True] * len(SEEDS)


@pytest.mark.parametrize("mechanism", LOWER_WITH)
def test_mechanism_lowers(mechanism: str):
    """False alarm: as above."""
    measure = LOWER_WITH[mechanism]
    assert [measure(on) < measure(off) for on, off in pairs(mechanism)] == [True] * len(SEEDS)


@pytest.mark.parametrize("mechanism", ["dispersion", "shelter"])
def test_fewer_of_those_who_come_are_detained_with(mechanism: str):
    """In the first eight days, before anger and fear answer, with small agents, since few are detained.

    False alarm: 1 in 128 if the mechanism had no effect.
    """
    small = {"time.days": 8, "events": first_eight_days(), "run.persons_per_agent": 10}

    def share(days: pd.DataFrame) -> float:
        return float(days["detained_today"].sum() / days["attending"].sum())

    shares = [
        (share(table(seed, small)), share(table(seed, small | {f"mechanisms.{mechanism}": False}))) for seed in SEEDS
    ]
    assert [on < off for on, off in shares] == [True] * len(SEEDS)


def first_eight_days() -> dict[str, Any]:
    return {name: event for name, event in DATA["events"].items() if event["date"] < day(8)}


NOTHING_LEFT = {
    "repression": ("detained_today", "released_today", "in_detention", "injured_today", "killed_today"),
    "volunteers": ("volunteers",),
    "cyber": ("cyber",),
    "symbols": ("heard_defection",),
    "cooptation": ("cooptation",),
    "contraction": ("contraction",),
    "strikes": ("striking", "workplaces_out", "initiative_groups", "output_lost"),
    "engaged": ("engaged", "strike_fund"),
    "hub": ("hub_reach",),
    "communities": ("communities",),
    "shutdown": ("shutdown", "policy_shutdown"),
    "deterrence": ("fear",),
    "fatigue": ("fatigue",),
    "commitment": ("commitment",),
    "patron": ("patron",),
    "insurgency": ("armed", "battle_deaths"),
    "defection": (
        "police_defected_riot",
        "police_defected_army",
        "police_shirking_riot",
        "police_shirking_army",
        "police_criticising",
        "police_resigned",
        "police_switched",
    ),
}
"""Columns that are zero on every day without the mechanism."""


@pytest.mark.parametrize(
    ("mechanism", "column"), [(mechanism, name) for mechanism, names in NOTHING_LEFT.items() for name in names]
)
def test_nothing_is_left_of_a_mechanism_switched_off(mechanism: str, column: str):
    on, off = pairs(mechanism)[0]
    assert off[column].abs().max() == 0.0
    assert on[column].abs().max() > 0.0


def test_without_backlash_violence_angers_nobody():
    """No trigger, no backlash, no shock of the regime's voters: no anger and no loss of belief, whatever happens."""
    quiet = {"events": {}, "regime.aggression_base": 0.5}
    on = table(1, quiet)
    off = table(1, quiet | {"mechanisms.backlash": False, "mechanisms.regime_voters": False})
    assert off["detained_today"].sum() > 0
    assert off["anger"].max() == 0.0
    assert off["legitimacy"].nunique() == 1
    assert on["anger"].max() > 0.0
    assert on["legitimacy"].iloc[-1] < on["legitimacy"].iloc[0]


def test_without_police_learning_familiarity_never_changes():
    for seed in SEEDS[:3]:
        config = country({"mechanisms": {"police_learning": False, "police_forgetting": False}})
        first = [tactic.initial_familiarity for tactic in ordered(config).movement.tactics.values()]
        assert live_through(config, seed, DAYS).world.tactics.familiarity.tolist() == first
        config = country({"movement.learning.police_forgetting": 0.0})
        after = live_through(config, seed, DAYS).world.tactics.familiarity
        assert (after >= first).all()
        assert after.sum() > 0.9


def test_without_tactical_learning_attraction_never_changes():
    first = [tactic.initial_attraction for tactic in ordered(country()).movement.tactics.values()]
    state = live_through(country({"mechanisms": {"tactical_learning": False}}), days=DAYS)
    assert (state.world.localities.attraction == first).all()
    assert not (live_through(country(), days=DAYS).world.localities.attraction == first).all()


def test_without_elite_split_private_preferences_never_change():
    state = live_through(country({"mechanisms": {"elite_split": False}}), days=DAYS)
    assert (state.world.elites.preference == state.world.elites.base).all()


def test_organisations_sway_their_own_camp_only():
    """A party for the challenger in the camp of protest brings that camp out; what it does to others is indirect."""
    union = {"union": {"stance": "challenger", "camp": "protest", "pull": 1.0}}
    config = country({"movement.organisations": union, "people.motive.organisation_weight": 2.0})
    changed = live_through(config, days=1)
    alone = live_through(country({"movement.organisations": {}}), days=1)
    moved = changed.world.citizens.role != alone.world.citizens.role
    assert moved.any()
    assert set(changed.world.citizens.camp[moved].tolist()) == {0}


def test_both_signs_of_repression_are_reachable():
    """A harsher regime brings more people out where anger is quick and fear slow, and fewer the other way round.

    Each sign must be right on all seven common seeds: false alarm as above.
    """
    routine = {"mechanisms.ruler": False}  # who would order more wherever the routine of force is milder
    quick_anger = routine | {"people.emotion.anger_gain": 1.0, "people.emotion.fear_gain": 0.01}
    quick_fear = routine | {"people.emotion.anger_gain": 0.02, "people.emotion.fear_gain": 1.0}

    def willing(seed: int, changes: dict[str, Any], gain: float) -> float:
        return float(table(seed, changes | {"regime.aggression_gain": gain})["protesting"].sum())

    assert [willing(seed, quick_anger, 0.8) > willing(seed, quick_anger, 0.0) for seed in SEEDS] == [True] * 7
    assert [willing(seed, quick_fear, 0.8) < willing(seed, quick_fear, 0.0) for seed in SEEDS] == [True] * 7
