"""Pictures of who takes part: groups in action against the population, breadth by cleavage, helpers who cross over."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures.style import (
    Run,
    dates_of,
    new_figure,
    parts,
    section,
    weekly,
    weekly_mean,
)
from sim.core.formats import day, number, readable, share
from sim.figures.plot import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    ORANGE,
    VERMILION,
    has,
    label_ends,
    percent,
    thousands,
    time_axis,
)
from sim.models.mobilisation import results, summary

CLEAVAGES = {"class": BLACK, "age": ORANGE, "camp": VERMILION, "settlement": BLUE, "region": GREEN}


def population_shares(run: Run) -> dict[str, dict[str, float]]:
    """Return the share of the population (0..1) of each group of each cleavage, named as in the daily columns.

    Empty for a scenario without people.
    """
    classes, camps = section(run, "people", "classes"), section(run, "people", "camps")
    places = section(run, "places", "localities")
    if not classes or not camps or not places:
        return {}
    found: dict[str, dict[str, float]] = {name: {} for name in CLEAVAGES}
    for name, kind in classes.items():
        _add(found["class"], name, kind.share)
        for age, part in kind.ages.items():
            _add(found["age"], age, kind.share * part)
    for name, camp in camps.items():
        for age, part in camp.shares.items():
            _add(found["camp"], name, part * found["age"].get(age, 0.0))
    everyone = sum(place.population for place in places.values())
    for place in places.values():
        _add(found["settlement"], place.settlement, place.population / everyone)
        _add(found["region"], place.region, place.population / everyone)
    return found


def _add(groups: dict[str, float], name: str, part: float) -> None:
    key = name.replace(" ", "_")
    groups[key] = groups.get(key, 0.0) + part


def composition(run: Run) -> dict[str, pd.DataFrame]:
    """Return for each cleavage a row a group: its share of all days of action, and of the population (both 0..1).

    Groups that never act are kept: that nobody of them comes is what there is to see. Empty if nobody ever acts.
    """
    found = {}
    for cleavage, shares in population_shares(run).items():
        persons = parts(run.days, f"attending_{cleavage}_").sum()
        if persons.sum() == 0:
            continue
        table = pd.DataFrame({"acting": persons / persons.sum(), "population": pd.Series(shares)}).fillna(0.0)
        table = table[table.max(axis=1) > 0]
        found[cleavage] = table.sort_values("population", kind="stable")
    return found


def has_composition(run: Run) -> bool:
    """Whether anybody acts, and the groups are known."""
    return bool(composition(run))


def draw_composition(run: Run) -> Figure:
    """Draw two dots a group: hollow its share of the population, full its share of all days of action."""
    tables = composition(run)
    columns = [[name for name in tables if name == "class"], [name for name in tables if name != "class"]]
    columns = [column for column in columns if column]
    rows = max(sum(len(tables[name]) + 1.6 for name in column) for column in columns)
    figure = new_figure(0.19 * rows + 0.7)
    sides = np.atleast_1d(np.asarray(figure.subfigures(1, len(columns))))
    top = 1.08 * max(table.to_numpy().max() for table in tables.values())
    for side, column in zip(sides, columns, strict=True):
        heights = [len(tables[name]) + 1.6 for name in column]
        axes = side.subplots(len(column), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
        for axis, name in zip(axes, column, strict=True):
            _dots(axis, tables[name], name, top)
        axes[-1].set_xlabel("share")
    handles, names = sides[0].axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper right", ncols=2, borderpad=0.1)
    return figure


def _dots(axis: Axes, table: pd.DataFrame, cleavage: str, top: float) -> None:
    heights = np.arange(len(table))
    axis.hlines(heights, table["population"], table["acting"], color=GREY, linewidth=0.8, zorder=1)
    axis.plot(table["population"], heights, "o", color=GREY, markerfacecolor="white", label="of the population")
    axis.plot(table["acting"], heights, "o", color=COLOURS["attending"], label="of all days of action")
    axis.set_yticks(heights, [readable(str(name)) for name in table.index], fontsize=8.5)
    axis.set_ylim(-0.7, len(table) - 0.3)
    axis.set_xlim(-0.02 * top, top)
    axis.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
    axis.grid(True, axis="x")
    axis.grid(False, axis="y")
    axis.set_title(cleavage, fontsize=9.5)


def composition_caption(run: Run) -> str:
    """Say which group is most over-represented by each cleavage."""
    words = []
    for cleavage, table in composition(run).items():
        ahead = str((table["acting"] - table["population"]).idxmax())
        acting, people = table["acting"].to_dict()[ahead], table["population"].to_dict()[ahead]
        words.append(
            f"{cleavage}: {readable(ahead)} ({share(acting)} of all days of action, {share(people)} of the population)"
        )
    return (
        "Each group's share of all days of action in the run beside its share of the population; equal dots would "
        f"mean that all take part alike. The group furthest ahead of its share, by {'; by '.join(words)}."
    )


def breadths(run: Run) -> pd.DataFrame:
    """Return the breadth of each cleavage (0..1), a row a day, means of seven days."""
    table = pd.DataFrame({name: run.days[f"breadth_{name}"].astype(float) for name in CLEAVAGES})
    return weekly_mean(table[[name for name in CLEAVAGES if table[name].any()]])


def effective_groups(run: Run) -> pd.DataFrame:
    """Return the effective number of groups of each cleavage, a row a day: exp(H), with H = breadth x ln(groups)."""
    table, groups = breadths(run), {name: len(shares) for name, shares in population_shares(run).items()}
    return pd.DataFrame(
        {name: groups[name] ** table[name] for name in CLEAVAGES if name in table and groups.get(name, 0) > 1}
    )


def days_to_breadth(run: Run) -> tuple[int, int] | None:
    """Return the positions of the first day of mass protest and of the first after it with a broad coalition.

    As the summary's `coalition_days` counts them. None if no day reaches mass turnout.
    """
    if section(run, "outcome", "mass_turnout") is None:
        return None
    days = {name: run.days[name].to_numpy() for name in ("attending", "coalition_breadth")}
    first = summary.first_mass_turnout(days, run.scenario)
    return None if first is None else (first, first + summary.days_to_breadth(days, None, run.scenario))


def draw_breadth(run: Run) -> Figure:
    """Draw the breadth of each cleavage, and below the effective number of groups that it amounts to."""
    dates, table, groups = dates_of(run), breadths(run), effective_groups(run)
    figure = new_figure(4.6 if len(groups.columns) else 2.8)
    axes = figure.subplots(2 if len(groups.columns) else 1, 1, squeeze=False)[:, 0]
    drawn = [(axes[0], table)] + [(axis, groups) for axis in axes[1:]]
    axes[0].set_ylabel("breadth, 7 days")
    axes[0].set_ylim(0, 1.02)
    percent(axes[0])
    for axis in axes[1:]:
        axis.set_ylabel("effective number\nof groups")
        axis.set_ylim(0, 1.08 * max(1.0, float(groups.to_numpy().max())))
        thousands(axis)
    for axis, lines in drawn:
        for name in lines:
            axis.plot(dates, lines[name], color=CLEAVAGES[str(name)], linewidth=1.4)
        time_axis(axis, dates)
        label_ends(axis, [(float(lines[n].iloc[-1]), str(n), CLEAVAGES[str(n)]) for n in lines])
    reached = days_to_breadth(run)
    for at in dict.fromkeys(reached or ()):
        axes[0].axvline(dates.iloc[at], color=GREY, linewidth=0.9, linestyle="--", zorder=0.5)
    return figure


def breadth_caption(run: Run) -> str:
    """Say which cleavage the coalition bridges best and worst, and how fast it became broad."""
    means = breadths(run)[run.days["attending"].to_numpy() > 0].mean().dropna()
    text = "How alike the groups of each cleavage take part (100% all alike, 0% one group only)"
    if len(means) > 1:
        best, worst = str(means.idxmax()), str(means.idxmin())
        text += (
            f": over the days with action the coalition bridges {best} best ({share(means[best])} on average) "
            f"and {worst} least ({share(means[worst])})"
        )
    reached, dates = days_to_breadth(run), dates_of(run)
    if reached is None:
        return f"{text}. No day reaches mass turnout."
    first, broad = reached
    when = f"the first day of mass protest, {day(dates.iloc[first])}"
    if first == broad:
        return f"{text}. On {when} (dashed), the mean breadth is within a tenth of its peak already."
    gap = f"{number(broad - first)} day{'s' * (broad - first != 1)}"
    return f"{text}. Mean breadth comes within a tenth of its peak {gap} after {when} (both dashed)."


def crossings(run: Run) -> pd.DataFrame:
    """Return persons who protest for the first time, week by week: those who had helped before, and the others."""
    table = pd.DataFrame({results.column("crossed_today").brief: run.days["crossed_today"]})
    table["never helped"] = run.days["first_time_today"] - run.days["crossed_today"]
    return weekly(table, dates_of(run))


def draw_crossings(run: Run) -> Figure:
    """Draw newcomers to protest week by week: helpers who crossed over below, the others above."""
    weeks = crossings(run)
    figure = new_figure(2.6)
    axis = figure.subplots()
    half_week = pd.Timedelta(days=3)
    middle = pd.Series(weeks.index) + half_week
    base = pd.Series(0, index=weeks.index)
    for name, colour in zip(weeks, (COLOURS["engaged"], COLOURS["attending"]), strict=True):
        axis.bar(middle, weeks[name], bottom=base, width=6.3, color=colour, linewidth=0, label=name)
        base = base + weeks[name]
    axis.set_ylabel("first protest,\npersons a week")
    figure.legend(loc="outside upper right", ncols=2, borderpad=0.1)  # no corner of the axes is free in a short run
    thousands(axis)
    time_axis(axis, pd.Series([middle.iloc[0] - half_week, middle.iloc[-1] + half_week]))
    return figure


def crossings_caption(run: Run) -> str:
    """Say how many protesters had first helped."""
    crossed, new = int(run.days["crossed_today"].sum()), int(run.days["first_time_today"].sum())
    return (
        f"Of {number(new)} persons who protest for the first time, {number(crossed)} ({share(crossed / new)}) had "
        "helped others to protest before."
    )


def has_crossings(run: Run) -> bool:
    """Whether anybody has crossed over."""
    return has(run.days, "date", "crossed_today", "first_time_today") and bool(run.days["crossed_today"].any())


def has_breadths(run: Run) -> bool:
    """Whether the breadth of any cleavage was ever above 0."""
    columns = [f"breadth_{name}" for name in CLEAVAGES]
    return has(run.days, "date", "coalition_breadth", *columns) and bool((run.days[columns] > 0).to_numpy().any())
