"""The same seed gives the same run, whatever else changes; and the tests notice when a draw does change."""

from __future__ import annotations

import dataclasses
import random
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tiny_country import DATA, START, country, country_data, country_file, day, differing, digests, live_through

import sim
from sim.core import names
from sim.models.mobilisation import outcome, recorder
from sim.models.mobilisation.engine import State, build, step
from sim.models.mobilisation.parameters import LEVERS
from sim.run.load import load
from sim.run.simulate import Running

DAYS = 15


@pytest.fixture(scope="module")
def lived() -> State:
    return live_through(country(), days=DAYS)


def test_same_seed_same_run(lived: State):
    assert differing(digests(lived), digests(live_through(country(), days=DAYS))) == []


def test_other_seed_other_run(lived: State):
    changed = differing(digests(lived), digests(live_through(country(), seed=2, days=DAYS)))
    assert {"citizens.threshold", "citizens.role", "officers.loyalty", "ties", "days.attending"} <= set(changed)


def test_seeds_above_32_bits_count(lived: State):
    """The high half of the seed is part of the key."""
    assert differing(digests(lived), digests(live_through(country(), seed=1 + 2**32, days=DAYS)))


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_change_nothing(lived: State, threads: int):
    state = live_through(country(), days=DAYS, threads=threads)
    assert len(state.plan.ranges) == threads
    assert differing(digests(lived), digests(state)) == []


def test_threads_change_nothing_where_chunks_are_many():
    """With 20,000 citizens a thread's range holds several chunks of different localities."""
    config = country({"run.persons_per_agent": 5, "run.officers_per_agent": 5})
    one, three = (digests(live_through(config, days=5, threads=threads)) for threads in (1, 3))
    assert differing(one, three) == []


def test_a_changed_draw_is_noticed(lived: State):
    """Negative control: another threshold for one citizen of a thousand shows in the comparison."""
    state = build(country(), 1, 1)
    state.world.citizens.threshold[500] -= 8.0
    for _ in range(DAYS):
        step(state)
    changed = differing(digests(lived), digests(state))
    assert "citizens.threshold" in changed
    assert "days.protesting" in changed


def test_a_changed_calendar_of_draws_is_noticed(lived: State):
    """Negative control: the same world with the day's draws of another seed."""
    state = dataclasses.replace(build(country(), 1, 1), seed=2)
    for _ in range(DAYS):
        step(state)
    changed = differing(digests(lived), digests(state))
    assert "citizens.threshold" not in changed
    assert "days.attending" in changed


def test_reading_the_tables_changes_nothing(lived: State):
    state = build(country(), 1, 1)
    for _ in range(DAYS):
        step(state)
        state.recorder.national(state.config)
        state.recorder.by_locality(state.config)
    assert differing(digests(lived), digests(state)) == []


def test_stepping_is_simulating(tmp_path: Path):
    path = country_file(tmp_path)
    run = sim.simulate(path, seed=3, days=DAYS)
    running = Running(load(path), 3)
    labels = []
    while running.done < DAYS:
        running.advance()
        labels.append(running.label)
    result = running.result()
    pd.testing.assert_frame_equal(run.days, result.days, check_exact=True)
    pd.testing.assert_frame_equal(run.localities, result.localities, check_exact=True)
    assert run.summary == result.summary
    assert labels == [day(number).isoformat() for number in range(DAYS)]


def test_a_shorter_run_is_the_beginning_of_a_longer_one(tmp_path: Path):
    path = country_file(tmp_path)
    short, long = (sim.simulate(path, days=days) for days in (7, DAYS))
    pd.testing.assert_frame_equal(short.days, long.days.iloc[:7], check_exact=True)


def test_a_longer_calendar_changes_nothing_before():
    """But for the last evening, when the shorter calendar knows no tomorrow."""
    short, long = (live_through(country({"time.days": days}), days=39) for days in (40, 60))
    assert differing(digests(short), digests(long)) == []


def turned(value: Any) -> Any:
    """The same data with every mapping of it the other way round."""
    return {name: turned(item) for name, item in reversed(value.items())} if isinstance(value, dict) else value


def shuffled(value: Any, luck: random.Random) -> Any:
    """The same data with every mapping of it in a random order."""
    if not isinstance(value, dict):
        return value
    names = list(value)
    luck.shuffle(names)
    return {name: shuffled(value[name], luck) for name in names}


REGIONS = {"places.localities": {
    **DATA["places"]["localities"],
    **{f"Town {n}": DATA["places"]["localities"]["Port"] | {"region": f"region {n % 3}", "population": 7_000 + 13 * n}
       for n in range(6)},
}, "places.population": 100_000 + 6 * 7_000 + 13 * 15}  # fmt: skip
"""More places, some of them of almost one size, in regions of their own."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_named_things_changes_nothing(seed: int):
    """Neither in the world nor in the tables, whose columns and rows are in the file's order, whatever that is."""
    config = country(REGIONS)
    plain = live_through(config, seed=seed, days=DAYS)
    luck = random.Random(seed)
    for data in (turned(config.model_dump()), shuffled(config.model_dump(), luck)):
        other = type(config).model_validate(data)
        state = live_through(other, seed=seed, days=DAYS)
        assert list(other.places.localities) != list(config.places.localities)
        assert [n for n in differing(digests(plain), digests(state)) if not n.startswith("localities.")] == []
        for name in ("size", "count", "loyal", "attraction", "risk"):
            assert np.array_equal(getattr(plain.world.localities, name), getattr(state.world.localities, name))
        one, two = plain.recorder.by_locality(plain.config), state.recorder.by_locality(other)
        assert list(two["locality"].cat.categories) == list(other.places.localities) == list(two["locality"][:9])
        by = ["date", "locality"]
        one, two = (frame.astype({"locality": str}).sort_values(by, ignore_index=True) for frame in (one, two))
        pd.testing.assert_frame_equal(one, two, check_exact=True)
        days, their = plain.recorder.national(plain.config), state.recorder.national(other)
        assert recorder.summary(days, one, plain.config) == recorder.summary(their, two, other)
        assert outcome.verdict(plain.world.nation, plain.config) == outcome.verdict(state.world.nation, other)


def test_columns_stand_in_the_order_of_the_file():
    data = country_data()
    data["people"]["ages"] = dict(reversed(data["people"]["ages"].items()))
    config = type(country()).model_validate(data)
    columns = list(live_through(config, days=1).recorder.national(config).columns)
    asked = [name for name in columns if name.startswith("attending_age_")]
    assert asked == [f"attending_age_{name}" for name in data["people"]["ages"]]


def quiet(places: dict[str, Any], changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """A country in which, on its first day, nothing that others do reaches anybody: what differs is luck."""
    population = sum(place["population"] for place in places.values())
    return {
        "places.localities": places, "places.population": population, "mechanisms": {"repression": False},
        "people.motive.threshold_mean": 1.0, "events": {}, "economy.strike.strike_fear": 0.0,
    } | (changes or {})  # fmt: skip


def first_day(changes: dict[str, Any], place: str) -> dict[str, np.ndarray]:
    """What the people, police and crowds of one place are and do on the first day."""
    config = country(changes)
    state = live_through(config, days=1)
    world, number = state.world, sorted(config.places.localities).index(place)
    first, size = int(world.localities.first[number]), int(world.localities.size[number])
    here = slice(first, first + size)
    there = {name: getattr(world.citizens, name)[here] for name in ("threshold", "class_", "camp", "role", "attending")}
    mine = world.officers.locality == number
    there |= {f"officers.{name}": getattr(world.officers, name)[mine] for name in ("former_loyalty", "loyalty")}
    return there | {"workplaces": world.workplaces.size[world.workplaces.locality == number]}


def unlike(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> list[str]:
    return [name for name in one if not np.array_equal(one[name], other[name])]


PLACES = DATA["places"]["localities"]
ALONE = {"police.forces.riot.persons": 0, "police.forces.army.persons": 0}
"""Police are handed out by shares of the whole country, so their number may move where a town is added."""


@pytest.mark.parametrize("place", ["Capital", "Hills"])
def test_another_name_for_a_locality_leaves_the_luck_of_others_alone(place: str):
    before = first_day(quiet(PLACES), place)
    for name in ("A first one", "Zuletzt"):
        after = first_day(quiet({name if old == "Port" else old: item for old, item in PLACES.items()}), place)
        assert unlike(before, after) == []
    own = first_day(quiet({"Zuletzt" if old == place else old: item for old, item in PLACES.items()}), "Zuletzt")
    assert {"threshold", "role", "officers.loyalty"} <= set(unlike(before, own)), "its own luck hangs on its name"


@pytest.mark.parametrize("place", ["Capital", "Hills"])
def test_one_more_locality_leaves_the_luck_of_others_alone(place: str):
    before = first_day(quiet(PLACES, ALONE), place)
    for name in ("A first one", "Zuletzt"):
        assert unlike(before, first_day(quiet({**PLACES, name: PLACES["Hills"]}, ALONE), place)) == []


def test_all_forms_of_a_name_in_unicode_draw_alike():
    one, other = (
        first_day(quiet({form if old == "Port" else old: item for old, item in PLACES.items()}), "Hills")
        for form in ("Pórt", unicodedata.normalize("NFD", "Pórt"))
    )
    assert unlike(one, other) == []
    assert names.key("locality", "Pórt") == names.key("locality", unicodedata.normalize("NFD", "Pórt"))
    assert names.key("locality", "Pórt") != names.key("class", "Pórt")


@pytest.mark.parametrize("section", ["people.classes", "people.camps", "police.forces", "elites.kinds"])
def test_one_more_name_of_no_weight_leaves_the_luck_of_others_alone(section: str):
    """A class or camp without people, a force without officers, a kind of elite without members."""
    parent, _, last = section.partition(".")
    first_one = next(iter(DATA[parent][last].values()))
    none = {"classes": {"share": 0.0}, "camps": {"shares": {"young": 0.0, "old": 0.0}}, "forces": {"persons": 0}}
    weightless = first_one | none.get(last, {"share": 0.0})
    for name in ("a_first_one", "zuletzt"):
        more = live_through(country({section: {**DATA[parent][last], name: weightless}}), days=DAYS)
        plain = live_through(country(), days=DAYS)
        days, others = plain.recorder.national(plain.config), more.recorder.national(more.config)
        pd.testing.assert_frame_equal(days, others[days.columns], check_exact=True)


def test_order_of_events_changes_nothing(lived: State):
    backward = dict(reversed(DATA["events"].items()))
    assert differing(digests(lived), digests(live_through(country({"events": backward}), days=DAYS))) == []


def test_order_of_sections_of_small_things_changes_nothing(lived: State):
    backward = dict(reversed(DATA["movement"]["organisations"].items()))
    config = country({"movement.organisations": backward})
    assert differing(digests(lived), digests(live_through(config, days=DAYS))) == []


FELT_AT_ONCE = {
    "trigger": "anger", "shutdown": "online_share", "called_action": "attending", "strike_wave": "striking",
    "hub_prosecuted": "hub_reach", "hub_push": "hub_reach", "alert": "aggression", "aggression": "aggression",
    "patron_support": "patron", "patron_transfer": "treasury", "epidemic": "arrears", "pause": "attending",
    "concession": "concession", "amnesty": "released_today", "conscription": "anger", "findings": "findings",
    "prison_threat": "fear",
}  # fmt: skip
"""Effects of events, each with a column in which it shows on its first day; in those of others it need not."""


NOT_AT_ITS_END = {
    "information.turnout_high": 0.6, "police.detention.held_days": 15.0, "police.detention.prison_share": 0.1,
    "regime.ruler.crackdown": 0.2, "events.fraud.effects.vote": 0.0,
}  # fmt: skip
"""With these nothing that a lever pushes is at its end by day 8, and there are prisoners whom an amnesty can free."""


@pytest.mark.parametrize("lever", LEVERS)
def test_an_event_changes_nothing_before_its_day_and_something_from_then_on(lever: str):
    """Common random numbers: the two runs are the same to the bit until the day of the event.

    The one thing known a day ahead is a call to come out, to which the regime's cut of the internet answers
    in the evening before.
    """
    added = {"title": "one more", "date": day(8), "until": day(12), "effects": {lever: 1.0}}
    config = country({"events": DATA["events"] | {"one_more": added}, **NOT_AT_ITS_END})
    lived, other = live_through(country(NOT_AT_ITS_END), days=DAYS), live_through(config, days=DAYS)
    before, after = lived.recorder.national(lived.config), other.recorder.national(config)
    first = before["date"] == pd.Timestamp(START) + pd.Timedelta(days=8)
    known_before = ["policy_shutdown"] if lever == "called_action" else []
    early = before["date"] < pd.Timestamp(START) + pd.Timedelta(days=8)
    pd.testing.assert_frame_equal(
        before[early].drop(columns=known_before), after[early].drop(columns=known_before), check_exact=True
    )
    assert differing(digests(lived), digests(other)) != []
    column = FELT_AT_ONCE.get(lever, "")
    if column:
        assert float(before[first][column].iloc[0]) != float(after[first][column].iloc[0])


def test_an_example_changes_nothing_before_its_day():
    example = {"title": "one more", "date": day(8), "effects": {"examples": {"picket": 1.0}}}
    one = live_through(country(), days=DAYS)
    other = live_through(country({"events": DATA["events"] | {"one_more": example}}), days=DAYS)
    days, more = one.recorder.national(one.config), other.recorder.national(other.config)
    pd.testing.assert_frame_equal(days.iloc[:8], more.iloc[:8], check_exact=True)
    assert not np.array_equal(one.world.localities.attraction, other.world.localities.attraction)


def test_what_is_felt_at_once_are_levers_of_the_schema():
    assert set(FELT_AT_ONCE) <= set(LEVERS)
