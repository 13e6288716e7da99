"""Two runs side by side: what the second is, what differs, what came of it, and the difference day by day."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import solara

from sim.page import chart_choice, words
from sim.page.gallery import Named, Shown, axis_steps, timeline_of
from sim.page.panels import grouped
from sim.page.ready import chosen_of, presets, titles
from sim.page.setup import Setup
from sim.page.snapshot import RunSeen
from sim.page.tab import Tab
from sim.page.widgets import Choice

if TYPE_CHECKING:
    from sim.run.load import Loaded


@solara.component
def CompareChoice(tab: Tab, base: Loaded, busy: bool) -> None:
    """Choose what to watch beside the run: the same seed and the same clock; both begin again."""
    ready = solara.use_memo(lambda: presets(base), [base])
    setups: tuple[Setup, ...] = tab.setups.value
    all_titles = solara.use_memo(lambda: titles(tab.offered()), [])
    others = {name: title for name, title in all_titles.items() if name != setups[0].scenario}

    options = [("off", "nothing", ""), ("same:", "the same (then move sliders of B)", "")]
    options += [(f"preset:{name}", f"the same, {name}", "the same without one mechanism") for name in ready]
    options += grouped(others, "scenario:")
    chosen = chosen_of(setups, ready)
    Choice(
        label="compare with",
        value=chosen,
        options=options,
        event_chosen=partial(tab.compare_with, ready),
        disabled=busy,
        help="A second run beside the first: same seed, same clock. Both begin again.",
    )


def called(first: RunSeen, second: RunSeen) -> tuple[str, str]:
    """Return what two runs are called: by the scenario's title, and by what makes the second another one."""
    both = (first.loaded.config.about.title, second.loaded.config.about.title)
    setups = (first.setup, second.setup)
    chosen = chosen_of(setups, presets(first.base))
    if chosen.startswith("scenario:"):
        return both
    if chosen.startswith("preset:") and setups[0].values == setups[1].values:
        return both[0], f"the same, {chosen.partition(':')[2]}"
    same = setups[0] == setups[1]
    return both[0], "the same" if same else "the same with other settings"


@solara.component
def Outcomes(first: RunSeen, second: RunSeen, names: tuple[str, str]) -> None:
    """What two runs differ in, and what came of it."""
    differing = solara.use_memo(lambda: words.what_differs(first, second), [first.loaded, second.loaded])
    days = min(first.days, second.days)
    said = words.difference(first, second, names)
    head = f"<p class='pv-apart'>{escape(said)}</p>" if said else ""
    solara.HTML(
        "div",
        f"{head}<h3>What differs</h3>{_table(('', 'A', 'B'), _short(differing))}"
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

    def lay_out() -> list[Named]:
        found = chart_choice.differences(first.series, second.series, timeline, first.columns)
        return [Named(chart, f"{chart.title}: B minus A", chart.name) for chart in found]

    charts = solara.use_memo(lay_out, [generation, first.days, second.days, day])
    Shown(tab, "B minus A", charts, first.start, axis_steps(first, horizon))
