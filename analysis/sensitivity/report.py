"""``sensitivity/``: the report, the numbers for machines, and the figures of a sensitivity analysis."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.report.figures.style import several
from analysis.report.page import write_result
from analysis.report.view import Parts, Report, Shown, pictured
from analysis.sensitivity import words
from analysis.sensitivity.explain import Explained, Sensitivity
from analysis.sensitivity.figures import MOST_ROWS, draw, draw_directions, draw_luck, draw_overview
from analysis.sensitivity.material import each_row
from sim.models.results import capital
from sim.run.store import as_plain

RECORD = "sensitivity.json"
OWN = frozenset({RECORD, "report.html", "figures"})
"""What the folder of an analysis may hold and is replaced."""
MOST_PAIRS = 10
MOST_ANSWERS = 3


def write_sensitivity(result: Sensitivity, folder: Path, formats: Iterable[str] = ()) -> Path:
    """Write ``report.html``, ``sensitivity.json`` and figures, as `write_result` does; return the report."""
    record = (RECORD, as_json(result))
    return write_result(folder, record, partial(_report, result), formats)


def _report(result: Sensitivity, picture: Callable[..., Shown]) -> Report:
    result, quoted = _called(result), _called(result, "“{}”")
    told = [one for one in result.outcomes if len(one.effects)]
    overview = luck = None
    if len(told) > 1:
        caption = words.overview_caption(result)
        overview = picture("overview", "What each outcome depends on", caption, draw_overview(result))
    if any(math.isfinite(one.luck.parameters) for one in result.outcomes):
        luck = picture("luck", "Luck and parameters", words.luck_caption(result), draw_luck(result))
    sections = []
    for number, (one, in_words) in enumerate(zip(result.outcomes, quoted.outcomes, strict=True)):
        pictures = []
        if len(one.effects):
            name = f"{result.method}-{_file_name(one.measure.name)}"
            title = capital(one.measure.label)
            pictures.append(picture(name, title, words.caption(quoted, in_words) + _cut(one), draw(result, one)))
            if result.method == "morris":
                said = "Mean effect of moving a parameter over its whole range; blue raises the outcome, red lowers it."
                more = picture(f"{name}-directions", f"{title}: directions", said + _cut(one), draw_directions(one))
                pictures.append(more)
        said = words.answer(quoted, in_words, most=2)
        sections.append(_section(result, one, said, pictures, f"outcome-{number}"))
    study, method = result.study, words.METHOD_TITLES[result.method]
    content = {
        "method_words": words.METHOD_WORDS[result.method],
        "study": study,
        "range_words": words.range_words,
        "headings": [heading for heading, _ in words.COLUMNS[result.method]],
    }
    parts = Parts("sensitivity.html.j2", content)
    first = next((one["pictures"][0] for one in sections if one["pictures"]), luck)
    lead = overview or first
    many, runs = several(len(study.points), "point"), several(len(study.runs), "run")
    return Report(
        kind=f"Sensitivity analysis · {method} · {many}, {runs}",
        title=result.study.title,
        heading=f"{result.study.title}: sensitivity",
        lead=str(study.manifest.get("question") or ""),
        outcome="What the outcomes depend on",
        answer=" ".join(f"{one['title']}: {one['answer']}" for one in sections[:MOST_ANSWERS]),
        numbers=[(f"{one['label']}, mean ({one['spread']})", one["mean"]) for one in sections],
        sure=" ".join(
            [f"From {runs} at {many}. {sections[0]['luck'] if sections else ''}", *study.notes,
             "This is about the model over the ranges studied, which are choices: over others another parameter "
             "may matter."]
        ),
        picture=lead,
        sections=[
            *(parts.section(one["anchor"], one["title"], "outcome", one) for one in sections),
            *pictured([luck] if luck and luck is not lead else []),
            parts.section("varied", "What was varied", "varied"),
            parts.section("method", "How to read it", "reading"),
        ],
        limits=f"These are the results of {runs} of a model at {several(len(study.points), 'combination')} of its "
        "parameters. They say what the model’s outcomes depend on over the ranges chosen, not what mattered in "
        "the country.",
    )  # fmt: skip


def _called(result: Sensitivity, form: str = "{}") -> Sensitivity:
    """Return the analysis with what people call its parameters, written by a form, in the place of their key paths."""
    known = {one.path: form.format(one.label) for one in result.study.parameters}

    def label(name: str) -> str:
        path, equals, value = name.partition(" = ")  # a category of the regression
        return known.get(path, path) + equals + value

    def relabelled(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(**{name: table[name].map(label) for name in ("parameter", "other") if name in table})

    outcomes = [replace(one, effects=relabelled(one.effects), pairs=relabelled(one.pairs)) for one in result.outcomes]
    return replace(result, outcomes=tuple(outcomes))


def _section(result: Sensitivity, one: Explained, said: str, pictures: list[Shown], anchor: str) -> dict[str, Any]:
    measured = one.measure
    return {
        "anchor": anchor,
        "title": capital(measured.label),
        "label": measured.label,
        "answer": said,
        "luck": words.luck_words(one.luck),
        "spread": f"{measured.text(one.lowest)} to {measured.text(one.highest)}",
        "mean": measured.text(one.mean),
        "unit": words.unit_of_effects(result.method, measured),
        "pictures": pictures,
        "rows": words.cells(result.method, one),
        "pairs": [
            (row.parameter, row.other, words.plain(row.second),
             f"{words.plain(row.second_low)} to {words.plain(row.second_high)}")
            for row in each_row(one.pairs.head(MOST_PAIRS))
        ],
    }  # fmt: skip


def _cut(one: Explained) -> str:
    count = one.effects["parameter"].nunique()
    return f" The {MOST_ROWS} most important of {count} parameters." if count > MOST_ROWS else ""


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)


def as_json(result: Sensitivity) -> str:
    """Return the analysis for machines; numbers that do not exist are null."""
    study = result.study
    record = {
        "program": "protestorate",
        "kind": "sensitivity",
        "study": study.name,
        "design": study.kind,
        "method": result.method,
        "model_version": study.manifest.get("model_version"),
        "points": len(study.points),
        "runs": len(study.runs),
        "notes": list(study.notes),
        "parameters": [vars(parameter) for parameter in study.parameters],
        "outcomes": {one.measure.name: _record(one) for one in result.outcomes},
    }
    return json.dumps(as_plain(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _record(one: Explained) -> dict[str, Any]:
    return {
        "label": one.measure.label,
        "is_share": one.measure.is_share,
        "is_outcome": one.measure.is_outcome,
        "mean": one.mean,
        "lowest": one.lowest,
        "highest": one.highest,
        "luck": vars(one.luck),
        "r_squared": one.r_squared,
        "effects": _rows(one.effects),
        "pairs": _rows(one.pairs),
        "says": one.silence or None,
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
