"""Daily series of two sides as arrays, and when their paired differences part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.compare.sides import Axis, Pairs, Side, grid, positions
from analysis.stats.parting import Parting, mean_by_day, partings
from sim.figures.plot import sum_of
from sim.models.declarations import Declarations
from sim.models.results import Result

Floats = NDArray[np.float64]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


PLACE_COLUMN = "attending"


@dataclass(frozen=True)
class Series:
    """A daily series on both sides of the pairs.

    Attributes
    ----------
    kind : Result
        What it is: a daily column, or a family whose columns are added up.
    a, b : array of float, shape (pairs, days)
        NaN after a run has ended.
    """

    kind: Result
    a: Floats
    b: Floats

    @property
    def difference(self) -> Floats:
        """B minus A, shape (pairs, days); NaN where one of the two runs had ended."""
        return self.b - self.a


def kinds_of(pairs: Pairs) -> list[Result]:
    """Return the daily series that are compared: the model's main ones, as far as both daily tables have them."""
    declared = Declarations(pairs.a.declared.columns)
    return [one for one in declared.main() if all(has(side.days, one) for side in (pairs.a, pairs.b))]


def has(days: pd.DataFrame, one: Result) -> bool:
    """Return whether a table has a column, or any column of a family."""
    if one.is_family:
        return any(str(name).startswith(one.prefix) for name in days)
    return one.name in days


def series_of(pairs: Pairs, axis: Axis) -> list[Series]:
    """Return every series that both sides have, on the days of the axis."""
    kinds = kinds_of(pairs)
    a, b = (_grids(side, pairs, axis, kinds) for side in (pairs.a, pairs.b))
    return [Series(kind, first, second) for kind, first, second in zip(kinds, a, b, strict=True)]


def _grids(side: Side, pairs: Pairs, axis: Axis, kinds: list[Result]) -> list[Floats]:
    rows = pd.Index(pairs.seeds).get_indexer(pd.Index(side.days["seed"]))
    columns = positions(side.days, axis)
    shape = (pairs.seeds.size, len(axis.values))
    return [grid(_values(side.days, kind), rows, columns, shape) for kind in kinds]


def _values(days: pd.DataFrame, kind: Result) -> Floats:
    found = sum_of(days, kind.prefix) if kind.is_family else days[kind.name]
    return found.to_numpy(float)


def quantiles(values: Floats) -> Floats:
    """Return the quantiles of each day over the runs that still go on, shape (5, days); NaN where none does."""
    found = np.full((len(QUANTILES), values.shape[1]), np.nan)
    present = np.isfinite(values)
    whole, some = present.all(axis=0), present.any(axis=0) & ~present.all(axis=0)
    found[:, whole] = np.quantile(values[:, whole], QUANTILES, axis=0)
    if some.any():  # much slower, so only where runs have ended
        found[:, some] = np.nanquantile(values[:, some], QUANTILES, axis=0)
    return found


def national(found: list[Series]) -> list[Parting]:
    """Return when each national series parts."""
    return partings({series.kind.key: series.difference for series in found})


@dataclass(frozen=True)
class Place:
    """When a locality's turnout parts.

    Attributes
    ----------
    parting : Parting
    person_days : float
        Mean paired difference of its turnout summed over the days, persons times days.
    lat, lon : float or None
        Degrees; None if the scenario has no coordinates for it.
    """

    parting: Parting
    person_days: float
    lat: float | None
    lon: float | None


def places_of(pairs: Pairs, axis: Axis) -> list[Place]:
    """Return when turnout parts in each locality that both sides have, in the order of the first."""
    if any(side.localities.empty or PLACE_COLUMN not in side.localities for side in (pairs.a, pairs.b)):
        return []
    a, b = (_by_place(side, pairs, axis) for side in (pairs.a, pairs.b))
    differences = {name: b[name] - a[name] for name in a if name in b}
    known = pairs.a.data.get("places", {}).get("localities", {})
    return [
        Place(
            found,
            float(mean_by_day(differences[found.name]).sum()),
            known.get(found.name, {}).get("lat"),
            known.get(found.name, {}).get("lon"),
        )
        for found in partings(differences)
    ]


def _by_place(side: Side, pairs: Pairs, axis: Axis) -> dict[str, Floats]:
    table = side.localities
    rows = pd.Index(pairs.seeds).get_indexer(pd.Index(table["seed"]))
    columns = positions(table, axis)
    values = table[PLACE_COLUMN].to_numpy(float)
    codes, names = pd.factorize(table["locality"].astype("category"))
    shape = (pairs.seeds.size, len(axis.values))
    order = np.argsort(codes, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    return {
        str(name): grid(values[part], rows[part], columns[part], shape) for name, part in zip(names, parts, strict=True)
    }
