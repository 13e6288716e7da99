"""The picture for models without turnout or police: every numeric column as a line."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import CATEGORIES, Run, new_figure
from sim.figures.plot import day_axis, label_ends, number, thousands, time_axis
from sim.models.results import Declarations

MOST_LINES = len(CATEGORIES)


def numeric(run: Run) -> pd.DataFrame:
    """Return the numeric columns to draw: those that vary most, at most as many as there are colours."""
    table = run.days.select_dtypes("number").drop(columns="step", errors="ignore")
    kept = table.std().fillna(0).sort_values(ascending=False, kind="stable").index[:MOST_LINES]
    return table[[name for name in table.columns if name in set(kept)]]


def draw_lines(run: Run) -> Figure:
    """Draw a line for each numeric column."""
    table, steps, known = numeric(run), day_axis(run.days), Declarations(run.declared.columns)
    figure = new_figure(3.6)
    axis = figure.subplots()
    ends = []
    for name, colour in zip(table, CATEGORIES, strict=False):
        axis.plot(steps, table[name], color=colour, marker="o" if len(table) == 1 else None)
        ends.append((float(table[name].iloc[-1]), known.of(str(name)).brief, colour))
    thousands(axis)
    if pd.api.types.is_datetime64_any_dtype(steps):
        time_axis(axis, steps)
    else:
        axis.set_xlim(steps.iloc[0], max(steps.iloc[-1], steps.iloc[0] + 1))
        axis.set_xlabel("step")
    label_ends(axis, steps, ends)
    return figure


def lines_caption(run: Run) -> str:
    """Say where each column began and ended."""
    table = numeric(run)
    known = Declarations(run.declared.columns)
    words = [
        f"{one.label} from {one.text(values.iloc[0])} to {one.text(values.iloc[-1])}"
        for one, values in ((known.of(str(name)), table[name].astype(float)) for name in table)
    ]
    return f"Over {number(len(table))} steps: {'; '.join(words)}."
