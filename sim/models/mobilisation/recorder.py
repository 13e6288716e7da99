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
        self._classes = np.zeros((days, classes, 2), dtype=np.int64)
        self._class_arrears = np.zeros((days, classes))
        self._groups = np.zeros((days, world.groups.size.size), dtype=np.int64)

    def record(self, world: World) -> None:
        """Keep the day just ended."""
        day, places = self.days, world.localities
        self._nation[day] = world.nation[0]
        self._counts[day] = places.count
        self._crowd[day] = places.crowd
        for column, name in enumerate(SERVICE):
            self._police[day, :, column] = getattr(places, name)
        for column, name in enumerate(ORDERS):
            self._orders[day, :, column] = getattr(places, name)
        for column, name in enumerate(MEMBERS):
            self._kinds[day, column] = getattr(world.kinds, name)
        self._institutions[day] = world.institutions.shield
        self._acted[day] = world.institutions.acted > 0
        self._classes[day, :, 0] = world.classes.crowd
        self._classes[day, :, 1] = world.classes.striking
        self._class_arrears[day] = world.classes.arrears
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

    def national(self, config: Mobilisation, since: int = 0) -> pd.DataFrame:
        """Return a row a day from day `since` on (0 is the first); columns as declared."""
        done = slice(since, self.days)
        classes, groups = _rows(config.people.classes), _group_rows(config)
        days = Recorded(
            config=config,
            dates=_dates(config, since, self.days),
            counts=self._counts[done].sum(axis=1),
            crowd=self._crowd[done].sum(axis=1)[:, _rows(config.movement.tactics)],
            police=officers(self._police[done].sum(axis=1), config)[..., _rows(config.police.forces)],
            orders=self._orders[done].sum(axis=1)[..., _rows(config.police.forces)],
            kinds=self._kinds[done][..., _rows(config.elites.kinds)],
            institutions=self._institutions[done][:, _rows(config.institutions)],
            acted=self._acted[done][:, _rows(config.institutions)],
            classes=self._classes[done, :, 0][:, classes],
            class_striking=self._classes[done, :, 1][:, classes],
            class_arrears=self._class_arrears[done][:, classes],
            groups=self._groups[done][:, groups],
            nation=self._nation[done],
            places=None,
            agents=self._agents,
            earlier=int(self._counts[:since, :, Count.FIRST_TIME].sum()),
        )
        return _table(results.COLUMNS, days)

    def by_locality(self, config: Mobilisation, since: int = 0) -> pd.DataFrame:
        """Return a row for each locality and day from day `since` on; columns as declared."""
        import pandas as pd

        localities, done = list(config.places.localities), slice(since, self.days)
        order, rows = _rows(localities), len(localities) * (self.days - since)
        codes = np.tile(np.arange(len(localities)), self.days - since)
        none = np.zeros((rows, 0), dtype=np.int64)
        police = officers(self._police[done][:, order].reshape(rows, *self._police.shape[2:]), config)
        places = Recorded(
            config=config,
            dates=np.repeat(_dates(config, since, self.days), len(localities)),
            counts=self._counts[done][:, order].reshape(rows, -1),
            crowd=self._crowd[done][:, order].reshape(rows, -1)[:, _rows(config.movement.tactics)],
            police=police[..., _rows(config.police.forces)],
            orders=self._orders[done][:, order].reshape(rows, *self._orders.shape[2:])[
                ..., _rows(config.police.forces)
            ],
            kinds=none,
            institutions=np.zeros((rows, 0)),
            acted=none,
            classes=none,
            class_striking=none,
            class_arrears=none.astype(np.float64),
            groups=none,
            nation=np.zeros(0, dtype=NATION_TYPE),
            places=pd.Categorical.from_codes(codes, pd.Index(localities)),
            agents=self._agents,
            earlier=0,
        )
        return _table(results.PLACES, places)


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


def _table(declared: Iterable[Result], recorded: Recorded) -> pd.DataFrame:
    """Return a table of what is declared."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for one in declared:
        values = recorded.values(one)
        if one.members is None:
            columns[one.name] = values
        else:
            for place, member in enumerate(one.members(recorded.config)):
                columns[one.prefix + plain(member)] = values[:, place]
    return pd.DataFrame(columns)


def summary(days: pd.DataFrame, localities: pd.DataFrame, config: Mobilisation) -> dict[str, Any]:
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
