"""What happened, day by day: national series, series by locality, and the numbers to quote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.core import names
from sim.core.once import once
from sim.models.declarations import expanded, summarised
from sim.models.mobilisation import parameters, results
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanisms.coordination import MEMBERS
from sim.models.mobilisation.recorded import ORDERS, SERVICE, Recorded, groups
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import NATION_TYPE
from sim.models.mobilisation.world import World
from sim.models.results import Result, plain

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = np.dtype((np.void, NATION_TYPE.itemsize))
"""The state of the nation as so many bytes: copied at once, and not number by number."""


class Recorder:
    """Keeps the day's numbers in arrays made once, and makes tables of them on request."""

    def __init__(self, world: World, config: Mobilisation) -> None:
        days, places = config.time.days, world.localities.size.size
        tactics, forces, classes = (
            len(config.movement.tactics),
            len(config.police.forces),
            len(config.people.classes),
        )
        self.days = 0
        self._agents = world.citizens.role.size
        self._nation = np.zeros(days, dtype=NATION_TYPE)
        self._counts = np.zeros((days, places, len(Count)), dtype=np.int64)
        self._crowd = np.zeros((days, places, tactics), dtype=np.int64)
        self._police = np.zeros((days, places, len(SERVICE), forces), dtype=np.int64)
        self._orders = np.zeros((days, places, len(ORDERS), forces))
        self._kinds = np.zeros((days, len(MEMBERS), len(config.elites.kinds)), dtype=np.int64)
        self._institutions = np.zeros((days, len(config.institutions)))
        self._acted = np.zeros((days, len(config.institutions)), dtype=np.int64)
        self._classes = np.zeros((days, 2, classes), dtype=np.int64)
        self._class_arrears = np.zeros((days, classes))
        self._groups = np.zeros((days, world.groups.size.size), dtype=np.int64)

    def record(self, world: World) -> None:
        """Keep the day just ended."""
        day, places, kinds, classes = self.days, world.localities, world.kinds, world.classes
        self._nation.view(_WHOLE)[day] = np.asarray(world.nation).view(_WHOLE)[0]
        self._counts[day] = places.count
        self._crowd[day] = places.crowd
        for column, name in enumerate(SERVICE):
            self._police[day, :, column] = getattr(places, name)
        for column, name in enumerate(ORDERS):
            self._orders[day, :, column] = getattr(places, name)
        for column, name in enumerate(MEMBERS):
            self._kinds[day, column] = getattr(kinds, name)
        self._institutions[day] = world.institutions.shield
        self._acted[day] = world.institutions.acted
        self._classes[day, 0] = classes.crowd
        self._classes[day, 1] = classes.striking
        self._class_arrears[day] = classes.arrears
        self._groups[day] = world.groups.crowd
        self.days += 1

    def kept(self) -> dict[str, NDArray[Any]]:
        """Return what has been recorded so far, a row a day."""
        return {name[1:]: value[: self.days] for name, value in vars(self).items() if isinstance(value, np.ndarray)}

    def take_up(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Have recorded what another recorder of the same scenario has `kept`; raises ValueError if it is none."""
        own = {name[1:]: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        if kept.keys() != own.keys() or len({len(value) for value in kept.values()}) != 1:
            raise ValueError("what has been recorded is not of one run")
        for name, value in kept.items():
            if (value.dtype, value.shape[1:]) != (own[name].dtype, own[name].shape[1:]) or len(value) > len(own[name]):
                raise ValueError(f"what has been recorded as {name} has another type or shape than the scenario's")
            self.days = len(value)
            own[name][: self.days] = value

    def of_days(self, config: Mobilisation, since: int = 0) -> Columns:
        """Return what has been recorded so far, a row a day from day `since` on (0 is the first)."""
        done, until = slice(since, self.days), self.days
        recorded = Recorded(
            config=config,
            dates=lambda: _dates(config, since, until),
            counts=lambda: self._counts[done].sum(axis=1),
            crowd=lambda: self._crowd[done].sum(axis=1)[:, _rows(config.movement.tactics)],
            police=lambda: officers(self._police[done].sum(axis=1), config)[..., _rows(config.police.forces)],
            orders=lambda: self._orders[done].sum(axis=1)[..., _rows(config.police.forces)],
            kinds=lambda: self._kinds[done][..., _rows(config.elites.kinds)],
            institutions=lambda: self._institutions[done][:, _rows(config.institutions)],
            acted=lambda: (self._acted[done] > 0).astype(np.int64)[:, _rows(config.institutions)],
            classes=lambda: self._classes[done, 0][:, _rows(config.people.classes)],
            class_striking=lambda: self._classes[done, 1][:, _rows(config.people.classes)],
            class_arrears=lambda: self._class_arrears[done][:, _rows(config.people.classes)],
            groups=lambda: self._groups[done][:, _group_rows(config)],
            nation=self._nation[done],
            agents=self._agents,
            earlier=lambda: int(self._counts[:since, :, Count.FIRST_TIME].sum()),
        )
        return Columns(_sources(config)[0], recorded, until - since)

    def of_places(self, config: Mobilisation, since: int = 0) -> Columns:
        """Return what has been recorded so far, a row for each locality and day from day `since` on."""
        localities, done = list(config.places.localities), slice(since, self.days)
        order, rows, until = _rows(localities), len(localities) * (self.days - since), self.days

        def by_row(recorded: NDArray[Any]) -> NDArray[Any]:
            return recorded[done][:, order].reshape(rows, *recorded.shape[2:])

        def names_of_rows() -> Any:
            import pandas as pd

            codes = np.tile(np.arange(len(localities)), until - since)
            return pd.Categorical.from_codes(codes, pd.Index(localities))

        recorded = Recorded(
            config=config,
            dates=lambda: np.repeat(_dates(config, since, until), len(localities)),
            counts=lambda: by_row(self._counts),
            crowd=lambda: by_row(self._crowd)[:, _rows(config.movement.tactics)],
            police=lambda: officers(by_row(self._police), config)[..., _rows(config.police.forces)],
            orders=lambda: by_row(self._orders)[..., _rows(config.police.forces)],
            places=names_of_rows,
            agents=self._agents,
        )
        return Columns(_sources(config)[1], recorded, rows)

    def national(self, config: Mobilisation, since: int = 0) -> pd.DataFrame:
        """Return a table with a row a day from day `since` on (0 is the first); columns as declared."""
        return self.of_days(config, since).table()

    def by_locality(self, config: Mobilisation, since: int = 0) -> pd.DataFrame:
        """Return a table with a row for each locality and day from day `since` on; columns as declared."""
        return self.of_places(config, since).table()


class Columns:
    """The columns of a table, each made when it is asked for: most studies keep a dozen numbers, of 120 columns.

    Parameters
    ----------
    sources : mapping of str to (Result, int or None)
        For each column the declaration that it follows from and, of a family, which member it is.
    recorded : Recorded
    rows : int
    """

    def __init__(self, sources: Mapping[str, tuple[Result, int | None]], recorded: Recorded, rows: int) -> None:
        self._sources, self._recorded, self._rows = sources, recorded, rows
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """Return a column as an array; raises KeyError if there is none of the name."""
        one, member = self._sources[name]
        if one.name not in self._made:
            self._made[one.name] = self._recorded.values(one)
        values = self._made[one.name]
        return values if member is None else values[:, member]

    def __len__(self) -> int:
        return self._rows

    def table(self) -> pd.DataFrame:
        """Return all of them."""
        import pandas as pd

        return pd.DataFrame({name: self[name] for name in self._sources})


@once
def _sources(config: Mobilisation) -> tuple[Mapping[str, tuple[Result, int | None]], ...]:
    """Return which declaration each daily column follows from, and each column by locality."""
    found: list[dict[str, tuple[Result, int | None]]] = []
    for declared in (results.COLUMNS, results.PLACES):
        sources: dict[str, tuple[Result, int | None]] = {}
        for one in declared:
            if one.members is None:
                sources[one.name] = one, None
            else:
                sources |= {one.prefix + plain(member): (one, n) for n, member in enumerate(one.members(config))}
        found.append(sources)
    return tuple(found)


def officers(agents: NDArray[np.int64], config: Mobilisation) -> NDArray[np.int64]:
    """Return the officers that agents of the police stand for [persons].

    Parameters
    ----------
    agents : array of int64, shape (…, services, forces)
        Police [agents], forces in the order of their names.

    Returns
    -------
    array of int64, of the same shape
        Rounded so that the services of a force add to its persons.
    """
    each = _officers_an_agent(config)
    rounded: NDArray[np.int64] = np.diff(np.rint((agents * each).cumsum(axis=-2)).astype(np.int64), axis=-2, prepend=0)
    return rounded


@once
def _officers_an_agent(config: Mobilisation) -> NDArray[np.float64]:
    each: NDArray[np.float64] = parameters.forces(names.ordered(config))["scale"] * config.run.officers_per_agent
    return each


def _rows(given: Iterable[str]) -> list[int]:
    """Return where the run's arrays hold each named thing, in the order of the scenario's file."""
    return list(names.numbers(given).values())


def _group_rows(config: Mobilisation) -> list[int]:
    """Return where ``GROUP`` of the state holds each group, in the order of `groups`."""
    rows: list[int] = []
    for cleavage, members in groupby(groups(config), key=itemgetter(0)):
        within = [name for _, name in members]
        order = range(len(within)) if cleavage == "settlement" else _rows(within)  # settlements are no names of a file
        rows += [len(rows) + row for row in order]
    return rows


def summary(days: Columns, localities: Columns, config: Mobilisation) -> dict[str, Any]:
    """Return the numbers to quote of a run: peak, totals and extremes; persons, shares and dates."""
    return summarised(results.NUMBERS, columns(config), days, localities, config)


@once
def columns(config: Mobilisation) -> tuple[Result, ...]:
    """Return what the daily table has."""
    return expanded(results.COLUMNS, config)


@once
def places(config: Mobilisation) -> tuple[Result, ...]:
    """Return what the table by locality has."""
    return expanded(results.PLACES, config)


def _dates(config: Mobilisation, since: int, days: int) -> Any:
    start = np.datetime64(config.time.start, "D")
    return (start + np.arange(since, days)).astype("datetime64[s]")


def label(config: Mobilisation, step: int) -> str:
    """Return the date of a step."""
    return (config.time.start + dt.timedelta(days=step)).isoformat()
