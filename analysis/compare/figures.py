"""The pictures of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from analysis.compare.comparison import Comparison, Contrast
from analysis.compare.effects import Effect, horizon_of
from analysis.compare.series import Series, quantiles
from analysis.compare.sides import Axis, Floats
from analysis.report.amounts import signed
from analysis.report.figures.style import new_figure, shorten
from analysis.stats.outcomes import FALLS
from analysis.stats.survival import kaplan_meier, restricted_days
from sim.core.formats import number, share, to_digits
from sim.figures.plot import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, VERMILION, percent, thousands, time_axis
from sim.models.results import Result
from sim.study.called import quoted

Curve = tuple[str, Floats, Floats]
LONGEST_TITLE = 44
LONGEST_BESIDE = 34
"""Letters of a name of which three stand beside each other."""
LONGEST_LINE = 90


def any_falls(comparison: Comparison) -> bool:
    """Return whether the regime falls in any run, and runs say how long they were."""
    runs = [table for one in comparison.contrasts for table in (one.pairs.first, one.pairs.second)]
    return all("days" in table for table in runs) and any(table["outcome"].isin(FALLS).any() for table in runs)


def curves(comparison: Comparison) -> list[Curve]:
    """Return for each side its label, days, and the share of runs that still stand from that day on.

    The curve begins at day 0 with 1 and ends at the horizon, which is the shortest of all sides.
    """
    first = comparison.contrasts[0].pairs
    horizon = min(horizon_of(side) for side in comparison.sides)
    tables = [(first.a.called, first.first), *((one.pairs.b.called, one.pairs.second) for one in comparison.contrasts)]
    found = []
    for label, runs in tables:
        fell = runs["outcome"].isin(FALLS).to_numpy()
        days = runs["days"].to_numpy(float)
        when, standing = kaplan_meier(restricted_days(days, fell, horizon), fell & (days <= horizon))
        last = standing[-1] if standing.size else 1.0
        found.append((label, np.array([0.0, *when, horizon]), np.array([1.0, *standing, last])))
    return found


def draw_standing(comparison: Comparison, colours: Sequence[str]) -> Figure:
    """Draw the curves as steps."""
    figure = new_figure(3.1)
    axes = figure.subplots()
    for (label, days, standing), colour in zip(curves(comparison), colours, strict=False):
        axes.step(days, standing, where="post", color=colour, label=label)
    axes.set_ylim(-0.02, 1.03)
    axes.set_xlim(left=0)
    percent(axes)
    axes.set_ylabel("runs in which the regime stands")
    axes.set_xlabel("days from the start")
    _legend(figure, *axes.get_legend_handles_labels())
    return figure


def _legend(figure: Figure, handles: Sequence[Artist], names: Sequence[str]) -> None:
    """Name the sides above the panels; long names get a line or two of their own."""
    long = max(map(len, names)) > LONGEST_BESIDE
    folded = [fill(name, LONGEST_LINE) for name in names]
    figure.legend(handles, folded, loc="outside upper left", ncols=1 if long else 3, handlelength=1.0)


def standing_caption(comparison: Comparison) -> str:
    """Say how many stand at the horizon, and what is done with runs that do not fall."""
    found = curves(comparison)
    left = ", ".join(f"{share(standing[-1])} of {quoted(label)}" for label, _, standing in found)
    return (
        f"Share of runs in which the regime has not fallen after so many days, estimated after Kaplan and Meier. At "
        f"the horizon of {found[0][1][-1]:.0f} days it stands in {left}. A run without a fall is censored at the "
        "horizon, also if it ended before it in another way."
    )


# The first side is grey: it is what the others are held against.
SIDES = (INK, BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, GREY)


@dataclass(frozen=True)
class Drawn:
    """A finished picture with its words."""

    name: str
    title: str
    caption: str
    figure: Figure


def pictures_of(comparison: Comparison) -> list[Drawn]:
    """Return every picture that the comparison has data for; draw them as `sim.figures.plot.styled` does."""
    from analysis.compare.maps import draw_places, places_caption

    found = [Drawn("effects", _effects_title(comparison), _effects_caption(comparison), draw_effects(comparison))]
    if any_falls(comparison):
        words, figure = standing_caption(comparison), draw_standing(comparison, SIDES)
        found.append(Drawn("standing", "How long the regime stands", words, figure))
    for kind in kinds_in(comparison):
        name = f"series-{kind.key.replace('_', '-')}"
        found.append(Drawn(name, kind.title, fan_caption(comparison, kind), draw_fans(comparison, kind)))
    for place, contrast in enumerate(comparison.contrasts, start=1):
        if any(row.lat is not None for row in contrast.places):
            name = f"places-{place}"
            title = f"Where and when turnout parts: {contrast.label}"
            found.append(Drawn(name, title, places_caption(contrast), draw_places(contrast)))
    return found


def kinds_in(comparison: Comparison) -> list[Result]:
    """Return the series that all contrasts have, in the order of the first."""
    by_contrast = [[series.kind for series in contrast.series] for contrast in comparison.contrasts]
    return [kind for kind in by_contrast[0] if all(kind in kinds for kinds in by_contrast)]


def _of(contrast: Contrast, kind: Result) -> Series:
    return next(series for series in contrast.series if series.kind == kind)


def draw_fans(comparison: Comparison, kind: Result) -> Figure:
    """Draw a series as bundles of curves, and its paired differences below."""
    figure = new_figure(4.8)
    above, below = figure.subplots(2, 1, height_ratios=(1.25, 1))
    first = comparison.contrasts[0]
    axis = _axis(first)
    fan(above, _days(axis), _of(first, kind).a, SIDES[0])
    for contrast, colour in zip(comparison.contrasts, SIDES[1:], strict=False):
        days = _days(_axis(contrast))
        fan(above, days, _of(contrast, kind).b, colour)
        fan(below, days, _of(contrast, kind).difference, colour)
        _mark_parting(below, contrast, kind, colour)
    below.axhline(0, color=INK, linewidth=0.8)
    _vertical(above, kind)
    _vertical(below, kind)
    above.set_title("Median, half of the runs, nine tenths of the runs")
    below.set_title(fill(f"Paired difference from {comparison.sides[0].called}", LONGEST_LINE))
    labels = [side.called for side in comparison.sides]
    _legend(figure, [Patch(color=colour) for _, colour in zip(labels, SIDES, strict=False)], labels)
    for panel in (above, below):
        _horizontal(panel, axis)
    return figure


def fan(axes: Axes, days: pd.Series, values: Floats, colour: str) -> None:
    """Draw the median, and the bands that hold half and nine tenths of the runs."""
    low, lower, middle, upper, high = quantiles(values)
    axes.fill_between(days, low, high, color=colour, alpha=0.13, linewidth=0)
    axes.fill_between(days, lower, upper, color=colour, alpha=0.28, linewidth=0)
    axes.plot(days, middle, color=colour, linewidth=1.5)


def _axis(contrast: Contrast) -> Axis:
    if contrast.axis is None:
        raise ValueError("a contrast with series has days")
    return contrast.axis


def _days(axis: Axis) -> pd.Series:
    return pd.Series(axis.values)


def _horizontal(axes: Axes, axis: Axis) -> None:
    if axis.by == "date":
        time_axis(axes, pd.Series(axis.values))
    else:
        axes.set_xlabel("step" if axis.by == "step" else "day of the run")


def _vertical(axes: Axes, kind: Result) -> None:
    (percent if kind.is_fraction else thousands)(axes)
    if not kind.is_fraction:
        axes.set_ylabel(kind.axis)


def _mark_parting(axes: Axes, contrast: Contrast, kind: Result, colour: str) -> None:
    found = next(row for row in contrast.partings if row.name == kind.key)
    if found.first is not None:
        axes.axvline(_axis(contrast).values[found.first], color=colour, linewidth=1.1, linestyle=(0, (4, 3)))


def amount(value: float, kind: Result) -> str:
    """Return a value of a series as people read it; differences of shares in percentage points."""
    scaled = to_digits(round(kind.scale * value, 2)) if kind.is_fraction else number(value)
    return f"{scaled} {kind.unit_of_effects}".strip()


def fan_caption(comparison: Comparison, kind: Result) -> str:
    """Say what one sees in a bundle of curves: how far it is apart, and from when on."""
    sentences = []
    for contrast in comparison.contrasts:
        axis, found = _axis(contrast), next(row for row in contrast.partings if row.name == kind.key)
        name = contrast.pairs.b.called
        if found.touched is None or found.difference is None:
            sentences.append(f"{quoted(name)}: the same in every pair on every {axis.unit}.")
            continue
        way = "above" if found.difference > 0 else "below"
        most = (
            f"the largest mean difference is on {axis.label(found.largest)}: {amount(abs(found.difference), kind)} "
            f"{way} {quoted(contrast.pairs.a.called)}"
        )
        if found.first is None:
            parting = f"pairs differ from {axis.label(found.touched)} on, but on no {axis.unit} beyond chance"
        else:
            parting = (
                f"pairs differ from {axis.label(found.touched)} on, and differ in distribution no later than "
                f"{axis.label(found.first)} (on {found.days} of {len(axis.values)} {axis.unit}s)"
            )
        sentences.append(f"{quoted(name)}: {parting}; {most}.")
    marks = (
        "Dashed lines are the days no later than which they differ in distribution."
        if any(
            row.first is not None
            for contrast in comparison.contrasts
            for row in contrast.partings
            if row.name == kind.key
        )
        else ""
    )
    return " ".join([*sentences, marks]).strip()


def draw_effects(comparison: Comparison) -> Figure:
    """Draw each number's mean paired difference with its interval in per cent of the base; beside it, in units."""
    rows = [effect.measure for effect in comparison.contrasts[0].effects]
    contrasts = comparison.contrasts
    figure = new_figure(1.1 + 0.26 * len(rows) * (0.6 + 0.4 * len(contrasts)))
    axes = figure.subplots()
    apart = 0.7 / len(contrasts)
    for place, (contrast, colour) in enumerate(zip(contrasts, SIDES[1:], strict=False)):
        shift = (place - (len(contrasts) - 1) / 2) * apart
        for effect in contrast.effects:
            if effect.measure in rows:
                _effect_mark(axes, effect, rows.index(effect.measure) + shift, colour)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(rows)), [shorten(measure.title, LONGEST_TITLE) for measure in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xscale("symlog", linthresh=100.0)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", visible=True)
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:+,.0f}%".replace("-", "−") if value else "0")
    )
    axes.set_xlabel(fill(f"mean paired difference, per cent of {comparison.sides[0].called}", LONGEST_LINE))
    if len(contrasts) > 1:
        handles = [Patch(color=colour) for _, colour in zip(contrasts, SIDES[1:], strict=False)]
        _legend(figure, handles, [one.pairs.b.called for one in contrasts])
    return figure


def _effect_mark(axes: Axes, effect: Effect, height: float, colour: str) -> None:
    told, scale = effect.verdict in ("higher", "lower"), effect.measure.scale
    across = axes.get_yaxis_transform()
    unit = "points" if effect.measure.unit == "%" else effect.measure.unit
    words = f"{signed(scale * effect.mean)} {unit}".strip() if effect.differs else "no difference"
    axes.text(1.01, height, words, transform=across, color=colour, va="center", fontsize="small")
    if not effect.differs or effect.relative is None:
        return  # a base of 0 has no per cent; the difference stands beside in units
    base = 100.0 / abs(effect.mean_a)
    if effect.mean_interval is not None:
        axes.plot([base * effect.mean_interval.low, base * effect.mean_interval.high], [height] * 2, color=colour)
    fill = colour if told else "white"
    axes.plot(base * effect.mean, height, marker="o", color=colour, markerfacecolor=fill, markersize=5.5)


def _effects_title(comparison: Comparison) -> str:
    told = [sum(row.verdict in ("higher", "lower") for row in one.effects) for one in comparison.contrasts]
    of = len(comparison.contrasts[0].effects)
    return f"{' and '.join(map(str, told))} of {of} numbers differ beyond chance"


def _effects_caption(comparison: Comparison) -> str:
    told = [
        f"{sum(row.verdict in ('higher', 'lower') for row in contrast.effects)} of {len(contrast.effects)} numbers for "
        f"{contrast.pairs.b.called}"
        for contrast in comparison.contrasts
    ]
    return (
        f"Dots are mean paired differences, lines their 95% intervals, in per cent of the mean of "
        f"{comparison.sides[0].called} (linear up to 100%, logarithmic beyond); in units at the right. Filled dots are "
        f"beyond chance after correction for the number of comparisons: {'; '.join(told)}."
    )
