"""The picture of every mechanism's effect: a row a mechanism, a column a measure."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.figures.style import new_figure, readable
from analysis.patterns.ablation import SwitchEffect, Switches
from analysis.patterns.put import CheckResult, PatternResult
from sim.figures.plot import BLUE, GREY, INK, PALE, VERMILION
from sim.measures.labels import words
from sim.measures.language import is_share_of_runs, parse
from sim.models.results import Declarations

ROW, REST = 0.2, 1.1  # inches
FULL = 0.5
"""Change, as a share of the level with the mechanism, from which colours are at their strongest."""


def effects_of_switches(result: PatternResult, check: CheckResult) -> tuple[Figure, str]:
    """Draw the change of each measure once a mechanism is off."""
    options = check.asked.options
    assert isinstance(options, Switches)
    effects: tuple[SwitchEffect, ...] = check.found.details
    rows = list(dict.fromkeys((one.base, one.switch) for one in effects))
    figure = new_figure(REST + ROW * len(rows))
    axis = figure.add_subplot()
    for one in effects:
        x, y = options.measures.index(one.measure), rows.index((one.base, one.switch))
        size = (
            one.change
            if _is_share(one, result.data.numbers)
            else one.change / one.without
            if one.without
            else np.sign(one.change)
        )
        strength = min(abs(size) / FULL, 1.0)
        colour = (VERMILION if size > 0 else BLUE) if one.told else PALE
        axis.barh(
            y,
            0.96,
            left=x - 0.48,
            height=0.92,
            color=colour,
            alpha=0.15 + 0.6 * strength if one.told else 0.6,
            linewidth=0,
        )
        text = "same" if one.identical else f"{size:+.0%}".replace("-", "−")
        axis.text(x, y, text, ha="center", va="center", fontsize=7.5, color=INK if one.told else GREY)
    several = len({base for base, _ in rows}) > 1
    axis.set_yticks(
        range(len(rows)), [readable(f"{switch} ({base})" if several else switch) for base, switch in rows], fontsize=8
    )
    axis.set_xticks(range(len(options.measures)), [_short(text) for text in options.measures], fontsize=8)
    axis.xaxis.tick_top()
    axis.set_xlim(-0.5, len(options.measures) - 0.5)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.grid(False)
    axis.tick_params(length=0)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)
    return figure, (
        "Change of each measure (columns) once a mechanism (rows) is switched off, as a share of its level with the "
        "mechanism; for shares of runs the change itself. Coloured: can be told from none (red up, blue down); "
        "grey: cannot; “same”: every run is the same without it."
    )


def _is_share(effect: SwitchEffect, numbers: Declarations) -> bool:
    return is_share_of_runs(parse(effect.measure), numbers.number_names)


def _short(text: str) -> str:
    said = words(parse(text)).removeprefix("share of runs that end as ")
    parts = said.split(", ")[0].split()
    lines, line = [], ""
    for word in parts:
        if len(line) + len(word) > 15 and line:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])
