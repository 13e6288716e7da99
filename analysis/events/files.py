"""Tables as they come: CSV in any separator and encoding, XLSX, Parquet; cells with the row they stand in."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.core.errors import Problem, ProtestorateError, ScenarioError, shown
from sim.core.files import content as content_of
from sim.core.share import to_install
from sim.scenario.text import display

Cell = str | int | float | dt.date | None
SEPARATORS = ",;\t|"
TEXT, SHEET, COLUMNAR = (".csv", ".tsv", ".txt", ".tab"), (".xlsx", ".xlsm"), (".parquet",)
LARGEST_FIELD = 10_000_000


@dataclass(frozen=True)
class Raw:
    """A table before anything is understood of it.

    Parameters
    ----------
    name : str
        Of the file, as messages say it.
    columns : tuple of str
    rows : list of (int, sequence of Cell)
        Each with its number in the file, the header being in row 1; of Parquet, which has no header, the first is 1.
    epoch : date
        Day 0 of dates that are numbers, as Excel writes them.
    unread : mapping of str to str
        Columns of a Parquet file that are no plain values, and what they are.
    digest : str
        SHA-256 of the file.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[int, Sequence[Cell]]]
    epoch: dt.date = dt.date(1899, 12, 30)
    unread: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def place(self, column: str) -> int:
        """Return the place of a column, capitals and spaces around it aside; -1 if there is none."""
        wanted = column.strip().casefold()
        return next((place for place, name in enumerate(self.columns) if name.strip().casefold() == wanted), -1)


def text_of(cell: Cell) -> str:
    """Return a cell as text; whole numbers without a point."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell).strip()


def read_raw(path: Path, encoding: str | None = None, separator: str | None = None, sheet: str | None = None) -> Raw:
    """Read a table of any kind.

    Parameters
    ----------
    path : Path
        The kind is that of the name's ending.
    encoding : str, optional
        Of a text file; UTF-8, or UTF-16 with its mark, if left out.
    separator : str, optional
        Between the cells of a text file; found out of its header if left out.
    sheet : str, optional
        Of a workbook; the first if left out.

    Raises
    ------
    ScenarioError
        If it cannot be read, is empty, or has rows that do not fit its header, each with its place.
    """
    name, ending = display(path), path.suffix.lower()
    try:
        content = content_of(path)
    except OSError as error:
        raise ScenarioError(Problem(f"cannot be read: {error.strerror}", file=name)) from None
    if ending in TEXT:
        raw = _text(name, content, encoding, separator)
    elif ending in SHEET:
        raw = _sheet(name, content, sheet)
    elif ending in COLUMNAR:
        raw = _parquet(name, content)
    else:
        known = ", ".join((*TEXT, *SHEET, *COLUMNAR))
        raise ScenarioError(Problem(f"a table of events ends in one of {known}", file=name, given=shown(ending)))
    double = [column for column in set(raw.columns) if column and raw.columns.count(column) > 1]
    if double:
        raise ScenarioError(Problem("two columns have this name", file=name, line=1, given=shown(min(double))))
    if not raw.rows:
        raise ScenarioError(Problem("has no rows: there is nothing to read", file=name))
    return replace(raw, digest=hashlib.sha256(content).hexdigest())


def _text(name: str, content: bytes, encoding: str | None, separator: str | None) -> Raw:
    text = _decoded(name, content, encoding)
    if not text.strip():
        raise ScenarioError(Problem("is empty", file=name))
    header = next(line for line in text.splitlines() if line.strip())
    hint = header if len(header) == len("sep=;") and header.startswith("sep=") else None
    csv.field_size_limit(LARGEST_FIELD)
    try:
        separator = separator or (hint[-1] if hint else _separator(header))
    except csv.Error as error:
        raise ScenarioError(Problem(f"is no table: {error}", file=name, line=1)) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, Sequence[Cell]]] = []
    problems: list[Problem] = []
    columns: tuple[str, ...] = ()
    begin = 1
    try:
        for cells in reader:
            line, begin = begin, reader.line_num + 1
            if not any(cell.strip() for cell in cells) or (not columns and hint and line == _line_of(hint, text)):
                continue
            if not columns:
                columns = tuple(cell.strip() for cell in cells)
            elif len(cells) != len(columns):
                message = f"has {len(cells)} cells, and the header has {len(columns)}"
                problems.append(Problem(message, file=name, line=line))
            else:
                rows.append((line, cells))
    except csv.Error as error:
        problems.append(Problem(f"is no table: {error}", file=name, line=begin))
    if problems:
        raise ScenarioError(problems)
    return Raw(name, columns, rows)


def _separator(header: str) -> str:
    return max(SEPARATORS, key=lambda one: len(next(csv.reader([header], delimiter=one))))


def _line_of(hint: str, text: str) -> int:
    """Return the line of Excel's ``sep=;``, which says by what cells are separated and is no header."""
    return text[: text.index(hint)].count("\n") + 1


def _decoded(name: str, content: bytes, encoding: str | None) -> str:
    marks = (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    )
    found = encoding or next((codec for mark, codec in marks if content.startswith(mark)), "utf-8")
    try:
        # Some encodings can spell halves of letters, which no file can hold.
        text = content.decode(found).removeprefix("\ufeff").encode("utf-8", "backslashreplace").decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        message = f"is not in {found}; say in what it is with --encoding, such as cp1251 or latin-1"
        raise ScenarioError(
            Problem(message, file=name, line=line, column=column, given=f"byte {content[error.start]:#04x}")
        ) from None
    except (LookupError, ValueError):  # no name of an encoding, or one of those that decode nothing
        raise ScenarioError(Problem("there is no such encoding", "--encoding", given=shown(encoding))) from None
    if "\0" in text:
        message = (
            f"holds zero bytes, which no text in {found} does; say in what it is with --encoding, such as utf-16-le"
        )
        raise ScenarioError(Problem(message, file=name, line=text[: text.index("\0")].count("\n") + 1))
    return text


def _sheet(name: str, content: bytes, sheet: str | None) -> Raw:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise ProtestorateError(
            f"{name}: workbooks need the extra 'events': {to_install('events')}, or save it as CSV"
        ) from None
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # noqa: BLE001  # whatever a broken archive makes of it
        raise ScenarioError(Problem(f"cannot be read as a workbook: {error}", file=name)) from None
    if sheet is not None and sheet not in book.sheetnames:
        message = f"there is no such sheet; there are {', '.join(book.sheetnames)}"
        raise ScenarioError(Problem(message, "--sheet", file=name, given=shown(sheet)))
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, Sequence[Cell]]] = []
    try:
        table = book[sheet] if sheet is not None else book.worksheets[0]
        table.reset_dimensions()  # a cell at the sheet's far end would make every row as wide
        for number, cells in enumerate(table.iter_rows(values_only=True), start=1):
            values = [_plain(cell) for cell in cells]
            if all(value in (None, "") for value in values):
                continue
            if not columns:
                while values and values[-1] is None:
                    values.pop()
                columns = tuple(text_of(value) for value in values)
            else:
                rows.append((number, (values + [None] * len(columns))[: len(columns)]))
        empty = _formulas_without_values(content, table.title, dict(rows), columns)
    except Exception as error:  # noqa: BLE001  # likewise; a sheet is read when it is asked for, and may be a chart
        raise ScenarioError(Problem(f"has no sheet with rows: {error}", file=name)) from None
    if empty:
        message = "holds a formula that was never worked out: save the workbook in a program for spreadsheets"
        raise ScenarioError([Problem(message, columns[place], name, row, place + 1) for row, place in empty])
    others = [one for one in book.sheetnames if one != table.title]
    if not rows and sheet is None and others:
        message = f"the sheet {shown(table.title)} has no rows; choose another with --sheet: {', '.join(others)}"
        raise ScenarioError(Problem(message, file=name))
    epoch = getattr(book, "epoch", None)
    book.close()
    return Raw(name, columns, rows, epoch.date() if epoch is not None else dt.date(1899, 12, 30))


def _formulas_without_values(
    content: bytes, sheet: str, rows: Mapping[int, Sequence[Cell]], columns: Sequence[str]
) -> list[tuple[int, int]]:
    """Return row and place of cells under the header whose formula was never worked out."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if not any(b"<f" in parts.read(one) for one in parts.namelist() if one.startswith("xl/worksheets/")):
            return []
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True)
    table = book[sheet]
    table.reset_dimensions()
    found = []
    for number, cells in enumerate(table.iter_rows(max_col=len(columns)), start=1):
        known = rows.get(number)
        for place, cell in enumerate(cells):
            if cell.data_type == "f" and known is not None and known[place] is None:
                found.append((number, place))
    book.close()
    return found


def _parquet(name: str, content: bytes) -> Raw:
    import pyarrow as pa

    from sim.core.arrow import read_table

    try:
        table = read_table(pa.BufferReader(content))
        kinds = {one.name: _no_plain_values(one.type) for one in table.schema}
        columns = [
            [None] * len(column) if kinds[one] else [_plain(value) for value in column.to_pylist()]
            for one, column in zip(table.column_names, table.columns, strict=True)
        ]
    except (pa.ArrowException, OSError) as error:
        raise ScenarioError(Problem(f"is no Parquet file: {error}", file=name)) from None
    except (ValueError, OverflowError) as error:  # a time that Python's calendar does not have
        raise ScenarioError(Problem(f"has a value that cannot be read: {error}", file=name)) from None
    rows: Iterable[Sequence[Cell]] = zip(*columns, strict=True)
    unread = {one: kind for one, kind in kinds.items() if kind}
    return Raw(name, tuple(map(str, table.column_names)), list(enumerate(rows, start=1)), unread=unread)


def _no_plain_values(kind: Any) -> str:
    """Return what a column of Arrow holds if it is neither text, numbers nor dates; else nothing."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _no_plain_values(kind.value_type)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return "bytes"
    return "lists or parts" if pa.types.is_nested(kind) else ""


def _plain(value: object) -> Cell:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, bool):
        return str(int(value))
    return value if value is None or isinstance(value, str | int | float | dt.date) else str(value)
