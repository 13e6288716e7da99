"""The overview of a run that ``run.plot()`` returns."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.plot import COLOURS, by_unit, day_axis, has, percent, styled, sum_of, thousands, time_axis, unit_axis


class Picture(Figure):
    """A figure that a notebook shows by itself, although nothing has imported pyplot."""

    def _repr_png_(self) -> bytes:
        return self.png()

    def png(self) -> bytes:
        """Return the figure as the bytes of a PNG file."""
        buffer = io.BytesIO()
        with styled():
            self.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()


def overview(
    days: pd.DataFrame,
    title: str,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> Picture:
    """Draw a run at a glance.

    Parameters
    ----------
    days : DataFrame
        A row a day, as in `Run.days`. Panels whose columns are missing are left out; a table
        with none of them gets a chart of its numeric columns for each unit.
    title : str
        Written above the panels.
    labels : mapping of str to str, optional
        What columns are called, and families under their names (``police_defected_*``); by their names if left out.
    units : mapping of str to str, optional
        What stands along the axis of each column, ``share`` for shares; one for all if left out.

    Returns
    -------
    Picture
        Up to four panels: turnout with detentions, roles, police, elites.
    """
    drawn = [draw for draw, needs in PANELS if has(days, *needs)] or _numeric_panels(days, units or {})
    dates = day_axis(days)
    with styled():
        rows = (len(drawn) + 1) // 2
        figure = Picture(figsize=(10.5 if len(drawn) > 1 else 7, 3.2 * rows + 0.4), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold")
        for place, draw in enumerate(drawn, start=1):
            axis = figure.add_subplot(rows, min(len(drawn), 2), place)
            draw(axis, days, dates, labels or {})
            if isinstance(dates.iloc[0], pd.Timestamp):
                time_axis(axis, dates)
            else:
                axis.set_xlabel("step")
    return figure


def _turnout_panel(axis: Axes, days: pd.DataFrame, dates: pd.Series, labels: Mapping[str, str]) -> None:
    axis.fill_between(dates, days["attending"], color=COLOURS["attending"], alpha=0.25, linewidth=0)
    axis.plot(dates, days["attending"], color=COLOURS["attending"])
    axis.set_title("Turnout and detentions a day")
    axis.set_ylabel("persons in action", color=COLOURS["attending"])
    axis.set_ylim(bottom=0)
    thousands(axis)
    other = axis.twinx()
    other.vlines(dates, 0, days["detained_today"], color=COLOURS["detained"], linewidth=1.3)
    # Half the height, so that the two series share the panel without hiding one another.
    other.set_ylim(0, 2 * max(1, days["detained_today"].max()))
    other.set_ylabel("detained", color=COLOURS["detained"])
    other.grid(False)
    thousands(other)


def _roles_panel(axis: Axes, days: pd.DataFrame, dates: pd.Series, labels: Mapping[str, str]) -> None:
    parts = [name for name in ("protesting", "engaged") if name in days]
    axis.stackplot(
        dates,
        *(days[name] for name in parts),
        colors=[COLOURS[name] for name in parts],
        labels=[labels.get(name, name) for name in parts],
    )
    if "striking" in days:
        axis.plot(dates, days["striking"], color=COLOURS["striking"], label=labels.get("striking", "striking"))
    axis.set_title("Who acts")
    axis.set_ylabel("persons")
    thousands(axis)
    axis.legend(loc="upper right")


def _police_panel(axis: Axes, days: pd.DataFrame, dates: pd.Series, labels: Mapping[str, str]) -> None:
    # Not simply all columns of police: forms of disloyalty are counted there a second time.
    total = pd.concat([sum_of(days, f"police_{state}_") for state in ("loyal", "shirking", "defected")], axis=1).sum(
        axis=1
    )
    for state in ("shirking", "defected"):
        part = sum_of(days, f"police_{state}_") / total.where(total > 0)
        axis.plot(dates, part, color=COLOURS[state], label=labels.get(f"police_{state}_*", state))
    axis.set_title("Police who no longer obey")
    axis.set_ylabel("share of the police")
    axis.set_ylim(bottom=0)
    percent(axis)
    axis.legend(loc="upper right")


def _elite_panel(axis: Axes, days: pd.DataFrame, dates: pd.Series, labels: Mapping[str, str]) -> None:
    axis.plot(dates, days["elite_public"], color=COLOURS["elite_public"], label=labels.get("elite_public", "public"))
    axis.plot(
        dates,
        days["elite_private"],
        color=COLOURS["elite_private"],
        linestyle="--",
        label=labels.get("elite_private", "private"),
    )
    axis.set_title("Elites who support the regime")
    axis.set_ylabel("share of the elites")
    percent(axis)
    axis.legend(loc="best")


def _numeric_panels(days: pd.DataFrame, units: Mapping[str, str]) -> list[Panel]:
    columns = days.select_dtypes("number").columns.drop("step", errors="ignore")
    return [partial(_numeric_panel, unit, names) for unit, names in by_unit(map(str, columns), units).items()]


def _numeric_panel(
    unit: str, names: Sequence[str], axis: Axes, days: pd.DataFrame, dates: pd.Series, labels: Mapping[str, str]
) -> None:
    for name in names:
        axis.plot(dates, days[name], label=labels.get(name, name))
    unit_axis(axis, unit)
    axis.legend()


Panel = Callable[[Axes, pd.DataFrame, pd.Series, Mapping[str, str]], None]
PANELS: tuple[tuple[Panel, tuple[str, ...]], ...] = (
    (_turnout_panel, ("attending", "detained_today")),
    (_roles_panel, ("protesting", "engaged")),
    (_police_panel, ("police_loyal_", "police_shirking_", "police_defected_")),
    (_elite_panel, ("elite_private", "elite_public")),
)
