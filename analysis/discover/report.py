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
from analysis.report.page import Shown, write_result
from analysis.sensitivity.material import each_row
from analysis.sensitivity.report import clean
from analysis.sensitivity.words import range_words
from sim.figures.plot import share

HEADINGS = ("parameter", "inside the box", "of", "quasi-p", "in resamples")


def write_discovery(result: Discovery, folder: Path, formats: Iterable[str] = ()) -> Path:
    """Write ``report.html``, ``discovery.json`` and figures, as `write_result` does; return the report."""
    record = ("discovery.json", as_json(result))
    return write_result(folder, record, "discover.html.j2", partial(_content, result), formats)


def _content(result: Discovery, picture: Callable[..., Shown]) -> dict[str, Any]:
    """Return everything the template names."""
    boxes = []
    for place, box in enumerate(result.boxes):
        name = f"box-{place + 1}"
        boxes.append(
            {
                "title": "The box" if len(result.boxes) == 1 else f"Box {place + 1}",
                "words": words.box_words(result, place) if len(result.boxes) > 1 else "",
                "rows": rows(result, box, first=place == 0),
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
            draw_stability(result.stability),
        )
    return {
        "title": words.title_of(result),
        "question": str(result.study.manifest.get("question") or ""),
        "condition": result.condition.words,
        "answer": words.answer(result),
        "study": result.study,
        "points": len(result.study.points),
        "runs": len(result.study.runs),
        "range_words": range_words,
        "headings": HEADINGS if result.stability else HEADINGS[:-1],
        "boxes": boxes,
        "trajectory": trajectory,
        "stability": stability,
    }


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
    return json.dumps(clean(record), indent=2, ensure_ascii=False) + "\n"


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
