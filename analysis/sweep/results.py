"""A study in the terminal and as JSON: what it would run, and a row a point of what came of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.report.console import show_table
from analysis.report.figures.style import several
from analysis.report.roads import in_words, roads
from sim.models.results import how_often_never
from sim.run.store import as_plain
from sim.study.manifest import check_folder, is_same_study
from sim.study.plan import Study, estimate, plan
from sim.study.read import StudyData, read_study
from sim.study.workers import available_cores

MOST_ROWS = 40
QUOTED = ("peak_turnout_share", "detained", "strike_person_days", "police_defected")
"""Numbers that tables of points show if a model has them."""
FEWEST_QUOTED = 2
IDENTITY = ("point", "replicate", "seed")


def quoted(data: StudyData) -> list[str]:
    """Return the numbers of the summary that tables show: the usual ones, or a model's own first ones."""
    changed = set(data.manifest["changed"])
    numbers = [
        name for name in data.runs.select_dtypes("number").columns if name not in changed and name not in IDENTITY
    ]
    usual = [name for name in QUOTED if name in numbers]
    return usual or numbers[:FEWEST_QUOTED]


def runs_of_points(data: StudyData) -> list[tuple[str, pd.DataFrame]]:
    """Return each point's label and runs, in the order of the design."""
    rows = data.runs.groupby("point").indices
    labels: list[str] = data.points["label"].tolist()
    return [(label, data.runs.iloc[rows.get(point, [])]) for point, label in enumerate(labels)]


def by_point(data: StudyData) -> Iterator[dict[str, Any]]:
    """Yield for each point its label, what it changes, its replicates, its outcomes, medians and 90 % ranges."""
    names = quoted(data)
    overrides = data.points["overrides"].tolist()
    bases = data.points["base"].tolist()
    for point, (label, runs) in enumerate(runs_of_points(data)):
        identity = {"point": point, "base": bases[point], "overrides": json.loads(overrides[point])}
        yield identity | _summary(label, runs, names)


def shown_points(data: StudyData) -> list[dict[str, Any]]:
    """Return what tables show: a row a point, or, of a study with very many, one row for all of them."""
    if len(data.points) <= MOST_ROWS:
        return list(by_point(data))
    return [_summary(f"all {len(data.points):,} points", data.runs, quoted(data))]


def _summary(label: str, runs: pd.DataFrame, names: list[str]) -> dict[str, Any]:
    return {
        "label": label,
        "replicates": len(runs),
        "outcomes": {str(name): int(count) for name, count in runs["outcome"].value_counts().items()},
        "roads": {str(name): roads(runs, str(name)) for name in runs["outcome"].unique()},
        "ends": ", ".join(
            f"{name} {count}{in_words(runs, str(name))}" for name, count in runs["outcome"].value_counts().items()
        ),
        "medians": {name: float(runs[name].median()) for name in names if len(runs)},
        "ranges_90": {name: runs[name].quantile([0.05, 0.95]).tolist() for name in names if len(runs)},
    }


def as_data(data: StudyData) -> dict[str, Any]:
    """Return a study's results as plain data, for machines."""
    plain: dict[str, Any] = as_plain(
        {
            "study": data.manifest["name"],
            "folder": str(data.folder),
            "runs": len(data.runs),
            "failures": data.failures,
            "sessions": data.manifest["sessions"],
            "points": list(by_point(data)),
        }
    )
    return plain


def show_sweep(data: StudyData) -> None:
    """Print a row a point, what failed, the pace, and where everything is."""
    names = quoted(data)
    rows = [
        (
            point["label"],
            point["replicates"],
            point["ends"],
            *(data.numbers.of(name).text(point["medians"].get(name)) for name in names),
        )
        for point in shown_points(data)
    ]
    columns = ("point", "runs", "outcomes", *(f"{data.numbers.of(name).brief}, median" for name in names))
    show_table(columns, rows, "\n".join(_remarks(data)))


def _remarks(data: StudyData) -> Iterator[str]:
    for entry in data.failures[:3]:
        yield f"failed: run {entry['run_id']} ({entry['label']}, seed {entry['seed']}): {entry['reason']}"
    if len(data.failures) > 3:
        yield f"and {len(data.failures) - 3:,} more failed (failures.json); try them again with --retry-failed"
    yield from never(data)
    left = missing(data)
    if left:
        yield f"{several(left, 'run')} still to do: the same command goes on"
    if data.manifest["sessions"]:
        last = data.manifest["sessions"][-1]
        pace = f"{last['seconds']:,.1f} s: {last['runs_per_second']:,.3g} runs a second"
        yield f"{several(last['runs'], 'run')} in {pace}"
    yield f"results: {data.folder} (runs/*.parquet, study.json, report.html)"


def never(data: StudyData) -> list[str]:
    """Return of which of the numbers that tables show there is none in some runs, because it never happened."""
    shown = [(data.numbers.of(name), how_often_never(data.runs, data.numbers.of(name))) for name in quoted(data)]
    return [f"{one.brief}: {often}, which do not count in its median" for one, often in shown if often]


def missing(data: StudyData) -> int:
    """Return how many runs are still to do; 0 where a study decides by itself how many it needs."""
    if data.manifest["precision"]:
        return 0
    distinct = int((data.points["same_as"] == data.points["point"]).sum())
    return distinct * len(data.manifest["seeds"]) - data.runs["run_id"].nunique() - len(data.failures)


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
