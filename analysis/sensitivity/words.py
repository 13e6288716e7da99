"""A sensitivity analysis in words: the answer, captions computed from the numbers, cells of tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.report.figures.style import shorten
from analysis.sensitivity.explain import Explained, Sensitivity
from analysis.sensitivity.luck import Luck
from analysis.sensitivity.material import Parameter, each_row
from analysis.sensitivity.outcomes import Measure
from analysis.stats.paired import p_words
from analysis.stats.policy import FEWEST_PAIRS, LEVEL
from sim.core.formats import listed, number, share, to_digits

NOTABLE = 0.05
"""Sobol index or coefficient below which a parameter is not named in a sentence."""
WIDE = 0.2
"""Half width of the interval of a Sobol index from which on the page warns."""
NOISY = 0.1
"""Part of luck in the points' means above which the page warns."""
LONGEST_CELL = 90
"""Letters of a name or value in a table."""
"""Corrected p-value from which on a change counts as told from chance."""

METHOD_TITLES = {
    "sobol": "Sobol indices",
    "morris": "Morris screening",
    "regression": "Standardised rank regression",
    "tornado": "Paired differences from the base point",
}

METHOD_WORDS = {
    "sobol": "A first-order index is the share of an outcome’s variance over the ranges below that would vanish if the "
    "parameter were known; a total index is the share that would remain if all others were known. Their gap is "
    "interaction. An index slightly below 0 is sampling error.",
    "morris": "An elementary effect is the change of the outcome when one parameter moves and the others stay, scaled "
    "to the parameter’s whole range. μ* is the mean of their sizes, μ their mean with sign, σ their spread: a large σ "
    "means that the effect depends on the other parameters or is curved.",
    "regression": "Outcome and parameters are replaced by their ranks and standardised; a coefficient of 0.5 says that "
    "a parameter one standard deviation higher goes with an outcome half a standard deviation higher, the others "
    "equal. It sees monotone effects only, so read it with R².",
    "tornado": "Each bar compares one changed point with the base point, seed by seed: the same luck with and without "
    "the change. It is valid around the base point and says nothing about interactions. p is that of no difference at "
    "all, the runs of pairs swapped (McNemar’s for outcomes), corrected for the number of changes (Benjamini and "
    f"Hochberg). Intervals of fewer than {FEWEST_PAIRS} pairs hold the truth less often than they say where "
    "differences are skewed.",
}

Cell = tuple[str, Callable[[pd.Series, Measure], str]]


def _interval(row: pd.Series, name: str, write: Callable[[float], str]) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{write(low)} to {write(high)}" if np.isfinite(low) else "–"


def plain(value: float) -> str:
    """Return an index or coefficient with two digits and a real minus sign."""
    text = f"{value:.2f}"
    return (text if float(text) else "0.00").replace("-", "−")


def _index(name: str, words: str) -> tuple[Cell, Cell]:
    return (
        (words, lambda row, _: plain(row[name])),
        ("95% interval", lambda row, _: _interval(row, name, plain)),
    )


def _effect(name: str, words: str, signed: bool) -> tuple[Cell, Cell]:
    return (
        (words, lambda row, measured: measured.effect_text(row[name], signed)),
        ("95% interval", lambda row, measured: _interval(row, name, lambda v: measured.effect_text(v, signed))),
    )


def _named(column: str, words: str) -> Cell:
    return words, lambda row, _: shorten(str(row[column]), LONGEST_CELL)


COLUMNS: dict[str, tuple[Cell, ...]] = {
    "sobol": (_named("parameter", "parameter"), *_index("total", "total"), *_index("first", "first order")),
    "morris": (
        _named("parameter", "parameter"),
        *_effect("mu_star", "μ*", False),
        *_effect("mu", "μ", True),
        *_effect("sigma", "σ", False),
    ),
    "regression": (_named("parameter", "parameter"), *_index("coefficient", "coefficient")),
    "tornado": (
        _named("parameter", "parameter"),
        _named("base_value", "base"),
        _named("value", "changed to"),
        *_effect("effect", "difference", True),
        ("p, corrected", lambda row, _: p_words(row["p_corrected"])),
        _named("pairs", "pairs"),
    ),
}
"""Headings and cells of the table of effects, by method."""


IN_UNITS = ("morris", "tornado")
"""Methods whose effects have the outcome's unit."""


def unit_of_effects(method: str, measured: Measure) -> str:
    """Return the unit of the effects on an outcome; empty for shares of variance and coefficients."""
    return measured.unit if method in IN_UNITS else ""


def cells(method: str, explained: Explained) -> list[list[str]]:
    """Return the table of effects as text, a list a row."""
    rows = [row for _, row in explained.effects.iterrows()]
    return [[write(row, explained.measure) for _, write in COLUMNS[method]] for row in rows]


def answer(result: Sensitivity, explained: Explained, most: int = 4) -> str:
    """Say in one or two sentences what an outcome depends on, naming at most `most` parameters."""
    if explained.silence:
        return explained.silence
    return ANSWERS[result.method](explained, most)


def _sobol_answer(explained: Explained, most: int) -> str:
    top = explained.effects[(explained.effects["total"] >= NOTABLE) & (explained.effects["total_low"] > 0)].head(most)
    if top.empty:
        return "No parameter has an index that can be told from 0; more base samples would be needed."
    named = [f"{row.parameter} (total {plain(row.total)}, alone {plain(row.first)})" for row in each_row(top)]
    text = f"It depends most on {listed(named)}."
    table = explained.effects
    widest = max(float((table[f"{name}_high"] - table[name]).max()) for name in ("first", "total"))
    if widest > WIDE:
        return text + " The intervals are wide; a larger size of the design would narrow them."
    alone = float(explained.effects["first"].clip(lower=0).sum())
    if alone < 0.9:
        text += f" The parameters on their own account for {share(alone)} of the variance; the rest is interaction"
        text += " and left-over luck." if explained.luck.in_means > NOISY or not _known(explained.luck) else "."
    return text


def _morris_answer(explained: Explained, most: int) -> str:
    measured, table = explained.measure, explained.effects
    unit = f" {measured.unit}" if measured.unit else ""
    top = table[table["mu_star_low"] > 0].head(most)
    if top.empty:
        return "No parameter has an effect that can be told from 0."
    named = [f"{row.parameter} ({measured.effect_text(row.mu)}{unit})" for row in each_row(top)]
    text = f"The largest effects have {listed(named)}."
    mixed = [str(row.parameter) for row in each_row(top) if row.sigma > row.mu_star]
    if mixed:
        text += f" The effect of {listed(mixed)} depends strongly on the other parameters (σ above μ*)."
    return text


def _regression_answer(explained: Explained, most: int) -> str:
    table = explained.effects
    clear = table[(table["coefficient_low"] > 0) | (table["coefficient_high"] < 0)]
    top = clear[clear["coefficient"].abs() >= NOTABLE].head(most)
    fit = f"The regression explains {share(explained.r_squared or 0.0)} of the variance of ranks (R²)."
    if most < 3:
        fit = f"R² {share(explained.r_squared or 0.0)}."
    elif (explained.r_squared or 0.0) < 0.5:
        fit += " That is little: much of what happens is luck, interaction or not monotone."
    if top.empty:
        return f"No parameter has a monotone effect that can be told from 0. {fit}"
    named = [f"{row.parameter} ({'+' if row.coefficient > 0 else ''}{plain(row.coefficient)})" for row in each_row(top)]
    return f"It goes most with {listed(named)}. {fit}"


def _tornado_answer(explained: Explained, most: int) -> str:
    measured, table = explained.measure, explained.effects
    unit = f" {measured.unit}" if measured.unit else ""
    clear = table[table["p_corrected"] <= LEVEL].head(most)
    if clear.empty:
        return f"None of the {len(table)} changes has an effect that can be told from 0 with these replicates."
    named = [
        f"{row.parameter} {'switched ' if row.value in ('on', 'off') else 'at '}{row.value} "
        f"({measured.effect_text(row.effect)}{unit})"
        for row in each_row(clear)
    ]
    return f"The largest differences that can be told from 0 come from {listed(named)}."


def _known(luck: Luck) -> bool:
    return bool(np.isfinite(luck.parameters))


def luck_words(luck: Luck) -> str:
    """Say how much of an outcome's variance is luck."""
    if not _known(luck):
        return (
            "With one replicate, luck cannot be told from parameters."
            if luck.replicates < 2
            else "It does not vary between runs."
        )
    text = f"Of the variance of single runs, {share(luck.luck)} is luck and {share(luck.parameters)} parameters."
    if np.isfinite(luck.in_means) and luck.in_means > NOISY:
        text += (
            f" Of the variance between the points’ means, {share(luck.in_means)} is still luck, which looks like "
            "interaction here; more replicates would lower it."
        )
    return text


def caption(result: Sensitivity, explained: Explained) -> str:
    """Say what one sees in the main picture of an outcome."""
    replicates = explained.luck.replicates
    over = "one run a point" if replicates == 1 else f"means over {replicates} replicates a point"
    if result.study.adaptive and replicates > 1:
        over = f"means over at least {replicates} replicates a point"
    lines = "lines are 95% intervals"
    if result.method == "tornado" and explained.effects["effect_low"].isna().any():
        lines += ", which need two pairs"
    return f"{answer(result, explained)} {SEEN[result.method]} From {over}; {lines}."


SEEN = {
    "sobol": "Dark bars are total indices, pale bars first-order ones; where a dark bar is longer than its pale one, "
    "the parameter acts together with others.",
    "morris": "Farther right matters more; above the dashed line an effect differs more than it is large. Blue raises "
    "the outcome on average, red lowers it; numbers order parameters by μ*.",
    "regression": "Blue: the outcome rises with the parameter; red: it falls.",
    "tornado": "Orange: the parameter above its base value; pale blue: below it; green: a switch or a category. The "
    "value stands at the bar’s end.",
}


def overview_caption(result: Sensitivity) -> str:
    """Say what the table of shades shows."""
    what = {
        "sobol": "Total Sobol indices",
        "morris": "Mean effects μ* relative to the largest of the same outcome",
        "regression": "Standardised rank regression coefficients",
        "tornado": "Largest paired difference of each parameter, relative to the largest of the same outcome",
    }[result.method]
    told = [one for one in result.outcomes if len(one.effects)]
    firsts = {str(one.effects["parameter"].iloc[0]) for one in told}
    quoted = (
        " Names in quotes stand for the probability of that outcome." if any(o.measure.is_outcome for o in told) else ""
    )
    if len(firsts) == 1:
        return f"{what}. {firsts.pop()} comes first for every outcome.{quoted}"
    return f"{what}. Darker is more important. {len(firsts)} parameters come first for at least one outcome.{quoted}"


def luck_caption(result: Sensitivity) -> str:
    """Say where luck is largest."""
    told = [one for one in result.outcomes if _known(one.luck)]
    most = max(told, key=lambda one: one.luck.luck)
    least = min(told, key=lambda one: one.luck.luck)
    text = f"Luck has the largest part in {most.measure.label} ({share(most.luck.luck)})"
    text += "." if most is least else f" and the smallest in {least.measure.label} ({share(least.luck.luck)})."
    return text + (
        " The parameters’ part is over the points of this design: wider ranges would make it larger. Points share "
        "their seeds, so luck that is the same everywhere does not disturb comparisons between points."
    )


def range_words(parameter: Parameter) -> str:
    """Return over what a parameter varies."""
    if parameter.kind != "number" or parameter.low is None or parameter.high is None:
        return ", ".join(shorten(value, LONGEST_CELL) for value in parameter.values)
    more = (", whole" if parameter.whole else "") + (", log scale" if parameter.scale == "log" else "")
    return f"{_short(parameter.low)} to {_short(parameter.high)}{more}"


def _short(value: float) -> str:
    return number(value) if abs(value) >= 1000 else to_digits(value)


ANSWERS = {
    "sobol": _sobol_answer,
    "morris": _morris_answer,
    "regression": _regression_answer,
    "tornado": _tornado_answer,
}
