"""Tables as Stata keeps them (.dta): names and labels that it takes, days as its dates, what is missing as missing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

LONGEST_NAME, LONGEST_LABEL, LONGEST_TEXT = 32, 80, 2045
VERSION: Literal[118] = 118
"""Of the format: that of Stata 14, which has Unicode."""
RESERVED = frozenset(
    ["_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_N", "_pi", "_pred",
     "_rc", "_skip", "strL", "using", "with"]
)  # fmt: skip
"""Words that Stata keeps to itself; so are str1 to str2045."""
EXACT = 2**53
"""Whole numbers beyond it are kept as text: Stata's numbers would round them."""


def names_of(columns: Iterable[str]) -> dict[str, str]:
    """Return a name that Stata takes for each column, no two alike.

    Parameters
    ----------
    columns : iterable of str
        Names of a table of ours, key paths among them.

    Returns
    -------
    dict of str to str
        At most 32 letters, digits and underscores. Of a key path that is too long its last parts stay, which say most.
    """
    found: dict[str, str] = {}
    for column in columns:
        plain = re.sub(r"\W+", "_", column, flags=re.ASCII).strip("_") or "column"
        if len(plain) > LONGEST_NAME:
            plain = plain[-LONGEST_NAME:].partition("_")[2] if "_" in plain[-LONGEST_NAME:] else plain[:LONGEST_NAME]
        if plain[0].isdigit() or plain in RESERVED or re.fullmatch(r"str\d+", plain):
            plain = f"_{plain}"[:LONGEST_NAME]
        name, number = plain, 1
        while name.lower() in {taken.lower() for taken in found.values()}:
            number += 1
            name = f"{plain[: LONGEST_NAME - len(str(number)) - 1]}_{number}"
        found[column] = name
    return found


def stata(table: pd.DataFrame, labels: Mapping[str, str], title: str) -> bytes:
    """Return a table as the content of a .dta file.

    Parameters
    ----------
    table : DataFrame
    labels : mapping of str to str
        What the columns mean, by their own names; one without a label is labelled with its name.
    title : str
        Label of the whole.
    """
    named, said, long = {}, {}, []
    dates: Any = {}  # keys of this mapping have no type that the stubs of pandas take
    for column, name in names_of(map(str, table.columns)).items():
        values = _values(table[column])
        named[name], said[name] = values, _label(labels.get(column, column))
        if values.dtype.kind == "M":
            dates[name] = "td"
        elif values.dtype == object and values.map(lambda text: len(text.encode())).max() > LONGEST_TEXT:
            long.append(name)
    buffer = io.BytesIO()
    pd.DataFrame(named).to_stata(
        buffer, write_index=False, version=VERSION, convert_dates=dates, variable_labels=said, convert_strl=long,
        data_label=_label(title),
    )  # fmt: skip
    return buffer.getvalue()


def _values(values: pd.Series) -> pd.Series:
    """Return a column as numbers (1 and 0 for true and false), days, or text in one line, empty if it is missing."""
    known = values.dropna()
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("datetime64[ns]")
    if len(known) and set(known.map(type)) <= {bool, np.bool_}:
        values = values.astype("boolean").astype("Int8")
    if pd.api.types.is_numeric_dtype(values):
        whole = pd.api.types.is_integer_dtype(values)
        if whole and len(known) and known.abs().max() <= EXACT and len(known) == len(values):
            return values.astype(np.int64)
        if not whole or not len(known) or known.abs().max() <= EXACT:
            numbers = values.astype(np.float64)
            return numbers.where(np.isfinite(numbers))
    texts = known.map(lambda cell: _plain(str(cell)))
    if len(texts) and texts.str.fullmatch(r"\d{4}-\d\d-\d\d").all():
        return pd.to_datetime(texts, format="%Y-%m-%d").reindex(values.index).astype("datetime64[ns]")
    return texts.reindex(values.index).astype(object).fillna("")


def _plain(text: str) -> str:
    """Return a text in one line, as UTF-8 has it: names of files may be none."""
    return " ".join(text.encode("utf-8", "backslashreplace").decode().split())


def _label(text: str) -> str:
    """Return a label that Stata takes and can repeat: eighty letters, no quotation marks, nothing that it expands."""
    plain = _plain(text).replace('"', "'").replace("`", "'").replace("$", "")
    return plain if len(plain) <= LONGEST_LABEL else f"{plain[: LONGEST_LABEL - 1]}…"
