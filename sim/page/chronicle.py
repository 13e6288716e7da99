"""What happened, in sentences: the turning points, every day, or the events that the scenario gives."""

from __future__ import annotations

from typing import Any

import solara

from sim.page import words
from sim.page.gallery import period
from sim.page.panels import block, titled
from sim.page.snapshot import RunSeen
from sim.page.tab import Tab
from sim.page.widgets import Choice, Story


@solara.component
def StoryCard(tab: Tab, run: RunSeen, day: int, letter: str) -> None:
    """What happened: the turning points, or a sentence for every day; and the events that the scenario gives."""
    show, set_show = solara.use_state("turns")
    rows = _given(run) if show == "events" else _told(run, show == "all")
    for row in rows:
        row["now"] = row["day"] == day
    with solara.Div(classes=["pv-card", "pv-told"]):
        with solara.Div(classes=["pv-row", "pv-spread"]):
            block("h2", titled(letter, "What happened"))
            # what is not on offer shows the turning points, so that nothing need be refused
            Choice(label="show", value=show, options=STORIES, event_chosen=lambda name: set_show(str(name)))
        if rows:
            Story(rows=rows, event_chosen=tab.scrub)
        else:
            nothing = "Nothing has turned yet." if run.days else "Press Play or Step, and it will be told here."
            block("p", nothing, "pv-muted")


STORIES = (("turns", "turning points"), ("all", "every day"), ("events", "events of the scenario"))


def _told(run: RunSeen, every: bool) -> list[dict[str, Any]]:
    """Newest first."""
    return [
        {
            "key": told.day,
            "day": told.day,
            "when": words.day_in_words(run, told.day),
            "text": told.sentence if every else told.turned,
            "turn": bool(told.turned) and every,
        }
        for told in reversed(run.told)
        if every or told.turned
    ]


def _given(run: RunSeen) -> list[dict[str, Any]]:
    if run.start is None:
        return []
    return [
        {
            "key": f"event-{number}",
            "day": max(1, (date - run.start).days + 1),
            "when": period(date, until),
            "text": title,
            "turn": False,
        }
        for number, (date, until, title) in enumerate(run.markers, start=1)
    ]
