"""Targets of a calibration made of observed events: sums of weeks and places with the range in which the truth lies."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator

import pandas as pd
from scipy.stats import chi2

from analysis.events.reporting import Reporting
from sim.core.errors import ProtestorateError
from sim.measures.language import written

MOST_PLACES = 5
LIKELY = 0.9


def targets_of(
    events: pd.DataFrame, reporting: Reporting, localities: tuple[str, ...], first: dt.date, last: dt.date, origin: str
) -> str:
    """Return a targets file, as `analysis.observed` reads it.

    The targets are, of calendar weeks: person-days of protest and people detained; of all days: the largest day, the
    person-days of strikes, people killed, and the person-days of protest in the five localities with most. Nothing is
    a sum of others. Crowds are divided by their source's factor; the range is its spread. The range of a count is the
    exact 90% interval of a Poisson number (Garwood 1936), widened by the spread of counts.

    Parameters
    ----------
    events : DataFrame
        As `analysis.events.table.read_events` returns them.
    reporting : Reporting
    localities : tuple of str
        Of the scenario.
    first, last : date
        Days that count.
    origin : str
        What the events are called, for notes.

    Raises
    ------
    ProtestorateError
        If there is nothing to make a target of.
    """
    daily = _by_day(events, reporting, first, last)
    lines = list(_lines(daily, reporting, localities, first, last, origin))
    if not lines:
        raise ProtestorateError(f"{origin}: from {first} to {last} no event has a size, detained or killed: no targets")
    head = [
        f"# Targets made of {origin} by `protestorate events targets`; see docs/own-data.md.",
        "calibration:",
        f"  last_day: {last}",
        "  targets:",
    ]
    return "\n".join([*head, *lines]) + "\n"


def _by_day(events: pd.DataFrame, reporting: Reporting, first: dt.date, last: dt.date) -> pd.DataFrame:
    """Return a row an event and day, with crowds divided by their source's factor, and the spread of its figures."""
    rows = []
    for event in events.to_dict("records"):
        crowd = reporting.crowds.of(str(event["source"]))
        begin, end = max(event["date"], pd.Timestamp(first)), min(event["last_date"], pd.Timestamp(last))
        for day in pd.date_range(begin, end, freq="D"):
            once = {name: event[name] if day == event["date"] else 0.0 for name in ("detained", "killed")}
            size = event["participants"] / crowd.factor
            own = math.sqrt(event["participants_high"] / max(event["participants_low"], 1.0)) if size > 0 else 1.0
            spread = max(crowd.spread, own)
            own_row = {str(name): value for name, value in event.items()}
            rows.append(own_row | once | {"date": day, "participants": size, "spread": spread})
    if not rows:
        return events.iloc[:0].assign(spread=0.0)  # columns keep their types
    return pd.DataFrame(rows, columns=[*events.columns, "spread"])


def _lines(
    daily: pd.DataFrame,
    reporting: Reporting,
    localities: tuple[str, ...],
    first: dt.date,
    last: dt.date,
    origin: str,
) -> Iterator[str]:
    protests, strikes = daily[daily["kind"] == "protest"], daily[daily["kind"] == "strike"]
    for begin, end in weeks(first, last):
        span, called = f"{begin}..{end}", f"week of {begin}"
        there = daily["date"].between(pd.Timestamp(begin), pd.Timestamp(end))
        yield from _crowd(f"protest, {called}", f"sum:attending:{span}", protests[there[protests.index]], origin)
        if daily["detained"].notna().any():
            yield from _count(
                f"detained, {called}", f"sum:detained_today:{span}", daily[there]["detained"], reporting, origin
            )
    span = f"{first}..{last}"
    sizes = protests.groupby("date")["participants"].sum(min_count=1)
    if sizes.max() > 0:
        largest = protests[protests["date"] == sizes.idxmax()]
        yield from _crowd("crowd of the largest day", f"max:attending:{span}", largest, origin)
    yield from _crowd("strikers of all days", f"sum:striking:{span}", strikes, origin)
    if daily["killed"].notna().any():
        yield from _count("killed", f"sum:killed_today:{span}", daily["killed"], reporting, origin)
    by_place = protests[protests["place"].isin(localities)].groupby("place")["participants"].sum()
    for place in by_place[by_place > 0].nlargest(MOST_PLACES).index:
        there = protests["place"] == place
        yield from _crowd(f"protest in {place}", f"sum:attending@{written(str(place))}:{span}", protests[there], origin)


def weeks(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield calendar weeks, Monday to Sunday, cut to the days that count."""
    begin = first
    while begin <= last:
        end = min(begin + dt.timedelta(days=6 - begin.weekday()), last)
        yield begin, end
        begin = end + dt.timedelta(days=1)


def _crowd(name: str, measure: str, events: pd.DataFrame, origin: str) -> Iterator[str]:
    """Yield a target on crowds; the spread is that of the figures, weighted by them, since errors are of the source."""
    known = events[events["participants"] > 0]
    if known.empty:
        return
    value = float(known["participants"].sum())
    spread = max(float((known["spread"] * known["participants"]).sum()) / value, 1.05)
    note = f"{len(known)} of {len(events)} events and days with a size; within a factor of {spread:.3g}"
    yield from _target(name, measure, value, value / spread, value * spread, "log", "person-days", note, origin)


def _count(name: str, measure: str, counted: pd.Series, reporting: Reporting, origin: str) -> Iterator[str]:
    value, spread = float(counted.sum()), reporting.counts.spread
    low, high = poisson(value)
    low, high = low / spread, high * spread
    scale = "log" if low > 0.0 else "linear"
    note = f"{int(counted.notna().sum())} of {len(counted)} events and days with a figure; Poisson, times {spread:g}"
    yield from _target(name, measure, value, low, high, scale, "persons", note, origin)


def poisson(count: float) -> tuple[float, float]:
    """Return the exact 90% interval of the mean of a Poisson number (Garwood 1936).

    >>> [round(end, 2) for end in poisson(0)], [round(end, 2) for end in poisson(10)]
    ([0.0, 3.0], [5.43, 16.96])
    """
    tail = (1.0 - LIKELY) / 2.0
    low = float(chi2.ppf(tail, 2.0 * count) / 2.0) if count > 0 else 0.0
    return low, float(chi2.ppf(1.0 - tail, 2.0 * count + 2.0) / 2.0)


def _target(
    name: str, measure: str, value: float, low: float, high: float, scale: str, unit: str, note: str, origin: str
) -> Iterator[str]:
    yield f"    {quoted(name)}:"
    yield f"      measure: {quoted(measure)}"
    yield f"      value: {value:.6g}\n      low: {low:.6g}\n      high: {high:.6g}"
    yield f"      unit: {unit}\n      source: assumption\n      scale: {scale}"
    yield f"      note: {quoted(f'{origin}: {note}')}"


def quoted(text: str) -> str:
    """Return text as YAML reads it back, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)
