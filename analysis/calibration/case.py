"""What a case of calibration consists of: observed targets, and the parameters that may move."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sim.core.errors import Problem, ScenarioError, nearest, shown

if TYPE_CHECKING:
    from sim.run.simulate import Run

Scale = Literal["log", "linear"]
Measure = Callable[["Run"], float]

CASES: dict[str, str] = {
    "belarus-2020": "analysis.calibration.belarus_2020",
    "russia-2022": "analysis.calibration.russia_2022",
}
"""Module of each case, by its name, which is also the name of its scenario."""


@dataclass(frozen=True)
class Target:
    """An observed quantity.

    Parameters
    ----------
    name : str
        What was observed.
    value, low, high : float
        Best estimate, and the range in which the truth lies by the stated uncertainty of the observation
        (about 90 %). A median run within the range meets the target.
    unit : str
        Unit of the three.
    source : str
        Id of the evidence ledger, or ``assumption``.
    measure : callable of Run to float
        The same quantity in a run; NaN if the run ended before it could be observed.
    note : str
        Where the range comes from.
    scale : str
        ``log`` where errors are factors (needs low > 0), ``linear`` where they are differences.
    weight : float
        Weight in the distance.
    share : bool
        Whether the quantity is a share of runs, of which the mean is taken instead of the median.
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


def find_case(name: str) -> Case:
    """Return a case by name.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    if name not in CASES:
        near = nearest(name, CASES)
        message = "there is no such case" + ("" if near else f"; there are {', '.join(CASES)}")
        raise ScenarioError(Problem(message, given=shown(name), nearest=near))
    case: Case = importlib.import_module(CASES[name]).CASE
    return case
