"""A tab's runs: one worker thread that owns the models, takes orders, and publishes what there is to see.

The page never touches a model. It sends orders and draws from snapshots, which nothing changes.
"""

from __future__ import annotations

import datetime as dt
import gc
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sim.core.errors import ProtestorateError
from sim.mesa.levers import Pull
from sim.page.building import Held, build, warm_up
from sim.page.orders import Kind, Order, Orders
from sim.page.setup import Setup
from sim.page.snapshot import PREPARING, READY, RunSeen, Snapshot

DRAW_SECONDS = 0.12
"""Least time between two pictures of a run that is behind its time, or goes as fast as it can."""
SILENT_BROWSER_SECONDS = 2.0
"""After this long without a word from the browser it is sent a picture all the same."""
LONGEST_DELAY_SECONDS = 1.0
"""Further behind than this it does not try to catch up."""

COMPILING = "compiling the step loop: half a minute, the first time only"
BUILDING = "drawing the population from the scenario"
BROKEN = "the run has stopped on an error of the program (see the terminal); Reset starts it anew"
Question = Callable[[tuple[Held, ...]], None]
Publish = Callable[[Snapshot], None]


class Session:
    """The runs of one browser tab.

    Parameters
    ----------
    publish : callable (Snapshot) -> None
        Called from the worker thread whenever there is something new to see.
    setups : tuple of Setup
        One parameter set, or two to compare; none if the first `reset` is to say.
    seed : int or None
        Random seed of all of them; None for the first scenario's own.
    threads : int
        Threads for the pass over citizens.
    """

    def __init__(self, publish: Publish, setups: tuple[Setup, ...], seed: int | None = None, threads: int = 1) -> None:
        self._threads = threads
        self._publish = publish
        self._orders = Orders()
        self._held: tuple[Held, ...] = ()
        self._snapshot = Snapshot()
        self._playing = False
        self._speed = 5.0
        self._until = 0
        self._closed = threading.Event()
        self._drawn_at = 0.0
        self._drawing = 0.0
        self._painted = 0
        self._due = 0.0
        self._worker: threading.Thread | None = None
        self._working = False
        if setups:
            self.reset(setups, seed)

    # Orders: from any thread, at once back. Any of them raises TooMany if too many are waiting.

    def reset(self, setups: tuple[Setup, ...], seed: int | None, pulls: Sequence[Sequence[Pull]] = ()) -> None:
        """Build the runs anew, and drop what waits to be done to the old ones, which stay until that has succeeded.

        `pulls` are what the live levers of each run are to do, and when.
        """
        self._order(lambda: self._build(setups, seed, pulls), Kind.RESET)

    def step(self) -> None:
        """Take one day."""
        self._order(self._step_once)

    def play(self) -> None:
        """Go on by itself until paused or at the end."""
        self._order(lambda: self._set_playing(True))

    def pause(self) -> None:
        """Stop going on by itself."""
        self._order(lambda: self._set_playing(False))

    def speed(self, days_per_second: float) -> None:
        """Set how many days a second to play."""
        self._speed = max(0.1, float(days_per_second))

    def run_to(self, day: int) -> None:
        """Go on, as fast as it can, until `day` days are done."""
        self._order(lambda: self._set_playing(True, until=day))

    def set_lever(self, run: int, name: str, value: float | None) -> None:
        """Move a live lever of a run, or hand it back to the regime with None; it works from the next day."""
        self._order(lambda: self._set_lever(run, name, value))

    def ask(self, question: Question) -> None:
        """Have the worker call `question` with its runs, between two days: for exports."""
        self._order(lambda: self._answer(question), Kind.TAKE)

    def painted(self, version: int) -> None:
        """Note that the browser has painted a snapshot; until then the next days of a playing run are not drawn."""
        self._painted = int(version)

    def close(self) -> None:
        """End the worker, drop what waits for it and free its models; called when the tab is gone."""
        self._closed.set()
        self._orders.close()
        if not self._working:  # it died of an error of the program, so nobody else would
            self._free()

    @property
    def alive(self) -> bool:
        """Whether the worker thread is running."""
        return self._worker is not None and self._worker.is_alive()

    def _order(self, order: Order, kind: Kind = Kind.STEP) -> None:
        if self._closed.is_set():
            return
        self._orders.put(order, kind)
        if not self._working:
            self._working = True
            self._worker = threading.Thread(target=self._work, name="protestorate-view", daemon=True)
            self._worker.start()

    # The worker: everything below runs in its thread.

    def _work(self) -> None:
        finished = False
        try:
            while not self._closed.is_set():
                self._take_orders()
                if self._playing and not self._closed.is_set():
                    self._play_a_day()
            finished = True
        finally:
            self._playing = False
            try:
                if not finished:  # the traceback goes to the terminal, these words to the page
                    self._show(status=READY, problem=BROKEN)
            finally:
                self._working = False
                if self._closed.is_set():  # asked last: of this thread and `close`, at least one sees the other's word
                    self._free()

    def _take_orders(self) -> None:
        """Carry out what has been ordered; wait for an order if there is nothing else to do."""
        while True:
            try:
                order = self._orders.get(block=not self._playing)
            except queue.Empty:
                return
            if order is None:
                return
            self._carry_out(order)
            if self._orders.empty():
                return

    def _carry_out(self, order: Order) -> None:
        try:
            order()
        except ProtestorateError as error:
            self._playing = False
            self._show(status=READY, message="", problem=str(error))

    def _build(self, setups: tuple[Setup, ...], seed: int | None, pulls: Sequence[Sequence[Pull]]) -> None:
        self._playing = False
        self._show(status=PREPARING, message=BUILDING, problem="")
        own = threading.get_ident()

        def announce() -> None:
            if threading.get_ident() == own:  # another tab's compilation is that tab's to announce
                self._show(status=PREPARING, message=COMPILING)

        warm_up(setups[0].scenario, announce)
        if self._closed.is_set():
            return
        held = build(setups, seed, self._threads, pulls)
        old, self._held = self._held, held
        for one in old:
            one.model.close()
        if old:
            gc.collect()  # Mesa's models are rings of references, which would pile up until the collector comes by
        self._show(status=READY, message="", problem="", generation=self._snapshot.generation + 1)

    def _free(self) -> None:
        held, self._held = self._held, ()
        for one in held:
            one.model.close()

    def _running(self) -> bool:
        return any(one.model.running for one in self._held)

    def _advance(self) -> None:
        for one in self._held:
            one.advance()

    def _step_once(self) -> None:
        if self._running():
            self._advance()
            self._show(problem="")

    def _set_playing(self, playing: bool, until: int = 0) -> None:
        if playing and not self._playing:
            self._due = time.monotonic()
        self._playing = playing and self._running()
        self._until = until
        self._show(problem="")

    def _play_a_day(self) -> None:
        """Take a day, show it if there is time for a picture, and wait for the next."""
        self._advance()
        if not self._running() or (self._until and max(one.model.day for one in self._held) >= self._until):
            self._playing = False
            self._show()
            return
        now = time.monotonic()
        if self._time_to_draw(now):
            self._show()
        if not self._until:
            self._due = max(self._due + 1.0 / self._speed, time.monotonic() - LONGEST_DELAY_SECONDS)
            self._rest(self._due - time.monotonic())

    def _time_to_draw(self, now: float) -> bool:
        """Whether a picture of a playing run is due.

        Days come before pictures: behind time, at most half of the time goes into pictures, and the pace is kept. A
        browser that has not yet painted the last one gets no other, so that what it shows is never long past; one that
        says nothing, such as a hidden tab, gets one now and then.
        """
        since = now - self._drawn_at
        if self._painted < self._snapshot.version:
            return since >= SILENT_BROWSER_SECONDS
        in_time = not self._until and now <= self._due + 1.0 / self._speed
        return in_time or since >= max(DRAW_SECONDS, self._drawing)

    def _rest(self, seconds: float) -> None:
        """Wait for the next day to begin; an order that comes meanwhile is carried out at once."""
        end = time.monotonic() + seconds
        while self._playing and (left := end - time.monotonic()) > 0:
            try:
                order = self._orders.get(timeout=left)
            except queue.Empty:
                return
            if order is None:
                return
            self._carry_out(order)

    def _set_lever(self, run: int, name: str, value: float | None) -> None:
        if run < len(self._held):
            self._held[run].pull(name, value)
            self._show(problem="")

    def _answer(self, question: Question) -> None:
        question(self._held)

    def _show(self, **changes: Any) -> None:
        runs = tuple(one.seen() for one in self._held)
        self._snapshot = replace(
            self._snapshot, runs=runs, playing=self._playing, version=self._snapshot.version + 1, **changes
        )
        began = time.monotonic()
        if not self._closed.is_set():
            self._publish(self._snapshot)
        self._drawn_at = time.monotonic()
        self._drawing = self._drawn_at - began


def day_of(run: RunSeen, date: dt.date) -> int:
    """Return the number of days done at the end of a date: 1 for the first day of the run."""
    return (date - run.start).days + 1 if run.start else 0
