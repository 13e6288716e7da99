"""Pictures of a study: how its points ended, and their numbers."""

from __future__ import annotations

from textwrap import wrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from analysis.report.figures.style import CATEGORIES, new_figure
from analysis.sweep.results import MOST_ROWS, quoted, runs_of_points
from sim.core.formats import readable
from sim.figures.plot import BLUE, GREY, INK, PALE, styled
from sim.models.results import Result
from sim.study.called import paths_called, rows_called, value_called
from sim.study.read import StudyData

ROW_HEIGHT = 0.24  # inches
LONGEST_LINE = 36
MOST_LINES = 3
PANELS_A_ROW = 3
BINS = 12


def outcomes(data: StudyData) -> Figure:
    """Draw the share of each outcome at each point; for many points, over all of them together."""
    runs = data.runs
    names = runs["outcome"].value_counts().index
    many = len(data.points) > MOST_ROWS
    groups = [runs] if many else [part for _, part in runs_of_points(data)]
    called = _wrapped(["all points"] if many else rows_called(data))
    with styled():
        figure = new_figure(0.9 + _height(called))
        axes = figure.add_subplot()
        left = np.zeros(len(groups))
        for name, colour in zip(names, CATEGORIES, strict=False):
            shares = np.array([float((part["outcome"] == name).mean()) if len(part) else 0.0 for part in groups])
            axes.barh(
                range(len(groups)), 100 * shares, left=100 * left, color=colour, height=0.7, label=readable(str(name))
            )
            left += shares
        _rows(axes, called)
        axes.set_xlim(0, 100)
        axes.set_xlabel("share of runs, per cent")
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=min(len(names), 4), borderaxespad=0.2)
    return figure


def numbers(data: StudyData) -> Figure:
    """Draw the median, the middle half and 90% of the runs of each point, a panel a number."""
    names = quoted(data)
    groups, called = runs_of_points(data), _wrapped(rows_called(data))
    with styled():
        figure = new_figure(0.8 + _height(called))
        panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
        for axes, name in zip(panels, names, strict=True):
            for row, (_, part) in enumerate(groups):
                if len(part):
                    low, lower, middle, upper, high = part[name].quantile([0.05, 0.25, 0.5, 0.75, 0.95])
                    axes.plot([low, high], [row, row], color=GREY, linewidth=1.2, zorder=2)
                    axes.plot([lower, upper], [row, row], color=BLUE, linewidth=3.5, solid_capstyle="butt", zorder=3)
                    axes.plot([middle], [row], "o", color=INK, markersize=4, zorder=4)
            _rows(axes, called)
            _number_axis(axes, data.numbers.of(name))
    return figure


def along_parameters(data: StudyData, name: str) -> Figure:
    """Draw a number of the summary against each parameter: a dot a point of the design, and the running median."""
    paths = list(data.manifest["design"]["ranges"])
    called = paths_called(data)
    means = data.runs.groupby("point")[[name, *paths]].mean()
    rows = -(-len(paths) // PANELS_A_ROW)
    with styled():
        figure = new_figure(0.3 + 2.1 * rows)
        panels = figure.subplots(rows, min(PANELS_A_ROW, len(paths)), sharey=True, squeeze=False)
        for axes, path in zip(panels.flat, paths, strict=False):
            axes.plot(means[path], means[name], ".", color=BLUE, markersize=3, alpha=0.45, rasterized=True)
            axes.plot(*_running_median(means[path], means[name]), color=INK, linewidth=1.8)
            if data.manifest["design"]["ranges"][path]["scale"] == "log":
                axes.set_xscale("log")
                axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: value_called(value)))
                axes.xaxis.set_minor_formatter(NullFormatter())
            axes.set_xlabel("\n".join(wrap(called[path], 34)), fontsize=8)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: data.numbers.of(name).text(value)))
        for axes in list(panels.flat)[len(paths) :]:
            axes.set_visible(False)
        for axes in panels[:, 0]:
            axes.set_ylabel(data.numbers.of(name).brief)
    return figure


def _wrapped(names: list[str]) -> list[str]:
    """Return names of rows in lines that leave room for the picture."""
    return ["\n".join(wrap(name, LONGEST_LINE, max_lines=MOST_LINES, placeholder=" …")) for name in names]


def _height(names: list[str]) -> float:
    """Return the height of so many rows in inches: all as high as the one with most lines."""
    return ROW_HEIGHT * len(names) * (1 + 0.6 * max(name.count("\n") for name in names))


def _rows(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x", color=PALE)
    axes.tick_params(axis="y", length=0)


def _number_axis(axes: Axes, one: Result) -> None:
    axes.set_xlabel(one.brief)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _compact(one, value)))
    axes.locator_params(axis="x", nbins=3)


def _compact(one: Result, value: float) -> str:
    """A tick's label, short enough for a narrow panel."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{letter}"
    return one.text(value)


def _running_median(x: pd.Series, y: pd.Series) -> tuple[list[float], list[float]]:
    """Medians of both over bins that hold equally many points."""
    order = np.argsort(x.to_numpy(), kind="stable")
    parts = [part for part in np.array_split(order, min(BINS, max(1, len(order) // 5))) if part.size]
    return [float(x.iloc[part].median()) for part in parts], [float(y.iloc[part].median()) for part in parts]
