"""A comparison's folder: report.html, comparison.json, and the pictures as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from analysis.compare.comparison import Comparison, Contrast
from analysis.compare.effects import Effect
from analysis.compare.figures import pictures_of
from analysis.compare.series import QUANTILES, Series, quantiles
from analysis.compare.sides import Axis, Floats, Side
from analysis.compare.words import EffectRow, contrast_words, summary
from analysis.report.figures.style import several
from analysis.report.page import write_result
from analysis.report.roads import roads
from analysis.report.view import Parts, Report, Shown, pictured
from analysis.stats.parting import Parting
from analysis.stats.policy import CONFIDENCE, LEVEL
from sim.core.errors import ProtestorateError
from sim.core.files import json_of
from sim.figures.plot import styled
from sim.run.place import check_place
from sim.run.store import PROGRAM, as_json, as_plain

FORMAT = 1
METHODS = {
    "pairs": "two runs with the same seed, one of either side; every difference is B minus A within a pair",
    "outcome shares": f"Wilson score intervals, {CONFIDENCE:.0%}",
    "outcome differences": "Newcombe's interval for paired proportions (1998, method 10); McNemar's exact test",
    "numbers": (f"{CONFIDENCE:.0%}: Student's for means, order statistics for medians; paired permutation test"),
    "days that the regime stands": "restricted mean survival time; a run without a fall is censored at the horizon",
    "corrected": "Benjamini and Hochberg, over all outcomes and numbers of all comparisons together",
    "needed": "pairs for 80% power at the 5% level, paired t test, without correction",
    "gain": "(var A + var B) / var (B - A): how many times as many runs unpaired runs would need",
    "parting": (
        f"largest |t| over all days under random turns of sign of whole trajectories; {LEVEL:.0%} false alarms for a "
        "series, and among the series or localities said to part (Benjamini and Yekutieli 2005); a test of equal "
        "distributions: the two differ no later than that day, in mean, spread or shape"
    ),
}


def record_of(comparison: Comparison) -> dict[str, Any]:
    """Return the content of comparison.json: plain dicts, lists, text and finite numbers; what is unknown is None."""
    content = {
        "program": PROGRAM,
        "format": FORMAT,
        "methods": METHODS,
        "sides": [_side(side) for side in comparison.sides],
        "comparisons": [_contrast(contrast) for contrast in comparison.contrasts],
    }
    found: dict[str, Any] = as_plain(content)
    return found


def _side(side: Side) -> dict[str, Any]:
    return {
        "label": side.label,
        "title": side.called,
        "origin": side.origin,
        "model": side.model,
        "model_version": side.version,
        "runs": len(side.runs),
        "failed": len(side.failed),
    }


def _contrast(contrast: Contrast) -> dict[str, Any]:
    axis = contrast.axis
    return {
        "a": contrast.pairs.a.label,
        "b": contrast.pairs.b.label,
        "pairs": int(contrast.pairs.seeds.size),
        "seeds": contrast.pairs.seeds.tolist(),
        "notes": list(contrast.notes),
        "identical": contrast.identical,
        "gain": contrast.gain,
        "outcomes_a": [asdict(row) for row in contrast.shares_a],
        "outcomes_b": [asdict(row) for row in contrast.shares_b],
        "roads_a": {row.name: roads(contrast.pairs.first, row.name) for row in contrast.shares_a},
        "roads_b": {row.name: roads(contrast.pairs.second, row.name) for row in contrast.shares_b},
        "outcome_differences": [asdict(row) for row in contrast.outcomes],
        "numbers": [_effect(row) for row in contrast.effects],
        "changes": [asdict(row) for row in contrast.changes],
        "days": [axis.key(place) for place in range(len(axis.values))] if axis else [],
        "series": [
            _series(row, parting, axis) for row, parting in zip(contrast.series, contrast.partings, strict=True)
        ],
        "localities": [
            {**_parting(place.parting, axis), "person_days": place.person_days, "lat": place.lat, "lon": place.lon}
            for place in contrast.places
        ],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    measure = asdict(effect.measure)
    return {**measure, **{key: value for key, value in asdict(effect).items() if key != "measure"}} | {
        "verdict": effect.verdict
    }


def _series(series: Series, parting: Parting, axis: Axis | None) -> dict[str, Any]:
    kind = {"title": series.kind.title, "unit": series.kind.axis}
    curves = {
        name: _fan(values) for name, values in (("a", series.a), ("b", series.b), ("difference", series.difference))
    }
    return {**_parting(parting, axis), **kind, "quantiles": curves}


def _fan(values: Floats) -> dict[str, list[float]]:
    curves = zip(QUANTILES, quantiles(values), strict=True)
    return {str(level): [float(f"{value:.6g}") for value in row] for level, row in curves}


def _parting(found: Parting, axis: Axis | None) -> dict[str, Any]:
    places = {"first_day": found.first, "first_day_any_pair_differs": found.touched, "largest_day": found.largest}
    days = {name: axis.key(place) if axis else None for name, place in places.items()}
    return {"name": found.name, "p": found.p, **days, "days_apart": found.days, "largest_difference": found.difference}


STUDY, RECORD, REPORT, FIGURES = "study", "comparison.json", "report.html", "figures"
OWN = (STUDY, RECORD, REPORT, FIGURES)


def check_folder(folder: Path, labels: Iterable[str], force: bool = False) -> None:
    """Make sure, before anything is computed, that a comparison may be written here.

    Parameters
    ----------
    folder : Path
    labels : iterable of str
        What the things compared are called.
    force : bool
        Whether a comparison of other things may be replaced.

    Raises
    ------
    ProtestorateError
        If nothing can be written there, or the folder holds anything that is not a comparison, or a comparison of other
        things. Nothing is touched.
    """
    check_place(folder)
    if not folder.exists():
        return
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in OWN and not path.name.startswith("."))
    record = _record(folder)
    own = record is not None or (folder / STUDY / "study.json").is_file() or not any(folder.iterdir())
    if strangers or not own:
        what = repr(strangers[0]) if strangers else "files"
        raise ProtestorateError(
            f"{folder}: holds {what} and is no comparison's folder; it is left alone, choose another with --out"
        )
    sides = (record or {}).get("sides", [])
    before = [side.get("label") for side in sides if isinstance(side, dict)] if isinstance(sides, list) else []
    if before and before != list(labels) and not force:
        raise ProtestorateError(
            f"{folder}: holds the comparison of {', '.join(map(str, before))}; nothing was touched, choose another "
            "folder with --out or replace it with --force"
        )


def _record(folder: Path) -> dict[str, Any] | None:
    try:
        record = json_of(folder / RECORD)
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and record.get("program") == PROGRAM and "sides" in record else None


def write_comparison(comparison: Comparison, folder: Path, formats: Iterable[str] = (), command: str = "") -> Path:
    """Write ``report.html``, ``comparison.json`` and figures, as `write_result` does; return the report.

    `command` makes the comparison again; left out of the report if empty.
    """
    record = (RECORD, as_json(record_of(comparison)))
    return write_result(folder, record, partial(_report, comparison, command), formats)


def _report(comparison: Comparison, command: str, picture: Callable[..., Shown]) -> Report:
    with styled():
        drawn = pictures_of(comparison)
        pictures = {one.name: picture(one.name, one.title, one.caption, one.figure) for one in drawn}
    parts = Parts("compare.html.j2", {"tests": comparison.tests, "methods": METHODS, "command": command})
    told = [contrast_words(contrast) for contrast in comparison.contrasts]
    many = len(told) > 1
    sections = pictured(pictures[name] for name in ("standing",) if name in pictures)
    for place, contrast in enumerate(told, start=1):
        end = f": {contrast.b}" if many else ""
        sections += [
            parts.section(f"numbers-{place}", f"Numbers{end}", "numbers", contrast),
            parts.section(f"outcomes-{place}", f"Outcomes{end}", "outcomes", contrast),
            parts.section(f"changed-{place}", f"What differs between the scenarios{end}", "changed", contrast),
        ]
        if contrast.partings:
            sections.append(parts.section(f"parting-{place}", f"When the trajectories part{end}", "parting", contrast))
        if contrast.places_in_all:
            map_of = pictures.get(f"places-{place}")
            sections.append(parts.section(f"where-{place}", f"Where turnout parts{end}", "places", contrast, map_of))
    sections += pictured(pictures[one.name] for one in drawn if one.name.startswith("series-"))
    sides = comparison.sides
    pairs = " and ".join(sorted({several(one.pairs, "pair") for one in told}))
    beyond = sum(row.told for one in told for row in one.effects)
    return Report(
        kind="Comparison of simulated runs",
        title=f"{', '.join(side.called for side in sides[1:])} against {sides[0].called}",
        heading=f"{' – '.join(side.called for side in sides)}: comparison",
        lead="; ".join(f"{side.called}: {side.origin}, {several(len(side.runs), 'run')}" for side in sides) + ".",
        answer=" ".join(
            f"{one.b}: {text}" if many else text for one, (_, text) in zip(told, summary(comparison), strict=True)
        ),
        numbers=[
            (f"{one.b}: {_named(row)}" if many else _named(row),
             row.mean + (f" ({row.relative})" if "%" in row.relative else ""))
            for one in told for row in sorted(one.effects, key=lambda row: not row.told)
        ],
        sure=f"From {pairs} of runs with the same seed, which share their luck. Beyond chance after correction for "
        f"{several(comparison.tests, 'comparison')}: {several(beyond, 'number')}. Statements about a model under "
        "stated assumptions, not about the world.",
        picture=pictures["effects"],
        sections=[*sections, parts.section("methods", "Methods", "methodology")],
        limits="These are differences between runs of a model, under the assumptions of both scenarios. That a "
        "difference is told from zero says that the model does not produce it by chance. It does not say that the "
        "model is right, and an effect may depend on parameters that are assumptions: a sensitivity study shows on "
        "which.",
    )  # fmt: skip


def _named(row: EffectRow) -> str:
    unit = f", {row.unit}" if row.unit else ""
    return f"{row.title}{unit} ({row.a} → {row.b}; {row.mean_interval})"
