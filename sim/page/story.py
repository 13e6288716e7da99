"""What happened: a plain sentence a day, made from the day's numbers and those of the days before.

Nothing is said of a day that depends on later ones, so that a run under way and the same run afterwards tell
the same story.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.core.formats import WEEKDAYS, number, share
from sim.mesa.frames import Frame
from sim.mesa.levers import LEVERS, Pull
from sim.models.mobilisation.results import column
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.results import capital
from sim.page.telling import Memory, Rule
from sim.page.turning import RULES, ending, outburst

Line = tuple[int, dt.date | None, str]
"""Day, date and sentence."""


class Teller:
    """Tells a run day by day.

    Parameters
    ----------
    config : BaseModel
        The checked scenario.
    pulls : sequence of Pull
        What was done with live levers; may grow while the run goes on.
    rules : sequence of Rule
        What is worth a sentence.
    events : bool
        Whether the scenario's events are, too.
    """

    def __init__(
        self, config: Any, pulls: Sequence[Pull] = (), rules: Sequence[Rule] = RULES, events: bool = True
    ) -> None:
        self._rules = rules
        self._events = config.events.values() if events and isinstance(config, Mobilisation) else ()
        self._config = config
        self._pulls = pulls
        self._memory = Memory()

    def turning(self, frame: Frame) -> str:
        """Return what turned on a day, empty if nothing did. To be called for every day in order."""
        if not isinstance(self._config, Mobilisation):
            said = [outburst(frame, self._memory, self._config), ending(frame, self._memory, self._config)]
            self._memory.previous = frame.national
            return " ".join(sentence for sentence in said if sentence)
        said = [*self._begun(frame), *(rule(frame, self._memory, self._config) for rule in self._rules)]
        self._memory.previous = frame.national
        return " ".join(sentence for sentence in said if sentence)

    def line(self, frame: Frame) -> Line:
        """Return the sentence of a day. To be called for every day in order."""
        turned, usual = self.turning(frame), plain(frame)
        told = not turned or " people (" in turned or frame.outcome is not None
        return frame.day, frame.date, (turned or usual) if told else f"{turned} {usual}"

    def _begun(self, frame: Frame) -> Iterator[str]:
        today = frame.date
        for pull in self._pulls:
            if pull.day == frame.day - 1:
                yield _pulled(pull)
        for event in self._events:
            last = event.until or event.date
            if event.date == today or (frame.day == 1 and today is not None and event.date < today <= last):
                yield event.title.rstrip(".") + "."


def _pulled(pull: Pull) -> str:
    label = LEVERS[pull.lever].label
    return f"By hand: {label}, {share(pull.value)}." if pull.value is not None else f"By hand: {label} released."


def plain(frame: Frame) -> str:
    """Return the short sentence of a day on which nothing turned."""
    row = frame.national
    if "attending" not in row:
        return _plain_step(row)
    weekday = WEEKDAYS[frame.date.weekday()] if frame.date else frame.label
    crowd, taken = row["attending"], row["detained_today"]
    if not crowd:
        return f"{weekday}: nobody is in the streets."
    places = int((frame.places["attending"] > 0).sum())
    where = f"in {number(places)} localities" if places > 1 else "in one locality"
    detained = f"{number(taken)} detained" if taken else "nobody detained"
    striking = f", {number(row['striking'])} {column('striking').brief}" if row["striking"] else ""
    return f"{weekday}: {number(crowd)} people in action {where}, {detained}{striking}."


def _plain_step(row: Mapping[str, Any]) -> str:
    numbers = [(name, value) for name, value in row.items() if isinstance(value, int | float) and name != "step"]
    said = ", ".join(f"{name.replace('_', ' ')} {number(value)}" for name, value in numbers[:4])
    return f"{capital(said)}."


def sentences(frames: Sequence[Frame], config: Any, pulls: Sequence[Pull] = ()) -> list[Line]:
    """Return day, date and a sentence for each day of a run, from its first day on."""
    teller = Teller(config, pulls)
    return [teller.line(frame) for frame in frames]


def turning_points(
    frames: Sequence[Frame],
    config: Any,
    pulls: Sequence[Pull] = (),
    rules: Sequence[Rule] = RULES,
    events: bool = True,
) -> list[Line]:
    """Return the same for those days only on which something turned."""
    teller = Teller(config, pulls, rules, events)
    told = [(frame.day, frame.date, teller.turning(frame)) for frame in frames]
    return [line for line in told if line[2]]


def event_markers(config: Any, pulls: Sequence[Pull] = ()) -> list[tuple[dt.date, dt.date, str]]:
    """Return first day, last day and title of what a chart should mark, in order of date."""
    if not isinstance(config, Mobilisation):
        return []
    found = [(event.date, event.until or event.date, event.title) for event in config.events.values()]
    for pull in pulls:
        day = config.time.start + dt.timedelta(days=pull.day)
        found.append((day, day, _pulled(pull).rstrip(".")))
    return sorted(found)
