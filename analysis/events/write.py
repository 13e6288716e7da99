"""Events in the columns of somebody's data, so that a script made for these reads a run."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.events.cells import THOUSANDS, amount
from analysis.events.layout import Dates, Layout, Rule
from analysis.events.reporting import Words
from sim.core.errors import Problem, ProtestorateError, ScenarioError, shown
from sim.core.share import to_install
from sim.run.place import made, write_atomically

OURS = {
    "id": "event", "place": "place", "participants": "participants", "participants_low": "participants_low",
    "participants_high": "participants_high", "detained": "detained", "injured": "injured", "killed": "killed",
    "kind": "kind", "form": "form", "response": "response", "source": "source",
}  # fmt: skip
JOIN = "; "


def written_rows(
    table: pd.DataFrame,
    layout: Layout,
    words: Words,
    coordinates: Mapping[str, tuple[float, float]],
    country: str,
) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of events in a layout's columns.

    Parameters
    ----------
    table : DataFrame
        Ours.
    layout : Layout
    words : Words
        By which a range of the layout is understood.
    coordinates : mapping of str to (float, float)
        Latitude and longitude of localities.
    country : str
        What ``{country}`` stands for in the layout's constants.
    """
    columns = list(dict.fromkeys(layout.columns()))
    rows = []
    for number, event in enumerate(table.to_dict("records"), start=1):
        cells: dict[str, str] = {}
        _put_date(cells, layout.date, event["date"])
        if layout.last_date is not None:
            _put_date(cells, layout.last_date, event["last_date"])
        for name, rules in layout.fields.items():
            if name in ("latitude", "longitude"):
                at = coordinates.get(event["place"])
                cells[rules[0].column[0]] = "" if at is None else f"{at[name == 'longitude']:g}"
                continue
            text = _said(event, name)
            for rule in rules:
                _put(cells, rule, text, words)
        for column, values in layout.only.items():
            if not any(value.casefold() == cells.get(column, "").casefold() for value in values):
                cells[column] = values[0]
        known = {"country": country, "year": f"{event['date']:%Y}", "row": str(number)}
        for column, constant in layout.constants.items():
            cells[column] = constant.format(**known)
        rows.append([cells.get(column, "") for column in columns])
    return columns, rows


def _said(event: Mapping[Any, Any], name: str) -> str:
    value = event[OURS[name]]
    if isinstance(value, float):
        if math.isnan(value) or (name in ("participants_low", "participants_high") and value == event["participants"]):
            return ""
        # A point and three digits could be read as thousands.
        return f"{value:.0f}" if value.is_integer() else repr(value) + "0" * bool(THOUSANDS.fullmatch(repr(value)))
    return str(value)


def _put(cells: dict[str, str], rule: Rule, text: str, words: Words) -> None:
    """Write a value by one rule, as far as this rule can say it."""
    column = rule.column[0]
    if not text:
        cells.setdefault(column, "")
        return
    if rule.ranges:
        cells[column] = next((one for one in rule.ranges if _holds(one, text, words)), "")
        return
    theirs = rule.written.get(text, next((one for one, own in rule.values.items() if own == text), None))
    if theirs is None and (rule.values or rule.otherwise is not None) and rule.write is None:
        theirs = ""
    if theirs is None:
        if rule.pattern is not None and rule.write is None:
            return
        theirs = (rule.write or "{}").replace("{}", text)
    if rule.write is not None and cells.get(column):
        cells[column] += JOIN + theirs
    elif theirs or not cells.get(column):
        cells[column] = theirs


def _holds(span: str, text: str, words: Words) -> bool:
    found = amount(span, words)
    return found.low <= float(text) <= (math.inf if span.startswith(">") else found.high)


def _put_date(cells: dict[str, str], dates: Dates, day: pd.Timestamp) -> None:
    if dates.column is not None:
        forms = {"day-first": "%d/%m/%Y", "month-first": "%m/%d/%Y"}
        cells[dates.column] = day.strftime(forms.get(dates.order or "", "%Y-%m-%d"))
        return
    for column, number in zip(dates.columns, (day.year, day.month, day.day), strict=True):
        cells[column] = str(number)


def save(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Write a table of text as CSV, XLSX or Parquet, by the name's ending; whole or not at all.

    Raises
    ------
    ProtestorateError
        For another ending, or if the disk refuses.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx", ".parquet"):
        raise ScenarioError(Problem("must end in .csv, .xlsx or .parquet", "--out", given=shown(str(path))))
    # Names of files and arguments may be no UTF-8.
    columns, *rows = ([cell.encode("utf-8", "backslashreplace").decode() for cell in row] for row in (columns, *rows))
    sink = io.BytesIO()
    if ending == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([columns, *rows])
        sink.write(text.getvalue().encode())
    elif ending == ".xlsx":
        _as_sheet(path, sink, columns, rows)
    else:
        pd.DataFrame(list(map(list, rows)), columns=list(columns), dtype=str).to_parquet(sink, index=False)
    try:
        with made(path.parent):
            write_atomically(path, sink.getvalue())
    except OSError as error:
        raise ProtestorateError(f"{path}: cannot be written: {error.strerror}") from error
    return path


def _as_sheet(path: Path, sink: io.BytesIO, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    except ImportError:
        raise ProtestorateError(f"workbooks need the extra 'events': {to_install('events')}") from None
    for number, row in enumerate((columns, *rows), start=1):
        for place, text in enumerate(row, start=1):
            if ILLEGAL_CHARACTERS_RE.search(text):
                message = "a workbook cannot hold this; write a file that ends in .csv"
                raise ScenarioError(Problem(message, columns[place - 1], str(path), number, place, shown(text)))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("events")

    def as_text(text: str) -> Any:
        cell = WriteOnlyCell(sheet, text)
        if text:
            cell.data_type = "s"  # or what begins with an equals sign would be a formula
        return cell

    for row in (columns, *rows):
        sheet.append([as_text(text) for text in row])
    book.save(sink)
