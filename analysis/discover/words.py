"""Scenario discovery in words: the conditions, the answer, captions computed from the numbers."""

from __future__ import annotations

import math

import numpy as np

from analysis.discover.find import Box, Discovery
from analysis.discover.prim import Restriction
from analysis.report.figures.style import shorten
from analysis.sensitivity.material import Parameter, each_row
from sim.core.formats import listed, number, share, to_digits
from sim.models.results import capital

PLAIN_UNITS = ("", "share", "factor", "number")
"""Units that a sentence leaves out."""
LONGEST_VALUE = 60
"""Letters of a category in a sentence."""
OFTEN = 0.8
"""Share of resamples from which on a restriction is called stable."""


def value_text(value: float, parameter: Parameter) -> str:
    """Return a value of a parameter as people read it."""
    if parameter.kind == "switch":
        return "on" if value > 0.5 else "off"
    return number(value) if abs(value) >= 1000 else to_digits(value, 3)


def limits_of(one: Restriction) -> tuple[float | None, float | None]:
    """Return the limits as people read them: whole numbers for a whole parameter."""
    low, high = one.low, one.high
    if one.parameter.whole:
        low = None if low is None else float(math.ceil(low))
        high = None if high is None else float(math.floor(high))
    return low, high


def wanted(one: Restriction) -> str:
    """Return what a box asks of a parameter, such as ``at most 0.45 (share)``."""
    if one.kept:
        return " or ".join(shorten(value, LONGEST_VALUE) for value in one.kept)
    if one.parameter.kind == "switch":
        return "on" if one.low is not None else "off"
    low, high = limits_of(one)
    unit = "" if one.parameter.unit in PLAIN_UNITS else f" {one.parameter.unit}"
    if low is not None and high is not None:
        return f"{value_text(low, one.parameter)} to {value_text(high, one.parameter)}{unit}"
    if low is not None:
        return f"at least {value_text(low, one.parameter)}{unit}"
    return f"at most {value_text(high or 0.0, one.parameter)}{unit}"


def conditions(box: Box) -> str:
    """Return all that a box asks, in a sentence's middle."""
    return listed([f"“{one.parameter.label}” is {wanted(one)}" for one in box.restrictions])


def p_text(p: float) -> str:
    """Return a quasi-p-value as people read it."""
    if math.isnan(p):
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def how_often(result: Discovery) -> str:
    """Say where and how often it happens at all."""
    count, points = int(result.cases.sum()), len(result.cases)
    single = int(result.study.runs.groupby("point").size().max()) == 1
    where = f"{capital(result.condition.words)} happens at {count:,} of {points:,} points ({share(count / points)})"
    never = result.condition.never(result.study.runs)
    where += f" ({never}: there it does not happen)" if never else ""
    return where + ("." if single else f": there, in at least {share(result.threshold)} of the runs.")


def answer(result: Discovery) -> str:
    """Say under which conditions it happens."""
    if not result.boxes:
        return (
            f"{how_often(result)} No combination of ranges of the varied parameters holds it more densely than chance "
            "would have it."
        )
    return " ".join([how_often(result), *(box_words(result, place) for place in range(len(result.boxes)))])


def box_words(result: Discovery, place: int) -> str:
    """Say what a box asks and what it holds."""
    box = result.boxes[place]
    before = np.zeros(len(result.cases), dtype=bool)
    for earlier in result.boxes[:place]:
        before |= earlier.inside
    outside = ~box.inside & ~before
    elsewhere = int(result.cases[outside].sum())
    start = "Where" if place == 0 else "Outside that, where"
    return (
        f"{start} {conditions(box)}, it happens at {box.cases:,} of {box.points:,} points (density "
        f"{share(box.density)}); that is {share(box.coverage)} of all points where it happens (coverage). "
        f"Elsewhere it happens at {elsewhere:,} of {int(outside.sum()):,}."
        + ("" if box.density >= 0.5 else " Even inside it fails to happen more often than not.")
    )


def stability_words(result: Discovery) -> str:
    """Say whether resampled points lead to the same restrictions."""
    found = result.stability
    if found is None:
        return ""
    called = {one.path: f"“{one.label}”" for one in result.study.parameters}
    often = [called[str(row.parameter)] for row in each_row(found.table) if row.restricted >= OFTEN]
    text = f"The first box was found again in {found.resamples} samples of the points, drawn with replacement. "
    text += (
        f"Restricted in at least {share(OFTEN)} of them: {', '.join(often)}."
        if often
        else f"No parameter is restricted in {share(OFTEN)} of them: do not rely on this box."
    )
    if result.boxes:
        asked = [called[one.parameter.path] for one in result.boxes[0].restrictions]
        shaky = [name for name in asked if name not in often]
        if shaky and often:
            text += f" Less sure: {', '.join(shaky)}."
    if found.unrestricted:
        text += f" {found.unrestricted} of them led to no restriction at all and do not count in what follows."
    if not (math.isnan(found.density) or math.isnan(found.coverage)):
        text += (
            f" On points they had not seen, these boxes have a mean density of {share(found.density)} and a mean "
            f"coverage of {share(found.coverage)}; expect that of new points."
        )
    return text


def trajectory_caption(result: Discovery) -> str:
    """Say what the way of the search shows."""
    chosen = result.first.trajectory.iloc[result.first.number]
    return (
        f"Each dot is a box on the way of the first search, from all points (coverage 100%, density "
        f"{share(float(result.cases.mean()))}) to small dense boxes; darker dots restrict more parameters. The ringed "
        f"box {result.first.number} was taken: coverage {share(chosen['coverage'])}, density "
        f"{share(chosen['density'])}. Another can be taken with --box."
    )


def ranges_caption(box: Box) -> str:
    """Say what the restricted ranges show."""
    first = box.restrictions[0]
    return (
        "Pale bars are the ranges that were studied, blue bars what the box asks, with the quasi-p-value of each "
        f"limit: how likely so dense a box would be if that limit said nothing. The strongest is "
        f"“{first.parameter.label}”: {wanted(first)}."
    )


def strongest(box: Box) -> tuple[Restriction, ...]:
    """Return the one or two restrictions that a scatter shows: the most significant, numbers before choices."""
    numbers_first = sorted(box.restrictions, key=lambda one: one.parameter.kind != "number")
    return tuple(numbers_first[:2])


def scatter_caption(result: Discovery, box: Box) -> str:
    """Say what the scatter shows."""
    full = int(box.cases)
    names = [f"“{one.parameter.label}”" for one in strongest(box)]
    if len(names) == 1:
        return (
            f"Each dot is a point of the design: {names[0]} against the share of its runs in which it happens. The "
            f"shaded band is the box, with {full:,} of {box.points:,} points."
        )
    more = " Its other restrictions are not drawn, so not all dots inside the frame are in the box."
    dots = (
        "dark where it happens" if set(np.unique(result.shares)) <= {0.0, 1.0} else "darker where it happens more often"
    )
    return f"Each dot is a point of the design, {dots}. The frame is the box in {names[0]} and {names[1]}." + (
        more if len(box.restrictions) > 2 else ""
    )
