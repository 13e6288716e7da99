"""Events: the numbered marks on other pictures, and the timeline of what was given and what followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from analysis.report.figures.style import Run, dates_of, new_figure, readable, section, shorten
from sim.core.formats import day, number
from sim.figures.plot import BLUE, GREEN, GREY, INK, PALE, VERMILION, time_axis

MOST_MARKS = 40  # numbered marks on one picture; more could not be told apart
APART = 16.0  # points between the middles of two marks


@dataclass(frozen=True)
class Shock:
    """An event of the scenario, clipped to the days that were run."""

    title: str
    start: pd.Timestamp
    end: pd.Timestamp


@dataclass(frozen=True)
class Turn:
    """A day on which the run itself reached something, such as its largest turnout."""

    title: str
    date: pd.Timestamp
    colour: str


def as_number(when: pd.Timestamp) -> float:
    """Return a date as matplotlib counts days."""
    return float(date2num(when.to_pydatetime()))  # type: ignore[no-untyped-call]


def shocks(run: Run) -> list[Shock]:
    """Return the scenario's events that touch the days run, by date."""
    if "date" not in run.days:
        return []
    dates = dates_of(run)
    first, last = dates.iloc[0], dates.iloc[-1]
    found = []
    for name, event in (section(run, "events") or {}).items():
        start = pd.Timestamp(event.date)
        end = pd.Timestamp(event.until or event.date)
        if start <= last and end >= first:
            title = event.title or readable(name)
            found.append(Shock(title, max(start, first), min(end, last)))
    return sorted(found, key=lambda shock: (shock.start, shock.end, shock.title))


def turns(run: Run) -> list[Turn]:
    """Return the days on which turnout, detentions and strikes peaked, and the day of the outcome."""
    found = []
    dates = dates_of(run)
    for column, words, colour in TURNS:
        if column in run.days and run.days[column].max() > 0:
            at = int(run.days[column].to_numpy().argmax())
            height = number(run.days[column].iloc[at])
            found.append(Turn(words.format(height), dates.iloc[at], colour))
    if run.outcome is not None and run.outcome.date is not None:
        found.append(Turn(f"outcome: {readable(run.outcome.name)}", pd.Timestamp(run.outcome.date), INK))
    return sorted(found, key=lambda turn: turn.date)


TURNS = (
    ("attending", "largest turnout: {} persons", BLUE),
    ("detained_today", "most detained in a day: {}", VERMILION),
    ("striking", "most on strike: {} persons", GREEN),
)


def joined(found: Sequence[Shock], places: Sequence[float], apart: float) -> list[tuple[float, str]]:
    """Return one mark for events that stand closer than `apart`: where, and their numbers, such as ``3–6``.

    Parameters
    ----------
    found : sequence of Shock
        By date; they are numbered from 1.
    places : sequence of float
        Where each stands along the axis, ascending.
    apart : float
        What a mark needs to the one before, in the unit of `places`; after one of several numbers a third more.
    """
    groups: list[list[int]] = []
    for count in range(1, len(found) + 1):
        near = groups and places[count - 1] - _middle(groups[-1], places) < apart * (1.33 if len(groups[-1]) > 1 else 1)
        if near:
            groups[-1].append(count)
        else:
            groups.append([count])
    return [
        (_middle(group, places), str(group[0]) if len(group) == 1 else f"{group[0]}–{group[-1]}") for group in groups
    ]


def _middle(group: Sequence[int], places: Sequence[float]) -> float:
    return (places[group[0] - 1] + places[group[-1] - 1]) / 2


def mark_events(axis: Axes, found: Sequence[Shock]) -> None:
    """Number events above an axis, in one row; `key_columns` says what the numbers are.

    Events too close to have a mark each share one, such as ``3–6``. The limits of the axis must be final.
    """
    if len(found) > MOST_MARKS:
        return
    width = axis.bbox.width * 72 / axis.figure.dpi  # points
    low, high = axis.get_xlim()
    for shock in found:
        axis.axvline(as_number(shock.start), color=GREY, linewidth=0.7, linestyle=(0, (2, 2)), zorder=0.5)
    places = [(as_number(shock.start) - low) / (high - low) * width for shock in found]
    for place, numbers in joined(found, places, APART):
        axis.annotate(
            numbers, (place / width, 1), xycoords="axes fraction", xytext=(0, 9), textcoords="offset points",
            ha="center", va="center", fontsize=7.5, color="white",
            bbox={"boxstyle": "round,pad=0.3,rounding_size=0.7", "facecolor": INK, "edgecolor": "none"},
        )  # fmt: skip


def key_columns(found: Sequence[Shock], columns: int = 2, width: int = 41) -> list[str]:
    """Return the numbered list of events that belongs to `mark_events`, one text per column."""
    if len(found) > MOST_MARKS:
        return []
    lines = [
        f"{count}  {shorten(shock.title, width)} ({shock.start.day} {shock.start:%b})"
        for count, shock in enumerate(found, start=1)
    ]
    rows = max(1, -(-len(lines) // columns))
    return ["\n".join(lines[start : start + rows]) for start in range(0, len(lines), rows)]


def draw_timeline(run: Run) -> Figure:
    """Draw a row for each event of the scenario and each turning point of the run."""
    rows = sorted(
        [(shock.start, shock.end, shock.title, INK, False) for shock in shocks(run)]
        + [(turn.date, turn.date, turn.title, turn.colour, True) for turn in turns(run)],
        key=lambda row: (row[0], row[1]),
    )
    dates = dates_of(run)
    figure = new_figure(0.9 + 0.235 * len(rows))
    axis = figure.subplots()
    middle = dates.iloc[0] + (dates.iloc[-1] - dates.iloc[0]) / 2
    for height, (start, end, title, colour, is_turn) in enumerate(rows):
        axis.axhline(height, color=PALE, linewidth=0.6, zorder=0)
        axis.plot(
            [as_number(start), as_number(end)],
            [height, height],
            color=colour,
            linewidth=3,
            solid_capstyle="round",
        )
        marker = "D" if is_turn else "o"
        axis.plot(as_number(start), height, marker=marker, markersize=6, color=colour, clip_on=False)
        # Beside the bar where there is room; a bar across the middle carries its name on itself.
        leftward = start > middle
        anchor = end if end <= middle else start
        axis.annotate(
            shorten(title, 75), (anchor, height), xytext=(-9 if leftward else 9, 0),
            textcoords="offset points", va="center", ha="right" if leftward else "left",
            fontsize=8.5, color=colour, fontweight="bold" if is_turn else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.yaxis.set_visible(False)
    axis.spines["left"].set_visible(False)
    axis.grid(True, axis="x")
    time_axis(axis, dates)
    return figure


def timeline_caption(run: Run) -> str:
    """Say how many events were given, and in which order the run's own peaks came."""
    given = len(shocks(run))
    own = [f"{turn.title} ({day(turn.date)})" for turn in turns(run)]
    first = f"{given} event{'s' * (given != 1)} given by the scenario (circles; bars where they last)"
    if not own:
        return f"{first}. The run itself reached nothing to mark."
    return f"{first}, and what the run itself produced (coloured diamonds): {'; '.join(own)}."
