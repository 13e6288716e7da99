"""What a study answers: its first number along what was varied, and the paired difference that this makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.report.amounts import difference, signed
from analysis.report.figures.style import CATEGORIES, new_figure, several
from analysis.stats.intervals import Interval, mean_interval
from sim.figures.plot import INK, label_ends, styled
from sim.models.results import Result, capital
from sim.study.called import paths_called, points_called, value_called
from sim.study.read import StudyData

FEWEST_DOSES = 3


@dataclass(frozen=True)
class Contrast:
    """A paired difference of a number: between which settings, from which mean to which, over the same seeds.

    `setting` is what people call the key path whose values `first` and `second` are; empty if they are points.
    """

    setting: str
    first: str
    second: str
    means: tuple[float, float]
    mean: float
    interval: Interval | None
    pairs: int
    chosen: bool
    """Whether the second was chosen because it is farthest from the first."""


def dose_and_settings(data: StudyData) -> tuple[str, list[str]] | None:
    """Return what goes on the x axis (the number with most values) and what makes the lines; None if nothing does."""
    design, changed = data.manifest["design"], [one for one in data.manifest["changed"] if one in data.runs]
    if design["kind"] != "grid" or data.points["base"].nunique() > 1:
        return None
    numbers = [
        path
        for path in changed
        if pd.api.types.is_numeric_dtype(data.runs[path]) and not pd.api.types.is_bool_dtype(data.runs[path])
    ]
    dose = max(numbers, key=lambda path: data.runs[path].nunique(), default=None)
    if dose is None or data.runs[dose].nunique() < FEWEST_DOSES:
        return None
    return dose, [path for path in changed if path != dose and data.runs[path].nunique() > 1]


def contrast(data: StudyData, name: str) -> Contrast | None:
    """Return the paired difference that a study is about; None without two points that share seeds.

    Of a grid with one setting of two values: the second value less the first, mean over the doses of each seed. Of a
    grid without a setting: the largest dose less the smallest. Else the first point and the one farthest from it.
    """
    runs, axes = data.runs, dose_and_settings(data)
    if axes is not None and len(axes[1]) <= 1:
        along = axes[1][0] if axes[1] else axes[0]
        table = runs.pivot_table(index=["seed", axes[0]] if axes[1] else "seed", columns=along, values=name).dropna()
        first, second = table.columns[0], table.columns[-1]
        if not axes[1] or len(table.columns) == 2:
            pairs = table.groupby(level="seed").mean()
            called = paths_called(data)[along]
            return _paired(pairs[first], pairs[second], called, value_called(first), value_called(second), False)
    table = runs.pivot_table(index="seed", columns="point", values=name)
    if len(table.columns) < 2:
        return None
    means = table.mean()
    others = (means - means.iloc[0]).abs().iloc[1:]
    far = others.idxmax() if others.notna().any() else table.columns[1]
    both = table[[table.columns[0], far]].dropna()
    names = points_called(data)
    first, second = names[int(table.columns[0])], names[int(far)]
    return _paired(both.iloc[:, 0], both.iloc[:, 1], "", first, second, len(table.columns) > 2)


def _paired(
    first: pd.Series, second: pd.Series, setting: str, before: str, after: str, chosen: bool
) -> Contrast | None:
    if not len(first):
        return None
    difference = (second - first).to_numpy(float)
    means = float(first.mean()), float(second.mean())
    return Contrast(
        setting, before, after, means, float(difference.mean()), mean_interval(difference), len(first), chosen
    )


def interval_words(one: Result, found: Contrast) -> str:
    """Return the 95% interval of the difference; says so if there is none."""
    if found.interval is None:
        return "one pair, no interval"
    return f"{difference(one, found.interval.low)} to {difference(one, found.interval.high)}"


def told(found: Contrast) -> bool:
    """Whether the interval of the difference leaves out zero."""
    return found.interval is not None and (found.interval.low > 0 or found.interval.high < 0)


def sentence(one: Result, found: Contrast) -> str:
    """Return what the study says, in a sentence."""
    relative = f" ({signed(round(100 * found.mean / found.means[0]))}% of the base)" if found.means[0] else ""
    at = "" if {found.first, found.second} <= {"on", "off"} else "at "
    named = f"“{found.setting}” {at}{found.second}" if found.setting else found.second
    other = f"{at}{found.first}" if found.setting else f"with {found.first}"
    text = f"{capital(one.brief)} is the same with {named} and {other}: "
    if found.mean and told(found):
        text = f"{capital(one.brief)} is {'higher' if found.mean > 0 else 'lower'} with {named} than {other}: "
    elif found.mean:
        text = f"Whether {one.brief} is higher or lower with {named} than {other} cannot be told from chance: "
    text += f"mean paired difference {difference(one, found.mean)}{relative}"
    return f"{text}, 95% interval {interval_words(one, found)}."


def side(found: Contrast, value: str) -> str:
    """Return one side of a contrast, with what was set."""
    return f"“{found.setting}” {value}" if found.setting else value


def sureness(found: Contrast) -> str:
    """Return on how many pairs that rests, and what was chosen after the runs were seen."""
    text = f"{several(found.pairs, 'pair')} of runs that share their luck."
    return text + (
        " The point farthest from the first was chosen after the runs, so its difference is larger than new "
        "seeds would show."
        if found.chosen
        else ""
    )


def draw_doses(data: StudyData, name: str) -> Figure:
    """Draw the mean over the dose, a line a setting, and below the paired difference where there are two settings."""
    axes_of = dose_and_settings(data)
    if axes_of is None:
        raise ValueError("a study without a dose")
    dose, settings = axes_of
    one = data.numbers.of(name)
    groups = list(data.runs.groupby(settings)) if settings else [((), data.runs)]
    called = paths_called(data)
    two = len(groups) == 2
    with styled():
        figure = new_figure(4.6 if two else 3.2)
        panels = figure.subplots(2 if two else 1, 1, sharex=True, squeeze=False)[:, 0]
        ends: list[tuple[float, str, str]] = []
        for (values, runs), colour in zip(groups, CATEGORIES * 8, strict=False):
            x, middle, low, high = _means(runs.groupby(dose)[name])
            panels[0].fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
            panels[0].plot(x, middle, "o-", color=colour, markersize=4)
            ends.append((float(middle[-1]), ", ".join(map(value_called, values)), colour))
        panels[0].set_ylabel(one.brief)
        panels[0].set_title(
            "\n".join(wrap(f"Lines: {'; '.join(called[path] for path in settings)}", 80)) if settings else ""
        )
        panels[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: one.text(value)))
        if two:
            keys = ["seed", dose]
            first, second = (runs.set_index(keys)[name] for _, runs in groups)
            x, middle, low, high = _means((one.scale * (second - first)).dropna().groupby(level=dose))
            panels[1].axhline(0, color=INK, linewidth=0.8)
            panels[1].errorbar(x, middle, [middle - low, high - middle], fmt="o", color=INK, markersize=4, capsize=0)
            panels[1].set_ylabel(f"paired difference{', points' if one.is_fraction else ''}")
        if data.runs[dose].min() > 0 and data.runs[dose].max() / data.runs[dose].min() >= 8:
            for panel in panels:
                panel.set_xscale("log")
            panels[-1].set_xticks(sorted(data.runs[dose].unique()))
            panels[-1].xaxis.set_major_formatter(FuncFormatter(lambda value, _: value_called(value)))
            panels[-1].tick_params(axis="x", which="minor", bottom=False, labelbottom=False)
        panels[-1].set_xlabel("\n".join(wrap(called[dose], 90)))
        label_ends(panels[0], ends)
    return figure


def _means(groups: Iterable[tuple[Any, pd.Series]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rows = []
    for value, runs in groups:
        middle, found = float(runs.mean()), mean_interval(runs.dropna().to_numpy(float))
        rows.append((value, middle, *((found.low, found.high) if found else (middle, middle))))
    x, middle, low, high = np.array(rows, dtype=float).T
    return x, middle, low, high
