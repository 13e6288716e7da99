"""Measures taken of runs: of the tables of many, or of a single one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.language import Known, Measure, Part, constant, value_at
from sim.models.results import NEVER

Floats = NDArray[np.float64]
RUN = ["point", "replicate"]


def values(
    measure: Measure,
    runs: pd.DataFrame,
    days: pd.DataFrame | None,
    localities: pd.DataFrame | None = None,
    setting: object = None,
) -> pd.Series:
    """Return the measure of each run.

    Parameters
    ----------
    measure : Measure
    runs : DataFrame
        A row a run: `point`, `replicate`, `outcome`, and the numbers of the summary.
    days : DataFrame or None
        A row a run and day: `point`, `replicate`, `date` and the columns asked for.
    localities : DataFrame or None
        A row a run, day and locality: also `locality`.
    setting : object or None
        The scenario of all runs, for measures that name its numbers.

    Returns
    -------
    Series of float
        By point and replicate. A share of runs is 1 or 0 for each run. Not a number where the run has
        none of the days that count, or a divisor is 0.
    """
    if measure.names:
        indexed = runs.set_index(RUN)
        if measure.names[0] in indexed.columns:
            return indexed[measure.names[0]].astype(float)
        return indexed["outcome"].isin(measure.names).astype(float)
    index = pd.MultiIndex.from_frame(runs[RUN])
    rows = {part.local: _rows(localities if part.local else days, index) for part in measure.parts}
    return pd.Series(_combined(measure, rows, setting), index)


def _combined(measure: Measure, rows: Mapping[bool, Rows], setting: object) -> Floats:
    """Return a measure of the parts of daily series, by run; not a number where it is not defined."""
    numbers = [_reduced(part, rows[part.local], setting) for part in measure.parts]
    if measure.over:
        return numbers[0] / _constant(measure.over, setting)
    if len(numbers) == 1:
        return numbers[0]
    return numbers[0] / np.where(numbers[1] == 0.0, np.nan, numbers[1])


def _constant(text: str, setting: object) -> float:
    found = constant(text, setting)
    assert found is not None  # `faults` has said so
    return found


@dataclass(frozen=True)
class Rows:
    """A table of days, or of days and localities, as arrays of one entry a row, sorted by run.

    Parameters
    ----------
    count : int
        Runs.
    run : array of int
        Which run, from 0.
    table : DataFrame
        The columns, row by row as in the other arrays.
    date : array of datetime64[D], or None
        None for a model without dates.
    locality : array of int
        Place in `names`; all 0 for a table without localities.
    names : tuple of str
    """

    count: int
    run: NDArray[np.int64]
    table: pd.DataFrame
    date: NDArray[np.datetime64] | None
    locality: NDArray[np.int64]
    names: tuple[str, ...]


def _rows(table: pd.DataFrame | None, index: pd.MultiIndex | None) -> Rows:
    """Return a table's rows; without an index all are of one run."""
    assert table is not None
    run = np.zeros(len(table), dtype=np.int64)
    if index is not None:
        run = np.asarray(index.get_indexer(pd.MultiIndex.from_frame(table[RUN])), dtype=np.int64)
        order = np.argsort(run, kind="stable")[np.count_nonzero(run < 0) :]  # rows of runs that are not asked for
        if len(order) < len(run) or (np.diff(run) < 0).any():
            table, run = table.take(order), run[order]
    date = table["date"].to_numpy().astype("datetime64[D]") if "date" in table else None
    locality, names = np.zeros(len(table), dtype=np.int64), pd.Index([""])
    if "locality" in table:
        codes, names = pd.factorize(table["locality"])
        locality = codes.astype(np.int64)
    return Rows(1 if index is None else len(index), run, table, date, locality, tuple(map(str, names)))


def _counting(part: Part, rows: Rows) -> NDArray[np.bool_]:
    """Return which rows are of the days, and of the locality, that count."""
    counts = np.ones(len(rows.run), dtype=bool)
    if part.place:
        counts &= rows.locality == (rows.names.index(part.place) if part.place in rows.names else -1)
    if part.only or part.first or part.last or part.working:
        assert rows.date is not None  # `faults` has said so
        if part.only:
            counts &= np.isin(rows.date, np.array(part.only, dtype="datetime64[D]"))
        if part.first:
            counts &= rows.date >= np.datetime64(part.first)
        if part.last:
            counts &= rows.date <= np.datetime64(part.last)
        if part.working:
            counts &= np.is_busday(rows.date)
    return counts


def _reduced(part: Part, rows: Rows, setting: object) -> Floats:
    """Return one number of a daily series for each run; not a number where it has none of the days that count."""
    counts = _counting(part, rows)
    amounts: Floats = rows.table[list(part.columns)].to_numpy(np.float64)[counts].sum(axis=1)
    run, found = rows.run[counts], np.full(rows.count, np.nan)
    if not len(run):
        return found
    starts = np.flatnonzero(np.diff(run, prepend=-1))
    days, present = np.diff(starts, append=len(run)), run[starts]
    if part.how in ("places", "cities"):
        taken = np.zeros((rows.count, len(rows.names)))
        np.add.at(taken, (run, rows.locality[counts]), amounts)
        found[present] = [_in_places(part, dict(zip(rows.names, taken[one], strict=True)), setting) for one in present]
        return found
    if part.how in ("days", "day"):
        level = part.level * (_constant(part.level_of, setting) if part.level_of else 1.0)
        above = amounts > level
        if part.how == "days":
            found[present] = np.add.reduceat(above.astype(np.float64), starts)
        else:
            number = np.arange(len(run)) - np.repeat(starts, days) + 1
            found[present] = np.minimum.reduceat(np.where(above, number, np.repeat(days, days) + 1), starts)
        return found
    if part.how in ("sum", "mean"):
        found[present] = np.add.reduceat(amounts, starts) / (days if part.how == "mean" else 1)
    elif part.how in ("max", "min"):
        found[present] = (np.maximum if part.how == "max" else np.minimum).reduceat(amounts, starts)
    else:
        found[present] = amounts[starts if part.how == "first" else starts + days - 1]
    return found


def _in_places(part: Part, taken: Mapping[str, float], setting: object) -> float:
    if part.how == "places":
        return float(sum(amount > 0.0 for amount in taken.values()))
    return _expected_cities(taken, part.level, setting)


def _expected_cities(taken: Mapping[str, float], shape: float, setting: object) -> float:
    """Return the expected number of metropolises and cities in which anything happened to anybody.

    An agent stands for many persons, so that one run shows a few large groups and not the ones and twos of most
    cities. So those of all metropolises, and of all cities, are spread over their places by population, and a place
    that is due N has any with the chance

    P = 1 - (1 + N / K)^-K  for cities (negative binomial);  P = 1 - exp(-N)  for metropolises
    """
    localities = value_at("places.localities", setting)
    assert isinstance(localities, Mapping)
    expected = 0.0
    for settlement in ("metropolis", "city"):
        people = {name: place.population for name, place in localities.items() if place.settlement == settlement}
        if people:
            due = np.array(list(people.values())) * (sum(taken[name] for name in people) / sum(people.values()))
            none = np.exp(-due) if settlement == "metropolis" else (1.0 + due / shape) ** -shape
            expected += float((1.0 - none).sum())
    return expected


def covered(
    measure: Measure, runs: pd.DataFrame, days: pd.DataFrame | None, localities: pd.DataFrame | None = None
) -> pd.Series:
    """Return the share of the days that count which each run has; the smaller of two parts.

    Parameters
    ----------
    measure, runs, days, localities
        As for `values`.

    Returns
    -------
    Series of float, 0..1
        By point and replicate. Below 1 if the run ended before or within the days that count; 1 for a measure
        that names no days, or no last one.
    """
    index = pd.MultiIndex.from_frame(runs[RUN])
    rows = {part.local: _rows(localities if part.local else days, index) for part in measure.parts}
    return pd.Series(_covered(measure, rows, len(index)), index)


def _covered(measure: Measure, rows: Mapping[bool, Rows], runs: int) -> Floats:
    share = np.ones(runs)
    for part in measure.parts:
        if part.last is None and not part.only:
            continue
        table = rows[part.local]
        assert table.date is not None
        counts = _counting(replace(part, working=False), table)
        run, date = table.run[counts], table.date[counts]
        new = (np.diff(run, prepend=-1) != 0) | (np.diff(date.astype(np.int64), prepend=0) != 0)
        first = part.first or (table.date.min() if len(table.date) else part.last)
        wanted = len(part.only) or int((np.datetime64(part.last) - np.datetime64(first)).astype(int)) + 1
        share = np.minimum(share, np.bincount(run[new], minlength=runs) / wanted)
    return share


def known_from(
    runs: pd.DataFrame,
    outcomes: Iterable[str],
    days: pd.DataFrame | None = None,
    localities: pd.DataFrame | None = None,
    numbers: Iterable[str] = (),
) -> Known:
    """Return what runs that are at hand have, from their tables.

    Parameters
    ----------
    runs, days, localities : DataFrame
        As for `values`; an empty table counts as none.
    outcomes : iterable of str
        Of the model; those that occurred are added.
    numbers : iterable of str
        Numbers of the summary.
    """
    columns = [
        tuple(str(name) for name in table.select_dtypes("number")) if table is not None and len(table) else ()
        for table in (days, localities)
    ]
    dated = days is not None and len(days) and "date" in days
    first = days["date"].min().date() if days is not None and dated else None
    last = days["date"].max().date() if days is not None and dated else None
    places = tuple(localities["locality"].astype(str).unique()) if columns[1] and localities is not None else ()
    seen = (str(name) for name in runs["outcome"].unique())
    return Known(tuple(numbers), tuple(dict.fromkeys([*outcomes, *seen])), columns[0], first, last, places, columns[1])


class Stored(Protocol):
    """Runs that are stored with their daily tables, such as a study's."""

    def days(self, columns: list[str], points: tuple[int, ...] | None) -> pd.DataFrame:
        """Return some columns of the daily table."""

    def localities(self, columns: list[str], points: tuple[int, ...] | None) -> pd.DataFrame:
        """Return some columns of the table of localities."""


def tables_for(
    wanted: Iterable[Measure], data: Stored, points: Iterable[int] | None = None
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Return the daily table and that of localities, with what some measures need of a study; None for no need."""
    chosen, asked = None if points is None else tuple(points), tuple(wanted)
    days = sorted({name for measure in asked for name in measure.columns})
    places = sorted({name for measure in asked for name in measure.place_columns})
    return (
        data.days(days, chosen) if days else None,
        data.localities(places, chosen) if places else None,
    )


@dataclass(frozen=True)
class RunTables:
    """A single run, of which many measures can be read in a moment; `tables_of` makes it.

    `never` are numbers of the summary that say that something did not happen.
    """

    summary: Mapping[str, Any]
    outcome: str
    rows: Mapping[bool, Rows]
    setting: object
    never: frozenset[str] = frozenset()


def tables_of(run: Any) -> RunTables:
    """Return the tables of a single run, a `sim.run.result.Run`."""
    rows = {False: _rows(run.days, None)}
    if run.localities is not None:
        rows[True] = _rows(run.localities, None)
    never = frozenset(one.name for one in run.declared.numbers if one.never and run.summary.get(one.name) == NEVER)
    return RunTables(run.summary, run.outcome.name, rows, run.scenario, never)


def of_run(measure: Measure, tables: RunTables) -> float:
    """Return a measure of a single run; not a number if it lacks any of the days that count, or it never happened."""
    if measure.names:
        name = measure.names[0]
        if name not in tables.summary or tables.summary[name] is None:
            return float(tables.outcome in measure.names)
        return math.nan if name in tables.never else float(tables.summary[name])
    if _covered(measure, tables.rows, 1)[0] < 1.0:
        return math.nan
    return float(_combined(measure, tables.rows, tables.setting)[0])
