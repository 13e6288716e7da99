"""What a cell says: dates in any order, sizes of crowds in digits and words."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.events.files import Cell, text_of
from analysis.events.reporting import Words
from sim.scenario.scalars import FIRST_YEAR, LAST_YEAR

TIME = r"(?:[T ]\s*\d{1,2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
"""A time of day behind a date, which is left out; anything else there is meant, such as a last day."""
ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){TIME}", re.IGNORECASE)
NUMBERS = re.compile(rf"(\d{{1,4}})[./-](\d{{1,2}})[./-](\d{{2,4}}){TIME}", re.IGNORECASE)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
NAMED = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d.%b.%Y")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
SERIALS = (18_264.0, 73_050.0)
"""Numbers that are taken for Excel's dates: 1950 to 2099."""
ORDERS = {"day-first": (2, 1, 0), "month-first": (2, 0, 1), "year-first": (0, 1, 2)}
"""Places of year, month and day."""


class Amount(NamedTuple):
    """A number of persons and the range in which it lies."""

    low: float
    middle: float
    high: float


class NoDateError(ValueError):
    """A cell that is no date."""


@dataclass
class DateReader:
    """Reads the dates of one column, of which all must have one order.

    Parameters
    ----------
    order : str or None
        One of `ORDERS`; None to find it out.
    epoch : date
        Day 0 of dates that are numbers.
    """

    order: str | None
    epoch: dt.date
    serials: int = 0

    def find_order(self, cells: Sequence[tuple[int, Cell]]) -> tuple[int, int] | None:
        """Find the order of dates such as 3/4/2011 out of all of them.

        Returns
        -------
        (int, int) or None
            Two rows of which one can only have the day first and the other only the month; None if there are none.
        """
        if self.order is not None:
            return None
        day_first, month_first = 0, 0
        for row, cell in cells:
            found = NUMBERS.fullmatch(text_of(cell)) if isinstance(cell, str) else None
            if found is None or len(found[1]) > 2:
                continue
            if int(found[1]) > 12:
                day_first = day_first or row
            elif int(found[2]) > 12:
                month_first = month_first or row
        if day_first and month_first:
            return day_first, month_first
        self.order = "day-first" if day_first else "month-first" if month_first else None
        return None

    def read(self, cell: Cell) -> dt.date:
        """Return the date of a cell; raises NoDateError with the reason if it is none."""
        day = self._read(cell)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise NoDateError(f"must be a day of the years {FIRST_YEAR} to {LAST_YEAR}")
        return day

    def _read(self, cell: Cell) -> dt.date:
        if isinstance(cell, dt.date):
            return cell
        text = text_of(cell)
        if not text:
            raise NoDateError("the date is missing")
        if SERIAL.fullmatch(text) and SERIALS[0] <= float(text) < SERIALS[1]:
            self.serials += 1
            return self.epoch + dt.timedelta(days=int(float(text)))
        iso = ISO.fullmatch(text) or COMPACT.fullmatch(text)
        if iso is not None:
            return _date(int(iso[1]), int(iso[2]), int(iso[3]))
        found = NUMBERS.fullmatch(text)
        if found is not None:
            parts = [int(one) for one in found.groups()]
            order = "year-first" if len(found[1]) == 4 else self.order
            if order is None:
                if parts[0] != parts[1]:
                    raise NoDateError("day and month cannot be told apart: say which is first with --date-order")
                order = "day-first"
            year, month, day = (parts[place] for place in ORDERS[order])
            return _date(year + 2000 if year < 70 else year + 1900 if year < 100 else year, month, day)
        for form in NAMED:
            try:
                return dt.datetime.strptime(text, form).date()
            except ValueError:
                continue
        raise NoDateError("is no date that can be read, such as 2020-08-09")


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise NoDateError(f"is no date: {error}") from None


NUMBER = r"(\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(k|thousand|m|million)?"
ONE = re.compile(NUMBER)
RANGE = re.compile(rf"(?:between|from)?\s*{NUMBER}\s*(?:-|–|—|to|and)\s*{NUMBER}")
MORE_THAN = re.compile(rf"(?:>=?|≥|more than|over|at least|upwards of)\s*{NUMBER}|{NUMBER}\s*(?:\+|or more|and more)")
UP_TO = re.compile(rf"(?:<=?|≤|up to|fewer than|less than|at most|under)\s*{NUMBER}")
ABOUT = re.compile(
    rf"(?:about|around|approximately|approx\.?|some|nearly|almost|roughly|an estimated|ca\.?|~)\s*{NUMBER}"
)
FILLERS = re.compile(r"^(?:about|around|some|many|the|at least|more than|over|nearly|almost|up to)\s+|^an?\s+(?!few)")
PEOPLE = re.compile(
    r"\s*\b(?:people|persons?|protest[eo]rs?|participants?|demonstrators?|workers?|students?|residents?)$|\.$"
)
THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.,])")
"""A number that is one of thousands in some countries and a fraction in others."""
FRACTION = re.compile(r"\d{4,}\.\d|(?<![\d.,])0\.\d|\.(?:\d{1,2}|\d{4,})(?!\d)")
"""A number whose point can only be that of a fraction."""
LARGEST = 1e12
"""No more persons than this can be meant."""
UNITS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}


def amount(text: str, words: Words) -> Amount:
    """Return what a text says of a number of persons; the middle of a range is its geometric mean.

    Raises
    ------
    ValueError
        With the reason, if it says nothing that can be read.
    """
    said = PEOPLE.sub("", " ".join(text.casefold().split())).strip()
    if re.fullmatch(rf"[-−]\s*{NUMBER}", said):
        raise ValueError("must not be negative")
    if found := ONE.fullmatch(said):
        value = _value(found[1], found[2])
        return Amount(value, value, value)
    if found := RANGE.fullmatch(said):
        low, high = _value(found[1], found[2] or found[4]), _value(found[3], found[4])
        if low > high:
            raise ValueError("the first number of a range must not be larger than the second")
        return _between(low, high)
    if found := MORE_THAN.fullmatch(said):
        low = _value(found[1] or found[3], found[2] or found[4])
        return _between(low, low * words.open_end)
    if found := UP_TO.fullmatch(said):
        high = _value(found[1], found[2])
        return _between(high / words.open_end, high)
    if found := ABOUT.fullmatch(said):
        value = _value(found[1], found[2])
        return Amount(value / words.about, value, value * words.about)
    plain = FILLERS.sub("", said)
    for candidate in (said, plain, plain.removesuffix(" of")):
        size = words.by_word.get(candidate)
        if size is not None:
            return _between(size.low, size.high)
    raise ValueError("is no number of persons that can be read, in digits or in words")


def _between(low: float, high: float) -> Amount:
    return Amount(low, math.sqrt(low * high), high)


def _value(digits: str, unit: str | None) -> float:
    value = float(re.sub(r"[,' \u00a0\u202f]", "", digits)) * UNITS.get(unit or "", 1.0)
    if value > LARGEST:
        raise ValueError(f"must be at most {LARGEST:g} persons")
    return value
