"""What charts are laid out of: columns of a run as lines, their axes, and what a chart is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.models.declarations import Declarations
from sim.models.mobilisation.results import column as declared
from sim.page.scales import Axis, Line

Series = Mapping[str, NDArray[Any]]
"""National columns by name, an entry a step, all of the same length."""
# Okabe and Ito's palette, as in all pictures of the project: told apart with any common colour blindness.
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, BLACK, GREY = "#0072B2", "#D55E00", "#CC79A7", "#222222", "#8A8A8A"
MANY = (BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE, YELLOW)
REST = "#BDBDBD"


@dataclass(frozen=True)
class Drawing:
    """Lines and axes of a chart, before it is drawn."""

    lines: tuple[Line, ...]
    left: Axis
    right: Axis | None = None


@dataclass(frozen=True)
class Chart:
    """A row of the table of charts.

    Attributes
    ----------
    name : str
        Also the name of the file that it is saved as.
    title : str
        Written above it.
    note : str
        What the reader must know to read it.
    needs : tuple of str
        Columns, or beginnings of columns where they end in ``_``.
    lay_out : callable (series) -> Drawing
    """

    name: str
    title: str
    note: str
    needs: tuple[str, ...]
    lay_out: Callable[[Series], Drawing]


@dataclass(frozen=True)
class Drawn:
    """A chart as the page shows it: SVG text, colour, name and manner of each line for the legend, and its numbers."""

    name: str
    title: str
    note: str
    svg: str
    legend: tuple[tuple[str, str, str], ...]
    lines: tuple[Line, ...]
    left: Axis
    right: Axis | None = None


def column(series: Series, name: str) -> NDArray[np.float64]:
    """Return a column as floats; zeros where it is missing."""
    values = series.get(name)
    if values is None:
        length = len(next(iter(series.values()), ()))
        return np.zeros(length)
    return np.asarray(values, dtype=np.float64)


def total(series: Series, prefix: str) -> NDArray[np.float64]:
    """Return the sum over the columns that begin with `prefix`."""
    found = [column(series, name) for name in series if name.startswith(prefix)]
    return np.sum(found, axis=0) if found else column(series, "")


def police_share(series: Series, service: str) -> NDArray[np.float64]:
    """Return the share of all officers in a state of service (``loyal``, ``shirking``, ``defected``)."""
    # Not all columns of police: forms of disloyalty, all forces together, are among them.
    loyal, shirking, defected = (total(series, f"police_{state}_") for state in ("loyal", "shirking", "defected"))
    everyone = loyal + shirking + defected
    return np.divide(total(series, f"police_{service}_"), everyone, out=np.zeros_like(everyone), where=everyone > 0)


def line_of(
    series: Series,
    name: str,
    colour: str,
    how: str = "line",
    right: bool = False,
    peak: bool = False,
    known: Declarations | None = None,
) -> Line:
    """Return a daily column as a line, under its short label; the flagship's unless `known` are another model's."""
    label = (declared(name) if known is None else known[name]).brief + (" (right)" if right else "")
    return Line(label, colour, column(series, name), how, right=right, peak=peak)


def axis_of(name: str, whole: bool = True) -> Axis:
    """Return the axis of a daily column: its unit, and shares in per cent, up to all of it if `whole`."""
    one = declared(name)
    return Axis(one.axis, "percent", 0.0, 1.0 if whole else None) if one.is_fraction else Axis(one.axis)


def stack(series: Series, prefix: str) -> tuple[Line, ...]:
    """Largest parts each in a colour, the rest in grey. Which are largest is decided over the whole run."""
    names = [name for name in series if name.startswith(prefix)]
    sums = {name: float(column(series, name).sum()) for name in names}
    ordered = sorted((name for name in names if sums[name] > 0), key=lambda name: -sums[name]) or names[:1]
    shown, rest = ordered[: len(MANY)], ordered[len(MANY) :]
    lines = [
        Line(name.removeprefix(prefix).replace("_", " "), colour, column(series, name), "stack")
        for name, colour in zip(shown, MANY, strict=False)
    ]
    if rest:
        lines.append(Line("all others", REST, np.sum([column(series, name) for name in rest], axis=0), "stack"))
    return tuple(lines)
