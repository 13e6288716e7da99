"""A card read from its file, checked fact by fact, each mistake told at its place."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.cards import countries
from sim.cards.card import Added, Card
from sim.cards.facts import FACTS, Fact
from sim.cards.filled import Given, filled
from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.keypath import KeyPath, dotted, undotted
from sim.scenario.overrides import plain
from sim.scenario.yaml import Document, Mark, parse

ABOUT = ("title", "summary", "question", "publications", "adds")
"""Keys of a card that are no facts."""
MARKED = ("is", "from", "note")
EARLIEST, LATEST = dt.date(1950, 1, 1), dt.date(2100, 12, 31)
MOST_SPANS = 400
USUAL_DAYS = int(str(FACTS["days"].default))
CITY = ("lat", "lon", "population", "settlement", "region")


def read_card(path: str | Path) -> Card:
    """Read a card from its file.

    Raises
    ------
    ScenarioError
        With every problem, each with file, line, key and the nearest valid name.
    """
    path = Path(path)
    name = path.name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".card")
    return card_of(parse(path), name)


def card_from(facts: Mapping[str, Any], name: str) -> Card:
    """Return a card of plain values, as a file would give them; raises as `read_card`."""
    data: dict[str, Any] = {}
    problems: list[Problem] = []
    for fact, value in facts.items():
        try:
            data[str(fact)] = plain(value)
        except TypeError as error:
            problems.append(Problem(str(error), str(fact), name))
    marks: dict[KeyPath, Mark] = {(): Mark(name, 0, 0)}
    return card_of(Document(data, marks, {}, tuple(problems)), name)


def card_of(document: Document, name: str) -> Card:
    """Return the card that a document holds; raises as `read_card`."""
    reader = _Reader(document, list(document.problems))
    found = reader.facts()
    texts = {key: reader.text(key) for key in ("title", "summary", "question")}
    publications = document.data.get("publications") or {}
    if not isinstance(publications, dict):
        reader.add(("publications",), "must be a mapping of sources by id", publications)
    adds = tuple(reader.adds())
    if reader.problems:
        raise ScenarioError(sorted(reader.problems, key=lambda one: (one.line, one.column)))
    facts = filled(found)
    file = document.marks[()].file
    return Card(name, facts, texts["title"] or name, texts["summary"], publications, file, adds, texts["question"])


@dataclass
class _Reader:
    document: Document
    problems: list[Problem]

    def add(self, path: KeyPath, message: str, given: object = None, near: str = "", at_key: bool = False) -> None:
        marks, keys = self.document.marks, self.document.keys
        tables = (keys, marks) if at_key else (marks, keys)
        place = next(
            (table[path[:end]] for end in range(len(path), -1, -1) for table in tables if path[:end] in table),
            marks[()],
        )
        said = "" if given is None else shown(given)
        self.problems.append(Problem(message, dotted(path), *place, given=said, nearest=near))

    def text(self, key: str) -> str:
        value = self.document.data.get(key)
        if value is not None and not isinstance(value, str):
            self.add((key,), "must be text", value)
        return value if isinstance(value, str) else ""

    def adds(self) -> Iterator[Added]:
        """Yield what a card adds; each needs a source of its own."""
        found = self.document.data.get("adds") or {}
        if not isinstance(found, dict):
            self.add(("adds",), "must be a mapping of values by the key path of a scenario", found)
            return
        for key, value in found.items():
            at: KeyPath = ("adds", key)
            if not isinstance(value, dict) or not {"is", "from"} <= set(value):
                self.add(at, "must be {is: value, from: source, note: words}")
                continue
            marked = self.marked(at, value, "")
            if marked is not None:
                path = undotted(key) if isinstance(key, str) else (str(key),)
                place = self.document.marks.get(at, self.document.marks[()])
                yield Added(path, value["is"], *marked, place)

    def marked(self, path: KeyPath, value: dict[Any, Any], usual: str) -> tuple[tuple[str, ...], str] | None:
        """Return sources and note of a value with a source of its own; None if there is something wrong with them."""
        before = len(self.problems)
        for key in value:
            if key not in MARKED:
                self.add((*path, key), "unknown key", near=nearest(key, MARKED), at_key=True)
        named = value.get("from", usual)
        sources = tuple(map(str, named)) if isinstance(named, list) else (str(named),)
        if not sources or isinstance(named, dict) or named in ("", None):
            self.add((*path, "from"), "must name a source", named)
        return (sources, str(value.get("note") or "")) if len(self.problems) == before else None

    def facts(self) -> dict[str, Given]:
        found: dict[str, Given] = {}
        for key, value in self.document.data.items():
            if key in FACTS and not self.has_problem(key):
                given = self.given(FACTS[key], value)
                if given is not None:
                    found[key] = given
            elif key not in (*FACTS, *ABOUT):
                self.add((key,), "a card has no such fact", near=nearest(key, (*FACTS, *ABOUT)), at_key=True)
        for name, fact in FACTS.items():
            if fact.fill == "required" and name not in found and not self.has_problem(name):
                self.add((name,), f"is missing, and may not be left out: {fact.about}")
        start, days = found.get("trigger_date"), found.get("days")
        if start is not None:
            last = start.value + dt.timedelta(days=days.value if days else USUAL_DAYS)
            for name in (one.name for one in FACTS.values() if one.kind == "spans"):
                if name in found:
                    self.within(name, found[name].value, start.value - dt.timedelta(days=7), last)
        return found

    def has_problem(self, name: str) -> bool:
        return any(problem.path.split(".")[0] == name for problem in self.problems)

    def within(self, name: str, spans: list[dict[str, Any]], first: dt.date, last: dt.date) -> None:
        for place, span in enumerate(spans):
            if not first <= span["from"] <= last:
                self.add((name, place, "from"), f"lies outside the run ({first} to {last})", span["from"])

    def given(self, fact: Fact, value: Any) -> Given | None:
        """Return what a card says of a fact; None if it says nothing or something wrong."""
        path: KeyPath = (fact.name,)
        before = len(self.problems)
        sources: tuple[str, ...] = (fact.source,)
        note = ""
        if isinstance(value, dict) and "is" in value:
            sources, note = self.marked(path, value, fact.source) or (sources, "")
            value, path = value["is"], (*path, "is")
        if value is None:
            return None
        read = {
            "number": self.number, "whole": self.whole, "share": self.number, "flag": self.flag, "choice": self.choice,
            "text": self.line, "date": self.date, "days": self.days, "spans": self.spans, "places": self.places,
        }[fact.kind](fact, path, value)  # fmt: skip
        return Given(read, "", sources, note) if len(self.problems) == before else None

    def number(self, fact: Fact, path: KeyPath, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.add(path, f"must be a number ({fact.unit})", value)
            return math.nan
        low, high = fact.low, fact.high
        if (low is not None and value < low) or (high is not None and value > high):
            hint = "; a share, so 0.4 for 40 per cent" if fact.kind == "share" and 1.0 < value <= 100.0 else ""
            self.add(path, f"must be {low:g} to {high:g} ({fact.unit}){hint}", value)
        return float(value)

    def whole(self, fact: Fact, path: KeyPath, value: Any) -> int:
        if isinstance(value, float) and not value.is_integer():
            self.add(path, f"must be a whole number ({fact.unit})", value)
            return 0
        number = self.number(fact, path, value)
        return int(number) if math.isfinite(number) else 0

    def flag(self, fact: Fact, path: KeyPath, value: Any) -> bool:
        if not isinstance(value, bool):
            self.add(path, "must be true or false", value)
        return bool(value)

    def choice(self, fact: Fact, path: KeyPath, value: Any) -> str:
        if value not in fact.choices:
            self.add(path, f"must be {', '.join(fact.choices)}", value, nearest(str(value), fact.choices))
        return str(value)

    def line(self, fact: Fact, path: KeyPath, value: Any) -> str:
        text = "NO" if value is False else str(value)  # what YAML of old makes of Norway
        if fact.name == "country":
            one = countries.country(text)
            if one is None:
                codes = {known.name: code for code, known in countries.countries().items()}
                name = nearest(text, codes)
                near = codes[name] if name else nearest(text, countries.countries())
                self.add(path, "there is no country of this ISO code", value, near)
            else:
                text = one.iso3
        return text

    def date(self, fact: Fact, path: KeyPath, value: Any) -> dt.date:
        if not isinstance(value, dt.date):
            self.add(path, "must be a date such as 2018-12-19", value)
            return EARLIEST
        if not EARLIEST <= value <= LATEST:
            self.add(path, f"must be {EARLIEST} to {LATEST}", value)
        return value

    def days(self, fact: Fact, path: KeyPath, value: Any) -> list[str]:
        if not isinstance(value, list) or not value or any(day not in fact.choices for day in value):
            bad = next((day for day in value if day not in fact.choices), None) if isinstance(value, list) else value
            self.add(path, f"must be a list of {', '.join(fact.choices)}", bad, nearest(str(bad), fact.choices))
            return []
        return list(value)

    def spans(self, fact: Fact, path: KeyPath, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or len(value) > MOST_SPANS:
            self.add(
                path, "must be a list of dates, or of {from: date, until: date, strength: number, title: text}", value
            )
            return []
        return [self.span(fact, (*path, place), one) for place, one in enumerate(value)]

    def span(self, fact: Fact, path: KeyPath, value: Any) -> dict[str, Any]:
        one = value if isinstance(value, dict) else {"from": value}
        known = ("from", "until", "strength", "title")
        for key in one:
            if key not in known:
                self.add((*path, key), "unknown key", near=nearest(key, known), at_key=True)
        first = self.date(fact, (*path, "from") if isinstance(value, dict) else path, one.get("from"))
        last = self.date(fact, (*path, "until"), one.get("until") or first)
        if last < first:
            self.add((*path, "until"), f"lies before the first day, {first}", last)
        strength = one.get("strength", 1.0)
        top = 10.0 if fact.name == "calls" else 1.0
        if isinstance(strength, bool) or not isinstance(strength, int | float) or not 0.0 <= strength <= top:
            self.add((*path, "strength"), f"must be 0 to {top:g}", strength)
            strength = 0.0
        return {"from": first, "until": last, "strength": float(strength), "title": str(one.get("title") or "")}

    def places(self, fact: Fact, path: KeyPath, value: Any) -> list[countries.City]:
        if not isinstance(value, dict) or not value:
            self.add(path, "must give cities by name: {lat, lon, population}", value)
            return []
        found = []
        for name, one in value.items():
            at = (*path, name)
            if not isinstance(one, dict):
                self.add(at, "must be {lat, lon, population}, and settlement or region if need be", one)
                continue
            for key in one:
                if key not in CITY:
                    self.add((*at, key), "unknown key", near=nearest(key, CITY), at_key=True)
            bounds = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0), "population": (1.0, 1e8)}
            numbers = {}
            for key, (low, high) in bounds.items():
                number = one.get(key)
                if isinstance(number, bool) or not isinstance(number, int | float) or not low <= number <= high:
                    self.add((*at, key), f"must be {low:g} to {high:g}", number)
                else:
                    numbers[key] = float(number)
            kind = one.get("settlement", "")
            if kind not in ("", *countries.KINDS):
                near = nearest(str(kind), countries.KINDS)
                self.add((*at, "settlement"), f"must be {', '.join(countries.KINDS)}", kind, near)
            elif len(numbers) == len(bounds):
                size, region = int(numbers["population"]), str(one.get("region") or "")
                found.append(countries.City(name, numbers["lat"], numbers["lon"], size, region, kind))
        lacking = [city.name for city in found if not city.region]
        if 0 < len(lacking) < len(found):
            self.add((*path, lacking[0]), "has no region, where other cities have one: give it to all or to none")
        return found
