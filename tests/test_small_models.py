"""The page, the movie and the description of every model without a calendar, with no case of its own for any."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import sim
from analysis.describe.odd import document
from sim.mesa.model import ProtestModel
from sim.mesa.sliders import choices_of, differences, overrides_of, sliders
from sim.models.interface import declared
from sim.page.chart_choice import possible
from sim.page.images import picture
from sim.page.movie import Look, write_movie
from sim.run.load import derive, load

SMALL = {
    "granovetter-1978": {"population.persons": 60},
    "watts-2002-mixed-thresholds": {"population.persons": 300},
    "kuran-1991": {},
    "siegel-2009-village": {"population.persons": 100},
    "steinert-threlkeld-2021-clustered": {"population.persons": 120, "repression.rate": 0.2},
    "chenoweth-hocking-marks-2022-weakest": {"time.steps": 15},
    "moro-2016-anarchy": {"time.steps": 15},
}
CASES = pytest.mark.parametrize("name", list(SMALL))


def lived(name: str) -> ProtestModel:
    model = ProtestModel(name, seed=2, overrides=SMALL[name])
    while model.running:
        model.step()
    return model


@CASES
def test_the_page_sees_the_same_run(name: str):
    model = lived(name)
    run = sim.simulate(name, seed=2, overrides=SMALL[name])
    pd.testing.assert_frame_equal(model.run().days, run.days, check_exact=True)
    assert model.outcome == run.outcome
    columns = [column for column in run.days.columns if column != "step"]
    series = model.history.series(*columns)
    for column in columns:
        assert series[column].tolist() == run.days[column].tolist()


@CASES
def test_every_day_is_drawn_and_who_acts_can_be_counted(name: str):
    model = lived(name)
    for frame in (model.history[0], model.frame):
        image = Image.open(io.BytesIO(picture(frame, None, width=400, scale=1)))
        assert len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)) > 5
        if frame.crowd is not None:
            assert (frame.crowd.standing == 2).sum() == frame.national["active"]
            assert (np.diff(frame.crowd.thresholds) >= 0).all()


@CASES
def test_every_number_has_a_chart(name: str):
    run = sim.simulate(name, seed=2, overrides=SMALL[name])
    series = {column: run.days[column].to_numpy() for column in run.days.columns}
    needed = {need for chart in possible(series, declared(run.scenario).columns) for need in chart.needs}
    assert needed >= set(series) - {"step"}


@CASES
def test_sliders_come_from_the_schema(name: str):
    loaded = load(name, SMALL[name])
    found = sliders(loaded)
    assert found
    fixed = {"persons"} if name == "kuran-1991" else set()  # whose thresholds are written out, one a person
    assert {slider.name for slider in found} == set(choices_of(loaded)) - fixed
    for slider in found:
        assert slider.low <= slider.default <= slider.high, slider.name
        assert slider.label
        assert slider.unit
        assert "Source: " in slider.help or slider.name == "shift"  # which the scenario leaves at the schema's 0
        assert overrides_of(loaded, {slider.name: slider.default}) == {}
        moved = overrides_of(loaded, {slider.name: slider.low if slider.default > slider.low else slider.high})
        assert set(moved) == set(slider.paths)


def test_sliders_of_a_named_part_say_its_name():
    """Two changes of thresholds would have sliders with one and the same label."""
    changes = {"changes.all": {"step": 9, "shift": -5.0}}
    labels = [slider.label for slider in sliders(load("kuran-1991", changes))]
    assert "second person: the new threshold" in labels
    assert "second person: first step in which it counts" in labels
    assert "all: first step in which it counts" in labels
    assert len(set(labels)) == len(labels)


def test_a_slider_moves_its_number():
    loaded = load("watts-2002")
    changed = derive(loaded, overrides_of(loaded, {"mean_degree": 2.5}))
    assert [path for path, *_ in differences(loaded, changed)] == ["network.mean_degree"]


@CASES
def test_a_movie_of_it_can_be_made(name: str, tmp_path: Path):
    path = write_movie(name, tmp_path / "m.gif", seed=2, overrides=SMALL[name], look=Look(width=300, fps=10))
    with Image.open(path) as movie:
        assert getattr(movie, "n_frames", 1) >= 2


@CASES
def test_it_is_described(name: str):
    text = document(name)
    assert "## Parameters" in text
    assert "## Outcomes" in text


def test_removed_persons_are_drawn_apart():
    model = lived("steinert-threlkeld-2021-clustered")
    assert model.frame.crowd is not None
    assert (model.frame.crowd.standing == 3).sum() == model.frame.national["removed"]
