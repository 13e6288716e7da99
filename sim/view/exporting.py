"""What the page writes, and the one folder it may write to.

No name comes from the browser: a file is called after the scenario and the seed, and never replaces another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.scenario.errors import ProtestorateError
from sim.view.options import Options

if TYPE_CHECKING:
    from sim.mesa_model import ProtestModel
    from sim.view.tab import Tab

FRAMES_A_SECOND = 5
MOVIE_WIDTH = 960
TRIES = 10_000

Export = Callable[["ProtestModel", Options, str], Path]


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


def run_folder(model: ProtestModel, options: Options, colour: str) -> Path:
    """Write the run's folder as `protestorate run` would, with its events as a scenario file beside the tables."""
    from sim.store import write_run

    run = model.run()
    path = free_path(options.export_folder, _name(model))
    exporter = options.exporter
    return write_run(run, path, force=False, extras=(lambda folder: exporter(run, folder)) if exporter else None)


def events(model: ProtestModel, options: Options, colour: str) -> Path:
    """Write the scenario file that gives this run again, live levers included."""
    path = free_path(options.export_folder, _name(model), ".yaml")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(model.events_yaml(), encoding="utf-8")
    except OSError as error:
        raise ProtestorateError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path


def movie(model: ProtestModel, options: Options, colour: str) -> Path:
    """Write the map's movie so far."""
    from sim.view.movie import movie_of

    path = free_path(options.export_folder, _name(model), ".gif")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return movie_of(
            model.history.frames(), model.country, model.scenario, path, FRAMES_A_SECOND, colour, MOVIE_WIDTH
        )
    except OSError as error:
        raise ProtestorateError(f"{path}: cannot be written: {error.strerror or error}") from error


EXPORTS: Mapping[str, Export] = {
    "Run folder": run_folder,
    "Events as YAML": events,
    "Movie of the map": movie,
}
"""What can be exported, by what its button is called."""


def _name(model: ProtestModel) -> str:
    return f"view-{model.loaded.path.stem}-seed-{model.seed}"


def order(tab: Tab, index: int, label: str) -> None:
    """Have the tab's worker write an export; the page says where it went."""
    export, colour = EXPORTS[label], tab.colour.peek()
    tab.notice.value = f"{label}: being written …"

    def write(models: tuple[ProtestModel, ...]) -> None:
        if index >= len(models):
            return
        try:
            tab.notice.value = f"Written: {export(models[index], tab.options, colour)}"
        except ProtestorateError as error:
            tab.notice.value = str(error)

    tab.session.ask(write)
