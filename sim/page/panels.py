"""What there is to watch: header, key figures, map and neighbourhoods, charts, the story."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import solara
from numpy.typing import NDArray

from sim.page import chart_choice, words
from sim.page.chart_choice import Bands
from sim.page.chart_parts import Drawn
from sim.page.charts import Mark, Timeline, shade
from sim.page.fan import ENDS, SEEDS, Fan
from sim.page.ready import GROUPS, group_of, titles, variants
from sim.page.scales import nice_ticks
from sim.page.snapshot import PREPARING, RunSeen, Snapshot
from sim.page.tab import Tab
from sim.page.widgets import Answer, Choice, Controls, Gallery, Picture

if TYPE_CHECKING:
    from sim.run.load import Loaded

SPEEDS = ((1, "1"), (2, "2"), (5, "5"), (10, "10"), (25, "25"), (1000, "all it can"))
MAP_WIDTH = 480
LEAST_STEPS = 10
MAPPED = ("Where people are in action", "map, circles are localities, their area the people in action")
BY_THRESHOLD = ("Who acts, by threshold", "persons by threshold")
BY_CELL = ("Who is where", "cells of the grid, each in the colour of its state")
NUMBERS = ("The numbers of the step", "the numbers of the step")
"""Title of the main picture, and what it is for those who do not see it."""


def block(tag: str, text: str, kind: str = "", **more: Any) -> Any:
    """Return an element with nothing but text, which is escaped."""
    return solara.v.Html(tag=tag, children=[text], class_=kind, **more)


def as_source(png: bytes) -> str:
    """Return a picture as the ``src`` of an image."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


@solara.component
def Title(title: str, question: str) -> None:
    """Title and question of the case."""
    with solara.Div(classes=["pv-headline"]):
        block("h1", title)
        block("p", question, "pv-question")


@solara.component
def ScenarioChoice(tab: Tab, chosen: str) -> None:
    """The choice of a scenario; another one begins at once."""
    found = solara.use_memo(lambda: titles(tab.offered()), [])
    Choice(
        label="scenario",
        value=chosen,
        options=grouped(found),
        event_chosen=tab.choose_scenario,
        help="Another scenario begins at once",
    )


def grouped(scenarios: Mapping[str, str], begin: str = "") -> list[tuple[str, str, str]]:
    """Return scenarios as a menu has them: cases, what changes one thing of them, published models."""
    order = ("yours", *GROUPS.values())
    rows = [(f"{begin}{name}", title, group_of(name)) for name, title in scenarios.items()]
    return sorted(rows, key=lambda row: order.index(row[2]) if row[2] in order else len(order))


@solara.component
def WhatIfCard(tab: Tab, base: Loaded[Any], busy: bool) -> None:
    """The scenario's variants: one click sets one beside the run."""
    found = solara.use_memo(lambda: variants(base, tab.offered()), [base.path])
    if not found:
        solara.Div(classes=["pv-none"])
        return
    with solara.Div(classes=["pv-card", "pv-whatif"]):
        block("h2", "What if …")
        block("p", "Beside this run, with the same seed; both begin again. Rest on one for its question.", "pv-muted")
        with solara.Div(classes=["pv-chips"]):
            for one in found:
                solara.Button(
                    f"… {one.label}",
                    on_click=partial(tab.what_if, one.name),
                    disabled=busy,
                    classes=["pv-chip"],
                    text=True,
                    attributes={"title": one.question},
                )


@solara.component
def Notices(tab: Tab, preparing: bool, message: str, problem: str) -> None:
    """What is being prepared, what went wrong, and what the last export wrote."""
    notes = [(message or "starting", "pv-notice pv-preparing", "status")] if preparing else []
    notes += [(problem, "pv-notice pv-problem", "alert")] if problem else []
    notes += [(tab.notice.value, "pv-notice", "status")] if tab.notice.value else []
    with solara.Div(classes=["pv-notices" if notes else "pv-none"]):
        for text, kind, role in notes:
            block("div", text, kind, attributes={"role": role})


@solara.component
def ControlBar(tab: Tab, snapshot: Snapshot) -> None:
    """The controls, with what they need to know of the runs."""
    run = snapshot.runs[0] if snapshot.runs else None
    start = run.start if run else None
    last = start + dt.timedelta(days=snapshot.horizon - 1) if start else None
    shown = tab.day()
    Controls(
        playing=snapshot.playing,
        running=snapshot.running,
        busy=snapshot.status == PREPARING,
        waiting=tab.waiting(),
        unit=words.unit_of_time(run) if run else "day",
        days=snapshot.days,
        horizon=snapshot.horizon,
        shown=shown,
        shown_label=words.day_in_words(run, shown) if run else "",
        first_date=start.isoformat() if start else "",
        last_date=last.isoformat() if last else "",
        seed=tab.seed.value or (str(run.seed) if run else ""),
        generation=snapshot.generation,
        speed=tab.speed.value,
        speeds=[{"value": value, "label": label} for value, label in SPEEDS],
        event_play=tab.play,
        event_pause=tab.pause,
        event_step=tab.step,
        event_reset=tab.reset,
        event_set_speed=tab.set_speed,
        event_scrub=tab.scrub,
        event_follow=tab.follow,
        event_jump=tab.jump,
    )


@solara.component
def AnswerCard(tab: Tab, run: RunSeen, day: int, letter: str) -> None:
    """When and where it peaked, and the figures of the day that is shown."""
    Answer(
        letter=letter,
        sentence=words.answer(run),
        peak=words.peak_day(run),
        unit=words.unit_of_time(run),
        figures=[(figure.label, figure.value, figure.note) for figure in words.key_figures(run, day)],
        event_chosen=tab.scrub,
    )


def titled(letter: str, title: str) -> str:
    """Return a title, with the letter of the run before it where two are compared."""
    return f"{letter} · {title}" if letter else title


def file_name(letter: str, name: str) -> str:
    """Return what a picture is saved as, likewise."""
    return f"{letter.lower()}-{name}" if letter else name


@solara.component
def MapChoices(tab: Tab, base: Loaded[Any], colour: str, selected: str) -> None:
    """What the colour stands for, and the selected locality by name."""
    from sim.page.images import COLOURINGS

    places: list[str] = sorted(base.config.places.localities)
    with solara.Div(classes=["pv-row", "pv-map-choices"]):
        Choice(label="colour", value=colour, options=[*COLOURINGS.items()], event_chosen=tab.set_colour)
        Choice(
            label="locality", value=selected, options=[("", "click the map, or choose"), *((n, n) for n in places)],
            event_chosen=tab.select,
        )  # fmt: skip


@solara.component
def MapCard(tab: Tab, run: RunSeen, generation: int, day: int, letter: str) -> None:
    """The country on the day that is shown; a click selects a locality."""
    colour, selected = tab.colour.value, tab.selected.value

    def draw() -> str:
        from sim.page.images import picture

        frame = run.frame(day)
        return as_source(picture(frame, run.country, colour=colour, selected=selected or None, width=MAP_WIDTH))

    source = solara.use_memo(draw, [generation, day, colour, selected])

    mapped = run.country is not None
    title, alt = _main_picture(run, day)
    with solara.Div(classes=["pv-card", "pv-map"]):
        if mapped and letter != "B":
            MapChoices(tab, run.base, colour, selected)
        Picture(
            name=file_name(letter, "map"),
            title=titled(letter, title),
            png=source,
            alt=f"{words.day_in_words(run, day)}: {alt}",
            clickable=mapped,
            event_picked=partial(tab.pick, run, day, MAP_WIDTH),
        )


@solara.component
def NeighbourhoodCard(tab: Tab, run: RunSeen, generation: int, day: int, letter: str) -> None:
    """The selected locality from near: its citizens by neighbourhood."""
    name = tab.selected.value
    known = run.country is not None and name in run.country.names

    def draw() -> str:
        from sim.page.images import neighbourhood_png

        return as_source(neighbourhood_png(run.frame(day), run.country, name, width=MAP_WIDTH)) if known else ""

    source = solara.use_memo(draw, [generation, day, name, known])
    if not known:
        solara.Div(classes=["pv-none"])
        return
    with solara.Div(classes=["pv-card", "pv-near"]):
        Picture(
            name=file_name(letter, f"neighbourhoods-{name}"),
            title=titled(letter, f"{name} from near"),
            png=source,
            alt=f"Neighbourhoods of {name}, each agent coloured by what it does",
            clickable=False,
            event_picked=tab.follow,
        )


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


def _main_picture(run: RunSeen, day: int) -> tuple[str, str]:
    if run.country is not None:
        return MAPPED
    if run.first.grid is not None:
        return BY_CELL
    return BY_THRESHOLD if run.frame(day).crowd else NUMBERS
