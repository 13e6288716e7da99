"""What counts as happening: an outcome by its name, or a number of the summary above or below a limit."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.sensitivity.outcomes import Measure, Possible, happens, measure
from sim.core.errors import ProtestorateError
from sim.core.formats import readable
from sim.models.declarations import Declared

COMPARISONS: dict[str, tuple[Callable[[pd.Series, float], pd.Series], str]] = {
    ">=": (operator.ge, "at least"),
    "<=": (operator.le, "at most"),
    ">": (operator.gt, "more than"),
    "<": (operator.lt, "less than"),
}
WRITTEN = re.compile(r"^\s*(?P<name>.+?)\s*(?<![<>=])(?P<sign>>=|<=|>|<)\s*(?P<limit>[^<>=:\"]+?)\s*$")
"""The last comparison of a text: signs before it belong to a measure, as in ``days>0.5:shutdown``."""


@dataclass(frozen=True)
class Condition:
    """Something that happens in a run or does not.

    Parameters
    ----------
    text : str
        As it was asked for, without spaces.
    measure : Measure
    sign : str
        One of ``>=``, ``<=``, ``>``, ``<``; empty for an outcome.
    limit : float
        What a number is compared with.
    """

    text: str
    measure: Measure
    sign: str = ""
    limit: float = math.nan

    @property
    def words(self) -> str:
        """The condition in words."""
        if not self.sign:
            return f"the outcome “{readable(self.measure.name)}”"
        return f"{self.measure.label} {COMPARISONS[self.sign][1]} {self.measure.text(self.limit)}"

    @property
    def file_name(self) -> str:
        """The condition as the name of a folder, such as ``detained-more-than-30000``."""
        words = self.text if not self.sign else f"{self.measure.name} {COMPARISONS[self.sign][1]} {self.limit:.12g}"
        return re.sub(r"[^\w.]+", "-", words).strip("-.")

    def never(self, runs: pd.DataFrame) -> str:
        """Return in how many runs there is nothing to compare because it never happened; empty if in none."""
        count = int(runs[self.measure.name].isna().sum()) if self.sign and self.measure.never else 0
        return f"{self.measure.never} in {count:,} of {len(runs):,} runs" if count else ""

    def happens(self, runs: pd.DataFrame) -> pd.Series:
        """Return for each run whether it happened (bool)."""
        if not self.sign:
            return happens(runs, self.measure)
        return COMPARISONS[self.sign][0](runs[self.measure.name].astype(float), self.limit)


def measure_of(text: str) -> str:
    """Return the measure that a condition names."""
    found = WRITTEN.match(text)
    return found["name"] if found else text.strip()


def condition(runs: pd.DataFrame, text: str, declared: Declared, possible: Possible) -> Condition:
    """Read a condition such as ``falls`` or ``peak_turnout_share>=0.02``.

    Parameters
    ----------
    runs : DataFrame
        The runs of a study.
    text : str
    declared : Declared
        What columns and numbers are.
    possible : callable () -> sequence of str
        Outcomes of the model that need not have occurred.

    Raises
    ------
    ProtestorateError
        If it cannot be read, or names nothing that a run has.
    """
    found = WRITTEN.match(text)
    if not found:
        if set(text) & set("<>=") and ":" not in text:
            raise ProtestorateError(
                f"--outcome: {text!r} cannot be read; write NAME>=NUMBER (or <=, >, <), or an outcome"
            )
        named = measure(runs, text, declared, possible, outcome_first=True)
        if not named.is_outcome:
            raise ProtestorateError(
                f"--outcome: {text!r} is a number; say from where on it counts, such as "
                f"'{text}>={_middle(runs, named)}'"
            )
        return Condition(named.name, named)
    named = measure(runs, found["name"], declared, possible)
    if named.is_outcome:
        raise ProtestorateError(f"--outcome: {found['name']!r} is an outcome, which happens or not; leave out the rest")
    try:
        limit = float(found["limit"].replace(",", "").replace("_", ""))
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise ProtestorateError(f"--outcome: {found['limit']!r} in {text!r} is not a number")
    return Condition(f"{named.name}{found['sign']}{found['limit']}", named, found["sign"], limit)


def _middle(runs: pd.DataFrame, named: Measure) -> str:
    middle = float(runs[named.name].median())
    return f"{float(f'{middle if math.isfinite(middle) else 0.0:.2g}'):.12g}"
