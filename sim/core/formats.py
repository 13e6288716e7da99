"""Numbers, shares and days as people read them, the same in reports, tables and on the page."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Day(Protocol):
    """A date, or anything that has a day, a month and a year as a date has."""

    @property
    def day(self) -> int:
        """Day of the month, 1 to 31."""

    @property
    def month(self) -> int:
        """Month, 1 to 12."""

    @property
    def year(self) -> int:
        """Year."""


def number(value: float) -> str:
    """Return a number as people read it: ``250,000``, ``12.5``, ``0.04``."""
    if value == round(value) or abs(value) >= 100:
        return f"{value:,.0f}".replace("-", "−")
    return to_digits(value, 2) if abs(value) < 1 else f"{value:,.1f}".replace("-", "−")


def to_digits(value: float, digits: int = 4) -> str:
    """Return a number to so many digits that count, never with an exponent: ``24,465``, ``0.06``, ``−0.00001``."""
    if not math.isfinite(value):
        return f"{value}"
    if value == round(value) or abs(value) >= 10**digits:
        return f"{value:,.0f}".replace("-", "−") if value else "0"
    places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:,.{places}f}".replace("-", "−")
    return text.rstrip("0").removesuffix(".") if places else text


def share(value: float) -> str:
    """Return a share (0..1) as a percentage with the digits that its size deserves."""
    scaled = 100 * value
    if 0 < abs(scaled) < 0.001:
        return "under 0.001%"
    if scaled == 0 or 10 <= abs(scaled) <= 99 or abs(scaled) >= 100:
        return f"{scaled:.0f}%"
    return f"{scaled:.1f}%".replace(".0%", "%") if abs(scaled) >= 1 else f"{scaled:.2g}%"


def day(value: date | Day) -> str:
    """Return a date as ``16 August 2020``, the same under every language setting."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def listed(names: Sequence[str]) -> str:
    """Join names, of which there is one at least, as in a sentence: ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


KEY_PATH = re.compile(r'[a-z_]+(\.([\w-][\w -]*|"([^"\\]|\\.)+"))+')


def readable(name: str) -> str:
    """Return a key of a scenario or a name in a table as words: ``mass_march`` becomes ``mass march``.

    A key path, such as ``run.persons_per_agent``, stays as it stands in a file.
    """
    if KEY_PATH.fullmatch(name):
        return name
    return name.replace("_", " ").replace("-", " ")
