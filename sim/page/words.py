"""What the page says in words and numbers: key figures of a day, the answer in a sentence, what two runs differ in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.formats import readable as readable
from sim.page.chart_table import Series, column, leading, police_share, total
from sim.page.snapshot import RunSeen

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOTHING = "–"
LEAST_SHARE = 0.0005
"""A smaller difference of shares is none to speak of."""


@dataclass(frozen=True)
class Figure:
    """A key figure: what it is called, its value, and a few words on it."""

    label: str
    value: str
    note: str = ""


def date_in_words(date: dt.date, weekday: bool = False) -> str:
    """Return ``16 August 2020``, or ``Sunday 16 August 2020``."""
    text = f"{date.day} {MONTHS[date.month - 1]} {date.year}"
    return f"{WEEKDAYS[date.weekday()]} {text}" if weekday else text


def day_in_words(run: RunSeen, day: int) -> str:
    """Return the date of a day of the run (1 is the first); for a model without dates its step."""
    if run.start is None:
        return f"step {day}" if day else "before the first step"
    if day == 0:
        return f"before {date_in_words(run.start, weekday=True)}"
    return date_in_words(run.start + dt.timedelta(days=day - 1), weekday=True)


def unit_of_time(run: RunSeen) -> str:
    """Return ``day``, or ``step`` for a model without dates."""
    return "day" if run.start else "step"


def persons(value: float) -> str:
    """Return a count with thousands separators."""
    return f"{value:,.0f}"


def percent(value: float) -> str:
    """Return a share as a percentage, with the digits that its size deserves."""
    scaled = 100 * value
    if scaled == 0 or abs(scaled) >= 10:
        return f"{scaled:.0f}%"
    return f"{scaled:.1f}%" if abs(scaled) >= 1 else f"{scaled:.2g}%"


def population(run: RunSeen) -> int:
    """Return the inhabitants; 0 for a model without places."""
    places = getattr(run.loaded.config, "places", None)
    return sum(place.population for place in places.localities.values()) if places else 0


def key_figures(run: RunSeen, day: int) -> tuple[Figure, ...]:
    """Return the figures of a day of the run, and of the run until then."""
    day = min(day, run.days)
    series = {name: values[:day] for name, values in run.series.items()}
    if "attending" not in series:
        return _plain_figures(run, day)
    inhabitants = population(run)

    def today(name: str) -> float:
        values = column(series, name)
        return float(values[-1]) if values.size else 0.0

    def so_far(name: str) -> str:
        return persons(float(column(series, name).sum()))

    unruly = float((police_share(series, "shirking") + police_share(series, "defected"))[-1]) if day else 0.0
    defected = float(total(series, "police_defected_")[-1]) if day else 0.0
    return (
        Figure("in action", persons(today("attending")), _of(today("attending"), inhabitants, "of the population")),
        Figure("detained that day", persons(today("detained_today")), f"{so_far('detained_today')} so far"),
        Figure("on strike", persons(today("striking")), f"{persons(today('workplaces_out'))} workplaces"),
        Figure("police not obeying", percent(unruly), f"{persons(defected)} defected"),
        Figure("killed so far", so_far("killed_today"), f"{so_far('injured_today')} injured"),
        Figure("internet cut", percent(today("shutdown")), f"aggression {percent(today('aggression'))}"),
    )


def _plain_figures(run: RunSeen, day: int) -> tuple[Figure, ...]:
    if not day:
        return ()
    return tuple(
        Figure(readable(name), _figure(name, float(values[day - 1])))
        for name, values in run.series.items()
        if name != "step" and np.asarray(values).dtype.kind in "iufb"
    )


def _figure(name: str, value: float) -> str:
    return percent(value) if name == "share" else persons(value) if value.is_integer() else f"{value:.3g}"


def _of(part: float, whole: float, words: str) -> str:
    return f"{percent(part / whole)} {words}" if whole else ""


def peak_day(run: RunSeen) -> int:
    """Return the day of the largest turnout (1 is the first); 0 if there has been none."""
    values = column(run.series, leading(run.series)) if run.series else np.zeros(0)
    return int(values.argmax()) + 1 if values.size and values.max() > 0 else 0


def places_of(run: RunSeen, day: int, most: int = 3) -> list[tuple[str, int]]:
    """Return the localities with most people in action on a day, and how many."""
    counts = run.frame(day).places.get("attending")
    if counts is None or not day:
        return []
    names = list(run.loaded.config.places.localities)
    order = np.argsort(-counts, kind="stable")[:most]
    return [(names[index], int(counts[index])) for index in order if counts[index] > 0]


def answer(run: RunSeen) -> str:
    """Return when and where it peaked, and how it ended if it has, in a sentence or two."""
    day = peak_day(run)
    if not day:
        return "Nobody has taken to the streets yet." if run.start else "Nobody acts yet."
    so_far = "so far " if run.running else ""
    if run.start is None:
        name, most = leading(run.series), persons(run.series[leading(run.series)].max())
        what = f"The largest number {so_far}is {most} persons" if name == "active" else f"Most {readable(name)}: {most}"
        text = f"{what}, at {day_in_words(run, day)}."
    else:
        largest = run.series["attending"].max()
        share = _of(largest, population(run), "of the population")
        text = f"The largest turnout {so_far}is {persons(largest)} persons ({share}), on {day_in_words(run, day)}"
        where = places_of(run, day)
        if where:
            text += f"; most of them in {_list([f'{name} ({persons(count)})' for name, count in where])}"
        text += "."
    if run.outcome is not None and not run.running:
        text += f" The run ends: {readable(run.outcome.name)}"
        if run.outcome.reasons:
            text += f" ({'; '.join(readable(reason) for reason in run.outcome.reasons)})"
        text += "."
    return text


def _list(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def came_of_it(first: RunSeen, second: RunSeen) -> list[tuple[str, str, str, str]]:
    """Return rows of what came of two runs, over the days that both have done: what, A, B, B minus A."""
    days = min(first.days, second.days)
    if not days:
        return []
    one, two = ({name: values[:days] for name, values in run.series.items()} for run in (first, second))
    rows = [("day of the peak", _peak_words(first), _peak_words(second), "")]
    for label, need, quantity, form in QUANTITIES:
        if need in one and need in two:
            here, there = quantity(one), quantity(two)
            rows.append((label, form(here), form(there), _change(here, there, form)))
    return [*rows, ("outcome", _end(first), _end(second), "")]


def _end(run: RunSeen) -> str:
    return readable(run.outcome.name) if run.outcome and not run.running else "still running"


QUANTITIES: tuple[tuple[str, str, Callable[[Series], float], Callable[[float], str]], ...] = (
    ("largest turnout on a day", "attending", lambda s: float(column(s, "attending").max()), persons),
    ("person-days of action", "attending", lambda s: float(column(s, "attending").sum()), persons),
    ("detentions", "detained_today", lambda s: float(column(s, "detained_today").sum()), persons),
    ("injured", "injured_today", lambda s: float(column(s, "injured_today").sum()), persons),
    ("killed", "killed_today", lambda s: float(column(s, "killed_today").sum()), persons),
    ("most on strike on a day", "striking", lambda s: float(column(s, "striking").max()), persons),
    ("officers who defected", "striking", lambda s: float(total(s, "police_defected_")[-1]), persons),
    ("mean legitimacy, last day", "legitimacy", lambda s: float(column(s, "legitimacy")[-1]), percent),
    ("most persons acting", "active", lambda s: float(column(s, "active").max()), persons),
)
"""What came of a run: label, the column it needs, how it is made, how it is written."""


def _peak_words(run: RunSeen) -> str:
    day = peak_day(run)
    return day_in_words(run, day) if day else NOTHING


def _change(here: float, there: float, form: Callable[[float], str]) -> str:
    gap = there - here
    sign = "+" if gap > 0 else "−"
    if form is percent:
        return f"{sign}{100 * abs(gap):.1f} points" if abs(gap) >= LEAST_SHARE else "no change"
    if form(abs(gap)) == form(0.0):
        return "no change"
    return f"{sign}{form(abs(gap))} ({sign}{percent(abs(gap) / here)})" if here else f"{sign}{form(abs(gap))}"


def what_differs(first: RunSeen, second: RunSeen) -> list[tuple[str, str, str]]:
    """Return rows of what two parameter sets differ in: key path, A, B."""
    from sim.mesa.sliders import differences

    return [(path, _value(a), _value(b)) for path, a, b in differences(first.loaded, second.loaded)]


def _value(value: object) -> str:
    if value == "" or value is None:
        return NOTHING
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
