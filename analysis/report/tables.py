"""The tables of a run or a study as CSV files (RFC 4180, UTF-8, days as in ISO 8601), for Stata with labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from analysis.report.figures.style import several
from analysis.report.stata import script, table_for
from sim.core.errors import ProtestorateError
from sim.core.notes import say
from sim.models.declarations import Declarations
from sim.models.interface import declared
from sim.models.results import Result
from sim.run.place import made, unfinished_file
from sim.run.store import read_run
from sim.study.folder import MANIFEST
from sim.study.read import read_study

Table = Callable[[], pd.DataFrame]


def write_csv(folder: Path, target: Path, force: bool = False, stata: bool = False) -> list[Path]:
    """Write every table of a result as a file of its own.

    Parameters
    ----------
    folder : Path
        Of a run (days, localities) or of a study (points, runs, and days and localities if it keeps them).
    target : Path
        Made if it is not there.
    force : bool
        Whether files of the same names may be replaced.
    stata : bool
        Whether columns get names that Stata takes, and each table a do-file that reads and labels it.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ProtestorateError
        If there is no result in the folder, or a study without a run, if a file is there already, or the disk refuses.
        Nothing is written then.
    """
    tables = dict(_tables(folder))
    files = {f"{name}.csv": target / f"{name}.csv" for name in tables}
    if stata:
        files |= {f"{name}.do": target / f"{name}.do" for name in tables}
    taken = [path for path in files.values() if path.exists()]
    if taken and not force:
        raise ProtestorateError(f"{taken[0]}: is there already; replace it with --force or choose another --out")
    texts: dict[str, str] = {}
    for name, table in tables.items():
        texts |= _for_stata(folder, name, table()) if stata else {f"{name}.csv": _csv(table())}
    try:
        with made(target), ExitStack() as all_or_none:
            new = {name: all_or_none.enter_context(unfinished_file(files[name])) for name in texts}
            for name, text in texts.items():
                new[name].write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
            for name, path in new.items():
                path.replace(files[name])
    except OSError as error:
        raise ProtestorateError(f"{target}: the tables cannot be written here: {error.strerror or error}") from error
    return list(files.values())


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n")


def _for_stata(folder: Path, name: str, table: pd.DataFrame) -> dict[str, str]:
    """Return a table's file and the script that reads it, by name."""
    plain = table_for(table)
    do = script(f"{name}.csv", plain, map(str, table.columns), _labels(folder, name))
    return {f"{name}.csv": _csv(plain), f"{name}.do": do}


def _labels(folder: Path, table: str) -> dict[str, str]:
    """Return what the columns of a table mean, with units, by their names."""
    if not (folder / MANIFEST).is_file():
        known = declared(read_run(folder).config)
        return _said((*known.columns, *known.places))
    study = read_study(folder)
    parameters = study.manifest["parameters"]
    changed = {path: _with_unit(str(one["description"]), str(one["unit"])) for path, one in parameters.items()}
    of_runs = {"run_id": "id of the run", "point": "point of the design, from 0 on", "base": "scenario it starts from",
               "replicate": "replicate, from 0 on", "seed": "random seed", "outcome": "how the run ended"}  # fmt: skip
    if table == "runs":
        return changed | _said(study.declared.numbers) | of_runs
    return changed | _said((*study.declared.columns, *study.declared.places)) | of_runs


def _said(results: Iterable[Result]) -> dict[str, str]:
    found = Declarations(results)
    return {name: _with_unit(found[name].label, found[name].unit) for name in found}


def _with_unit(label: str, unit: str) -> str:
    return f"{label} [{unit}]" if unit else label


def _tables(folder: Path) -> Iterator[tuple[str, Table]]:
    if not (folder / MANIFEST).is_file():
        stored = read_run(folder)
        yield "days", lambda: stored.days
        if not stored.localities.empty:
            yield "localities", lambda: stored.localities
        return
    study = read_study(folder)
    if study.runs.empty:
        raise ProtestorateError(f"{folder}: no run of this study is stored; the study is to be run first")
    absent = {"still to do": study.to_do, "failed": len(study.failures)}
    if any(absent.values()):
        why = ", ".join(f"{count:,} {words}" for words, count in absent.items() if count)
        total = study.runs["run_id"].nunique() + sum(absent.values())
        say(f"{folder}: {sum(absent.values()):,} of its {several(total, 'run')} are in no table: {why}")
    yield "points", lambda: study.points
    yield "runs", lambda: study.runs
    if study.manifest["keep"]["days"]:
        yield "days", study.days
    if study.manifest["keep"]["localities"]:
        yield "localities", study.localities
