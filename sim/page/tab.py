"""What one browser tab holds: its session, and what its user has chosen to see. Nothing is shared between tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import solara

from sim.mesa.levers import Pull
from sim.page import incoming, link
from sim.page.exporting import Writer
from sim.page.fan import Fan, Fanning
from sim.page.incoming import heard
from sim.page.options import Options
from sim.page.scales import step_at
from sim.page.session import Session
from sim.page.setup import Setup
from sim.page.snapshot import READY, RunSeen, Snapshot
from sim.page.words import leading
from sim.run.find import names

NEWEST = -1
"""Shown day while the newest is followed."""
SLOWEST, FASTEST = 0.1, 1000
"""Days a second; so many that the machine cannot are all it can."""


def _state(value: Any) -> Any:
    """A value that components watch; only the very same object counts as unchanged, so nothing is compared deeply."""
    return solara.reactive(value, equals=lambda one, other: one is other or (type(one) is str and one == other))


class Tab:
    """State and orders of a tab.

    Parameters
    ----------
    options : Options
        What the command line chose.
    waits : bool
        Whether it begins only when the browser has said with which link it was opened.

    Attributes
    ----------
    snapshot : reactive Snapshot
        Newest picture of the runs.
    shown : reactive int
        Day that is shown, or NEWEST.
    selected : reactive str
        Locality that is shown from near.
    colour : reactive str
        What the colour of the map stands for.
    setups : reactive tuple of Setup
        Parameter sets for the next Reset: one, or two to compare.
    seed : reactive str
        Seed for the next Reset, as it was typed; empty for the scenario's own.
    speed : reactive float
        Days a second.
    notice : reactive str
        Answer to the last order that concerns no run, such as a link.
    exported : reactive tuple of int and str
        The run of the last export, and what came of it; it is said beside the buttons.
    answered : reactive int
        How many links have been opened or refused.
    wanted : reactive str
        Chart whose numbers the browser has asked for.
    fan : reactive Fan or None
        What other seeds have given.
    writer : Writer
        Writes what the tab exports.
    """

    def __init__(self, options: Options, waits: bool = False) -> None:
        self.options = options
        self._waits = waits
        first = Setup(options.scenario, {}, options.overrides)
        second = [Setup(options.compare, {}, options.overrides)] if options.compare else []
        self.snapshot = _state(Snapshot())
        self.shown = _state(NEWEST)
        self.selected = _state("")
        self.colour = _state("share")
        self.setups = _state((first, *second))
        self.started = _state((first, *second))
        self.seed = _state("")
        self.speed = _state(5.0)
        self.notice = _state("")
        self.exported = _state((0, ""))
        self.answered = _state(0)
        self.wanted = _state("")
        self.fan = _state(None)
        self.fanning = Fanning(self._publish_fan)
        self.writer = Writer()
        self.session = Session(self._publish, () if waits else self.setups.peek(), threads=options.threads)

    def _publish(self, snapshot: Snapshot) -> None:
        self.snapshot.value = snapshot

    def _publish_fan(self, fan: Fan | None) -> None:
        self.fan.value = fan

    def close(self) -> None:
        """Stop the runs; called when the tab is gone."""
        self.fanning.close()
        self.session.close()

    def day(self) -> int:
        """Return the day that is shown."""
        days = int(self.snapshot.value.days)
        return days if self.shown.value == NEWEST else min(int(self.shown.value), days)

    # What the controls order.

    @heard
    def play(self, _: Any = None) -> None:
        """Go on by itself, and show the newest day."""
        self.shown.value = NEWEST
        self.session.play()

    @heard
    def pause(self, _: Any = None) -> None:
        """Stop going on by itself."""
        self.session.pause()

    @heard
    def step(self, _: Any = None) -> None:
        """Take a day, and show it."""
        self.shown.value = NEWEST
        self.session.step()

    @heard
    def reset(self, chosen: object = None) -> None:
        """Begin anew with the settings that are chosen now, and the ``seed`` that is typed."""
        if isinstance(chosen, Mapping) and "seed" in chosen:
            self.seed.value = incoming.seed(chosen["seed"])
        self._begin()

    @heard
    def open_link(self, text: object) -> None:
        """Begin with what a link says, and run until its day; one with a mistake is told and changes nothing.

        The first of all, with which the browser says that it is there, can be empty.
        """
        linked, told = None, ""
        if text != "":
            try:
                linked = link.opened(text, self.offered(), self.options)
            except incoming.Refused as refused:
                told = str(refused)
        if linked is not None:
            self.setups.value, self.seed.value, self.selected.value = linked.setups, linked.seed, ""
            self._begin(linked.told, linked.pulls)
            if linked.day:
                self.session.run_to(linked.day)
        elif self._waits:
            self._begin(told)
        else:
            self.notice.value = told
        self.answered.value += 1

    def link(self) -> str:
        """Return the link of what is shown; empty while it changes by itself."""
        snapshot = self.snapshot.value
        still = snapshot.status == READY and not snapshot.playing
        return link.written(snapshot.runs, self.day()) if still else ""

    def _begin(self, notice: str = "", pulls: Sequence[Sequence[Pull]] = ()) -> None:
        self._waits = False
        self.fanning.drop()
        self.notice.value = notice
        self.exported.value = (0, "")
        self.shown.value = NEWEST
        self.started.value = self.setups.peek()
        text = self.seed.peek()
        self.session.reset(self.setups.peek(), int(text) if text else None, pulls)

    @heard
    def set_speed(self, days_per_second: object) -> None:
        """Play so many days a second."""
        self.speed.value = incoming.number("speed", days_per_second, SLOWEST, FASTEST)
        self.session.speed(self.speed.peek())

    @heard
    def scrub(self, day: object) -> None:
        """Show a recorded day; the run pauses, so that the picture stays."""
        chosen = int(incoming.number("day", day))
        if self.snapshot.peek().playing:
            self.session.pause()
        self.shown.value = max(0, min(chosen, self.snapshot.peek().days))

    @heard
    def scrub_chart(self, steps: int, share: object) -> None:
        """Show the day at a share of the width of a chart whose axis has so many steps."""
        self.scrub(step_at(incoming.share("place in the chart", share), steps))

    @heard
    def want(self, charts: Sequence[str], name: object) -> None:
        """Send the numbers of a chart."""
        self.wanted.value = incoming.one_of("chart", name, charts)

    def follow(self, _: Any = None) -> None:
        """Show the newest day from now on."""
        self.shown.value = NEWEST

    @heard
    def jump(self, goal: object) -> None:
        """Show a date (or a step); where it has not come yet, run until it."""
        snapshot = self.snapshot.peek()
        if not snapshot.runs:
            return
        day = incoming.day(goal, snapshot.runs[0])
        self.notice.value = ""
        if not 1 <= day <= snapshot.horizon:
            self.notice.value = "That lies outside the days of this run."
        elif day <= snapshot.days:
            self.scrub(day)
        else:
            self.shown.value = NEWEST
            self.session.run_to(day)

    @heard
    def painted(self, version: object) -> None:
        """Note that the browser has painted a snapshot."""
        newest = self.snapshot.peek().version
        self.session.painted(int(min(incoming.number("version", version, 0.0), newest)))

    # What the panels order.

    def offered(self) -> list[str]:
        """Return the scenarios that can be chosen: those of the command line, and those that come with the project."""
        asked = (self.options.scenario, self.options.compare)
        return list(dict.fromkeys([*(name for name in asked if name), *names()]))

    @heard
    def choose_scenario(self, name: object) -> None:
        """Begin anew with another scenario; what was set for the old one does not fit it."""
        first, dropped = incoming.setup_of(incoming.one_of("scenario", name, self.offered()), self.options)
        self.setups.value = (first, *(first for _ in self.setups.peek()[1:]))
        self.selected.value = ""
        self.seed.value = ""
        self._begin(dropped)

    @heard
    def compare_with(self, ready: Mapping[str, Mapping[str, Any]], chosen: object) -> None:
        """Begin anew with a second parameter set beside the first, or without one; see `incoming.second_setup`."""
        first = self.setups.peek()[0]
        second, dropped = incoming.second_setup(chosen, first, ready, self.offered(), self.options)
        self.setups.value = (first,) if second is None else (first, second)
        self._begin(dropped)

    @heard
    def what_if(self, name: str) -> None:
        """Begin anew with a variant of the scenario beside it, with the same sliders."""
        first = self.setups.peek()[0]
        second, dropped = incoming.setup_of(incoming.one_of("scenario", name, self.offered()), self.options)
        self.setups.value = (first, replace(second, values=first.values))
        self._begin(dropped)

    def run_fan(self) -> None:
        """Run the settings that are watched with other seeds, in the background."""
        runs = self.snapshot.peek().runs
        if len(runs) == 1:
            self.fanning.begin(runs[0].loaded, runs[0].seed, leading(runs[0]).name)

    @heard
    def set_colour(self, name: object) -> None:
        """Let the colour of the map stand for something else."""
        from sim.page.images import COLOURINGS

        self.colour.value = incoming.one_of("colour", name, COLOURINGS)

    @heard
    def select(self, locality: object) -> None:
        """Show a locality from near; the empty text stands for none."""
        countries = [run.country for run in self.snapshot.peek().runs if run.country is not None]
        known = {"", *(name for country in countries for name in country.names)}
        self.selected.value = incoming.one_of("locality", locality, known)

    @heard
    def pick(self, run: RunSeen, day: int, width: int, place: object) -> None:
        """Select the locality at a place of a run's map: shares ``x`` and ``y`` of its width and height."""
        from sim.page.images import locality_at, map_size

        if run.country is None:
            return
        shares = place if isinstance(place, Mapping) else {}
        x, y = (incoming.share("place on the map", shares.get(axis)) for axis in ("x", "y"))
        across, down = map_size(run.country, width)
        found = locality_at(run.frame(day), run.country, x * across, y * down, width)
        if found:
            self.select(found)

    @heard
    def set_lever(self, run: int, name: str, value: object) -> None:
        """Move a live lever of a run; None hands it back to the scenario."""
        self.session.set_lever(run, name, None if value is None else incoming.number(f"lever {name}", value))

    @heard
    def set_slider(self, run: int, name: str, value: object) -> None:
        """Choose a value for the next Reset; None for the scenario's own."""
        from sim.mesa.sliders import choices_of

        runs = self.snapshot.peek().runs
        if run >= min(len(self.setups.peek()), len(runs)):  # the comparison has just been ended
            return
        setup = self.setups.peek()[run]
        values = {key: kept for key, kept in setup.values.items() if key != name}
        if value is not None:
            values[incoming.one_of("slider", name, choices_of(runs[run].base))] = incoming.number(
                f"slider {name}", value
            )
        self.change_setup(run, replace(setup, values=values))

    def change_setup(self, run: int, setup: Setup) -> None:
        """Put another parameter set in the place of one, for the next Reset."""
        setups = list(self.setups.peek())
        setups[run] = setup
        self.setups.value = tuple(setups)

    def waiting(self) -> int:
        """Return how many settings wait for a Reset."""
        chosen, running = self.setups.value, self.started.value
        if len(chosen) != len(running):
            return 1
        return sum(_changed(one, other) for one, other in zip(chosen, running, strict=True))


def _changed(one: Setup, other: Setup) -> int:
    names = {*one.values, *other.values}
    moved = sum(one.values.get(name) != other.values.get(name) for name in names)
    return moved + (one.scenario != other.scenario or dict(one.overrides) != dict(other.overrides))
