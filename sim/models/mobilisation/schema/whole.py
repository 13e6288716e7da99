"""What the sections of a scenario must be to one another: every fault of a whole that no section can see."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from sim.core.errors import FieldError, nearest, shown
from sim.core.names import plain, standard
from sim.models.mobilisation.mechanisms import MECHANISMS
from sim.models.mobilisation.schema.people import SETTLEMENTS
from sim.scenario import outlines

if TYPE_CHECKING:
    from sim.models.mobilisation.schema.scenario import Mobilisation

MOST_AGENTS = 200_000_000
"""Citizens a run may have; they take some twenty gigabytes."""
NO_TACTIC = "none"
"""What the tables call the leading tactic of a day without action."""
SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Variation selectors: invisible, though Unicode counts them as marks and not as format characters (Cf)."""
MOST_LISTED = 5
"""Events that a message lists by name."""


def faults(config: Any) -> Iterator[FieldError]:
    """Yield everything that keeps a scenario of sound sections from being run.

    Of a scenario that lacks sections, because they are not sound, what can be said of those that are there.
    """
    whole = set(type(config).model_fields) <= set(vars(config))
    for check in CHECKS:
        try:
            yield from check(config)
        except AttributeError:
            if whole:
                raise


def _sizes(config: Mobilisation) -> Iterator[FieldError]:
    """Agents enough for every place, few enough for the memory."""
    people, persons = config.places.population, config.run.persons_per_agent
    at, given = ("run", "persons_per_agent"), shown(persons)
    smallest, least = min((place.population, name) for name, place in config.places.localities.items())
    finest = math.ceil(people / MOST_AGENTS)
    coarsest = min(2 * smallest, 2 * people // (2 * len(config.places.localities) - 1))  # half an agent is rounded up
    if persons < finest:
        yield FieldError(f"must be at least {finest} for so many people", at, given)
    elif persons > coarsest:
        why = f"every locality needs an agent, and {least} has {smallest} people"
        yield FieldError(f"must be at most {coarsest} for these localities: {why}", at, given)


def _police(config: Mobilisation) -> Iterator[FieldError]:
    """No more police than people."""
    people, police = config.places.population, sum(force.persons for force in config.police.forces.values())
    if police > people:
        yield FieldError(f"has {police} police among {people} people", ("police", "forces"))


def _events(config: Mobilisation) -> Iterator[FieldError]:
    last = config.time.start + dt.timedelta(days=config.time.days - 1)
    outside = [
        name
        for name, event in config.events.items()
        if event.date > last or (event.until or event.date) < config.time.start
    ]
    if outside:
        first, *others = outside
        told = others[:MOST_LISTED] + (["…"] if len(others) > MOST_LISTED else [])
        also = f", and so do {len(others)} other events: {', '.join(told)}" if others else ""
        at = ("events", first, "date")
        yield FieldError(f"lies outside the run ({config.time.start} to {last}){also}", at)


def _examples(config: Mobilisation) -> Iterator[FieldError]:
    for name, event in config.events.items():
        for tactic in event.effects.examples:
            if tactic not in config.movement.tactics:
                at = ("events", name, "effects", "examples", tactic)
                near = nearest(tactic, config.movement.tactics)
                yield FieldError("movement.tactics has no such tactic", at, nearest=near)


def _raised(check: Callable[[Any], None], config: Mobilisation) -> Iterator[FieldError]:
    """Yield what a check of a mechanism raises."""
    try:
        check(config)
    except FieldError as error:
        yield error


def _camps(config: Mobilisation) -> Iterator[FieldError]:
    named: dict[tuple[str, ...], str] = {}
    for name, body in config.movement.organisations.items():
        named["movement", "organisations", name, "camp"] = body.camp
    for where, camp in named.items():
        if camp not in config.people.camps:
            yield FieldError("people.camps has no such camp", where, shown(camp), nearest(camp, config.people.camps))


def _names(path: tuple[str, ...], config: Mobilisation) -> Iterator[FieldError]:
    """Names that would share a column of the tables, or a place in the run's order."""
    known: dict[str, str] = {}
    part: Any = config
    for step in path:
        part = getattr(part, step)
    for name in part:
        first = known.setdefault(_seen(name), name)
        if first != name:
            yield FieldError(_alike(first, name), (*path, name))
        if not _seen(name):
            yield FieldError("must have a letter or digit in its name", (*path, name))


def _regions(config: Mobilisation) -> Iterator[FieldError]:
    regions: dict[str, str] = {}
    for name, place in config.places.localities.items():
        first = regions.setdefault(_seen(place.region), place.region)
        if first != place.region:
            yield FieldError(_alike(first, place.region), ("places", "localities", name, "region"))


def _no_tactic(config: Mobilisation) -> Iterator[FieldError]:
    for name in config.movement.tactics:
        if standard(name) == NO_TACTIC:
            message = f"a tactic cannot be called {NO_TACTIC!r}: so the tables call a day without action"
            yield FieldError(message, ("movement", "tactics", name))


@lru_cache(maxsize=4096)
def _seen(name: str) -> str:
    """Return what of a name can be seen, and what its column of a table keeps apart."""
    return plain("".join(letter for letter in name if unicodedata.category(letter) != "Cf" and letter not in SELECTORS))


def _alike(first: str, name: str) -> str:
    what = "spaces, underscores, invisible characters or Unicode form"
    return f"cannot be told from {first!r}: {name!r} differs from it in {what} only"


def _homes(config: Mobilisation) -> Iterator[FieldError]:
    """Every class lives somewhere, and somebody in every kind of settlement that the country has."""
    kinds = {place.settlement for place in config.places.localities.values()}
    classes = {name: item for name, item in config.people.classes.items() if item.share > 0.0}
    for name, item in classes.items():
        if all(getattr(item.settlements, kind) == 0.0 for kind in kinds):
            at = ("people", "classes", name, "settlements")
            yield FieldError("lives in no kind of settlement that the country has", at)
    for kind in SETTLEMENTS:
        if kind in kinds and all(getattr(item.settlements, kind) == 0.0 for item in classes.values()):
            yield FieldError(f"no class lives in a settlement of kind {kind!r}", ("people", "classes"))


def _outline(config: Mobilisation) -> Iterator[FieldError]:
    name = config.places.outline
    if not name:
        return
    message, near = outlines.fault(name)
    if message:
        yield FieldError(message, ("places", "outline"), shown(name), near)


NAMED = (
    ("places", "localities"),
    ("people", "classes"),
    ("people", "ages"),
    ("people", "camps"),
    ("police", "forces"),
    ("elites", "kinds"),
    ("institutions",),
    ("movement", "tactics"),
    ("movement", "organisations"),
    ("events",),
)
"""Parts in which a scenario gives names."""

CHECKS: tuple[Callable[[Any], Iterator[FieldError]], ...] = (
    _sizes,
    _police,
    _events,
    _examples,
    *(partial(_raised, check) for mechanism in MECHANISMS.values() for check in mechanism.checks),
    _camps,
    *(partial(_names, path) for path in NAMED),
    _regions,
    _no_tactic,
    _homes,
    _outline,
)
"""Each asks for as few sections as it can."""
