"""What a study would do, before it is done: in the terminal and as JSON."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from analysis.report.console import show_table
from analysis.report.figures.style import several
from sim.core.beside import available_cores
from sim.study.manifest import check_folder, is_same_study
from sim.study.plan import Study, estimate, plan
from sim.study.read import read_study

MOST_LABELS = 12


def folder_of(study: Study) -> Path:
    """Return where a study's results go unless the user says otherwise."""
    return Path("results") / study.name


def preview(study: Study, folder: Path, workers: int | None, retry_failed: bool = False) -> dict[str, Any]:
    """Return what a study would do, as plain data. Nothing is started and nothing written.

    Raises
    ------
    ScenarioError
        If a point of the study is not valid.
    ProtestorateError
        If the folder holds something else, as when the study is carried out.
    """
    planned = plan(study)
    check_folder(folder)
    begun = is_same_study(folder, planned)
    distinct = len(planned.distinct)
    runs = distinct * len(study.seeds)
    stored = failed = 0
    if begun:
        data = read_study(folder)
        there = set(data.runs["run_id"])
        stored, failed = len(there), sum(one["run_id"] not in there for one in data.failures)
    cores = workers or available_cores()
    expected = estimate(planned, max(runs - stored - (0 if retry_failed else failed), 0), cores)
    return {
        "study": study.name,
        "title": study.title,
        "folder": str(folder),
        "design": study.design.kind,
        "points": len(study.points),
        "points_that_repeat_an_earlier_one": len(study.points) - distinct,
        "replicates": len(study.seeds),
        "replicates_are_a_maximum": study.precision is not None,
        "runs": runs,
        "runs_stored": stored,
        "runs_failed": failed,
        "runs_to_do": expected.runs,
        "workers": cores,
        "estimated_seconds": round(expected.seconds, 1),
        "estimated_bytes": round(expected.bytes),
        "labels": [point.label for point in study.points],
    }


def show_preview(planned: dict[str, Any]) -> None:
    """Print what a study would do."""
    most = "at most " if planned["replicates_are_a_maximum"] else ""
    repeated = planned["points_that_repeat_an_earlier_one"]
    rows = [
        ("study", planned["title"] or planned["study"]),
        ("design", planned["design"].replace("_", " ")),
        ("points", f"{planned['points']:,}" + (f", {repeated:,} of which repeat an earlier one" if repeated else "")),
        ("replicates of each", f"{most}{planned['replicates']:,}"),
        ("runs", f"{most}{planned['runs']:,}"),
        ("stored already", f"{planned['runs_stored']:,}"),
        *([("failed before", f"{planned['runs_failed']:,}")] if planned["runs_failed"] else []),
        ("to do", f"{most}{planned['runs_to_do']:,}"),
        ("estimated time", f"{_duration(planned['estimated_seconds'])} on {several(planned['workers'], 'core')}"),
        ("estimated size", f"{planned['estimated_bytes'] / 1e6:,.1f} MB in {planned['folder']}"),
    ]
    labels = planned["labels"][:MOST_LABELS]
    rows += [("" if number else "points are", label) for number, label in enumerate(labels)]
    if len(planned["labels"]) > MOST_LABELS:
        rows.append(("", f"and {len(planned['labels']) - MOST_LABELS:,} more"))
    show_table(("", ""), rows, "nothing was started (--dry-run)")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else str(dt.timedelta(seconds=round(seconds)))
