"""What there is to change and to take away: live levers, settings of the next run, comparison, export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import solara

from sim.view import chart_table, exporting, words
from sim.view.building import Setup
from sim.view.panels import as_chart, block, day_at, scenario_titles, timeline_of, titled
from sim.view.snapshot import RunSeen
from sim.view.tab import Tab
from sim.view.widgets import Choice, Gallery, Slider

if TYPE_CHECKING:
    from sim.scenario.load import Loaded


@solara.component
def LeverCard(tab: Tab, index: int, levers: tuple[tuple[str, float | None], ...], running: bool, letter: str) -> None:
    """Live levers: what can be changed while the run goes on."""
    from sim.view.levers import LEVERS

    held = dict(levers)
    if not held:
        solara.Div()
        return
    with solara.Div(classes=["pv-card", "pv-levers"]):
        block("h2", titled(letter, "Change it while it runs"))
        block("p", "A lever works from the next day on. Released, the scenario decides again.", "pv-muted")
        for name, lever in LEVERS.items():
            value = held.get(name)
            Slider(
                ident=f"lever-{index}-{name}",
                label=lever.label,
                unit="",
                low=lever.low,
                high=lever.high,
                step=lever.step,
                value=lever.low if value is None else value,
                help=lever.help,
                back="release",
                changed_from_default=value is not None,
                text_now="as the scenario has it" if value is None else "",
                disabled=not running,
                event_moved=partial(tab.session.set_lever, index, name),
            )


@solara.component
def SettingsCard(tab: Tab, index: int, base: Loaded, generation: int, letter: str) -> None:
    """Sliders of the parameters that matter most; they act on Reset."""
    from sim.view.sliders import sliders

    setups: tuple[Setup, ...] = tab.setups.value
    found = solara.use_memo(lambda: sliders(base), [generation])
    if index >= len(setups):
        solara.Div()
        return
    setup = setups[index]
    with solara.Div(classes=["pv-card", "pv-settings"]):
        with solara.Div(classes=["pv-row", "pv-spread"]):
            block("h2", titled(letter, "Start it differently"))
            if tab.waiting():
                solara.Button(
                    "Reset with these settings", on_click=lambda: tab.reset(), classes=["pv-button"], text=True
                )
        block("p", "These settings act on Reset. Rest on a name for its meaning, range and source.", "pv-muted")
        with solara.Div(classes=["pv-sliders"]):
            for slider in found:
                chosen = setup.values.get(slider.name)
                Slider(
                    ident=f"slider-{index}-{slider.name}",
                    label=slider.label,
                    unit="" if slider.unit in UNITLESS else slider.unit,
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


UNITLESS = ("share", "number", "factor")


def _changed(setup: Setup) -> str:
    changed = {**setup.overrides, **setup.values}
    return ", ".join(f"{words.readable(name)} = {value}" for name, value in changed.items())


def presets(base: Loaded) -> dict[str, Mapping[str, Any]]:
    """Return ready comparisons: the same without one of its mechanisms; overrides by what they are called."""
    mechanisms = getattr(base.config, "mechanisms", None)
    if mechanisms is None:
        return {}
    names = sorted((name for name, on in mechanisms if on), key=lambda name: (name != "shutdown", name))
    return {f"without {words.readable(name)}": {f"mechanisms.{name}": False} for name in names}


@solara.component
def CompareCard(tab: Tab, base: Loaded, busy: bool) -> None:
    """Choose what to compare with."""
    ready = solara.use_memo(lambda: presets(base), [base])
    setups: tuple[Setup, ...] = tab.setups.value
    titles = solara.use_memo(scenario_titles, [])
    others = {name: title for name, title in titles.items() if name != setups[0].scenario}

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
    options += [(f"preset:{name}", f"the same, {name}") for name in ready]
    options += [("same:", "the same (then move sliders of B)")]
    options += [(f"scenario:{name}", title) for name, title in others.items()]
    chosen = _chosen(setups, ready)
    if chosen not in dict(options):
        options.append((chosen, setups[1].scenario))
    with solara.Div(classes=["pv-card"]):
        block("h2", "Compare")
        block("p", "A second run beside the first: same seed, same clock. Both begin again.", "pv-muted")
        Choice(label="compare with", value=chosen, options=options, event_chosen=choose, wide=True, disabled=busy)


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


@solara.component
def Outcomes(first: RunSeen, second: RunSeen) -> None:
    """What two runs differ in, and what came of it."""
    differing = solara.use_memo(lambda: words.what_differs(first, second), [first.loaded, second.loaded])
    days = min(first.days, second.days)
    solara.HTML(
        "div",
        f"<h3>What differs</h3>{_table(('', 'A', 'B'), _short(differing))}"
        f"<h3>What came of it, after {days} {words.unit_of_time(first)}s</h3>"
        f"{_table(('', 'A', 'B', 'B minus A'), words.came_of_it(first, second))}",
        classes=["pv-card"],
    )


MOST_ROWS = 40


def _short(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    if len(rows) > MOST_ROWS:
        return [*rows[:MOST_ROWS], (f"… and {len(rows) - MOST_ROWS} more", "", "")]
    return rows or [("nothing", "", "")]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope='row'>{escape(row[0])}</th>" + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f"<table class='pv-table'><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


@solara.component
def Differences(tab: Tab, first: RunSeen, second: RunSeen, generation: int, horizon: int, day: int) -> None:
    """B minus A, day by day."""
    timeline = timeline_of(first, horizon, day)

    def lay_out() -> list[dict[str, Any]]:
        found = chart_table.differences(first.series, second.series, timeline)
        return [as_chart(chart, f"{chart.title}: B minus A", chart.name) for chart in found]

    charts = solara.use_memo(lay_out, [generation, first.days, second.days, day])
    Gallery(label="B minus A", charts=charts, event_picked=lambda share: tab.scrub(day_at(share, horizon)))


@solara.component
def ExportCard(tab: Tab, index: int, days: bool, mapped: bool, letter: str) -> None:
    """Take the run away: its folder, its events, its movie."""
    with solara.Div(classes=["pv-card", "pv-export"]):
        block("h2", titled(letter, "Take it away"))
        block("p", f"Written to the folder {tab.options.export_folder}. Map and charts have a button PNG.", "pv-muted")
        with solara.Div(classes=["pv-row"]):
            for label, export in exporting.EXPORTS.items():
                if export is exporting.movie and not mapped:
                    continue
                solara.Button(
                    label,
                    on_click=partial(exporting.order, tab, index, label),
                    disabled=not days,
                    classes=["pv-button"],
                    text=True,
                )
