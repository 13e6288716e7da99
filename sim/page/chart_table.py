"""The table of charts: what each needs, what it draws, and what its differences between two runs are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.figures.smooth import weekly_mean
from sim.models import epstein_2002_results, moro_2016_results
from sim.models.mobilisation.results import column as declared
from sim.models.results import Declarations, Result, capital
from sim.page.charts import Timeline, draw, legend
from sim.page.scales import Axis, Line

Series = Mapping[str, NDArray[Any]]
"""National columns by name, an entry a step, all of the same length."""

# Okabe and Ito's palette, as in all pictures of the project: told apart with any common colour blindness.
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, BLACK, GREY = "#0072B2", "#D55E00", "#CC79A7", "#222222", "#8A8A8A"
MANY = (BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE, YELLOW)
REST = "#BDBDBD"
GRID = Declarations((*epstein_2002_results.COLUMNS, *epstein_2002_results.GROUP_COLUMNS))
"""Columns of models on a grid."""
REVOLUTION = Declarations(moro_2016_results.COLUMNS)
"""Columns of the model of violent revolutions."""
CLEAVAGES = (("class", BLACK), ("age", ORANGE), ("camp", VERMILION), ("settlement", BLUE), ("region", GREEN))


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


def _line(
    series: Series,
    name: str,
    colour: str,
    how: str = "line",
    right: bool = False,
    peak: bool = False,
    known: Declarations | None = None,
) -> Line:
    """Return a daily column as a line, under its short label; the flagship's unless `known` are another model's."""
    label = (declared(name) if known is None else known[name]).brief + (" (right)" if right else "")
    return Line(label, colour, column(series, name), how, right=right, peak=peak)


def _axis(name: str, whole: bool = True) -> Axis:
    """Return the axis of a daily column: its unit, and shares in per cent, up to all of it if `whole`."""
    one = declared(name)
    return Axis(one.axis, "percent", 0.0, 1.0 if whole else None) if one.is_fraction else Axis(one.axis)


def _turnout(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "attending", BLUE, "area", peak=True),
            _line(series, "detained_today", VERMILION, "bars", right=True),
        ),
        _axis("attending"),
        Axis(declared("detained_today").brief),
    )


def _roles(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "protesting", BLUE),
            _line(series, "engaged", SKY),
            _line(series, "in_detention", VERMILION),
            _line(series, "exiled", PURPLE, "dashed"),
            _line(series, "died", BLACK, "dashed"),
        ),
        _axis("protesting"),
    )


def _emotions(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "anger", VERMILION),
            _line(series, "fear", PURPLE),
            _line(series, "fatigue", GREY, "dashed"),
            _line(series, "commitment", GREEN),
        ),
        Axis("standard deviations"),
    )


def _police(series: Series) -> Drawing:
    shirking, defected, loyal = (declared(f"police_{name}_*").brief for name in ("shirking", "defected", "loyal"))
    return Drawing(
        (
            Line(shirking, ORANGE, police_share(series, "shirking"), "area"),
            Line(defected, PURPLE, police_share(series, "defected"), "area"),
            Line(f"{loyal} (right)", BLUE, police_share(series, "loyal"), right=True),
        ),
        Axis("share of officers", "percent", reach=0.04),
        Axis(loyal, "percent", 0.0, 1.0),
    )


def _elites(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "elite_public", BLACK),
            _line(series, "elite_private", ORANGE, "dashed"),
            _line(series, "legitimacy", BLUE),
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


def _coalition(series: Series) -> Drawing:
    one = declared("coalition_breadth")
    breadth = Line(f"{one.brief}, mean of a week (right)", BLACK, weekly_mean(column(series, one.name)), right=True)
    return Drawing((*_stack(series, "attending_class_"), breadth), _axis("attending"), _axis(one.name))


def _breadth(series: Series) -> Drawing:
    return Drawing(
        tuple(
            Line(declared(name).brief, colour, weekly_mean(column(series, name)))
            for name, colour in ((f"breadth_{cleavage}", colour) for cleavage, colour in CLEAVAGES)
        ),
        Axis(f"{declared('coalition_breadth').brief}, mean of a week", "percent", 0.0, 1.0),
    )


def _strikes(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "striking", GREEN, "area", peak=True),
            _line(series, "treasury", BLACK, right=True),
        ),
        _axis("striking"),
        _axis("treasury"),
    )


def _tactics(series: Series) -> Drawing:
    return Drawing(_stack(series, "attending_tactic_"), _axis("attending"))


def _regime(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "aggression", VERMILION),
            _line(series, "shutdown", BLACK, "area"),
            _line(series, "concession", GREEN),
            _line(series, "patron", ORANGE, "dashed"),
        ),
        _axis("aggression"),
    )


def _contest(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "coercion", BLUE),
            _line(series, "streets_lost", VERMILION, "area"),
            Line("stood aside today, of those ordered", GREY, aside_share(series), "dashed"),
        ),
        _axis("coercion"),
    )


def aside_share(series: Series) -> NDArray[np.float64]:
    """Return the share of the officers ordered against crowds today who stood aside; 0 where none were."""
    ordered, aside = total(series, "police_ordered_"), total(series, "police_aside_")
    return np.divide(aside, ordered, out=np.zeros_like(ordered), where=ordered > 0)


def _breaks(series: Series) -> Drawing:
    everyone = np.maximum(total(series, "elites_members_"), 1.0)
    public = [replace(line, values=line.values / everyone) for line in _stack(series, "elites_broken_")]
    silent = Line("in private alone", REST, total(series, "elites_breaking_") / everyone, "stack")
    return Drawing((*public, silent), Axis("share of the elites", "percent", reach=0.04))


def _seats(series: Series) -> Drawing:
    names = [name for name in series if name.startswith("shield_")]
    lines = [
        Line(name.removeprefix("shield_").replace("_", " "), colour, column(series, name))
        for name, colour in zip(names, MANY, strict=False)
    ]
    return Drawing(tuple(lines), Axis("share of seats", "percent", 0.0, 1.0))


def _ruler(series: Series) -> Drawing:
    choice = np.asarray(series["ruler_choice"]).astype(str)
    marks = (("clear", "clears the streets", VERMILION, 0.12), ("army", "sends the army", BLACK, 0.18),
             ("concede", "concedes", GREEN, 0.08))  # fmt: skip
    bars = [
        Line(words, colour, np.where(choice == name, height, 0.0), "bars")
        for name, words, colour, height in marks
        if (choice == name).any()
    ]
    return Drawing(
        (
            _line(series, "ruler_survival", BLACK),
            _line(series, "concession", GREEN, "dashed"),
            *bars,
        ),
        _axis("ruler_survival"),
    )


def plain(results: Sequence[Result]) -> tuple[Chart, ...]:
    """Return charts of columns that have none by name: one a unit, or more where colours would not suffice."""
    by_axis: dict[str, list[Result]] = {}
    for one in results:
        if one.is_number:
            by_axis.setdefault(one.axis, []).append(one)
    return tuple(
        _plain(axis, members[first : first + len(MANY)])
        for axis, members in by_axis.items()
        for first in range(0, len(members), len(MANY))
    )


def _plain(axis: str, members: Sequence[Result]) -> Chart:
    first = members[0]

    def lay_out(series: Series) -> Drawing:
        how = "area" if len(members) == 1 else "line"
        lines = [
            Line(one.brief, colour, column(series, one.name), how) for one, colour in zip(members, MANY, strict=False)
        ]
        form, high = ("percent", 1.0) if first.is_fraction else ("number", None)
        return Drawing(tuple(lines), Axis(axis, form, 0.0, high))

    title, note = (first.title, first.meaning) if len(members) == 1 else (capital(axis), "")
    return Chart(f"plain-{first.name}", title, note, tuple(one.name for one in members), lay_out)


def _states(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "quiet", SKY, known=GRID),
            _line(series, "active", VERMILION, "area", peak=True, known=GRID),
            _line(series, "jailed", BLACK, known=GRID),
        ),
        Axis("citizens"),
    )


def _rebellion(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "active", VERMILION, "area", peak=True, known=GRID),
            _line(series, "arrested", BLACK, "bars", right=True, known=GRID),
        ),
        Axis("citizens"),
        Axis("arrested"),
    )


def _force(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "legitimacy", BLUE, known=GRID),
            _line(series, "cops", BLACK, right=True, known=GRID),
        ),
        Axis("legitimacy", "percent", 0.0, 1.0),
        Axis("cops"),
    )


def _groups(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "first_group", BLUE, known=GRID),
            _line(series, "second_group", GREEN, known=GRID),
            _line(series, "killed", VERMILION, "bars", right=True, known=GRID),
        ),
        Axis("citizens"),
        Axis("killed"),
    )


def _sides(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "policemen", BLUE, known=REVOLUTION),
            _line(series, "revolutionaries", VERMILION, known=REVOLUTION),
            _line(series, "fighting", PURPLE, "area", known=REVOLUTION),
        ),
        Axis("persons"),
    )


def _toll(series: Series) -> Drawing:
    return Drawing(
        (
            _line(series, "policemen_killed", BLUE, known=REVOLUTION),
            _line(series, "revolutionaries_killed", VERMILION, known=REVOLUTION),
        ),
        Axis("killed"),
    )


CHARTS: tuple[Chart, ...] = (
    Chart("turnout", "Turnout and detentions", "Persons in action and persons detained, a day.",
          ("attending", "detained_today"), _turnout),
    Chart("roles", "Who acts", "What citizens are that day; the others stand by.", ("protesting", "engaged"), _roles),
    Chart("regime", "What the regime does", "0% is nothing, 100% all that it can.", ("aggression",), _regime),
    Chart("contest", "Orders and streets", "What was obeyed of the force ordered lately, and how far the capital's "
          "streets are lost.", ("coercion", "streets_lost", "police_ordered_"), _contest),
    Chart("ruler", "The ruler", "How he sees his chance to stay, from what is public. Bars mark the days on which he "
          "chooses something.", ("ruler_survival", "ruler_choice", "concession"), _ruler),
    Chart("breaks", "Elites who have broken", "Who has broken with the ruler in public, by kind, and in private.",
          ("elites_broken_", "elites_breaking_", "elites_members_"), _breaks),
    Chart("seats", "Who sits where", "Seats whose holders have not broken with him, not even in private.",
          ("shield_",), _seats),
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
    Chart("states", "Quiet, active, jailed", "Citizens at the end of each step.", ("quiet", "active", "jailed"),
          _states),
    Chart("rebellion", "Rebellion and arrests", "Active citizens at the end of each step, and arrests during it.",
          ("active", "arrested"), _rebellion),
    Chart("force", "Legitimacy and cops", "What the scenario says of the central authority, step by step.",
          ("legitimacy", "cops", "arrested"), _force),
    Chart("groups", "The two groups", "Members alive at the end of each step, and who was killed during it.",
          ("first_group", "second_group", "killed"), _groups),
    Chart("sides", "Policemen and revolutionaries", "Alive at the end of each step, and revolutionaries who fight.",
          ("policemen", "revolutionaries", "fighting"), _sides),
    Chart("toll", "Killed on both sides", "Policemen and revolutionaries killed in each step.",
          ("policemen_killed", "revolutionaries_killed"), _toll),
)  # fmt: skip

DIFFERENCES = ("attending", "detained_today", "striking", "legitimacy", "elite_public")
"""Daily columns that are subtracted when two runs are compared; and the share of police that is loyal."""


def _has(series: Series, needs: Sequence[str]) -> bool:
    return all(
        any(name.startswith(need) for name in series) if need.endswith("_") else need in series for need in needs
    )


def possible(series: Series, results: Sequence[Result] = ()) -> tuple[Chart, ...]:
    """Return the charts that a run has the columns for; `results` are those that its model declares.

    Of the flagship's many columns those are drawn that a chart was made for, of any other model's all.
    """
    found = tuple(chart for chart in CHARTS if _has(series, chart.needs))
    if _flagship(series):
        return found
    shown = {name for chart in found for name in chart.needs}
    others = plain([one for one in results if one.name not in shown])
    return found + tuple(chart for chart in others if _has(series, chart.needs))


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


def differences(first: Series, second: Series, timeline: Timeline, results: Sequence[Result] = ()) -> tuple[Drawn, ...]:
    """Draw second minus first, for each quantity that both runs have, over the days that both have done."""
    known = [declared(name) for name in DIFFERENCES] if _flagship(first) else results
    shown = [one for one in known if one.is_number and one.name in first and one.name in second]
    found = [
        _difference(one.key, one.title, _of(one), column(first, one.name), column(second, one.name), timeline)
        for one in shown
    ]
    if all(_has(series, ("police_loyal_",)) for series in (first, second)):
        one, two = (police_share(series, "loyal") for series in (first, second))
        title, axis = capital(declared("police_loyal_*").label), Axis("share of officers", "percent")
        found.append(_difference("police_loyal", title, axis, one, two, timeline))
    return tuple(found)


def _flagship(series: Series) -> bool:
    """Whether these are columns of the flagship; other models may share one of them, such as legitimacy."""
    return all(name in series for name in DIFFERENCES)


def _of(one: Result) -> Axis:
    return Axis(one.axis, "percent" if one.is_fraction else "number")


def _difference(
    name: str, title: str, axis: Axis, one: NDArray[np.float64], two: NDArray[np.float64], timeline: Timeline
) -> Drawn:
    days = min(one.size, two.size)
    lines = (Line("B minus A", PURPLE, two[:days] - one[:days], "area"),)
    return Drawn(f"difference-{name}", title, "", draw(f"{title}: B minus A", lines, timeline, axis), legend(lines))
