"""What the page writes, and the one folder it may write to.

No name comes from the browser: a file is called after the scenario and the seed, and never replaces another.
An export is taken from the model between two days, which is quick, and written while the run goes on.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.core.errors import ProtestorateError
from sim.page.options import Options

if TYPE_CHECKING:
    from sim.page.building import Held
    from sim.page.tab import Tab

TRIES = 10_000

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
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ProtestorateError(f"{path}: cannot be written: {error.strerror or error}") from error
        return path

    return write


def movie(held: Held, options: Options, colour: str) -> Write:
    """Take the movie of the map so far."""
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
    "Movie of the map": movie,
}
"""What can be exported, by what its button is called."""


def _name(held: Held) -> str:
    return f"view-{held.base.path.stem}-seed-{held.model.seed}"


def order(tab: Tab, index: int, label: str) -> None:
    """Have an export taken by the tab's worker and written beside it; the page says where it went."""
    colour = tab.colour.peek()
    tab.notice.value = f"{label}: being written …"

    def take(runs: tuple[Held, ...]) -> None:
        if index < len(runs):
            write = EXPORTS[label](runs[index], tab.options, colour)
            threading.Thread(target=_written, args=(tab, label, write), daemon=True).start()

    tab.session.ask(take)


def _written(tab: Tab, label: str, write: Write) -> None:
    said = f"{label}: it could not be written (see the terminal)"
    try:
        with _writing:
            said = f"Written: {write()}"
    except ProtestorateError as error:
        said = str(error)
    finally:
        tab.notice.value = said
