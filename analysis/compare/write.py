"""A comparison's folder: report.html, comparison.json, and the pictures as files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.compare.comparison import Comparison
from analysis.compare.figures import Drawn, pictures_of
from analysis.compare.record import METHODS, as_json, record_of
from analysis.compare.words import contrast_words, summary
from analysis.page import picture_maker, write_page, write_text
from sim.core.errors import ProtestorateError
from sim.figures.plot import styled
from sim.run.place import check_place
from sim.run.store import PROGRAM

STUDY, RECORD, REPORT, FIGURES = "study", "comparison.json", "report.html", "figures"
OWN = (STUDY, RECORD, REPORT, FIGURES)


def check_folder(folder: Path, labels: Iterable[str], force: bool = False) -> None:
    """Make sure, before anything is computed, that a comparison may be written here.

    Parameters
    ----------
    folder : Path
    labels : iterable of str
        What the things compared are called.
    force : bool
        Whether a comparison of other things may be replaced.

    Raises
    ------
    ProtestorateError
        If nothing can be written there, or the folder holds anything that is not a comparison, or a comparison of other
        things. Nothing is touched.
    """
    check_place(folder)
    if not folder.exists():
        return
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in OWN and not path.name.startswith("."))
    record = _record(folder)
    own = record is not None or (folder / STUDY / "study.json").is_file() or not any(folder.iterdir())
    if strangers or not own:
        what = repr(strangers[0]) if strangers else "files"
        raise ProtestorateError(
            f"{folder}: holds {what} and is no comparison's folder; it is left alone, choose another with --out"
        )
    before = [side.get("label") for side in (record or {}).get("sides", [])]
    if before and before != list(labels) and not force:
        raise ProtestorateError(
            f"{folder}: holds the comparison of {', '.join(map(str, before))}; nothing was touched, choose another "
            "folder with --out or replace it with --force"
        )


def _record(folder: Path) -> dict[str, Any] | None:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("program") == PROGRAM and "sides" in record else None


def write_comparison(comparison: Comparison, folder: Path, formats: Iterable[str] = (), command: str = "") -> Path:
    """Write the report and the numbers of a comparison.

    Parameters
    ----------
    comparison : Comparison
    folder : Path
        Created if needed. Picture files go to its subfolder ``figures``.
    formats : iterable of str
        ``svg``, ``png``, ``pdf``: picture files to write besides the report.
    command : str
        The command that makes it again; left out of the report if empty.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    ProtestorateError
        For an unknown format, or if the disk refuses.
    """
    made = picture_maker(folder, formats)
    with styled():
        drawn = pictures_of(comparison)
        pictures = {one.name: made(one.name, one.title, one.caption, one.figure) for one in drawn}
    report = write_page(folder / REPORT, "compare.html.j2", _content(comparison, drawn, pictures, command))
    write_text(folder / RECORD, as_json(record_of(comparison)))
    return report


def _content(comparison: Comparison, drawn: list[Drawn], pictures: Mapping[str, Any], command: str) -> dict[str, Any]:
    return {
        "sides": comparison.sides,
        "contrasts": [contrast_words(contrast) for contrast in comparison.contrasts],
        "summary": summary(comparison),
        "tests": comparison.tests,
        "first": [pictures[name] for name in ("effects", "standing") if name in pictures],
        "series": [pictures[one.name] for one in drawn if one.name.startswith("series-")],
        "maps": {one.name: pictures[one.name] for one in drawn if one.name.startswith("places-")},
        "methods": METHODS,
        "command": command,
    }
