"""A Latin hypercube of the assumed parameters: whether verdicts hang on what nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.stats.policy import SEED
from sim.core.keypath import fits, undotted
from sim.evidence.sources import load_ledger, source_table
from sim.run.load import Loaded
from sim.study.design import latin_hypercube
from sim.study.parameters import describe
from sim.study.plan import Point, Range

SPREAD = 0.3
"""Share of its value by which each assumed parameter is varied, up and down, within the schema's bounds."""
SECTIONS = ("people", "police", "elites", "regime", "movement", "economy", "information")
"""What the model is made of. Places, the calendar of events and the definitions of outcomes stay as they are."""
BOUND_TOGETHER = (
    "people.classes.*.share",
    "people.classes.*.ages.*",
    "people.camps.*.shares.*",
    "police.ranks.*",
    "elites.kinds.*.share",
    "police.forces.*.call_out",
    "police.forces.*.all_out",
    "elites.private_noise",
    "elites.public_noise",
)
"""Shares that add up to one with others, and levels of which one must stay above the other; none can vary alone."""


def assumed_ranges(base: Loaded) -> dict[str, Range]:
    """Return the range of every number of a scenario that rests on an assumption.

    Returns
    -------
    dict of str to Range
        By key path: the value less and plus `SPREAD` of itself, cut at the schema's bounds. Empty for
        a scenario without sources. A parameter that is 0 stays 0 and is left out.
    """
    sources = base.data.get("sources")
    if not sources:
        return {}
    found = {}
    for row in source_table(base.data, sources, load_ledger()):
        number = isinstance(row.value, int | float) and not isinstance(row.value, bool) and row.value != 0
        inside = undotted(row.path)[0] in SECTIONS
        if row.kind != "assumption" or not number or not inside:
            continue
        if any(fits(undotted(row.path), undotted(pattern)) for pattern in BOUND_TOGETHER):
            continue
        span = _range(base, row.path, float(row.value))  # type: ignore[arg-type]
        if span.low < span.high:
            found[row.path] = span
    return found


def _range(base: Loaded, path: str, value: float) -> Range:
    about = describe(base, path)
    low, high = sorted((value * (1.0 - SPREAD), value * (1.0 + SPREAD)))
    if about["low"] is not None:
        low = max(low, about["low"])
    if about["high"] is not None:
        high = min(high, about["high"])
    whole = about["type"] == "whole"
    return Range(float(round(low)), float(round(high)), whole=True) if whole else Range(low, high)


def points(arms: Sequence[Point], samples: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[Point, ...]:
    """Return every arm at every point of the hypercube: all arms at the first point, then all at the second.

    Both arms of an experiment get the same values; what the experiment itself sets comes last and counts.
    """
    size = len(next(iter(samples.values())))
    return tuple(
        Point(f"{arm.label}, assumptions {number + 1}", arm.base, {**samples[arm.base][number], **arm.overrides})
        for number in range(size)
        for arm in arms
    )


def samples(bases: Mapping[str, Loaded], size: int) -> dict[str, list[dict[str, Any]]]:
    """Return `size` points of a Latin hypercube for each base scenario, the same every time."""
    found = {}
    for name, base in bases.items():
        ranges = assumed_ranges(base)
        found[name] = latin_hypercube(ranges, size, SEED) if ranges else [{} for _ in range(size)]
    return found
