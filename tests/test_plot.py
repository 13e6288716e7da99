"""The overview of a run, and how numbers and labels are written in pictures."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from picture_runs import attendance, mobilisation_run, threshold_run

from analysis.report.figures.table import draw_lines
from sim import simulate
from sim.core.formats import number, share
from sim.figures.overview import overview
from sim.figures.plot import label_ends, spread, time_axis


def test_the_overview_has_four_panels_and_the_title() -> None:
    figure = overview(mobilisation_run().days, "A case")
    titles = [axis.get_title(loc="left") for axis in figure.axes if axis.get_title(loc="left")]
    assert titles == [
        "Turnout and detentions a day",
        "Who acts",
        "Police who no longer obey",
        "Elites who support the regime",
    ]
    assert figure.get_suptitle() == "A case"
    assert figure.axes[0].lines[0].get_ydata().tolist() == attendance().tolist()


def test_the_overview_of_another_model_draws_its_numbers() -> None:
    figure = overview(threshold_run().days, "Thresholds")
    assert len(figure.axes) == 1
    assert figure.axes[0].lines[0].get_ydata().tolist() == [1, 2, 4, 8, 16, 100]


def test_persons_and_shares_of_another_model_stand_on_axes_of_their_own() -> None:
    run = simulate("granovetter-1978", seed=1)
    figure = run.plot()
    by_axis = {axis.get_ylabel(): [line.get_label() for line in axis.lines] for axis in figure.axes}
    assert len(by_axis) == len(figure.axes) > 1
    shares = {one.brief for one in run.declared.columns if one.is_fraction}
    assert set(by_axis["share"]) <= shares
    assert not shares & {label for unit, labels in by_axis.items() if unit != "share" for label in labels}
    drawn = draw_lines(run)
    assert {axis.get_ylabel() for axis in drawn.axes} == set(by_axis)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0%"),
        (0.00123, "0.12%"),
        (0.034, "3.4%"),
        (0.03, "3%"),
        (0.256, "26%"),
        (0.995, "99.5%"),
        (1, "100%"),
    ],
)
def test_shares_have_the_digits_they_deserve(value: float, words: str) -> None:
    assert share(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (250_000, "250,000"), (12.5, "12.5"), (0.042, "0.042"), (1234.6, "1,235")]
)
def test_numbers_are_written_for_people(value: float, words: str) -> None:
    assert number(value) == words


def test_labels_move_apart_and_stay_in_order() -> None:
    placed = spread([0.0, 0.01, 0.02, 0.9], 0.1, 0.0, 1.0)
    assert placed == sorted(placed)
    assert np.diff(placed).min() >= 0.0999
    assert placed[0] >= 0.0
    assert spread([0.2, 0.8], 0.1, 0.0, 1.0) == [0.2, 0.8]


@pytest.mark.parametrize("days", [1, 5, 20, 60, 140, 365, 480, 900, 2000])
@pytest.mark.parametrize("most", [3, 7])
def test_a_time_axis_of_any_length_is_drawn_without_a_warning(days: int, most: int) -> None:
    dates = pd.Series(pd.date_range("2011-03-08", periods=days))
    axis = Figure(figsize=(2, 2)).add_subplot()
    time_axis(axis, dates, most)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ticks = axis.get_xticks()
    assert len(ticks) <= max(most, days if days <= most else most) + 1


def test_a_small_axis_over_two_months_has_no_more_marks_than_it_may_and_days_without_a_leading_zero() -> None:
    dates = pd.Series(pd.date_range("2022-02-17", "2022-04-17"))
    small, large = (Figure(figsize=(size, 2)).add_subplot() for size in (1.5, 7))
    time_axis(small, dates, most=3)
    time_axis(large, dates)
    assert len(small.get_xticks()) <= 3
    large.figure.draw_without_rendering()
    assert [tick.get_text() for tick in large.get_xticklabels()] == ["1 Mar", "15 Mar", "1 Apr", "15 Apr"]


def test_names_of_lines_stand_right_of_the_axes_where_no_axis_runs_through_them() -> None:
    axis = Figure().add_subplot()
    axis.set_xlim(0, 10)
    label_ends(axis, [(0.0, "at the bottom", "black")])
    axis.figure.draw_without_rendering()
    (name,) = axis.texts
    assert name.get_window_extent().x0 > axis.get_window_extent().x1


def test_bands_that_have_run_out_are_named_in_the_order_of_their_stack() -> None:
    axis = Figure().add_subplot()
    label_ends(axis, [(0.0, "march", "black"), (0.0, "chain", "black"), (0.5, "picket", "black")])
    assert [name.get_text() for name in sorted(axis.texts, key=lambda name: name.xy[1])] == ["march", "chain", "picket"]
