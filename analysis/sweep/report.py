"""``report.html`` of a study: its question, its design, how its points ended, and how to go on."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from analysis.report.amounts import difference
from analysis.report.figures.style import several
from analysis.report.page import shown, write_page
from analysis.report.view import Parts, Report, Shown, pictured
from analysis.sweep import answer, figures
from analysis.sweep.results import MOST_ROWS, never, quoted, shown_points
from sim.core.errors import kept
from sim.core.formats import readable, share
from sim.models.results import capital
from sim.study.called import of_a_grid, paths_called, points_called, value_called
from sim.study.read import StudyData

NEXT = {
    "sobol": "protestorate sensitivity",
    "morris": "protestorate sensitivity",
    "one_at_a_time": "protestorate sensitivity",
    "ablation": "protestorate sensitivity",
    "latin_hypercube": "protestorate discover",
}

LIMITS = "This is a study of a model under its assumptions."


def write_report(data: StudyData) -> Path:
    """Write the report of a study into its folder.

    Parameters
    ----------
    data : StudyData
        As returned by `sim.study.run_study` or `read_study`; it may be unfinished.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    UnfinishedError
        If it cannot be made, or the disk refuses; the runs are kept.
    """
    with kept(data.folder):
        return write_page(data.folder / "report.html", _report(data))


def _report(data: StudyData) -> Report:
    names, manifest = quoted(data), data.manifest
    pictures = _pictures(data) if len(data.runs) else []
    rows = shown_points(data)
    content = {
        "manifest": manifest,
        "points": [
            {
                **point,
                "cells": cells,
                "written": [data.numbers.of(name).text(point["medians"].get(name)) for name in names],
            }
            for point, cells in zip(rows, _cells(data, rows), strict=True)
        ],
        "settings": list(paths_called(data).values()) if _by_setting(data, rows) else ["point"],
        "columns": [data.numbers.of(name).brief for name in names],
        "next": _next(data),
        "shell_folder": shlex.quote(str(data.folder)),
        "a_run": data.runs["run_id"].iloc[0] if len(data.runs) else "RUN_ID",
    }
    parts = Parts("sweep.html.j2", content)
    title = manifest["title"] or manifest["name"]
    points, runs = several(len(data.points), "point"), several(len(data.runs), "run")
    if not len(data.runs):
        return Report(
            kind=f"Study · {points}",
            title=title,
            lead=manifest["question"] or "",
            answer="No run is there.",
            numbers=[("runs", "0"), ("failed", f"{len(data.failures):,}")],
            sure=f"Not at all. {_failed(data)}".strip(),
            picture=None,
            sections=[parts.section("further", "Go on from here", "further")],
            limits=LIMITS,
        )
    found = answer.contrast(data, names[0]) if names else None
    ends = data.runs["outcome"].value_counts()
    usual = f"{share(ends.iloc[0] / len(data.runs))} of the runs end with “{readable(str(ends.index[0]))}”."
    numbers = [
        ("runs that end so: " + readable(str(name)), share(count / len(data.runs))) for name, count in ends.items()
    ]
    reached = data.runs["point"].nunique()
    sure = [f"From {runs} at {f'{reached:,} of ' if reached < len(data.points) else ''}{points}."]
    asked = len(data.points) * len(manifest["seeds"])
    if len(data.runs) + len(data.failures) < asked:
        sure.append(f"Not complete: of {several(asked, 'run')} the others were not made yet.")
    said = [usual if len(ends) > 1 else f"All runs ended with “{readable(str(ends.index[0]))}”."]
    if found is not None:
        one = data.numbers.of(names[0])
        said.insert(0, answer.sentence(one, found))
        sure.append(answer.sureness(found))
        numbers = [
            (f"{one.brief}, mean: {answer.side(found, found.first)}", one.quantity(found.means[0])),
            (f"{one.brief}, mean: {answer.side(found, found.second)}", one.quantity(found.means[1])),
            (f"mean paired difference ({answer.interval_words(one, found)})", difference(one, found.mean)),
        ]
    sure += [f"{note}." for note in never(data)] + ([_failed(data)] if data.failures else [])
    return Report(
        kind=f"Study · {manifest['design']['kind'].replace('_', ' ')} · {points} · {runs}",
        title=title,
        lead=manifest["question"] or "",
        answer=" ".join(said),
        numbers=numbers,
        sure=" ".join(sure),
        picture=pictures[0] if pictures else None,
        sections=[
            *pictured(pictures[1:]),
            parts.section("numbers", "In numbers", "numbers"),
            parts.section("further", "Go on from here", "further"),
        ],
        limits=f"These are {runs} of a model under its assumptions, made to see how what comes out depends on "
        "what goes in.",
    )


def _by_setting(data: StudyData, rows: list[dict[str, Any]]) -> bool:
    return of_a_grid(data) and len(rows) == len(data.points)


def _cells(data: StudyData, rows: list[dict[str, Any]]) -> list[list[str]]:
    """Return what stands at the left of each row of the table: a cell a setting, of points that differ in the same."""
    if _by_setting(data, rows):
        return [[value_called(value) for value in row["overrides"].values()] for row in rows]
    if len(rows) == len(data.points):
        return [[name] for name in points_called(data)]
    return [[row["label"]] for row in rows]


def _failed(data: StudyData) -> str:
    if not data.failures:
        return ""
    first = data.failures[0]
    return (
        f"{several(len(data.failures), 'run')} failed and are missing from all that follows: "
        f"{points_called(data)[first['point']]}, seed "
        f"{first['seed']}: {first['reason']}."
    )


def _pictures(data: StudyData) -> list[Shown]:
    few = len(data.points) <= MOST_ROWS
    pictures = []
    axes = answer.dose_and_settings(data)
    if axes is not None:
        name = quoted(data)[0]
        caption = "Dots: means over the replicates; bands and bars: their 95% intervals. Runs of a seed are paired."
        title = capital(f"{data.numbers.of(name).brief} along “{paths_called(data)[axes[0]]}”")
        pictures.append(shown("doses", title, caption, answer.draw_doses(data, name)))
    if few:
        caption = "Dot: median of the replicates; thick line: the middle half; thin line: nine in ten. "
        if of_a_grid(data):
            called = [f"“{name}”" for name in paths_called(data).values()]
            caption += f"A point is named by its value of {' and of '.join(called)}."
        pictures.append(shown("numbers", "Numbers by point", caption, figures.numbers(data)))
    if data.runs["outcome"].nunique() > 1:
        caption = f"Share of each outcome among {several(len(data.runs), 'run')}" + (
            ", by point of the design." if few else "."
        )
        pictures.append(shown("outcomes", "How the runs ended", caption, figures.outcomes(data)))
    if not few and data.manifest["design"]["ranges"]:
        name = quoted(data)[0]
        title = capital(f"{data.numbers.of(name).brief} along each parameter")
        caption = "A dot is a point of the design, the mean of its replicates; the line is the running median."
        figure = figures.along_parameters(data, name)
        pictures.append(shown("along", title, caption, figure))
    return pictures


def _next(data: StudyData) -> str:
    """Return a command that says more of this study; empty if none has anything to say."""
    command = NEXT.get(data.manifest["design"]["kind"], "protestorate compare")
    folder = shlex.quote(str(data.folder))
    if command.endswith("compare"):
        return f"{command} {folder}:0 {folder}:1" if len(data.points) > 1 else ""
    if command.endswith("discover"):
        rarest = data.runs["outcome"].value_counts().index
        return f"{command} {folder} --outcome {shlex.quote(str(rarest[-1]))}" if len(rarest) > 1 else ""
    return f"{command} {folder}"
