"""Pictures of shares and small counts: the world outside, the economy, media, the movement's inner state, war."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures.style import Picture, Run, dates_of, new_figure, weekend_bands
from sim.core.formats import day
from sim.figures.plot import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, has, label_ends, percent, thousands
from sim.models.mobilisation.results import column
from sim.models.results import Result


@dataclass(frozen=True)
class Line:
    """A daily column as a line, and its colour."""

    column: str
    colour: str

    @property
    def declared(self) -> Result:
        """What the column is."""
        return column(self.column)


@dataclass(frozen=True)
class Group:
    """Lines on one picture.

    Attributes
    ----------
    name, title : str
        As of a `Picture`.
    shares : tuple of Line
        Shares (0..1), drawn above on one scale.
    counts : tuple of Line
        Persons, drawn below on another.
    unless : tuple of str
        Columns that alone are no reason for this picture: they move in every run.
    about : str
        Begin of the caption.
    """

    name: str
    title: str
    shares: tuple[Line, ...]
    about: str
    counts: tuple[Line, ...] = ()
    unless: tuple[str, ...] = ()


GROUPS = (
    Group(
        "world", "The world outside",
        (
            Line("condemnation", VERMILION),
            Line("findings", PURPLE),
            Line("sanctions", ORANGE),
            Line("patron", BLUE),
            Line("patron_gain", BLACK),
        ),
        "What the world does, each on a scale from none to all that is possible.",
    ),
    Group(
        "economy", "Money and services",
        (
            Line("contraction", VERMILION),
            Line("output_lost", GREEN),
            Line("arrears", ORANGE),
            Line("services", BLUE),
        ),
        "What the state takes in and gives, as shares of what it would be in full.",
        unless=("services",),
    ),
    Group(
        "media", "Media: who hears what",
        (
            Line("censorship", BLACK),
            Line("online_share", BLUE),
            Line("shutdown", VERMILION),
            Line("hub_reach", GREEN),
        ),
        "What stands between people and the news.",
    ),
    Group(
        "movement", "The movement from within",
        (
            Line("community_trust", GREEN),
            Line("coordination", BLUE),
            Line("cooptation", VERMILION),
        ),
        "How well the movement holds together, and who comes to speak for it.",
        (Line("vigils", PURPLE),),
        unless=("coordination",),
    ),
    Group(
        "war", "War",
        (
            Line("police_bound", VERMILION),
            Line("cyber", SKY),
        ),
        "What a war changes at home.",
        (Line("volunteers", BLUE),),
    ),
)  # fmt: skip
"""The table of these pictures. A line that is zero throughout the run is not drawn."""


def _moving(lines: tuple[Line, ...], run: Run) -> list[Line]:
    return [line for line in lines if line.column in run.days and bool(run.days[line.column].any())]


def _possible(group: Group) -> Callable[[Run], bool]:
    def possible(run: Run) -> bool:
        shown = [*_moving(group.shares, run), *_moving(group.counts, run)]
        return has(run.days, "date") and any(line.column not in group.unless for line in shown)

    return possible


def _draw(group: Group) -> Callable[[Run], Figure]:
    def draw(run: Run) -> Figure:
        panels = [lines for lines in (_moving(group.shares, run), _moving(group.counts, run)) if lines]
        figure = new_figure(2.6 if len(panels) == 1 else 3.8)
        heights = [1.6, 1.0][: len(panels)]
        for axis, lines in zip(
            figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0], panels, strict=True
        ):
            _lines(axis, lines, run)
        return figure

    return draw


def _lines(axis: Axes, lines: list[Line], run: Run) -> None:
    dates = dates_of(run)
    for line in lines:
        axis.plot(dates, run.days[line.column], color=line.colour, linewidth=1.4)
    highest = max(float(run.days[line.column].max()) for line in lines)
    axis.set_ylim(0, 1.08 * highest)
    axis.set_ylabel(lines[0].declared.axis)
    (percent if lines[0].declared.is_fraction else thousands)(axis)
    weekend_bands(axis, run)
    label_ends(axis, [(float(run.days[line.column].iloc[-1]), line.declared.brief, line.colour) for line in lines])


def _caption(group: Group) -> Callable[[Run], str]:
    def caption(run: Run) -> str:
        sentences = [_course(line, run) for line in (*_moving(group.shares, run), *_moving(group.counts, run))]
        return f"{group.about} {' '.join(sentences)}"

    return caption


def _course(line: Line, run: Run) -> str:
    """Say where a line is highest and lowest, or that it does not move."""
    values, one = run.days[line.column].to_numpy(dtype=float), line.declared
    subject = one.title
    if not one.is_fraction:
        at = int(values.argmax())
        return f"{subject}: at most {one.quantity(values[at])} on {day(dates_of(run).iloc[at])}."
    low, high = int(values.argmin()), int(values.argmax())
    said = [one.text(value) for value in values.round(4)]  # a hundredth of a percent is as fine as one can see
    if said[low] == said[high]:
        return f"{subject}: {said[high]} throughout."
    # What begins at its height is told by its lowest point, anything else by its highest.
    falls = np.isclose(values[high], values[0]) and low > high
    told, extreme = (low, "least") if falls else (high, "most")
    return f"{subject}: at {extreme} {said[told]} ({day(dates_of(run).iloc[told])}), {said[-1]} at the end."


PICTURES = tuple(Picture(g.name, g.title, _possible(g), _draw(g), _caption(g)) for g in GROUPS)
