"""Pictures of a sensitivity analysis."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from analysis.report.figures.style import new_figure, shorten
from analysis.sensitivity.explain import RANKED_BY, Explained, Sensitivity
from analysis.sensitivity.outcomes import Measure
from sim.figures.plot import BLUE, GREEN, GREY, INK, ORANGE, SKY, VERMILION, styled

MOST_ROWS = 20
"""Parameters in one picture; the table below it has all."""
LONGEST_NAME = 84
WIDTH_OF_NAME = 42
"""Characters of a name in a row, in two lines at most."""
MOST_UPRIGHT, LONGEST_SLANTED = 5, 34
"""Columns of the overview whose names have room side by side; characters of a name where they slant."""
ROW = 0.34
"""Height of a row [inches]."""


def draw(result: Sensitivity, explained: Explained) -> Figure:
    """Draw what one outcome depends on, as the method shows it."""
    with styled():
        return DRAWN[result.method](explained)


def _bars_of_indices(explained: Explained) -> Figure:
    """Total and first-order Sobol indices with intervals, most important parameter on top."""
    table = explained.effects.head(MOST_ROWS)
    figure = new_figure(1.0 + (ROW + 0.12) * len(table))
    axis = figure.subplots()
    places = np.arange(len(table), dtype=float)
    for name, words, colour, shift in (
        ("total", "total: with all its interactions", BLUE, -0.19),
        ("first", "first order: on its own", SKY, 0.19),
    ):
        axis.barh(places + shift, table[name].clip(lower=0), height=0.36, color=colour, label=words, linewidth=0)
        _whiskers(axis, places + shift, table, name)
    _rows(axis, table["parameter"].tolist())
    axis.set_xlabel("share of the outcome’s variance")
    axis.set_xlim(left=min(0.0, 1.05 * float(table[["first_low", "total_low"]].min().min())))
    axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axis.axvline(0, color=GREY, linewidth=0.8)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return figure


def _scatter_of_effects(explained: Explained) -> Figure:
    """Mu* against sigma with intervals; the points are numbered by importance and named beside the picture."""
    table, measured = explained.effects, explained.measure
    factor = measured.factor
    names = table["parameter"].tolist()[:MOST_ROWS]
    figure = new_figure(max(4.4, 0.6 + 0.34 * len(names)))
    axis, key = figure.subplots(1, 2, width_ratios=[1.75, 1])
    highest = factor * float(max(table["mu_star_high"].max(), table["sigma_high"].max()))
    axis.plot([0, highest], [0, highest], color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axis.annotate("σ = μ*", (0.93 * highest, 0.96 * highest), ha="right", va="bottom", color=GREY)
    x, y = factor * table["mu_star"].to_numpy(), factor * table["sigma"].to_numpy()
    colours = [_by_sign(sign) for sign in table["mu"]]
    for name, across in (("mu_star", True), ("sigma", False)):
        low, high = factor * table[f"{name}_low"].to_numpy(), factor * table[f"{name}_high"].to_numpy()
        lines = axis.hlines(y, low, high) if across else axis.vlines(x, low, high)
        lines.set(color=colours, linewidth=0.9, alpha=0.6, zorder=2)
    axis.scatter(x, y, s=30, color=colours, zorder=3, edgecolors="white", linewidths=0.6)
    for place in range(len(names)):
        axis.annotate(
            str(place + 1), (x[place], y[place]), xytext=(4, 3), textcoords="offset points", fontsize=8.5,
            fontweight="bold", color=colours[place], zorder=4,
        )  # fmt: skip
    unit = f"\n[{measured.unit}]" if measured.unit else ""
    axis.set_xlabel(f"μ*: mean size of the effect{unit}")
    axis.set_ylabel(f"σ: how much the effect differs{unit}")
    axis.set_xlim(0, 1.04 * highest)
    axis.set_ylim(-0.03 * highest, 1.04 * highest)
    axis.grid(True, axis="both")
    _numbers(axis.xaxis, 5)
    _numbers(axis.yaxis, 6)
    key.axis("off")
    for place, name in enumerate(names):
        key.annotate(
            f"{place + 1}  {_folded(shorten(name, 70), 36)}", (0, 1), xycoords="axes fraction",
            xytext=(0, -24.0 * place),
            textcoords="offset points", va="top", fontsize=8.5, color=colours[place], annotation_clip=False,
        )  # fmt: skip
    return figure


def _bars_of_coefficients(explained: Explained) -> Figure:
    return _signed_bars(explained, "coefficient", "standardised rank regression coefficient", 1.0)


def draw_directions(explained: Explained) -> Figure:
    """Draw the mean elementary effect of each parameter with its interval: a tornado of a Morris screening."""
    measured = explained.measure
    label = f"μ: mean effect of moving over the whole range, on\n{_with_unit(measured)}"
    with styled():
        return _signed_bars(explained, "mu", label, measured.factor)


def _signed_bars(explained: Explained, name: str, label: str, factor: float) -> Figure:
    table = explained.effects.head(MOST_ROWS)
    table = table.assign(**{column: factor * table[column] for column in (name, f"{name}_low", f"{name}_high")})
    figure = new_figure(0.8 + ROW * len(table))
    axis = figure.subplots()
    places = np.arange(len(table), dtype=float)
    axis.barh(places, table[name], height=0.62, color=[_by_sign(value) for value in table[name]], linewidth=0)
    _whiskers(axis, places, table, name)
    _rows(axis, table["parameter"].tolist())
    axis.axvline(0, color=INK, linewidth=0.8)
    axis.set_xlabel(label)
    _numbers(axis.xaxis)
    return figure


def _tornado(explained: Explained) -> Figure:
    """Paired differences from the base point, a group of bars a parameter, the widest on top."""
    table, measured = explained.effects, explained.measure
    shown = list(dict.fromkeys(table["parameter"]))[:MOST_ROWS]
    table = table[table["parameter"].isin(shown)].copy()
    numbers = ["effect", "effect_low", "effect_high"]
    table[numbers] *= measured.factor
    most = int(table.groupby("parameter").size().max())
    row = max(ROW + 0.1, 0.26 * most + 0.12)
    figure = new_figure(0.8 + row * len(shown))
    axis = figure.subplots()
    for place, parameter in enumerate(shown):
        changes = table[table["parameter"] == parameter].sort_values("side", kind="stable")
        thickness = 0.8 / len(changes)
        heights = place - 0.4 + thickness * (np.arange(len(changes)) + 0.5)
        colours = [SIDES[int(side)] for side in changes["side"]]
        axis.barh(heights, changes["effect"], height=0.86 * thickness, color=colours, linewidth=0)
        _whiskers(axis, heights, changes, "effect")
        for height, (_, change) in zip(heights, changes.iterrows(), strict=True):
            _beside(axis, change, height)
    _rows(axis, [f"{_named(name)}\n(base: {_base(table, name)})" for name in shown])
    axis.axvline(0, color=INK, linewidth=0.8)
    axis.set_xlabel(f"difference from the base point in\n{_with_unit(measured)}")
    axis.margins(x=0.14)
    _numbers(axis.xaxis)
    return figure


def _beside(axis: Axes, change: pd.Series, height: float) -> None:
    """Write the changed value where the bar and its interval end."""
    rightward = change["effect"] >= 0
    ends = [change["effect"], change["effect_high" if rightward else "effect_low"]]
    end = float(np.nanmax(ends) if rightward else np.nanmin(ends))
    axis.annotate(
        shorten(str(change["value"]), 22), (end, height), xytext=(5 if rightward else -5, 0),
        textcoords="offset points", ha="left" if rightward else "right", va="center", fontsize=8, color=INK,
    )  # fmt: skip


def _base(table: pd.DataFrame, parameter: str) -> str:
    return shorten(str(table.loc[table["parameter"] == parameter, "base_value"].iloc[0]), 22)


def draw_overview(result: Sensitivity) -> Figure:
    """Draw parameters against outcomes: the darker a cell, the more the outcome depends on the parameter."""
    by = RANKED_BY[result.method]
    told = [one for one in result.outcomes if len(one.effects)]
    table = pd.DataFrame({one.measure.short: _largest(one.effects, by) for one in told})
    if result.method in ("morris", "tornado"):
        table = table / table.abs().max()
    order = table.abs().mean(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
    table = table.loc[order]
    with styled():
        figure = new_figure(1.0 + 0.3 * len(table) + (0.3 if table.shape[1] > 3 else 0.0))
        axis = figure.subplots()
        shades = table.abs().clip(0, 1).to_numpy()
        axis.imshow(shades, cmap=_shades(), vmin=0, vmax=1, aspect="auto")
        for (i, j), value in np.ndenumerate(table.to_numpy()):
            text = f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
            axis.text(j, i, text, ha="center", va="center", fontsize=9, color="white" if shades[i, j] > 0.55 else INK)
        if table.shape[1] > MOST_UPRIGHT:
            names = [shorten(name, LONGEST_SLANTED) for name in table.columns]
            axis.set_xticks(range(len(names)), names, fontsize=7.5, rotation=40, ha="left", rotation_mode="anchor")
        else:
            names = [_folded(name, max(9, 66 // table.shape[1])) for name in table.columns]
            axis.set_xticks(range(len(names)), names, fontsize=7.5)
        axis.xaxis.tick_top()
        axis.set_yticks(range(len(table)), [_named(name) for name in table.index], fontsize=8)
        axis.tick_params(length=0)
        axis.grid(False)
        axis.spines[:].set_visible(False)
        axis.set_xticks(np.arange(0.5, table.shape[1] - 1), minor=True)
        axis.set_yticks(np.arange(0.5, len(table) - 1), minor=True)
        axis.grid(True, axis="both", which="minor", color="white", linewidth=2)
        axis.tick_params(which="minor", length=0)
        return figure


def _largest(effects: pd.DataFrame, by: str) -> pd.Series:
    """Return the largest effect of each parameter, with its sign."""
    ordered = effects.sort_values(by, key=abs, ascending=False, kind="stable")
    return ordered.drop_duplicates("parameter").set_index("parameter")[by]


def draw_luck(result: Sensitivity) -> Figure:
    """Draw how the variance of single runs divides between parameters and luck."""
    told = [one for one in result.outcomes if np.isfinite(one.luck.parameters)]
    with styled():
        figure = new_figure(0.95 + 0.4 * len(told))
        axis = figure.subplots()
        places = np.arange(len(told))
        left = np.zeros(len(told))
        for words, colour, part in (
            ("parameters", BLUE, [one.luck.parameters for one in told]),
            ("luck, the same at all points", ORANGE, [np.nan_to_num(one.luck.shared) for one in told]),
            ("luck, different from point to point", "#F6D48F", [one.luck.own for one in told]),
        ):
            axis.barh(places, part, left=left, height=0.6, color=colour, label=words, linewidth=0)
            left += np.array(part)
        _rows(axis, [one.measure.label for one in told])
        axis.set_xlim(0, 1)
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axis.set_xlabel("share of the variance of single runs")
        figure.legend(*axis.get_legend_handles_labels(), loc="outside upper left", ncols=3)
        return figure


def _whiskers(axis: Axes, places: np.ndarray, table: pd.DataFrame, name: str) -> None:
    low, high = table[f"{name}_low"].to_numpy(float), table[f"{name}_high"].to_numpy(float)
    axis.hlines(places, low, high, color=INK, linewidth=1.1)


def _rows(axis: Axes, names: list[str]) -> None:
    """Name the rows, the first on top."""
    axis.set_yticks(range(len(names)), [name if "\n" in name else _named(name) for name in names], fontsize=8.5)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0)
    axis.grid(True, axis="x")
    axis.grid(False, axis="y")
    axis.spines["left"].set_visible(False)


def _numbers(axis: Axis, most: int = 6) -> None:
    """Write plain numbers with thousands separators at no more than `most` + 1 places."""
    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "−")))


def _with_unit(measured: Measure) -> str:
    return f"{measured.label} [{measured.unit}]" if measured.unit else measured.label


def _by_sign(value: float) -> str:
    return BLUE if value >= 0 else VERMILION


def _shades() -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("shades", ["#F7F9FB", "#7FB6DA", BLUE, "#00446B"])


def _named(name: str) -> str:
    return _folded(shorten(name, LONGEST_NAME), WIDTH_OF_NAME)


def _folded(name: str, width: int) -> str:
    return "\n".join(textwrap.wrap(name, width, break_long_words=False))


SIDES = {-1: SKY, 0: GREEN, 1: ORANGE}
"""Colours of bars: a value below the base, a switch or a category, a value above it."""
DRAWN = {
    "sobol": _bars_of_indices,
    "morris": _scatter_of_effects,
    "regression": _bars_of_coefficients,
    "tornado": _tornado,
}
