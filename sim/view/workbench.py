"""What there is to change and to take away: live levers, settings of the next run, comparison, export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import solara

from sim.view import chart_table, exporting, words
from sim.view.panels import LETTERS, ChartCard, block, timeline_of
from sim.view.building import Setup
from sim.view.snapshot import PREPARING, RunSeen, Snapshot
from sim.view.tab import Tab
from sim.view.widgets import Choice, Slider


@solara.component
def LeverCard(tab: Tab, index: int) -> None:
    """Live levers: what can be changed while the run goes on."""
    from sim.view.levers import LEVERS

    run: RunSeen = tab.snapshot.value.runs[index]
    if not run.levers:
        return
    letter = f"{LETTERS[index]} · " if len(tab.snapshot.value.runs) > 1 else ""
    with solara.Div(classes=["pv-card", "pv-levers"]):
        block("h2", f"{letter}Change it while it runs")
        block("p", "A lever works from the next day on. Released, the scenario decides again.", "pv-muted")
        for name, lever in LEVERS.items():
            held = run.levers.get(name)
            Slider(
                ident=f"lever-{index}-{name}",
                label=lever.label,
                unit="",
                low=lever.low,
                high=lever.high,
                step=lever.step,
                value=lever.low if held is None else held,
                help=lever.help,
                back="release",
                changed_from_default=held is not None,
                text_now="as the scenario has it" if held is None else "",
                disabled=not run.running,
                event_moved=partial(tab.session.set_lever, index, name),
            )


@solara.component
def SettingsCard(tab: Tab, index: int) -> None:
    """Sliders of the parameters that matter most; they act on Reset."""
    from sim.view.sliders import sliders

    snapshot: Snapshot = tab.snapshot.value
    setup: Setup = tab.setups.value[index]
    run = snapshot.runs[index]
    found = solara.use_memo(lambda: sliders(run.base), [snapshot.generation, index])
    letter = f"{LETTERS[index]} · " if len(tab.setups.value) > 1 else ""
    with solara.Div(classes=["pv-card"]):
        block("h2", f"{letter}Start it differently")
        block("p", "These settings act on Reset. Rest on a name to see its meaning, range and source.", "pv-muted")
        with solara.Div(classes=["pv-sliders"]):
            for slider in found:
                chosen = setup.values.get(slider.name)
                Slider(
                    ident=f"slider-{index}-{slider.name}",
                    label=slider.label,
                    unit="" if slider.unit in ("share", "number") else slider.unit,
                    low=slider.low,
                    high=slider.high,
                    step=slider.step,
                    value=slider.default if chosen is None else chosen,
                    help=slider.help,
                    back="scenario's own",
                    changed_from_default=chosen is not None and chosen != slider.default,
                    event_moved=partial(tab.set_slider, index, slider.name),
                )
        if setup.values or setup.overrides:
            block("p", f"Changed: {_changed(setup)}", "pv-muted")
        if tab.waiting():
            solara.Button("Reset with these settings", on_click=lambda: tab.reset(), classes=["pv-plain"], text=True)


def _changed(setup: Setup) -> str:
    changed = {**setup.overrides, **setup.values}
    return ", ".join(f"{words.readable(name)} = {value}" for name, value in changed.items())


def presets(run: RunSeen) -> dict[str, Mapping[str, Any]]:
    """Return ready comparisons: the same without one of its mechanisms; overrides by what they are called."""
    mechanisms = getattr(run.base.config, "mechanisms", None)
    if mechanisms is None:
        return {}
    found: dict[str, Mapping[str, Any]] = {}
    for name, on in mechanisms:
        if on:
            found[f"without {words.readable(name)}"] = {f"mechanisms.{name}": False}
    return found


@solara.component
def CompareCard(tab: Tab) -> None:
    """Choose what to compare with; what differs, and what came of it."""
    snapshot: Snapshot = tab.snapshot.value
    run = snapshot.runs[0]
    busy = snapshot.status == PREPARING
    ready = presets(run)
    setups: tuple[Setup, ...] = tab.setups.value
    names = solara.use_memo(_scenarios, [])
    others = {name: title for name, title in names.items() if name != setups[0].scenario}

    def choose(value: str) -> None:
        kind, _, name = value.partition(":")
        first = setups[0]
        if kind == "same":
            tab.compare(replace(first))
        elif kind == "preset":
            tab.compare(replace(first, overrides={**first.overrides, **ready[name]}))
        elif kind == "scenario":
            tab.compare(Setup(name, {}, {}))
        else:
            tab.compare(None)

    options = [("off", "nothing")]
    options += [(f"preset:{name}", f"the same, {name}") for name in _shutdown_first(ready)]
    options += [("same:", "the same (then move sliders of B)")]
    options += [(f"scenario:{name}", title) for name, title in others.items()]
    with solara.Div(classes=["pv-card", "pv-compare"]):
        block("h2", "Compare")
        block("p", "A second run beside the first: the same seed, the same clock. Both begin again.", "pv-muted")
        Choice(
            label="compare with",
            value=_chosen(setups, ready),
            options=options,
            event_chosen=choose,
            wide=True,
            disabled=busy,
        )
        if len(snapshot.runs) > 1:
            first, second = snapshot.runs
            block("h3", "What differs")
            solara.HTML("div", _table(("", "A", "B"), _short(words.what_differs(first, second))))
            block("h3", f"What came of it, after {min(first.days, second.days)} {words.unit_of_time(first)}s")
            solara.HTML("div", _table(("", "A", "B", "B minus A"), words.came_of_it(first, second)))


def _shutdown_first(ready: Mapping[str, Any]) -> list[str]:
    return sorted(ready, key=lambda name: (name != "without shutdown", name))


def _chosen(setups: tuple[Setup, ...], ready: Mapping[str, Mapping[str, Any]]) -> str:
    if len(setups) < 2:
        return "off"
    first, second = setups
    if second.scenario != first.scenario:
        return f"scenario:{second.scenario}"
    for name, overrides in ready.items():
        if dict(second.overrides) == {**first.overrides, **overrides}:
            return f"preset:{name}"
    return "same:"


def _scenarios() -> dict[str, str]:
    from sim.view.sliders import scenarios

    return scenarios()


MOST_ROWS = 40


def _short(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    if len(rows) > MOST_ROWS:
        return [*rows[:MOST_ROWS], (f"… and {len(rows) - MOST_ROWS} more", "", "")]
    return rows or [("nothing", "", "")]


def _table(head: tuple[str, ...], rows: list[Any]) -> str:
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope='row'>{escape(row[0])}</th>" + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f"<table class='pv-table'><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


@solara.component
def Differences(tab: Tab, day: int) -> None:
    """B minus A, day by day."""
    snapshot: Snapshot = tab.snapshot.value
    first, second = snapshot.runs
    timeline = timeline_of(first, snapshot.horizon, day)
    charts = solara.use_memo(
        lambda: chart_table.differences(first.series, second.series, timeline), [snapshot.version, day]
    )
    with solara.Div(classes=["pv-section"]):
        block("h2", "The difference: B minus A")
        with solara.Div(classes=["pv-charts"]):
            for chart in charts:
                ChartCard(tab, chart, f"{chart.title}: B minus A", chart.name, snapshot.horizon)


@solara.component
def ExportCard(tab: Tab, index: int) -> None:
    """Take the run away: its folder, its events, its movie."""
    run: RunSeen = tab.snapshot.value.runs[index]
    letter = f"{LETTERS[index]} · " if len(tab.snapshot.value.runs) > 1 else ""
    with solara.Div(classes=["pv-card", "pv-export"]):
        block("h2", f"{letter}Take it away")
        block("p", f"Written to {tab.options.export_folder}/. Each chart and the map have a button PNG.", "pv-muted")
        with solara.Div(classes=["pv-row"]):
            for label, export in exporting.EXPORTS.items():
                if export is exporting.movie and run.country is None:
                    continue
                solara.Button(
                    label,
                    on_click=partial(exporting.order, tab, index, label),
                    disabled=not run.days,
                    classes=["pv-button"],
                    text=True,
                )
