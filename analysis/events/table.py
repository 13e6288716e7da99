"""Our table of events: its columns, how it is written, and read back."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.events.cells import LARGEST, TIME
from analysis.events.layout import KINDS, RESPONSES
from sim.core.errors import Problem, ProtestorateError, ScenarioError, nearest, one_line, shown
from sim.scenario.scalars import FIRST_YEAR, LAST_YEAR

PARQUET, CSV = "events.parquet", "events.csv"
TEXT, DATE, PERSONS = "text", "date", "persons"
DAY = rf"^(\d{{4}}-\d{{2}}-\d{{2}}){TIME}$"
"""A day; a time of day behind it is left out."""
COLUMNS: dict[str, tuple[str, str]] = {
    "event": (TEXT, "the event's own name in the data, else the row it stood in"),
    "date": (DATE, "its day, the first of several"),
    "last_date": (DATE, "its last day"),
    "place": (TEXT, "locality of the scenario; empty if none was found, or for the whole country"),
    "place_given": (TEXT, "the place as the data have it"),
    "matched": (TEXT, "how the place was found"),
    "participants_low": (PERSONS, "least number of participants, on each of its days"),
    "participants": (PERSONS, "participants on each of its days; of a range the geometric mean"),
    "participants_high": (PERSONS, "largest number of participants, on each of its days"),
    "detained": (PERSONS, "people detained, in all"),
    "injured": (PERSONS, "people injured, in all"),
    "killed": (PERSONS, "people killed, in all"),
    "kind": (TEXT, "protest or strike"),
    "form": (TEXT, "what people did, in the data's word"),
    "response": (TEXT, f"what the state did: {', '.join(RESPONSES)}"),
    "source": (TEXT, "who reported it"),
    "row": (PERSONS, "row of the file it was read from; the header is row 1"),
}
"""Columns in their order: kind and meaning. A number that is not known is left empty."""
NUMBERS = tuple(name for name, (kind, _) in COLUMNS.items() if kind == PERSONS)
AMOUNTS = ("detained", "injured", "killed")
SIZES = ("participants_low", "participants", "participants_high")


def table_of(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return the table of rows that have some of our columns, in the order of dates."""
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for name, (kind, _) in COLUMNS.items():
        if kind == DATE:
            table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
        elif kind == PERSONS:
            table[name] = table[name].astype(np.float64)
        else:
            table[name] = table[name].astype(object).fillna("").astype(str)
    return table.sort_values(["date", "place", "row"], kind="stable", ignore_index=True)


def _frame(file: Path) -> pd.DataFrame:
    if file.suffix != ".parquet":
        return pd.read_csv(file, dtype=str, keep_default_na=False)
    import pyarrow as pa

    from sim.core.arrow import frame_of, read_table

    table = read_table(file)
    for field in table.schema:
        if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            raise ValueError(f"the column {field.name} holds bytes and no text")
        if pa.types.is_nested(field.type) or table.column_names.count(field.name) > 1:
            raise ValueError(f"the column {field.name} holds lists, or stands there twice")
    return frame_of(table)


def as_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as a Parquet file whose columns say what they mean."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from sim.core.arrow import table_of

    arrow = table_of(table).replace_schema_metadata(None)
    fields = [
        pa.field(one.name, pa.date32() if COLUMNS[one.name][0] == DATE else one.type).with_metadata(
            {"meaning": COLUMNS[one.name][1]}
        )
        for one in arrow.schema
    ]
    sink = io.BytesIO()
    pq.write_table(arrow.cast(pa.schema(fields)), sink)
    return sink.getvalue()


def as_csv(table: pd.DataFrame) -> str:
    """Return the table as CSV: numbers in full, empty where they are not known."""
    return table.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n")


def read_events(path: Path) -> pd.DataFrame:
    """Read a table of events that `protestorate events read` has written.

    Parameters
    ----------
    path : Path
        The folder, or one of the two files in it.

    Raises
    ------
    ScenarioError
        If it is not there, or is no such table.
    """
    file = next((path / name for name in (PARQUET, CSV) if (path / name).is_file()), path) if path.is_dir() else path
    if not file.is_file():
        message = "there is no table of events here; protestorate events read makes one of your data"
        raise ScenarioError(Problem(message, file=str(path)))
    try:
        found = _frame(file)
    except Exception as error:  # noqa: BLE001  # whatever a reader makes of a broken file
        raise ProtestorateError(f"{file}: is no table of events: {one_line(str(error).strip())}") from None
    missing = [name for name in COLUMNS if name not in found.columns]
    if missing:
        near = nearest(missing[0], list(map(str, found.columns)))
        message = "this table of events lacks a column; protestorate events read makes one that has it"
        raise ScenarioError(Problem(message, missing[0], str(file), nearest=near))
    for name in NUMBERS:
        numbers = pd.to_numeric(found[name].replace("", np.nan), errors="coerce")
        wrong = (
            numbers.isna() & ~found[name].isin(["", None]) & found[name].notna()
            | ~numbers.between(0.0, LARGEST) & numbers.notna()
        )
        _refuse(found[name], wrong, name, file, f"must be a number of 0 to {LARGEST:g}, or empty")
        found[name] = numbers
    for name, allowed in (("kind", KINDS), ("response", RESPONSES)):
        _refuse(found[name], ~found[name].isin(allowed), name, file, f"must be one of {', '.join(allowed)}")
    for name in ("date", "last_date"):
        days = found[name].astype(str).str.extract(DAY, expand=False)
        dates = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce")
        _refuse(found[name], dates.isna(), name, file, "must be a date such as 2020-08-09")
        wrong = ~dates.dt.year.between(FIRST_YEAR, LAST_YEAR)
        _refuse(found[name], wrong, name, file, f"must be a day of the years {FIRST_YEAR} to {LAST_YEAR}")
        found[name] = dates
    _refuse(found["last_date"], found["last_date"] < found["date"], "last_date", file, "must not be before date")
    for below, above in pairwise(SIZES):
        _refuse(found[above], found[above] < found[below], above, file, f"must not be below {below}")
    if found.empty:
        raise ScenarioError(Problem("has no events", file=str(file)))
    return table_of([{str(name): value for name, value in row.items()} for row in found.to_dict("records")])


def _refuse(values: pd.Series, wrong: pd.Series, name: str, file: Path, message: str) -> None:
    problems = [
        Problem(message, name, str(file), int(place) + 2, list(COLUMNS).index(name) + 1, shown(str(values[place])))
        for place in values.index[wrong.to_numpy(bool)]
    ]
    if problems:
        raise ScenarioError(problems)
