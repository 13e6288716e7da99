"""The figures of docs/classics.md: `python -m analysis.findings.classics_figures [DIR]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures.files import METADATA
from sim.figures.plot import BLUE, GREEN, VERMILION
from sim.models.declarations import Declarations
from sim.run.simulate import simulate

DPI = 110
GREY = "#8A8A8A"


def grid_models(folder: Path) -> list[Path]:
    """Draw Epstein's runs (outbursts and their absence, losses of legitimacy and of cops, two groups) and Moro's."""
    return [
        _saved(_rebellion(), folder / "classics-rebellion.png"),
        _saved(_losses(), folder / "classics-losses.png"),
        _saved(_groups(), folder / "classics-groups.png"),
        _saved(_revolutions(), folder / "classics-moro.png"),
    ]


def _rebellion() -> Figure:
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, sharey=True)
    _active(above, "epstein-2002", "C/A rounded down: punctuated equilibrium", 1)
    _active(below, "epstein-2002-literal", "C/A as printed: a few active citizens, no outburst", 1)
    below.set_xlabel("step")
    return figure


def _losses() -> Figure:
    figure = Figure(figsize=(9, 6.4), layout="constrained")
    for axis, (name, title, what) in zip(
        figure.subplots(3, 1),
        (
            ("epstein-2002-jump", "legitimacy from 0.9 to 0.7 at once, at step 77; ten seeds", "legitimacy"),
            ("epstein-2002-salami", "the same loss, 0.01 a step; the same ten seeds", "legitimacy"),
            ("epstein-2002-cop-reductions", "one cop less every five steps; ten seeds", "cops"),
        ),
        strict=True,
    ):
        for seed in range(10):
            run = simulate(name, seed=seed)
            axis.plot(run.days["step"], run.days["active"], color=VERMILION, linewidth=0.8, alpha=0.7)
        axis.set_ylabel("active")
        axis.set_title(title, loc="left", fontsize=10)
        other = axis.twinx()
        other.plot(run.days["step"], run.days[what], color=BLUE)
        other.set_ylim(0, 1 if what == "legitimacy" else None)
        other.set_ylabel(what, color=BLUE)
    axis.set_xlabel("step")
    return figure


def _groups() -> Figure:
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    runs = (
        ("epstein-2002-coexistence", "L 0.9, no peacekeepers"),
        ("epstein-2002-cleansing", "L 0.8, no peacekeepers"),
        ("epstein-2002-peacekeepers", "L 0.8, peacekeepers on 4%"),
    )
    for axis, (name, title) in zip(figure.subplots(1, 3, sharey=True), runs, strict=True):
        run = simulate(name, seed=3)
        days, known = run.days, Declarations(run.declared.columns)
        for group, colour in (("first_group", BLUE), ("second_group", GREEN)):
            axis.plot(days["step"], days[group], color=colour, label=known[group].brief)
        axis.set_title(title, loc="left", fontsize=10)
        axis.set_xlabel("step")
        axis.set_ylim(0, 1600)
    figure.axes[0].set_ylabel("members alive")
    figure.axes[0].legend(frameon=False, fontsize=9)
    return figure


def _revolutions() -> Figure:
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    runs = (
        ("moro-2016", "p 0.4, r 0.3"),
        ("moro-2016-anarchy", "p 0.9, r 0.3"),
        ("moro-2016-status-quo", "p 0.9, r 0.1"),
    )
    above, below = figure.subplots(2, 3, sharex=True, sharey="row")
    for citizens, sides, (name, title) in zip(above, below, runs, strict=True):
        run = simulate(name)
        days = run.days
        citizens.fill_between(days["step"], days["active"], color=VERMILION, alpha=0.8, linewidth=0, label="active")
        citizens.plot(days["step"], days["jailed"], color=GREY, linewidth=1, label="jailed")
        citizens.set_title(f"{title}: {run.outcome.name}", loc="left", fontsize=10)
        sides.plot(days["step"], days["policemen"], color=BLUE, label="policemen")
        sides.plot(days["step"], days["revolutionaries"], color=VERMILION, label="revolutionaries")
        sides.set_xlabel("step")
    for axis, what in ((above[0], "citizens"), (below[0], "alive")):
        axis.set_ylabel(what)
        axis.set_ylim(0, None)
        axis.legend(frameon=False, fontsize=9)
    return figure


def _active(axis: Axes, name: str, title: str, seed: int) -> None:
    days = simulate(name, seed=seed).days
    axis.fill_between(days["step"], days["active"], color=VERMILION, alpha=0.8, linewidth=0)
    axis.plot(days["step"], days["jailed"], color=GREY, linewidth=1)
    axis.text(days["step"].iloc[-1] + 2, days["jailed"].iloc[-1], "jailed", color=GREY, fontsize=9)
    axis.text(days["step"].iloc[-1] + 2, 0, "active", color=VERMILION, fontsize=9)
    axis.set_ylabel("citizens")
    axis.set_xlim(0, days["step"].iloc[-1] + 22)
    axis.set_title(title, loc="left", fontsize=10)


def _saved(figure: Figure, path: Path) -> Path:
    for axis in figure.axes:
        axis.spines["top"].set_visible(False)
    metadata: dict[str, Any] = METADATA["png"]
    figure.savefig(path, dpi=DPI, metadata=metadata)
    return path


def main() -> None:
    """Write all figures, into docs or the folder that is named."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    folder.mkdir(parents=True, exist_ok=True)
    for path in grid_models(folder):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
