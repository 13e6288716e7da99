"""What a calibration leaves behind: its record, and the values in a scenario file."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.calibration.case import Case
from analysis.calibration.evaluate import Table, Values
from sim.core.errors import Problem, ProtestorateError, ScenarioError, one_line
from sim.core.files import json_of
from sim.core.keypath import around, undotted
from sim.core.version import model_version
from sim.run.load import load
from sim.scenario.yaml import Mark, read

FOLDER = Path(__file__).resolve().parent / "records"
Record = dict[str, Any]


def as_checked(table: Table, seeds: str, runs: int, persons_per_agent: int) -> Record:
    """Return a target table as a record keeps it: with the seeds, the scale, the day and the version of the model."""
    made = {"date": dt.datetime.now(dt.UTC).date().isoformat(), "model_version": model_version()}
    return {**table.as_record(), "seeds": seeds, "runs": runs, "persons_per_agent": persons_per_agent, **made}


def path_of(case: Case, folder: Path | None = None) -> Path:
    """Return where a case's record stands."""
    return (folder or FOLDER) / f"{case.name}.json"


def read_record(path: Path) -> Record:
    """Read a record.

    Raises
    ------
    ProtestorateError
        If there is none yet.
    """
    if not path.exists():
        raise ProtestorateError(f"{path.name}: there is no record yet; search first (--evaluations)")
    try:
        record: Record = json_of(path)
    except (OSError, ValueError, RecursionError) as error:
        raise ProtestorateError(f"{path}: the record cannot be read: {one_line(str(error))}") from error
    return record


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record, whole or not at all; numbers are rounded to six digits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(with_plain_numbers(record), indent=1, ensure_ascii=False, allow_nan=False)
    trial = path.with_suffix(".json.part")
    trial.write_text(text + "\n", encoding="utf-8")
    trial.replace(path)


def with_plain_numbers(value: Any) -> Any:
    """Return data with numbers of six digits, and none where there is no number."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: with_plain_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [with_plain_numbers(inner) for inner in value]
    return value


NUMBER = re.compile(r"[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def written(value: float) -> str:
    """Return a number as a scenario has it: plainly, with a point.

    >>> written(0.3), written(2.0), written(0.00001)
    ('0.3', '2.0', '0.00001')
    """
    text = f"{value:.10f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def with_numbers(path: Path, values: Values) -> str:
    """Return the text of a file with other numbers at key paths.

    Raises
    ------
    ScenarioError
        If a key path is not written out as a number in this very file.
    """
    marks = read(path).marks
    lines = path.read_text(encoding="utf-8").split("\n")
    places: list[tuple[Mark, str]] = []
    for key, value in values.items():
        mark = marks.get(undotted(key))
        if mark is None:
            raise ScenarioError(Problem("is not written out in this file", key, path.name))
        places.append((mark, written(value)))
    for mark, text in sorted(places, key=lambda place: (place[0].line, place[0].column), reverse=True):
        line, column = lines[mark.line - 1], mark.column - 1
        number = NUMBER.match(line, column)
        if number is None:
            raise ScenarioError(Problem("is no number", file=path.name, line=mark.line, column=mark.column))
        lines[mark.line - 1] = line[:column] + text + line[number.end() :]
    return "\n".join(lines)


def with_sources(text: str, sources: Mapping[str, object], keys: Values, note: str) -> str:
    """Return the text of a scenario in which each key path says that it is calibrated, and by which record.

    The entry that covers a key path is kept if it says so already; one of its very own is replaced, its note
    kept; otherwise one is added at the end of ``sources``.
    """
    lines = text.rstrip("\n").split("\n")
    for key in keys:
        own = sources.get(key)
        entry = _entry(key, own, note)
        place = next((n for n, line in enumerate(lines) if line.startswith(f"  {key}:")), None)
        if own is not None and place is not None:
            lines[place] = entry
        else:
            lines.insert(_after_relatives(lines, key), entry)
    return "\n".join(lines) + "\n"


def _entry(key: str, own: object, note: str) -> str:
    """One line of ``sources``: calibrated, what else it rests on, the note it had, and the record."""
    before: Mapping[str, Any] = own if isinstance(own, Mapping) else {"from": own}
    named = before.get("from") or []
    ids = [named] if isinstance(named, str) else list(named)
    ids = ["calibrated", *(name for name in ids if name not in ("calibrated", "assumption"))]
    remark = str(before.get("note") or "")
    if note not in remark:
        remark = f"{remark}; {note}" if remark else note
    source = ids[0] if len(ids) == 1 else f"[{', '.join(ids)}]"
    quoted = remark.replace('"', "'")
    return f'  {key}: {{from: {source}, note: "{quoted}"}}'


def _after_relatives(lines: list[str], key: str) -> int:
    """Line after the last entry that shares the longest beginning of the key path; the end of the file at worst."""
    first = lines.index("sources:") + 1
    for above in reversed(around(key)):
        beginning = re.compile(rf"  {re.escape(above)}[.:]")
        found = [n for n in range(first, len(lines)) if beginning.match(lines[n])]
        if found:
            return found[-1] + 1
    return len(lines)


def write_scenario(path: Path, values: Values, calibrated: Values, note: str) -> None:
    """Write calibrated numbers and their sources into a scenario's file.

    Parameters
    ----------
    path : Path
        The scenario; the values must stand in this file, not in one that it extends.
    values : mapping of str to float
        All numbers to write.
    calibrated : mapping of str to float
        Those of them that are to be called calibrated.
    note : str
        What refers to the record.

    Raises
    ------
    ScenarioError
        If a value is not written out there, or the new file would not be valid; nothing is changed then.
    """
    sources = read(path).data.get("sources")
    if not isinstance(sources, dict):
        raise ProtestorateError(f"{path.name} has no sources")
    text = with_sources(with_numbers(path, values), sources, calibrated, note)
    trial = path.with_name(f".{path.stem}-calibrated.yaml")
    trial.write_text(text, encoding="utf-8")
    try:
        load(trial)
    except ScenarioError:
        trial.unlink()
        raise
    trial.replace(path)
