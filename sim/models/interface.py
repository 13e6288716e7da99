"""The models a scenario can name, and the small interface they share.

A model is a schema, and three functions on a state: build it, advance it one step, report the step.
Runner, recorder, store, studies and comparison know only :class:`Engine`. A new model of ours is a line in the
table :data:`MODELS`; one of a user's comes in by :mod:`sim.models.own`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.models.declarations import Declared
from sim.models.results import Result

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.scenario.fields import Scenario

    _TableOrMaker = pd.DataFrame | Callable[[], pd.DataFrame]


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    name : str
        One of the model's outcomes.
    reasons : tuple of str
        What in the state made it so, in words with numbers.
    date : datetime.date or None
        The day on which it was decided; None for an outcome that is read at the horizon.
    road : str
        By which road it came about, where a model tells several.
    """

    name: str
    reasons: tuple[str, ...] = ()
    date: dt.date | None = None
    road: str = ""


class Report:
    """What a whole run reports: a row a step, a row a step and place, and the numbers to quote.

    Parameters
    ----------
    days, localities : DataFrame or callable () -> DataFrame
        A function is called when its table is first asked for: a study that keeps summaries alone never asks, and
        tables are a tenth of a small run.
    summary : dict, optional
    """

    def __init__(self, days: _TableOrMaker, localities: _TableOrMaker, summary: dict[str, Any] | None = None) -> None:
        self._tables = {"days": days, "localities": localities}
        self.summary = {} if summary is None else summary

    @property
    def days(self) -> pd.DataFrame:
        """A row a step."""
        return self._made("days")

    @property
    def localities(self) -> pd.DataFrame:
        """A row a step and place; empty for models without places."""
        return self._made("localities")

    def is_made(self, table: str) -> bool:
        """Whether a table is there already."""
        return not callable(self._tables[table])

    def _made(self, name: str) -> pd.DataFrame:
        table = self._tables[name]
        if callable(table):
            table = self._tables[name] = table()
        return table

    def __getstate__(self) -> dict[str, Any]:
        return {"_tables": {name: self._made(name) for name in self._tables}, "summary": self.summary}


@dataclass(frozen=True)
class Cell:
    """A state of a cell of a grid: what it is called, and its colour (``#RRGGBB``)."""

    name: str
    colour: str


@dataclass(frozen=True)
class Picture:
    """A grid model at a glance.

    Attributes
    ----------
    cells : uint8 array, shape (height, width)
        For each cell the index of its state.
    states : tuple of Cell
        What there is, an empty cell first.
    """

    cells: Any
    states: tuple[Cell, ...]


@dataclass(frozen=True)
class Crowd:
    """The persons of a threshold model as they are drawn, in rising order of thresholds.

    Attributes
    ----------
    thresholds : float array, shape (persons,)
        Thresholds in rising order [persons already acting]; where a threshold is a share of those whom a person
        sees, that share of all.
    standing : uint8 array, shape (persons,)
        What each does: 0 waits, 1 joins next, 2 acts, 3 has been removed.
    everybody : bool
        Whether everybody sees everybody, so that thresholds alone decide where the crowd rests.
    """

    thresholds: NDArray[np.float64]
    standing: NDArray[np.uint8]
    everybody: bool = True

    @classmethod
    def of(
        cls, thresholds: NDArray[np.float64], acting: NDArray[np.bool_], following: NDArray[np.bool_],
        gone: NDArray[np.bool_] | None = None, everybody: bool = True,
    ) -> Crowd:  # fmt: skip
        """Return a crowd from arrays in any order, shape (persons,): thresholds, and who acts, follows and is gone."""
        import numpy as np

        order = np.argsort(thresholds, kind="stable")
        standing = np.where(acting, 2, np.where(following, 1, 0)).astype(np.uint8)
        if gone is not None:
            standing[gone] = 3
        return cls(thresholds[order], standing[order], everybody)


@dataclass(frozen=True)
class Engine:
    """The functions of a model.

    Attributes
    ----------
    build : callable (config, seed, threads) -> state
        Draw the initial state.
    advance : callable (state) -> None
        Carry the state one step further, and record it.
    outcome : callable (state) -> Outcome or None
        The outcome that ends the run now, if any; asked after each step.
    verdict : callable (state) -> Outcome
        The outcome of a run that reached its horizon.
    report : callable (state) -> Report
        Everything recorded so far.
    steps : callable (config) -> int
        Length of a run that nothing ends early.
    agents : callable (config) -> int
        Number of agents; with the steps it tells how long a run takes.
    bytes_per_agent : int
        Memory of an agent at the most, as measured; 0 where a model's is not worth a word.
    label : callable (config, int) -> str
        What to call a step in a progress bar, such as its date.
    outcomes : dict of str to str
        Every outcome and what it means.
    roads : dict of str to str
        Every road to an outcome, where a model tells several.
    columns : callable (config) -> tuple of Result
        What the daily table has, a declaration a column in its order; see :mod:`sim.models.results`.
    places : callable (config) -> tuple of Result
        Likewise for the table by locality; none for a model without places.
    numbers : callable (config) -> tuple of Result
        Likewise for the summary.
    picture : callable (state) -> Picture, optional
        For models on a grid: the state of each cell.
    crowd : callable (state) -> Crowd, optional
        The persons as the page draws them, for threshold models.
    caution : callable (config) -> str
        A line to the user on a valid scenario whose numbers will mean little; empty if there is nothing to say.
    arrays : callable (state) -> dict of str to array, optional
        All of a state between two steps that its configuration does not give, so that it can be kept on disk.
    restored : callable (config, seed, threads, arrays, done) -> state, optional
        The state that these arrays were taken of after so many steps, for any number of threads; it owns the arrays
        from then on. A model has both or neither. Arrays may have been in anybody's hand: ValueError if they are not of
        such a run.
    """

    build: Callable[[Any, int, int], Any]
    advance: Callable[[Any], None]
    outcome: Callable[[Any], Outcome | None]
    verdict: Callable[[Any], Outcome]
    report: Callable[[Any], Report]
    steps: Callable[[Any], int]
    agents: Callable[[Any], int]
    label: Callable[[Any, int], str]
    outcomes: dict[str, str]
    columns: Callable[[Any], tuple[Result, ...]]
    places: Callable[[Any], tuple[Result, ...]]
    numbers: Callable[[Any], tuple[Result, ...]]
    roads: dict[str, str] = field(default_factory=dict)
    bytes_per_agent: int = 0
    picture: Callable[[Any], Picture] | None = None
    crowd: Callable[[Any], Crowd] | None = None
    caution: Callable[[Any], str] = lambda config: ""
    arrays: Callable[[Any], dict[str, NDArray[Any]]] | None = None
    restored: Callable[[Any, int, int, Mapping[str, NDArray[Any]], int], Any] | None = None


@dataclass(frozen=True)
class Entry:
    """Where a model's schema and engine are found (``module:name``), so that neither loads before it is used."""

    title: str
    schema: str
    engine: str


MODELS: dict[str, Entry] = {
    "mobilisation": Entry(
        "protest mobilisation: citizens, police, elites, regime, movement",
        "sim.models.mobilisation.schema.scenario:Mobilisation",
        "sim.models.mobilisation.engine:ENGINE",
    ),
    "granovetter-1978": Entry(
        "Granovetter's threshold model of collective behaviour",
        "sim.models.granovetter_1978_schema:GranovetterScenario",
        "sim.models.granovetter_1978:ENGINE",
    ),
    "epstein-2002": Entry(
        "Epstein's models of civil violence; NetLogo's Rebellion and Mesa's example with other rules",
        "sim.models.epstein_2002_schema:EpsteinScenario",
        "sim.models.epstein_2002:ENGINE",
    ),
    "watts-2002": Entry(
        "Watts's model of global cascades on random networks",
        "sim.models.watts_2002:SCHEMA",
        "sim.models.watts_2002:ENGINE",
    ),
    "kuran-1991": Entry(
        "Kuran's model of unanticipated revolutions",
        "sim.models.kuran_1991:SCHEMA",
        "sim.models.kuran_1991:ENGINE",
    ),
    "siegel-2009": Entry(
        "Siegel's model of collective action in social networks",
        "sim.models.siegel_2009:SCHEMA",
        "sim.models.siegel_2009:ENGINE",
    ),
    "chenoweth-hocking-marks-2022": Entry(
        "nonviolent resistance: activists, police and pillars of support that defect",
        "sim.models.chenoweth_hocking_marks_2022:SCHEMA",
        "sim.models.chenoweth_hocking_marks_2022:ENGINE",
    ),
    "steinert-threlkeld-2021": Entry(
        "protest in a network whose participants are removed",
        "sim.models.steinert_threlkeld_2021:SCHEMA",
        "sim.models.steinert_threlkeld_2021:ENGINE",
    ),
    "moro-2016": Entry(
        "Moro's model of violent revolutions: citizens, revolutionaries and policemen",
        "sim.models.moro_2016_schema:MoroScenario",
        "sim.models.moro_2016:ENGINE",
    ),
}


def schema_of(name: str) -> type[Scenario]:
    """Return the pydantic schema of a model's scenarios; raises ScenarioError for a model that cannot be found."""
    schema: type[Scenario] = _load(MODELS[name].schema) if name in MODELS else _own(name).SCHEMA
    return schema


def engine_of(name: str) -> Engine:
    """Return the engine of a model (imports numba); raises ScenarioError for a model that cannot be found."""
    engine: Engine = _load(MODELS[name].engine) if name in MODELS else _own(name).ENGINE
    return engine


def module_of(name: str) -> ModuleType:
    """Return the module of a model's engine, whose text describes the model; raises ScenarioError as above."""
    return import_module(MODELS[name].engine.partition(":")[0]) if name in MODELS else _own(name)


def title_of(name: str) -> str:
    """Return what a model is called; raises ScenarioError for a model that cannot be found."""
    if name in MODELS:
        return MODELS[name].title
    said = (_own(name).__doc__ or name).strip().partition("\n")[0]
    return said.rstrip(".")


def declared(config: Any) -> Declared:
    """Return what runs of a scenario record, as its model declares it (imports numba).

    Parameters
    ----------
    config : BaseModel
        A checked configuration of any model.
    """
    engine = engine_of(config.model)
    return Declared(engine.columns(config), engine.places(config), engine.numbers(config))


def known(name: object) -> bool:
    """Whether a scenario can name this model: one of ours, one of an installed package, or a file."""
    from sim.models import own

    return isinstance(name, str) and (name in MODELS or name in own.installed() or own.is_file(name))


def _own(name: str) -> ModuleType:
    """Return the module of a user's model."""
    from sim.models import own

    if not known(name):
        names = [*MODELS, *own.installed()]
        message = f"there is no such model; known are {', '.join(names)}, and files that end in .py"
        raise ScenarioError(Problem(message, "model", given=shown(name), nearest=nearest(name, names)))
    return own.module_of(name)


def _load(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)
