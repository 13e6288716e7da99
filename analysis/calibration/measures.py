"""How an observed quantity is measured in a run.

Each takes dates as text and the run last, and returns NaN if the run ended before the last date.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sim.run.simulate import Run

WORKING_DAYS = 5  # Monday to Friday, as the observations were sorted


def between(run: Run, first: str, last: str) -> pd.DataFrame:
    """Return the days of a run from one date to another, both included; empty if the run ended before."""
    start, stop = _places(run, first, last)
    return run.days.iloc[start:stop]


def between_localities(run: Run, first: str, last: str) -> pd.DataFrame:
    """Return the same days by locality."""
    start, stop = _places(run, first, last)
    count = len(run.localities) // len(run.days)
    return run.localities.iloc[start * count : stop * count]


def _places(run: Run, first: str, last: str) -> tuple[int, int]:
    """First row of some days and the row after the last; days are counted, not searched, as there are many measures."""
    start = run.scenario.time.start
    begin = max((dt.date.fromisoformat(first) - start).days, 0)
    end = (dt.date.fromisoformat(last) - start).days + 1
    return (begin, end) if end <= len(run.days) else (0, 0)


def _number(value: float, days: pd.DataFrame) -> float:
    return float(value) if len(days) else math.nan


def total(name: str, first: str, last: str, run: Run) -> float:
    """Return the sum of a daily column."""
    days = between(run, first, last)
    return _number(days[name].sum(), days)


def detained(first: str, last: str, run: Run) -> float:
    """Return the persons detained from one date to another."""
    return total("detained_today", first, last, run)


def detained_a_working_day(first: str, last: str, run: Run) -> float:
    """Return the mean number of persons detained on a working day."""
    days = _working(between(run, first, last))
    return _number(days["detained_today"].mean(), days)


def detained_localities(first: str, last: str, run: Run) -> float:
    """Return the number of localities in which anybody was detained."""
    places = between_localities(run, first, last)
    return _number(places.loc[places["detained"] > 0, "locality"].nunique(), places)


def localities_active(date: str, run: Run) -> float:
    """Return the number of localities in which anybody was in action on a date."""
    places = between_localities(run, date, date)
    return _number((places["attending"] > 0).sum(), places)


def turnout(date: str, run: Run) -> float:
    """Return turnout on a date, in percent of the population."""
    return highest_turnout(date, date, run)


def highest_turnout(first: str, last: str, run: Run) -> float:
    """Return the largest turnout from one date to another, in percent of the population."""
    days = between(run, first, last)
    return _number(days["attending"].max() / run.scenario.places.population * 100.0, days)


def weekday_turnout(first: str, last: str, run: Run) -> float:
    """Return the mean turnout of working days, in percent of the population."""
    days = _working(between(run, first, last))
    return _number(days["attending"].mean() / run.scenario.places.population * 100.0, days)


def mean_turnout(dates: tuple[str, ...], run: Run) -> float:
    """Return the mean turnout of single days, in percent of the population."""
    return sum(turnout(date, run) for date in dates) / len(dates)


def in_place(locality: str, date: str, run: Run) -> float:
    """Return the persons in action in one locality on a date."""
    return highest_in_place(locality, date, date, run)


def highest_in_place(locality: str, first: str, last: str, run: Run) -> float:
    """Return the largest number of persons in action in one locality."""
    places = between_localities(run, first, last)
    return _number(places["attending"][places["locality"] == locality].max(), places)


def column(name: str, date: str, run: Run) -> float:
    """Return a daily column on a date."""
    return total(name, date, date, run)


def days_above(name: str, level: float, last: str, run: Run) -> float:
    """Return the number of days up to a date on which a daily column lies above a level."""
    days = between(run, str(run.days["date"].iloc[0].date()), last)
    return _number((days[name] > level).sum(), days)


def first_strike(share: float, after: str, run: Run) -> float:
    """Return the days after a date until strikers first pass a share of the employed (200 if never)."""
    passed = run.days.loc[run.days["striking"] > share * employed(run), "date"]
    return float((passed.iloc[0] - pd.Timestamp(after)).days) if len(passed) else 200.0


def peak_strike(first: str, last: str, run: Run) -> float:
    """Return the largest share of the employed on strike, in percent."""
    days = between(run, first, last)
    return _number(days["striking"].max() / employed(run) * 100.0, days)


def strike_against_peak(first: str, last: str, peak_first: str, peak_last: str, run: Run) -> float:
    """Return the mean number of strikers of some days against the largest of others (NaN if nobody struck then)."""
    days, others = between(run, first, last), between(run, peak_first, peak_last)
    peak = others["striking"].max() if len(others) else 0.0
    return _number(days["striking"].mean() / peak, days) if peak > 0.0 else math.nan


def resigned(last: str, left_out: str, run: Run) -> float:
    """Return the share of officers who have openly left by a date, in percent, one force left out."""
    days = between(run, last, last)
    forces = {name: force for name, force in run.scenario.police.forces.items() if name != left_out}
    gone = sum(days[f"police_defected_{name}"].sum() for name in forces)
    return _number(gone / sum(force.persons for force in forces.values()) * 100.0, days)


def fell(run: Run) -> float:
    """Return 1 if the regime fell or fled."""
    return float(run.outcome.name in ("falls", "flees"))


def employed(run: Run) -> float:
    """Return the number of persons who have a workplace."""
    classes = run.scenario.people.classes.values()
    return float(sum(kind.share for kind in classes if kind.workplaces)) * float(run.scenario.places.population)


def _working(days: pd.DataFrame) -> pd.DataFrame:
    working: pd.DataFrame = days[days["date"].dt.day_of_week < WORKING_DAYS]
    return working
