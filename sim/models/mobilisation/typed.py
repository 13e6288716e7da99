"""What a loop is handed, for the type checker: tables, rows and records whose columns are those that are declared.

No column stands here. When types are checked, ``tests/mypy_tables.py`` gives each class the columns that the country
and the mechanisms declare, so that a loop which reads or writes one that nobody declares is told. Compiled code never
sees these classes: it is handed a :class:`sim.core.table.Table` and rows of structured arrays.
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""One column, or a part of it."""


class Declared:
    """Something whose columns are declared elsewhere."""

    declares: ClassVar[str]

    def __init_subclass__(cls, of: str) -> None:
        cls.declares = of

    def __getitem__(self, name: str) -> Any:
        """Return a column by its name, as plain Python reads it of a row."""
        raise NotImplementedError

    def __setitem__(self, name: str, value: object) -> None:
        """Write likewise."""
        raise NotImplementedError


Row = TypeVar("Row", bound=Declared)


class Rows(Generic[Row]):
    """A structured array."""

    size: int

    @overload
    def __getitem__(self, place: int | np.integer[Any]) -> Row: ...
    @overload
    def __getitem__(self, place: str) -> Array: ...
    def __getitem__(self, place: Any) -> Any:
        """Return a row, which writes through, or a column by its name."""
        raise NotImplementedError


class Citizens(Declared, of="citizens"):
    """A row a citizen."""


class Neighbourhoods(Declared, of="neighbourhoods"):
    """A row a neighbourhood."""


class Kin(Declared, of="kin"):
    """A row a kin group."""


class Workplaces(Declared, of="workplaces"):
    """A row a workplace."""


class Localities(Declared, of="localities"):
    """A row a locality."""


class Officers(Declared, of="officers"):
    """A row an officer."""


class Elites(Declared, of="elites"):
    """A row a member of the elite."""


class Kinds(Declared, of="kinds"):
    """A row a kind of elite."""


class Institutions(Declared, of="institutions"):
    """A row an institution."""


class Classes(Declared, of="classes"):
    """A row a class or sector."""


class Groups(Declared, of="groups"):
    """A row a group by age, camp, settlement or region."""


class Tactics(Declared, of="tactics"):
    """A row a tactic: what of it changes."""


class Nation(Declared, of="nation"):
    """The national state."""


class Parameters(Declared, of="parameters"):
    """The numbers of a scenario, with switches applied."""


class Lever(Declared, of="levers"):
    """What dated events do on one day."""


class ClassRow(Declared, of="people.classes.*"):
    """What a scenario says of a class."""


class CampRow(Declared, of="people.camps.*"):
    """What a scenario says of a camp, and what mechanisms make of it."""


class TacticRow(Declared, of="movement.tactics.*"):
    """What a scenario says of a tactic."""


class ForceRow(Declared, of="police.forces.*"):
    """What a scenario says of a force, its scale and its key."""


class EliteRow(Declared, of="elites.kinds.*"):
    """What a scenario says of a kind of elite."""


class InstitutionRow(Declared, of="institutions.*"):
    """What a scenario says of an institution."""
