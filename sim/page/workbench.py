"""What there is to change and to take away: live levers, settings of the next run, comparison, export."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import solara

from sim.core.formats import readable
from sim.page import exporting
from sim.page.panels import block, titled
from sim.page.setup import Setup
from sim.page.tab import Tab
from sim.page.widgets import Slider

if TYPE_CHECKING:
    from sim.mesa.sliders import Slider as Setting
    from sim.run.load import Loaded


@solara.component
def LeverCard(tab: Tab, index: int, levers: tuple[tuple[str, float | None], ...], running: bool, letter: str) -> None:
    """Live levers: what can be changed while the run goes on."""
    from sim.mesa.levers import LEVERS

    held = dict(levers)
    if not held:
        solara.Div(classes=["pv-none"])
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
                event_moved=partial(tab.set_lever, index, name),
            )


@solara.component
def SettingsCard(tab: Tab, index: int, base: Loaded, generation: int, letter: str) -> None:
    """Sliders of the parameters that matter most; they act on Reset."""
    from sim.mesa.sliders import sliders

    setups: tuple[Setup, ...] = tab.setups.value
    found = solara.use_memo(lambda: sliders(base), [generation])
    if index >= len(setups):
        solara.Div(classes=["pv-none"])
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
                    unit=WRITTEN.get(slider.unit, slider.unit),
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
            block("p", f"Changed: {_changed(setup, found)}", "pv-muted")


WRITTEN = {"share": "", "number": "", "factor": "", "times": "× the scenario's"}
"""Units of sliders that are written otherwise than they are called."""


def _changed(setup: Setup, sliders: Iterable[Setting]) -> str:
    """Return what was changed, by its name above the slider; a key path that no slider has as in a file."""
    names = {one.name: one.label for one in sliders}
    changed = {**setup.overrides, **setup.values}
    return "; ".join(f"{names.get(name) or readable(name)}: {value}" for name, value in changed.items())


@solara.component
def ExportCard(tab: Tab, index: int, days: bool, letter: str) -> None:
    """Take the run away: its folder, its events, its movie."""
    with solara.Div(classes=["pv-card", "pv-export"]):
        block("h2", titled(letter, "Take it away"))
        block("p", f"Written to the folder {tab.options.export_folder}. Each picture has a button PNG.", "pv-muted")
        with solara.Div(classes=["pv-row"]):
            for label in exporting.EXPORTS:
                solara.Button(
                    label,
                    on_click=partial(exporting.order, tab, index, label),
                    disabled=not days,
                    classes=["pv-button"],
                    text=True,
                )
        exported, said = tab.exported.value
        if said and exported == index:
            block("div", said, "pv-notice", attributes={"role": "status"})
