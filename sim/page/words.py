"""What the page says in words and numbers: key figures of a day, the answer in a sentence, what two runs differ in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from sim.core.formats import WEEKDAYS, listed, readable, share, to_digits
from sim.core.formats import day as day_of
from sim.core.keypath import undotted
from sim.models.declarations import Declarations
from sim.models.mobilisation.results import column as declared
from sim.models.mobilisation.results import numbers
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.results import FAMILY, Result, capital
from sim.page.chart_parts import Series, column, police_share, total
from sim.page.fan import SEEDS, Fan
from sim.page.snapshot import RunSeen
from sim.scenario.described import described
from sim.study.parameters import labels

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
    text = day_of(date)
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

    def in_all(name: str) -> str:
        return persons(float(column(series, name).sum()))

    def brief(name: str) -> str:
        return declared(name).brief

    crowd = today("attending")
    unruly = float((police_share(series, "shirking") + police_share(series, "defected"))[-1]) if day else 0.0
    defected = float(total(series, "police_defected_")[-1]) if day else 0.0
    return (
        Figure(brief("attending"), persons(crowd), _of(crowd, inhabitants, "of the population")),
        Figure(brief("detained_today"), persons(today("detained_today")), f"{in_all('detained_today')} so far"),
        Figure(brief("striking"), persons(today("striking")), _workplaces(today("workplaces_out"))),
        Figure("police not obeying", share(unruly), f"{persons(defected)} defected"),
        Figure(
            f"{numbers()['killed'].brief} so far",
            in_all("killed_today"),
            f"{in_all('injured_today')} {numbers()['injured'].brief}",
        ),
        Figure(brief("shutdown"), share(today("shutdown")), f"{brief('aggression')} {share(today('aggression'))}"),
    )


def _workplaces(out: float) -> str:
    return f"{persons(out)} {'workplace' if out == 1 else 'workplaces'}"


def _plain_figures(run: RunSeen, day: int) -> tuple[Figure, ...]:
    if not day:
        return ()
    known = Declarations(run.columns)
    return tuple(
        Figure(one.brief, one.text(values[day - 1]))
        for one, values in ((known.of(name), values) for name, values in run.series.items())
        if one.is_number
    )


def _of(part: float, whole: float, words: str) -> str:
    return f"{share(part / whole)} {words}" if whole else ""


def leading(run: RunSeen) -> Result:
    """Return the first of a model's main columns: the turnout, or what a published model counts."""
    return Declarations(run.columns).main()[0]


def peak_day(run: RunSeen) -> int:
    """Return the day on which the leading column was highest (1 is the first); 0 if it never rose above 0."""
    values = column(run.series, leading(run).name)
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
        if run.start is None:
            return f"{capital(leading(run).label)}: none{' so far' if run.running else ''}."
        if run.outcome is not None and not run.running:
            return "Nobody took to the streets."
        return "Nobody has taken to the streets yet."
    if run.start is None:
        one = leading(run)
        most = one.quantity(run.series[one.name].max())
        text = f"{capital(one.label)}: at most {most}{' so far' if run.running else ''}, at {day_in_words(run, day)}."
    else:
        largest = run.series["attending"].max()
        part = _of(largest, population(run), "of the population")
        until_now = "so far " if run.running else ""
        text = f"The largest turnout {until_now}is {persons(largest)} persons ({part}), on {day_in_words(run, day)}"
        where = places_of(run, day)
        if where:
            begin = "most of them" if 2 * sum(count for _, count in where) > largest else "the largest crowds"
            text += f"; {begin} in {listed([f'{name} ({persons(count)})' for name, count in where])}"
        text += "."
    if run.outcome is not None and not run.running:
        text += f" The run ends: {readable(run.outcome.name)}"
        if run.outcome.road and run.outcome.road not in run.outcome.name:
            text += f", by the road “{run.outcome.road}”"
        if run.outcome.reasons:
            text += f" ({'; '.join(readable(reason) for reason in run.outcome.reasons)})"
        text += "."
    return text


def fan_in_words(run: RunSeen, fan: Fan) -> str:
    """Return how far other seeds are, and what they say of the leading column."""
    if fan.problem:
        return fan.problem
    if not fan.done:
        return f"Runs with {SEEDS} other seeds …" if fan.working else "No run with another seed was finished."
    seeds = f"seeds {fan.first} to {fan.first + fan.done - 1}" if fan.done > 1 else f"seed {fan.first}"
    one = leading(run)
    ends = np.percentile(fan.peaks, (5, 50, 95), method="inverted_cdf")  # of runs, and not between two of them
    low, middle, high = (one.quantity(float(value)) for value in ends)
    what = "Largest turnout" if run.start is not None else f"{capital(one.label)}, at most"
    runs = f"{fan.done} runs" if fan.done > 1 else "a run"
    spread = f"{middle} in the middle, nine of ten from {low} to {high}" if fan.done > 1 else middle
    text = f"{what} in {runs} with {seeds}: {spread}."
    if fan.working:
        return f"{fan.done} of {SEEDS} runs. {text}"
    by_hand = " What was changed by hand is not in them." if run.pulls else ""
    bands = " Bands: dark, half of the runs; pale, nine of ten." if fan.bands else ""
    return f"{text}{bands}{by_hand}"


def came_of_it(first: RunSeen, second: RunSeen) -> list[tuple[str, str, str, str]]:
    """Return rows of what came of two runs, over the days that both have done: what, A, B, B minus A."""
    days = min(first.days, second.days)
    if not days:
        return []
    one, two = ({name: values[:days] for name, values in run.series.items()} for run in (first, second))
    rows = [("day of the peak", _peak_words(first), _peak_words(second), "")]
    for number in Declarations(first.numbers).main():
        here, there = so_far(number, one), so_far(number, two)
        if here is not None and there is not None:
            rows.append((number.label, number.text(here), number.text(there), _change(here, there, number)))
    return [*rows, ("outcome", _end(first), _end(second), "")]


def difference(first: RunSeen, second: RunSeen, names: tuple[str, str]) -> str:
    """Return in a sentence how far the leading column of a second run lies from that of the first, at its largest.

    Both over the days that both have done; empty before these, and for runs of two models.
    """
    one, days = leading(first), min(first.days, second.days)
    if not days or leading(second).name != one.name:
        return ""
    here, there = (float(run.series[one.name][:days].max()) for run in (first, second))
    what = "the largest turnout" if first.start is not None else f"{one.label}, at most,"
    change = _change(here, there, one)
    gap = "as in A" if change == "no change" else f"B minus A: {change}"
    said = names[1].removeprefix(names[0]).lstrip(" ,:")
    unit = unit_of_time(first)
    return (
        f"{capital(said)}: after {days} {unit}s {what} is {one.quantity(there)}, {gap}. "
        f"This is one pair of draws with the same seed."
    )


def so_far(number: Result, series: Series) -> float | None:
    """Return a number of the summary as the days until now have it; None for one that is not of a daily column."""
    if not isinstance(number.of, str) or not number.of:
        return None
    if number.of.endswith(FAMILY):
        return float(number.over(total(series, number.of.removesuffix("*"))))
    return float(number.over(series[number.of])) if number.of in series else None


def _end(run: RunSeen) -> str:
    if run.outcome is None or run.running:
        return "still running"
    road = run.outcome.road
    return readable(run.outcome.name) + (f" ({road})" if road and road not in run.outcome.name else "")


def _peak_words(run: RunSeen) -> str:
    day = peak_day(run)
    return day_in_words(run, day) if day else NOTHING


def _change(here: float, there: float, number: Result) -> str:
    gap = there - here
    sign = "+" if gap > 0 else "−"
    if number.is_fraction:
        return f"{sign}{number.scale * abs(gap):.1f} points" if abs(gap) >= LEAST_SHARE else "no change"
    if number.text(abs(gap)) == number.text(0.0):
        return "no change"
    text = f"{sign}{number.text(abs(gap))}"
    return f"{text} ({sign}{share(abs(gap) / here)})" if here else text


def what_differs(first: RunSeen, second: RunSeen) -> list[tuple[str, str, str]]:
    """Return rows of what two parameter sets differ in: what it is, A, B; one for an event that one of them lacks."""
    from sim.mesa.sliders import differences

    here, there = (_events(run) for run in (first, second))
    rows: dict[str, tuple[str, str]] = {}
    for path, a, b in differences(first.loaded, second.loaded):
        section, _, rest = path.partition(".")
        name = next((name for name in {*here, *there} if f"{rest}.".startswith(f"{name}.")), "")
        if section == "events" and (name in here) != (name in there):
            rows[f"events.{name}"] = (here.get(name, NOTHING), there.get(name, NOTHING))
        else:
            rows[path] = (_value(a), _value(b))
    schema = type(first.loaded.config)
    called = labels({path: described(schema, undotted(path)).words for path in rows})
    whole = {f"events.{name}" for name in {*here, *there}}
    return [("an event" if path in whole else called[path], *sides) for path, sides in rows.items()]


def _events(run: RunSeen) -> dict[str, str]:
    """Return the events of a run's scenario: title and date by name."""
    config = run.loaded.config
    events = config.events if isinstance(config, Mobilisation) else {}
    return {name: f"{event.title} ({date_in_words(event.date)})" for name, event in events.items()}


def _value(value: object) -> str:
    if value == "" or value is None:
        return NOTHING
    if isinstance(value, bool):
        return "on" if value else "off"
    return to_digits(value, 6) if isinstance(value, float) else str(value)
