"""The page: one component a browser tab, which puts the panels together."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import reacton
import solara
from solara.server import kernel_context

from sim.view.options import options
from sim.view.panels import Charts, ControlBar, Header, KeyFigures, MapCard, NeighbourhoodCard, Notices, StoryCard, block
from sim.view.snapshot import Snapshot
from sim.view.tab import Tab
from sim.view.workbench import CompareCard, Differences, ExportCard, LeverCard, SettingsCard

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
log = logging.getLogger("protestorate.view")


@solara.component
def Layout(children: list[Any]) -> None:
    """Nothing around the page."""
    solara.Div(children=children, classes=["pv-root"])


def _new_tab() -> Tab:
    tab = Tab(options())
    # A tab that says goodbye, or is culled because it vanished, takes its models with it.
    kernel_context.get_current_context().on_close(tab.close)
    return tab


@solara.component
def Page() -> None:
    """Everything; a mistake of the program in a panel is told in words, with a button that begins again."""
    broken, repair = reacton.use_exception()
    solara.Title("protestorate")
    solara.Style(STYLE)
    if broken is not None:
        log.error("a panel of the page failed", exc_info=broken)
        with solara.Div(classes=["pv-notice", "pv-problem"], attributes={"role": "alert"}):
            block("span", "Something in the page has failed; the terminal tells what. Your run can be started anew.")
        solara.Button("Start anew", on_click=repair, classes=["pv-button"], text=True)
        return
    Everything()


@solara.component
def Everything() -> None:
    """The page of a tab."""
    tab: Tab = solara.use_memo(_new_tab, [])
    solara.use_effect(lambda: tab.close, [])
    snapshot: Snapshot = tab.snapshot.value
    Header(tab)
    ControlBar(tab)
    Notices(tab)
    if not snapshot.runs:
        return
    if len(snapshot.runs) > 1:
        _compared(tab, snapshot)
    else:
        _watched(tab)


def _watched(tab: Tab) -> None:
    """One run: map left, charts right, story and workbench below."""
    run, day = tab.snapshot.value.runs[0], tab.day()
    KeyFigures(tab, run, day)
    with solara.Div(classes=["pv-main-grid"]):
        with solara.Div(classes=["pv-left"]):
            MapCard(tab, 0, day)
            LeverCard(tab, 0)
            NeighbourhoodCard(tab, 0, day)
        with solara.Div(classes=["pv-right"]):
            Charts(tab, 0, day)
    with solara.Div(classes=["pv-three"]):
        StoryCard(tab, 0)
        SettingsCard(tab, 0)
        with solara.Div(classes=["pv-column"]):
            CompareCard(tab)
            ExportCard(tab, 0)


def _compared(tab: Tab, snapshot: Snapshot) -> None:
    """Two runs: the difference first, then A left and B right."""
    day = tab.day()
    with solara.Div(classes=["pv-two"]):
        for index, run in enumerate(snapshot.runs):
            KeyFigures(tab, run, day, "AB"[index])
    CompareCard(tab)
    Differences(tab, day)
    with solara.Div(classes=["pv-two"]):
        for index in range(2):
            with solara.Div(classes=["pv-column"]):
                MapCard(tab, index, day)
                NeighbourhoodCard(tab, index, day)
                Charts(tab, index, day)
                LeverCard(tab, index)
                SettingsCard(tab, index)
                StoryCard(tab, index)
                ExportCard(tab, index)
