"""What there is to watch: header, controls, key figures, map and neighbourhoods."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import solara

from sim.page import words
from sim.page.ready import GROUPS, group_of, titles, variants
from sim.page.snapshot import PREPARING, RunSeen, Snapshot
from sim.page.tab import Tab
from sim.page.widgets import Answer, Choice, Controls, Picture

if TYPE_CHECKING:
    from sim.run.load import Loaded

SPEEDS = ((1, "1"), (2, "2"), (5, "5"), (10, "10"), (25, "25"), (1000, "all it can"))
MAP_WIDTH = 480
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
    """What is being prepared, what went wrong, and the answer to the last order."""
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
            label="locality", value=selected, options=[("", "click or choose"), *((n, n) for n in places)],
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


def _main_picture(run: RunSeen, day: int) -> tuple[str, str]:
    if run.country is not None:
        return MAPPED
    if run.first.grid is not None:
        return BY_CELL
    return BY_THRESHOLD if run.frame(day).crowd else NUMBERS
