"""What the page writes, and the one folder it may write to.

No name comes from the browser: a file is called after the scenario and the seed, and never replaces another.
An export is taken from the model between two days, which is quick, and written while the run goes on.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.core.errors import ProtestorateError
from sim.core.paths import called
from sim.page.options import Options
from sim.page.orders import TooMany
from sim.run.place import made

if TYPE_CHECKING:
    from sim.page.building import Held
    from sim.page.tab import Tab

TRIES = 10_000
MOST_WAITING = 8
"""Exports of a tab that may wait to be written; each keeps a run in memory."""
log = logging.getLogger("protestorate.view")

Write = Callable[[], Path]
"""Writes what was taken, and returns where."""

Export = Callable[["Held", Options, str], Write]
"""Takes what is to be written from a run; also given the options and the colouring of the map."""

_writing = threading.Lock()  # pictures of a report share matplotlib's settings, so one export is written at a time


def free_path(folder: Path, name: str, ending: str = "") -> Path:
    """Return a path in `folder` that does not exist: `name`, else with a number behind it.

    Whatever is not a letter, digit, hyphen, underscore or full stop in `name` becomes a hyphen, so that no name
    leads out of the folder.
    """
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip(".-")[:80] or "run"
    for number in range(1, TRIES):
        path = folder / f"{safe}{f'-{number}' if number > 1 else ''}{ending}"
        if not path.exists():
            return path
    raise ProtestorateError(f"{folder}: holds too many results of this name; move some away")


def run_folder(held: Held, options: Options, colour: str) -> Write:
    """Take the run's folder, as `protestorate run` would write it."""
    from sim.run.store import write_run

    run, exporter = held.model.run(), options.exporter

    def write() -> Path:
        path = free_path(options.export_folder, _name(held))
        return write_run(run, path, force=False, extras=(lambda folder: exporter(run, folder)) if exporter else None)

    return write


def events(held: Held, options: Options, colour: str) -> Write:
    """Take the scenario file that gives this run again, live levers included."""
    text = held.model.events_yaml()

    def write() -> Path:
        path = free_path(options.export_folder, _name(held), ".yaml")
        try:
            with made(path.parent):
                path.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise ProtestorateError(f"{path}: cannot be written: {error.strerror or error}") from error
        return path

    return write


def movie(held: Held, options: Options, colour: str) -> Write:
    """Take the movie of the run so far."""
    from sim.page.movie import Look, movie_of

    frames, country = held.model.history.frames(), held.model.country
    told = held.lines()[: len(frames)]

    def write() -> Path:
        path = free_path(options.export_folder, _name(held), ".gif")
        return movie_of(frames, country, told, path, Look(colour=colour))

    return write


EXPORTS: Mapping[str, Export] = {
    "Run folder": run_folder,
    "Events as YAML": events,
    "Movie": movie,
}
"""What can be exported, by what its button is called."""


def _name(held: Held) -> str:
    return f"view-{called(held.base.path)}-seed-{held.model.seed}"


class Writer:
    """Writes a tab's exports one after the other, in one thread that is there while there is something to write."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._working = False

    @property
    def full(self) -> bool:
        """Whether as many wait as may."""
        return len(self._waiting) >= MOST_WAITING

    def put(self, job: Callable[[], None]) -> None:
        """Have a job done after those that wait."""
        with self._lock:
            self._waiting.append(job)
            if self._working:
                return
            self._working = True
        threading.Thread(target=self._work, name="protestorate-export", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._working = False
                    return
                job = self._waiting.popleft()
            job()


def order(tab: Tab, index: int, label: str) -> None:
    """Have an export taken by the tab's worker and written beside it; the page says where it went."""
    colour = tab.colour.peek()

    def take(runs: tuple[Held, ...]) -> None:
        if tab.writer.full:
            tab.exported.value = (index, f"{label}: not taken, since {MOST_WAITING} exports wait to be written.")
        elif index < len(runs):
            write = EXPORTS[label](runs[index], tab.options, colour)
            tab.writer.put(lambda: _written(tab, index, label, write))

    try:
        tab.session.ask(take)
        tab.exported.value = (index, f"{label}: being written …")
    except TooMany as refused:
        tab.exported.value = (index, str(refused))


def _written(tab: Tab, index: int, label: str, write: Write) -> None:
    try:
        with _writing:
            said = f"Written: {write()}"
    except ProtestorateError as error:
        said = str(error)
    except Exception:
        log.exception("an export failed")
        said = f"{label}: it could not be written (see the terminal)"
    tab.exported.value = (index, said)
