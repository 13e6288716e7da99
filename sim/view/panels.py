"""What there is to watch: header, key figures, map and neighbourhoods, charts, the story."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from html import escape
from typing import Any

import solara

from sim.view import chart_table, words
from sim.view.charts import LEFT, RIGHT, WIDTH, Mark, Timeline
from sim.view.snapshot import PREPARING, RunSeen, Snapshot
from sim.view.tab import NEWEST, Tab
from sim.view.widgets import Choice, Controls, Picture, Story

SPEEDS = ((1, "1"), (2, "2"), (5, "5"), (10, "10"), (25, "25"), (1000, "all it can"))
MAP_WIDTH = 620
LETTERS = ("A", "B")


def block(tag: str, text: str, kind: str = "", **more: Any) -> Any:
    """Return an element with nothing but text, which is escaped."""
    return solara.v.Html(tag=tag, children=[text], class_=kind, **more)


def as_source(png: bytes) -> str:
    """Return a picture as the ``src`` of an image."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


@solara.component
def Header(tab: Tab) -> None:
    """Title and question of the case, the choice of a scenario, and how it stands."""
    snapshot: Snapshot = tab.snapshot.value
    names = solara.use_memo(_scenarios, [])
    chosen = tab.setups.value[0].scenario
    options = [*names.items()] if chosen in names else [(chosen, chosen), *names.items()]
    with solara.Div(classes=["pv-header"]):
        with solara.Div(classes=["pv-headline"]):
            if snapshot.runs:
                about = snapshot.runs[0].loaded.config.about  # type: ignore[attr-defined]
                block("h1", about.title)
                block("p", about.question or about.summary, "pv-question")
            else:
                block("h1", "protestorate")
        Choice(label="scenario", value=chosen, options=options, event_chosen=tab.choose_scenario, help="Another scenario begins at once")


def _scenarios() -> dict[str, str]:
    from sim.view.sliders import scenarios

    return scenarios()


@solara.component
def Notices(tab: Tab) -> None:
    """What is being prepared, what went wrong, and what the last export wrote."""
    snapshot: Snapshot = tab.snapshot.value
    if snapshot.status == PREPARING:
        with solara.Div(classes=["pv-notice", "pv-preparing"], attributes={"role": "status"}):
            block("span", snapshot.message or "starting")
    if snapshot.problem:
        with solara.Div(classes=["pv-notice", "pv-problem"], attributes={"role": "alert"}):
            block("span", snapshot.problem)
    if tab.notice.value:
        with solara.Div(classes=["pv-notice"], attributes={"role": "status"}):
            block("span", tab.notice.value)


@solara.component
def ControlBar(tab: Tab) -> None:
    """The controls, with what they need to know of the runs."""
    snapshot: Snapshot = tab.snapshot.value
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
def KeyFigures(tab: Tab, run: RunSeen, day: int, letter: str = "") -> None:
    """When and where it peaked, and the figures of the day that is shown."""
    with solara.Div(classes=["pv-card", "pv-answer"]):
        block("p", f"{letter}: {words.answer(run)}" if letter else words.answer(run), "pv-sentence")
        peak = words.peak_day(run)
        if peak and run.start and not letter:
            solara.Button(
                "show that day", on_click=lambda: tab.scrub(peak), classes=["pv-plain"], text=True, small=True
            )
        cells = "".join(
            f"<div><b>{escape(figure.value)}</b><span>{escape(figure.label)}</span><i>{escape(figure.note)}</i></div>"
            for figure in words.key_figures(run, day)
        )
        solara.HTML("div", cells, classes=["pv-figures"])


@solara.component
def MapCard(tab: Tab, index: int, day: int) -> None:
    """The country on the day that is shown; a click selects a locality."""
    run: RunSeen = tab.snapshot.value.runs[index]
    generation = tab.snapshot.value.generation
    colour, selected = tab.colour.value, tab.selected.value

    def draw() -> str:
        from sim.view.images import picture

        return as_source(picture(run.frame(day), run.country, colour=colour, selected=selected or None, width=MAP_WIDTH))

    source = solara.use_memo(draw, [generation, index, day, colour, selected])

    def pick(place: dict[str, float]) -> None:
        from sim.view.images import locality_at, map_size

        width, height = map_size(run.country, MAP_WIDTH)
        found = locality_at(run.frame(day), run.country, place["x"] * width, place["y"] * height, MAP_WIDTH)
        if found:
            tab.selected.value = found

    with solara.Div(classes=["pv-card", "pv-map"]):
        if run.country is not None and index == 0:
            with solara.Div(classes=["pv-row"]):
                Choice(label="colour", value=colour, options=_colourings(), event_chosen=lambda name: tab.colour.set(name))
                Choice(label="locality", value=selected, options=_localities(run), event_chosen=lambda name: tab.selected.set(name))
        what = words.day_in_words(run, day)
        Picture(
            name=f"map-{LETTERS[index].lower()}" if len(tab.snapshot.value.runs) > 1 else "map",
            title=_map_title(tab, index, run),
            png=source,
            alt=f"Map of {what}: circles are localities, their area the people in action",
            clickable=run.country is not None,
            event_picked=pick,
        )


def _map_title(tab: Tab, index: int, run: RunSeen) -> str:
    title = "Map: click a locality" if run.country is not None else "Thresholds"
    return f"{LETTERS[index]} · {title}" if len(tab.snapshot.value.runs) > 1 else title


def _colourings() -> list[tuple[str, str]]:
    from sim.view.images import COLOURINGS

    return list(COLOURINGS.items())


def _localities(run: RunSeen) -> list[tuple[str, str]]:
    return [("", "– none –"), *((name, name) for name in sorted(run.loaded.config.places.localities))]  # type: ignore[attr-defined]


@solara.component
def NeighbourhoodCard(tab: Tab, index: int, day: int) -> None:
    """The selected locality from near: its citizens by neighbourhood."""
    run: RunSeen = tab.snapshot.value.runs[index]
    generation = tab.snapshot.value.generation
    name = tab.selected.value
    known = run.country is not None and name in run.loaded.config.places.localities  # type: ignore[attr-defined]

    def draw() -> str:
        from sim.view.images import neighbourhood_png

        return as_source(neighbourhood_png(run.frame(day), run.country, name, width=MAP_WIDTH)) if known else ""

    source = solara.use_memo(draw, [generation, index, day, name, known])
    if known:
        letter = f"{LETTERS[index]} · " if len(tab.snapshot.value.runs) > 1 else ""
        with solara.Div(classes=["pv-card"]):
            Picture(
                name=f"neighbourhoods-{name}",
                title=f"{letter}{name}, from near",
                png=source,
                alt=f"Neighbourhoods of {name}: a square for each agent, coloured by what it does",
            )


def timeline_of(run: RunSeen, horizon: int, day: int) -> Timeline:
    """Return the horizontal axis of a run's charts, with its events and the day that is shown."""
    return Timeline(horizon, run.start, day - 1 if day else None, marks_of(run))


def marks_of(run: RunSeen) -> tuple[Mark, ...]:
    """Return the scenario's events and moved levers as marks, numbered by date."""
    from sim.view.story import event_markers

    if run.start is None:
        return ()
    start, found = run.start, []
    for number, (date, until, title) in enumerate(event_markers(run.loaded.config, run.moved), start=1):
        when = words.date_in_words(date)
        if until and until != date:
            when += f" to {words.date_in_words(until)}"
        first = max(0, (date - start).days)
        if first < run.horizon:
            found.append(Mark(first, max(first, ((until or date) - start).days), number, f"{title} ({when})"))
    return tuple(found)


@solara.component
def Charts(tab: Tab, index: int, day: int) -> None:
    """The charts of a run; a click on a chart shows that day."""
    snapshot: Snapshot = tab.snapshot.value
    run = snapshot.runs[index]
    other = snapshot.runs[1 - index].series if len(snapshot.runs) > 1 else None
    timeline = timeline_of(run, snapshot.horizon, day)

    def draw() -> Sequence[chart_table.Drawn]:
        found = chart_table.possible(run.series)
        return [chart_table.drawn(chart, run.series, timeline, other or None) for chart in found]

    charts = solara.use_memo(draw, [snapshot.version, index, day])
    letter = f"{LETTERS[index]} · " if other is not None else ""
    prefix = f"{LETTERS[index].lower()}-" if other is not None else ""
    with solara.Div(classes=["pv-charts"]):
        for chart in charts:
            ChartCard(tab, chart, f"{letter}{chart.title}", f"{prefix}{chart.name}", snapshot.horizon)


@solara.component
def ChartCard(tab: Tab, chart: chart_table.Drawn, title: str, name: str, horizon: int) -> None:
    """A chart with its legend."""

    def pick(place: dict[str, float]) -> None:
        tab.scrub(day_at(place["x"], horizon))

    with solara.Div(classes=["pv-card", "pv-chart"]):
        Picture(
            name=name, title=title, note=chart.note, svg=chart.svg, legend=chart.legend, clickable=True, event_picked=pick
        )


def day_at(share: float, horizon: int) -> int:
    """Return the day that lies at a share of a chart's width; 1 is the first."""
    inside = (share * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT)
    return max(1, min(horizon, int(inside * horizon) + 1))


@solara.component
def StoryCard(tab: Tab, index: int) -> None:
    """What happened: the turning points, or a sentence for every day."""
    every, set_every = solara.use_state(False)
    snapshot: Snapshot = tab.snapshot.value
    run = snapshot.runs[index]
    shown = tab.day()

    def tell() -> list[tuple[int, str, bool]]:
        from sim.view.story import sentences, turning_points

        turns = {day for day, _, _ in turning_points(run.frames, run.loaded.config)}
        told = (sentences if every else turning_points)(run.frames, run.loaded.config)
        return [(day, text, day in turns) for day, _, text in told]

    told = solara.use_memo(tell, [snapshot.generation, index, run.days, every])
    letter = f"{LETTERS[index]} · " if len(snapshot.runs) > 1 else ""
    rows = [
        {
            "key": f"{day}-{count}",
            "day": day,
            "when": words.day_in_words(run, day),
            "text": text,
            "turn": turn and every,
            "now": day == shown and tab.shown.value != NEWEST,
        }
        for count, (day, text, turn) in enumerate(told)
    ]
    with solara.Div(classes=["pv-card"]):
        with solara.Div(classes=["pv-row"]):
            block("h2", f"{letter}What happened")
            Choice(
                label="show", value="all" if every else "turns",
                options=(("turns", "turning points"), ("all", "every day")),
                event_chosen=lambda value: set_every(value == "all"),
            )  # fmt: skip
        if rows:
            Story(rows=rows[::-1], event_chosen=tab.scrub)
        else:
            block("p", "Press Play or Step, and it will be told here.", "pv-muted")
