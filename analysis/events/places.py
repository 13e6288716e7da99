"""Matching the places of data to the localities of a scenario: by a map, by name, by letters, by distance."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.keypath import dotted
from sim.scenario.yaml import read

EXACT, ALIKE, LETTERS, NEAR, MAPPED, COUNTRY, SEVERAL, NONE = (
    "exact", "alike", "transliterated", "nearest", "map", "country", "several", "none",
)  # fmt: skip
HOWS = {
    EXACT: "the same name",
    ALIKE: "the same name but for capitals, accents' encoding and punctuation",
    LETTERS: "the same name in other letters",
    NEAR: "no such name; the nearest locality within the distance",
    MAPPED: "by your map",
    COUNTRY: "your map says: the whole country",
    SEVERAL: "several localities in one cell: counted for the country, for none of them",
    NONE: "not found: counted for the country, for no locality",
}
PARTS = re.compile(r"[,;/|]")
EARTH = 6371.0
"""Mean radius [km]."""


class Match(NamedTuple):
    """A locality, empty if there is none, and how it was found: one of `HOWS`."""

    place: str
    how: str


@dataclass(frozen=True)
class Localities:
    """The localities of a scenario, ready to be found.

    Parameters
    ----------
    coordinates : mapping of str to (float, float)
        Latitude and longitude by name [degrees].
    within : float
        Distance up to which the nearest locality is taken [km]; 0 for never.
    own : mapping of str to str or None
        The user's map: locality by the name in the data, None for the whole country.
    """

    coordinates: Mapping[str, tuple[float, float]]
    within: float
    own: Mapping[str, str | None]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_alike", _by(self.coordinates, alike))
        object.__setattr__(self, "_letters", _by(self.coordinates, letters))
        object.__setattr__(self, "_map", {_in_map(name): place for name, place in self.own.items()})

    def match(self, given: str, at: tuple[float, float] | None = None) -> Match:
        """Return the locality of a name, or of a place on the map.

        Parameters
        ----------
        given : str
            As the data have it; of several names with commas between them, one that is a locality counts.
        at : (float, float), optional
            Latitude and longitude [degrees].
        """
        found = self._named(given)
        if found is not None:
            return found
        parts = [self._named(part) for part in PARTS.split(given)] if PARTS.search(given) else []
        known = list(dict.fromkeys(one for one in parts if one is not None and one.place))
        if len({one.place for one in known}) == 1:
            return known[0]
        if len(known) > 1:
            return Match("", SEVERAL)
        if at is not None and self.within > 0.0:
            away, place = min((distance(at, there), name) for name, there in self.coordinates.items())
            if away <= self.within:
                return Match(place, NEAR)
        return Match("", NONE)

    def _named(self, given: str) -> Match | None:
        mine: Any = self
        folded = alike(given)
        if _in_map(given) in mine._map:
            place = mine._map[_in_map(given)]
            return Match("", COUNTRY) if place is None else Match(place, MAPPED)
        if given.strip() in self.coordinates:
            return Match(given.strip(), EXACT)
        if folded in mine._alike:
            return Match(mine._alike[folded], ALIKE)
        plain = letters(given)
        return Match(mine._letters[plain], LETTERS) if plain and plain in mine._letters else None

    def names_not_met(self, given: Sequence[str]) -> list[str]:
        """Return the names of the user's map that none of these places has, alone or among others."""
        met = {_in_map(part) for name in given for part in (name, *PARTS.split(name))}
        return [name for name in self.own if _in_map(name) not in met]

    def suggestion(self, given: str) -> str:
        """Return the locality whose name is most like one that was not found; empty if none is."""
        return nearest(given, self.coordinates) or nearest(letters(given), [letters(name) for name in self.coordinates])


def _by(names: Mapping[str, object], fold: Any) -> dict[str, str]:
    """Return names by what they fold to; two that fold to the same are found by neither."""
    found: dict[str, str] = {}
    double = set()
    for name in names:
        key = fold(name)
        if key in found:
            double.add(key)
        found[key] = name
    return {key: name for key, name in found.items() if key and key not in double}


def _in_map(name: str) -> str:
    """Return a name as the user's map is looked up; one without letters, such as ?, is itself alone."""
    return alike(name) or name.strip()


def alike(name: str) -> str:
    """Return a name without capitals, accents' encoding (NFC), punctuation and double spaces."""
    text = unicodedata.normalize("NFC", name).casefold()
    return " ".join(re.sub(r"[^\w]+|_", " ", text).split())


def letters(name: str) -> str:
    """Return a name in plain Latin letters (package ``anyascii``): Мінск and Minsk become one."""
    from anyascii import anyascii

    return " ".join(re.sub(r"['’ʹ`]", "", alike(anyascii(name.replace("’", "").replace("'", "")))).split())


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two places on a great circle [km] (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2.0 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def localities_of(config: Any, within: float, own: Path | None) -> Localities:
    """Return the localities of a checked scenario.

    Raises
    ------
    ScenarioError
        If its model has no localities, or the map names some that it does not have.
    """
    places = getattr(getattr(config, "places", None), "localities", None)
    if not places:
        raise ScenarioError(Problem("its model has no localities: events cannot be placed", "--case"))
    coordinates = {name: (place.lat, place.lon) for name, place in places.items()}
    return Localities(coordinates, within, read_map(own, coordinates) if own is not None else {})


def read_map(path: Path, known: Mapping[str, object]) -> dict[str, str | None]:
    """Read a map of places: YAML, the locality by the name in the data; left empty for the whole country."""
    document = read(path)
    problems = []
    met: dict[str, str] = {}
    for name, place in document.data.items():
        if place is not None and (not isinstance(place, str) or place not in known):
            mark = document.marks[(name,)]
            near = nearest(str(place), known)
            problems.append(Problem("the scenario has no such locality", dotted((name,)), *mark, shown(place), near))
        first = met.setdefault(_in_map(name), name)
        if document.data[first] != place:
            message = f"is the same name as {shown(first)}, for which another locality is named"
            problems.append(Problem(message, dotted((name,)), *document.keys[(name,)]))
    if problems:
        raise ScenarioError(problems)
    return dict(document.data)
