"""From a name to the file of a scenario, or of anything else that comes with the project in a folder beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.share import share_dir

ENDINGS = (".yaml", ".yml")
NO_SCENARIOS = ("studies", "observed", "cards", "layouts", "reporting", "parameters")
"""Folders beside scenarios that hold something else."""
A_STUDY = "this is a study, not a scenario: protestorate sweep runs it"


def names() -> dict[str, Path]:
    """Return the scenarios that come with the project, by name (`NO_SCENARIOS` left out)."""
    folder = share_dir("scenarios")
    found = sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS)
    return {path.stem: path for path in found if path.relative_to(folder).parts[0] not in NO_SCENARIOS}


def shipped(folder: str) -> dict[str, Path]:
    """Return the files that come with the project in a folder of ``scenarios``, by name."""
    return {path.stem: path for path in sorted((share_dir("scenarios") / folder).glob("*")) if path.suffix in ENDINGS}


def file_named(name_or_path: str | Path, known: Mapping[str, Path]) -> Path | None:
    """Return a file that is there, else the one of `known` that has this bare name, with or without ending."""
    path = Path(name_or_path)
    if is_file(path):
        return path
    return known.get(bare_name(path)) if len(path.parts) == 1 else None


def bare_name(path: Path) -> str:
    """Return what a file is called, without the ending of a file of ours."""
    return path.stem if path.suffix in ENDINGS else path.name


def chosen(name_or_path: str | Path, folder: str, option: str) -> Path:
    """Return the file that an option names: one of a folder of `shipped` by its name, or any by its path.

    Raises
    ------
    ScenarioError
        If there is none; the message offers the nearest name, or says which there are.
    """
    known, name = shipped(folder), str(name_or_path)
    path = file_named(name, known)
    if path is None:
        near = nearest(name, known)
        message = "there is no such file" + ("" if near else f"; there are {', '.join(known)}, or one of your own")
        raise ScenarioError(Problem(message, option, given=shown(name), nearest=near))
    return path


def find(name_or_path: str | Path) -> Path:
    """Return the file of a scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A path, or the bare name of a scenario that comes with the project, with or without ending.

    Raises
    ------
    ScenarioError
        If there is neither; the message offers the scenario of the most similar name.
    """
    path, known = Path(name_or_path), names()
    found = file_named(path, known)
    if found is not None:
        return found
    if len(path.parts) == 1 and bare_name(path) in shipped("studies"):
        raise ScenarioError(Problem(A_STUDY, file=str(path)))
    message = "is a folder, not a scenario" if _is_folder(path) else "there is no such scenario"
    raise ScenarioError(Problem(message, file=str(path), nearest=nearest(bare_name(path), known)))


def is_file(path: Path) -> bool:
    """Return whether a path is there and no folder; what cannot be looked at is not."""
    try:
        return path.exists() and not path.is_dir()
    except OSError:  # a name too long for the file system, or a folder that may not be entered
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def find_beside(name: str, folder: Path) -> Path:
    """Return the scenario that a file in a folder names: a file seen from there, with or without ending, or `find`."""
    for form in ("NFC", "NFD"):  # text is read composed, but file systems keep either
        for ending in ("", *ENDINGS):
            path = folder / unicodedata.normalize(form, f"{name}{ending}")
            if is_file(path):
                return path
    return find(name)
