"""Where people live: cities of GeoNames, scaled to the year, and what is left as towns and villages."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from sim.cards import countries
from sim.cards.countries import City
from sim.cards.rules.rule import Known, Rule

MOST_CITIES, SMALLEST = 16, 100_000
REGIONS = 6
METROPOLIS = 1_500_000
LARGEST_TOWN, LARGEST_VILLAGE = 250_000, 800_000
"""Inhabitants of what stands in the scenario as one town, or as one place of villages (Belarus: 95,000 and 815,000)."""
MOST_PARTS = 60
NEIGHBOURHOOD = {"metropolis": 20, "city": 20, "town": 15, "village": 10}
"""Agents of a neighbourhood, as many as in the calibrated Belarus: peers are agents."""


def localities(known: Known) -> dict[str, Any]:
    """Return the section of places."""
    people: int = known.population
    chosen, rest = _chosen(known, people)
    own = bool(known.cities) and all(city.region for city in chosen)
    seeds = _seeds(chosen, len(chosen) if own else REGIONS)
    names = [seed.region if own else seed.name for seed in seeds]
    found: dict[str, dict[str, Any]] = {}
    capital = _name_of_capital(known.country, chosen)
    for city in chosen:
        usual = "metropolis" if city.name == capital or city.population >= METROPOLIS else "city"
        kind = city.settlement or usual
        region = city.region if own else names[_nearest(city, seeds)]
        found[city.name] = _place(region, city.lat, city.lon, city.population, kind)
    shares = _weights(chosen, seeds, _same) if own else _weights([*chosen, *rest], seeds, _nearest)
    in_cities = sum(city.population for city in chosen)
    towns = max(0, round(known.urban_share * people) - in_cities)
    for kind, whole in (("town", towns), ("village", people - in_cities - towns)):
        found |= _rest(kind, whole, seeds, names, shares, found)
    found = {name: place for name, place in found.items() if place["population"] > 0}
    largest = max(found, key=lambda name: found[name]["population"])
    found[largest]["population"] += people - sum(place["population"] for place in found.values())
    persons = _persons_per_agent(people, known.agents, [place["population"] for place in found.values()])
    return {
        "places": {
            "population": people,
            "neighbourhood_residents": {
                kind: min(100_000, max(50, agents * persons)) for kind, agents in NEIGHBOURHOOD.items()
            },
            "localities": found,
        },
        "run": {"persons_per_agent": persons},
    }


def _chosen(known: Known, people: int) -> tuple[list[City], list[City]]:
    """Return the cities that stand by themselves, scaled, and the smaller ones, which say where the rest lives."""
    urban = known.urban_share * people
    if known.cities:
        return sorted(known.cities, key=lambda city: -city.population), []
    every = countries.cities(known.country)
    one = countries.countries()[known.country]
    large = [city for city in every if city.population >= SMALLEST][:MOST_CITIES]
    chosen = large if len(large) >= 3 else list(every[:3])
    if not chosen:
        return [City(one.capital or one.name, 0.0, 0.0, max(1, round(urban)), "")], []
    scale = min(people / max(1, one.population), 0.9 * urban / sum(city.population for city in chosen))
    scaled = [
        City(city.name, city.lat, city.lon, max(1, round(city.population * scale)), city.region) for city in chosen
    ]
    return scaled, list(every[len(chosen) :])


def _name_of_capital(code: str, chosen: Sequence[City]) -> str:
    capital = countries.countries()[code].capital
    names = [city.name for city in chosen]
    return capital if capital in names else names[0]


def _seeds(chosen: Sequence[City], most: int) -> list[City]:
    """Return the largest cities that lie in different regions of the first level: the middles of the model's regions."""
    seeds: list[City] = []
    for city in chosen:
        if len(seeds) < most and city.region not in {seed.region for seed in seeds if seed.region}:
            seeds.append(city)
    return seeds


def _nearest(city: City, seeds: Sequence[City]) -> int:
    return min(range(len(seeds)), key=lambda place: _distance(city, seeds[place]))


def _same(city: City, seeds: Sequence[City]) -> int:
    return [seed.region for seed in seeds].index(city.region)


def _distance(one: City, other: City) -> float:
    """Return a distance in degrees of latitude, good enough to tell near from far."""
    east = (one.lon - other.lon) * math.cos(math.radians((one.lat + other.lat) / 2.0))
    return math.hypot(one.lat - other.lat, east)


def _weights(every: Sequence[City], seeds: Sequence[City], of: Callable[[City, Sequence[City]], int]) -> list[float]:
    totals = [0.0] * len(seeds)
    for city in every:
        totals[of(city, seeds)] += city.population
    whole = sum(totals)
    return [total / whole for total in totals]


def _rest(
    kind: str,
    whole: int,
    seeds: Sequence[City],
    names: Sequence[str],
    shares: Sequence[float],
    taken: dict[str, Any],
) -> dict[str, dict[str, Any]]:
    """Return what is left of each region as towns or villages, cut into places of a size the calibration knows."""
    largest = LARGEST_TOWN if kind == "town" else LARGEST_VILLAGE
    largest = max(largest, math.ceil(whole / MOST_PARTS))
    found: dict[str, dict[str, Any]] = {}
    shift = 0.15 if kind == "town" else 0.3
    for seed, region, share in zip(seeds, names, shares, strict=True):
        people = round(whole * share)
        parts = max(1, math.ceil(people / largest))
        for part in range(parts):
            angle = 2.0 * math.pi * part / parts
            spread = shift * (1.0 + 0.1 * math.sqrt(parts))
            lat = max(-90.0, min(90.0, seed.lat + spread * math.sin(angle)))
            lon = max(-180.0, min(180.0, seed.lon + spread * math.cos(angle)))
            number = "" if parts == 1 else f" {part + 1}"
            name = f"{region} {kind}s{number}"
            if name not in taken:
                found[name] = _place(region, lat, lon, people // parts, kind)
    return found


def _place(region: str, lat: float, lon: float, people: int, kind: str) -> dict[str, Any]:
    return {"region": region, "lat": round(lat, 4), "lon": round(lon, 4), "population": people, "settlement": kind}


def _persons_per_agent(people: int, agents: int, populations: Sequence[int]) -> int:
    """Return a round number of people an agent, small enough that every place has one."""
    wanted = max(1.0, people / agents)
    coarsest = min(2 * min(populations), 2 * people // (2 * len(populations) - 1))
    step: int = 10 ** max(0, math.floor(math.log10(wanted)) - 1)
    return max(1, min(coarsest, max(1, round(wanted / step) * step)))


RULES = (
    Rule(
        "places",
        ("country", "population", "urban_share", "cities", "agents"),
        ("places.population", "places.neighbourhood_residents", "places.localities"),
        f"The {MOST_CITIES} largest cities of at least {SMALLEST:,} inhabitants (at least three), scaled as the "
        "population of the year stands to today's, at most nine tenths of all townspeople; the rest as towns and "
        f"villages about the largest cities of up to {REGIONS} regions, in proportion to the cities there, in places of "
        f"at most {LARGEST_TOWN:,} (towns) and {LARGEST_VILLAGE:,} (villages) or a sixtieth of the whole. Metropolis: the "
        f"capital, or {METROPOLIS / 1e6:g} million and more, unless the card says what a city is. Regions are the card's, if its "
        "cities have them. Neighbourhoods of as many agents as in Belarus.",
        ("geonames", "assumption"),
        localities,
    ),
    Rule(
        "outline",
        ("outline",),
        ("places.outline",),
        "The outline that the card names, else the country's by Natural Earth; none where there is none.",
        ("natural-earth",),
        lambda known: {"places": {"outline": known.outline}},
    ),
)
