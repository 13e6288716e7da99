"""What the cells of one row say, by a layout, and what is told of those that cannot be read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.events.cells import FRACTION, THOUSANDS, Amount, DateReader, NoDateError, amount
from analysis.events.files import Cell, Raw, text_of
from analysis.events.layout import CHOICES, RESPONSES, Dates, Layout, Rule
from analysis.events.places import Localities
from analysis.events.reporting import Words
from sim.core.errors import Problem, nearest, shown

NO_VALUE = ("", "na", "nan", "n/a")


@dataclass
class Reader:
    """Reads the cells of rows by a layout, and keeps what is to be told of them."""

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
        """Keep what is wrong with a cell; all of it is told at once."""
        place = self.raw.place(column) + 1
        self.problems.append(Problem(message, column, self.raw.name, row, place, shown(given) if given else "", near))

    def has(self, column: str) -> bool:
        """Return whether the file has a column."""
        return self.raw.place(column) >= 0

    def cell(self, cells: Sequence[Cell], column: str) -> Cell:
        """Return a row's cell of a column; None if there is no such column."""
        place = self.raw.place(column)
        return cells[place] if place >= 0 else None

    def value(self, cells: Sequence[Cell], column: str) -> str:
        """Return the text of a cell; empty if it says that there is no value."""
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
        """Return latitude and longitude of a row; None if they are missing or cannot be read."""
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
class DateColumn:
    """The dates of a layout's column or three columns."""

    reader: Reader
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
