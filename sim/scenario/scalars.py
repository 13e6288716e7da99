"""What an unquoted word of a scenario file means: one table, and no surprises.

YAML 1.1 reads `no` as false, `010` as eight and `1:30` as ninety. Such words are refused here with
the way to write what was meant, so that a scenario means the same to every reader.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable

Scalar = str | int | float | bool | datetime.date | None

LARGEST_INTEGER = 2**64 - 1
MOST_DIGITS = 400
FIRST_YEAR, LAST_YEAR = 1800, 2200


class ScalarError(ValueError):
    """An unquoted word that is refused; the message says what to write instead."""


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS or abs(int(text)) > LARGEST_INTEGER:
        raise ScalarError("is too large a number (whole numbers go up to 2 to the power of 64)")
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ScalarError("must be a finite number")
    return number


def _date(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise ScalarError("is not a day of the calendar") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ScalarError(f"must be a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _refuse_exponent(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ScalarError("must be a finite number")
    mantissa, exponent = text.lower().split("e")
    mantissa = mantissa if "." in mantissa else f"{mantissa}.0"
    written = f"{mantissa}e{exponent if exponent[0] in '+-' else '+' + exponent}"
    plain = f"{int(number)} or " if number.is_integer() and abs(number) < 1e15 else ""
    raise ScalarError(f"would be read as text, not as a number: write {plain}{written}")


def _refuse_leading_zero(text: str) -> int:
    without = re.sub(r"^([-+]?)0+(?=\d)", r"\1", text)
    raise ScalarError(
        f"has a leading zero, which YAML may read in base eight: write {without}, or quote it as '{text}' if it is text"
    )


def _refuse_underscore(text: str) -> int:
    raise ScalarError(f"has an underscore: write the number as {text.replace('_', '')}")


def _refuse(message: str) -> Callable[[str], Scalar]:
    def refuse(text: str) -> Scalar:
        raise ScalarError(message)

    return refuse


# Tried from top to bottom on the whole word; a word that matches nothing is text.
RULES: tuple[tuple[re.Pattern[str], Callable[[str], Scalar]], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"~|null|Null|NULL|", lambda text: None),
        (r"true|True|TRUE", lambda text: True),
        (r"false|False|FALSE", lambda text: False),
        (r"(?i:yes|no|on|off|y|n)", _refuse("means true or false in YAML: write true or false, or quote it")),
        (r"[-+]?0[0-9]+(\.[0-9]*)?", _refuse_leading_zero),
        (r"[-+]?[0-9]+", _integer),
        (r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+][0-9]+)?", _float),
        (r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+", _refuse_exponent),
        (r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", _refuse("must be a finite number")),
        (
            r"[-+]?0([bB][01_]+|[oO][0-7_]+|[xX][0-9a-fA-F_]+)",
            _refuse("must be written in base ten, or quoted if it is text"),
        ),
        (r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?", _refuse_underscore),
        (
            r"[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?",
            _refuse("may be read in base sixty: write one number, or quote it if it is text"),
        ),
        (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", _date),
        (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", _refuse("must be a date as year-month-day, such as 2020-08-09")),
        (
            r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|\s+)[0-9]{1,2}:.*",
            _refuse("must be a date without a time of day, such as 2020-08-09"),
        ),
    )
)


def plain_scalar(text: str) -> Scalar:
    """Return what the unquoted word `text` means.

    Returns
    -------
    str, int, float, bool, datetime.date or None
        Integers are at most 2**64 - 1 in size; floats are finite.

    Raises
    ------
    ScalarError
        If the word is one that YAML readers understand differently, or not a finite number, or not
        a day of the calendar.
    """
    for pattern, rule in RULES:
        if pattern.fullmatch(text):
            return rule(text)
    return text
