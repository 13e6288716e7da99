"""What a model records declares itself: a column or a number of the summary, once, with unit, label and meaning.

A model lists a :class:`Result` for each daily column, each column by locality and each number of its summary. Whatever
is written about a number follows from its declaration: tables, formats, labels, charts, the
fields of Parquet files, ``docs/results.md``, and which names a command takes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.core.formats import day, number, readable, share

if TYPE_CHECKING:
    import pandas as pd

RESULTS_FORMAT = 3
"""Version of what results are called and what they mean; raised when a result is renamed, split or redefined."""

COUNT, AMOUNT, SHARE, LEVEL, INDEX, DATE, WORD = "count", "amount", "share", "level", "index", "date", "word"
KINDS: Mapping[str, str] = {
    COUNT: "a whole number of persons or things",
    AMOUNT: "a number with a unit",
    SHARE: "a part of a whole, 0 to 1, written as a percentage",
    LEVEL: "a strength from none to all that is possible, 0 to 1, written as a percentage",
    INDEX: "a place in an order",
    DATE: "a day",
    WORD: "a name",
}
"""Kinds of results, which decide how a value is written."""
COMBINED: Mapping[str, str] = {
    "sum": "total",
    "last": "last",
    "max": "highest",
    "mean": "mean",
    "none": "",
}
"""How a daily column becomes one number of a run, and what that number is called."""
FRACTION = "0 to 1"
"""Unit of shares and levels."""
PLAIN = "number"
"""Unit of what only counts, which is not written beside a value."""
UNKNOWN = "not declared by any model that is known here"
"""Meaning of a number of which no more is known than its name."""
FAMILY = "_*"
"""How the name of a family ends."""
TINY = 0.0001
"""Size below which an amount is written as `NEARLY_NONE`: what fades by a part a day never reaches 0."""
NEARLY_NONE = "nearly 0"
NEVER = -1
"""What stands for a number of days until something that did not happen."""


@dataclass(frozen=True)
class Result:
    """The declaration of one daily column, one column by locality, or one number of the summary.

    Attributes
    ----------
    name : str
        Name of the column or of the entry in the summary. It ends in ``_*`` for a family, which has a column for each
        of `members`, such as ``attending_class_*``.
    unit : str
        Such as ``persons``; ``0 to 1`` for shares and levels (may be left out there), empty for dates and words.
    kind : str
        One of :data:`KINDS`.
    label : str
        What people call it, in lower case. A ``*`` in the label of a family stands for the member; where there is
        none, the member follows after a comma.
    about : str
        What it means, for the documents: as much as is needed to use it, where the label does not say all.
    short : str
        The label where there is little room, as at the end of a line in a chart; the label if left out.
    combine : str
        What makes one number of a daily column; one of :data:`COMBINED`. For a number of the summary: what has made it.
    of : str or callable
        Where it comes from. For a number of the summary, the name of a daily column or family, or a function
        ``(days, localities, config)``. For a column it is the model's own matter.
    members : callable (config) -> iterable of str, optional
        The names in a scenario for each of which a family has a column.
    each : str
        What a member of the family is, such as ``class``.
    group : str
        Heading under which documents list it.
    main : bool
        Whether it is shown where there is no room for all.
    never : str
        What −1 stands for, for a number of days until something that may not happen.
    family : Result or None
        Set by `expanded` for a column of a family: the declaration of the family.
    member : str
        Likewise: the member's name in the scenario.

    Raises
    ------
    ValueError
        If the declaration contradicts itself.
    """

    name: str
    unit: str
    kind: str
    label: str = field(kw_only=True)
    about: str = field(default="", kw_only=True)
    short: str = field(default="", kw_only=True)
    combine: str = field(default="none", kw_only=True)
    of: str | Callable[..., Any] = field(default="", kw_only=True)
    members: Callable[[Any], Iterable[str]] | None = field(default=None, kw_only=True, compare=False)
    each: str = field(default="", kw_only=True)
    group: str = field(default="", kw_only=True)
    main: bool = field(default=False, kw_only=True)
    never: str = field(default="", kw_only=True)
    family: Result | None = field(default=None, kw_only=True, repr=False)
    member: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        wrong = _contradiction(self)
        if wrong:
            raise ValueError(f"result {self.name!r}: {wrong}")

    @property
    def is_family(self) -> bool:
        """Whether it stands for a column for each of several members."""
        return self.name.endswith(FAMILY)

    @property
    def prefix(self) -> str:
        """What the names of a family's columns begin with."""
        return self.name.removesuffix("*")

    @property
    def is_number(self) -> bool:
        """Whether it is a number, so that it can be compared, averaged and drawn."""
        return self.kind not in (INDEX, DATE, WORD)

    @property
    def is_fraction(self) -> bool:
        """Whether it lies between 0 and 1 and is written as a percentage."""
        return self.kind in (SHARE, LEVEL)

    @property
    def title(self) -> str:
        """The label as a heading; that of a family speaks of each member."""
        return capital(self.label.replace("*", f"each {self.each}"))

    @property
    def key(self) -> str:
        """The name as part of a file's name: that of a family without its ending."""
        return self.name.removesuffix(FAMILY)

    @property
    def brief(self) -> str:
        """The short label, or the label where there is none."""
        return self.short or self.label

    @property
    def meaning(self) -> str:
        """What it means: what `about` says, or the label where that says all."""
        return self.about or self.label

    @property
    def axis(self) -> str:
        """What stands along an axis: the unit, or ``share``."""
        return "share" if self.is_fraction else "" if self.unit == PLAIN else self.unit

    @property
    def unit_of_effects(self) -> str:
        """Unit of a difference between two of its values."""
        return "percentage points" if self.is_fraction else "" if self.unit == PLAIN else self.unit

    @property
    def scale(self) -> float:
        """What a difference is multiplied with where it is written in `unit_of_effects`."""
        return 100.0 if self.is_fraction else 1.0

    def text(self, value: Any) -> str:
        """Return a value as people read it, without its unit."""
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return "–"
        if self.kind == DATE:
            return day(value)
        if self.kind == WORD or isinstance(value, str):
            return readable(str(value))
        if self.never and value == NEVER:
            return self.never
        if not self.is_fraction and 0 < abs(value) < TINY:
            return NEARLY_NONE
        return share(float(value)) if self.is_fraction else number(value)

    def quantity(self, value: Any) -> str:
        """Return a value as people read it, with its unit; shares and what never happened have none."""
        text = self.text(value)
        unsaid = not self.is_number or self.is_fraction or self.unit == PLAIN or text in (self.never, "–")
        return text if unsaid else f"{text} {_of_one(self.unit) if text == '1' else self.unit}"

    def over(self, days: Any) -> Any:
        """Return the number that the days of a column come to, as `combine` says; None if they come to none."""
        values = np.asarray(days)
        if self.combine == "none" or not values.size:
            return None
        return values[-1] if self.combine == "last" else getattr(values, self.combine)()

    def metadata(self) -> dict[str, str]:
        """Return what the field of a Parquet file says of it."""
        return {
            "unit": self.unit,
            "kind": self.kind,
            "label": self.label,
            "meaning": self.meaning,
            "combine": self.combine,
        }


def _contradiction(one: Result) -> str:
    if one.kind not in KINDS:
        return f"the kind must be one of {', '.join(KINDS)}, not {one.kind!r}"
    if one.combine not in COMBINED:
        return f"combine must be one of {', '.join(COMBINED)}, not {one.combine!r}"
    if one.is_fraction != (one.unit == FRACTION):
        return f"the unit of shares and levels, and of nothing else, is {FRACTION!r}"
    if one.is_number and not one.unit:
        return "a number needs a unit"
    if not one.is_number and (one.unit or one.combine != "none"):
        return "what is no number has no unit and cannot be combined"
    if not one.is_family == (one.members is not None) == bool(one.each):
        return f"a name that ends in {FAMILY}, members and each go together"
    if not one.label:
        return "needs a label"
    return ""


def without_never(table: pd.DataFrame, numbers: Iterable[Result]) -> pd.DataFrame:
    """Return a table of runs with nothing where a number says that something never happened.

    −1 is a word there and no number of days: a mean or a median of it would be one of nothing.

    Parameters
    ----------
    table : DataFrame
        A row a run.
    numbers : iterable of Result
        Numbers of the summary, as the model declares them.
    """
    columns = [one.name for one in numbers if one.never and one.name in table]
    return table.assign(**{name: table[name].where(table[name] != NEVER) for name in columns})


def how_often_never(runs: pd.DataFrame, one: Result) -> str:
    """Return in how many of some runs a number's event never happened, in words; empty if it did in all.

    Parameters
    ----------
    runs : DataFrame
        As `without_never` leaves them.
    """
    count = int(runs[one.name].isna().sum()) if one.never and one.name in runs else 0
    return f"{one.never} in {count:,} of {len(runs):,} runs" if count else ""


def capital(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def plain(name: str) -> str:
    """Return the name of a member as it stands in the name of a column: spaces become underscores."""
    return name.replace(" ", "_")


def _of_one(unit: str) -> str:
    """Return a unit as it stands after 1: ``person``, ``locality``, ``person a day``; what is no plural stays."""
    thing, space, rest = unit.partition(" ")
    if thing.endswith("ies") and len(thing) > len("ties"):
        thing = f"{thing.removesuffix('ies')}y"
    elif thing.endswith("s") and not thing.endswith("ss"):
        thing = thing.removesuffix("s")
    return f"{thing}{space}{rest}"
