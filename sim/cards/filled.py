"""What a card leaves out: derived from its other facts, or the median of its kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.cards import countries
from sim.cards.base import INTERNET_USERS, base
from sim.cards.facts import FACTS, Fact
from sim.cards.medians import median


@dataclass(frozen=True)
class Given:
    """A fact's value: as the card gives it, or filled.

    Attributes
    ----------
    value : object
        None where nothing stands in.
    filled : str
        With what it was filled, in words; empty if the card gives it.
    sources : tuple of str
        Ids of the ledger or of the card's own publications.
    note : str
        The author's own remark.
    """

    value: Any
    filled: str = ""
    sources: tuple[str, ...] = ("assumption",)
    note: str = ""


def filled(found: Mapping[str, Given]) -> dict[str, Given]:
    """Return every fact in the order of the table, missing ones filled and marked."""
    one = countries.country(str(found["country"].value))
    assert one is not None
    known = dict(found)
    for name, fact in FACTS.items():
        if name in known:
            continue
        if fact.fill in ("region", "world"):
            value, words = median(name, one.continent, found["trigger_date"].value.year)
            known[name] = Given(_typed(fact, value), words)
        elif fact.fill == "default":
            known[name] = Given(fact.default, "the usual value of a card")
        elif fact.fill == "none":
            known[name] = Given(None)
    for name, make, words in _derived(known, one):
        if name not in known:
            known[name] = Given(make(), words)
    return {name: known[name] for name in FACTS}


def _typed(fact: Fact, value: float) -> Any:
    return bool(value) if fact.kind == "flag" else int(value) if fact.kind == "whole" else float(value)


def _derived(known: Mapping[str, Given], one: countries.Country) -> Iterator[tuple[str, Callable[[], Any], str]]:
    """Yield how facts follow from others, in an order in which each finds what it needs."""

    def of(name: str) -> Any:
        return known[name].value

    yield "weekend", lambda: _weekend(one.iso2), "the country's weekend by Unicode CLDR"
    yield "population", lambda: one.population, "GeoNames' figure of today"
    age = of("median_age")
    yield "children_share", lambda: _round(min(0.52, 0.47 * math.exp(-0.0424 * (age - 16.0)))), f"median age {age:g}"
    yield "old_share", lambda: _round(min(0.3, 0.02 * math.exp(0.085 * (age - 16.0)))), f"median age {age:g}"
    rural = 1.0 - of("urban_share")
    yield "agriculture_share", lambda: _round(0.65 * rural**1.3), f"{rural:.0%} who live in the country"
    yield (
        "industry_share",
        lambda: _round(0.33 * (1.0 - known["agriculture_share"].value)),
        "a third of those who do not farm",
    )
    yield "outline", lambda: countries.outline_of(one.iso3), "Natural Earth's outline of the country"
    yield (
        "free_broadcaster",
        lambda: _other_channels(of("internet_users")),
        f"as many hear news past the state as in Belarus, and {of('internet_users'):.0%} use the internet",
    )
    yield "hub_reach", lambda: _round(base("movement.hub.top_reach")), "the hub's reach in Belarus"
    yield "unity", lambda: _unity(of("regime")), "kind of regime"
    yield (
        "opposition_seats",
        lambda: _round(0.5 * of("parliament_independence")),
        "half of parliament's independence",
    )
    yield (
        "human_rights",
        lambda: round(3.5 * of("physical_safety") - 1.4, 2),
        "physical safety, on a line through Belarus 2019 and Egypt 2010",
    )
    yield "calls", lambda: None, "one call to all, for the first day on which people gather"


def _weekend(iso2: str) -> list[str]:
    if iso2 == "IR":
        return ["thursday", "friday"]
    return ["saturday", "friday"] if iso2 in countries.FRIDAY else ["saturday", "sunday"]


def _other_channels(internet: float) -> float:
    """Return b of 1 - (1 - internet)(1 - b) = Belarus's: whom radio, print, pulpits and word of mouth reach instead."""
    return _round(1.0 - (1.0 - INTERNET_USERS) / (1.0 - min(internet, INTERNET_USERS)))


def _unity(regime: str) -> str:
    return {"democracy": "divided", "provisional": "divided", "military": "strained"}.get(regime, "cohesive")


def _round(value: float) -> float:
    return round(float(value), 3)
