"""Names, labels and values that Stata takes, and the script that reads the files with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

LONGEST_NAME, LONGEST_LABEL = 32, 80
RESERVED = frozenset(
    ["_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_N", "_pi", "_pred",
     "_rc", "_skip", "strL", "using", "with"]
)  # fmt: skip
"""Words that Stata keeps to itself; so are str1 to str2045."""
EXACT = 2**53
"""Whole numbers beyond it are read as text: Stata's numbers would round them."""


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


def table_for(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table under Stata's names, with 1 and 0 for true and false and without line breaks in cells."""
    changed = {}
    for column, name in names_of(map(str, table.columns)).items():
        values = table[column]
        kinds = set(values.dropna().map(type))
        if kinds <= {bool} and kinds:
            values = values.map({True: 1, False: 0}, na_action="ignore").astype("Int8")
        elif str in kinds:
            values = values.astype(object).map(lambda cell: " ".join(str(cell).split()), na_action="ignore")
        changed[name] = values
    return pd.DataFrame(changed)


def script(file: str, table: pd.DataFrame, original: Iterable[str], labels: Mapping[str, str]) -> str:
    """Return a do-file that reads a CSV file and names its columns.

    Parameters
    ----------
    file : str
        Name of the CSV file.
    table : DataFrame
        As `table_for` returns it.
    original : iterable of str
        The columns' own names, in their order.
    labels : mapping of str to str
        What the columns mean, by their own names; one without a label is labelled with its name.
    """
    texts, days = _texts(table), _days(table)
    numbered = " ".join(str(place) for place, name in enumerate(table.columns, 1) if name in texts)
    as_text = f" stringcols({numbered})" if numbered else ""
    lines = [
        f"* Reads {file}; written by protestorate export --stata.",
        "version 16",
        f'import delimited "{file}", varnames(1) case(preserve) encoding("utf-8") bindquotes(strict){as_text} clear',
    ]
    for own, name in zip(original, table.columns, strict=True):
        lines.append(f'label variable {name} "{_label(labels.get(own, own))}"')
    for name in days:
        lines += [
            f'generate double _day = daily({name}, "YMD")',
            "format %td _day",
            f"local label : variable label {name}",
            f"order _day, after({name})",
            f"drop {name}",
            f"rename _day {name}",
            f"label variable {name} `\"`label'\"'",
        ]
    return "\n".join([*lines, "compress", f'save "{file.removesuffix(".csv")}.dta", replace']) + "\n"


def _texts(table: pd.DataFrame) -> list[str]:
    """Return the columns that Stata is to read as text: words, days, ids that look like numbers, numbers too large."""
    return [str(name) for name in table.columns if not _is_number(table[name])]


def _is_number(values: pd.Series) -> bool:
    if not pd.api.types.is_numeric_dtype(values):
        return False
    return bool(values.abs().max() <= EXACT) if pd.api.types.is_integer_dtype(values) and len(values) else True


def _days(table: pd.DataFrame) -> list[str]:
    return [
        str(name)
        for name in table.columns
        if not pd.api.types.is_numeric_dtype(table[name])
        and len(known := table[name].dropna().astype(str))
        and known.str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    ]


def _label(text: str) -> str:
    """Return a label that Stata takes: eighty letters, no quotation marks that end it, nothing that it would expand."""
    plain = " ".join(text.split()).replace('"', "'").replace("`", "'").replace("$", "")
    return plain if len(plain) <= LONGEST_LABEL else f"{plain[: LONGEST_LABEL - 1]}…"
