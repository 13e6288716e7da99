"""The charts of the page: drawn, with the numbers behind them, and other seeds behind their lines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import solara
from numpy.typing import NDArray

from sim.page import chart_choice, words
from sim.page.chart_choice import Bands
from sim.page.chart_parts import Drawn
from sim.page.charts import Mark, Timeline, shade
from sim.page.fan import ENDS, SEEDS, Fan
from sim.page.panels import block, file_name, titled
from sim.page.scales import nice_ticks
from sim.page.snapshot import RunSeen
from sim.page.tab import Tab
from sim.page.widgets import Gallery

LEAST_STEPS = 10


def timeline_of(run: RunSeen, horizon: int, day: int) -> Timeline:
    """Return the horizontal axis of a run's charts, with its events and the day that is shown."""
    return Timeline(axis_steps(run, horizon), run.start, day - 1 if day else None, marks_of(run))


def axis_steps(run: RunSeen, horizon: int) -> int:
    """Return how many steps an axis has: all days of a calendar; without one, a round number above those done."""
    if run.start is not None:
        return horizon
    return min(horizon, max(LEAST_STEPS, int(nice_ticks(0, max(run.days, 1))[-1])))


def marks_of(run: RunSeen) -> tuple[Mark, ...]:
    """Return the scenario's events and the levers moved as marks, numbered by date."""
    if run.start is None:
        return ()
    found = []
    for number, (date, until, title) in enumerate(run.markers, start=1):
        first, last = max(0, (date - run.start).days), (until - run.start).days
        if first < run.horizon:
            found.append(Mark(first, max(first, last), number, f"{title} ({period(date, until)})"))
    return tuple(found)


def period(first: dt.date, last: dt.date) -> str:
    """Return the days of an event in words."""
    if first == last:
        return words.date_in_words(first)
    return f"{words.date_in_words(first)} to {words.date_in_words(last)}"


@solara.component
def Charts(
    tab: Tab,
    runs: tuple[RunSeen, ...],
    letters: tuple[str, ...],
    generation: int,
    horizon: int,
    day: int,
    bands: Bands | None = None,
) -> None:
    """The charts of one run, or of two in pairs that share their axes; a click on a chart shows that day.

    `bands` are what other seeds have given of the one.
    """

    def lay_out() -> list[Named]:
        series = {id(run): run.series or nothing_yet(run) for run in runs}
        by_run = [{chart.name: chart for chart in chart_choice.possible(series[id(run)], run.columns)} for run in runs]
        names = dict.fromkeys(name for charts in by_run for name in charts)
        found = [
            (charts[name], run, series[id(other)] if len(runs) > 1 and name in others else None, letter)
            for name in names
            for charts, run, letter, others, other in zip(by_run, runs, letters, by_run[::-1], runs[::-1], strict=True)
            if name in charts
        ]
        return [
            Named(
                chart_choice.drawn(chart, series[id(run)], timeline_of(run, horizon, day), beside, bands),
                titled(letter, chart.title),
                file_name(letter, chart.name),
            )
            for chart, run, beside, letter in found
        ]

    done = [(run.days, len(run.markers)) for run in runs]
    charts = solara.use_memo(lay_out, [generation, done, day, bands])
    Shown(tab, "Charts", charts, runs[0].start, axis_steps(runs[0], horizon))


@solara.component
def FanCard(tab: Tab, run: RunSeen, fan: Fan | None) -> None:
    """Other seeds beside the run: begin, how far it is, what it says, stop."""
    with solara.Div(classes=["pv-card", "pv-fan"]):
        if fan is None:
            block("span", "One run is one draw. How far do others lie from it?", "pv-muted")
            solara.Button(f"Run {SEEDS} other seeds", on_click=tab.run_fan, classes=["pv-button"], text=True)
            return
        block("span", words.fan_in_words(run, fan), "pv-fan-words", attributes={"role": "status"})
        if fan.working:
            solara.Button("Stop", on_click=tab.fanning.stop, classes=["pv-button"], text=True)
        else:
            solara.Button("Remove", on_click=tab.fanning.drop, classes=["pv-button"], text=True)


def nothing_yet(run: RunSeen) -> dict[str, NDArray[np.float64]]:
    """Return the columns of a run before its first day: the axes of its charts stand already."""
    return {one.name: np.zeros(0) for one in run.columns}


@dataclass(frozen=True, eq=False)
class Named:
    """A chart, its title, and what it is saved as."""

    chart: Drawn
    title: str
    name: str


@solara.component
def Shown(tab: Tab, label: str, charts: list[Named], start: dt.date | None, steps: int) -> None:
    """Charts, with the numbers of the one that somebody looks at."""
    wanted = tab.wanted.value
    names = tuple(one.name for one in charts)
    sent = solara.use_memo(
        lambda: [
            {"name": one.name, "title": one.title, "note": one.chart.note, "svg": one.chart.svg,
             "legend": one.chart.legend}
            for one in charts
        ],
        [charts],
    )  # fmt: skip
    values = solara.use_memo(
        lambda: next((table_of(one, start) for one in charts if one.name == wanted), NO_TABLE), [charts, wanted]
    )
    Gallery(
        label=label,
        charts=sent,
        values=values,
        event_picked=partial(tab.scrub_chart, steps),
        event_wanted=partial(tab.want, names),
    )


NO_TABLE: dict[str, Any] = {"name": "", "of": "", "x": [], "columns": []}


def table_of(one: Named, start: dt.date | None) -> dict[str, Any]:
    """Return the numbers of a chart: ``x`` are dates or steps, and each column has a value for each of them."""
    sizes = [line.values.size for line in one.chart.lines]
    days = max([*sizes, *(line.band.shape[1] for line in one.chart.lines if line.band is not None)], default=0)
    columns: list[dict[str, Any]] = []
    for line in one.chart.lines:
        axis = one.chart.right if line.right and one.chart.right else one.chart.left
        columns.append(
            {"label": line.label.removesuffix(" (right)"), "colour": shade(line.colour), "form": axis.form,
             "shown": True, "values": _finite(line.values), "ends": []}
        )  # fmt: skip
        if line.band is not None:
            ends = [_finite(end) for end in line.band]
            columns[-1]["ends"] = [ends[0], ends[-1]]
            label = columns[-1]["label"]
            columns += [
                {"label": f"{label}, {part:g}% of the other seeds are below", "shown": False, "values": end}
                for part, end in zip(ENDS, ends, strict=True)
            ]
    x = [(start + dt.timedelta(days=day)).isoformat() if start else day + 1 for day in range(days)]
    return {"name": one.name, "of": "date" if start else "step", "x": x, "columns": columns}


def _finite(values: NDArray[np.float64]) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values.tolist()]
