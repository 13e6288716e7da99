"""The story agrees with the daily table, and is the same whether it is told day by day or afterwards."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest
from tiny_country import DATA, country_file, day

from sim.core.formats import number
from sim.mesa.frames import Frame, Record
from sim.mesa.levers import Pull
from sim.mesa.model import ProtestModel
from sim.page.story import Teller, event_markers, plain, sentences, turning_points
from sim.page.turning import NOTICED


def finished(model: ProtestModel) -> ProtestModel:
    while model.running:
        model.step()
    return model


@pytest.fixture(scope="module")
def belarus() -> ProtestModel:
    return finished(ProtestModel("belarus-2020", 1, persons_per_agent=500))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ProtestModel:
    """A country whose state runs out of money."""
    return finished(
        ProtestModel(country_file(tmp_path_factory.mktemp("country")), 1, overrides={"economy.revenue": 0.8})
    )


@pytest.fixture(params=["belarus", "tiny"])
def model(request: pytest.FixtureRequest) -> ProtestModel:
    found: ProtestModel = request.getfixturevalue(request.param)
    return found


def test_every_day_has_a_sentence(model: ProtestModel):
    told = sentences(model.history, model.config)
    assert [line[0] for line in told] == list(range(1, model.day + 1))
    assert [line[1] for line in told] == [frame.date for frame in model.history]
    assert all(line[2].endswith(".") and line[2] == " ".join(line[2].split()) for line in told)


def test_the_past_is_told_the_same_whatever_comes_later(model: ProtestModel):
    whole = sentences(model.history, model.config)
    assert sentences(model.history[:20], model.config) == whole[:20]
    teller = Teller(model.config)
    assert [teller.line(frame) for frame in model.history] == whole


def test_turning_points_are_among_the_days_told(model: ProtestModel):
    whole = {line[0]: line[2] for line in sentences(model.history, model.config)}
    turned = turning_points(model.history, model.config)
    assert 0 < len(turned) < len(whole)
    assert all(whole[number_of_day].startswith(text) for number_of_day, _, text in turned)


def told_on(model: ProtestModel, words: str) -> list[int]:
    """Days on which something is told, from 0."""
    return [line[0] - 1 for line in sentences(model.history, model.config) if words in line[2]]


def test_the_largest_protest_so_far_is(model: ProtestModel):
    crowds = model.run().days["attending"].to_numpy()
    population = model.config.places.population
    records = [
        i for i, crowd in enumerate(crowds) if crowd >= NOTICED * population and crowd > max(crowds[:i], default=0)
    ]
    told = sorted(told_on(model, "Protest begins: ") + told_on(model, "The largest protest so far: "))
    assert told == records
    lines = sentences(model.history, model.config)
    assert all(f"{number(int(crowds[i]))} people (" in lines[i][2] for i in records)
    assert int(crowds.argmax()) in records


def test_the_largest_protest_in_days_counts_them_right():
    """Whether a run has such a day is luck; of four, one has."""
    found = 0
    for seed in range(1, 5):
        model = finished(ProtestModel("belarus-2020", persons_per_agent=1000, seed=seed))
        crowds = model.run().days["attending"].to_numpy()
        for i, line in enumerate(sentences(model.history, model.config)):
            match = re.search(r"The largest protest in (\d+) days", line[2])
            if match:
                ago = int(match[1])
                assert crowds[i - ago] >= crowds[i] > crowds[i - ago + 1 : i].max()
                found += 1
    assert found > 0


def test_where_the_protest_was(belarus: ProtestModel):
    places, told = belarus.run().localities, list(told_on(belarus, "The largest protest so far: "))
    assert told
    for i in told:
        line = sentences(belarus.history, belarus.config)[i]
        today = places[places["date"].dt.date == line[1]]
        top = today.loc[today["attending"].idxmax()]
        assert f"in {(today['attending'] > 0).sum()} localities" in line[2]
        assert f"{number(int(top['attending']))} of them in {top['locality']}" in line[2]


FIRSTS = {
    "First police defect": lambda days: days.filter(like="police_defected_").sum(axis=1) > 0,
    "First death": lambda days: days["killed_today"] > 0,
    "he state cannot pay": lambda days: days["arrears"] > 0,
    "elite's split becomes public": lambda days: days["elite_public"] <= 0.95,
}


@pytest.mark.parametrize("words", FIRSTS)
def test_what_is_told_as_the_first_is_the_first(model: ProtestModel, words: str):
    happened = np.flatnonzero(FIRSTS[words](model.run().days).to_numpy())
    assert told_on(model, words) == happened[:1].tolist()


def test_some_country_has_each_of_the_firsts(belarus: ProtestModel, tiny: ProtestModel):
    for words in FIRSTS:
        assert told_on(belarus, words) + told_on(tiny, words), words


def test_first_walk_outs_and_communities(model: ProtestModel):
    days = model.run().days
    out = np.flatnonzero(days["workplaces_out"].to_numpy() > 0)
    told = told_on(model, "First workplaces walk out") + told_on(model, "The first workplace walks out")
    assert told == out[:1].tolist() != []
    formed = np.flatnonzero(days["communities"].to_numpy() > 0)
    told = told_on(model, "local communities form.") + told_on(model, "The first local community forms")
    assert [i for i in told if i == formed[0]] == formed[:1].tolist()


def test_the_internet_goes_and_comes_back(belarus: ProtestModel):
    cut = belarus.run().days["shutdown"].to_numpy() >= 0.25
    before = np.concatenate([[False], cut[:-1]])
    assert told_on(belarus, "The internet is cut by") == np.flatnonzero(cut & ~before).tolist() == [8]
    assert told_on(belarus, "The internet is back") == np.flatnonzero(before & ~cut).tolist() == [11]


def test_events_are_told_on_their_day(belarus: ProtestModel):
    lines = {line[1]: line[2] for line in sentences(belarus.history, belarus.config)}
    for event in belarus.config.events.values():
        assert event.title in lines[event.date]


def test_the_last_day_says_how_it_ended_and_why(model: ProtestModel):
    last = sentences(model.history, model.config)[-1][2]
    assert model.outcome is not None
    assert model.outcome.name.replace("_", " ") in last
    assert all(reason in last for reason in model.outcome.reasons)
    assert told_on(model, "The end:") == [model.day - 1]


def test_a_day_without_turning_point_says_its_numbers(belarus: ProtestModel):
    frame = next(frame for frame in belarus.history if frame.date == dt.date(2020, 9, 10))
    row = belarus.run().days.iloc[frame.day - 1]
    said = plain(frame)
    assert said.startswith(f"Thursday: {number(int(row['attending']))} people in action in ")
    assert (f"{number(int(row['detained_today']))} detained" in said) == (row["detained_today"] > 0)


def test_a_day_on_which_nobody_came(belarus: ProtestModel):
    frame = belarus.history[0]
    row = dict(frame.national) | {"attending": 0}
    empty = dataclasses.replace(frame, national=Record(row))
    assert plain(empty) == "Saturday: nobody is in the streets."


def test_what_was_done_by_hand_is_told(tmp_path: Path):
    model = ProtestModel(country_file(tmp_path), 1, days=10)
    while model.running:
        if model.day == 4:
            model.set_lever("shutdown", 0.6)
        if model.day == 6:
            model.set_lever("shutdown", None)
        model.step()
    told = sentences(model.history, model.config, model.pulls)
    assert "By hand: internet cut, 60%." in told[4][2]
    assert "By hand: internet cut released." in told[6][2]
    assert "By hand" not in "".join(line[2] for line in sentences(model.history, model.config))


def test_markers_are_the_events_in_order(tiny: ProtestModel):
    markers = event_markers(tiny.config, [Pull("aggression", 9, 0.5)])
    assert len(markers) == len(DATA["events"]) + 1
    assert [marker[0] for marker in markers] == sorted(marker[0] for marker in markers)
    assert (day(9), day(9), "By hand: aggression ordered, 50%") in markers
    assert (day(2), day(4), "a shock") in markers


def test_a_threshold_model_is_told_by_its_numbers():
    model = finished(ProtestModel("granovetter-1978", 1, persons=20))
    told = sentences(model.history, model.config)
    assert told[4] == (5, None, "Active 5, share 0.25.")
    assert told[-1][2] == "The end: everybody: all 20 persons act."
    assert event_markers(model.config) == []


def test_frames_are_all_the_story_needs(belarus: ProtestModel):
    frames: list[Frame] = list(belarus.history)
    assert sentences(frames, belarus.config) == sentences(belarus.history, belarus.config)
