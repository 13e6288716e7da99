"""What an experiment measures of a run: a number of its summary, how it ended, or part of a daily series.

An outcome is written in one of three ways:

* a number of the summary, such as ``peak_turnout``;
* the name of an outcome, such as ``falls``, or several joined by ``or``: the share of runs that end so;
* ``HOW:COLUMN`` or ``HOW:COLUMN:FIRST..LAST``, where HOW is one of `HOWS`, COLUMN a column of
  ``days.parquet`` and FIRST..LAST the days that count, both included. Two of these with `` / `` between
  them are divided by one another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.figures.style import readable
from analysis.names import LABELS
from sim.core.errors import Problem, nearest, shown
from sim.figures.plot import day

HOWS: Mapping[str, str] = {
    "mean": "mean",
    "sum": "total",
    "max": "highest",
    "min": "lowest",
    "first": "first",
    "last": "last",
}
"""Ways to make one number of a daily series, and what they are called."""
COLUMNS: Mapping[str, str] = {
    "attending": "turnout",
    "protesting": "people willing to protest",
    "engaged": "helpers who do not protest",
    "first_time_today": "people in action for the first time",
    "detained_today": "detentions",
    "striking": "people on strike",
    "coalition_breadth": "breadth of the coalition",
    "communities": "number of local communities",
    "elite_private": "share of elites for the regime in private",
    "elite_public": "share of elites for the regime in public",
    "arrears": "share of pay outstanding",
    "sanctions": "strength of sanctions",
    "treasury": "reserves of the state",
    "concession": "share conceded",
}
"""What daily columns are called; others go by their own names."""
FAMILIES: Mapping[str, str] = {
    "attending_class_": "turnout of",
    "attending_camp_": "turnout of the camp",
    "attending_tactic_": "turnout in",
    "striking_class_": "people on strike in",
}
"""What columns are called that there is one of for each class or tactic."""
SEPARATOR, ALTERNATIVE, SPAN = " / ", " or ", ".."
RUN = ["point", "replicate"]


@dataclass(frozen=True)
class Part:
    """One number of a daily series.

    Parameters
    ----------
    how : str
        One of `HOWS`.
    column : str
        Of ``days.parquet``.
    first, last : date or None
        Days that count, both included; None for all.
    """

    how: str
    column: str
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Measure:
    """An outcome taken apart.

    Parameters
    ----------
    text : str
        As written.
    names : tuple of str
        A number of the summary, or the outcomes that count; empty if parts of a series are meant.
    parts : tuple of Part
        One, or two to be divided.
    """

    text: str
    names: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Daily columns it needs."""
        return tuple(part.column for part in self.parts)


@dataclass(frozen=True)
class Known:
    """What the runs of a scenario have: numbers of the summary, outcomes, daily columns, days if they have dates."""

    numbers: tuple[str, ...]
    outcomes: tuple[str, ...]
    columns: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None


def parse(text: str) -> Measure:
    """Take an outcome apart; raises ValueError with the reason if it is not well formed."""
    if ":" not in text:
        return Measure(text, names=tuple(name.strip() for name in text.split(ALTERNATIVE)))
    parts = tuple(_part(part.strip()) for part in text.split(SEPARATOR))
    if len(parts) > 2:
        raise ValueError("at most two parts can be divided")
    return Measure(text, parts=parts)


def _part(text: str) -> Part:
    how, _, rest = text.partition(":")
    column, colon, span = rest.partition(":")
    if how not in HOWS:
        raise ValueError(f"must begin with one of {', '.join(HOWS)} and a colon")
    if not column:
        raise ValueError("names no column after the colon")
    if not colon:
        return Part(how, column)
    first, dots, last = span.partition(SPAN)
    try:
        days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    except ValueError:
        raise ValueError("days must be written as 2020-08-16..2020-09-30") from None
    if not dots or days[0] > days[1]:
        raise ValueError("the first day must not be after the last")
    return Part(how, column, *days)


def faults(measure: Measure, known: Known) -> list[Problem]:
    """Return which names and days of a measure the runs do not have, with the nearest names they have."""
    found = []
    if measure.names and measure.names[0] not in known.numbers:
        for name in measure.names:
            if name not in known.outcomes:
                near = nearest(name, (*known.numbers, *known.outcomes))
                message = "is neither a number of the summary nor an outcome"
                found.append(Problem(message, given=shown(name), nearest=near))
    elif len(measure.names) > 1:
        found.append(Problem("only outcomes can be joined by 'or'", given=shown(measure.text)))
    for part in measure.parts:
        if part.column not in known.columns:
            near = nearest(part.column, known.columns)
            found.append(Problem("there is no such daily column", given=shown(part.column), nearest=near))
        if part.first and part.last and not _within(part.first, part.last, known):
            message = f"the days must lie in the run, {known.first} to {known.last}"
            found.append(Problem(message, given=shown(f"{part.first}{SPAN}{part.last}")))
    return found


def _within(first: dt.date, last: dt.date, known: Known) -> bool:
    return known.first is not None and known.last is not None and known.first <= first <= last <= known.last


def is_share_of_runs(measure: Measure, numbers: tuple[str, ...]) -> bool:
    """Return whether a measure is an outcome's share of the runs; `numbers` are those of the summary."""
    return bool(measure.names) and measure.names[0] not in numbers


def values(measure: Measure, runs: pd.DataFrame, days: pd.DataFrame | None) -> pd.Series:
    """Return the measure of each run.

    Parameters
    ----------
    measure : Measure
    runs : DataFrame
        A row a run: `point`, `replicate`, `outcome`, and the numbers of the summary.
    days : DataFrame or None
        A row a run and day: `point`, `replicate`, `date` and the columns asked for.

    Returns
    -------
    Series of float
        By point and replicate. A share of runs is 1 or 0 for each run. Not a number where the run has
        none of the days that count, or a divisor is 0.
    """
    indexed = runs.set_index(RUN)
    if measure.names:
        if measure.names[0] in indexed.columns:
            return indexed[measure.names[0]].astype(float)
        return indexed["outcome"].isin(measure.names).astype(float)
    assert days is not None
    numbers = [_reduced(part, days).reindex(indexed.index) for part in measure.parts]
    if len(numbers) == 1:
        return numbers[0]
    return numbers[0] / numbers[1].replace(0.0, np.nan)


def _reduced(part: Part, days: pd.DataFrame) -> pd.Series:
    reduced: pd.Series = _chosen(part, days).groupby(RUN, sort=False)[part.column].agg(part.how)
    return reduced.astype(float)


def _chosen(part: Part, days: pd.DataFrame) -> pd.DataFrame:
    """Return the days that count."""
    chosen = days[[*RUN, "date", part.column]]
    if part.first is None or part.last is None:
        return chosen
    dates = chosen["date"].to_numpy().astype("datetime64[D]")
    return chosen[(dates >= np.datetime64(part.first)) & (dates <= np.datetime64(part.last))]


def covered(measure: Measure, runs: pd.DataFrame, days: pd.DataFrame | None) -> pd.Series:
    """Return the share of the days that count which each run has; the smaller of two parts.

    Parameters
    ----------
    measure, runs, days
        As for `values`.

    Returns
    -------
    Series of float, 0..1
        By point and replicate. Below 1 if the run ended before or within the days that count; 1 for a measure
        that names no days.
    """
    index = runs.set_index(RUN).index
    share = pd.Series(1.0, index=index)
    for part in measure.parts:
        if part.first is None or part.last is None:
            continue
        assert days is not None
        found = _chosen(part, days).groupby(RUN, sort=False)["date"].nunique()
        wanted = (part.last - part.first).days + 1
        share = share.clip(upper=found.reindex(index, fill_value=0) / wanted)
    return share


def words(measure: Measure) -> str:
    """Return a measure as people read it."""
    if measure.parts:
        return ", over ".join(_part_in_words(part) for part in measure.parts)
    if measure.names[0] in LABELS:
        return LABELS[measure.names[0]]
    if len(measure.names) == 1 and "_" in measure.names[0]:
        return readable(measure.names[0])
    return f"share of runs that end as {ALTERNATIVE.join(f'“{readable(name)}”' for name in measure.names)}"


def _part_in_words(part: Part) -> str:
    text = f"{HOWS[part.how]} {_column_in_words(part.column)}"
    if part.first is None or part.last is None:
        return text
    begin = day(part.first)
    if part.first.year == part.last.year:
        begin = begin.removesuffix(f" {part.first.year}")
    return f"{text}, {begin} to {day(part.last)}"


def _column_in_words(column: str) -> str:
    for prefix, text in FAMILIES.items():
        if column.startswith(prefix):
            return f"{text} {readable(column.removeprefix(prefix))}"
    return COLUMNS.get(column) or readable(column)
