"""The page of the project's own cases: of how many the observed outcome is the commonest, and by what runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from analysis.findings.cases import CaseResult
from analysis.report.figures.style import new_figure, several
from analysis.report.markdown import on_page
from analysis.report.page import shown, write_page
from analysis.report.view import Report, Section
from analysis.stats.intervals import wilson
from sim.core.errors import kept
from sim.core.formats import readable
from sim.figures.plot import BLUE, GREY, VERMILION, styled

PAGE = "outcomes.html"


def write(results: Sequence[CaseResult], tables: Mapping[str, str], folder: Path, command: str) -> Path:
    """Write the page into the folder of the study and return it; `tables` has a title for each table in Markdown."""
    with kept(folder):
        return write_page(folder / PAGE, _report(results, tables, command))


def _report(results: Sequence[CaseResult], tables: Mapping[str, str], command: str) -> Report:
    judged = [one for one in results if not one.observed.calibrated]
    hits, of = sum(one.hit for one in judged), len(judged)
    among = wilson(hits, of) if of else None
    span = f" (95% interval {among.low:.0%} to {among.high:.0%})" if among else ""
    counts = sorted({one.right.runs for one in results})
    runs = " to ".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
    shares = [one.right.share for one in judged]
    missed = ", ".join(one.title for one in judged if not one.hit)
    return Report(
        kind="Cases held against what happened",
        title="The project's own cases",
        outcome=f"{hits} of {of} hit",
        answer=f"In {hits} of {of} cases that the model was not calibrated on, its commonest outcome is the observed "
        "one."
        + (f" Missed: {missed}." if missed else ""),
        numbers=[
            (f"cases hit{span}", f"{hits} of {of}"),
            ("runs with the observed outcome, mean over these cases", f"{np.mean(shares):.0%}" if of else "–"),
            ("runs of a case", runs),
        ],
        sure=f"From {several(sum(one.right.runs for one in results), 'run')}. The interval of a share is Wilson's, and "
        "holds the luck of runs. A handful of cases proves little, whoever is hit.",
        picture=shown(
            "cases",
            "How often runs end as it happened",
            "Dots: share of runs that end in the observed outcome, named at the right, with 95% interval. Blue: it is "
            "the commonest outcome; red: another is; hollow: the model was calibrated on this case.",
            draw(results),
        ),
        sections=[
            *(Section(f"table-{place}", title, on_page(text)) for place, (title, text) in enumerate(tables.items())),
            Section("again", "Run it again", on_page(f"    {command}")),
        ],
        limits="These are statements about a model under the assumptions of its scenarios.",
    )  # fmt: skip


def draw(results: Sequence[CaseResult]) -> Figure:
    """Draw the share of runs that end as observed, a row a case."""
    with styled():
        figure = new_figure(0.8 + 0.32 * len(results))
        axis = figure.add_subplot()
        for row, one in enumerate(results):
            colour = BLUE if one.hit else VERMILION
            axis.hlines(row, one.right.interval.low, one.right.interval.high, color=colour, linewidth=2)
            axis.plot(one.right.share, row, "o", color=colour, mfc="white" if one.observed.calibrated else colour)
            axis.annotate(
                readable(one.observed.outcomes[0]), (1.02, row), xycoords=("axes fraction", "data"), va="center",
                color=GREY, fontsize=9,
            )  # fmt: skip
        axis.set_yticks(range(len(results)), [one.title for one in results])
        axis.set_ylim(len(results) - 0.4, -0.6)
        axis.set_xlim(-0.02, 1.02)
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axis.grid(True, axis="x")
        axis.grid(False, axis="y")
        axis.set_xlabel("share of runs that end as it happened")
    return figure
