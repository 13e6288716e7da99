"""What one browser tab holds: its session, and what its user has chosen to see. Nothing is shared between tabs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import solara

from sim.run import HIGHEST_SEED
from sim.view.building import Setup
from sim.view.options import Options
from sim.view.session import Session, day_of
from sim.view.snapshot import Snapshot

NEWEST = -1
"""Shown day while the newest is followed."""


def _state(value: Any) -> Any:
    """A value that components watch; only the very same object counts as unchanged, so nothing is compared deeply."""
    return solara.reactive(value, equals=lambda one, other: one is other or (type(one) is str and one == other))


class Tab:
    """State and orders of a tab.

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
        Answer to the last order that concerns no run, such as an export.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
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
        self.session = Session(self._publish, self.setups.peek(), threads=options.threads)

    def _publish(self, snapshot: Snapshot) -> None:
        self.snapshot.value = snapshot

    def close(self) -> None:
        """Stop the runs; called when the tab is gone."""
        self.session.close()

    def day(self) -> int:
        """Return the day that is shown."""
        days = int(self.snapshot.value.days)
        return days if self.shown.value == NEWEST else min(int(self.shown.value), days)

    # What the controls order.

    def play(self, _: Any = None) -> None:
        """Go on by itself, and show the newest day."""
        self.shown.value = NEWEST
        self.session.play()

    def pause(self, _: Any = None) -> None:
        """Stop going on by itself."""
        self.session.pause()

    def step(self, _: Any = None) -> None:
        """Take a day, and show it."""
        self.shown.value = NEWEST
        self.session.step()

    def reset(self, chosen: Mapping[str, Any] | None = None) -> None:
        """Begin anew with the settings that are chosen now."""
        if chosen is not None and "seed" in chosen:
            self.seed.value = str(chosen["seed"]).strip()
        text = self.seed.peek()
        if text and not (text.isdecimal() and int(text) <= HIGHEST_SEED):
            self.notice.value = f"The seed must be a whole number from 0 to 2^63 − 1, and is {text[:40]!r}."
            return
        self.notice.value = ""
        self.shown.value = NEWEST
        self.started.value = self.setups.peek()
        self.session.reset(self.setups.peek(), int(text) if text else None)

    def set_speed(self, days_per_second: float) -> None:
        """Play so many days a second."""
        self.speed.value = float(days_per_second)
        self.session.speed(self.speed.peek())

    def scrub(self, day: float) -> None:
        """Show a recorded day; the run pauses, so that the picture stays."""
        if self.snapshot.peek().playing:
            self.session.pause()
        self.shown.value = max(0, min(int(day), self.snapshot.peek().days))

    def follow(self, _: Any = None) -> None:
        """Show the newest day from now on."""
        self.shown.value = NEWEST

    def jump(self, goal: str) -> None:
        """Show a date (or a step); where it has not come yet, run until it."""
        snapshot = self.snapshot.peek()
        if not snapshot.runs:
            return
        try:
            run = snapshot.runs[0]
            day = day_of(run, dt.date.fromisoformat(goal)) if run.start else int(goal)
        except ValueError:
            self.notice.value = "That is no date of this run."
            return
        self.notice.value = ""
        if not 1 <= day <= snapshot.horizon:
            self.notice.value = "That lies outside the days of this run."
        elif day <= snapshot.days:
            self.scrub(day)
        else:
            self.shown.value = NEWEST
            self.session.run_to(day)

    # What the panels order.

    def choose_scenario(self, name: str) -> None:
        """Begin anew with another scenario; what was set for the old one does not fit it."""
        first = Setup(name, {}, self.options.overrides if name == self.options.scenario else {})
        self.setups.value = (first, *(replace(first) for _ in self.setups.peek()[1:]))
        self.selected.value = ""
        self.seed.value = ""
        self.reset()

    def set_colour(self, name: str) -> None:
        """Let the colour of the map stand for something else."""
        self.colour.value = name

    def select(self, locality: str) -> None:
        """Show a locality from near."""
        self.selected.value = locality

    def set_slider(self, run: int, name: str, value: float | None) -> None:
        """Choose a value for the next Reset; None for the scenario's own."""
        setup = self.setups.peek()[run]
        values = {key: kept for key, kept in setup.values.items() if key != name}
        if value is not None:
            values[name] = float(value)
        self.change_setup(run, replace(setup, values=values))

    def change_setup(self, run: int, setup: Setup) -> None:
        """Put another parameter set in the place of one, for the next Reset."""
        setups = list(self.setups.peek())
        setups[run] = setup
        self.setups.value = tuple(setups)

    def compare(self, setup: Setup | None) -> None:
        """Begin anew with a second parameter set beside the first, or without one."""
        first = self.setups.peek()[0]
        self.setups.value = (first,) if setup is None else (first, setup)
        self.reset()

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
