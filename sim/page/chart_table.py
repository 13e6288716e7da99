"""The table of charts: what each needs, what it draws, and what its differences between two runs are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.formats import readable
from sim.page.charts import Timeline, draw, legend
from sim.page.scales import Axis, Line

Series = Mapping[str, NDArray[Any]]
"""National columns by name, an entry a step, all of the same length."""

# Okabe and Ito's palette, as in all pictures of the project: told apart with any common colour blindness.
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, BLACK, GREY = "#0072B2", "#D55E00", "#CC79A7", "#222222", "#8A8A8A"
MANY = (BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE, YELLOW)
REST = "#BDBDBD"
CLEAVAGES = (("class", BLACK), ("age", ORANGE), ("camp", VERMILION), ("settlement", BLUE), ("region", GREEN))

PERSONS, SHARE = Axis("persons"), Axis("share", "percent", 0.0, 1.0)


@dataclass(frozen=True)
class Drawing:
    """Lines and axes of a chart, before it is drawn."""

    lines: tuple[Line, ...]
    left: Axis
    right: Axis | None = None


@dataclass(frozen=True)
class Chart:
    """A row of the table of charts.

    Attributes
    ----------
    name : str
        Also the name of the file that it is saved as.
    title : str
        Written above it.
    note : str
        What the reader must know to read it.
    needs : tuple of str
        Columns, or beginnings of columns where they end in ``_``.
    lay_out : callable (series) -> Drawing
    """

    name: str
    title: str
    note: str
    needs: tuple[str, ...]
    lay_out: Callable[[Series], Drawing]


@dataclass(frozen=True)
class Drawn:
    """A chart as the page shows it: SVG text, and colour, name and manner of each line for the legend."""

    name: str
    title: str
    note: str
    svg: str
    legend: tuple[tuple[str, str, str], ...]


def column(series: Series, name: str) -> NDArray[np.float64]:
    """Return a column as floats; zeros where it is missing."""
    values = series.get(name)
    if values is None:
        length = len(next(iter(series.values()), ()))
        return np.zeros(length)
    return np.asarray(values, dtype=np.float64)


def total(series: Series, prefix: str) -> NDArray[np.float64]:
    """Return the sum over the columns that begin with `prefix`."""
    found = [column(series, name) for name in series if name.startswith(prefix)]
    return np.sum(found, axis=0) if found else column(series, "")


def police_share(series: Series, service: str) -> NDArray[np.float64]:
    """Return the share of all officers in a state of service (``loyal``, ``shirking``, ``defected``)."""
    # Not all columns of police: forms of disloyalty, all forces together, are among them.
    loyal, shirking, defected = (total(series, f"police_{state}_") for state in ("loyal", "shirking", "defected"))
    everyone = loyal + shirking + defected
    return np.divide(total(series, f"police_{service}_"), everyone, out=np.zeros_like(everyone), where=everyone > 0)


def _turnout(series: Series) -> Drawing:
    return Drawing(
        (
            Line("in action", BLUE, column(series, "attending"), "area", peak=True),
            Line("detained that day (right)", VERMILION, column(series, "detained_today"), "bars", right=True),
        ),
        Axis("persons in action"),
        Axis("detained"),
    )


def _roles(series: Series) -> Drawing:
    return Drawing(
        (
            Line("willing to protest", BLUE, column(series, "protesting")),
            Line("engaged: they help", SKY, column(series, "engaged")),
            Line("in detention", VERMILION, column(series, "in_detention")),
            Line("gone: exiled or dead", BLACK, column(series, "exiled"), "dashed"),
        ),
        PERSONS,
    )


def _emotions(series: Series) -> Drawing:
    return Drawing(
        (
            Line("anger", VERMILION, column(series, "anger")),
            Line("fear", PURPLE, column(series, "fear")),
            Line("fatigue", GREY, column(series, "fatigue"), "dashed"),
            Line("commitment", GREEN, column(series, "commitment")),
        ),
        Axis("standard deviations"),
    )


def _police(series: Series) -> Drawing:
    return Drawing(
        (
            Line("shirking: there, not acting", ORANGE, police_share(series, "shirking"), "area"),
            Line("defected", PURPLE, police_share(series, "defected"), "area"),
            Line("loyal (right)", BLUE, police_share(series, "loyal"), right=True),
        ),
        Axis("share of officers", "percent", reach=0.04),
        Axis("loyal", "percent", 0.0, 1.0),
    )


def _elites(series: Series) -> Drawing:
    return Drawing(
        (
            Line("elites, in public", BLACK, column(series, "elite_public")),
            Line("elites, in private", ORANGE, column(series, "elite_private"), "dashed"),
            Line("citizens: legitimacy", BLUE, column(series, "legitimacy")),
        ),
        Axis("share for the regime", "percent", 0.0, 1.0),
    )


def _stack(series: Series, prefix: str) -> tuple[Line, ...]:
    """Largest parts each in a colour, the rest in grey. Which are largest is decided over the whole run."""
    names = [name for name in series if name.startswith(prefix)]
    sums = {name: float(column(series, name).sum()) for name in names}
    ordered = sorted((name for name in names if sums[name] > 0), key=lambda name: -sums[name]) or names[:1]
    shown, rest = ordered[: len(MANY)], ordered[len(MANY) :]
    lines = [
        Line(name.removeprefix(prefix).replace("_", " "), colour, column(series, name), "stack")
        for name, colour in zip(shown, MANY, strict=False)
    ]
    if rest:
        lines.append(Line("all others", REST, np.sum([column(series, name) for name in rest], axis=0), "stack"))
    return tuple(lines)


def _weekly(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the last seven steps, of fewer at the beginning."""
    sums = np.cumsum(np.concatenate([[0.0], values]))
    ends = np.arange(1, values.size + 1)
    starts = np.maximum(ends - 7, 0)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts), dtype=np.float64)


def _coalition(series: Series) -> Drawing:
    breadth = Line("breadth, mean of a week (right)", BLACK, _weekly(column(series, "coalition_breadth")), right=True)
    return Drawing((*_stack(series, "attending_class_"), breadth), PERSONS, Axis("breadth", "percent", 0.0, 1.0))


def _breadth(series: Series) -> Drawing:
    return Drawing(
        tuple(Line(name, colour, _weekly(column(series, f"breadth_{name}"))) for name, colour in CLEAVAGES),
        Axis("breadth, mean of a week", "percent", 0.0, 1.0),
    )


def _strikes(series: Series) -> Drawing:
    return Drawing(
        (
            Line("on strike", GREEN, column(series, "striking"), "area", peak=True),
            Line("reserves of the state (right)", BLACK, column(series, "treasury"), right=True),
        ),
        PERSONS,
        Axis("days of spending"),
    )


def _tactics(series: Series) -> Drawing:
    return Drawing(_stack(series, "attending_tactic_"), PERSONS)


def _regime(series: Series) -> Drawing:
    return Drawing(
        (
            Line("aggression", VERMILION, column(series, "aggression")),
            Line("internet cut", BLACK, column(series, "shutdown"), "area"),
            Line("concession", GREEN, column(series, "concession")),
            Line("patron's backing", ORANGE, column(series, "patron"), "dashed"),
        ),
        SHARE,
    )


def _crowd(series: Series) -> Drawing:
    return Drawing((Line("persons who act", BLUE, column(series, "active"), "area"),), PERSONS)


CHARTS: tuple[Chart, ...] = (
    Chart("turnout", "Turnout and detentions", "Persons in action and persons detained, a day.",
          ("attending", "detained_today"), _turnout),
    Chart("roles", "Who acts", "What citizens are that day; the others stand by.", ("protesting", "engaged"), _roles),
    Chart("regime", "What the regime does", "0% is nothing, 100% all that it can.", ("aggression",), _regime),
    Chart("emotions", "What citizens feel", "Means over all citizens, measured in standard deviations of the "
          "participation threshold.", ("anger", "fear"), _emotions),
    Chart("police", "Police by state", "Shares of all officers. Who shirks is there and quietly does not act.",
          ("police_loyal_",), _police),
    Chart("elites", "Support for the regime", "What elites say in public and think in private, and how legitimate "
          "citizens find the regime.", ("elite_private", "elite_public"), _elites),
    Chart("coalition", "Who comes, by class", "Persons in action. Breadth is 100% where all classes take part alike.",
          ("attending_class_",), _coalition),
    Chart("breadth", "Breadth by cleavage", "100% where all groups take part alike, 0% where one does alone.",
          tuple(f"breadth_{name}" for name, _ in CLEAVAGES), _breadth),
    Chart("strikes", "Strikes and the treasury", "Persons on strike, and how long the reserves would last.",
          ("striking", "treasury"), _strikes),
    Chart("tactics", "Tactics", "Persons in action, by what they do.", ("attending_tactic_",), _tactics),
    Chart("crowd", "Persons who act", "Everybody acts as soon as enough others do.", ("active",), _crowd),
)  # fmt: skip

DIFFERENCES: tuple[tuple[str, str, Axis, Callable[[Series], NDArray[np.float64]]], ...] = (
    ("attending", "Turnout", PERSONS, lambda series: column(series, "attending")),
    ("detained_today", "Detained a day", PERSONS, lambda series: column(series, "detained_today")),
    ("striking", "On strike", PERSONS, lambda series: column(series, "striking")),
    ("legitimacy", "Legitimacy", Axis("share", "percent"), lambda series: column(series, "legitimacy")),
    ("police_loyal_", "Loyal police", Axis("share", "percent"), lambda series: police_share(series, "loyal")),
    ("elite_public", "Elites, in public", Axis("share", "percent"), lambda s: column(s, "elite_public")),
    ("active", "Persons who act", PERSONS, lambda series: column(series, "active")),
)
"""What is subtracted when two runs are compared: column, title, axis, and how the number is made."""


def _has(series: Series, needs: Sequence[str]) -> bool:
    return all(
        any(name.startswith(need) for name in series) if need.endswith("_") else need in series for need in needs
    )


def possible(series: Series) -> tuple[Chart, ...]:
    """Return the charts that a run has the columns for; of a model without a calendar, one for each other number."""
    found = tuple(chart for chart in CHARTS if _has(series, chart.needs))
    if "date" in series or "attending" in series:
        return found
    drawn = {name for chart in found for name in chart.needs} | {"step", "share"}
    return found + tuple(plain(name) for name, values in series.items() if name not in drawn and _is_number(values))


@cache
def plain(name: str) -> Chart:
    """Return the chart of one column of which nothing more is known; the same chart for the same name."""
    return Chart(name, readable(name).capitalize(), "", (name,), partial(_plain, name))


def _plain(name: str, series: Series) -> Drawing:
    return Drawing((Line(readable(name), BLUE, column(series, name), "area"),), Axis(""))


def leading(series: Series) -> str:
    """Return the column that is shown first: turnout, persons who act, or else the first number a step."""
    known = [name for name in ("attending", "active") if name in series]
    others = (name for name, values in series.items() if name != "step" and _is_number(values))
    return known[0] if known else next(others, "step")


def _is_number(values: NDArray[Any]) -> bool:
    return np.asarray(values).dtype.kind in "iufb"


def drawn(chart: Chart, series: Series, timeline: Timeline, beside: Series | None = None) -> Drawn:
    """Draw a chart; with `beside`, on axes that are long enough for that other run, too."""
    drawing = chart.lay_out(series)
    left, right = drawing.left, drawing.right
    if beside is not None:
        other = chart.lay_out(beside)
        left = _common(left, drawing.lines, other.lines, False)
        right = _common(right, drawing.lines, other.lines, True) if right else None
    svg = draw(chart.title, drawing.lines, timeline, left, right)
    return Drawn(chart.name, chart.title, chart.note, svg, legend(drawing.lines))


def _common(axis: Axis, one: Sequence[Line], other: Sequence[Line], right: bool) -> Axis:
    """Give an axis both ends in common for the lines of two runs, unless they are fixed."""
    if axis.high is not None:
        return axis
    tops = [_top([line for line in lines if line.right == right]) for lines in (one, other)]
    lows = [float(np.nanmin(line.values)) for line in (*one, *other) if line.right == right and line.values.size]
    return replace(axis, reach=max(tops), low=min([axis.low or 0.0, *lows]))


def _top(lines: Sequence[Line]) -> float:
    stacked = [line.values for line in lines if line.how == "stack"]
    seen = [line.values for line in lines if line.how != "stack" and line.values.size]
    if stacked and stacked[0].size:
        seen.append(np.sum(stacked, axis=0))
    return max((float(np.nanmax(values)) for values in seen), default=0.0)


def differences(first: Series, second: Series, timeline: Timeline) -> tuple[Drawn, ...]:
    """Draw second minus first, for each quantity that both runs have, over the days that both have done."""
    found = []
    for need, title, axis, quantity in DIFFERENCES:
        if not (_has(first, (need,)) and _has(second, (need,))):
            continue
        one, two = quantity(first), quantity(second)
        days = min(one.size, two.size)
        gap = two[:days] - one[:days]
        lines = (Line("B minus A", PURPLE, gap, "area"),)
        svg = draw(f"{title}: B minus A", lines, timeline, axis)
        found.append(Drawn(f"difference-{need.rstrip('_')}", title, "", svg, legend(lines)))
    return tuple(found)
