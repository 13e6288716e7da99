"""From the design that a file describes to its points, each knowing where in the file its values stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.core.keypath import KeyPath
from sim.run.load import Loaded
from sim.study import design as designs
from sim.study.parameters import describe
from sim.study.plan import Design, Range
from sim.study.schema import (
    Ablation,
    AnyDesign,
    Drawn,
    Grid,
    LatinHypercube,
    Linked,
    ListedPoint,
    Morris,
    OneAtATime,
    PointList,
    Sobol,
    Span,
    Steps,
)

PLACE: KeyPath = ("design",)


@dataclass(frozen=True)
class Draft:
    """A point of a design that has not been checked.

    Parameters
    ----------
    label, base, overrides
        As in :class:`sim.study.plan.Point`.
    places : mapping of str to key path
        Where in the study file the value of each override stands.
    place : key path
        Where the point itself stands.
    """

    label: str
    base: str
    overrides: Mapping[str, Any]
    places: Mapping[str, KeyPath]
    place: KeyPath = PLACE


def points_in(spec: AnyDesign, bases: int) -> int:
    """Return how many points a design has over a number of base scenarios, without making them."""
    if isinstance(spec, PointList):
        return sum(1 if point.scenario else bases for point in spec.points)
    if isinstance(spec, LatinHypercube):
        return spec.size * bases
    if isinstance(spec, Sobol):
        return spec.size * (len(spec.parameters) * (2 if spec.second_order else 1) + 2) * bases
    if isinstance(spec, Morris):
        return spec.trajectories * (len(spec.parameters) + 1) * bases
    if isinstance(spec, Ablation):
        return bases  # few more: as many as the model has switches
    counts = [values.steps if isinstance(values, Steps) else len(values) for values in spec.parameters.values()]
    return (math.prod(counts) if isinstance(spec, Grid) else 1 + sum(counts)) * bases


def drafts_of(spec: AnyDesign, bases: Mapping[str, Loaded], written: Mapping[str, str]) -> tuple[Draft, ...]:
    """Return the points of a design, those of the first base scenario first.

    Parameters
    ----------
    spec : AnyDesign
        Checked against the schema of studies.
    bases : mapping of str to Loaded
        Base scenarios by name.
    written : mapping of str to str
        Name of a base scenario by what the file calls it.
    """
    if isinstance(spec, PointList):
        return _listed(spec.points, bases, written)
    found = []
    for name, loaded in bases.items():
        overrides, places = _overrides(spec, loaded)
        for label, point, where in zip(_labels(spec, overrides), overrides, places, strict=True):
            found.append(Draft(_of_base(label, name, bases), name, point, where))
    return tuple(found)


def design_of(spec: AnyDesign, loaded: Loaded) -> Design:
    """Return what is recorded about a design: its ranges, and what else the file says."""
    options: dict[str, Any] = spec.model_dump(mode="json", exclude={"kind", "parameters", "points"})
    if isinstance(spec, LatinHypercube | Sobol | Morris):
        return Design(spec.kind, ranges_of(spec.parameters, loaded), options)
    if isinstance(spec, Grid | OneAtATime):
        options["parameters"] = values_of(spec, loaded)
    return Design(spec.kind, {}, options)


def ranges_of(spans: Mapping[str, Span], loaded: Loaded) -> dict[str, Range]:
    """Return the ranges of parameters; whole numbers where the schema of a scenario wants them."""
    return {path: _range(path, span, loaded) for path, span in spans.items()}


def values_of(spec: Grid | OneAtATime, loaded: Loaded) -> dict[str, list[Any]]:
    """Return the values of each parameter, ranges in steps written out; each value once."""
    found: dict[str, list[Any]] = {}
    for path, values in spec.parameters.items():
        if isinstance(values, Steps):
            found[path] = list(dict.fromkeys(designs.spaced(_range(path, values, loaded), values.steps)))
        else:
            found[path] = list(values)
    return found


def _range(path: str, span: Span, loaded: Loaded) -> Range:
    whole = describe(loaded, path)["type"] == "whole"
    low, high = (int(span.low), int(span.high)) if whole else (span.low, span.high)
    return Range(low, high, span.scale, whole, span.chance if isinstance(span, Drawn) else None)


def _overrides(
    spec: Grid | OneAtATime | LatinHypercube | Sobol | Morris | Ablation, loaded: Loaded
) -> tuple[list[designs.Overrides], list[dict[str, KeyPath]]]:
    """Return the points of a design over one base scenario, and where their values stand."""
    if isinstance(spec, Ablation):
        return _ablation(spec, loaded)
    if isinstance(spec, Grid | OneAtATime):
        return _from_values(spec, loaded)
    ranges = ranges_of(spec.parameters, loaded)
    if isinstance(spec, LatinHypercube):
        points = designs.latin_hypercube(ranges, spec.size, spec.seed)
    elif isinstance(spec, Sobol):
        points = designs.sobol(ranges, spec.size, spec.seed, spec.second_order)
    else:
        points = designs.morris(ranges, spec.trajectories, spec.levels, spec.seed)
    where: dict[str, KeyPath] = {path: ("design", "parameters", path) for path in ranges}
    if isinstance(spec, LatinHypercube):
        points = [
            point | {path: _times(point[link.of], link) for path, link in spec.linked.items()} for point in points
        ]
        where |= {path: ("design", "linked", path) for path in spec.linked}
    return points, [where] * len(points)


def _times(value: Any, link: Linked) -> float | int:
    """Return a value that follows another: a whole number if that is one and as many times of it are one, too."""
    found = link.times * value
    return int(found) if isinstance(value, int) and found.is_integer() else found


def _ablation(spec: Ablation, loaded: Loaded[Any]) -> tuple[list[designs.Overrides], list[dict[str, KeyPath]]]:
    mechanisms = loaded.config.mechanisms
    listed = spec.mechanisms
    names = [name for name, on in mechanisms if on is True] if isinstance(listed, str) else listed
    points = designs.ablation(names)
    places: list[KeyPath] = [
        ("design", "mechanisms") if isinstance(listed, str) else ("design", "mechanisms", place)
        for place in range(len(names))
    ]
    return points, [{}, *({f"mechanisms.{name}": place} for name, place in zip(names, places, strict=True))]


def _from_values(spec: Grid | OneAtATime, loaded: Loaded) -> tuple[list[designs.Overrides], list[dict[str, KeyPath]]]:
    values = values_of(spec, loaded)
    standing: dict[str, list[KeyPath]] = {}
    for path, listed in values.items():
        place: KeyPath = ("design", "parameters", path)
        in_list = not isinstance(spec.parameters[path], Steps)
        standing[path] = [(*place, index) if in_list else place for index in range(len(listed))]
    make = designs.grid if isinstance(spec, Grid) else designs.one_at_a_time
    return make(values), make(standing)


def _listed(
    points: Sequence[ListedPoint], bases: Mapping[str, Loaded], written: Mapping[str, str]
) -> tuple[Draft, ...]:
    automatic = designs.labels([point.set for point in points])
    drafts: list[Draft] = []
    for index, (point, label) in enumerate(zip(points, automatic, strict=True)):
        if point.scenario is not None and point.scenario not in written:
            continue  # the check of the file has already said so
        place: KeyPath = ("design", "points", index)
        places: dict[str, KeyPath] = {path: (*place, "set", path) for path in point.set}
        chosen = [written[point.scenario]] if point.scenario else list(bases)
        for name in chosen:
            called = point.label or label
            if point.label is None or not point.scenario:
                called = _of_base(called, name, bases)
            drafts.append(Draft(called, name, point.set, places, place))
    return tuple(drafts)


def _labels(spec: AnyDesign, overrides: Sequence[designs.Overrides]) -> list[str]:
    if isinstance(spec, Morris):
        steps = len(spec.parameters) + 1
        return [f"trajectory {index // steps + 1}, step {index % steps}" for index in range(len(overrides))]
    if isinstance(spec, LatinHypercube | Sobol):
        return [f"sample {index + 1}" for index in range(len(overrides))]
    if isinstance(spec, Ablation):
        return ["base", *(f"without {path.partition('.')[2]}" for point in overrides for path in point)]
    return designs.labels(overrides)


def _of_base(label: str, name: str, bases: Mapping[str, Loaded]) -> str:
    if len(bases) == 1:
        return label
    return name if label == "base" else f"{name}: {label}"
