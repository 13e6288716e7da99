"""``discovery/<outcome>/``: the report, the numbers for machines, and the figures of scenario discovery."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from analysis.discover import words
from analysis.discover.figures import draw_ranges, draw_scatter, draw_stability, draw_trajectory
from analysis.discover.find import Box, Discovery
from analysis.discover.prim import Restriction
from analysis.report.figures.style import several
from analysis.report.page import write_result
from analysis.report.view import Parts, Report, Shown, pictured
from analysis.sensitivity.material import each_row
from analysis.sensitivity.words import range_words
from sim.core.formats import share
from sim.run.store import as_plain

RECORD = "discovery.json"
OWN = frozenset({RECORD, "report.html", "figures"})
"""What the folder of a discovery may hold and is replaced."""
HEADINGS = ("parameter", "inside the box", "of", "quasi-p", "in resamples")


def write_discovery(result: Discovery, folder: Path, formats: Iterable[str] = ()) -> Path:
    """Write ``report.html``, ``discovery.json`` and figures, as `write_result` does; return the report."""
    record = (RECORD, as_json(result))
    return write_result(folder, record, partial(_report, result), formats)


def _report(result: Discovery, picture: Callable[..., Shown]) -> Report:
    boxes: list[dict[str, Any]] = []
    for place, box in enumerate(result.boxes):
        name = f"box-{place + 1}"
        boxes.append(
            {
                "title": "The box" if len(result.boxes) == 1 else f"Box {place + 1}",
                "words": words.box_words(result, place) if len(result.boxes) > 1 else "",
                "rows": [
                    [one.parameter.label, *row[1:]]
                    for one, row in zip(box.restrictions, rows(result, box, place == 0), strict=True)
                ],
                "numbers": numbers(box),
                "ranges": picture(f"{name}-ranges", "What it asks", words.ranges_caption(box), draw_ranges(box)),
                "scatter": picture(
                    f"{name}-scatter", "Where it stands", words.scatter_caption(result, box), draw_scatter(result, box)
                ),
            }
        )
    trajectory = picture(
        "trajectory", "The way of the search", words.trajectory_caption(result), draw_trajectory(result.first)
    )
    stability = None
    if result.stability is not None:
        stability = picture(
            "stability",
            "Would other points say the same?",
            words.stability_words(result),
            draw_stability(result.stability, {one.path: one.label for one in result.study.parameters}),
        )
    study = result.study
    content = {
        "study": study,
        "range_words": range_words,
        "headings": HEADINGS if result.stability else HEADINGS[:-1],
    }
    parts = Parts("discover.html.j2", content)
    many, runs = several(len(study.points), "point"), several(len(study.runs), "run")
    sure = "A box is a rule of thumb read from the points of the design, not a law of the model."
    return Report(
        kind=f"Scenario discovery · PRIM · {many}, {runs}",
        title=result.study.title,
        heading=f"{result.study.title}: when {result.condition.words}",
        lead=f"Under which conditions: {result.condition.words}? {study.manifest.get('question') or ''}".strip(),
        outcome="When it happens",
        answer=words.answer(result),
        numbers=numbers(result.boxes[0])
        if boxes
        else [("of all points: it happens", share(float(result.cases.mean())))],
        sure=" ".join([words.stability_words(result), sure, *study.notes]).strip(),
        picture=boxes[0]["scatter"] if boxes else trajectory,
        sections=[
            *(
                parts.section(f"box-{place}", one["title"], "box", one, place == 1)
                for place, one in enumerate(boxes, start=1)
            ),
            *pictured(one for one in (stability, trajectory if boxes else None) if one is not None),
            parts.section("varied", "What was varied", "varied"),
            parts.section("method", "How it was done", "method"),
        ],
        limits=f"These are the results of {runs} of a model at {several(len(study.points), 'combination')} of its "
        "parameters. They say under which assumptions the model comes to this, not when it would happen in a country.",
    )


def numbers(box: Box) -> list[tuple[str, str]]:
    """Return the numbers of a box, each with its name."""
    return [
        ("coverage: of all points where it happens", share(box.coverage)),
        ("density: of the points inside", share(box.density)),
        ("mass: of all points", share(box.mass)),
        ("runs inside in which it happens", share(box.of_runs)),
    ]


def rows(result: Discovery, box: Box, first: bool) -> list[list[str]]:
    """Return the restrictions of a box as text; only the first box has been resampled."""
    often = {}
    if result.stability is not None and first:
        often = {str(row.parameter): share(float(row.restricted)) for row in each_row(result.stability.table)}
    return [_row(one) + ([often.get(one.parameter.path, "–")] if result.stability else []) for one in box.restrictions]


def _row(one: Restriction) -> list[str]:
    return [
        one.parameter.path,
        words.wanted(one),
        range_words(one.parameter),
        " and ".join(words.p_text(p) for p in (one.p_low, one.p_high) if math.isfinite(p)),
    ]


def as_json(result: Discovery) -> str:
    """Return the discovery for machines; numbers that do not exist are null."""
    study, found = result.study, result.stability
    record = {
        "program": "protestorate",
        "kind": "discovery",
        "study": study.name,
        "design": study.kind,
        "model_version": study.manifest.get("model_version"),
        "outcome": result.condition.text,
        "threshold": result.threshold,
        "points": len(study.points),
        "cases": int(result.cases.sum()),
        "runs": len(study.runs),
        "notes": list(study.notes),
        "parameters": [vars(parameter) for parameter in study.parameters],
        "boxes": [_box(box) for box in result.boxes],
        "trajectory": result.first.trajectory.to_dict("records"),
        "stability": None
        if found is None
        else {
            "resamples": found.resamples,
            "without_restriction": found.unrestricted,
            "density_on_unseen_points": found.density,
            "coverage_of_unseen_points": found.coverage,
            "parameters": found.table.to_dict("records"),
        },
    }
    return json.dumps(as_plain(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _box(box: Box) -> dict[str, Any]:
    return {
        "number": box.found.number,
        "points": box.points,
        "cases": box.cases,
        "coverage": box.coverage,
        "density": box.density,
        "mass": box.mass,
        "share_of_runs": box.of_runs,
        "restrictions": [
            {
                "parameter": one.parameter.path,
                "low": one.low,
                "high": one.high,
                "kept": list(one.kept) or None,
                "quasi_p_low": one.p_low,
                "quasi_p_high": one.p_high,
            }
            for one in box.restrictions
        ],
    }
