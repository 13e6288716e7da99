"""The tables of a run or a study as CSV files (RFC 4180, UTF-8, days as in ISO 8601), or as Stata's with labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from analysis.report.figures.style import several
from analysis.report.stata import stata as as_stata
from sim.core.errors import ProtestorateError
from sim.core.notes import say
from sim.models.declarations import Declarations
from sim.models.interface import declared
from sim.models.results import Result
from sim.run.place import made, unfinished_file
from sim.run.store import read_run
from sim.study.folder import MANIFEST
from sim.study.read import read_study

OF_STUDIES = {
    "run_id": "id of the run",
    "point": "point of the design, from 0 on",
    "label": "what the point is called",
    "base": "scenario it starts from",
    "overrides": "what the point sets, as JSON",
    "scenario_hash": "digest of the point's scenario",
    "same_as": "earlier point whose runs it shares",
    "replicate": "replicate, from 0 on",
    "seed": "random seed",
    "locality": "name of the locality",
    "outcome": "how the run ended",
    "outcome_road": "by which road it ended so",
    "outcome_date": "day on which it ended so",
    "outcome_reasons": "why it ended so",
}
"""What columns mean that every study has."""
Table = Callable[[], pd.DataFrame]


def write_tables(folder: Path, target: Path, force: bool = False, stata: bool = False) -> list[Path]:
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
        Whether the files are Stata's (.dta), with labels, in the place of CSV.

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
    ending = "dta" if stata else "csv"
    files = {name: target / f"{name}.{ending}" for name in tables}
    taken = [path for path in files.values() if path.exists()]
    if taken and not force:
        raise ProtestorateError(f"{taken[0]}: is there already; replace it with --force or choose another --out")
    contents = {name: _for_stata(folder, name, table()) if stata else _csv(table()) for name, table in tables.items()}
    try:
        with made(target), ExitStack() as all_or_none:
            new = {name: all_or_none.enter_context(unfinished_file(files[name])) for name in contents}
            for name, content in contents.items():
                new[name].write_bytes(content)
            for name, path in new.items():
                path.replace(files[name])
    except OSError as error:
        raise ProtestorateError(f"{target}: the tables cannot be written here: {error.strerror or error}") from error
    return list(files.values())


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8", errors="backslashreplace")


def _for_stata(folder: Path, name: str, table: pd.DataFrame) -> bytes:
    return as_stata(table, _labels(folder, name), f"{folder.resolve().name}, {name}: simulated by protestorate")


def _labels(folder: Path, table: str) -> dict[str, str]:
    """Return what the columns of a table mean, with units, by their names."""
    if not (folder / MANIFEST).is_file():
        known = declared(read_run(folder).config)
        return {"locality": "name of the locality"} | _said((*known.columns, *known.places))
    study = read_study(folder)
    parameters = study.manifest["parameters"]
    changed = {path: _with_unit(str(one["description"]), str(one["unit"])) for path, one in parameters.items()}
    if table == "runs":
        return changed | _said(study.declared.numbers) | OF_STUDIES
    return changed | _said((*study.declared.columns, *study.declared.places)) | OF_STUDIES


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
