"""What is compared: sides, the pairs of runs that share a seed, and the days that both have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.report.figures.style import several
from sim.core.errors import ProtestorateError
from sim.models.declarations import NOTHING_DECLARED, Declared
from sim.study.called import quoted

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """One of the things compared.

    Attributes
    ----------
    label : str
        What it is called where one types: a scenario's name and what is set, or a point's label.
    origin : str
        Where its runs come from, in words.
    data : mapping
        The resolved scenario as plain data, with overrides and defaults.
    runs : DataFrame
        A row a run: seed, outcome, outcome_date, and the numbers of the summary.
    days : DataFrame
        A row a run and day: seed, date or step, and daily numbers. May be empty.
    localities : DataFrame
        A row a run, day and locality: seed, date, locality, and numbers. May be empty.
    failed : tuple of int
        Seeds of runs that failed.
    why_failed : str
        What the first of them said; empty if none failed.
    sources : mapping of str to str
        What each value rests on, by key path; empty for a scenario without sources.
    version : str
        Model version of the runs; empty if unknown.
    given : mapping
        The same as `data` without the defaults.
    declared : Declared
        What its columns and numbers are.
    title : str
        What tables, figures and sentences call it; empty: the label.
    """

    label: str
    origin: str
    data: Mapping[str, Any]
    runs: pd.DataFrame
    days: pd.DataFrame = field(default_factory=pd.DataFrame)
    localities: pd.DataFrame = field(default_factory=pd.DataFrame)
    failed: tuple[int, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    why_failed: str = ""
    declared: Declared = NOTHING_DECLARED
    title: str = ""

    @property
    def called(self) -> str:
        """What tables, figures and sentences call it."""
        return self.title or self.label

    @property
    def model(self) -> str:
        """Name of the model."""
        return str(self.data.get("model", "mobilisation"))


@dataclass(frozen=True)
class Pairs:
    """The runs of two sides that share a seed.

    Attributes
    ----------
    a, b : Side
    seeds : array of int, shape (pairs,)
        Ascending.
    first, second : DataFrame
        Runs of either side in the order of `seeds`.
    notes : tuple of str
        What was left out and why; empty if nothing was.
    """

    a: Side
    b: Side
    seeds: NDArray[np.int64]
    first: pd.DataFrame
    second: pd.DataFrame
    notes: tuple[str, ...]


def pair(a: Side, b: Side) -> Pairs:
    """Match the runs of two sides by their seeds.

    Raises
    ------
    ProtestorateError
        If the models differ, if a side has no runs, or if they share no seed.
    """
    if a.model != b.model:
        raise ProtestorateError(
            f"{quoted(a.called)} and {quoted(b.called)} cannot be compared: their models are {a.model} and {b.model}"
        )
    for side in (a, b):
        if side.runs.empty:
            reason = f"; all {len(side.failed)} failed, the first with: {side.why_failed}" if side.failed else ""
            raise ProtestorateError(f"{quoted(side.called)} has no runs ({side.origin}){reason}")
    first, second = (side.runs.drop_duplicates("seed").set_index("seed").sort_index() for side in (a, b))
    seeds = first.index.intersection(second.index).sort_values()
    if seeds.empty:
        raise ProtestorateError(
            f"{quoted(a.called)} and {quoted(b.called)} have no pair of runs: no seed is in both, such as "
            f"{first.index[0]} in the one and {second.index[0]} in the other; run both with the same seeds"
        )
    notes = [note for note in (_left_out(a, first, second, b), _left_out(b, second, first, a)) if note]
    if a.version and b.version and a.version != b.version:
        notes.append(f"their runs were made by different versions of the model: {a.version} and {b.version}")
    return Pairs(a, b, seeds.to_numpy(np.int64), first.loc[seeds], second.loc[seeds], tuple(notes))


def _left_out(side: Side, own: pd.DataFrame, others: pd.DataFrame, other: Side) -> str:
    alone = own.index.difference(others.index)
    if alone.empty:
        return ""
    failed = alone.intersection(pd.Index(other.failed, dtype="int64"))
    count = several(len(alone), "run")
    reason = f"with seeds that {quoted(other.called)} has no run of"
    because = f"; {len(failed)} of them failed there" if len(failed) else ""
    return f"{count} of {quoted(side.called)} {reason}{because}"


@dataclass(frozen=True)
class Axis:
    """The days on which two sides are compared.

    Attributes
    ----------
    values : Index
        Dates, or numbers of days or steps from 1; ascending.
    by : str
        ``date``, ``day`` or ``step``.
    note : str
        How the days were matched, in words.
    """

    values: pd.Index[Any]
    by: str
    note: str

    @property
    def unit(self) -> str:
        """What is counted: ``day`` or ``step``."""
        return "step" if self.by == "step" else "day"

    def label(self, position: int | None) -> str:
        """Return a day as people read it; nothing for None."""
        if position is None:
            return ""
        value = self.values[position]
        if self.by == "date":
            return f"{value.day} {value:%b} {value.year}"
        return f"{self.by} {value}"

    def key(self, position: int | None) -> str | int | None:
        """Return a day as a file has it: an ISO date, or a number."""
        if position is None:
            return None
        value = self.values[position]
        return str(value.date()) if self.by == "date" else int(value)


def axis_of(a: Side, b: Side) -> Axis | None:
    """Return the days that two sides share; None if one of them has no daily numbers.

    Days are matched by date if the dates overlap, else by their number from the first day.
    """
    if a.days.empty or b.days.empty:
        return None
    if "date" not in a.days or "date" not in b.days:
        common = _steps(a.days, "step").intersection(_steps(b.days, "step"))
        return Axis(common.sort_values(), "step", f"steps are matched by number: 1 to {len(common)}")
    dates_a, dates_b = (pd.DatetimeIndex(pd.to_datetime(side.days["date"]).unique()) for side in (a, b))
    common = dates_a.intersection(dates_b).sort_values()
    if len(common):
        same = len(common) == len(dates_a) == len(dates_b)
        note = "days are matched by date" + ("" if same else f"; only the {len(common)} dates that both have")
        return Axis(common, "date", note)
    count = min(int((dates.max() - dates.min()).days) + 1 for dates in (dates_a, dates_b))
    note = f"their dates do not overlap, so days are matched by number from the first day: 1 to {count}"
    return Axis(pd.RangeIndex(1, count + 1), "day", note)


def _steps(days: pd.DataFrame, column: str) -> Any:
    if column in days:
        return pd.Index(days[column].unique())
    return pd.RangeIndex(1, int(days.groupby("seed").size().max()) + 1)


def positions(table: pd.DataFrame, axis: Axis) -> NDArray[np.intp]:
    """Return where on the axis each row's day stands, -1 for a day that is not on it."""
    if axis.by == "step":
        keys = table["step"] if "step" in table else table.groupby("seed").cumcount() + 1
    else:
        keys = pd.to_datetime(table["date"])
        if axis.by == "day":
            keys = (keys - keys.min()).dt.days + 1
    return np.asarray(axis.values.get_indexer(pd.Index(keys)))


def grid(values: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]) -> Floats:
    """Put values of a long table into (run, day), NaN where there is none."""
    found = np.full(shape, np.nan)
    inside = (rows >= 0) & (columns >= 0)
    found[rows[inside], columns[inside]] = values[inside]
    return found
