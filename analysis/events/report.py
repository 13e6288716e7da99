"""The folder of a reading: our table, what was not matched, a record, and a page that says what is in the data."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from analysis.events import figures
from analysis.events.layout import Layout
from analysis.events.places import HOWS
from analysis.events.read import Reading
from analysis.events.reporting import Words
from analysis.events.table import COLUMNS, CSV, PARQUET, SIZES, as_csv, as_parquet
from analysis.report.figures.style import several
from analysis.report.page import shown, write_page, write_text
from analysis.report.view import Parts, Report, pictured
from sim.core.errors import ProtestorateError
from sim.core.errors import shown as quoted
from sim.core.formats import day
from sim.measures.language import what_runs_have
from sim.run.place import put_in_place, recover, unfinished_folder

RECORD, UNMATCHED, PAGE = "events.json", "unmatched.csv", "report.html"
FILES = {RECORD, UNMATCHED, PAGE, PARQUET, CSV}


def check_folder(folder: Path, force: bool) -> None:
    """Make sure that a folder can be written; raises ProtestorateError if it holds something that must stay."""
    recover(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ProtestorateError(f"{folder}: is a file, not a folder")
    held = sorted(path.name for path in folder.iterdir())
    others = [name for name in held if name not in FILES]
    if others:
        raise ProtestorateError(
            f"{folder}: holds {quoted(others[0])} that is not of events; choose another folder with --out"
        )
    if held and not force:
        raise ProtestorateError(
            f"{folder}: holds events already; choose another folder with --out or replace them with --force"
        )


def write_reading(
    reading: Reading,
    layout: Layout,
    words: Words,
    file: Path,
    case: str,
    config: Any,
    folder: Path,
    command: str,
    force: bool = False,
) -> dict[str, Any]:
    """Write the folder of a reading, whole or not at all; return its record."""
    table, known = reading.table, what_runs_have(config)
    outside = 0
    if known.first is not None:
        days = table["date"].dt.date
        outside = int(((days < known.first) | (days > known.last)).sum())
    matched = table["matched"].value_counts()
    record = {
        "program": "protestorate",
        "file": file.name,
        "sha256": reading.digest,
        "layout": layout.title,
        "case": case,
        "command": command,
        "counts": dict(reading.counts),
        "first": str(table["date"].min().date()),
        "last": str(table["last_date"].max().date()),
        "outside_of_the_run": outside,
        "matched": {how: int(matched.get(how, 0)) for how in HOWS},
        "unmatched": reading.unmatched.to_dict("records"),
        "missing": {name: int(table[name].isna().sum()) for name in (SIZES[1], "detained", "injured", "killed")},
        "notes": reading.notes,
    }
    try:
        with unfinished_folder(folder) as new:
            (new / PARQUET).write_bytes(as_parquet(table))
            write_text(new / CSV, as_csv(table))
            write_text(new / UNMATCHED, reading.unmatched.to_csv(index=False, lineterminator="\n"))
            write_text(new / RECORD, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
            write_page(new / PAGE, _report(reading, layout, words, record, known, config.about.title))
            check_folder(folder, force)  # once more: another command may have written it meanwhile
            put_in_place(new, folder)
    except OSError as error:
        raise ProtestorateError(f"{folder}: cannot be written: {error.strerror}") from error
    return record


def _report(reading: Reading, layout: Layout, words: Words, record: dict[str, Any], known: Any, title: str) -> Report:
    table = reading.table
    pictures = [
        shown(
            "days",
            "By day",
            "Events by their first day, the sum of their participants, and people detained."
            + "".join(f" No {name} anywhere in the file." for name in figures.empty(table)),
            figures.days(table),
        )
    ]
    if (table["participants"] > 0).any():
        unknown = several(int(table["participants"].isna().sum()), "event")
        caption = f"Events by the middle of their size, on a logarithmic scale; {unknown} without a size."
        pictures.append(shown("sizes", "By size", caption, figures.sizes(table)))
    if (table["place"] != "").any():
        pictures.append(shown("places", "By place", "Localities with most events.", figures.places(table)))
    pictures.append(
        shown("missing", "What is missing", "Part of the events that says nothing of it.", figures.missing(table))
    )
    given = {
        "layout": layout,
        "matched": [(HOWS[how], f"{count:,}") for how, count in record["matched"].items() if count],
        "unmatched": record["unmatched"],
        "columns": [(name, meaning) for name, (_, meaning) in COLUMNS.items()],
        "words": f"{words.note} ({words.source})",
        "command": record["command"],
    }
    parts = Parts("events.html.j2", given)
    events, rows = several(record["counts"]["events"], "event"), several(record["counts"]["rows"], "row")
    placed = f"{int((table['place'] != '').sum()):,}"
    notes, outside = [f"{note}." for note in record["notes"]], record["outside_of_the_run"]
    first, last = (day(dt.date.fromisoformat(record[name])) for name in ("first", "last"))
    if outside and known.first is not None and known.last is not None:
        verb = "lies" if outside == 1 else "lie"
        span = f"{day(known.first)} to {day(known.last)}"
        notes.append(f"{several(outside, 'event')} {verb} outside of the scenario's days, {span}.")
    return Report(
        kind=f"Events · {events} · {first} to {last}",
        title=record["file"],
        heading=f"Events: {record['file']}",
        lead=f"Read by the layout “{layout.title}” for the scenario “{title}”.",
        outcome=f"{events} of {rows}; {placed} in a locality",
        answer=f"The file holds {events} from {first} to {last}, in {rows}.",
        numbers=[
            ("events", f"{record['counts']['events']:,}"),
            ("in a locality", placed),
            ("without a size", f"{int(table['participants'].isna().sum()):,}"),
        ],
        sure=" ".join(notes) or "Every event lies within the scenario's days.",
        picture=pictures[0],
        sections=[
            *pictured(pictures[1:]),
            parts.section("matching", "How places were found", "matching"),
            parts.section("table", "The table", "table"),
        ],
    )
