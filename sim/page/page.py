"""The page: one component a browser tab, which puts the panels together."""

from __future__ import annotations

import logging
from typing import Any

import reacton
import solara
from solara.server import kernel_context

from sim.page.chronicle import StoryCard
from sim.page.compare import CompareChoice, Differences, Outcomes, called
from sim.page.gallery import Charts, FanCard
from sim.page.options import options
from sim.page.panels import (
    AnswerCard,
    ControlBar,
    MapCard,
    NeighbourhoodCard,
    Notices,
    ScenarioChoice,
    Title,
    WhatIfCard,
    block,
)
from sim.page.snapshot import PREPARING, Snapshot
from sim.page.tab import Tab
from sim.page.tour import STEPS
from sim.page.widgets import Pulse, Share, Sheet, Tour
from sim.page.workbench import ExportCard, LeverCard, SettingsCard

LETTERS = ("A", "B")
log = logging.getLogger("protestorate.view")


@solara.component
def Layout(children: list[Any]) -> None:
    """Nothing around the page."""
    solara.Div(children=children, classes=["pv-root"])


def _new_tab() -> Tab:
    tab = Tab(options(), waits=True)
    # A tab that says goodbye, or is culled because it vanished, takes its models with it.
    kernel_context.get_current_context().on_close(tab.close)
    return tab


def _tell(broken: BaseException | None) -> None:
    if broken is not None:
        log.error("a panel of the page failed", exc_info=broken)


@solara.component
def Page() -> None:
    """Everything; a mistake of the program in a panel is told in words, with a button that begins again."""
    broken, repair = reacton.use_exception()
    solara.use_effect(lambda: _tell(broken), [broken is None])
    solara.Title("protestorate")
    Sheet()
    if broken is not None:
        with solara.Div(classes=["pv-notice", "pv-problem"], attributes={"role": "alert"}):
            block("span", "Something in the page has failed; the terminal tells what. Your run can be started anew.")
        solara.Button("Start anew", on_click=repair, classes=["pv-button"], text=True)
        return
    Everything()


@solara.component
def Everything() -> None:
    """The page of a tab. Each panel is given what it shows and no more, so that a day redraws only what has changed."""
    tab: Tab = solara.use_memo(_new_tab, [])
    solara.use_effect(lambda: tab.close, [])
    snapshot: Snapshot = tab.snapshot.value
    about = snapshot.runs[0].loaded.config.about if snapshot.runs else None
    title, question = (about.title, about.question or about.summary) if about else ("protestorate", "")
    preparing = snapshot.status == PREPARING
    with solara.Div(classes=["pv-page"]):
        with solara.Div(classes=["pv-header"]):
            Title(title, question)
            with solara.Div(classes=["pv-choices"]):
                ScenarioChoice(tab, tab.setups.value[0].scenario)
                if snapshot.runs:
                    CompareChoice(tab, snapshot.runs[0].base, preparing)
                Share(
                    link=tab.link(),
                    begun=snapshot.generation > 0,
                    answered=tab.answered.value,
                    event_opened=tab.open_link,
                )
        ControlBar(tab, snapshot)
        Notices(tab, preparing, snapshot.message, snapshot.problem)
        if len(snapshot.runs) > 1:
            _compared(tab, snapshot)
        elif snapshot.runs:
            _watched(tab, snapshot, preparing)
        Tour(steps=STEPS, ready=snapshot.generation > 0)
        Pulse(version=snapshot.version, event_painted=tab.painted)  # last: it follows all that is drawn


def _watched(tab: Tab, snapshot: Snapshot, preparing: bool) -> None:
    """One run: map left, charts right, the workbench below."""
    run, day, generation = snapshot.runs[0], tab.day(), snapshot.generation
    AnswerCard(tab, run, day, "")
    with solara.Div(classes=["pv-main-grid", "pv-watched"]):
        with solara.Div(classes=["pv-column"]):
            MapCard(tab, run, generation, day, "")
            NeighbourhoodCard(tab, run, generation, day, "")
            WhatIfCard(tab, run.base, preparing)
            LeverCard(tab, 0, tuple(run.levers.items()), run.running, "")
            StoryCard(tab, run, day, "")
        with solara.Div(classes=["pv-column"]):
            fan = tab.fan.value
            FanCard(tab, run, fan)
            Charts(tab, (run,), ("",), generation, snapshot.horizon, day, fan.bands if fan else None)
    with solara.Div(classes=["pv-bench"]):
        SettingsCard(tab, 0, run.base, generation, "")
        ExportCard(tab, 0, run.days > 0, "")


def _compared(tab: Tab, snapshot: Snapshot) -> None:
    """Two runs: what differs and what came of it first, then A left and B right."""
    day, generation = tab.day(), snapshot.generation
    first, second = snapshot.runs
    names = called(first, second)
    with solara.Div(classes=["pv-two", "pv-answers"]):
        for letter, run, name in zip(LETTERS, snapshot.runs, names, strict=True):
            AnswerCard(tab, run, day, f"{letter} · {name}")
    with solara.Div(classes=["pv-main-grid"]):
        Outcomes(first, second, names)
        Differences(tab, first, second, generation, snapshot.horizon, day)
    with solara.Div(classes=["pv-maps"]):
        for letter, run in zip(LETTERS, snapshot.runs, strict=True):
            with solara.Div(classes=["pv-column"]):
                MapCard(tab, run, generation, day, letter)
                NeighbourhoodCard(tab, run, generation, day, letter)
        with solara.Div(classes=["pv-column"]):
            for index, (letter, run) in enumerate(zip(LETTERS, snapshot.runs, strict=True)):
                LeverCard(tab, index, tuple(run.levers.items()), run.running, letter)
    with solara.Div(classes=["pv-pairs"]):
        Charts(tab, snapshot.runs, LETTERS, generation, snapshot.horizon, day)
    with solara.Div(classes=["pv-two"]):
        for index, (letter, run) in enumerate(zip(LETTERS, snapshot.runs, strict=True)):
            with solara.Div(classes=["pv-column"]):
                StoryCard(tab, run, day, letter)
                SettingsCard(tab, index, run.base, generation, letter)
                ExportCard(tab, index, run.days > 0, letter)
