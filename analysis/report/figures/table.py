"""The table of pictures: what each needs, draws and says; and the plain one for models without turnout."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from analysis.report.figures import contest, daily, events, places, power, shares, spread, who
from analysis.report.figures.style import CATEGORIES, Picture, Run, new_figure, section
from sim.core.formats import number
from sim.figures.plot import by_unit, day_axis, has, label_ends, time_axis, unit_axis
from sim.models.declarations import Declarations

MOST_LINES = len(CATEGORIES)


def numeric(run: Run) -> pd.DataFrame:
    """Return the numeric columns to draw: those that vary most, at most as many as there are colours."""
    table = run.days.select_dtypes("number").drop(columns="step", errors="ignore")
    kept = table.std().fillna(0).sort_values(ascending=False, kind="stable").index[:MOST_LINES]
    return table[[name for name in table.columns if name in set(kept)]]


def draw_lines(run: Run) -> Figure:
    """Draw a line for each numeric column, a panel for each unit."""
    table, steps, known = numeric(run), day_axis(run.days), Declarations(run.declared.columns)
    panels = by_unit(map(str, table), {str(name): known.of(str(name)).axis for name in table})
    figure = new_figure(1.2 + 2.4 * len(panels))
    colours = dict(zip(map(str, table), CATEGORIES, strict=False))
    axes = figure.subplots(len(panels), squeeze=False).ravel()
    for axis, (unit, names) in zip(axes, panels.items(), strict=True):
        for name in names:
            axis.plot(steps, table[name], color=colours[name], marker="o" if len(table) == 1 else None)
        unit_axis(axis, unit)
        if pd.api.types.is_datetime64_any_dtype(steps):
            time_axis(axis, steps)
        else:
            axis.set_xlim(steps.iloc[0], max(steps.iloc[-1], steps.iloc[0] + 1))
        ends = [(float(table[name].iloc[-1]), known.of(name).brief, colours[name]) for name in names]
        label_ends(axis, ends)
    if not pd.api.types.is_datetime64_any_dtype(steps):
        axes[-1].set_xlabel("step")
    return figure


def lines_caption(run: Run) -> str:
    """Say where each column began and ended, and of one that never moved what it was."""
    table = numeric(run)
    known = Declarations(run.declared.columns)
    words = [
        f"{one.label} {one.text(values.iloc[0])} throughout"
        if values.nunique() == 1 and len(values) > 1
        else f"{one.label} from {one.text(values.iloc[0])} to {one.text(values.iloc[-1])}"
        for one, values in ((known.of(str(name)), table[name].astype(float)) for name in table)
    ]
    return f"Over {number(len(table))} steps: {'; '.join(words)}."


def _needs(*columns: str) -> Callable[[Run], bool]:
    """Return a test whether a run has days with dates and these columns."""
    return lambda run: len(run.days) > 0 and has(run.days, "date", *columns)


def _mappable(run: Run) -> bool:
    places_known = bool(section(run, "places", "localities"))
    known = places_known and _needs("attending")(run) and has(run.localities, "date", "locality", "attending")
    return known and bool(run.days["attending"].max() > 0)


def _datable(run: Run) -> bool:
    return _needs()(run) and bool(events.shocks(run))


def _only_numbers(run: Run) -> bool:
    return not has(run.days, "attending") and not numeric(run).empty


def _if_dated(possible: Callable[[Run], bool]) -> Callable[[Run], bool]:
    return lambda run: _needs("attending_class_")(run) and possible(run)


PICTURES: tuple[Picture, ...] = (
    Picture("lines", "The run, step by step", _only_numbers, draw_lines, lines_caption),
    Picture(
        "turnout", "Turnout and detentions", _needs("attending", "detained_today"),
        daily.draw_turnout, daily.turnout_caption,
    ),
    Picture("timeline", "Timeline of events", _datable, events.draw_timeline, events.timeline_caption),
    Picture(
        "roles", "Who acts: roles in the population", _needs("protesting", "engaged"),
        daily.draw_roles, daily.roles_caption,
    ),
    Picture("crossings", "Helpers who crossed over", who.has_crossings, who.draw_crossings, who.crossings_caption),
    Picture(
        "emotions", "Anger, fear, fatigue, commitment and legitimacy", _needs(*daily.EMOTIONS, "legitimacy"),
        daily.draw_emotions, daily.emotions_caption,
    ),
    Picture(
        "power", "Police and elites",
        _needs("police_loyal_", "police_shirking_", "police_defected_", "elite_private", "elite_public"),
        power.draw_power, power.power_caption,
    ),
    Picture("contest", "Who obeys, who breaks, what the ruler does", contest.has_contest, contest.draw_contest,
            contest.contest_caption),
    Picture(
        "disloyalty", "Forms of defection", power.has_disloyalty, power.draw_disloyalty, power.disloyalty_caption
    ),
    Picture(
        "composition", "Who takes part", _if_dated(who.has_composition), who.draw_composition, who.composition_caption
    ),
    Picture("breadth", "Breadth by cleavage", who.has_breadths, who.draw_breadth, who.breadth_caption),
    Picture(
        "coalition", "The coalition, class by class", _needs("attending_class_", "coalition_breadth"),
        power.draw_coalition, power.coalition_caption,
    ),
    Picture("map", "Where: the day of the largest turnout", _mappable, places.draw_map, places.map_caption),
    Picture("spread", "Where: in how many places", spread.has_spread, spread.draw_spread, spread.spread_caption),
    Picture("strikes", "Strikes, class by class", spread.has_strikes, spread.draw_strikes, spread.strikes_caption),
    Picture(
        "strike-places", "Strikes, place by place",
        spread.has_strike_places, spread.draw_strike_places, spread.strike_places_caption,
    ),
    Picture(
        "tactics", "Tactics in use", _needs("attending_tactic_"), power.draw_tactics, power.tactics_caption
    ),
    *shares.PICTURES,
)  # fmt: skip
