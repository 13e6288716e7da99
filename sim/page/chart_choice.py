"""Which charts a run has, drawn on their axes, alone or beside another run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.models.mobilisation.results import column as declared
from sim.models.results import Result, capital
from sim.page.chart_parts import (
    MANY,
    PURPLE,
    Chart,
    Drawing,
    Drawn,
    Series,
    column,
    police_share,
)
from sim.page.chart_table import CHARTS
from sim.page.charts import Timeline, draw, legend
from sim.page.scales import Axis, Line

Bands = Mapping[tuple[str, str], NDArray[np.float64]]
"""What lies about lines, by chart and line; see `sim.page.scales.Line.band`."""


def plain(results: Sequence[Result]) -> tuple[Chart, ...]:
    """Return charts of columns that have none by name: one a unit, or more where colours would not suffice."""
    by_axis: dict[str, list[Result]] = {}
    for one in results:
        if one.is_number:
            by_axis.setdefault(one.axis, []).append(one)
    return tuple(
        _plain(axis, members[first : first + len(MANY)])
        for axis, members in by_axis.items()
        for first in range(0, len(members), len(MANY))
    )


def _plain(axis: str, members: Sequence[Result]) -> Chart:
    first = members[0]

    def lay_out(series: Series) -> Drawing:
        how = "area" if len(members) == 1 else "line"
        lines = [
            Line(one.brief, colour, column(series, one.name), how) for one, colour in zip(members, MANY, strict=False)
        ]
        form, high = ("percent", 1.0) if first.is_fraction else ("number", None)
        return Drawing(tuple(lines), Axis(axis, form, 0.0, high))

    title, note = (first.title, first.meaning) if len(members) == 1 else (capital(axis), "")
    return Chart(f"plain-{first.name}", title, note, tuple(one.name for one in members), lay_out)


DIFFERENCES = ("attending", "detained_today", "striking", "legitimacy", "elite_public")
"""Daily columns that are subtracted when two runs are compared; and the share of police that is loyal."""
POINTS = Axis("percentage points", "points")
"""Differences of shares."""


def _has(series: Series, needs: Sequence[str]) -> bool:
    return all(
        any(name.startswith(need) for name in series) if need.endswith("_") else need in series for need in needs
    )


def possible(series: Series, results: Sequence[Result] = ()) -> tuple[Chart, ...]:
    """Return the charts that a run has the columns for; `results` are those that its model declares.

    Of the flagship's many columns those are drawn that a chart was made for, of any other model's all.
    """
    found = tuple(chart for chart in CHARTS if _has(series, chart.needs))
    if _flagship(series):
        return found
    shown = {name for chart in found for name in chart.needs}
    others = plain([one for one in results if one.name not in shown])
    return found + tuple(chart for chart in others if _has(series, chart.needs))


def drawn(
    chart: Chart, series: Series, timeline: Timeline, beside: Series | None = None, bands: Bands | None = None
) -> Drawn:
    """Draw a chart; with `beside`, on axes that are long enough for that other run, too.

    `bands` are what lies about its lines, by chart and line.
    """
    drawing = chart.lay_out(series)
    if bands:
        lines = tuple(replace(line, band=bands.get((chart.name, line.label))) for line in drawing.lines)
        drawing = replace(drawing, lines=lines)
    left, right = drawing.left, drawing.right
    if beside is not None:
        other = chart.lay_out(beside)
        left = _common(left, drawing.lines, other.lines, False)
        right = _common(right, drawing.lines, other.lines, True) if right else None
    svg = draw(chart.title, drawing.lines, timeline, left, right)
    return Drawn(chart.name, chart.title, chart.note, svg, legend(drawing.lines), drawing.lines, left, right)


def _common(axis: Axis, one: Sequence[Line], other: Sequence[Line], right: bool) -> Axis:
    """Give an axis both ends in common for the lines of two runs, unless they are fixed."""
    if axis.high is not None:
        return axis
    tops = [_top([line for line in lines if line.right == right]) for lines in (one, other)]
    lows = [float(np.nanmin(line.values)) for line in (*one, *other) if line.right == right and line.values.size]
    return replace(axis, reach=max(tops), low=min([axis.low or 0.0, *lows]))


def _top(lines: Sequence[Line]) -> float:
    stacked = [line.values for line in lines if line.how == "stack"]
    seen = [line.values for line in lines if line.how != "stack" and line.values.size]
    if stacked and stacked[0].size:
        seen.append(np.sum(stacked, axis=0))
    return max((float(np.nanmax(values)) for values in seen), default=0.0)


def differences(first: Series, second: Series, timeline: Timeline, results: Sequence[Result] = ()) -> tuple[Drawn, ...]:
    """Draw second minus first, for each quantity that both runs have, over the days that both have done."""
    known = [declared(name) for name in DIFFERENCES] if _flagship(first) else results
    shown = [one for one in known if one.is_number and one.name in first and one.name in second]
    found = [
        _difference(one.key, one.title, _of(one), column(first, one.name), column(second, one.name), timeline)
        for one in shown
    ]
    if all(_has(series, ("police_loyal_",)) for series in (first, second)):
        one, two = (police_share(series, "loyal") for series in (first, second))
        title = capital(declared("police_loyal_*").label)
        found.append(_difference("police_loyal", title, POINTS, one, two, timeline))
    return tuple(found)


def _flagship(series: Series) -> bool:
    """Whether these are columns of the flagship; other models may share one of them, such as legitimacy."""
    return all(name in series for name in DIFFERENCES)


def _of(one: Result) -> Axis:
    return POINTS if one.is_fraction else Axis(one.axis)


def _difference(
    name: str, title: str, axis: Axis, one: NDArray[np.float64], two: NDArray[np.float64], timeline: Timeline
) -> Drawn:
    days = min(one.size, two.size)
    lines = (Line("B minus A", PURPLE, two[:days] - one[:days], "area"),)
    svg = draw(f"{title}: B minus A", lines, timeline, axis)
    return Drawn(f"difference-{name}", title, "", svg, legend(lines), lines, axis)
