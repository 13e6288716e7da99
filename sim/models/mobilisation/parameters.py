"""A checked scenario as the numbers the step loop reads: one record of scalars, and one table for each kind of thing.

Every scalar leaf of the sections below becomes a field of the record under its own name, so the
schema is the only list of parameters. Off switches set the fields of their mechanism to zero here,
and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.core.keypath import undotted
from sim.core.names import keys
from sim.core.once import once
from sim.models.mobilisation.codes import Power
from sim.models.mobilisation.mechanisms import MECHANISMS, SWITCHES
from sim.models.mobilisation.schema.assemble import section_at
from sim.models.mobilisation.schema.scenario import Mobilisation

_COUNTRY_SECTIONS = ("people.networks", "people.motive", "elites", "outcome", "time.availability")

SECTIONS = tuple(
    dict.fromkeys(
        [*_COUNTRY_SECTIONS, *(path for one in MECHANISMS.values() for path in one.parameters if "*" not in path)]
    )
)
"""Key paths of the sections whose numbers stand in the record."""

EFFECTS: type[BaseModel] = section_at(Mobilisation, "events.*.effects")
"""What an event may do."""
LEVERS = tuple(name for name in EFFECTS.model_fields if name != "examples")
PULSES = frozenset(name for one in MECHANISMS.values() for name in one.pulses)
"""Effects that strike on the first day of their event only, however long it lasts."""
ADDING = frozenset(name for one in MECHANISMS.values() for name in one.adding)
"""Effects that add up where events overlap."""

POSSIBLE = tuple(
    dict.fromkeys(
        name
        for zero in SWITCHES.values()
        for name in zero
        if not any(name in section_at(Mobilisation, path).model_fields for path in SECTIONS)
    )
)
"""Parameters that no scenario has: 1 unless their mechanism is switched off."""


@once
def scalars(config: Mobilisation) -> NDArray[Any]:
    """Return the record of scalar parameters, shape (1,), with the off switches applied. It is not to be changed.

    Raises
    ------
    ValueError
        If two sections use one name for different parameters (a fault in the schema).
    """
    values: dict[str, float] = dict.fromkeys(POSSIBLE, 1.0)
    for path in SECTIONS:
        for name, value in _leaves(_section(config, path)):
            if name in values:
                raise ValueError(f"two parameters are called {name!r}; one of them is in {path}")
            values[name] = value
    for mechanism, names in SWITCHES.items():
        if not getattr(config.mechanisms, mechanism):
            values.update(dict.fromkeys(names, 0.0))
    values["persons_per_agent"] = float(config.run.persons_per_agent)
    values["officers_per_agent"] = float(config.run.officers_per_agent)
    record = np.zeros(1, dtype=np.dtype([(name, "f8") for name in sorted(values)]))
    for name, value in values.items():
        record[name] = value
    return record


def table(items: Mapping[str, BaseModel]) -> NDArray[Any]:
    """Return named things of one kind as a structured array: a row each, a field for each scalar leaf."""
    rows = [dict(_leaves(item)) for item in items.values()]
    out = np.zeros(len(rows), dtype=np.dtype([(name, "f8") for name in rows[0]]))
    for index, row in enumerate(rows):
        for name, value in row.items():
            out[name][index] = value
    return out


@once
def forces(config: Mobilisation) -> NDArray[Any]:
    """Return the forces as a table with two more fields, shape (forces,). It is not to be changed.

    ``scale`` is the officers that an agent of the force stands for, in units of ``run.officers_per_agent``: 1, unless
    the force is no multiple of it. So small forces are as strong as they are, and agents add up to persons.
    ``key`` is what the name of a force adds to the key of its draws.
    """
    plain = table(config.police.forces)
    out = np.zeros(plain.size, dtype=np.dtype([*plain.dtype.descr, ("scale", "f8"), ("key", "u8")]))
    out["key"] = keys("force", config.police.forces)
    for name in plain.dtype.names or ():
        out[name] = plain[name]
    per_agent = config.run.officers_per_agent
    for row, force in zip(out, config.police.forces.values(), strict=True):
        row["scale"] = force.persons / (force_agents(force.persons, per_agent) * per_agent) if force.persons else 1.0
    return out


def force_agents(persons: int, per_agent: int) -> int:
    """Return the agents of a force: its persons by those an agent stands for, rounded; at least one if it has any."""
    return max((2 * persons + per_agent) // (2 * per_agent), min(persons, 1))


def schedule(config: Mobilisation) -> NDArray[np.float64]:
    """Return what the events do on each day, shape (days, levers), columns as in :data:`LEVERS`.

    Where events overlap the stronger one counts, except for those in :data:`ADDING`.
    """
    out = np.zeros((config.time.days, len(LEVERS)))
    for event in config.events.values():
        first, last = _span(config, event.date, event.until)
        for column, lever in enumerate(LEVERS):
            value = getattr(event.effects, lever)
            if lever in PULSES and event.date < config.time.start:
                continue
            days = out[first : first + 1 if lever in PULSES else last + 1, column]
            if lever in ADDING:
                days += value
            else:
                np.maximum(days, value, out=days)
    return out


def examples(config: Mobilisation) -> NDArray[np.float64]:
    """Return the strength of foreign examples on each day, shape (days, tactics)."""
    names = list(config.movement.tactics)
    out = np.zeros((config.time.days, len(names)))
    for event in config.events.values():
        first, last = _span(config, event.date, event.until)
        for tactic, strength in event.effects.examples.items():
            days = out[first : last + 1, names.index(tactic)]
            np.maximum(days, strength, out=days)
    return out


def calendar(config: Mobilisation) -> NDArray[np.int64]:
    """Return the weekday of each day, shape (days,), 0 for Monday to 6 for Sunday."""
    return (config.time.start.weekday() + np.arange(config.time.days)) % 7


def camps(config: Mobilisation) -> NDArray[Any]:
    """Return the camps as a table, shape (camps,), with the numbers that mechanisms add."""
    names = list(config.people.camps)
    plain = table(config.people.camps)
    added = {name: of(config) for one in MECHANISMS.values() for name, of in one.rows.get("camps", {}).items()}
    out = np.zeros(len(names), dtype=np.dtype([*plain.dtype.descr, *((name, "f8") for name in added)]))
    for name in plain.dtype.names or ():
        out[name] = plain[name]
    for name, values in added.items():
        out[name] = values
    return out


def institutions(config: Mobilisation) -> NDArray[Any]:
    """Return the institutions as a table, shape (institutions,): kinds by their index, powers by their code."""
    kinds = list(config.elites.kinds)
    names = ("opposition", "independence", "quorum")
    out = np.zeros(len(config.institutions), dtype=np.dtype([*((name, "f8") for name in (*names, "kind", "power"))]))
    for row, one in zip(out, config.institutions.values(), strict=True):
        for name in names:
            row[name] = getattr(one, name)
        row["kind"] = kinds.index(one.members)
        row["power"] = Power[one.power.upper()]
    return out


def _span(config: Mobilisation, date: dt.date, until: dt.date | None) -> tuple[int, int]:
    first = (date - config.time.start).days
    last = ((until or date) - config.time.start).days
    return max(first, 0), min(last, config.time.days - 1)


def _section(config: Mobilisation, path: str) -> BaseModel:
    section: Any = config
    for name in undotted(path):
        section = getattr(section, name)
    assert isinstance(section, BaseModel)
    return section


def _leaves(section: BaseModel) -> Iterator[tuple[str, float]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, bool | int | float):
            yield name, float(value)
