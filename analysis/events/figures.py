"""The pictures of a table of events."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.events.table import AMOUNTS
from analysis.report.figures.style import new_figure
from sim.core.formats import number
from sim.figures.plot import BLUE, GREEN, INK, VERMILION, styled, time_axis

MOST_PLACES = 25


def days(table: pd.DataFrame) -> Figure:
    """Draw events, participants and people detained, day by day; a panel for what there is."""
    span = pd.date_range(table["date"].min(), table["date"].max(), freq="D")
    by_day = table.groupby("date")
    parts = [
        ("events", by_day.size().reindex(span, fill_value=0), INK),
        ("participants", by_day["participants"].sum(min_count=1).reindex(span), BLUE),
        ("detained", by_day["detained"].sum(min_count=1).reindex(span), VERMILION),
    ]
    parts = [part for part in parts if part[0] not in empty(table)]
    with styled():
        figure = new_figure(0.7 + 1.5 * len(parts))
        panels = figure.subplots(len(parts), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (name, values, colour) in zip(panels, parts, strict=True):
            axes.bar(values.index, values.fillna(0.0), width=1.0, color=colour)
            axes.set_title(name)
            axes.yaxis.set_major_locator(MaxNLocator("auto", integer=True))
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
            time_axis(axes, pd.Series(span))
    return figure


def empty(table: pd.DataFrame) -> list[str]:
    """Return the numbers of which the events have none at all, so that a panel would be empty."""
    return [name for name in ("participants", "detained") if not table[name].sum() > 0]


def sizes(table: pd.DataFrame) -> Figure:
    """Draw how many events have which size, on a logarithmic scale."""
    known = table.loc[table["participants"] > 0, ["participants", "kind"]]
    edges = np.arange(0.0, np.log10(max(known["participants"].max(), 10.0)) + 0.5, 0.25)
    with styled():
        figure = new_figure(2.6)
        axes = figure.subplots()
        parts = [np.log10(known.loc[known["kind"] == kind, "participants"]) for kind in ("protest", "strike")]
        axes.hist(parts, bins=list(edges), stacked=True, color=[BLUE, GREEN], label=["protests", "strikes"])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(10.0**value)))
        axes.set_xlabel("participants")
        axes.set_ylabel("events")
        axes.yaxis.set_major_locator(MaxNLocator("auto", integer=True))
        axes.legend(frameon=False)
    return figure


def places(table: pd.DataFrame) -> Figure:
    """Draw the localities with most events."""
    counted = table.loc[table["place"] != "", "place"].value_counts().head(MOST_PLACES)
    with styled():
        figure = new_figure(0.6 + 0.19 * max(len(counted), 3))
        axes = figure.subplots()
        axes.barh(counted.index[::-1], counted.to_numpy()[::-1], color=BLUE)
        axes.set_xlabel("events")
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        axes.grid(False, axis="y")
    return figure


def missing(table: pd.DataFrame) -> Figure:
    """Draw what part of the events says nothing of each number."""
    names = ["participants", *AMOUNTS, "place", "form", "response", "source"]
    shares = [
        float((table[name].isna() | table[name].isin(["", "unknown"])).mean()) if len(table) else 0.0 for name in names
    ]
    with styled():
        figure = new_figure(2.4)
        axes = figure.subplots()
        axes.barh(names[::-1], np.array(shares[::-1]) * 100.0, color=INK)
        axes.set_xlim(0.0, 100.0)
        axes.set_xlabel("% of events that do not say")
        axes.grid(False, axis="y")
    return figure
