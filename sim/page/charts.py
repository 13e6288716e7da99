"""Light charts as SVG text: a few milliseconds each, sharp at any size, readable on a phone.

matplotlib takes about ninety milliseconds for such a chart, which is more than a day of the model does. The
width is that of a phone, so that a chart is never shrunk and its letters never get too small to read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

from sim.page.scales import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Axis,
    Line,
    Numbers,
    Scale,
    nice_ticks,
    scale_of,
    written,
)

INK, GREY, PALE = "var(--pv-ink, #222222)", "var(--pv-soft, #6B6B6B)", "var(--pv-pale, #E6E6E6)"
PAPER = "var(--pv-card, #FFFFFF)"
"""Colours that the page has darker or lighter by its look; a chart by itself, such as a saved one, is on white."""
SHADES = {"#222222": INK, "#0072B2": "var(--pv-line-blue, #0072B2)"}
"""Colours of lines that could not be seen on a dark page."""
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Mark:
    """An event: first and last step (0-based), its number in the list of events, its title with the date."""

    first: int
    last: int
    number: int
    title: str


@dataclass(frozen=True)
class Timeline:
    """The horizontal axis: how many steps there can be, the date of the first if steps are days, and what is marked."""

    steps: int
    start: dt.date | None = None
    shown: int | None = None
    marks: Sequence[Mark] = field(default_factory=tuple)


def draw(title: str, lines: Sequence[Line], timeline: Timeline, left: Axis, right: Axis | None = None) -> str:
    """Return a chart as SVG text.

    Parameters
    ----------
    title : str
        Spoken by screen readers; the page writes it above the chart.
    lines : sequence of Line
        Series, all of the same length: the steps done.
    timeline : Timeline
        Horizontal axis and marks.
    left, right : Axis
        Vertical axes.

    Returns
    -------
    str
        An ``<svg>`` element with ``data-`` attributes that say where the steps lie, for clicks on it.
    """
    scales = {False: scale_of([line for line in lines if not line.right], left)}
    if right is not None:
        scales[True] = scale_of([line for line in lines if line.right], right)
    parts = [_head(title, timeline), _grid(scales[False], left)]
    parts.append(_marks(timeline))
    parts.append(_dates(timeline) if timeline.start else _steps(timeline))
    parts.extend(_bands(line, timeline, scales[line.right]) for line in lines if line.band is not None)
    parts.extend(_series(lines, timeline, scales))
    parts.extend(_peak(line, timeline, scales[line.right]) for line in lines if line.peak)
    if right is not None:
        parts.append(_right_axis(scales[True], right))
    parts.append(_units(left, right, lines))
    parts.append(_cursor(timeline))
    parts.append("</svg>")
    return "".join(parts)


def legend(lines: Sequence[Line]) -> tuple[tuple[str, str, str], ...]:
    """Return colour, name and manner of each line, for the legend that the page writes under a chart."""
    return tuple((shade(line.colour), line.label, line.how) for line in lines)


def shade(colour: str) -> str:
    """Return a colour as the page's look has it."""
    return SHADES.get(colour, colour)


def _x(steps: int, index: Any) -> Any:
    return LEFT + (index + 0.5) * (WIDTH - LEFT - RIGHT) / max(steps, 1)


def _head(title: str, timeline: Timeline) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" data-left="{LEFT}" data-right="{WIDTH - RIGHT}" data-steps="{timeline.steps}" '
        f'font-family="{FONT}" font-size="11" fill="{INK}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
    )


def _grid(scale: Scale, axis: Axis) -> str:
    parts = []
    for tick in scale.ticks:
        y = scale.y(tick)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{PALE}"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{written(tick, axis.form)}</text>')
    return "".join(parts)


def _right_axis(scale: Scale, axis: Axis) -> str:
    return "".join(
        f'<text x="{WIDTH - RIGHT + 5}" y="{scale.y(tick) + 4:.1f}">{written(tick, axis.form)}</text>'
        for tick in scale.ticks
        if scale.y(tick) > TOP - 1
    )


def _units(left: Axis, right: Axis | None, lines: Sequence[Line]) -> str:
    """Units above the axes; where there are two, in the colour of the series that they measure."""

    def colour(of_right: bool) -> str:
        colours = {shade(line.colour) for line in lines if line.right == of_right}
        return colours.pop() if right is not None and len(colours) == 1 else GREY

    text = f'<text x="4" y="12" fill="{colour(False)}">{escape(left.unit)}</text>'
    if right is not None:
        text += f'<text x="{WIDTH - 4}" y="12" text-anchor="end" fill="{colour(True)}">{escape(right.unit)}</text>'
    return text


def _marks(timeline: Timeline) -> str:
    parts = []
    for mark in timeline.marks:
        x = _x(timeline.steps, mark.first)
        parts.append(
            f"<g><title>{mark.number} · {escape(mark.title)}</title>"
            f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#B5B5B5" stroke-dasharray="2 3"/>'
            f'<path d="M{x - 4:.1f} {TOP - 3}h8l-4 6z" fill="#8A8A8A"/></g>'
        )
    return "".join(parts)


def _dates(timeline: Timeline) -> str:
    start = timeline.start
    assert start is not None
    end = start + dt.timedelta(days=timeline.steps)
    months = [(y, m) for y in range(start.year, end.year + 1) for m in range(1, 13)]
    firsts = [dt.date(y, m, 1) for y, m in months]
    ticks = [first for first in firsts if start <= first < end]
    every = max(1, -(-len(ticks) // 7))
    ticks = ticks[::every]
    if len(ticks) < 3:
        step = max(1, timeline.steps // 5)
        ticks = [start + dt.timedelta(days=day) for day in range(0, timeline.steps, step)]
    parts = [f'<path d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="#8A8A8A"/>']
    for tick in ticks:
        x = _x(timeline.steps, (tick - start).days)
        name = MONTHS[tick.month - 1] if tick.day == 1 else f"{tick.day} {MONTHS[tick.month - 1]}"
        if tick.day == 1 and tick.month == 1:
            name += f" {tick.year}"
        parts.append(_tick(x, name))
    return "".join(parts)


def _steps(timeline: Timeline) -> str:
    parts = [f'<path d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="#8A8A8A"/>']
    for tick in nice_ticks(0, max(timeline.steps, 4)):
        if 1 <= tick <= timeline.steps and tick == round(tick):
            parts.append(_tick(_x(timeline.steps, tick - 1), f"{tick:g}"))
    return "".join(parts)


def _tick(x: float, name: str) -> str:
    y = HEIGHT - BOTTOM
    return (
        f'<path d="M{x:.1f} {y}v4" stroke="#8A8A8A"/>'
        f'<text x="{x:.1f}" y="{y + 16}" text-anchor="middle">{escape(name)}</text>'
    )


def _series(lines: Sequence[Line], timeline: Timeline, scales: Mapping[bool, Scale]) -> list[str]:
    parts = []
    below: Numbers | None = None
    for line in lines:
        scale = scales[line.right]
        x = _x(timeline.steps, np.arange(line.values.size))
        if line.how == "stack":
            base = np.zeros_like(line.values) if below is None else below
            below = base + line.values
            parts.append(_band(x, scale.y(base), scale.y(below), shade(line.colour), 0.9))
        elif line.how == "area":
            zero = np.full_like(x, scale.y(max(scale.low, 0.0)))
            parts.append(_band(x, zero, scale.y(line.values), shade(line.colour), 0.22))
            parts.append(_path(x, scale.y(line.values), line))
        elif line.how == "bars":
            parts.append(_bars(x, scale, line))
        else:
            parts.append(_path(x, scale.y(line.values), line))
    return parts


OUTER, INNER = 0.13, 0.2


def _bands(line: Line, timeline: Timeline, scale: Scale) -> str:
    """Draw what lies about a line: the outer band pale, the inner one darker."""
    assert line.band is not None
    known = np.isfinite(line.band).all(axis=0)
    x = _x(timeline.steps, np.flatnonzero(known))
    low, inner_low, inner_high, high = scale.y(line.band[:, known])
    colour = shade(line.colour)
    outer = _band(x, low, high, colour, OUTER) + _band(x, inner_low, inner_high, colour, INNER)
    return f'<g class="fan">{outer}</g>' if outer else ""


def _points(x: Numbers, y: Numbers) -> str:
    return " ".join([f"{a:.1f},{b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)])


def _path(x: Numbers, y: Numbers, line: Line) -> str:
    whole = np.isfinite(y)
    x, y = x[whole], y[whole]
    if x.size == 0:
        return ""
    if x.size == 1:
        return f'<circle cx="{x[0]:.1f}" cy="{y[0]:.1f}" r="2.4" fill="{shade(line.colour)}"/>'
    dashes = ' stroke-dasharray="5 4"' if line.how == "dashed" else ""
    return (
        f'<polyline points="{_points(x, y)}" fill="none" stroke="{shade(line.colour)}" stroke-width="1.8" '
        f'stroke-linejoin="round"{dashes}/>'
    )


def _band(x: Numbers, low: Numbers, high: Numbers, colour: str, opacity: float) -> str:
    if x.size == 0:
        return ""
    if x.size == 1:  # a band a day wide
        x, low, high = np.array([x[0] - 1, x[0] + 1]), np.repeat(low, 2), np.repeat(high, 2)
    edge = f"{_points(x, high)} {_points(x[::-1], low[::-1])}"
    return f'<polygon points="{edge}" fill="{colour}" fill-opacity="{opacity}"/>'


def _bars(x: Numbers, scale: Scale, line: Line) -> str:
    floor = scale.y(max(scale.low, 0.0))
    y = scale.y(line.values)
    strokes = "".join(
        f"M{a:.1f} {floor:.1f}V{b:.1f}"
        for a, b, v in zip(x.tolist(), y.tolist(), line.values.tolist(), strict=True)
        if v
    )
    return f'<path d="{strokes}" stroke="{shade(line.colour)}" stroke-width="1.6"/>' if strokes else ""


def _peak(line: Line, timeline: Timeline, scale: Scale) -> str:
    if line.values.size == 0 or not line.values.max() > 0:
        return ""
    at = int(line.values.argmax())
    x, y = _x(timeline.steps, at), scale.y(line.values[at])
    text = f"{line.values[at]:,.0f}"
    if timeline.start is not None:
        day = timeline.start + dt.timedelta(days=at)
        text += f" on {day.day} {MONTHS[day.month - 1]}"
    right = x < (LEFT + WIDTH - RIGHT) / 2
    place = f'x="{x + 6:.1f}"' if right else f'x="{x - 6:.1f}" text-anchor="end"'
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{shade(line.colour)}"/>'
        f'<text {place} y="{max(y + 4, TOP + 9):.1f}" font-weight="600" stroke="{PAPER}" stroke-width="5" '
        f'paint-order="stroke" fill="{shade(line.colour)}">{text}</text>'
    )


def _cursor(timeline: Timeline) -> str:
    if timeline.shown is None:
        return ""
    x = _x(timeline.steps, timeline.shown)
    return f'<path class="cursor" d="M{x:.1f} {TOP - 4}V{HEIGHT - BOTTOM}" stroke="{INK}" stroke-width="1.2"/>'
