"""Whether arrays are those of a run of this scenario: compiled loops check no index, and would read beyond an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core import names
from sim.models.mobilisation.codes import Choice, Cleavage, Community, Count, Power, Role, Service, Stance
from sim.models.mobilisation.population import geography
from sim.models.mobilisation.population.institutions import officers_per_locality
from sim.models.mobilisation.schema.people import SETTLEMENTS
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import NATION_TYPE, TABLES

Arrays = Mapping[str, NDArray[Any]]

INDICES = {
    "citizens.neighbourhood": "neighbourhoods",
    "citizens.workplace": "workplaces",
    "citizens.class_": "classes",
    "neighbourhoods.locality": "localities",
    "workplaces.locality": "localities",
    "workplaces.class_": "classes",
    "officers.locality": "localities",
    "officers.force": "forces",
    "elites.kind": "kinds",
    "ties": "citizens",
}
"""Columns that are places in a table."""
LOWEST = {"citizens.workplace": -1}
CODES = {
    "citizens.role": Role,
    "neighbourhoods.community": Community,
    "officers.service": Service,
    "elites.stance": Stance,
    "groups.cleavage": Cleavage,
}


def check(config: Mobilisation, kept: Arrays) -> None:
    """Hold the arrays of a checkpoint against the scenario.

    Parameters
    ----------
    config : Mobilisation
    kept : mapping of str to array
        As `sim.models.mobilisation.engine.arrays` gives them; what has been recorded is the recorder's to check.

    Raises
    ------
    ValueError
        If one has another type or shape than in a run of this scenario, or points at what is not there.
    """
    config = names.ordered(config)
    rows = _rows(config, kept)
    for name, dtype, shape in _expected(config, rows):
        _check_shape(name, kept[name], dtype, shape)
    for name, table in INDICES.items():
        _check_range(name, kept[name], LOWEST.get(name, 0), rows[table] - 1)
    for name, codes in CODES.items():
        _check_range(name, kept[name], 0, max(codes))
    for name, highest in (
        ("citizens.age", len(config.people.ages) - 1),
        ("citizens.camp", len(config.people.camps) - 1),
        ("citizens.attending", rows["tactics"]),
        ("localities.settlement", len(SETTLEMENTS) - 1),
        ("localities.region", _regions(config) - 1),
        ("officers.rank", 2),
    ):
        _check_range(name, kept[name], 0, highest)
    nation = kept["nation"]
    for name, highest in (
        ("day", config.time.days),
        ("ended_by", max(*Power, *Choice)),
        ("ended_where", max(len(config.institutions) - 1, 0)),
        ("choice", max(Choice)),
    ):
        _check_range(f"nation.{name}", nation[name], 0, highest)
    agents = geography.agents_per_locality(geography.populations(config), config.run.persons_per_agent)
    homes, _ = geography.draw_neighbourhoods(config, agents)
    drawn = {
        f"neighbourhoods.{name}": getattr(homes, name) for name in ("locality", "first", "size", "many", "kin_first")
    }
    drawn |= {"localities.first": geography.starts(agents), "localities.size": agents}
    for name, expected in drawn.items():
        if not np.array_equal(kept[name], expected):
            raise ValueError(f"{name} is not that of the scenario")


def _rows(config: Mobilisation, kept: Arrays) -> dict[str, int]:
    """Return how long each table is in a run of a scenario; workplaces are drawn, so that any number will do."""
    people = geography.populations(config)
    agents = geography.agents_per_locality(people, config.run.persons_per_agent)
    homes, kin = geography.draw_neighbourhoods(config, agents)
    return {
        "citizens": int(agents.sum()),
        "neighbourhoods": homes.size.size,
        "kin": kin.in_detention.size,
        "workplaces": kept["workplaces.size"].size,
        "localities": agents.size,
        "officers": int(officers_per_locality(config, people).sum()),
        "elites": config.elites.members,
        "kinds": len(config.elites.kinds),
        "institutions": len(config.institutions),
        "classes": len(config.people.classes),
        "groups": len(config.people.ages) + len(config.people.camps) + len(SETTLEMENTS) + _regions(config),
        "tactics": len(config.movement.tactics),
        "forces": len(config.police.forces),
    }


def _regions(config: Mobilisation) -> int:
    return len({place.region for place in config.places.localities.values()})


def _expected(config: Mobilisation, rows: Mapping[str, int]) -> Iterator[tuple[str, Any, tuple[int, ...]]]:
    widths = {"counts": len(Count), "tactics": rows["tactics"], "forces": rows["forces"], "week": 7}
    for table, columns in TABLES.items():
        for one in columns:
            yield f"{table}.{one.name}", one.dtype, (rows[table], *((widths[one.width],) if one.width else ()))
    yield "nation", NATION_TYPE, (1,)
    yield "ties", np.int32, (rows["citizens"], config.people.networks.weak_ties if rows["citizens"] > 1 else 0)


def _check_shape(name: str, array: NDArray[Any], dtype: Any, shape: tuple[int, ...]) -> None:
    expected = np.dtype(dtype)
    same = array.dtype == expected or (expected.names is not None and _fields(array.dtype) == _fields(expected))
    if not same or array.shape != shape or not array.flags.c_contiguous:
        raise ValueError(f"{name} is {_said(array.dtype, array.shape)}, and must be {_said(expected, shape)}")


def _fields(dtype: np.dtype[Any]) -> dict[str, Any]:
    """Return the names and types of a record, wherever in it each stands."""
    return {name: dtype[name] for name in dtype.names or ()}


def _said(dtype: np.dtype[Any], shape: tuple[int, ...]) -> str:
    return f"{'a record' if dtype.names else dtype} × {shape}"


def _check_range(name: str, array: NDArray[Any], lowest: int, highest: int) -> None:
    if array.size and not (array.min() >= lowest and array.max() <= highest):
        raise ValueError(f"{name} holds numbers that are not {lowest} to {highest}")
