"""``report.html`` of a study: its question, its design, how its points ended, and how to go on."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from analysis.report.figures.style import several
from analysis.report.page import Shown, shown, write_page
from analysis.sweep import figures
from analysis.sweep.results import MOST_ROWS, never, quoted, shown_points
from sim.core.errors import kept
from sim.models.results import capital
from sim.study.read import StudyData

NEXT = {
    "sobol": "protestorate sensitivity",
    "morris": "protestorate sensitivity",
    "one_at_a_time": "protestorate sensitivity",
    "ablation": "protestorate sensitivity",
    "latin_hypercube": "protestorate discover",
}


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
        return write_page(data.folder / "report.html", "sweep.html.j2", _content(data))


def _content(data: StudyData) -> dict[str, Any]:
    """Return everything the template names."""
    names = quoted(data)
    points = [
        {**point, "written": [data.numbers.of(name).text(point["medians"].get(name)) for name in names]}
        for point in shown_points(data)
    ]
    return {
        "manifest": data.manifest,
        "folder": str(data.folder),
        "shell_folder": shlex.quote(str(data.folder)),
        "runs": len(data.runs),
        "failures": data.failures,
        "points": points,
        "outcomes": sorted(data.runs["outcome"].unique()),
        "never": never(data),
        "columns": [data.numbers.of(name).brief for name in names],
        "pictures": _pictures(data) if len(data.runs) else [],
        "next": _next(data),
        "a_run": data.runs["run_id"].iloc[0] if len(data.runs) else "RUN_ID",
    }


def _pictures(data: StudyData) -> list[Shown]:
    few = len(data.points) <= MOST_ROWS
    pictures = []
    if data.runs["outcome"].nunique() > 1:
        caption = f"Share of each outcome among {several(len(data.runs), 'run')}" + (
            ", by point of the design." if few else "."
        )
        pictures.append(shown("outcomes", "How the runs ended", caption, figures.outcomes(data)))
    if few:
        caption = "Dot: median of the replicates; thick line: the middle half; thin line: nine in ten."
        pictures.append(shown("numbers", "Numbers by point", caption, figures.numbers(data)))
    elif data.manifest["design"]["ranges"]:
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
