"""From somebody's table of events to ours: by a layout, for a scenario, with all said that was not understood."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.events.cells import FRACTION, THOUSANDS, Amount, DateReader, NoDateError, amount
from analysis.events.files import Cell, Raw, read_raw, text_of
from analysis.events.layout import CHOICES, RESPONSES, Dates, Layout, Rule
from analysis.events.places import NONE, SEVERAL, Localities, Match, localities_of
from analysis.events.reporting import Words
from analysis.events.table import AMOUNTS, SIZES, table_of
from sim.core.errors import MOST_PROBLEMS, Problem, ScenarioError, nearest, shown

NO_VALUE = ("", "na", "nan", "n/a")
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


@dataclass
class _Reader:
    raw: Raw
    layout: Layout
    words: Words
    places: Localities
    problems: list[Problem] = field(default_factory=list)
    pointed: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Rows and texts of each column with numbers such as 10.000."""
    fractions: set[str] = field(default_factory=set)
    """Columns in which a point is that of a fraction."""

    def say(self, row: int, column: str, message: str, given: str = "", near: str = "") -> None:
        place = self.raw.place(column) + 1
        self.problems.append(Problem(message, column, self.raw.name, row, place, shown(given) if given else "", near))

    def has(self, column: str) -> bool:
        return self.raw.place(column) >= 0

    def cell(self, cells: Sequence[Cell], column: str) -> Cell:
        place = self.raw.place(column)
        return cells[place] if place >= 0 else None

    def value(self, cells: Sequence[Cell], column: str) -> str:
        text = text_of(self.cell(cells, column))
        missing = text.casefold() in NO_VALUE or text in self.layout.missing
        return "" if missing else text

    def check_columns(self, where: Mapping[str, str]) -> None:
        """Say which columns the file lacks, each with the nearest it has."""
        asked: list[tuple[list[str], bool]] = [([name], False) for name in (*self.layout.only, *where)]
        for dates in filter(None, (self.layout.date, self.layout.last_date)):
            asked += [([name], dates.optional) for name in dates.columns]
        asked += [(rule.column, rule.optional) for rules in self.layout.fields.values() for rule in rules]
        said = set()
        for columns, optional in asked:
            if not optional and not any(map(self.has, columns)) and columns[0] not in said:
                said.add(columns[0])
                near = nearest(columns[0], self.raw.columns)
                message = f"the file has no column {' or '.join(map(repr, columns))}"
                self.problems.append(Problem(message, file=self.raw.name, line=1, nearest=near))
        for columns, _ in asked:
            for column in columns:
                alike = [name for name in self.raw.columns if name.strip().casefold() == column.strip().casefold()]
                if len(alike) > 1 and column not in said:
                    said.add(column)
                    message = f"the file has columns of this name but for capitals: {', '.join(map(shown, alike))}"
                    self.problems.append(Problem(message, column, self.raw.name, 1, self.raw.place(column) + 1))
        wanted = {self.raw.place(name) for columns, _ in asked for name in columns}
        for name, kind in self.raw.unread.items():
            if self.raw.place(name) in wanted:
                message = f"the column holds {kind}, and no text, number or date"
                self.problems.append(Problem(message, name, self.raw.name, 1, self.raw.place(name) + 1))

    def find(self, name: str, row: int, cells: Sequence[Cell]) -> tuple[str, str]:
        """Return the value of one of our columns and the column it stood in; both empty if there is none."""
        found: list[tuple[str, str]] = []
        for rule in self.layout.fields.get(name, ()):  # type: ignore[call-overload]
            found += self._of_rule(rule, name, row, cells)
            if found:
                break
        if not found:
            return "", ""
        if name == "response":
            return max(found, key=lambda one: RESPONSES.index(one[0]))
        return found[0]

    def _of_rule(self, rule: Rule, name: str, row: int, cells: Sequence[Cell]) -> Iterator[tuple[str, str]]:
        for column in rule.column:
            text = self.value(cells, column)
            if text and rule.pattern is not None:
                match = re.search(rule.pattern, text)
                text = ((match[1] if match.re.groups else match[0]) or "").strip() if match else ""
                if text in self.layout.missing:
                    text = ""
            if not text:
                continue
            ours = next((own for theirs, own in rule.values.items() if theirs.casefold() == text.casefold()), None)
            if ours is None and (rule.otherwise is not None or not rule.values):
                ours = rule.otherwise if rule.otherwise is not None else text
            if ours is None or (name in CHOICES and ours not in CHOICES[name]):
                known = tuple(rule.values) or CHOICES[name]
                self.say(row, column, f"must be one of {', '.join(known)}", text, nearest(text, known))
                continue
            yield ours, column

    def amounts(self, name: str, row: int, cells: Sequence[Cell]) -> Amount | None:
        """Return a number of persons and its range; None if there is none, or none that can be read."""
        text, column = self.find(name, row, cells)
        if not text:
            return None
        if isinstance(self.cell(cells, column), str):
            if THOUSANDS.search(text):
                self.pointed.setdefault(column, []).append((row, text))
            if FRACTION.search(text):
                self.fractions.add(column)
        try:
            return amount(text, self.words)
        except ValueError as error:
            self.say(row, column, str(error), text, nearest(text.casefold(), self.words.by_word))
            return None

    def say_what_points_are(self) -> None:
        """Refuse numbers such as 10.000 in a column where nothing shows whether they are thousands or fractions."""
        for column, cells in self.pointed.items():
            for row, text in cells if column not in self.fractions else ():
                message = "may be thousands or a fraction: write such as 10000, or 10.0"
                self.say(row, column, message, text)

    def coordinates(self, row: int, cells: Sequence[Cell]) -> tuple[float, float] | None:
        found = []
        for name, most in (("latitude", 90.0), ("longitude", 180.0)):
            text, column = self.find(name, row, cells)
            if not text:
                return None
            try:
                value = float(text.replace(",", "."))
            except ValueError:
                value = float("nan")
            if not abs(value) <= most:
                self.say(row, column, f"must be a number of -{most:g} to {most:g}", text)
                return None
            found.append(value)
        return found[0], found[1]


@dataclass
class _DateColumn:
    """The dates of a layout's column or three columns."""

    reader: _Reader
    dates: Dates
    order: str | None

    def __post_init__(self) -> None:
        self.of = DateReader(self.order or self.dates.order, self.reader.raw.epoch)
        column = self.dates.column
        if column is None:
            return
        cells = [(row, self.reader.cell(cells, column)) for row, cells in self.reader.raw.rows]
        both = self.of.find_order(cells)
        if both is not None:
            values = dict(cells)
            for row, what in zip(both, ("the day first", "the month first"), strict=True):
                message = f"has {what}, and another row of this column the other way round; dates must have one order"
                self.reader.say(row, column, message, text_of(values[row]))
            self.of.order = "day-first"

    def read(self, row: int, cells: Sequence[Cell]) -> dt.date | None:
        """Return the date of a row; None if there is none that can be read, which has been said."""
        column = self.dates.columns[0]
        try:
            if self.dates.column is not None:
                return self.of.read(self.reader.cell(cells, column))
            parts = []
            for column in self.dates.columns:
                text = self.reader.value(cells, column)
                if not text.isdecimal() or len(text) > len("2020"):
                    raise NoDateError("must be a whole number")
                parts.append(int(text))
            return self.of.read(f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}")
        except NoDateError as error:
            self.reader.say(row, column, str(error), text_of(self.reader.cell(cells, column)))
            return None


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
    reader = _Reader(raw, layout, words, localities_of(config, within, own_map))
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
        notes.append(f"{in_file - len(raw.rows):,} of {in_file:,} rows are other things by the layout, or by --where")
    first = _DateColumn(reader, layout.date, date_order)
    last = None
    if layout.last_date is not None and all(map(reader.has, layout.last_date.columns)):
        last = _DateColumn(reader, layout.last_date, date_order)
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


def _counts(reader: _Reader, cells: Sequence[Cell], where: Mapping[str, str]) -> bool:
    asked = {**reader.layout.only, **{name: [value] for name, value in where.items()}}
    return all(
        text_of(reader.cell(cells, name)).casefold() in [value.casefold() for value in values]
        for name, values in asked.items()
    )


def _event(
    reader: _Reader, row: int, cells: Sequence[Cell], first: _DateColumn, last: _DateColumn | None
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


def _twice(reader: _Reader, rows: list[dict[str, object]], duplicates: str) -> set[int]:
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
