"""Points of a design, by mathematics alone: ranges or values in, overrides by key path out.

Sampled designs are drawn in the unit cube and carried over into the ranges, so that scale and whole
numbers are treated alike by all of them.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import one_line
from sim.study.parameters import short_names
from sim.study.plan import Range

Overrides = dict[str, Any]

LONGEST_LABEL = 100


def in_range(unit: NDArray[np.float64], span: Range) -> list[float] | list[int]:
    """Carry numbers of the unit interval over into a range.

    Parameters
    ----------
    unit : array of float64, shape (n,), 0 <= value <= 1
    span : Range
        On a logarithmic scale equal steps of `unit` are equal ratios. Whole numbers each take a share
        of the unit interval, the ends as much as the others: low + floor(unit x (high - low + 1)); on a
        logarithmic scale a number k takes a share proportional to ln((k + 1) / k). With a chance, only the ends.

    Returns
    -------
    list of float or int, length n, low <= value <= high
    """
    if span.chance is not None:
        return [span.high if value > 1.0 - span.chance else span.low for value in unit]
    low, high = float(span.low), float(span.high) + (1.0 if span.whole else 0.0)
    values = low * (high / low) ** unit if span.scale == "log" else low + unit * (high - low)
    if span.whole:
        return [int(value) for value in np.clip(np.floor(values), span.low, span.high)]
    return [float(value) for value in np.clip(values, span.low, span.high)]


def latin_hypercube(ranges: Mapping[str, Range], size: int, seed: int) -> list[Overrides]:
    """Return a Latin hypercube: each of `size` equal strata of each range holds exactly one point.

    Source: McKay, Beckman & Conover (1979), Technometrics 21(2), 239-245, doi:10.2307/1268522.

    Parameters
    ----------
    ranges : mapping of str to Range
        By key path.
    size : int
        Points, at least 1.
    seed : int
        The same seed gives the same points.
    """
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(d=len(ranges), seed=np.random.default_rng(seed))
    return _points(sampler.random(size), ranges)


def sobol(ranges: Mapping[str, Range], size: int, seed: int, second_order: bool = False) -> list[Overrides]:
    """Return Saltelli's design for Sobol indices, in the order that ``SALib.analyze.sobol`` expects.

    Source: Saltelli (2002), Computer Physics Communications 145(2), 280-297,
    doi:10.1016/S0010-4655(02)00280-1.

    Parameters
    ----------
    ranges : mapping of str to Range
        By key path.
    size : int
        Base samples, a power of two.
    seed : int
        Of the scrambling.
    second_order : bool
        Whether effects of pairs can be estimated.

    Returns
    -------
    list of dict
        size x (parameters + 2) points, or size x (2 parameters + 2) for second order.
    """
    from SALib.sample import sobol as sampler

    unit = sampler.sample(_unit_problem(ranges), size, calc_second_order=second_order, seed=seed)
    return _points(unit, ranges)


def morris(ranges: Mapping[str, Range], trajectories: int, levels: int, seed: int) -> list[Overrides]:
    """Return Morris's trajectories, in the order that ``SALib.analyze.morris`` expects.

    Source: Morris (1991), Technometrics 33(2), 161-174, doi:10.1080/00401706.1991.10484804.

    Parameters
    ----------
    ranges : mapping of str to Range
        By key path.
    trajectories : int
        At least 2.
    levels : int
        Levels of each parameter, an even number.
    seed : int
        The same seed gives the same points.

    Returns
    -------
    list of dict
        trajectories x (parameters + 1) points; neighbours within a trajectory differ in one parameter.
    """
    from SALib.sample import morris as sampler

    unit = sampler.sample(_unit_problem(ranges), trajectories, num_levels=levels, seed=seed)
    return _points(unit, ranges)


def grid(values: Mapping[str, Sequence[Any]]) -> list[Overrides]:
    """Return every combination of the values; the last parameter varies fastest."""
    return [dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())]


def one_at_a_time(values: Mapping[str, Sequence[Any]]) -> list[Overrides]:
    """Return the base (no overrides), then each value of each parameter alone."""
    return [{}, *({path: value} for path, listed in values.items() for value in listed)]


def ablation(mechanisms: Iterable[str]) -> list[Overrides]:
    """Return the base (no overrides), then each mechanism switched off alone."""
    return [{}, *({f"mechanisms.{name}": False} for name in mechanisms)]


def spaced(span: Range, steps: int) -> list[float] | list[int]:
    """Return evenly spaced values of a range, both ends included; whole numbers are rounded.

    Parameters
    ----------
    span : Range
    steps : int
        At least 2; for whole numbers at most as many as there are in the range.
    """
    space = np.geomspace if span.scale == "log" else np.linspace
    values = np.clip(space(span.low, span.high, steps), span.low, span.high)
    return [round(value) for value in values.tolist()] if span.whole else [float(value) for value in values]


def labels(points: Sequence[Overrides]) -> list[str]:
    """Return a short unique name for each of some points, such as ``aggression_gain=0.5, shutdown=false``."""
    short = short_names(path for point in points for path in point)
    for digits, letters in ((4, 24), (8, 60), (17, LONGEST_LABEL)):
        named = [
            ", ".join(f"{short[path]}={written(value, digits, letters)}" for path, value in point.items()) or "base"
            for point in points
        ]
        if len(set(named)) == len(named):
            break
    short_enough = [name if len(name) <= LONGEST_LABEL else f"{name[:LONGEST_LABEL]}…" for name in named]
    return unique([one_line(name) for name in short_enough])


def unique(names: Sequence[str]) -> list[str]:
    """Return names with a number added to those that stood there before."""
    taken: set[str] = set()
    found = []
    for name in names:
        candidate, count = name, 1
        while candidate in taken:
            count += 1
            candidate = f"{name} ({count})"
        taken.add(candidate)
        found.append(candidate)
    return found


def written(value: Any, digits: int = 4, letters: int = 24) -> str:
    """Return a value as labels show it: numbers to so many digits, lists and mappings to so many letters."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (Mapping, list, tuple)):
        text = _inside(value, digits)
        return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
    return str(value)


def _inside(value: Any, digits: int) -> str:
    """Return a list or mapping in full, its numbers to so many digits."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {_inside(inner, digits)}' for name, inner in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_inside(inner, digits) for inner in value)}]"
    return written(value, digits)


def _unit_problem(ranges: Mapping[str, Range]) -> dict[str, Any]:
    """Return what SALib calls a problem, over the unit cube."""
    return {"num_vars": len(ranges), "names": list(ranges), "bounds": [[0.0, 1.0]] * len(ranges)}


def _points(unit: NDArray[np.float64], ranges: Mapping[str, Range]) -> list[Overrides]:
    """Carry points of the unit cube, shape (points, parameters), over into the ranges."""
    columns = [in_range(unit[:, column], span) for column, span in enumerate(ranges.values())]
    return [dict(zip(ranges, values, strict=True)) for values in zip(*columns, strict=True)]
