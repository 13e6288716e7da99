"""Pictures of the population day by day: turnout with detentions, roles, emotions."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.report.figures.events import MOST_MARKS, key_columns, mark_events, shocks
from analysis.report.figures.style import (
    Run,
    big_day,
    dates_of,
    new_figure,
    of_population,
    peak,
    weekend_bands,
)
from sim.core.formats import day, number, share
from sim.figures.plot import BLUE, COLOURS, INK, label_ends, percent, thousands, time_axis
from sim.models.mobilisation.results import column
from sim.models.mobilisation.schema.scenario import WEEKDAYS

EMOTIONS = ("anger", "fear", "fatigue", "commitment")


def draw_turnout(run: Run) -> Figure:
    """Draw turnout above detentions, if any: the big day of each week dotted, weekends shaded, events numbered."""
    days, dates, found = run.days, dates_of(run), shocks(run)
    key = key_columns(found)
    key_height = 0.165 * (key[0].count("\n") + 1) + 0.1 if key else 0.0
    arrests = days["detained_today"].max() > 0
    heights = [2.6, *([1.3] if arrests else []), max(key_height, 0.01)]
    figure = new_figure(1.0 + sum(heights) - 0.3)
    upper, *below, foot = figure.subplots(len(heights), 1, height_ratios=heights)
    upper.fill_between(dates, days["attending"], color=COLOURS["attending"], alpha=0.18, linewidth=0)
    upper.plot(dates, days["attending"], color=COLOURS["attending"], linewidth=1.5)
    big = (dates.dt.day_of_week == big_day(run)).to_numpy()
    upper.plot(dates[big], days["attending"][big], "o", color=COLOURS["attending"], markersize=3.5)
    upper.set_ylim(bottom=0)
    upper.set_ylabel("persons in action")
    for axis in (upper, *below):
        weekend_bands(axis, run)
        thousands(axis)
    mark_events(upper, found)
    for lower in below:  # there is none where nobody was detained
        lower.bar(dates, days["detained_today"], width=1.0, color=COLOURS["detained"], linewidth=0)
        lower.set_ylabel("detained\nthat day")
        upper.tick_params(labelbottom=False)
        upper.xaxis.get_offset_text().set_visible(False)
        for shock in found if key else ():
            lower.axvline(shock.start, color="#8A8A8A", linewidth=0.7, linestyle=(0, (2, 2)), zorder=0.5)
    foot.axis("off")
    for place, text in enumerate(key):
        foot.text(0.5 * place, 1, text, va="top", fontsize=8, linespacing=1.4, color=INK)
    return figure


def turnout_caption(run: Run) -> str:
    """Say when and how high turnout peaked, how it ended, and how many were detained."""
    marks = f"Weekends are shaded, dots are {WEEKDAYS[big_day(run)].capitalize()}s"
    marks += ", numbers are events of the scenario." if 0 < len(shocks(run)) <= MOST_MARKS else "."
    when, height = peak(run)
    detained_on, most = peak(run, "detained_today")
    if height == 0:
        return f"Nobody was in action on any day, and nobody was detained. {marks}"
    last = float(run.days["attending"].tail(7).max())
    detentions = int(run.days["detained_today"].sum())
    of_one_day = f", most in one day on {day(detained_on)} ({number(most)})" if most else ""
    return (
        f"Turnout peaks on {day(when)} at {number(height)} persons{of_population(run, height)}; in the last "
        f"week of the run the largest day has {number(last)}{of_population(run, last)}. "
        f"{number(detentions)} detentions in all{of_one_day}. {marks}"
    )


def draw_roles(run: Run) -> Figure:
    """Draw protesters, engaged non-protesters and prisoners stacked; strikers and prisoners below."""
    days, dates = run.days, dates_of(run)
    figure = new_figure(4.6)
    upper, lower = figure.subplots(2, 1, height_ratios=[2.2, 1.2])
    stack = [
        ("protesting", COLOURS["protesting"]),
        ("engaged", COLOURS["engaged"]),
        ("in_detention", COLOURS["detained"]),
    ]
    highest = float((days["protesting"] + days["engaged"]).max())
    # A band too thin to see would still need a name; the lower panel shows it on its own scale.
    if "in_detention" not in days or days["in_detention"].max() <= 0.02 * highest:
        stack.pop()
    upper.stackplot(dates, *(days[name] for name, _ in stack), colors=[colour for _, colour in stack], linewidth=0)
    last = np.array([float(days[name].iloc[-1]) for name, _ in stack])
    middles = np.cumsum(last) - last / 2
    upper.set_ylabel(column("protesting").axis)
    upper.set_ylim(bottom=0)
    below = [
        ("striking", COLOURS["striking"]),
        ("in_detention", COLOURS["detained"]),
        ("exiled", COLOURS["defected"]),
        ("died", INK),
    ]
    below = [row for row in below if row[0] in days and days[row[0]].max() > 0]
    for name, colour in below:
        lower.plot(dates, days[name], color=colour)
    lower.set_ylabel(column("striking").axis)
    lower.set_ylim(bottom=0)
    for axis in (upper, lower):
        thousands(axis)
        time_axis(axis, dates)
    upper.tick_params(labelbottom=False)
    upper.xaxis.get_offset_text().set_visible(False)
    label_ends(upper, [(y, column(name).brief, ink) for y, (name, ink) in zip(middles, stack, strict=True)])
    label_ends(lower, [(float(days[name].iloc[-1]), column(name).brief, ink) for name, ink in below])
    return figure


def roles_caption(run: Run) -> str:
    """Say how large each role grew."""
    when, height = peak(run, "protesting")
    engaged_on, engaged = peak(run, "engaged")
    if height == 0:
        text = "Nobody was willing to protest on any day"
        text += f"; at most {number(engaged)} were engaged ({day(engaged_on)})." if engaged else ", and nobody helped."
        return text + " Bystanders, the rest, are left out."
    text = (
        f"At most {number(height)} persons are willing to protest on one day{of_population(run, height)} "
        f"({day(when)}), and {number(engaged)} are engaged without protesting{of_population(run, engaged)} "
        f"({day(engaged_on)}). Bystanders, the rest, are left out because they would dwarf these."
    )
    if "striking" in run.days and run.days["striking"].max() > 0:
        struck_on, struck = peak(run, "striking")
        text += (
            f" Strikes, drawn below because strikers can have any role, peak at {number(struck)} persons "
            f"({day(struck_on)})."
        )
    return text


def draw_emotions(run: Run) -> Figure:
    """Draw mean anger, fear, fatigue and commitment, and legitimacy below."""
    days, dates = run.days, dates_of(run)
    figure = new_figure(4.4)
    upper, lower = figure.subplots(2, 1, height_ratios=[2, 1.2])
    ends = []
    for name in (name for name in EMOTIONS if name in days):
        upper.plot(dates, days[name], color=COLOURS[name])
        ends.append((float(days[name].iloc[-1]), column(name).brief, COLOURS[name]))
    upper.set_ylabel("mean, in SD of\nthe threshold to protest")
    upper.set_ylim(bottom=min(0.0, upper.get_ylim()[0]))
    lower.plot(dates, days["legitimacy"], color=BLUE)
    lower.set_ylabel("mean legitimacy")
    lower.set_ylim(0, max(0.5, 1.1 * days["legitimacy"].max()))
    percent(lower)
    for axis in (upper, lower):
        weekend_bands(axis, run)
    upper.tick_params(labelbottom=False)
    upper.xaxis.get_offset_text().set_visible(False)
    label_ends(upper, ends)
    label_ends(lower, [(float(days["legitimacy"].iloc[-1]), column("legitimacy").brief, BLUE)])
    return figure


def emotions_caption(run: Run) -> str:
    """Say when anger and fear peaked and what happened to legitimacy."""
    days, dates = run.days, dates_of(run)
    words = []
    for name in ("anger", "fear"):
        at = int(days[name].to_numpy().argmax())
        height = f"{days[name].iloc[at]:.2f}"
        words.append(f"{name} at {height} SD on {day(dates.iloc[at])}" if float(height) else f"no {name} on any day")
    first, last = days["legitimacy"].iloc[0], days["legitimacy"].iloc[-1]
    verb = "falls" if last < first else "rises"
    if share(first) == share(last):
        change = f"stays at {share(first)}"
    else:
        change = f"{verb} from {share(first)} to {share(last)}"
    return (
        f"Means over all citizens. Highest: {'; '.join(words)}. Legitimacy of the regime {change}. "
        "One SD is the spread of people's thresholds to protest, so 0.5 moves a person half of that."
    )
