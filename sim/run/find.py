"""From a scenario's name to its file."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from sim.core.errors import Problem, ScenarioError, nearest
from sim.core.share import share_dir

ENDINGS = (".yaml", ".yml")
NO_SCENARIOS = ("studies", "observed", "cards", "layouts", "reporting", "parameters")
A_STUDY = "this is a study, not a scenario: protestorate sweep runs it"
"""Folders beside scenarios that hold something else."""


def names() -> dict[str, Path]:
    """Return the scenarios that come with the project, by name (`NO_SCENARIOS` left out)."""
    folder = share_dir("scenarios")
    found = sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS)
    return {path.stem: path for path in found if path.relative_to(folder).parts[0] not in NO_SCENARIOS}


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
    path = Path(name_or_path)
    if is_file(path):
        return path
    known = names()
    if len(path.parts) == 1 and path.suffix in ("", *ENDINGS) and _name(path) in known:
        return known[_name(path)]
    near = nearest(_name(path), known)
    message = "is a folder, not a scenario" if _is_folder(path) else "there is no such scenario"
    if len(path.parts) == 1 and _name(path) in {file.stem for file in (share_dir("scenarios") / "studies").glob("*")}:
        raise ScenarioError(Problem(A_STUDY, file=str(path)))
    raise ScenarioError(Problem(message, file=str(path), nearest=near))


def _name(path: Path) -> str:
    return path.stem if path.suffix in ENDINGS else path.name


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
