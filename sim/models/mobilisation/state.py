"""The tables of arrays: what the country itself needs stands here, and each mechanism adds its own columns.

The state is a struct of arrays. Citizens are sorted by locality, then neighbourhood, so that a
neighbourhood is the range ``first .. first + size`` and kin groups are consecutive blocks within it.
Counts are counts of agents unless the unit says persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sim.core.table import Table
from sim.models.mobilisation.mechanism import Column
from sim.models.mobilisation.mechanisms import MECHANISMS

CITIZEN = (
    Column("neighbourhood", "i4", "index", "neighbourhood of residence"),
    Column("workplace", "i4", "index", "workplace, -1 for those not employed"),
    Column("class_", "u1", "index", "class or sector, in the order of their names"),
    Column("age", "u1", "index", "age group, in the order of their names"),
    Column("camp", "u1", "index", "political camp, in the order of their names"),
    Column("media", "u1", "Media bits", "internet user, state television viewer, migrant household"),
    Column("hub_rank", "u1", "1/255", "follows the hub while its reach exceeds this rank; 255 never"),
    Column("circumvention_rank", "u1", "1/255", "circumvents a shutdown while adoption exceeds this; 255 never"),
    Column("threshold", "f4", "SD", "participation threshold"),
    Column("hardship", "f4", "share", "hardship, 0 to 1"),
    Column("risk_aversion", "f4", "share", "how much fear counts, uniform 0 to 1"),
    Column("role", "u1", "Role", "role today"),
    Column("attending", "u1", "index + 1", "tactic in which the citizen takes part today, 0 for none"),
    Column("veteran", "u1", "flag", "has attended at least once"),
    Column("helper", "u1", "flag", "has helped at least once"),
    Column("acting", "u1", "code", "yesterday: 128 willing to protest, 1 engaged, 0 neither"),
)

NEIGHBOURHOOD = (
    Column("locality", "i4", "index", "its locality"),
    Column("first", "i8", "index", "its first citizen"),
    Column("size", "i4", "agents", "its citizens"),
    Column("many", "f8", "count", "neighbourhoods that it stands for: more than one where agents are coarse"),
    Column("kin_first", "i4", "index", "its first kin group"),
    Column("protesting", "i4", "agents", "willing to protest yesterday"),
    Column("helping", "i4", "agents", "engaged yesterday"),
)


KIN: tuple[Column, ...] = ()

WORKPLACE = (
    Column("locality", "i4", "index", "its locality"),
    Column("class_", "u1", "index", "class of its workers"),
    Column("key", "u8", "64 bits", "what the names of locality and class add to the key of its draws"),
    Column("number", "i4", "index", "its number among those of its locality and class"),
    Column("size", "i4", "agents", "its workers"),
    Column("firms", "f8", "count", "firms that it stands for: a pool of small ones is many"),
    Column("protesting", "i4", "agents", "willing to protest yesterday"),
    Column("helping", "i4", "agents", "engaged yesterday"),
)

LOCALITY = (
    Column("key", "u8", "64 bits", "what its name adds to the key of the draws of all who live there"),
    Column("first", "i8", "index", "its first citizen"),
    Column("size", "i4", "agents", "its citizens"),
    Column("settlement", "u1", "index", "kind of settlement, in the order of SETTLEMENTS"),
    Column("region", "i4", "index", "its region, in the order of their names"),
    Column("seen", "f8", "share", "share of its crowd that one of its people can see: all of it, except in villages"),
    Column("count", "i8", "agents", "the day's counts, columns as in Count", "counts"),
    Column("crowd", "i8", "agents", "attending by tactic", "tactics"),
)

OFFICER = (
    Column("locality", "i4", "index", "home locality"),
    Column("force", "u1", "index", "force, in the order of their names"),
    Column("key", "u8", "64 bits", "what the names of locality and force add to the key of his draws"),
    Column("number", "i4", "index", "number among those of the same locality and force"),
    Column("rank", "u1", "index", "0 rank and file, 1 officer, 2 commander"),
    Column("outsider", "u1", "flag", "from elsewhere"),
)

ELITE = (Column("kind", "u1", "index", "kind, in the order of their names"),)

KIND = (Column("members", "i8", "members", "of the elite, by kind"),)

INSTITUTION = (Column("key", "u8", "64 bits", "what its name adds to the key of its draws"),)

CLASS = (
    Column("size", "i8", "agents", "citizens of this class"),
    Column("crowd", "i8", "agents", "attending today"),
    Column("striking", "i8", "agents", "striking today"),
)

GROUP = (
    Column("cleavage", "u1", "Cleavage", "what the group is one of"),
    Column("size", "i8", "agents", "citizens of this group"),
    Column("crowd", "i8", "agents", "attending today"),
)
"""Groups by age, camp, settlement and region, in this order; classes have a table of their own."""

_NATION = (
    Column("day", "i8", "days", "day of the run, from 0"),
    Column("working_day", "f8", "flag", "1 on a working day, 0 at the weekend"),
    Column("peak_turnout", "f8", "share", "largest turnout so far"),
    Column("quiet_days", "i8", "days", "days in a row below notice"),
    Column("killed_week", "f8", "persons", "killed in about seven days (exponential window)"),
)


TACTIC: tuple[Column, ...] = ()

COUNTRY: Mapping[str, tuple[Column, ...]] = {
    "citizens": CITIZEN,
    "neighbourhoods": NEIGHBOURHOOD,
    "kin": KIN,
    "workplaces": WORKPLACE,
    "localities": LOCALITY,
    "officers": OFFICER,
    "elites": ELITE,
    "kinds": KIND,
    "institutions": INSTITUTION,
    "classes": CLASS,
    "groups": GROUP,
    "tactics": TACTIC,
    "nation": _NATION,
}
"""What the country itself needs."""


def _whole(table: str) -> tuple[Column, ...]:
    """Return the columns of a table: the country's own, and then those of each mechanism."""
    added = [column for one in MECHANISMS.values() for column in one.state.get(table, ())]
    columns = (*COUNTRY[table], *added)
    names = [column.name for column in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two columns of {table} are called {twice[0]!r}")
    return columns


for _name, _mechanism in MECHANISMS.items():
    for _table in _mechanism.state:
        if _table not in COUNTRY:
            raise ValueError(f"{_name} adds columns to {_table!r}, and there is no such table")

TABLES: Mapping[str, tuple[Column, ...]] = {table: _whole(table) for table in COUNTRY if table != "nation"}
"""All columns by table."""
NATION: tuple[Column, ...] = _whole("nation")
"""All columns of the national state, of which there is one row."""


NATION_TYPE = np.dtype([(column.name, column.dtype) for column in NATION], align=True)


def allocate(table: str, rows: int, widths: Mapping[str, int]) -> Any:
    """Return a table of zeroed arrays.

    Parameters
    ----------
    table : str
        A key of :data:`TABLES`.
    rows : int
        Length of every array.
    widths : mapping of str to int
        Second dimension of the columns that have one: ``counts``, ``tactics``, ``forces``.
    """
    return together(
        table,
        (np.zeros((rows, widths[c.width]) if c.width else rows, dtype=np.dtype(c.dtype)) for c in TABLES[table]),
    )


def together(table: str, columns: Iterable[Any]) -> Any:
    """Return a table of its columns in the order of :data:`TABLES`."""
    return Table(table, **dict(zip((column.name for column in TABLES[table]), columns, strict=True)))


def bytes_per_citizen() -> int:
    """Return the bytes of state that a citizen takes, without ties."""
    return sum(np.dtype(column.dtype).itemsize for column in TABLES["citizens"])
