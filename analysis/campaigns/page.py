"""The page of a table of campaigns: can the model tell on the first day who will succeed, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.campaigns import score
from analysis.campaigns.judge import BASE_RATE
from analysis.campaigns.material import EVENTS, MODES, Material
from analysis.campaigns.report import rivals
from analysis.report.figures.style import new_figure, several
from analysis.report.markdown import on_page
from analysis.report.page import shown, write_page
from analysis.report.view import Report, Section
from sim.core.errors import kept
from sim.figures.plot import BLUE, GREY, VERMILION, styled

PAGE = "report.html"
TITLES = {
    "campaigns-skill": "How good the chances are",
    "campaigns-reliability": "Reliability, in numbers",
    "campaigns-rates": "How often it happened, and in the model",
    "campaigns-misses": "Where the model was most wrong",
    "campaigns-cases": "Every campaign",
    "campaigns-unknown": "What is not known of a country",
}
COIN = 0.5


def write(stuff: Material, tables: Mapping[str, str], seeds: int, folder: Path, command: str) -> Path:
    """Write the page of campaigns into the folder of their runs and return it.

    Parameters
    ----------
    stuff : Material
    tables : mapping of str to str
        Markdown by the name of its place, as `analysis.campaigns.report.tables` has them.
    seeds : int
        Runs of a campaign.
    folder : Path
    command : str
        What makes it again.
    """
    with kept(folder):
        return write_page(folder / PAGE, _report(stuff, tables, seeds, command))


def _report(stuff: Material, tables: Mapping[str, str], seeds: int, command: str) -> Report:
    happened = stuff.observed["success"].to_numpy(dtype=np.float64)
    own = stuff.chance["before", "success"]
    many, countries = (
        several(len(happened), "campaign"),
        several(len(set(stuff.observed["country"])), "country", "countries"),
    )
    auc = score.scored(own, happened, stuff.clusters)["AUC"]
    base = rivals(stuff, "before", "success")[BASE_RATE]
    gain = score.gain(own, base, happened, stuff.clusters)
    said = verdict(auc)
    return Report(
        kind="Campaigns of a table, held against what happened",
        title=f"{many} of {countries}",
        lead="Each campaign became a scenario of what was known on its first day. The model was run on it, and the "
        "share of runs that end in success is the chance it gives.",
        outcome=said,
        answer=f"{_auc_words(auc)} Of the campaigns {np.mean(happened):.0%} succeeded; the model gives them a mean "
        f"chance of {np.mean(own):.0%}.",
        numbers=[
            (f"AUC, success by the facts of the first day ({_span(auc)}); a coin has {COIN}", _text(auc.value)),
            (f"Brier score better than the base rate's by ({_span(gain)})", f"{_text(gain.value)}"),
            ("succeeded in the model; in the data", f"{np.mean(own):.0%}; {np.mean(happened):.0%}"),
        ],
        sure=f"From {many} and {several(seeds, 'run')} of each by the facts of the first day. Intervals (95%) come "
        "from drawing whole countries again. The table's codings, and what is filled in where a fact is missing, "
        "are not in them.",
        picture=shown("reliability", "What chances of the model are worth", CAPTION, reliability(stuff)),
        sections=[
            *(Section(name, title, on_page(tables[name])) for name, title in _titles(stuff).items()),
            Section("again", "Run it again", on_page(f"    {command}")),
        ],
        limits="These are statements about a model and a table. A chance of the model is the share of its runs, and "
        "no forecast.",
    )  # fmt: skip


CAPTION = (
    "Each mark is a fifth of the range of chances: the mean chance that the model gave, and the share of campaigns in "
    "which it came so, with its 95% interval. On the dotted line chances mean what they say; a flat row of marks "
    "says that the chances tell nothing."
)


def _titles(stuff: Material) -> Mapping[str, str]:
    """Return the titles of the tables that say something."""
    return {name: title for name, title in TITLES.items() if name != "campaigns-unknown" or stuff.sets}


def verdict(auc: score.Score) -> str:
    """Return whether chances tell who will succeed, by whether the interval of the AUC leaves out a half."""
    if not np.isfinite(auc.value):
        return "No campaign to tell apart"
    if auc.low > COIN:
        return "Better than a coin"
    if auc.high < COIN:
        return "Worse than a coin"
    return "Not told from a coin"


def _auc_words(auc: score.Score) -> str:
    if not np.isfinite(auc.value):
        return "All campaigns came to the same end, or to the other; nothing can be told apart."
    span = f"95% interval {auc.low:.0%} to {auc.high:.0%}" if np.isfinite(auc.low) else "too few for an interval"
    return (
        f"Of a campaign that succeeded and one that did not, the model gives the first the larger chance in "
        f"{auc.value:.0%} of pairs ({span}); a coin would in half."
    )


def _span(one: score.Score) -> str:
    if not np.isfinite(one.low):
        return "too few for an interval"
    return f"95% interval {_text(one.low)} to {_text(one.high)}"


def _text(value: float) -> str:
    return f"{value:.2f}".replace("-", "−") if np.isfinite(value) else "–"


def reliability(stuff: Material) -> Figure:
    """Draw the reliability curves of both modes, a panel an event."""
    with styled():
        figure = new_figure(4.2)
        panels = figure.subplots(1, 2, sharey=True)
        for axis, (event, called) in zip(panels, EVENTS.items(), strict=True):
            _panel(axis, stuff, event, called)
        panels[0].set_ylabel("share of campaigns in which it came so")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return figure


def _panel(axis: Axes, stuff: Material, event: str, called: str) -> None:
    axis.plot((0, 1), (0, 1), color=GREY, linewidth=0.8, linestyle=":")
    happened = stuff.observed[event].to_numpy(dtype=np.float64)
    for (mode, words), colour, shift in zip(MODES.items(), (BLUE, VERMILION), (-0.008, 0.008), strict=True):
        bins = score.reliability(stuff.chance[mode, event], happened, stuff.clusters).dropna()
        down, up = bins["happened"] - bins["low"], bins["high"] - bins["happened"]
        axis.errorbar(
            bins["chance"] + shift, bins["happened"], yerr=np.maximum(0.0, [down, up]),
            color=colour, marker="o", markersize=4, linewidth=1, capsize=2, label=words,
        )  # fmt: skip
    axis.set_title(called)
    axis.set_xlabel("chance said by the model")
    axis.set_xlim(0, 1)
    axis.set_ylim(-0.02, 1.02)


def picture(stuff: Material, path: Path) -> None:
    """Draw the reliability curves into a PNG file."""
    reliability(stuff).savefig(path, format="png", dpi=110, metadata={"Software": None})
