"""What came of a study, in the terminal and as JSON: a row a point."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.report.console import show_table
from analysis.report.figures.style import several
from analysis.report.roads import in_words, roads
from sim.core.formats import readable
from sim.models.results import how_often_never
from sim.run.store import as_plain
from sim.study.read import StudyData

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
    """Yield for each point its label, what it changes, its replicates, its outcomes, medians and 90% ranges."""
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
            f"{readable(str(name))} {count}{in_words(runs, str(name))}"
            for name, count in runs["outcome"].value_counts().items()
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
    left = data.to_do
    if left:
        yield f"{several(left, 'run')} still to do: the same command goes on"
    if data.manifest["sessions"]:
        last = data.manifest["sessions"][-1]
        pace = f"{last['seconds']:,.1f} s, {last['runs_per_second']:,.3g} a second"
        yield f"last computed: {several(last['runs'], 'run')} in {pace}"
    yield f"results: {data.folder} (runs/*.parquet, study.json, report.html)"


def never(data: StudyData) -> list[str]:
    """Return of which of the numbers that tables show there is none in some runs, because it never happened."""
    shown = [(data.numbers.of(name), how_often_never(data.runs, data.numbers.of(name))) for name in quoted(data)]
    return [f"{one.brief}: {often}, which do not count in its median" for one, often in shown if often]
