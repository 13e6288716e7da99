"""The picture of the effects: a dot and an interval for each claim, in units of the smallest effect that matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.claims.examine import Finding
from analysis.claims.verdict import (
    CANNOT,
    CONTRADICTED,
    NO_EFFECT,
    SENSITIVE,
    SIGNS,
    SUPPORTED,
    TOO_WEAK,
)
from analysis.report.figures.style import new_figure, shorten
from sim.figures.plot import BLUE, GREY, INK, ORANGE, SKY, VERMILION, styled

COLOURS = {SUPPORTED: BLUE, CONTRADICTED: VERMILION, SENSITIVE: ORANGE, NO_EFFECT: SKY, TOO_WEAK: GREY, CANNOT: GREY}
MARKS = {SUPPORTED: "o", CONTRADICTED: "X", SENSITIVE: "D", NO_EFFECT: "s", TOO_WEAK: "v", CANNOT: "x"}
"""Verdicts are told apart by shape as well as by colour."""
FARTHEST = 100.0
"""Units of the smallest effect; what lies beyond is drawn at the edge."""
LONGEST_CLAIM = 50
HEIGHT_OF_A_CLAIM, HEIGHT_OF_THE_REST = 0.24, 1.5  # inches


def in_units(finding: Finding) -> tuple[float, float, float]:
    """Return estimate and interval in units of the smallest effect that matters, positive as claimed.

    For `stays` positive is a rise. Without pairs enough, or where the smallest effect is 0, the values
    are not numbers.
    """
    effect = finding.effect
    if not effect.smallest > 0.0:
        return float("nan"), float("nan"), float("nan")
    sign = SIGNS[finding.trial.test.direction] / effect.smallest
    low, high = sorted((sign * effect.low, sign * effect.high))
    return sign * effect.estimate, low, high


def effects(findings: Sequence[Finding]) -> Figure:
    """Draw the effects of some experiments, the first at the top."""
    with styled():
        figure = new_figure(HEIGHT_OF_THE_REST + HEIGHT_OF_A_CLAIM * len(findings))
        axis = figure.add_subplot()
        axis.set_xscale("symlog", linthresh=1.0, linscale=1.0)
        axis.axvspan(-1.0, 1.0, color="#EFEFEF", linewidth=0, zorder=0)
        axis.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
        drawn = set()
        for row, finding in enumerate(findings):
            middle, low, high = np.clip(in_units(finding), -FARTHEST, FARTHEST)
            verdict = finding.verdict
            if not np.isfinite(middle):
                continue
            label = None if verdict in drawn else verdict
            drawn.add(verdict)
            axis.plot([low, high], [row, row], color=COLOURS[verdict], linewidth=2.0, solid_capstyle="butt", zorder=2)
            axis.plot(
                middle, row, MARKS[verdict], color=COLOURS[verdict], markersize=7.5, markeredgecolor="white",
                markeredgewidth=0.6, label=label, zorder=3,
            )  # fmt: skip
        axis.set_yticks(range(len(findings)), [_row_name(finding) for finding in findings], fontsize=7.5)
        axis.set_ylim(len(findings) - 0.4, -0.6)
        axis.set_xlim(-FARTHEST * 1.3, FARTHEST * 1.3)
        axis.set_xticks([-100, -10, -1, 0, 1, 10, 100])
        axis.xaxis.set_major_formatter(FuncFormatter(_tick))
        axis.tick_params(axis="x", which="minor", bottom=False)
        axis.grid(True, axis="x")
        axis.grid(False, axis="y")
        axis.set_xlabel("effect in units of the smallest that matters;\nright of 0: as the claim has it")
        if drawn:
            figure.legend(loc="outside upper left", ncols=len(drawn), handletextpad=0.2, columnspacing=1.2)
    return figure


def _tick(value: float, _: int) -> str:
    return f"{value:+g}".replace("-", "−") if value else "0"


def _row_name(finding: Finding) -> str:
    claim = finding.trial.claim
    name = f"{claim.id} =" if finding.trial.test.direction == "stays" else claim.id
    return f"{shorten(claim.claim, LONGEST_CLAIM)}  {name}"


def overview(by_document: Mapping[str, Sequence[str]]) -> Figure:
    """Draw how many claims of each document came to which verdict: verdicts by the title of a document."""
    titles, every = list(by_document), [one for verdicts in by_document.values() for one in verdicts]
    with styled():
        figure = new_figure(0.95 + 0.4 * len(titles))
        axis = figure.add_subplot()
        left = np.zeros(len(titles))
        for verdict in (one for one in COLOURS if one in every):
            many = np.array([verdicts.count(verdict) for verdicts in by_document.values()], dtype=float)
            colour = "#C8C8C8" if verdict == CANNOT else COLOURS[verdict]
            axis.barh(range(len(titles)), many, left=left, color=colour, height=0.6, label=verdict)
            left += many
        axis.set_yticks(range(len(titles)), ["\n".join(wrap(shorten(title, 76), 38)) for title in titles], fontsize=8.5)
        axis.set_ylim(len(titles) - 0.4, -0.6)
        axis.grid(True, axis="x")
        axis.grid(False, axis="y")
        axis.locator_params(axis="x", integer=True)
        axis.set_xlabel("claims tested")
        figure.legend(*axis.get_legend_handles_labels(), loc="outside upper left", ncols=3)
    return figure


def caption(findings: Sequence[Finding]) -> str:
    """Return what the picture shows, in words."""
    text = (
        "For each claim the mean paired effect of its experiment (mark) and its 95% interval (bar), divided by the "
        "smallest effect that matters. An effect within the grey band does not matter. The scale is linear inside "
        f"the band and logarithmic outside it; what lies beyond {FARTHEST:g} is drawn at the edge."
    )
    if any(finding.trial.test.direction == "stays" for finding in findings):
        text += " “=” marks claims that nothing much changes: right of 0 is a rise, and the band supports them."
    return text
