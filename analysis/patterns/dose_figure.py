"""The picture of a dose: a measure over the number that a design varies most, a line for each setting of the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import new_figure, readable
from analysis.patterns.put import CheckResult, PatternResult
from analysis.patterns.runs import Difference, Interaction, measured_everywhere
from analysis.stats.intervals import Floats, half_width
from sim.figures.plot import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, thousands
from sim.measures.labels import words
from sim.measures.language import parse

LINES = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, GREY)
FEWEST_DOSES = 3
SETTING = ": "
"""Points that are called ``setting: dose`` are joined to a line for each setting."""


def doses(result: PatternResult, check: CheckResult) -> tuple[Figure, str] | None:
    """Draw the measure of a check over the dose; None if the design has no number with three values or more."""
    options = check.asked.options
    assert isinstance(options, Difference | Interaction)
    points = result.data.points
    numbers = [name for name in points.columns if "." in name and pd.api.types.is_numeric_dtype(points[name])]
    dose = max(numbers, key=lambda name: points[name].nunique(), default=None)
    if dose is None or points[dose].nunique() < FEWEST_DOSES:
        return None
    values = measured_everywhere(result.data, options.measure)
    figure = new_figure(3.2)
    axis = figure.add_subplot()
    settings = points["label"].str.rpartition(SETTING)[0]
    for place, (setting, rows) in enumerate(points.groupby(settings, sort=False)):
        in_order = rows.sort_values(dose)
        of_points = [
            values[point].to_numpy(dtype=np.float64) for point in in_order["point"].tolist() if point in values
        ]
        _line(axis, in_order[dose].to_numpy(dtype=np.float64)[: len(of_points)], of_points, place, str(setting))
    axis.set_xlabel(readable(dose))
    axis.set_ylim(bottom=0.0)
    thousands(axis)
    if settings.nunique() > 1:
        figure.legend(loc="outside upper left", ncols=3)
    said = words(parse(options.measure))
    return figure, f"{said[:1].upper()}{said[1:]}: the mean of the runs at each point and its 95% interval (Student)."


def _line(axis: Axes, x: Floats, of_points: list[Floats], place: int, label: str) -> None:
    middle = np.array([values.mean() for values in of_points])
    half = np.array([half_width(values) for values in of_points])
    colour = LINES[place % len(LINES)]
    axis.fill_between(x, middle - half, middle + half, color=colour, alpha=0.2, linewidth=0)
    axis.plot(x, middle, marker="o", markersize=4, color=colour, label=label or None)
