"""What is measured of a run: one language for experiments, patterns, comparisons, sensitivity, targets and cases.

A measure is written in one of three ways:

* a number of the summary, such as ``peak_turnout``;
* the name of an outcome, such as ``falls``, or several joined by ``or``: the share of runs that end so;
* ``HOW:COLUMN[:DAYS]``, one number of a daily series, or such a number ``/`` another.

HOW is one of

* ``mean``, ``sum``, ``max``, ``min``, ``first``, ``last``;
* ``days>LEVEL``: the number of days on which it lies above a level;
* ``day>LEVEL``: the first such day, counted from 1; if there is none, one more than the days that count;
* ``places``: the number of localities in which it is above zero on any of the days;
* ``cities(K)``: the number of metropolises and cities to be expected with any of it (see `_expected_cities`).

COLUMN is a column of ``days.parquet``; several joined by ``+`` are added up. With ``@PLACE`` behind it, it is a
column of ``localities.parquet`` in that locality; so it is for ``places`` and ``cities``. DAYS are the days that
count, all if left out: ``2020-08-16..2020-09-30``, both included, ``..2020-09-30``, ``2020-08-16..``, or single days
with commas between them. `` on working days`` leaves out Saturdays and Sundays.

A divisor, and the factor of a level (``day>0.001*employed``), may also be a number of the scenario: a key path such
as ``places.population``, several joined by ``+``, or ``employed``, the persons who have a workplace. This only where
all runs are of one scenario, as in the targets of a calibration.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.stats.intervals import Floats
from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.formats import day, readable
from sim.core.keypath import undotted
from sim.models.interface import declared, engine_of
from sim.models.mobilisation import results as flagship
from sim.models.results import (
    AMOUNT,
    COUNT,
    FRACTION,
    NOTHING_DECLARED,
    PLAIN,
    SHARE,
    UNKNOWN,
    Declarations,
    Declared,
    Result,
)

if TYPE_CHECKING:
    from sim.run.load import Loaded
    from sim.run.simulate import Run
    from sim.study import StudyData

HOWS: Mapping[str, str] = {
    "mean": "mean",
    "sum": "total",
    "max": "highest",
    "min": "lowest",
    "first": "first",
    "last": "last",
}
"""Ways to make one number of a daily series, and what they are called."""
SEPARATOR, ALTERNATIVE, SPAN, PLACE, WORKING = " / ", " or ", "..", "@", " on working days"
RUN = ["point", "replicate"]
LEVEL = re.compile(r"(days|day)>([0-9.eE+-]+)(?:\*(.+))?")
CITIES = re.compile(r"cities\(([0-9.eE+-]+)\)")
EMPLOYED = "employed"


@dataclass(frozen=True)
class Part:
    """One number of a daily series.

    Parameters
    ----------
    how : str
        One of `HOWS`, ``days``, ``day``, ``places``, ``cities``.
    column : str
        Of the daily table, or of that of localities; several joined by ``+``.
    first, last : date or None
        Days that count, both included; None for the run's first and last.
    place : str
        Locality; empty for the country.
    only : tuple of date
        Single days that count; empty for all between `first` and `last`.
    working : bool
        Whether Saturdays and Sundays are left out.
    level : float
        Of ``days`` and ``day``; the shape K of ``cities``.
    level_of : str
        Number of the scenario by which the level is multiplied; empty for none.
    """

    how: str
    column: str
    first: dt.date | None = None
    last: dt.date | None = None
    place: str = ""
    only: tuple[dt.date, ...] = ()
    working: bool = False
    level: float = 0.0
    level_of: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that are added up."""
        return tuple(self.column.split("+"))

    @property
    def local(self) -> bool:
        """Whether it is read from the table of localities."""
        return bool(self.place) or self.how in ("places", "cities")


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
    over : str
        Number of the scenario by which the part is divided; empty for none.
    """

    text: str
    names: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    over: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Daily columns it needs."""
        return tuple(name for part in self.parts if not part.local for name in part.columns)

    @property
    def place_columns(self) -> tuple[str, ...]:
        """Columns of localities it needs."""
        return tuple(name for part in self.parts if part.local for name in part.columns)

    @property
    def constants(self) -> tuple[str, ...]:
        """Numbers of the scenario it needs."""
        return tuple(filter(None, (self.over, *(part.level_of for part in self.parts))))


@dataclass(frozen=True)
class Known:
    """What the runs of a scenario have.

    Parameters
    ----------
    numbers, outcomes, columns : tuple of str
        Numbers of the summary, outcomes, daily columns.
    first, last : date or None
        Days of a run; None if they have no dates.
    places, place_columns : tuple of str
        Localities and columns of their table; empty if it is not at hand.
    setting : object or None
        The scenario whose numbers a measure may name; None if runs are of several.
    """

    numbers: tuple[str, ...]
    outcomes: tuple[str, ...]
    columns: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None
    places: tuple[str, ...] = ()
    place_columns: tuple[str, ...] = ()
    setting: object = None


def parse(text: str) -> Measure:
    """Take a measure apart; raises ValueError with the reason if it is not well formed."""
    if ":" not in text:
        return Measure(text, names=tuple(name.strip() for name in text.split(ALTERNATIVE)))
    first, *others = (part.strip() for part in text.split(SEPARATOR))
    if len(others) > 1:
        raise ValueError("at most two parts can be divided")
    if others and ":" not in others[0]:
        return Measure(text, parts=(_part(first),), over=others[0])
    return Measure(text, parts=tuple(_part(part) for part in (first, *others)))


def _part(text: str) -> Part:
    how, _, rest = text.partition(":")
    column, colon, span = rest.partition(":")
    column, _, place = column.partition(PLACE)
    level, cities = LEVEL.fullmatch(how), CITIES.fullmatch(how)
    if how not in (*HOWS, "places") and not level and not cities:
        raise ValueError(f"must begin with one of {', '.join(HOWS)}, days>LEVEL, day>LEVEL, places and a colon")
    if not column:
        raise ValueError("names no column after the colon")
    part = Part(how, column, place=place)
    try:
        if level:
            part = replace(part, how=level[1], level=float(level[2]), level_of=level[3] or "")
        elif cities:
            part = replace(part, how="cities", level=float(cities[1]))
    except ValueError:
        raise ValueError(f"must have a number in {how!r}") from None
    return _with_days(part, span) if colon else part


def _with_days(part: Part, text: str) -> Part:
    span = text.removesuffix(WORKING)
    part = replace(part, working=span != text)
    first, dots, last = span.partition(SPAN)
    try:
        if not dots:
            return replace(part, only=tuple(dt.date.fromisoformat(one.strip()) for one in span.split(",")))
        ends = [dt.date.fromisoformat(one) if one else None for one in (first, last)]
    except ValueError:
        raise ValueError("days must be written as 2020-08-16..2020-09-30, or single days with commas") from None
    if ends[0] and ends[1] and ends[0] > ends[1]:
        raise ValueError("the first day must not be after the last")
    return replace(part, first=ends[0], last=ends[1])


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
    for name in measure.constants:
        if known.setting is None:
            found.append(Problem("numbers of a scenario can be used in targets only", given=shown(name)))
        elif constant(name, known.setting) is None:
            found.append(Problem("is no number of the scenario", given=shown(name)))
    for part in measure.parts:
        found += _faults_of(part, known)
    return found


def _faults_of(part: Part, known: Known) -> Iterator[Problem]:
    columns, table = (known.place_columns, "column of localities") if part.local else (known.columns, "daily column")
    for name in part.columns:
        if name not in columns:
            yield Problem(f"there is no such {table}", given=shown(name), nearest=nearest(name, columns))
    if part.place and part.place not in known.places:
        yield Problem("there is no such locality", given=shown(part.place), nearest=nearest(part.place, known.places))
    asked = [day for day in (part.first, part.last, *part.only) if day]
    if asked and not all(known.first and known.last and known.first <= day <= known.last for day in asked):
        given = shown(f"{part.first or ''}{SPAN}{part.last or ''}" if not part.only else ", ".join(map(str, part.only)))
        yield Problem(f"the days must lie in the run, {known.first} to {known.last}", given=given)


def constant(text: str, setting: object) -> float | None:
    """Return a number of a scenario by its key path, the sum of several, or `EMPLOYED`; None if there is none."""
    found = [_employed(setting) if path.strip() == EMPLOYED else _at(path.strip(), setting) for path in text.split("+")]
    numbers = [float(value) for value in found if isinstance(value, int | float) and not isinstance(value, bool)]
    return sum(numbers) if len(numbers) == len(found) else None


def _at(path: str, setting: object) -> object:
    for name in undotted(path):
        setting = setting.get(name) if isinstance(setting, Mapping) else getattr(setting, name, None)
    return setting


def _employed(setting: object) -> object:
    classes, population = _at("people.classes", setting), _at("places.population", setting)
    if not isinstance(classes, Mapping) or not isinstance(population, int | float):
        return None
    return sum(kind.share for kind in classes.values() if kind.workplaces) * population


def is_share_of_runs(measure: Measure, numbers: tuple[str, ...]) -> bool:
    """Return whether a measure is an outcome's share of the runs; `numbers` are those of the summary."""
    return bool(measure.names) and measure.names[0] not in numbers


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
    localities = _at("places.localities", setting)
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


def asked_for(text: str, known: Known, option: str) -> Measure:
    """Return a measure that a user has asked for by an option.

    Raises
    ------
    ScenarioError
        If it is not well formed or names what runs do not have.
    """
    try:
        measure = parse(text)
    except ValueError as error:
        raise ScenarioError(Problem(str(error), option, given=shown(text))) from None
    wrong = faults(measure, known)
    if wrong:
        raise ScenarioError([replace(problem, path=option) for problem in wrong])
    return measure


def tables_for(
    wanted: Iterable[Measure], data: StudyData, points: Iterable[int] | None = None
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
    """A single run, of which many measures can be read in a moment; `tables_of` makes it."""

    summary: Mapping[str, Any]
    outcome: str
    rows: Mapping[bool, Rows]
    setting: object


def tables_of(run: Run) -> RunTables:
    """Return the tables of a single run."""
    rows = {False: _rows(run.days, None)}
    if run.localities is not None:
        rows[True] = _rows(run.localities, None)
    return RunTables(run.summary, run.outcome.name, rows, run.scenario)


def of_run(measure: Measure, tables: RunTables) -> float:
    """Return a measure of a single run; not a number if the run lacks any of the days that count."""
    if measure.names:
        number = tables.summary.get(measure.names[0])
        return float(tables.outcome in measure.names) if number is None else float(number)
    if _covered(measure, tables.rows, 1)[0] < 1.0:
        return math.nan
    return float(_combined(measure, tables.rows, tables.setting)[0])


def what_runs_have(base: Loaded) -> Known:
    """Return what runs of a scenario have, as its model declares it."""
    config = base.config
    engine, own = engine_of(config.model), declared(config)
    numbers, columns, place_columns = (
        Declarations(part).number_names for part in (own.numbers, own.columns, own.places)
    )
    start = getattr(getattr(config, "time", None), "start", None)
    last = None if start is None else start + dt.timedelta(days=engine.steps(config) - 1)
    places = tuple(getattr(getattr(config, "places", None), "localities", ()))
    return Known(numbers, tuple(engine.outcomes), columns, start, last, places, place_columns)


def declared_as(measure: Measure, own: Declared = NOTHING_DECLARED) -> Result:
    """Return what a measure is: its label, its unit, whether it is a share.

    Parameters
    ----------
    measure : Measure
    own : Declared
        What the runs' model declares; what it does not is looked up in the flagship model, else goes by its name.
    """
    if measure.names:
        number = _declared(measure.names[0], own.numbers, flagship.numbers())
        known = len(measure.names) == 1 and (number.about != UNKNOWN or "_" in measure.names[0])
        return number if known else Result(measure.text, FRACTION, SHARE, label=_ends_as(measure.names))
    label = ", over ".join([*(_part_in_words(part, own) for part in measure.parts), *filter(None, [measure.over])])
    kind, unit = _kind_of(measure.parts[0], own) if len(measure.parts) == 1 and not measure.over else (AMOUNT, PLAIN)
    return Result(measure.text, unit, kind, label=label)


def _kind_of(part: Part, own: Declared) -> tuple[str, str]:
    """Return kind and unit of one number of a daily series."""
    if part.how in ("days", "day"):
        return COUNT, "days"
    if part.how in ("places", "cities"):
        return AMOUNT, "localities"
    column = _column(part.columns[0], part.local, own)
    if part.how == "sum" and column.combine != "sum":
        return AMOUNT, PLAIN  # a stock added up over days has a unit of its own, such as person-days
    return column.kind if column.is_fraction else AMOUNT, column.unit


def _column(name: str, local: bool, own: Declared) -> Result:
    if local:
        return _declared(name, own.places, flagship.places())
    return _declared(name, own.columns, flagship.columns())


def _declared(name: str, own: Iterable[Result], other: Declarations) -> Result:
    known = Declarations(own)
    return known[name] if name in known else other.of(name)


def words(measure: Measure, own: Declared = NOTHING_DECLARED) -> str:
    """Return a measure as people read it; `own` as in `declared_as`."""
    return declared_as(measure, own).label


def brief(measure: Measure, own: Declared = NOTHING_DECLARED) -> str:
    """Return a measure as it stands above a column; `own` as in `declared_as`."""
    return declared_as(measure, own).brief


def _ends_as(names: Iterable[str]) -> str:
    return f"share of runs that end as {ALTERNATIVE.join(f'“{readable(name)}”' for name in names)}"


def _part_in_words(part: Part, own: Declared) -> str:
    columns = " and ".join(_column(name, part.local, own).label for name in part.columns)
    text = f"{_how_in_words(part)} {columns}"
    if part.place:
        text += f" in {part.place}"
    if part.only:
        text += f", {', '.join(day(one) for one in part.only)}"
    elif part.first and part.last:
        begin = day(part.first)
        if part.first.year == part.last.year:
            begin = begin.removesuffix(f" {part.first.year}")
        text += f", {begin} to {day(part.last)}"
    elif part.first or part.last:
        text += f", from {day(part.first)}" if part.first else f", to {day(part.last)}"  # type: ignore[arg-type]
    return f"{text}{WORKING}" if part.working else text


def _how_in_words(part: Part) -> str:
    level = f"{part.level:g}{f' of {part.level_of}' if part.level_of else ''}"
    counted = {
        "days": f"days with more than {level}",
        "day": f"first day with more than {level}",
        "places": "localities with",
        "cities": "cities with",
    }
    return counted.get(part.how) or HOWS[part.how]
