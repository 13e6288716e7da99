"""What a map needs to know of a country: its outline, and where its localities are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import Problem, ScenarioError, nearest
from sim.scenario.outlines import rings

MARGIN = 0.04
"""Room left around the country, as a share of its width."""


@dataclass(frozen=True, eq=False)
class Country:
    """The places of a scenario.

    Attributes
    ----------
    names : tuple of str
        Localities in the order of the scenario, which is that of a frame's arrays.
    lat, lon : float arrays, shape (localities,)
        Degrees north and east.
    population : int array, shape (localities,)
        Inhabitants [persons].
    rings : tuple of float arrays, shape (points, 2)
        The outline: longitude and latitude.
    """

    names: tuple[str, ...]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    population: NDArray[np.int64]
    rings: tuple[NDArray[np.float64], ...]

    def number(self, locality: str) -> int:
        """Return the place of a locality in the arrays; raises ScenarioError if there is none of this name."""
        if locality not in self.names:
            near = nearest(locality, self.names)
            raise ScenarioError(Problem("there is no such locality", "locality", given=repr(locality), nearest=near))
        return self.names.index(locality)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all there is to draw [degrees], with at least half a degree each way."""
        lons = np.concatenate([self.lon, *(ring[:, 0] for ring in self.rings)])
        lats = np.concatenate([self.lat, *(ring[:, 1] for ring in self.rings)])
        spare_lon = max(0.0, 0.5 - float(np.ptp(lons))) / 2
        spare_lat = max(0.0, 0.5 - float(np.ptp(lats))) / 2
        return (
            float(lons.min()) - spare_lon, float(lats.min()) - spare_lat,
            float(lons.max()) + spare_lon, float(lats.max()) + spare_lat,
        )  # fmt: skip

    @property
    def stretch(self) -> float:
        """How much longer a degree of latitude is than one of longitude in the middle of the country."""
        _, south, _, north = self.bounds
        return 1.0 / math.cos(math.radians((south + north) / 2))


def country_of(config: Any) -> Country | None:
    """Return the places of a scenario; None for a model without any."""
    places = getattr(config, "places", None)
    if places is None:
        return None
    towns = places.localities.values()
    return Country(
        names=tuple(places.localities),
        lat=np.array([town.lat for town in towns]),
        lon=np.array([town.lon for town in towns]),
        population=np.array([town.population for town in towns]),
        rings=outline(places.outline),
    )


@cache
def outline(name: str | None) -> tuple[NDArray[np.float64], ...]:
    """Return the rings of a country's outline, arrays of (longitude, latitude); none if it has no file."""
    found = []
    for ring in rings(name):
        points = np.array(ring, dtype=float)
        points.flags.writeable = False
        found.append(points)
    return tuple(found)
