"""From somebody's table of events to ours: by a layout, for a scenario, with all said that was not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.events.cells import Amount
from analysis.events.files import Cell, read_raw, text_of
from analysis.events.layout import Layout
from analysis.events.places import NONE, SEVERAL, Localities, Match, localities_of
from analysis.events.reader import DateColumn, Reader
from analysis.events.reporting import Words
from analysis.events.table import AMOUNTS, SIZES, table_of
from sim.core.errors import MOST_PROBLEMS, Problem, ScenarioError, shown

DUPLICATES = ("refuse", "drop", "keep")
MOST_NAMES = 20
"""Of a map, that are told where no event has them."""


@dataclass
class Reading:
    """What came of a file.

    Parameters
    ----------
    table : DataFrame
        Ours; see `analysis.events.table.COLUMNS`.
    unmatched : DataFrame
        A row a place that is none of the scenario's: the name, events, why, and the locality most like it.
    notes : list of str
        What was left out or taken for something, in words.
    counts : mapping of str to int
        Rows of the file, rows that the layout does not count, duplicates, events.
    """

    table: pd.DataFrame
    unmatched: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""


def read_file(
    path: Path,
    layout: Layout,
    config: Any,
    words: Words,
    within: float = 0.0,
    own_map: Path | None = None,
    where: Mapping[str, str] | None = None,
    date_order: str | None = None,
    duplicates: str = "refuse",
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
) -> Reading:
    """Read a table of events.

    Parameters
    ----------
    path : Path
    layout : Layout
    config : checked scenario
        Whose localities places are matched to.
    words : Words
        What sizes in words mean.
    within : float
        Distance up to which the nearest locality is taken where no name is known [km].
    own_map : Path, optional
        See `analysis.events.places.read_map`.
    where : mapping of str to str, optional
        Only rows with these values in these columns.
    date_order : str, optional
        As ``date.order`` of a layout, in its place.
    duplicates : str
        ``refuse``, ``drop`` or ``keep`` events that stand there twice: of one id, or alike in every cell.
    encoding, separator, sheet
        As for `analysis.events.files.read_raw`.

    Raises
    ------
    ScenarioError
        With every mistake of the file: row, column, value and the nearest valid one.
    """
    raw = read_raw(path, encoding, separator, sheet)
    reader = Reader(raw, layout, words, localities_of(config, within, own_map))
    reader.check_columns(where or {})
    if reader.problems:
        raise ScenarioError(reader.problems)
    in_file = len(raw.rows)
    raw.rows[:] = [(row, cells) for row, cells in raw.rows if _counts(reader, cells, where or {})]
    notes = []
    if not raw.rows:
        kept = [*(f"{name} is {' or '.join(values)}" for name, values in layout.only.items())]
        kept += [f"{name} is {value}" for name, value in (where or {}).items()]
        raise ScenarioError(
            Problem(f"none of its {in_file} rows counts: those do where {' and '.join(kept)}", file=raw.name)
        )
    if in_file > len(raw.rows):
        others = in_file - len(raw.rows)
        what = "is something else" if others == 1 else "are other things"
        notes.append(f"{others:,} of {in_file:,} rows {what} by the layout, or by --where")
    first = DateColumn(reader, layout.date, date_order)
    last = None
    if layout.last_date is not None and all(map(reader.has, layout.last_date.columns)):
        last = DateColumn(reader, layout.last_date, date_order)
    rows: list[dict[str, object]] = []
    for row, cells in raw.rows:
        if len(reader.problems) >= MOST_PROBLEMS:
            break
        rows.append(_event(reader, row, cells, first, last))
    reader.say_what_points_are()
    dropped = _twice(reader, rows, duplicates)
    if reader.problems:
        raise ScenarioError(sorted(reader.problems, key=lambda one: (one.line, one.column)))
    rows = [event for event in rows if event["row"] not in dropped]
    if dropped:
        notes.append(f"{len(dropped):,} events stood there twice and were left out once: rows {_listed(dropped)}")
    if first.of.serials:
        notes.append(
            f"{first.of.serials:,} dates were numbers, as Excel writes them, and were taken for days since {raw.epoch}"
        )
    for name in reader.places.names_not_met([str(row["place_given"]) for row in rows])[:MOST_NAMES]:
        notes.append(f"--places names {shown(name)}, which is no place of these events")
    counts = {"rows": in_file, "others": in_file - len(raw.rows), "duplicates": len(dropped), "events": len(rows)}
    return Reading(table_of(rows), _unmatched(rows, reader.places), notes, counts, raw.digest)


def _counts(reader: Reader, cells: Sequence[Cell], where: Mapping[str, str]) -> bool:
    asked = {**reader.layout.only, **{name: [value] for name, value in where.items()}}
    return all(
        text_of(reader.cell(cells, name)).casefold() in [value.casefold() for value in values]
        for name, values in asked.items()
    )


def _event(
    reader: Reader, row: int, cells: Sequence[Cell], first: DateColumn, last: DateColumn | None
) -> dict[str, object]:
    event: dict[str, object] = {"row": row}
    event["event"] = reader.find("id", row, cells)[0] or f"row {row}"
    event["date"] = date = first.read(row, cells)
    event["last_date"] = until = last.read(row, cells) if last is not None else date
    if date is not None and until is not None and until < date:
        assert last is not None
        reader.say(row, last.dates.columns[-1], "the last day must not be before the first", f"{date} to {until}")
    given = reader.find("place", row, cells)[0]
    found: Match = reader.places.match(given, reader.coordinates(row, cells))
    event.update(place=found.place, place_given=given, matched=found.how)
    size = reader.amounts("participants", row, cells)
    ends = [reader.amounts(name, row, cells) for name in ("participants_low", "participants_high")]
    low, high = (end.middle if end is not None else None for end in ends)
    if size is None and low is not None and high is not None:
        size = Amount(low, (low * high) ** 0.5, high)
    if size is not None:
        sizes = (size.low if low is None else low, size.middle, size.high if high is None else high)
        event.update(zip(SIZES, (min(sizes), size.middle, max(sizes)), strict=True))
    for name in AMOUNTS:
        number = reader.amounts(name, row, cells)
        event[name] = None if number is None else number.middle
    for name, usual in (("kind", "protest"), ("form", ""), ("response", "unknown"), ("source", "")):
        event[name] = reader.find(name, row, cells)[0] or usual
    return event


def _twice(reader: Reader, rows: list[dict[str, object]], duplicates: str) -> set[int]:
    """Return the rows of events that stand there again; say so where they are refused."""
    if duplicates == "keep":
        return set()
    column = next((name for rule in reader.layout.fields.get("id", ()) for name in rule.column if reader.has(name)), "")
    cells = dict(reader.raw.rows)
    seen: dict[object, int] = {}
    found = set()
    for event in rows:
        row = event["row"]
        assert isinstance(row, int)
        own = reader.value(cells[row], column) if column else ""
        key = own or tuple(map(text_of, cells[row]))
        if key not in seen:
            seen[key] = row
        elif duplicates == "drop":
            found.add(row)
        else:
            what = "has the id" if own else "is alike in every cell"
            message = f"the event {what} of row {seen[key]}: mend it, or choose --duplicates drop or keep"
            reader.say(row, column or reader.layout.date.columns[0], message, own)
    return found


def _unmatched(rows: list[dict[str, object]], places: Localities) -> pd.DataFrame:
    counted = Counter(
        (str(row["place_given"]), str(row["matched"])) for row in rows if row["matched"] in (NONE, SEVERAL)
    )
    found = [
        {"place": given, "events": count, "why": how, "nearest": places.suggestion(given) if how == NONE else ""}
        for (given, how), count in counted.most_common()
    ]
    return pd.DataFrame(found, columns=["place", "events", "why", "nearest"])


def _listed(rows: set[int]) -> str:
    first = [str(row) for row in sorted(rows)[:20]]
    return ", ".join(first) + (" and more" if len(rows) > len(first) else "")
