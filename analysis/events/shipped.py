"""Files that come with the project, or a user's own in their place: layouts, and how events are reported."""

from __future__ import annotations

from pathlib import Path

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.share import share_dir
from sim.run.find import ENDINGS


def shipped(folder: str) -> dict[str, Path]:
    """Return the files of a folder of ``scenarios``, by name."""
    return {path.stem: path for path in sorted((share_dir("scenarios") / folder).glob("*")) if path.suffix in ENDINGS}


def chosen(name_or_path: str | Path, folder: str, option: str) -> Path:
    """Return the file that an option names: one of `shipped` by its name, or any by its path.

    Raises
    ------
    ScenarioError
        If there is none; the message offers the nearest name, or says which there are.
    """
    known, name = shipped(folder), str(name_or_path)
    path = known.get(name, Path(name))
    if name not in known and not (path.suffix in ENDINGS and path.is_file()):
        near = nearest(name, known)
        message = "there is no such file" + ("" if near else f"; there are {', '.join(known)}, or one of your own")
        raise ScenarioError(Problem(message, option, given=shown(name), nearest=near))
    return path
