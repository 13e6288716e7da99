"""Offline pages: one frame for every report, written completely or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from analysis.report.figures.files import check_formats, inline_svg, save
from analysis.report.view import Report, Shown, environment
from sim.core.errors import ProtestorateError, kept
from sim.run.place import made, write_atomically
from sim.run.store import REFUSALS_OF_THE_DISK

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def shown(name: str, title: str, caption: str, figure: Figure) -> Shown:
    """Return a figure made ready for a page.

    Parameters
    ----------
    name : str
        Prefix of the ids inside the SVG and the figure's own id; different for each picture of a page.
    title : str
        What it shows, as a heading.
    caption : str
        What one sees, in words; also read to those who cannot see the picture.
    figure : Figure
    """
    svg = inline_svg(figure, name, str(escape(f"{title}. {caption}")))
    return Shown(name, title, caption, Markup(svg))


def picture_maker(folder: Path, formats: Iterable[str]) -> Callable[[str, str, str, Figure], Shown]:
    """Make a report's folder, and return what makes a figure ready for its page (see `shown`).

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    formats : iterable of str
        ``svg``, ``png``, ``pdf``: files of each figure to write to ``figures/``, too.

    Raises
    ------
    ProtestorateError
        For an unknown format, or if the disk refuses.
    """
    chosen = tuple(formats)
    check_formats(chosen)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProtestorateError(f"{folder}: cannot be made: {error.strerror}") from error

    def picture(name: str, title: str, caption: str, figure: Figure) -> Shown:
        if chosen:
            save(figure, name, folder / "figures", chosen)
        return shown(name, title, caption, figure)

    return picture


def write_result(
    folder: Path,
    record: tuple[str, str],
    content: Callable[[Callable[..., Shown]], Report],
    formats: Iterable[str] = (),
) -> Path:
    """Write the record of a result for machines, ``report.html``, and, where asked for, its figures as files.

    Parameters
    ----------
    folder : Path
        Made if it is not there; an earlier result in it is replaced.
    record : (str, str)
        Name and text of the file for machines, which is written first.
    content : callable (picture) -> Report
        `picture` makes a figure ready for the page (see `picture_maker`).
    formats : iterable of str
        ``svg``, ``png``, ``pdf``: figure files to write to ``figures/``.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    ProtestorateError
        For an unknown format, or if the disk refuses.
    UnfinishedError
        If the report cannot be made; the record is kept.
    """
    chosen = tuple(formats)
    check_formats(chosen)
    try:
        with made(folder):
            write_text(folder / record[0], record[1])
    except OSError as error:
        raise ProtestorateError(f"{folder}: cannot be made: {error.strerror}") from error
    picture = picture_maker(folder, chosen)
    with kept(folder):
        return write_page(folder / "report.html", content(picture))


def write_page(path: Path, report: Report) -> Path:
    """Fill the frame of all reports and write it as a page that needs no network and no script.

    Parameters
    ----------
    path : Path
        The page. An earlier one is replaced, once the new one is complete.
    report : Report

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ProtestorateError
        If the disk refuses.
    """
    text = environment().get_template("page.html.j2").render(report=report)
    return write_text(path, text)


def write_text(path: Path, text: str) -> Path:
    """Write a text file completely or not at all; raises ProtestorateError if the disk refuses."""
    try:
        write_atomically(path, text.encode("utf-8", "backslashreplace"))  # names of files may be no UTF-8
    except OSError as error:
        if error.errno in REFUSALS_OF_THE_DISK:
            raise ProtestorateError(f"{path}: cannot be written: {error.strerror}") from error
        raise
    return path
