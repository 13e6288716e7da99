"""Pictures of the threshold and network models for docs/classics.md: `python -m analysis.findings.threshold_models`.

Every number in them is computed here, from the shipped scenarios and fixed seeds; some three minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from analysis.report.figures.files import save
from analysis.report.figures.style import new_figure
from sim.core.share import PACKAGE
from sim.figures.plot import BLACK, BLUE, GREEN, GREY, ORANGE, VERMILION
from sim.models import granovetter_1978, siegel_2009, watts_2002
from sim.models.interface import engine_of
from sim.run.load import load
from sim.run.simulate import simulate

DOCS = PACKAGE.parent / "docs"
CHENOWETH = "chenoweth-hocking-marks-2022"
STRATEGIES = (("", "anywhere", GREY), ("-nearest", "to the nearest pillar", BLUE),
              ("-weakest", "to the least loyal pillar", VERMILION))  # fmt: skip


def ends(
    name: str, seeds: int, changes: dict[str, object] | None = None, first: int = 0
) -> list[tuple[str, dict[str, Any]]]:
    """Return outcome and summary of runs of a scenario, on so many seeds from the first on."""
    config = load(name, changes).config
    engine = engine_of(config.model)
    found = []
    for seed in range(first, first + seeds):
        state = engine.build(config, seed, 1)
        outcome = None
        for _ in range(engine.steps(config)):
            engine.advance(state)
            outcome = engine.outcome(state)
            if outcome is not None:
                break
        summary = engine.report(state).summary
        found.append(((outcome or engine.verdict(state)).name, summary))
    return found


def granovetter() -> Figure:
    """Where a crowd of a hundred with normal thresholds comes to rest, over their spread."""
    figure = new_figure(2.8)
    axis = figure.subplots()
    spreads = np.concatenate([np.linspace(1, 12.22, 80), np.linspace(12.223, 60, 120)])
    axis.plot(spreads, [granovetter_1978.fixed_point(25.0, float(spread), 100.0) for spread in spreads], color=BLUE)
    axis.axvline(12.2221, color=GREY, linewidth=0.8)
    axis.annotate("12.2221", (12.2221, 50), textcoords="offset points", xytext=(5, 0))
    axis.set_xlabel("standard deviation of thresholds, mean 25")
    axis.set_ylabel("persons who act, of 100")
    return figure


def watts() -> Figure:
    """How often one seed sets off a cascade, over the mean degree."""
    figure = new_figure(2.8)
    axis = figure.subplots()
    degrees = np.linspace(0.6, 7.5, 150)
    axis.plot(degrees, [watts_2002.cascade_probability(float(z), 0.18) for z in degrees], color=BLUE, label="theory")
    for z in (0.8, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.4, 6.0, 7.0):
        found = ends("watts-2002", 60, {"network.mean_degree": z})
        share = np.mean([name == "global" for name, _ in found])
        axis.plot(z, share, "o", color=VERMILION, label="60 runs of 10,000 persons" if z == 0.8 else None)
    for edge in (1.0207, 5.7647):
        axis.axvline(edge, color=GREY, linewidth=0.8)
    axis.set_xlabel("ties of a person, on average; threshold 0.18")
    axis.set_ylabel("runs with a cascade, share")
    axis.legend()
    return figure


def kuran() -> Figure:
    """Public opposition in two societies that differ in one threshold."""
    figure = new_figure(2.6)
    axis = figure.subplots()
    for name, colour, label in (("kuran-1991", VERMILION, "sequence A"), ("kuran-1991-b", BLUE, "sequence B")):
        share = simulate(name).days["share"].to_numpy()
        whole = np.concatenate([[0.0], share, np.full(14 - share.size, share[-1])])
        axis.step(np.arange(whole.size), 100 * whole, where="post", color=colour, label=label)
    axis.axvline(5, color=GREY, linewidth=0.8)
    axis.annotate(
        "the second person's threshold falls", (5, 80), textcoords="offset points", xytext=(-4, 0), ha="right"
    )
    axis.set_xlabel("step")
    axis.set_ylabel("public opposition, %")
    axis.legend(loc="center right")
    return figure


def siegel() -> Figure:
    """Participation over mean motivation, where everybody sees everybody and in villages."""
    figure = new_figure(2.8)
    axis = figure.subplots()
    means = np.linspace(0.4, 0.8, 201)
    theory = [siegel_2009.fixed_point(float(mean), 0.25) for mean in means]
    axis.plot(means, theory, color=BLACK, label="everybody, endless crowd")
    networks: tuple[tuple[str, dict[str, object], str, str], ...] = (
        ("siegel-2009", {}, ORANGE, "everybody, 1,000 persons"),
        ("siegel-2009-village", {"network.size": 10, "network.far": 0.0}, BLUE, "villages of 10"),
        ("siegel-2009-small-world", {}, GREEN, "small world, 5 on each side"),
    )
    points = np.linspace(0.4, 0.8, 17)
    for name, changes, colour, label in networks:
        shares = [
            np.mean([end["share"] for _, end in ends(name, 10, {**changes, "population.motivation.mean": float(mean)})])
            for mean in points
        ]
        axis.plot(points, shares, "o-", color=colour, markersize=3, linewidth=1, label=label)
    axis.set_xlabel("mean net internal motivation, standard deviation 0.25")
    axis.set_ylabel("share that participates")
    axis.legend()
    return figure


def steinert_threlkeld() -> Figure:
    """What samples of twenty runs say of repression, against what it does."""
    figure = new_figure(2.8)
    left, right = figure.subplots(1, 2)
    rates = np.linspace(0.0, 0.15, 11)
    kinds = (
        ("", BLUE, "small world"),
        ("-clustered", ORANGE, "scale-free with triangles"),
        ("-random", GREEN, "random"),
    )
    for kind, colour, label in kinds:
        name = f"steinert-threlkeld-2021{kind}"
        sizes = [np.mean([end["share"] for _, end in ends(name, 40, {"repression.rate": float(r)})]) for r in rates]
        left.plot(rates, sizes, color=colour, label=label)
    left.set_xlabel("share of the active removed in each step")
    left.set_ylabel("share active in the end")
    left.legend()
    low = np.linspace(0.0, 0.05, 20)
    columns = []
    for place, rate in enumerate(low):  # every run with a seed of its own, as unpaired data are
        changes: dict[str, object] = {"repression.rate": float(rate), "population.persons": 200}
        columns.append([end["active"] for _, end in ends("steinert-threlkeld-2021", 60, changes, 60 * place)])
    slopes = [np.polyfit(low, [column[sample] for column in columns], 1)[0] for sample in range(60)]
    right.hist(slopes, bins=15, color=GREY)
    right.axvline(0, color=BLACK, linewidth=0.8)
    right.set_xlabel("persons per unit of repression, samples of 20")
    right.set_ylabel("samples")
    return figure


def chenoweth() -> Figure:
    """Share of runs that the movement has won, step by step, for each strategy."""
    figure = new_figure(2.8)
    axis = figure.subplots()
    for kind, label, colour in STRATEGIES:
        found = ends(f"{CHENOWETH}{kind}", 100)
        when = np.sort([end["steps"] for name, end in found if name == "movement"])
        steps = np.concatenate([[0], when, [200]])
        won = np.concatenate([[0.0], np.arange(1, when.size + 1) / 100, [when.size / 100]])
        axis.step(steps, won, where="post", color=colour, label=label)
    axis.set_ylim(0, 1)
    axis.set_xlabel("step")
    axis.set_ylabel("won by the movement, share")
    axis.legend(title="activists move", loc="lower right")
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    "granovetter": granovetter,
    "watts": watts,
    "kuran": kuran,
    "siegel": siegel,
    "steinert-threlkeld": steinert_threlkeld,
    "chenoweth": chenoweth,
}


def main(folder: Path = DOCS) -> None:
    """Write every picture."""
    for name, draw in FIGURES.items():
        save(draw(), f"classics-{name}", folder, ("png",))


if __name__ == "__main__":
    main()
