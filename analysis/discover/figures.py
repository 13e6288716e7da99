"""Pictures of scenario discovery: the way of the search, the ranges, the two strongest parameters, stability."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator, PercentFormatter
from numpy.typing import NDArray

from analysis.discover.find import Box, Discovery
from analysis.discover.prim import Found, Restriction
from analysis.discover.stability import Stability
from analysis.discover.words import limits_of, p_text, strongest, value_text, wanted
from analysis.report.figures.style import new_figure, shorten
from analysis.sensitivity.material import Parameter, as_text
from analysis.sensitivity.methods import unit_interval
from sim.figures.plot import BLUE, GREY, INK, ORANGE, VERMILION, styled

LONGEST_NAME = 44
MOST_ROWS = 20
SHADES = LinearSegmentedColormap.from_list("shades", ["#DCE6EC", "#8FBFDD", BLUE, "#003A5C"])


def draw_trajectory(found: Found) -> Figure:
    """Draw coverage against density of every box on the way; the chosen one is ringed."""
    table = found.trajectory
    with styled():
        figure = new_figure(4.2)
        axis = figure.subplots()
        axis.plot(table["coverage"], table["density"], color=GREY, linewidth=0.7, zorder=1)
        most = max(1, int(table["restricted"].max()))
        dots = axis.scatter(
            table["coverage"], table["density"], c=table["restricted"], cmap=SHADES, vmin=0, vmax=most, s=36, zorder=2,
            edgecolors="white", linewidths=0.5,
        )  # fmt: skip
        x, y = table["coverage"].iloc[found.number], table["density"].iloc[found.number]
        axis.plot(x, y, "o", markersize=13, markerfacecolor="none", markeredgecolor=VERMILION, markeredgewidth=1.8)
        axis.annotate(
            f"box {found.number}", (x, y), xytext=(-11, -11), textcoords="offset points", ha="right", va="top",
            color=VERMILION, fontweight="bold", fontsize=9,
        )  # fmt: skip
        axis.set_xlabel("coverage: share of all cases that are inside")
        axis.set_ylabel("density: share of points\ninside that are cases")
        axis.set_xlim(-0.03, 1.04)
        axis.set_ylim(-0.03, 1.06)
        axis.grid(True, axis="both")
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        bar = figure.colorbar(dots, ax=axis, pad=0.02, aspect=30)
        bar.set_label("parameters restricted")
        bar.locator = MaxNLocator(integer=True, nbins=min(most, 8))
        bar.update_ticks()
        bar.outline.set_visible(False)
        return figure


def draw_ranges(box: Box) -> Figure:
    """Draw the restricted parameters: the range that was studied, and the part of it inside the box."""
    with styled():
        figure = new_figure(0.5 + 0.62 * len(box.restrictions))
        axis = figure.subplots()
        for place, one in enumerate(box.restrictions):
            if one.parameter.kind == "number":
                _range(axis, one, place)
            else:
                _choices(axis, one, place)
        names = []
        for one in box.restrictions:
            unit = f"\n[{shorten(one.parameter.unit, 30)}]" if one.parameter.unit else ""
            names.append(_folded(one.parameter.label) + unit)
        axis.set_yticks(range(len(names)), names)
        axis.set_ylim(len(names) - 0.45, -0.7)
        axis.set_xlim(-0.02, 1.02)
        axis.tick_params(axis="y", length=0)
        axis.xaxis.set_visible(False)
        axis.grid(False)
        axis.spines[:].set_visible(False)
        return figure


def _range(axis: Axes, one: Restriction, place: int) -> None:
    parameter = one.parameter
    lowest, highest = parameter.low or 0.0, parameter.high if parameter.high is not None else 1.0
    low, high = limits_of(one)
    ends = np.array([lowest if low is None else low, highest if high is None else high])
    left, right = unit_interval(parameter, ends).clip(0, 1)
    axis.barh(place, 1, height=0.2, color="#E3E7EA", linewidth=0)
    axis.barh(place, max(right - left, 0.004), left=left, height=0.2, color=BLUE, linewidth=0)
    small = {"fontsize": 8, "va": "center", "color": GREY}
    axis.text(0, place + 0.26, value_text(lowest, parameter), ha="left", **small)  # type: ignore[arg-type]
    axis.text(1, place + 0.26, value_text(highest, parameter), ha="right", **small)  # type: ignore[arg-type]
    for limit, at, p, ha in ((low, left, one.p_low, "left"), (high, right, one.p_high, "right")):
        if limit is not None:
            # A limit near the other edge would run out of the picture.
            side = "right" if ha == "left" and at > 0.75 else "left" if ha == "right" and at < 0.25 else ha
            text = f"{value_text(limit, parameter)}  (p {p_text(p)})"
            axis.text(at, place - 0.27, text, ha=side, va="center", fontsize=9, color=INK, fontweight="bold")


def _choices(axis: Axes, one: Restriction, place: int) -> None:
    """Draw the values of a switch or a category side by side; those inside the box are blue."""
    values = one.parameter.values
    kept = one.kept or (wanted(one),)
    width = 1 / len(values)
    for number, value in enumerate(values):
        inside = value in kept
        colour = BLUE if inside else "#E3E7EA"
        axis.barh(place, width - 0.01, left=number * width + 0.005, height=0.3, color=colour, linewidth=0)
        axis.text(
            (number + 0.5) * width, place, shorten(value, max(6, int(60 * width))), ha="center", va="center",
            fontsize=8.5, color="white" if inside else INK,
        )  # fmt: skip
    axis.text(
        0.5, place - 0.27, f"(p {p_text(one.p)})", ha="center", va="center", fontsize=9, color=INK, fontweight="bold"
    )


def draw_scatter(result: Discovery, box: Box) -> Figure:
    """Draw all points over the two most restricted parameters, the box as a frame.

    With one restricted parameter: that parameter against the share of runs in which it happens.
    """
    first, *others = strongest(box)
    with styled():
        figure = new_figure(4.6)
        axis = figure.subplots()
        x = _positions(result, first.parameter, 1)
        left, right = _edges(axis, first, across=True)
        if not others:
            axis.axvspan(left, right, color=ORANGE, alpha=0.15, linewidth=0)
            axis.scatter(x, result.shares, s=18, color=BLUE, alpha=0.7, linewidths=0)
            axis.set_ylabel("share of the point’s runs")
            axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
            return figure
        second = others[0]
        y = _positions(result, second.parameter, 2)
        bottom, top = _edges(axis, second, across=False)
        _dots(figure, axis, x, y, result.shares)
        axis.add_patch(
            Rectangle(
                (left, bottom), right - left, top - bottom, fill=False, edgecolor=VERMILION, linewidth=2, zorder=3
            )
        )
        return figure


def _dots(
    figure: Figure, axis: Axes, x: NDArray[np.float64], y: NDArray[np.float64], shares: NDArray[np.float64]
) -> None:
    """Draw the points, darker where it happens in more of their runs; two kinds if it is all or nothing."""
    if set(np.unique(shares)) <= {0.0, 1.0}:
        for happens, colour, words in ((0.0, "#DCE6EC", "it does not happen"), (1.0, "#003A5C", "it happens")):
            chosen = shares == happens
            axis.scatter(x[chosen], y[chosen], s=24, color=colour, edgecolors=GREY, linewidths=0.3, label=words)
        figure.legend(*axis.get_legend_handles_labels(), loc="outside upper left", ncols=2)
        return
    order = np.argsort(shares, kind="stable")
    dots = axis.scatter(
        x[order], y[order], c=shares[order], cmap=SHADES, vmin=0, vmax=1, s=24, edgecolors=GREY, linewidths=0.3
    )
    bar = figure.colorbar(dots, ax=axis, pad=0.02, aspect=30, format=PercentFormatter(1, decimals=0))
    bar.set_label("share of the point’s runs")
    bar.outline.set_visible(False)


def _positions(result: Discovery, parameter: Parameter, stream: int) -> NDArray[np.float64]:
    """Return where points stand along an axis; switches, categories and few whole numbers spread a little."""
    column = result.study.points[parameter.path]
    if parameter.kind == "category":
        column = as_text(column).map({value: at for at, value in enumerate(parameter.values)})
    places = np.asarray(column, dtype=np.float64)
    if parameter.kind == "number" and len(np.unique(places)) > 12:
        return places
    step = 1.0 if parameter.kind != "number" else float(np.diff(np.unique(places)).min())
    return places + step * np.random.default_rng(stream).uniform(-0.25, 0.25, len(places))


def _edges(axis: Axes, one: Restriction, across: bool) -> tuple[float, float]:
    """Set up an axis for a parameter; return the edges of the box along it."""
    parameter = one.parameter
    side = axis.xaxis if across else axis.yaxis
    limit = axis.set_xlim if across else axis.set_ylim
    unit = f" [{parameter.unit}]" if parameter.unit else ""
    (axis.set_xlabel if across else axis.set_ylabel)(_folded(f"{parameter.label}{unit}", 64 if across else 48))
    if parameter.kind != "number":
        side.set_ticks(range(len(parameter.values)), [shorten(value, 16) for value in parameter.values])
        limit(-0.6, len(parameter.values) - 0.4)
        kept = one.kept or (wanted(one),)
        inside = [at for at, value in enumerate(parameter.values) if value in kept]
        return min(inside) - 0.4, max(inside) + 0.4
    lowest, highest = parameter.low or 0.0, parameter.high if parameter.high is not None else 1.0
    if parameter.scale == "log":
        (axis.set_xscale if across else axis.set_yscale)("log")
        margin = (highest / lowest) ** 0.03
        limit(lowest / margin, highest * margin)
        side.set_major_locator(LogLocator(subs=(1, 2, 5)))
        side.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.12g}"))
        side.set_minor_locator(NullLocator())
    else:
        limit(lowest - 0.03 * (highest - lowest), highest + 0.03 * (highest - lowest))
    return (lowest if one.low is None else one.low), (highest if one.high is None else one.high)


def _folded(name: str, width: int = LONGEST_NAME) -> str:
    return "\n".join(textwrap.wrap(shorten(name, 2 * width), width, break_long_words=False))


def draw_stability(found: Stability, called: Mapping[str, str]) -> Figure:
    """Draw how often each parameter is restricted in resampled points; `called` names them by key path."""
    table = found.table.sort_values("restricted", ascending=False, kind="stable").head(MOST_ROWS)
    with styled():
        figure = new_figure(0.7 + 0.32 * len(table))
        axis = figure.subplots()
        places = np.arange(len(table))
        axis.barh(places, table["restricted"], height=0.62, color=BLUE, linewidth=0)
        axis.set_yticks(places, [_folded(called[str(name)]) for name in table["parameter"]], fontsize=8)
        axis.set_ylim(len(table) - 0.5, -0.5)
        axis.set_xlim(0, 1)
        axis.tick_params(axis="y", length=0)
        axis.grid(True, axis="x")
        axis.grid(False, axis="y")
        axis.spines["left"].set_visible(False)
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axis.set_xlabel(f"share of {found.resamples} resamples in which it is restricted")
        return figure
