"""What the recorder kept of a run, as declarations take their columns from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.schema.people import SETTLEMENTS
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.results import Result

SERVICE = ("loyal", "shirking", "defected")
"""States of service that are counted by force, as columns of ``Recorded.police``."""
ORDERS = ("ordered", "aside")
"""What is recorded of orders by force, as rows of ``Recorded.orders``."""


class Recorded:
    """What has been recorded, a row a day, or a row a day and locality.

    Each part is given by name, or a function that makes it, which is called when the part is first asked for.

    Attributes
    ----------
    config : Mobilisation
    dates : array of datetime64, shape (rows,)
    counts : array of int64, shape (rows, counts)
        Citizens, columns as in ``Count`` [agents].
    crowd : array of int64, shape (rows, tactics)
        In action by tactic [agents].
    police : array of int64, shape (rows, 3, forces)
        By state of service, see `SERVICE` [persons].
    orders : array of float64, shape (rows, 2, forces)
        Officers by what became of their orders, see `ORDERS` [persons].
    kinds : array of int64, shape (rows, 4, kinds of elite)
        Members of the elite by where they stand, see `MEMBERS`; of days only.
    institutions : array of float64, shape (rows, institutions)
        Share of seats that stand by the ruler; of days only.
    acted : array of int64, shape (rows, institutions)
        1 from the day on which the institution has acted; of days only.
    classes, class_striking : array of int64, shape (rows, classes)
        In action and on strike by class [agents]; of days only.
    class_arrears : array of float64, shape (rows, classes)
        Share of the pay of each class that is not paid; of days only.
    groups : array of int64, shape (rows, groups)
        In action by group, in the order of `groups` [agents]; of days only.
    nation : array of NATION_TYPE, shape (rows,)
        State of the nation; of days only.
    places : Categorical
        The locality of each row; not of days.
    agents : int
        Citizens of the whole country [agents].
    earlier : int
        Agents who were in action for the first time before the first row; of days only.
    """

    config: Mobilisation
    dates: NDArray[Any]
    counts: NDArray[np.int64]
    crowd: NDArray[np.int64]
    police: NDArray[np.int64]
    orders: NDArray[np.float64]
    kinds: NDArray[np.int64]
    institutions: NDArray[np.float64]
    acted: NDArray[np.int64]
    classes: NDArray[np.int64]
    class_striking: NDArray[np.int64]
    class_arrears: NDArray[np.float64]
    groups: NDArray[np.int64]
    nation: NDArray[Any]
    places: Any
    agents: int
    earlier: int

    def __init__(self, **parts: Any) -> None:
        self._parts = parts

    def __getattr__(self, name: str) -> Any:
        """Return a part that has not been asked for before."""
        if name == "_parts" or name not in self._parts:
            raise AttributeError(f"there is no {name} in these rows")
        part = self._parts[name]
        vars(self)[name] = value = part() if callable(part) else part
        return value

    @property
    def persons(self) -> int:
        """Persons that an agent stands for."""
        return int(self.config.run.persons_per_agent)

    @property
    def officers(self) -> int:
        """Officers that an agent of the police stands for."""
        return int(self.config.run.officers_per_agent)

    def values(self, one: Result) -> Any:
        """Return the values of a declaration: shape (rows,), of a family (rows, members)."""
        if callable(one.of):
            return one.of(self)
        kind, _, name = one.of.partition(".")
        if kind == "count":
            return self.counts[:, Count[name]] * self.persons
        if kind == "officers":
            return np.rint(self.nation[name] * self.officers).astype(np.int64)
        return self.nation[name]


def groups(config: Mobilisation) -> Iterator[tuple[str, str]]:
    """Yield cleavage and name of the groups other than classes, in the order of ``GROUP`` of the state."""
    for cleavage, names in cleavages(config).items():
        for name in names:
            yield cleavage, name


def cleavages(config: Mobilisation) -> dict[str, Iterable[str]]:
    """Return the names of the groups of each cleavage other than class."""
    regions = dict.fromkeys(place.region for place in config.places.localities.values())
    return {"age": config.people.ages, "camp": config.people.camps, "settlement": SETTLEMENTS, "region": regions}


def classes(config: Mobilisation) -> Iterable[str]:
    """Return the names of classes."""
    return config.people.classes


def forces(config: Mobilisation) -> Iterable[str]:
    """Return the names of the forces of the police."""
    return config.police.forces


def tactics(config: Mobilisation) -> Iterable[str]:
    """Return the names of tactics."""
    return config.movement.tactics
