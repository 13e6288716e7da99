"""The picture of the contest for power: orders, elites, institutions, and what the ruler thinks and chooses."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures.style import (
    CATEGORIES,
    Run,
    dates_of,
    in_categories,
    new_figure,
    parts,
    section,
    several,
)
from sim.core.formats import day, number, readable, share
from sim.figures.plot import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    VERMILION,
    has,
    label_ends,
    percent,
    sum_of,
    time_axis,
)
from sim.models.mobilisation import results

CHOICES = (
    ("clear", "clears the streets", VERMILION, "v"),
    ("army", "sends the army", BLACK, "s"),
    ("concede", "concedes", GREEN, "o"),
    ("resign", "resigns", PURPLE, "X"),
    ("flee", "flees", BLUE, "X"),
)
"""What a ruler chooses besides waiting, in words, with its colour and mark."""
LASTING = 3
"""So many of these he can choose again."""
ENDED_BY_HIM = ("resigned", "fled")
"""Roads by which a run ends with his choice; on others somebody else was faster."""
SILENT = "#C8C8C8"
NEEDS = (
    "date", "coercion", "streets_lost", "ruler_survival", "ruler_choice", "police_ordered_", "police_aside_",
    "elites_broken_", "elites_breaking_", "elites_members_",
)  # fmt: skip


def has_contest(run: Run) -> bool:
    """Whether the run has orders, elites and a ruler who chooses."""
    return len(run.days) > 0 and has(run.days, *NEEDS)


def seats(run: Run) -> pd.DataFrame:
    """Return the share of seats of each institution that stand by the ruler; no column without institutions."""
    return parts(run.days, "shield_")


def draw_contest(run: Run) -> Figure:
    """Draw orders and streets, breaks by kind of elite, seats for the ruler, and his estimate with his choices."""
    dates, institutions = dates_of(run), seats(run)
    draws = [_orders, _breaks, *([_seats] if len(institutions.columns) else []), _ruler]
    figure = new_figure(2.15 * len(draws) + 0.3)
    axes = figure.subplots(len(draws), 1, squeeze=False)[:, 0]
    for axis, draw in zip(axes, draws, strict=True):
        draw(axis, run, dates)
    return figure


def _orders(axis: Axes, run: Run, dates: pd.Series) -> None:
    lines = (("coercion", BLUE), ("streets_lost", VERMILION))
    axis.set_ylim(0, 1.02)
    for name, colour in lines:
        axis.plot(dates, run.days[name], color=colour)
    axis.set_title("Orders against crowds that are obeyed, and the capital's streets", fontsize=9.5)
    _limit(axis, run, "coercion_floor")
    _finish(axis, run, dates, [(name, colour) for name, colour in lines])


def _breaks(axis: Axes, run: Run, dates: pd.Series) -> None:
    everyone = sum_of(run.days, "elites_members_").clip(lower=1)
    public, colours = in_categories(parts(run.days, "elites_broken_").div(everyone, axis=0))
    silent = sum_of(run.days, "elites_breaking_") / everyone
    axis.stackplot(dates, *(public[name] for name in public), silent, colors=[*colours, SILENT], linewidth=0)
    axis.set_title("Elites who have broken with the ruler: in public by kind, in private in grey", fontsize=9.5)
    top = float((public.sum(axis=1) + silent).max())
    axis.set_ylim(0, max(0.05, 1.08 * top))
    percent(axis)
    time_axis(axis, dates)
    last = [*public.iloc[-1].tolist(), float(silent.iloc[-1])]
    middles = np.cumsum(last) - np.array(last) / 2
    names = [*(readable(str(name)) for name in public), "in private"]
    ends = [
        (float(at), name, colour)
        for at, name, colour, size in zip(middles, names, [*colours, SILENT], last, strict=True)
        if size > 0.0
    ]
    if ends:
        label_ends(axis, ends, squares=True)
    if top == 0.0:
        axis.text(0.5, 0.5, "nobody has broken with him", transform=axis.transAxes, ha="center", color=GREY)


def _seats(axis: Axes, run: Run, dates: pd.Series) -> None:
    table = seats(run)
    axis.set_ylim(0, 1.04)
    ends = []
    # Institutions often lose seats together: who is drawn first is wider, and is seen beside the lines upon it.
    widths = 1.4 + 1.1 * np.arange(len(table.columns))[::-1]
    for (name, values), colour, width in zip(table.items(), CATEGORIES, widths, strict=False):
        axis.plot(dates, values, color=colour, linewidth=width, solid_capstyle="butt", clip_on=False)
        ends.append((float(values.iloc[-1]), readable(str(name)), colour))
        acted = run.days.get(f"acted_{name}")
        if acted is not None and acted.any():
            at = int(acted.to_numpy().argmax())
            axis.plot(dates.iloc[at], values.iloc[at], "D", color=colour, markersize=7, markeredgecolor="white")
    axis.set_title("Seats that stand by the ruler (diamond: the institution acts against him)", fontsize=9.5)
    percent(axis)
    time_axis(axis, dates)
    label_ends(axis, ends, squares=True)


def _ruler(axis: Axes, run: Run, dates: pd.Series) -> None:
    chance, choice = run.days["ruler_survival"], run.days["ruler_choice"].astype(str)
    axis.set_ylim(0, 1.04)
    axis.plot(dates, chance, color=INK)
    for name, words, colour, mark in CHOICES:
        chosen = (choice == name).to_numpy()
        if chosen.any():
            axis.plot(dates[chosen], chance[chosen], mark, color=colour, markersize=5, label=words, linestyle="")
    given = run.days["concession"]
    if given.any():
        axis.plot(dates, given, color=GREEN, linestyle="--", linewidth=1.2)
    axis.set_title("The ruler's estimate of his chance to stay, and what he chooses", fontsize=9.5)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(loc="center left", ncols=3, handletextpad=0.1)
    _finish(axis, run, dates, [("ruler_survival", INK), *([("concession", GREEN)] if given.any() else [])])


def _limit(axis: Axes, run: Run, name: str) -> None:
    """Draw the limit below which a pillar fails, if the scenario has it."""
    limit = section(run, "outcome", name)
    if limit is not None:
        axis.axhline(float(limit), color=ORANGE, linewidth=0.9, linestyle=":")


def _finish(axis: Axes, run: Run, dates: pd.Series, lines: list[tuple[str, str]]) -> None:
    percent(axis)
    time_axis(axis, dates)
    ends = [(float(run.days[name].iloc[-1]), results.column(name).brief, colour) for name, colour in lines]
    label_ends(axis, ends)


def contest_caption(run: Run) -> str:
    """Say when fewest obeyed, how far streets and elites were lost, and what the ruler chose how often."""
    days, dates = run.days, dates_of(run)
    low, lost = int(days["coercion"].to_numpy().argmin()), int(days["streets_lost"].to_numpy().argmax())
    ordered, aside = sum_of(days, "police_ordered_"), sum_of(days, "police_aside_")
    words = [
        f"Of the force that was ordered against crowds, least was obeyed on {day(dates.iloc[low])} "
        f"({share(days['coercion'].iloc[low])}; dotted: below it coercion fails); the capital's streets were lost "
        f"furthest on {day(dates.iloc[lost])} ({share(days['streets_lost'].iloc[lost])})."
    ]
    most = int(aside.to_numpy().argmax())
    if aside.iloc[most] > 0:
        words.append(
            f"Most officers stood aside on {day(dates.iloc[most])}: {number(aside.iloc[most])} of "
            f"{number(ordered.iloc[most])} ordered out."
        )
    everyone = sum_of(days, "elites_members_").clip(lower=1)
    public, private = sum_of(days, "elites_broken_") / everyone, sum_of(days, "elites_breaking_") / everyone
    words.append(
        f"At the end {share(public.iloc[-1])} of the elites have broken with the ruler in public and "
        f"{share(private.iloc[-1])} in private alone."
    )
    counts = [(text, int((days["ruler_choice"].astype(str) == name).sum())) for name, text, _, _ in CHOICES]
    told = [f"{text} on {several(count, 'day')}" for text, count in counts[:LASTING] if count]
    what = f"The ruler {', '.join(told)}" if told else "The ruler waits"
    gone = next((f" and {text}" for text, count in counts[LASTING:] if count), "")
    if gone and run.outcome.road not in ENDED_BY_HIM:
        gone = " and would give up, had others not acted on that day"
    words.append(f"{what}; on the last day he gives himself {share(days['ruler_survival'].iloc[-1])}{gone}.")
    return " ".join(words)
