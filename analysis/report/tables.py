"""The tables of a run or a study as CSV files (RFC 4180, UTF-8, days as in ISO 8601)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from sim.core.errors import ProtestorateError
from sim.run.place import made, unfinished_file
from sim.run.store import read_run
from sim.study.folder import MANIFEST
from sim.study.read import read_study

Table = Callable[[], pd.DataFrame]


def write_csv(folder: Path, target: Path, force: bool = False) -> list[Path]:
    """Write every table of a result as a file of its own.

    Parameters
    ----------
    folder : Path
        Of a run (days, localities) or of a study (points, runs, and days and localities if it keeps them).
    target : Path
        Made if it is not there.
    force : bool
        Whether files of the same names may be replaced.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ProtestorateError
        If there is no result in the folder, a file is there already, or the disk refuses. Nothing is written then.
    """
    tables = dict(_tables(folder))
    files = {name: target / f"{name}.csv" for name in tables}
    taken = [path for path in files.values() if path.exists()]
    if taken and not force:
        raise ProtestorateError(f"{taken[0]}: is there already; replace it with --force or choose another --out")
    texts = {name: tables[name]().to_csv(index=False, lineterminator="\n") for name in tables}
    try:
        with made(target), ExitStack() as all_or_none:
            new = {name: all_or_none.enter_context(unfinished_file(files[name])) for name in tables}
            for name, text in texts.items():
                new[name].write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
            for name, path in new.items():
                path.replace(files[name])
    except OSError as error:
        raise ProtestorateError(f"{target}: the tables cannot be written here: {error.strerror or error}") from error
    return list(files.values())


def _tables(folder: Path) -> Iterator[tuple[str, Table]]:
    if not (folder / MANIFEST).is_file():
        stored = read_run(folder)
        yield "days", lambda: stored.days
        if not stored.localities.empty:
            yield "localities", lambda: stored.localities
        return
    study = read_study(folder)
    yield "points", lambda: study.points
    yield "runs", lambda: study.runs
    if study.manifest["keep"]["days"]:
        yield "days", study.days
    if study.manifest["keep"]["localities"]:
        yield "localities", study.localities
