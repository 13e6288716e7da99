"""The picture of a check: one that fits the kind of its statistic."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.patterns.ablation import SwitchEffect, Switches
from analysis.patterns.campaigns import ShareByNumber, ShareGiven
from analysis.patterns.courses import Course, Lead
from analysis.patterns.event_figures import campaign_shares, elasticity_line, log_sizes, shares_by_size
from analysis.patterns.put import CheckResult, PatternResult
from analysis.patterns.runs import Difference, Interaction, measured_everywhere
from analysis.patterns.schema import AtPoint, point_of
from analysis.patterns.sizes import Elasticity, LogSize, ShareBySize
from analysis.patterns.verdict import FAILS, HOLDS, UNDECIDED
from analysis.report.figures.style import new_figure, several
from analysis.stats.intervals import Floats, half_width
from sim.core.formats import readable
from sim.figures.plot import (
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    VERMILION,
    styled,
    thousands,
    time_axis,
)
from sim.measures.labels import column_words, words
from sim.measures.language import is_share_of_runs, parse
from sim.models.declarations import Declarations
from sim.models.results import capital

LINES = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, GREY)
FEWEST_DOSES = 3
SETTING = ": "
"""Points that are called ``setting: dose`` are joined to a line for each setting."""


def draw_overview(results: Sequence[PatternResult]) -> Figure:
    """Draw how many checks of each pattern hold, fail, and are undecided: a row a pattern."""
    with styled():
        figure = new_figure(0.7 + 0.22 * len(results))
        axis = figure.add_subplot()
        left = np.zeros(len(results))
        for verdict in (HOLDS, FAILS, UNDECIDED):
            many = np.array([sum(check.verdict == verdict for check in one.checks) for one in results], dtype=float)
            axis.barh(range(len(results)), many, left=left, color=COLOUR_OF[verdict], height=0.7)
            left += many
        axis.set_yticks(
            range(len(results)),
            [one.pattern.study.title or readable(one.pattern.name) for one in results],
            fontsize=8.5,
        )
        axis.set_ylim(len(results) - 0.4, -0.6)
        axis.grid(False, axis="y")
        axis.locator_params(axis="x", integer=True)
        axis.set_xlabel("checks")
    return figure


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
    return figure, f"{capital(said)}: the mean of the runs at each point and its 95% interval (Student)."


def _line(axis: Axes, x: Floats, of_points: list[Floats], place: int, label: str) -> None:
    middle = np.array([values.mean() for values in of_points])
    half = np.array([half_width(values) for values in of_points])
    colour = LINES[place % len(LINES)]
    axis.fill_between(x, middle - half, middle + half, color=colour, alpha=0.2, linewidth=0)
    axis.plot(x, middle, marker="o", markersize=4, color=colour, label=label or None)


ROW, REST = 0.2, 1.1  # inches
FULL = 0.5
"""Change, as a share of the level with the mechanism, from which colours are at their strongest."""


def effects_of_switches(result: PatternResult, check: CheckResult) -> tuple[Figure, str]:
    """Draw the change of each measure once a mechanism is off."""
    options = check.asked.options
    assert isinstance(options, Switches)
    effects: tuple[SwitchEffect, ...] = check.found.details
    rows = list(dict.fromkeys((one.base, one.switch) for one in effects))
    figure = new_figure(REST + ROW * len(rows))
    axis = figure.add_subplot()
    for one in effects:
        x, y = options.measures.index(one.measure), rows.index((one.base, one.switch))
        size = (
            one.change
            if _is_share(one, result.data.numbers)
            else one.change / one.without
            if one.without
            else np.sign(one.change)
        )
        strength = min(abs(size) / FULL, 1.0)
        colour = (VERMILION if size > 0 else BLUE) if one.told else PALE
        axis.barh(
            y,
            0.96,
            left=x - 0.48,
            height=0.92,
            color=colour,
            alpha=0.15 + 0.6 * strength if one.told else 0.6,
            linewidth=0,
        )
        text = "same" if one.identical else f"{size:+.0%}".replace("-", "−")
        axis.text(x, y, text, ha="center", va="center", fontsize=7.5, color=INK if one.told else GREY)
    several = len({base for base, _ in rows}) > 1
    axis.set_yticks(
        range(len(rows)), [readable(f"{switch} ({base})" if several else switch) for base, switch in rows], fontsize=8
    )
    axis.set_xticks(range(len(options.measures)), [_short(text) for text in options.measures], fontsize=8)
    axis.xaxis.tick_top()
    axis.set_xlim(-0.5, len(options.measures) - 0.5)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.grid(False)
    axis.tick_params(length=0)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)
    return figure, (
        "Change of each measure (columns) once a mechanism (rows) is switched off, as a share of its level with the "
        "mechanism; for shares of runs the change itself. Coloured: can be told from none (red up, blue down); "
        "grey: cannot; “same”: every run is the same without it."
    )


def _is_share(effect: SwitchEffect, numbers: Declarations) -> bool:
    return is_share_of_runs(parse(effect.measure), numbers.number_names)


def _short(text: str) -> str:
    said = words(parse(text)).removeprefix("share of runs that end as ")
    parts = said.split(", ")[0].split()
    lines, line = [], ""
    for word in parts:
        if len(line) + len(word) > 15 and line:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


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
        axis.set_title(capital(column_words(column)))
        axis.set_ylim(bottom=0.0)
        if band[0.95].max() > 1.0:
            thousands(axis)
        time_axis(axis, pd.Series(band.index))
    names, runs = ", ".join(column_words(column) for column in columns), table["replicate"].nunique()
    return figure, f"{capital(names)}, day by day: median and middle 90% of {several(int(runs), 'run')}."


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
