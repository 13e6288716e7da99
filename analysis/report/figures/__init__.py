"""Pictures of one run. `PICTURES` is the table of all; `save_all` writes those a run has data for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.report.figures.style import Picture, Run


def pictures() -> tuple[Picture, ...]:
    """Return the table of all pictures, in the order of the report."""
    from analysis.report.figures.table import PICTURES

    return PICTURES


def available(run: Run) -> list[Picture]:
    """Return the pictures for which a run has data."""
    return [picture for picture in pictures() if picture.possible(run)]


def save_all(run: Run, folder: Path, formats: Iterable[str] = ("svg", "png")) -> list[Path]:
    """Write every picture a run has data for.

    Parameters
    ----------
    run : Run
        A finished run.
    folder : Path
        Made if it does not exist; files of the same names are overwritten.
    formats : iterable of str
        ``svg``, ``png`` or ``pdf``.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ProtestorateError
        For a format that is none of these.
    """
    from analysis.report.figures.files import check_formats, drawn, save

    chosen = tuple(formats)
    check_formats(chosen)
    written = []
    for picture in available(run):
        written += save(drawn(picture, run), picture.name, folder, chosen)
    return written
