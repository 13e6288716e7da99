"""The page, the tables and the record of a calibration that a user asked for."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.calibration.as_written import TOUCH, TOUCHED_RUNS
from analysis.calibration.evaluate import Row
from analysis.calibration.fit import LEVELS, Fit
from analysis.calibration.record import with_plain_numbers
from analysis.calibration.report import number
from analysis.calibration.search import values_at
from analysis.report.figures.style import new_figure, several
from analysis.report.page import write_result, write_text
from analysis.report.view import Parts, Report, Shown, pictured
from sim.core.version import model_version
from sim.figures.plot import BLUE, GREY, INK, ORANGE, styled
from sim.models.results import capital

RECORD, SETS = "calibration.json", "posterior.csv"
PINNED = 0.25
"""A direction with less of the prior's variance than this has lost more than half of its width."""
MOST_PAIRS = 6
BINS = 15
LOADING = 0.3
LONGEST_LINE = 30
PAIRED_LINES = 100
"""Letters that fit below all panels of pairs side by side."""
NO_WIDTH = 0.05
"""Ranges of a target below which a bar is drawn as a square."""
FRAME = 5
"""Ranges of a target that are shown on either side of its value."""


def write(fit: Fit, folder: Path, about: dict[str, Any], formats: tuple[str, ...] = ()) -> Path:
    """Write record, posterior and page; return the page.

    Parameters
    ----------
    about : dict
        ``scenario``, ``targets``, ``command``.
    """
    if fit.posterior is not None:
        write_text(folder / SETS, sets(fit).to_csv(index=False, lineterminator="\n"))
    record = with_plain_numbers(record_of(fit, about))
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def content(picture: Any) -> Report:
        rows = [(_cells(row), place >= len(fit.asked.case.targets)) for place, row in enumerate(fit.checked.rows)]
        fitted, held = ([cells for cells, out in rows if out is wanted] for wanted in (False, True))
        directions, pictures = direction_rows(fit), _pictures(fit, picture)
        given = {
            "about": about,
            "parameters": [(fit.asked.called.get(path, path), *cells) for path, *cells in parameter_rows(fit)],
            "directions": directions,
            "fights": [(one.first, one.second, f"{100 * one.opposed:.0f}%") for one in fit.fights],
            "version": model_version(),
        }
        parts = Parts("calibrate.html.j2", given)
        met, of = fit.met(False)
        outside, others = fit.met(True)
        numbers = [("targets met", f"{met} of {of}")]
        numbers += [("held out, met", f"{outside} of {others}")] if held else []
        if fit.touched.size:
            left = f"{np.median(fit.touched[:, 0]):g} of {of}"
            numbers += [(f"met when every value is moved by up to {TOUCH:.0%}", left)]
        numbers += [("directions pinned down", f"{pinned(fit)} of {len(directions)}")] if directions else []
        numbers += [("parameter sets tried", f"{fit.evaluations:,}")]
        said = summary(fit)
        sections = [*pictured(pictures[1:]), parts.section("targets", "Targets of the fit", "targets", fitted)]
        sections += [parts.section("held-out", "Held out. No search saw these", "targets", held)] if held else []
        sections += [parts.section("parameters", "Parameters", "searched")]
        if directions:
            sections += [parts.section("directions", "What the targets pin down", "known")]
            sections += [parts.section("fights", "Targets that fight each other", "opposed")]
        method = "a point by CMA-ES" if fit.how.method == "cma" else "a posterior by ABC-SMC"
        return Report(
            kind=f"Calibration · {method} · {several(fit.evaluations, 'set')} tried",
            title=f"{fit.asked.title} held against {about['targets']}",
            heading=f"{fit.asked.title}, calibrated",
            outcome=f"{met} of {several(of, 'target')} met" + (f", {outside} of {others} held out" if held else ""),
            answer=f"{capital(said)}.",
            numbers=numbers,
            sure=f"From {several(len(fit.rows), 'run')} of what was found, with seeds that did not choose it. Bars of the "
            "picture hold nine tenths of them."
            + ("" if held else " Nothing was held out, so that nothing says how it does on what it has not seen."),
            picture=pictures[0],
            sections=[*sections, parts.section("again", "Again", "again")],
            limits="What fits is not thereby true: other parameters, and other models, may fit as well.",
        )

    return write_result(folder, (RECORD, text), content, formats)


def sets(fit: Fit) -> pd.DataFrame:
    """Return the posterior's sets, a row each: the value of each parameter by its key path, and the weight."""
    assert fit.posterior is not None
    found = pd.DataFrame([values_at(fit.asked.case, position) for position in fit.posterior.positions])
    return found.assign(weight=fit.posterior.weights)


def record_of(fit: Fit, about: dict[str, Any]) -> dict[str, Any]:
    """Return everything as plain data."""
    case = fit.asked.case
    record: dict[str, Any] = {
        "program": "protestorate",
        "model_version": model_version(),
        **about,
        "how": asdict(fit.how),
        "searched": {path: asdict(span) for path, span in case.searched.items()},
        "fixed": dict(case.fixed),
        "best": fit.best,
        "evaluations": fit.evaluations,
        "met": dict(zip(("fit", "of"), fit.met(False), strict=True)),
        "met_held_out": dict(zip(("met", "of"), fit.met(True), strict=True)),
        "targets": [asdict(row) for row in fit.checked.rows],
        "held_out": [target.name for target in fit.asked.held_out],
        "bands": {f"q{100 * level:02.0f}": list(values) for level, values in zip(LEVELS, fit.bands(), strict=True)},
    }
    if fit.touched.size:
        met, held = fit.touched.T.tolist()
        record["touched"] = {"by": TOUCH, "runs": TOUCHED_RUNS, "met": met, "met_held_out": held}
    if fit.posterior is not None:
        values, vectors = fit.posterior.directions()
        low, middle, high = (values_at(case, row) for row in fit.posterior.quantiles((0.05, 0.5, 0.95)))
        record["posterior"] = {
            "sets": len(fit.posterior.weights),
            "tolerances": [None if np.isinf(one) else one for one in fit.posterior.tolerances],
            "quantiles": {path: [low[path], middle[path], high[path]] for path in case.searched},
            "directions": [
                {"share_of_prior": float(value), "loadings": dict(zip(case.searched, map(float, vector), strict=True))}
                for value, vector in zip(values, vectors.T, strict=True)
            ],
            "fights": [asdict(one) for one in fit.fights],
        }
    return record


def _called(fit: Fit, path: str) -> str:
    return fit.asked.called.get(path, path)


def _folded(name: str, width: int = LONGEST_LINE) -> str:
    return "\n".join(wrap(name, width))


def parameter_rows(fit: Fit) -> list[tuple[str, ...]]:
    """Return a row a parameter: limits, what was found, and how wide it is of the limits."""
    case, rows = fit.asked.case, []
    levels = None if fit.posterior is None else fit.posterior.quantiles((0.05, 0.5, 0.95))
    ends = None if levels is None else [values_at(case, row) for row in levels]
    for place, (path, span) in enumerate(case.searched.items()):
        row = [path, f"{number(span.low)} to {number(span.high)}", span.scale, number(fit.best[path])]
        if ends is not None and levels is not None:
            row += [f"{number(ends[0][path])} to {number(ends[2][path])}"]
            row += [f"{100 * (levels[2, place] - levels[0, place]) / 0.9:.0f}%"]
        rows.append(tuple(row))
    return rows


def direction_rows(fit: Fit) -> list[tuple[str, str, str]]:
    """Return a row a direction of the posterior: share of the prior's variance, whether pinned, its parameters."""
    if fit.posterior is None:
        return []
    values, vectors = fit.posterior.directions()
    named = [f"“{_called(fit, path)}”" for path in fit.asked.case.searched]
    rows = []
    for value, vector in zip(values, vectors.T, strict=True):
        vector = vector * np.sign(vector[np.argmax(np.abs(vector))])
        parts = [
            f"{loading:+.2f} {name}" for loading, name in zip(vector, named, strict=True) if abs(loading) >= LOADING
        ]
        rows.append((f"{value:.2f}", "yes" if value < PINNED else "no", ", ".join(parts).replace("-", "−")))
    return rows


def pinned(fit: Fit) -> int:
    """Return how many directions the data pin down."""
    return 0 if fit.posterior is None else int((fit.posterior.directions()[0] < PINNED).sum())


def _cells(row: Row) -> tuple[str, ...]:
    observed = f"{number(row.value)} ({number(row.low)} to {number(row.high)})"
    runs = "no run answers" if np.isnan(row.found) else number(row.found)
    spread = "" if np.isnan(row.run_low) else f"{number(row.run_low)} to {number(row.run_high)}"
    return (row.target, row.unit, observed, runs, spread, "yes" if row.met else "no")


def summary(fit: Fit) -> str:
    """Return what came of it in a line."""
    met, of = fit.met(False)
    said = f"the median of {several(len(fit.rows), 'run')} meets {met} of {several(of, 'target')}"
    if fit.asked.held_out:
        outside, others = fit.met(True)
        said += f", and {outside} of {others} held out"
    if fit.touched.size:
        said += f"; {np.median(fit.touched[:, 0]):g} are left when every value is moved by up to {TOUCH:.0%}"
    if fit.posterior is not None:
        said += f"; {pinned(fit)} of {several(len(fit.asked.case.searched), 'direction')} pinned down"
    return said


def _pictures(fit: Fit, picture: Any) -> list[Shown]:
    caption = (
        "Grey: the target's range; dot: its value. Bars: the middle half and nine tenths of the runs, in units of the "
        "range; white: their median. What lies beyond the frame is cut off; an arrow is where all nine tenths do."
    )
    pictures = [picture("predicted", "Runs beside the targets", caption, predicted(fit))]
    if fit.posterior is not None:
        caption = "Bars: the posterior; grey line: the prior, uniform between the limits; dot: the mean."
        pictures.append(picture("marginals", "Before and after", caption, marginals(fit)))
        if len(fit.asked.case.searched) > 1:
            caption = "Sets of the posterior, larger with more weight, between the limits."
            pictures.append(picture("pairs", "Pairs of parameters", caption, pairs(fit)))
    return pictures


def predicted(fit: Fit) -> Figure:
    """Draw bands of the runs and the targets, each as residuals: 0 is the target's value, 1 and −1 are its ends."""
    from analysis.calibration.distance import residual

    targets = fit.asked.checked.targets
    bands = np.array(
        [[residual(one, float(value)) for value in column] for one, column in zip(targets, fit.bands().T, strict=True)]
    )
    rows = np.arange(len(targets))
    with styled():
        figure = new_figure(0.8 + 0.22 * len(targets))
        axes = figure.subplots()
        axes.axvspan(-1.0, 1.0, color=GREY, alpha=0.2, linewidth=0)
        colours = [ORANGE if one in fit.asked.held_out else BLUE for one in targets]
        axes.hlines(rows, bands[:, 0], bands[:, 4], colors=colours, alpha=0.5, linewidth=2)
        axes.hlines(rows, bands[:, 1], bands[:, 3], colors=colours, linewidth=4)
        axes.plot(bands[:, 2], rows, "|", color="white", markersize=4, markeredgewidth=1.2)
        for row in np.flatnonzero(bands[:, 4] - bands[:, 0] < NO_WIDTH):
            axes.plot(bands[row, 2], row, "s", color=colours[row], markersize=7)  # a bar without length is not seen
        axes.plot(np.zeros(len(rows)), rows, ".", color=INK, markersize=5)
        axes.set_yticks(rows, [one.name for one in targets])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(-FRAME, FRAME)
        for edge, mark, away in ((-FRAME, "<", bands[:, 4] < -FRAME), (FRAME, ">", bands[:, 0] > FRAME)):
            for row in np.flatnonzero(away):
                axes.plot(edge, row, mark, color=colours[row], markersize=6, clip_on=False)
        axes.grid(False, axis="y")
        axes.set_xlabel("runs, in units of the target's range" + (" (orange: held out)" if fit.asked.held_out else ""))
    return figure


def marginals(fit: Fit) -> Figure:
    """Draw each parameter's posterior beside its prior, over its limits on its own scale."""
    assert fit.posterior is not None
    searched, edges = fit.asked.case.searched, np.linspace(0.0, 1.0, BINS + 1)
    columns = min(3, len(searched))
    count = -(-len(searched) // columns)
    with styled():
        figure = new_figure(0.4 + 1.6 * count)
        panels = figure.subplots(count, columns, squeeze=False).ravel()
        for place, (axes, (path, span)) in enumerate(zip(panels, searched.items(), strict=False)):
            axes.hist(fit.posterior.positions[:, place], edges, weights=fit.posterior.weights, density=True, color=BLUE)
            axes.hlines(1.0, 0.0, 1.0, color=GREY)
            axes.plot(fit.posterior.mean[place], 0.0, "o", color=INK, clip_on=False)
            axes.set_xticks([0.0, 0.5, 1.0], [number(span.value(x)) for x in (0.0, 0.5, 1.0)])
            axes.set_yticks([])
            axes.set_title(_folded(_called(fit, path)), fontsize=8)
        for axes in panels[len(searched) :]:
            axes.set_visible(False)
    return figure


def pairs(fit: Fit) -> Figure:
    """Draw the sets of the posterior over pairs of parameters; of many the ones that are pinned down most."""
    assert fit.posterior is not None
    searched = list(fit.asked.case.searched.items())
    widths = np.diff(fit.posterior.quantiles((0.05, 0.95)), axis=0)[0]
    chosen = sorted(np.argsort(widths, kind="stable")[:MOST_PAIRS])
    sizes = 4.0 + 60.0 * fit.posterior.weights / fit.posterior.weights.max() / np.sqrt(len(fit.posterior.weights))
    count = len(chosen) - 1
    width = min(LONGEST_LINE, PAIRED_LINES // count)
    with styled():
        figure = new_figure(1.0 + 1.5 * count)
        panels = figure.subplots(count, count, squeeze=False)
        for row in range(count):
            for column in range(count):
                axes = panels[row, column]
                if column > row:
                    axes.set_visible(False)
                    continue
                x, y = chosen[column], chosen[row + 1]
                points = fit.posterior.positions
                axes.scatter(points[:, x], points[:, y], s=sizes, color=BLUE, alpha=0.6, linewidth=0)
                axes.set_xlim(0, 1)
                axes.set_ylim(0, 1)
                ticks = [0.0, 1.0]
                axes.set_xticks(ticks, [number(searched[x][1].value(one)) for one in ticks])
                axes.set_yticks(ticks, [number(searched[y][1].value(one)) for one in ticks])
                if row == count - 1:
                    axes.set_xlabel(_folded(_called(fit, searched[x][0]), width), fontsize=7)
                if column == 0:
                    axes.set_ylabel(_folded(_called(fit, searched[y][0]), width), fontsize=7)
    return figure
