"""Pictures of spread and of work: in how many places people act; strikes by class and by place."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures.style import (
    Run,
    dates_of,
    in_categories,
    new_figure,
    parts,
    peak,
    section,
    weekly_mean,
)
from sim.core.formats import day, number, readable, share
from sim.figures.plot import (
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
from sim.models.mobilisation.results import column, numbers

MOST_PLACES = 10


def has_spread(run: Run) -> bool:
    """Whether people acted anywhere, and the spread is recorded."""
    needs = ("date", "attending", "effective_localities", "coverage", "dispersion")
    return has(run.days, *needs) and bool(run.days["effective_localities"].any())


def draw_spread(run: Run) -> Figure:
    """Draw the effective number of localities, and below coverage and dispersion."""
    days, dates = run.days, dates_of(run)
    figure = new_figure(3.6)
    upper, lower = figure.subplots(2, 1)
    _with_mean(upper, dates, days["effective_localities"], BLUE)
    upper.set_ylabel("effective number\nof localities")
    upper.set_ylim(bottom=0)
    thousands(upper)
    lines = (("coverage", GREEN), ("dispersion", ORANGE))
    for name, colour in lines:
        _with_mean(lower, dates, days[name], colour)
    lower.set_ylabel("share")
    lower.set_ylim(0, 1.02)
    percent(lower)
    for axis in (upper, lower):
        time_axis(axis, dates)
    upper.tick_params(labelbottom=False)
    upper.xaxis.get_offset_text().set_visible(False)
    ends = [(float(weekly_mean(days[name]).iloc[-1]), column(name).brief, colour) for name, colour in lines]
    label_ends(lower, ends)
    return figure


def _with_mean(axis: Axes, dates: pd.Series, values: pd.Series, colour: str) -> None:
    """Draw the days thin and pale, their mean over a week strong."""
    axis.plot(dates, values, color=colour, linewidth=0.7, alpha=0.45)
    axis.plot(dates, weekly_mean(values), color=colour)


def spread_caption(run: Run) -> str:
    """Say how many places a day's action amounts to at most, and what coverage and dispersion are."""
    days, dates = run.days, dates_of(run)
    most, widest = (int(days[name].to_numpy().argmax()) for name in ("effective_localities", "coverage"))
    on_peak = int(days["attending"].to_numpy().argmax())
    return (
        f"Action is spread as over at most {days['effective_localities'].iloc[most]:.1f} localities with equal crowds "
        f"({day(dates.iloc[most])}); on the day of the largest turnout it is "
        f"{days['effective_localities'].iloc[on_peak]:.1f}. Coverage, the share of the population living where people "
        f"act in numbers, reaches {share(days['coverage'].iloc[widest])} on {day(dates.iloc[widest])}. Dispersion is "
        "the chance that two people in action are in different localities. Thin: days; strong: means of seven days."
    )


def has_strikes(run: Run) -> bool:
    """Whether anybody was ever on strike, and by class."""
    return has(run.days, "date", "striking", "striking_class_", "output_lost") and bool(run.days["striking"].any())


def draw_strikes(run: Run) -> Figure:
    """Draw strikers by class; below what of the revenue they stop, and workplaces out or getting ready."""
    days, dates = run.days, dates_of(run)
    figure = new_figure(4.6)
    upper, lower = np.asarray(figure.subfigures(2, 1, height_ratios=[1.5, 1]))
    _by_class(upper.subplots(), days, dates)
    left, right = lower.subplots(1, 2)
    _distance(left, run, days["output_lost"], dates)
    _workplaces(right, days, dates)
    return figure


def _by_class(axis: Axes, days: pd.DataFrame, dates: pd.Series) -> None:
    table = parts(days, "striking_class_")
    kept, colours = in_categories(table.loc[:, table.max() > 0])
    axis.stackplot(dates, *(kept[name] for name in kept), colors=colours, linewidth=0)
    axis.set_ylim(bottom=0)
    axis.set_ylabel("persons on strike")
    thousands(axis)
    time_axis(axis, dates)
    last = kept.iloc[-1].to_numpy()
    names = [readable(str(name)) for name in kept]
    middles = (last.cumsum() - last / 2).tolist()
    label_ends(axis, list(zip(middles, names, colours, strict=True)), squares=True)


def _distance(axis: Axes, run: Run, lost: pd.Series, dates: pd.Series) -> None:
    axis.fill_between(dates, lost, color=VERMILION, alpha=0.3, linewidth=0)
    axis.plot(dates, lost, color=VERMILION, linewidth=1.2)
    general = section(run, "outcome", "general_strike")
    if general is not None:
        axis.axhline(general, color=GREY, linestyle="--", linewidth=0.9)
        axis.annotate(
            "general strike", (dates.iloc[0], general), xytext=(2, -3), textcoords="offset points", va="top",
            fontsize=8, color=GREY,
        )  # fmt: skip
    axis.set_ylim(0, 1.1 * max(general or 0.0, float(lost.max()), 0.01))
    axis.set_title("revenue of the state lost", fontsize=9.5)
    percent(axis)
    time_axis(axis, dates, most=4)


def _workplaces(axis: Axes, days: pd.DataFrame, dates: pd.Series) -> None:
    shown = (("initiative_groups", GREY, "--"), ("workplaces_out", GREEN, "-"))
    for name, colour, style in shown:
        if name in days and days[name].any():
            axis.plot(dates, days[name], color=colour, linestyle=style, linewidth=1.2, label=column(name).brief)
    axis.set_title("workplaces", fontsize=9.5)
    axis.set_ylim(bottom=0)
    thousands(axis)
    time_axis(axis, dates, most=4)
    if axis.lines:
        axis.legend(loc="best", fontsize=8)


def strikes_caption(run: Run) -> str:
    """Say which class strikes most and how far the strikes are from a general one."""
    days = run.days
    when, most = peak(run, "striking")
    total = parts(days, "striking_class_").sum()
    leading = [f"{readable(str(name))} {share(total[name] / total.sum())}" for name in total.index[:3] if total[name]]
    text = (
        f"Most are on strike on {day(when)} ({number(most)} persons). Of all days on strike, {', '.join(leading)}. "
        f"Strikes stop {share(float(days['output_lost'].max()))} of output at most"
    )
    general = section(run, "outcome", "general_strike")
    text += f"; a general strike would be {share(general)}." if general is not None else "."
    if "initiative_groups" in days and days["initiative_groups"].any():
        text += f" At most {number(int(days['initiative_groups'].max()))} workplaces have an initiative group at once."
    return text


def strike_places(run: Run) -> pd.DataFrame:
    """Return the localities with most days on strike, most first.

    Returns
    -------
    DataFrame
        Columns locality (str), days (person-days on strike), share (of all of them, 0..1) and most (persons on
        strike on one day); at most `MOST_PLACES` rows, none where nobody was on strike.
    """
    names = run.localities["locality"].astype(str)
    by_place = run.localities.groupby(names)["striking"].agg(["sum", "max"])
    by_place = by_place[by_place["sum"] > 0].sort_values("sum", ascending=False, kind="stable")
    table = by_place.rename(columns={"sum": "days", "max": "most"}).rename_axis("locality")
    table["share"] = table["days"] / max(1, int(table["days"].sum()))
    return table.head(MOST_PLACES).reset_index()


def has_strike_places(run: Run) -> bool:
    """Whether it is recorded where people were on strike, in more than one place."""
    return (
        has(run.days, "date", "striking")
        and has(run.localities, "locality", "striking")
        and len(strike_places(run)) > 1
    )


def draw_strike_places(run: Run) -> Figure:
    """Draw a bar a locality: its person-days on strike."""
    table = strike_places(run).iloc[::-1]
    figure = new_figure(0.2 * len(table) + 0.7)
    axis = figure.subplots()
    axis.barh(table["locality"], table["days"], color=COLOURS["striking"], height=0.7)
    for at, part in enumerate(table["share"]):
        axis.annotate(
            share(part), (table["days"].iloc[at], at), xytext=(4, 0), textcoords="offset points", va="center",
            fontsize=8,
        )  # fmt: skip
    axis.set_xlim(0, 1.1 * float(table["days"].max()))
    axis.set_xlabel(numbers()["strike_person_days"].label)
    axis.xaxis.set_major_formatter(lambda value, _: number(value))
    axis.grid(False, axis="y")
    axis.grid(True, axis="x")
    axis.tick_params(axis="y", labelsize=8.5)
    return figure


def strike_places_caption(run: Run) -> str:
    """Say where strikes are concentrated."""
    table = strike_places(run)
    first = table.iloc[0]
    return (
        f"Where those on strike live: {share(first['share'])} of all days on strike in {first['locality']}, where at "
        f"most {number(int(first['most']))} persons are out at once, and {share(float(table['share'].sum()))} in the "
        f"{number(len(table))} localities shown."
    )
