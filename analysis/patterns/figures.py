"""A small picture for each pattern: what its first check that can be drawn looks like, or all its checks in a row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import new_figure, readable
from analysis.patterns.ablation import Switches
from analysis.patterns.campaigns import ShareByNumber, ShareGiven
from analysis.patterns.courses import Course, Lead
from analysis.patterns.dose_figure import doses
from analysis.patterns.event_figures import campaign_shares, elasticity_line, log_sizes, shares_by_size
from analysis.patterns.options import AtPoint, point_of
from analysis.patterns.put import CheckResult, PatternResult
from analysis.patterns.runs import Difference, Interaction
from analysis.patterns.sizes import Elasticity, LogSize, ShareBySize
from analysis.patterns.switch_figure import effects_of_switches
from analysis.patterns.verdict import FAILS, HOLDS, UNDECIDED
from sim.figures.plot import BLUE, COLOURS, GREY, INK, PALE, VERMILION, styled, thousands, time_axis

COLOUR_OF = {HOLDS: BLUE, FAILS: VERMILION, UNDECIDED: GREY}
MARK_OF = {HOLDS: "o", FAILS: "X", UNDECIDED: "v"}
FARTHEST = 2.0
"""Widths of the expected range beyond its ends; what lies farther is drawn at the edge."""

Drawn = tuple[Figure, str]


def drawn(result: PatternResult) -> Drawn:
    """Return a pattern's picture and its caption."""
    with styled():
        for check in result.checks:
            make = _MAKERS.get(type(check.asked.options))
            made = make(result, check) if make is not None else None
            if made is not None:
                return made
        return checks_in_a_row(result)


def checks_in_a_row(result: PatternResult) -> Drawn:
    """Draw every check on a scale on which its expected range is the same grey band."""
    figure = new_figure(1.0 + 0.3 * len(result.checks))
    axis = figure.add_subplot()
    axis.axvspan(0.0, 1.0, color=PALE, linewidth=0, zorder=0)
    for place, check in enumerate(result.checks):
        middle, low, high = (
            _scaled(check, value) for value in (check.found.estimate, check.found.low, check.found.high)
        )
        if not math.isfinite(middle):
            continue
        colour = COLOUR_OF[check.verdict]
        axis.plot([low, high], [place, place], color=colour, linewidth=2.0, solid_capstyle="butt")
        axis.plot(middle, place, MARK_OF[check.verdict], color=colour, markersize=7.0, markeredgecolor="white")
    axis.set_yticks(range(len(result.checks)), [readable(check.asked.name) for check in result.checks])
    axis.set_ylim(len(result.checks) - 0.4, -0.6)
    axis.set_xlim(-FARTHEST - 0.1, 1.0 + FARTHEST + 0.1)
    axis.set_xticks([0.0, 1.0], ["lower end", "upper end"])
    axis.grid(False)
    axis.set_xlabel("what is expected (grey)")
    return figure, (
        "Each check on a scale of its own, on which what is expected is the grey band: mark and bar are what was found "
        "and its 95% interval (blue circle holds, red cross fails, grey triangle undecided). For an expectation that "
        "is open at one end the band is as wide as its end is from zero, or from what was found. What lies beyond is "
        "drawn at the edge."
    )


def _scaled(check: CheckResult, value: float) -> float:
    """Return a value on a scale on which the expected range is 0 to 1."""
    expected = check.asked.check.expected
    above, below = expected.above, expected.below
    width = abs(above or below or 0.0) or abs(check.found.estimate) or 1.0
    if above is None:
        above = (below or 0.0) - width
    elif below is None:
        below = above + width
    assert below is not None
    return float(np.clip((value - above) / (below - above), -FARTHEST, 1.0 + FARTHEST))


def course(result: PatternResult, check: CheckResult) -> Drawn:
    """Draw the median run of the columns that a pattern's checks name, a panel a column."""
    options = check.asked.options
    assert isinstance(options, AtPoint)
    columns = list(
        dict.fromkeys(
            name.name for one in result.checks for name in one.asked.options.names() if name.kind == "daily column"
        )
    )
    table = result.data.days(columns, [point_of(result.data, options.at)])
    figure = new_figure(0.6 + 1.7 * len(columns))
    axes = np.atleast_1d(figure.subplots(len(columns), sharex=True))
    for axis, column in zip(axes, columns, strict=True):
        band = table.groupby("date")[column].quantile(np.array([0.05, 0.5, 0.95])).unstack()
        colour = COLOURS.get(column, BLUE)
        axis.fill_between(band.index, band[0.05], band[0.95], color=colour, alpha=0.2, linewidth=0)
        axis.plot(band.index, band[0.5], color=colour)
        axis.set_title(readable(column))
        axis.set_ylim(bottom=0.0)
        if band[0.95].max() > 1.0:
            thousands(axis)
        time_axis(axis, pd.Series(band.index))
    names, runs = ", ".join(readable(column) for column in columns), table["replicate"].nunique()
    return figure, f"{names[:1].upper()}{names[1:]}, day by day: median and middle 90% of {runs} runs."


def _of(
    make: Callable[[Axes, PatternResult, CheckResult], str], height: float = 3.0
) -> Callable[[PatternResult, CheckResult], Drawn]:
    """Return a maker of a whole figure from one that fills an axis and returns the caption."""

    def made(result: PatternResult, check: CheckResult) -> Drawn:
        figure = new_figure(height)
        axis = figure.add_subplot()
        axis.tick_params(color=INK)
        caption = make(axis, result, check)
        handles, labels = axis.get_legend_handles_labels()
        if handles:
            once = dict(zip(labels, handles, strict=True))
            figure.legend(once.values(), once.keys(), loc="outside upper left", ncols=3)
        return figure, caption

    return made


_MAKERS: Mapping[type, Callable[[PatternResult, CheckResult], Drawn | None]] = {
    Elasticity: _of(elasticity_line),
    ShareBySize: _of(shares_by_size),
    LogSize: _of(log_sizes),
    ShareByNumber: _of(campaign_shares),
    ShareGiven: _of(campaign_shares),
    Switches: effects_of_switches,
    Difference: doses,
    Interaction: doses,
    Lead: course,
    **dict.fromkeys(Course.__subclasses__(), course),
}
"""What draws a check, by the type of its options; others are drawn in a row."""
