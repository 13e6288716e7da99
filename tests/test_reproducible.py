"""The same seed gives the same run, whatever else changes; and the tests notice when a draw does change."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tiny_country import DATA, START, country, country_data, country_file, day, differing, digests, live_through

import sim
from sim.models.mobilisation.engine import State, build, step
from sim.run.load import load
from sim.run.simulate import Running

DAYS = 15


@pytest.fixture(scope="module")
def lived() -> State:
    return live_through(country(), days=DAYS)


def renamed_places() -> dict[str, Any]:
    old = DATA["places"]["localities"]
    return {f"Place {number}": place for number, place in enumerate(old.values())}


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
    assert len(state.clock.ranges) == threads
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


def test_a_renamed_locality_changes_names_only(lived: State):
    changed = differing(
        digests(lived), digests(live_through(country({"places.localities": renamed_places()}), days=DAYS))
    )
    assert changed == ["localities.locality"]


def test_renamed_classes_camps_tactics_forces_change_names_only(lived: State):
    data = country_data()

    def renamed(section: dict[str, Any], key: str) -> dict[str, str]:
        new = {name: f"{name}_renamed" for name in section[key]}
        section[key] = {new[name]: value for name, value in section[key].items()}
        return new

    renamed(data["people"], "classes")
    camps = renamed(data["people"], "camps")
    renamed(data["police"], "forces")
    renamed(data["elites"], "kinds")
    tactics = renamed(data["movement"], "tactics")
    for body in data["movement"]["organisations"].values():
        body["camp"] = camps[body["camp"]]
    cooptation = data["movement"]["cooptation"]
    cooptation["camp"] = camps[cooptation["camp"]]
    for event in data["events"].values():
        examples = event["effects"].get("examples")
        if examples:
            event["effects"]["examples"] = {tactics[name]: value for name, value in examples.items()}
    config = type(country()).model_validate(data)
    changed = differing(digests(lived), digests(live_through(config, days=DAYS)))
    by_name = (
        "days.police_",
        "days.attending_class_",
        "days.striking_class_",
        "days.attending_tactic_",
        "days.attending_camp_",
    )
    assert [name for name in changed if not name.startswith(by_name)] == [
        "days.leading_tactic",
        "localities.leading_tactic",
    ]


def test_order_of_events_changes_nothing(lived: State):
    backward = dict(reversed(DATA["events"].items()))
    assert differing(digests(lived), digests(live_through(country({"events": backward}), days=DAYS))) == []


def test_order_of_sections_of_small_things_changes_nothing(lived: State):
    backward = dict(reversed(DATA["movement"]["organisations"].items()))
    config = country({"movement.organisations": backward})
    assert differing(digests(lived), digests(live_through(config, days=DAYS))) == []


FELT_AT_ONCE = {
    "trigger": "anger", "shutdown": "online_share", "called_action": "attending", "strike_wave": "striking",
    "leader_arrested": "", "hub_prosecuted": "hub_reach", "hub_push": "hub_reach", "sanctions": "",
    "alert": "aggression", "aggression": "aggression", "patron_support": "patron", "patron_transfer": "treasury",
    "epidemic": "arrears", "pause": "attending", "police_away": "", "cyberattack": "", "concession": "concession",
    "amnesty": "released_today", "war": "", "conscription": "anger", "legion_call": "", "findings": "findings",
    "prison_threat": "fear", "remittance_cut": "", "patron_forces": "",
}  # fmt: skip
"""Each effect of an event and a column in which it shows on its first day; where it need not, empty."""


@pytest.mark.parametrize("lever", FELT_AT_ONCE)
def test_an_event_changes_nothing_before_its_day_and_something_from_then_on(lever: str, lived: State):
    """Common random numbers: the two runs are the same to the bit until the day of the event.

    The one thing known a day ahead is a call to come out, to which the regime's cut of the internet answers
    in the evening before.
    """
    added = {"title": "one more", "date": day(8), "until": day(12), "effects": {lever: 1.0}}
    config = country({"events": DATA["events"] | {"one_more": added}})
    other = live_through(config, days=DAYS)
    before, after = lived.recorder.national(lived.config), other.recorder.national(config)
    first = before["date"] == pd.Timestamp(START) + pd.Timedelta(days=8)
    known_before = ["policy_shutdown"] if lever == "called_action" else []
    early = before["date"] < pd.Timestamp(START) + pd.Timedelta(days=8)
    pd.testing.assert_frame_equal(
        before[early].drop(columns=known_before), after[early].drop(columns=known_before), check_exact=True
    )
    assert differing(digests(lived), digests(other)) != []
    column = FELT_AT_ONCE[lever]
    if column:
        assert float(before[first][column].iloc[0]) != float(after[first][column].iloc[0])


def test_an_example_changes_nothing_before_its_day():
    example = {"title": "one more", "date": day(8), "effects": {"examples": {"picket": 1.0}}}
    one = live_through(country(), days=DAYS)
    other = live_through(country({"events": DATA["events"] | {"one_more": example}}), days=DAYS)
    days, more = one.recorder.national(one.config), other.recorder.national(other.config)
    pd.testing.assert_frame_equal(days.iloc[:8], more.iloc[:8], check_exact=True)
    assert not np.array_equal(one.world.localities.attraction, other.world.localities.attraction)


def test_every_lever_of_the_schema_is_tried():
    from sim.models.mobilisation.parameters import LEVERS

    assert set(FELT_AT_ONCE) == set(LEVERS)
