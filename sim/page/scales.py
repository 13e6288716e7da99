"""What charts are measured by: the lines to draw, their axes, and scales with round numbers on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

WIDTH, HEIGHT = 400, 216
LEFT, RIGHT, TOP, BOTTOM = 46, 46, 22, 24


@dataclass(frozen=True)
class Line:
    """A series to draw: its name, its colour, its numbers, and how.

    Attributes
    ----------
    label : str
        Name in the legend.
    colour : str
        As SVG understands it.
    values : array of float64
        A number a step; NaN leaves a gap.
    how : str
        ``line``, ``dashed``, ``area``, ``bars`` or ``stack`` (areas on top of each other).
    right : bool
        Whether the right-hand axis measures it.
    peak : bool
        Whether to write its largest value, with the date, beside it.
    band : array of float64, shape (4, steps), optional
        What lies about it, by step: outer low end, inner low end, inner high end, outer high end.
    """

    label: str
    colour: str
    values: Numbers
    how: str = "line"
    right: bool = False
    peak: bool = False
    band: Numbers | None = None


@dataclass(frozen=True)
class Axis:
    """A vertical axis.

    Attributes
    ----------
    unit : str
        In words.
    form : str
        ``number``, ``percent`` of a share, or ``points`` of a difference of shares.
    low, high : float or None
        Where it begins and ends; None lets the numbers decide. It begins lower where numbers are lower.
    reach : float
        Least number that it must reach, so that two charts can share a scale.
    """

    unit: str
    form: str = "number"
    low: float | None = 0.0
    high: float | None = None
    reach: float = 0.0


@dataclass(frozen=True)
class Scale:
    """What a vertical axis shows, from `low` to `high`, with a line at each of `ticks`."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def y(self, values: Any) -> Any:
        """Return the height of values in the drawing, from its top."""
        share = (values - self.low) / (self.high - self.low)
        return (HEIGHT - BOTTOM) - share * (HEIGHT - BOTTOM - TOP)


def scale_of(lines: Sequence[Line], axis: Axis) -> Scale:
    """Return the scale of an axis on which all of its lines have room."""
    stacked = [line.values for line in lines if line.how == "stack"]
    seen = [line.values for line in lines if line.how != "stack"]
    if stacked:
        seen.append(np.sum(stacked, axis=0))
    seen += [line.band.ravel() for line in lines if line.band is not None]
    low, high = _extremes(seen)
    high = max(high, axis.reach)
    bars = [line for line in lines if line.how == "bars"]
    if bars and len(bars) == len(lines):
        high *= 2.0  # bars of a right-hand axis keep to the lower half, below the main series
    low = low if axis.low is None else min(axis.low, low)
    high = high if axis.high is None else axis.high
    if high - low < 1e-12:
        high = low + (1.0 if axis.form != "number" or low else 10.0)
    ticks = nice_ticks(low, high)
    top = ticks[-1] if axis.high is None else axis.high
    bottom = low if axis.low is not None and low >= axis.low else ticks[0]
    return Scale(bottom, top, tuple(tick for tick in ticks if bottom - 1e-9 <= tick <= top + 1e-9))


def _extremes(seen: Sequence[Numbers]) -> tuple[float, float]:
    finite = [values[np.isfinite(values)] for values in seen]
    finite = [values for values in finite if values.size]
    if not finite:
        return 0.0, 0.0
    return min(float(values.min()) for values in finite), max(float(values.max()) for values in finite)


def nice_ticks(low: float, high: float, about: int = 4) -> tuple[float, ...]:
    """Return round numbers that cover low..high, about as many as asked for."""
    rough = (high - low) / about
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(count * step, 12) for count in range(first, last + 1))


def written(value: float, form: str) -> str:
    """Return the number on a tick: ``250k``, ``1.2M``, ``40%``, ``−0.5``."""
    if form != "number":
        text = f"{round(100 * value, 6):g}{'%' if form == 'percent' else ''}"
    elif abs(value) >= 1e6:
        text = f"{round(value / 1e6, 3):g}M"
    elif abs(value) >= 1e4:
        text = f"{round(value / 1e3, 3):g}k"
    else:
        text = f"{value:,.0f}" if value == round(value) else f"{round(value, 6):g}"
    return text.replace("-", "−")


def step_at(share: float, steps: int) -> int:
    """Return the step that lies at a share of a chart's width, of an axis with so many steps; 1 is the first."""
    inside = (share * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT)
    return max(1, min(steps, int(inside * steps) + 1))
