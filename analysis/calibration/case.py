"""What a case of calibration consists of: observed targets, and the parameters that may move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analysis.observed import Calibration, Observation, Undercount, every_case, find_observed, read_observed
from sim.core.errors import ProtestorateError
from sim.measures.language import Measure, parse

Scale = Literal["log", "linear"]


@dataclass(frozen=True)
class Target:
    """An observed quantity.

    Parameters
    ----------
    name : str
        What was observed.
    value, low, high : float
        Best estimate, and the range in which the truth lies by the stated uncertainty of the observation
        (about 90%). A median run within the range meets the target.
    unit : str
        Unit of the three.
    source : str
        Id of the evidence ledger, or ``assumption``.
    measure : Measure
        The same quantity in a run; NaN if the run ended before it could be observed.
    note : str
        Where the range comes from.
    scale : str
        ``log`` where errors are factors (needs low > 0), ``linear`` where they are differences.
    weight : float
        Weight in the distance.
    share : bool
        Whether the quantity is a share of runs, of which the mean is taken instead of the median.
    times : float
        What the measure is multiplied by, 100 for percent.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    measure: Measure
    note: str = ""
    scale: Scale = "log"
    weight: float = 1.0
    share: bool = False
    times: float = 1.0

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high or self.low == self.high:
            raise ValueError(f"{self.name}: the value must lie between low and high, which must differ")
        if self.scale == "log" and self.low <= 0.0:
            raise ValueError(f"{self.name}: a target on a logarithmic scale must be above 0")


@dataclass(frozen=True)
class Span:
    """Limits between which a search moves a parameter, and the scale on which it does.

    A logarithmic scale gives each factor the same room; a linear one may begin at 0.
    """

    low: float
    high: float
    scale: Scale = "log"

    def value(self, position: float) -> float:
        """Return the parameter at a position 0..1, to three significant digits: what is run is what is written."""
        inside = min(max(position, 0.0), 1.0)
        if self.scale == "log":
            return float(f"{self.low * (self.high / self.low) ** inside:.3g}")
        return float(f"{self.low + (self.high - self.low) * inside:.3g}")

    def position(self, value: float) -> float:
        """Return the position 0..1 of a parameter; the nearest end if it lies outside."""
        if self.scale == "log":
            found = math.log(max(value, 1e-300) / self.low) / math.log(self.high / self.low)
        else:
            found = (value - self.low) / (self.high - self.low)
        return min(max(found, 0.0), 1.0)


@dataclass(frozen=True)
class Case:
    """A scenario, what was observed of it, and which of its parameters a search may move.

    Parameters
    ----------
    name : str
        Name of the scenario.
    targets : tuple of Target
        What was observed.
    searched : mapping of str to Span
        Key paths and their limits.
    last_day : str or None
        Last date that a target looks at; runs stop there. None: the scenario's horizon.
    persons_per_agent : int
        Coarse scale of a search, unless the command names another.
    fixed : mapping of str to float
        Key paths held at a value during the search, and written with its result.
    """

    name: str
    targets: tuple[Target, ...]
    searched: Mapping[str, Span]
    last_day: str | None = None
    persons_per_agent: int = 400
    fixed: Mapping[str, float] = field(default_factory=dict)


def cases() -> tuple[str, ...]:
    """Return the names of the cases that have targets."""
    return tuple(name for name, one in every_case().items() if one.calibration is not None)


def find_case(name_or_path: str, held_out: bool = False) -> Case:
    """Return a case by the name of its scenario, or by its file of observed facts.

    Parameters
    ----------
    name_or_path : str
    held_out : bool
        Whether its targets are those that judge a calibration alone; nothing is then searched.

    Raises
    ------
    ScenarioError
        If there is none, or its file is not valid.
    ProtestorateError
        If it has no targets of the kind asked for.
    """
    path = find_observed(name_or_path)
    found = read_observed(path).calibration
    if found is None or (held_out and not found.held_out):
        lacks = "nothing held out" if found else "no targets"
        raise ProtestorateError(f"{path}: has {lacks}; there are targets of {', '.join(cases())}")
    if held_out:
        targets, last = targets_in(found, True), found.held_out_last_day
        return Case(path.stem, targets, {}, str(last) if last else None, found.persons_per_agent)
    searched = {name: Span(one.low, one.high, one.scale) for name, one in found.searched.items()}
    targets, last = targets_in(found, False), found.last_day
    return Case(path.stem, targets, searched, str(last) if last else None, found.persons_per_agent, dict(found.fixed))


def targets_in(found: Calibration, held_out: bool) -> tuple[Target, ...]:
    """Return the targets of a file, those of the fit or those that judge it alone."""
    observations = found.held_out if held_out else found.targets
    return tuple(_target(name, one, found.undercount) for name, one in observations.items())


def _target(name: str, one: Observation, undercount: Undercount | None) -> Target:
    note, ends = one.note, (one.value, one.low, one.high)
    if one.counted and undercount is not None:
        mean = one.times * sum(one.counted) / len(one.counted) / undercount.population
        ends = (undercount.middle * mean, undercount.low * mean, undercount.high * mean)
        told = ", ".join(f"{count:,.0f}" for count in one.counted)
        note = f"{undercount.by}: {told}, times {undercount.low:g} to {undercount.high:g}"
        note += f"; {one.note}" if one.note else ""
    value, low, high = (float(end) for end in ends if end is not None)
    return Target(
        name,
        value,
        low,
        high,
        one.unit,
        one.source,
        parse(one.measure),
        note,
        one.scale,
        one.weight,
        one.share,
        one.times,
    )
