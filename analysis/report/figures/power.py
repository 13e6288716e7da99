"""Pictures of who holds and who joins: police by force, elites, the coalition, the repertoire."""

from __future__ import annotations

from itertools import pairwise

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
    weekly,
    weekly_mean,
)
from sim.core.formats import day, number, readable, share
from sim.figures.plot import (
    COLOURS,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    VERMILION,
    YELLOW,
    has,
    label_ends,
    percent,
    sum_of,
    time_axis,
)
from sim.models.mobilisation import results

LEAST_CROWD = 0.01  # of the largest crowd: shares of fewer people are noise


def police_shares(run: Run) -> dict[str, pd.DataFrame]:
    """Return for each force the shares (0..1) of its officers who shirk and who have defected."""
    days = run.days
    found = {}
    for column in days.columns:
        force = str(column).removeprefix("police_loyal_")
        if force == column:
            continue
        states = {state: days[f"police_{state}_{force}"] for state in ("loyal", "shirking", "defected")}
        total = pd.DataFrame(states).sum(axis=1).clip(lower=1)
        found[force] = pd.DataFrame({name: states[name] / total for name in ("shirking", "defected")})
    return found


def draw_power(run: Run) -> Figure:
    """Draw police who shirk or defected, a panel a force on one scale, and elites below."""
    dates, forces = dates_of(run), police_shares(run)
    columns = min(4, max(1, len(forces)))
    rows = -(-len(forces) // columns)
    figure = new_figure(2.1 * rows + 2.6)
    upper, lower = np.atleast_1d(np.asarray(figure.subfigures(2, 1, height_ratios=[2.1 * rows, 2.5])))
    top = max(0.01, 1.08 * max((table.sum(axis=1).max() for table in forces.values()), default=0.0))
    grid = upper.subplots(rows, columns, squeeze=False, sharey=True)
    for axis in grid.flat[len(forces) :]:
        axis.set_visible(False)
    labels = [results.column(f"police_{state}_*").brief for state in ("defected", "shirking")]
    for axis, (force, table) in zip(grid.flat, forces.items(), strict=False):
        axis.stackplot(
            dates, table["defected"], table["shirking"], labels=labels,
            colors=(COLOURS["defected"], COLOURS["shirking"]), linewidth=0,
        )  # fmt: skip
        axis.set_title(readable(force), fontsize=9.5)
        axis.set_ylim(0, top)
        percent(axis)
        time_axis(axis, dates, most=3)
        if not table.to_numpy().any():
            axis.text(0.5, 0.5, "nobody", transform=axis.transAxes, ha="center", color=GREY, fontsize=9)
    grid[0, 0].set_ylabel("share of the force")
    handles, names = grid[0, 0].get_legend_handles_labels()
    upper.legend(handles, names, loc="outside upper right", ncols=2, borderpad=0.1)
    _elites(lower.subplots(), run, dates)
    return figure


def _elites(axis: Axes, run: Run, dates: pd.Series) -> None:
    public, private = run.days["elite_public"], run.days["elite_private"]
    axis.fill_between(dates, private, public, color="#DDDDDD", linewidth=0)
    axis.plot(dates, public, color=COLOURS["elite_public"])
    axis.plot(dates, private, color=COLOURS["elite_private"], linestyle="--")
    axis.set_title("elites who support the regime", fontsize=9.5)
    axis.set_ylabel("share of the elites")
    low = min(public.min(), private.min())
    axis.set_ylim(max(0.0, low - 0.05), 1.01)
    percent(axis)
    time_axis(axis, dates)
    ends = [
        (float(values.iloc[-1]), results.column(name).brief, ink)
        for name, values, ink in (("elite_public", public, INK), ("elite_private", private, "#666666"))
    ]
    label_ends(axis, ends)


def power_caption(run: Run) -> str:
    """Say which force wavered most and how far private and public support of elites parted."""
    words = []
    forces = police_shares(run)
    if forces:
        worst = max(forces, key=lambda name: float(forces[name].sum(axis=1).max()))
        shirk, defected = forces[worst]["shirking"].max(), forces[worst]["defected"].max()
        words.append(
            "Police who no longer obey, as a share of each force: most in the force "
            f"“{readable(worst)}”, where at the worst {share(shirk)} shirk "
            f"and {share(defected)} have defected. "
        )
    gap = run.days["elite_public"] - run.days["elite_private"]
    at = int(gap.to_numpy().argmax())
    words.append(
        f"In the end {share(run.days['elite_public'].iloc[-1])} of the elites support the regime in public "
        f"and {share(run.days['elite_private'].iloc[-1])} in private; "
    )
    if gap.iloc[at] > 0:
        words.append(
            f"the gap between the two, hidden dissent, is widest on {day(dates_of(run).iloc[at])} "
            f"({share(gap.iloc[at])} of the elites)."
        )
    else:
        words.append("public support never exceeds private support, so no dissent is hidden.")
    return "".join(words)


QUIETLY = "shirking"
"""Those who shirk and do not criticise; no column of their own, as who criticises shirks, too."""
FORMS = (("switched", PURPLE), ("resigned", VERMILION), ("criticising", YELLOW), (QUIETLY, ORANGE))
"""Forms of disloyalty, the gravest first: its name in the daily columns, its colour."""


def _form(name: str) -> str:
    return "shirk quietly" if name == QUIETLY else results.column(f"police_{name}").brief


def disloyalty(run: Run) -> pd.DataFrame:
    """Return the shares (0..1) of all officers in each form of disloyalty; no officer is in two of them."""
    days = run.days
    states = [sum_of(days, f"police_{state}_") for state in ("loyal", "shirking", "defected")]
    everyone = pd.concat(states, axis=1).sum(axis=1)
    table = pd.DataFrame({"switched": days["police_switched"], "resigned": days["police_resigned"]})
    table["criticising"] = days["police_criticising"]
    table["shirking"] = sum_of(days, "police_shirking_") - days["police_criticising"]  # who criticise shirk, too
    return table.div(everyone.clip(lower=1), axis=0)


def has_disloyalty(run: Run) -> bool:
    """Whether any officer was ever disloyal, and the forms are recorded."""
    needs = ("date", "police_loyal_", "police_criticising", "police_resigned", "police_switched")
    return has(run.days, *needs) and bool((disloyalty(run) > 0).to_numpy().any())


def draw_disloyalty(run: Run) -> Figure:
    """Draw the shares of all officers in each form of disloyalty, stacked, the gravest at the bottom."""
    table, dates = disloyalty(run), dates_of(run)
    shown = [form for form in FORMS if table[form[0]].any()]
    figure = new_figure(2.8)
    axis = figure.subplots()
    axis.stackplot(dates, *(table[name] for name, _ in shown), colors=[colour for _, colour in shown], linewidth=0)
    axis.set_ylabel("share of all officers")
    axis.set_ylim(0, 1.08 * float(table.sum(axis=1).max()))
    percent(axis)
    time_axis(axis, dates)
    last = table[[name for name, _ in shown]].iloc[-1].to_numpy()
    middles = (last.cumsum() - last / 2).tolist()
    ends = [(at, _form(name), colour) for at, (name, colour) in zip(middles, shown, strict=True)]
    label_ends(axis, ends, squares=True)
    return figure


def disloyalty_caption(run: Run) -> str:
    """Say how many officers take each form, at most or by the end."""
    table, dates = disloyalty(run), dates_of(run)
    words = []
    for name, verb in (("shirking", "shirk quietly"), ("criticising", _form("criticising"))):
        at = int(table[name].to_numpy().argmax())
        if table[name].iloc[at] > 0:
            words.append(f"at most {share(table[name].iloc[at])} {verb} ({day(dates.iloc[at])})")
    for name, verb in (("resigned", "have resigned"), ("switched", "have changed sides")):
        if table[name].iloc[-1] > 0:
            words.append(f"by the end {share(table[name].iloc[-1])} {verb}")
    return (
        f"Of all officers, of all forces, {'; '.join(words)}. Who shirks or criticises still serves; the others do not."
    )


def class_shares(run: Run) -> pd.DataFrame:
    """Return each class's share of those in action over seven days; empty where hardly anybody acted."""
    persons = weekly_mean(parts(run.days, "attending_class_"))
    total = persons.sum(axis=1)
    return persons.div(total.where(total > LEAST_CROWD * total.max()), axis=0)


def draw_coalition(run: Run) -> Figure:
    """Draw the classes' shares of those in action, stacked, and the coalition's breadth below."""
    dates = dates_of(run)
    table, colours = in_categories(class_shares(run))
    figure = new_figure(5.2)
    upper, lower = figure.subplots(2, 1, height_ratios=[2.8, 1])
    _stack(upper, dates, table, colours)
    upper.set_ylabel("share of those in action, 7 days")
    upper.tick_params(labelbottom=False)
    upper.xaxis.get_offset_text().set_visible(False)
    lower.plot(dates, run.days["coalition_breadth"], color=COLOURS["breadth"])
    lower.set_ylabel(results.column("coalition_breadth").brief)
    lower.set_ylim(0, 1)
    percent(lower)
    time_axis(lower, dates)
    return figure


def _stack(axis: Axes, dates: pd.Series, table: pd.DataFrame, colours: list[str]) -> None:
    axis.stackplot(dates, *(table[name].fillna(0) for name in table), colors=colours, edgecolor="white", linewidth=0.4)
    axis.set_ylim(0, 1)
    axis.grid(False)
    percent(axis)
    time_axis(axis, dates)
    _label_bands(axis, table, colours)


def _label_bands(axis: Axes, table: pd.DataFrame, colours: list[str]) -> None:
    """Name the bands of a stack at its right edge, where the last known shares are."""
    known = table.dropna()
    if known.empty:
        return
    last = known.iloc[-1].to_numpy()
    middles = last.cumsum() - last / 2
    names = [readable(str(name)) for name in table]
    # Yellow is a good fill and a bad ink, so names are black and a square carries the colour.
    label_ends(axis, list(zip(middles.tolist(), names, colours, strict=True)), squares=True)


def coalition_caption(run: Run) -> str:
    """Say which classes lead, and how broad the coalition is at its broadest."""
    total = parts(run.days, "attending_class_").sum()
    if total.sum() == 0:
        return "Nobody was in action, so there is no coalition to draw."
    leading = [f"{readable(str(name))} {share(total[name] / total.sum())}" for name in total.index[:3] if total[name]]
    text = (
        f"Of all days of action in the run, most were taken by {', '.join(leading)}. Shares are left blank "
        "where the crowd is under a hundredth of its largest."
    )
    breadth = run.days["coalition_breadth"]
    at = int(breadth.to_numpy().argmax())
    text += (
        f" Breadth (0% one group only, 100% all alike) is {share(breadth.iloc[at])} at most, on "
        f"{day(dates_of(run).iloc[at])}, and {share(breadth.iloc[-1])} at the end."
    )
    if "coalition_groups" in run.days:
        text += f" At its broadest it counts as {run.days['coalition_groups'].max():.1f} equal groups."
    return text


def draw_tactics(run: Run) -> Figure:
    """Draw the share of each tactic in the person-days of action of each week."""
    dates = dates_of(run)
    weeks = weekly(parts(run.days, "attending_tactic_"), dates)
    total = weeks.sum(axis=1)
    table, colours = in_categories(weeks.div(total.where(total > 0), axis=0))
    figure = new_figure(3.7)
    axis = figure.subplots()
    half_week = pd.Timedelta(days=3)
    middle = pd.Series(table.index) + half_week
    base = pd.Series(0.0, index=table.index)
    for name, colour in zip(table, colours, strict=True):
        heights = table[name].fillna(0)
        axis.bar(middle, heights, bottom=base, width=6.3, color=colour, linewidth=0)
        base = base + heights
    axis.set_ylim(0, 1)
    axis.grid(False)
    axis.set_ylabel("share of the week's turnout")
    percent(axis)
    span = pd.Series([middle.iloc[0] - half_week, middle.iloc[-1] + half_week])
    time_axis(axis, span)
    _label_bands(axis, table, colours)
    return figure


def tactics_caption(run: Run) -> str:
    """Say which tactics carried the movement, and how the leading one changed."""
    dates = dates_of(run)
    table = parts(run.days, "attending_tactic_")
    total = table.sum()
    if total.sum() == 0:
        return "Nobody was in action, so no tactic was used."
    leading = [f"{readable(str(name))} {share(total[name] / total.sum())}" for name in total.index[:3]]
    weeks = weekly(table, dates)
    weeks = weeks[weeks.sum(axis=1) > 0]
    leaders = [readable(str(name)) for name in weeks.idxmax(axis=1)]
    changes = sum(a != b for a, b in pairwise(leaders))
    times = f"{number(changes)} time{'s' * (changes != 1)}"
    return (
        f"Days of action by tactic, week by week: over the whole run {', '.join(leading)}. The leading "
        f"tactic of the week changes {times}, from {leaders[0]} in the first to {leaders[-1]} in the last."
    )
