"""One PRIM box by EMA workbench: peel, choose from the trajectory, drop what is not significant."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sensitivity.material import Parameter, as_text
from sim.core.errors import ProtestorateError
from sim.core.share import to_install

LARGEST_QUASI_P = 0.05
"""A restriction whose quasi-p-value is larger is dropped."""
LEAST_CASES = 5
"""Points inside a box, at least."""
LEAST_MASS = 0.02
"""Share of all points inside a box, at least."""


@dataclass(frozen=True)
class Restriction:
    """What a box asks of one parameter.

    Parameters
    ----------
    parameter : Parameter
    low, high : float or None
        Limits of a number, None where it is not limited; for a switch 0.5 as lower limit means on.
    kept : tuple of str
        Categories inside the box.
    p_low, p_high : float
        Quasi-p-value of each limit (Bryant and Lempert 2010): how likely so dense a box would be if this limit
        said nothing, by a binomial test; NaN where there is no limit. A category has its own in `p_low`.
    """

    parameter: Parameter
    low: float | None = None
    high: float | None = None
    kept: tuple[str, ...] = ()
    p_low: float = math.nan
    p_high: float = math.nan

    @property
    def p(self) -> float:
        """The smaller of the two quasi-p-values."""
        return float(np.nanmin([self.p_low, self.p_high]))

    def holds(self, values: pd.Series) -> NDArray[np.bool_]:
        """Return for each value of the parameter whether it is inside."""
        if self.kept:
            return as_text(values).isin(self.kept).to_numpy()
        numbers = values.astype(float).to_numpy()
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return (numbers >= low) & (numbers <= high)


@dataclass(frozen=True)
class Found:
    """A box as PRIM found it.

    Parameters
    ----------
    restrictions : tuple of Restriction
        The most significant first; empty if no restriction is significant.
    trajectory : DataFrame
        A row a box on the way: number, coverage, density, mass (shares), restricted (parameters), points, cases.
    number : int
        Which of them was chosen.
    """

    restrictions: tuple[Restriction, ...]
    trajectory: pd.DataFrame
    number: int


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the warnings of EMA workbench about its own dependencies, and its colours, to itself."""
    with warnings.catch_warnings(), mpl.rc_context():
        warnings.simplefilter("ignore")
        yield


def load_prim() -> Any:
    """Return EMA workbench's class Prim; raises ProtestorateError if it is not installed."""
    try:
        with _quietly():
            from ema_workbench.analysis.prim import Prim
    except ImportError as error:
        raise ProtestorateError(
            "scenario discovery uses EMA workbench, which is not installed; install it with: "
            f"{to_install('explore')} ({error})"
        ) from error
    return Prim


def encoded(points: pd.DataFrame, parameters: Sequence[Parameter]) -> pd.DataFrame:
    """Return the parameters as PRIM takes them: numbers and switches as float, categories as text."""
    columns: dict[str, pd.Series] = {}
    for parameter in parameters:
        column = points[parameter.path]
        if parameter.kind == "category":
            columns[parameter.path] = pd.Series(as_text(column).tolist(), dtype=object)
        else:
            # Whole numbers as float, too: limits then lie between two of them, and none is lost to rounding.
            columns[parameter.path] = pd.Series(column.astype(float).tolist())
    return pd.DataFrame(columns)


def find_box(
    table: pd.DataFrame, cases: NDArray[np.bool_], parameters: Sequence[Parameter], number: int | None = None
) -> Found:
    """Find one box.

    Of the boxes on the peeling and pasting trajectory (Friedman and Fisher 1999), the one with the largest
    harmonic mean of coverage and density is chosen; its limits with a quasi-p-value above 0.05 are then dropped,
    the weakest first (Bryant and Lempert 2010).

    Parameters
    ----------
    table : DataFrame, shape (points, parameters)
        As `encoded` gives it.
    cases : ndarray of bool, shape (points,)
        At which points it happens; some, not all.
    parameters : sequence of Parameter
        Of the table's columns.
    number : int or None
        Take this box of the trajectory as it is, instead.

    Raises
    ------
    ProtestorateError
        If EMA workbench is not installed, or the trajectory has no box of that number.
    """
    algorithm = load_prim()
    mass = max(LEAST_CASES / len(table), LEAST_MASS)
    with _quietly():
        box = algorithm(table, cases.astype(int), threshold=0.5 / len(table), mass_min=mass).find_box()
        chosen = _best(box.peeling_trajectory) if number is None else number
        if not 0 <= chosen < len(box.peeling_trajectory):
            raise ProtestorateError(f"--box: there are boxes 0 to {len(box.peeling_trajectory) - 1}")
        while number is None and (weak := _weakest(box.qp[chosen])) is not None:
            limits = _without(box.box_lims[chosen], box.box_lims[0], *weak)
            box.update(limits, np.flatnonzero(_inside(table, limits)))
            chosen = len(box.peeling_trajectory) - 1
    known = {parameter.path: parameter for parameter in parameters}
    limits, start = box.box_lims[chosen], box.box_lims[0]
    restrictions = [_restriction(known[path], limits[path], start[path], p) for path, p in box.qp[chosen].items()]
    return Found(tuple(sorted(restrictions, key=lambda one: one.p)), _trajectory(box.peeling_trajectory), chosen)


def within(restrictions: Sequence[Restriction], points: pd.DataFrame) -> NDArray[np.bool_]:
    """Return for each point whether it is inside all restrictions."""
    inside = np.ones(len(points), dtype=bool)
    for one in restrictions:
        inside &= one.holds(points[one.parameter.path])
    return inside


def _best(trajectory: pd.DataFrame) -> int:
    coverage, density = trajectory["coverage"].to_numpy(float), trajectory["density"].to_numpy(float)
    both = coverage + density
    return int(np.argmax(np.divide(2 * coverage * density, both, out=np.zeros_like(both), where=both > 0)))


def _weakest(quasi_p: dict[str, list[float]]) -> tuple[str, int] | None:
    """Return the least significant limit (parameter; 0 lower, 1 upper) if it is not significant.

    EMA workbench writes -1 where there is no limit, and gives a category its value in the first place.
    """
    worst = max(((p, path, side) for path, both in quasi_p.items() for side, p in enumerate(both)), default=None)
    return (worst[1], worst[2]) if worst and worst[0] > LARGEST_QUASI_P else None


def _without(limits: pd.DataFrame, start: pd.DataFrame, path: str, side: int) -> pd.DataFrame:
    """Return a box's limits without one of them."""
    wider = limits.copy()
    both, before = wider[path].tolist(), start[path].tolist()
    # A category has its set of values twice, and both go.
    wider[path] = before if isinstance(before[0], set) else [before[i] if i == side else both[i] for i in (0, 1)]
    return wider


def _inside(table: pd.DataFrame, limits: pd.DataFrame) -> NDArray[np.bool_]:
    inside = np.ones(len(table), dtype=bool)
    for path in table.columns.intersection(limits.columns):
        low, high = limits[path]
        column = table[path]
        inside &= (column.isin(low) if isinstance(low, set) else column.between(low, high)).to_numpy()
    return inside


def _restriction(parameter: Parameter, limits: pd.Series, start: pd.Series, quasi_p: list[float]) -> Restriction:
    if parameter.kind == "category":
        return Restriction(parameter, kept=tuple(sorted(limits.iloc[0])), p_low=float(quasi_p[0]))
    limited = [float(limits.iloc[i]) != float(start.iloc[i]) for i in (0, 1)]
    return Restriction(
        parameter,
        low=float(limits.iloc[0]) if limited[0] else None,
        high=float(limits.iloc[1]) if limited[1] else None,
        p_low=float(quasi_p[0]) if limited[0] else math.nan,
        p_high=float(quasi_p[1]) if limited[1] else math.nan,
    )


def _trajectory(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": range(len(found)),
            "coverage": found["coverage"].astype(float),
            "density": found["density"].astype(float),
            "mass": found["mass"].astype(float),
            "restricted": found["res_dim"].astype(int),
            "points": found["n"].astype(int),
            "cases": found["k"].astype(int),
        }
    )
