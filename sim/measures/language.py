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

A name that holds signs of this language (``: + @``, `` / ``, `` or ``, `` on working days``) stands in double
quotation marks, as in key paths (`sim.core.keypath`): ``max:"attending_class_A+B"@"Old: Town"``.

A divisor, and the factor of a level (``day>0.001*employed``), may also be a number of the scenario: a key path such
as ``places.population``, several joined by ``+``, or ``employed``, the persons who have a workplace. This only where
all runs are of one scenario, as in the targets of a calibration.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.keypath import QUOTED, escaped, undotted, unescaped
from sim.models.declarations import Declarations
from sim.models.interface import declared, engine_of

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
LEVEL = re.compile(r"(days|day)>([0-9.eE+-]+)(?:\*(.+))?")
CITIES = re.compile(r"cities\(([0-9.eE+-]+)\)")
EMPLOYED = "employed"
SIGNS = re.compile(r'[:+@]|\A"| / | or | on working days|\A\s|\s\Z')
"""What a name cannot hold unless it stands in quotation marks."""
WITHIN = re.compile(r'(?<![^\s:+@.*])"(?:[^"\\]|\\.)+"(?=[:+@.]|\s|\Z)', re.DOTALL)
"""A name in quotation marks."""
FIRST_MASK = 0xF0000
"""Code points that no text has, each of which stands for a name in quotation marks while a measure is taken apart."""


@dataclass(frozen=True)
class Part:
    """One number of a daily series.

    Parameters
    ----------
    how : str
        One of `HOWS`, ``days``, ``day``, ``places``, ``cities``.
    columns : tuple of str
        Of the daily table, or of that of localities; several are added up.
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
    columns: tuple[str, ...]
    first: dt.date | None = None
    last: dt.date | None = None
    place: str = ""
    only: tuple[dt.date, ...] = ()
    working: bool = False
    level: float = 0.0
    level_of: str = ""

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
    plain, quoted = _masked(text)
    if ":" not in plain:
        return Measure(text, names=tuple(_name(one, quoted) for one in plain.split(ALTERNATIVE)))
    first, *others = (part.strip() for part in plain.split(SEPARATOR))
    if len(others) > 1:
        raise ValueError("at most two parts can be divided")
    if others == [""]:
        raise ValueError("names nothing to divide by")
    if others and ":" not in others[0]:
        return Measure(text, parts=(_part(first, quoted),), over=_unmasked(others[0], quoted))
    return Measure(text, parts=tuple(_part(part, quoted) for part in (first, *others)))


def written(name: str) -> str:
    """Return a name as it stands in a measure: in quotation marks if it has to."""
    return escaped(name) if SIGNS.search(name) else name


def _masked(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text with a sign of its own for each name in quotation marks, and these names as they stand there."""
    quoted = tuple(WITHIN.findall(text))
    place = iter(range(len(quoted)))
    return WITHIN.sub(lambda _: chr(FIRST_MASK + next(place)), text), quoted


def _unmasked(text: str, quoted: tuple[str, ...]) -> str:
    return "".join(quoted[ord(sign) - FIRST_MASK] if ord(sign) >= FIRST_MASK else sign for sign in text)


def _name(text: str, quoted: tuple[str, ...]) -> str:
    """Return a name, without its quotation marks if these enclose the whole of it."""
    name = _unmasked(text.strip(), quoted)
    return unescaped(name) if QUOTED.fullmatch(name) else name


def _part(text: str, quoted: tuple[str, ...] = ()) -> Part:
    how, _, rest = text.partition(":")
    column, colon, span = rest.partition(":")
    column, at, place = column.partition(PLACE)
    level, cities = LEVEL.fullmatch(how), CITIES.fullmatch(how)
    if how not in (*HOWS, "places") and not level and not cities:
        raise ValueError(f"must begin with one of {', '.join(HOWS)}, days>LEVEL, day>LEVEL, places and a colon")
    if not column:
        raise ValueError("names no column after the colon")
    if at and not place:
        raise ValueError("names no locality after the @")
    columns = tuple(_name(name, quoted) for name in column.split("+"))
    part = Part(how, columns, place=_name(place, quoted))
    try:
        if level:
            part = replace(part, how=level[1], level=_finite(level[2]), level_of=_unmasked(level[3] or "", quoted))
        elif cities:
            part = replace(part, how="cities", level=_finite(cities[1]))
            if part.level <= 0.0:
                raise ValueError
    except ValueError:
        wanted = "a finite number" if level else "a finite number above 0"
        raise ValueError(f"must have {wanted} in {shown(how)}") from None
    return _with_days(part, span) if colon else part


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError
    return value


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
                near = written(nearest(name, (*known.numbers, *known.outcomes)))
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
            yield Problem(f"there is no such {table}", given=shown(name), nearest=written(nearest(name, columns)))
    if part.place and part.place not in known.places:
        near = written(nearest(part.place, known.places))
        yield Problem("there is no such locality", given=shown(part.place), nearest=near)
    asked = [day for day in (part.first, part.last, *part.only) if day]
    if asked and not all(known.first and known.last and known.first <= day <= known.last for day in asked):
        given = shown(f"{part.first or ''}{SPAN}{part.last or ''}" if not part.only else ", ".join(map(str, part.only)))
        yield Problem(f"the days must lie in the run, {known.first} to {known.last}", given=given)


def constant(text: str, setting: object) -> float | None:
    """Return a number of a scenario by its key path, the sum of several, or `EMPLOYED`; None if there is none."""
    plain, quoted = _masked(text)
    paths = [_unmasked(path.strip(), quoted) for path in plain.split("+")]
    found = [_employed(setting) if path == EMPLOYED else value_at(path, setting) for path in paths]
    numbers = [float(value) for value in found if isinstance(value, int | float) and not isinstance(value, bool)]
    return sum(numbers) if len(numbers) == len(found) else None


def value_at(path: str, setting: object) -> object:
    """Return what a scenario has at a key path; None if it has nothing there."""
    for name in undotted(path):
        setting = setting.get(name) if isinstance(setting, Mapping) else getattr(setting, name, None)
    return setting


def _employed(setting: object) -> object:
    classes, population = value_at("people.classes", setting), value_at("places.population", setting)
    if not isinstance(classes, Mapping) or not isinstance(population, int | float):
        return None
    return sum(kind.share for kind in classes.values() if kind.workplaces) * population


def is_share_of_runs(measure: Measure, numbers: tuple[str, ...]) -> bool:
    """Return whether a measure is an outcome's share of the runs; `numbers` are those of the summary."""
    return bool(measure.names) and measure.names[0] not in numbers


def parsed(text: str, option: str) -> Measure:
    """Take a measure apart that a user has asked for by an option; raises ScenarioError if it is not well formed."""
    try:
        return parse(text)
    except ValueError as error:
        raise ScenarioError(Problem(str(error), option, given=shown(text))) from None


def asked_for(text: str, known: Known, option: str) -> Measure:
    """Return a measure that a user has asked for by an option.

    Raises
    ------
    ScenarioError
        If it is not well formed or names what runs do not have.
    """
    measure = parsed(text, option)
    wrong = faults(measure, known)
    if wrong:
        raise ScenarioError([replace(problem, path=option) for problem in wrong])
    return measure


def what_runs_have(config: Any) -> Known:
    """Return what runs of a checked configuration have, as its model declares it (imports numba)."""
    engine, own = engine_of(config.model), declared(config)
    numbers, columns, place_columns = (
        Declarations(part).number_names for part in (own.numbers, own.columns, own.places)
    )
    start = getattr(getattr(config, "time", None), "start", None)
    last = None if start is None else start + dt.timedelta(days=engine.steps(config) - 1)
    places = tuple(getattr(getattr(config, "places", None), "localities", ()))
    return Known(numbers, tuple(engine.outcomes), columns, start, last, places, place_columns)
