"""Tables of findings in a document: each stands between two marks, and the command that makes it puts it there.

A place begins with the line ``<!-- begin: NAME -->`` and ends with ``<!-- end: NAME -->``. Prose stands outside; within
the marks everything is made anew.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from analysis.report.figures.style import several
from analysis.report.markdown import code
from analysis.report.page import write_text
from sim.core.errors import ProtestorateError
from sim.core.formats import day
from sim.study import Study

Tables = Mapping[str, str]
"""Markdown by the name of its place."""


def check_places(document: Path | None, names: Iterable[str]) -> None:
    """Raise ProtestorateError unless a document has each place once; for no document do nothing."""
    if document is not None:
        _read(document, names)


def refresh(document: Path, tables: Tables) -> None:
    """Replace what stands in some places of a document, completely or not at all; other places stay as they are.

    Parameters
    ----------
    document : Path
    tables : mapping of str to str
        Markdown by the name of its place.

    Raises
    ------
    ProtestorateError
        If the document cannot be read or written, or does not have each place once.
    """
    text = _read(document, tables)
    for name, table in tables.items():
        text = _place(name).sub(lambda found, made=table: f"{found[1]}\n{made.strip()}\n\n{found[3]}", text)  # type: ignore[misc]
    write_text(document, text)


def _place(name: str) -> re.Pattern[str]:
    marks = (f"^(<!-- begin: {re.escape(name)} -->\n)", f"^(<!-- end: {re.escape(name)} -->)$")
    return re.compile("(.*?)".join(marks), re.DOTALL | re.MULTILINE)


def _read(document: Path, names: Iterable[str]) -> str:
    try:
        text = document.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProtestorateError(f"{document}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    for name in names:
        marks = (f"<!-- begin: {name} -->", f"<!-- end: {name} -->")
        found = _place(name).search(text)
        if any(text.splitlines().count(mark) != 1 for mark in marks) or not found or "<!-- begin: " in found[2]:
            needs = f"it needs the lines {marks[0]} and {marks[1]}, once, in order, without another place between them"
            raise ProtestorateError(f"{document}: has no place for the table {name!r}; {needs}")
    return text


def made(
    command: str,
    version: str,
    seeds: Collection[int],
    scales: Collection[int] = (),
    failed: int = 0,
    missing: int = 0,
) -> str:
    """Return the line that says what made a table.

    Parameters
    ----------
    command : str
        What makes it again.
    version : str
        Of the model.
    seeds : collection of int
        How many; several numbers if studies differ.
    scales : collection of int
        People an agent stands for; empty if unknown.
    failed, missing : int
        Runs that failed, and runs that were not made, which are left out.
    """
    agents = f", agents of {_span(scales)} persons" if scales else ""
    line = (
        f"Made on {day(dt.date.today())} by {code(command)}, model version `{version}`, {_span(seeds)} seeds{agents}."
    )
    lacks = [f"{several(count, 'run')} {word}" for count, word in ((failed, "failed"), (missing, "not made")) if count]
    return f"{line} **Not complete: {' and '.join(lacks)}; they are left out.**" if lacks else line


def _span(numbers: Collection[int]) -> str:
    return " to ".join(f"{number:,}" for number in dict.fromkeys((min(numbers), max(numbers))))


def scales_of(study: Study) -> set[int]:
    """Return how many people an agent stands for at the points of a study; empty for models without agents of many."""
    found = set()
    for point in study.points:
        usual = getattr(getattr(study.bases[point.base].config, "run", None), "persons_per_agent", None)
        scale = point.overrides.get("run.persons_per_agent", usual)
        if scale is not None:
            found.add(int(scale))
    return found


def told(document: Path, names: Iterable[str]) -> str:
    """Return the line that says what was refreshed."""
    return f"{document}: refreshed {', '.join(names)}\n"
