"""The models a scenario can name, and the small interface they share.

A model is a schema, and three functions on a state: build it, advance it one step, report the step.
Runner, recorder, store, studies and comparison know only :class:`Engine`; the table
:data:`MODELS` is the one door through which a new model comes in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.core.errors import Problem, ScenarioError, nearest
from sim.models.results import Declared, Result

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.fields import Scenario


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
    """

    name: str
    reasons: tuple[str, ...] = ()
    date: dt.date | None = None


@dataclass(frozen=True)
class Report:
    """What a whole run reports: a row a step, a row a step and place, and the numbers to quote."""

    days: pd.DataFrame
    localities: pd.DataFrame
    summary: dict[str, Any] = field(default_factory=dict)


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
        Memory of an agent, as measured; 0 where a model's is not worth a word.
    label : callable (config, int) -> str
        What to call a step in a progress bar, such as its date.
    outcomes : dict of str to str
        Every outcome and what it means.
    columns : callable (config) -> tuple of Result
        What the daily table has, a declaration a column in its order; see :mod:`sim.models.results`.
    places : callable (config) -> tuple of Result
        Likewise for the table by locality; none for a model without places.
    numbers : callable (config) -> tuple of Result
        Likewise for the summary.
    picture : callable (state) -> Picture, optional
        For models on a grid: the state of each cell.
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
    bytes_per_agent: int = 0
    picture: Callable[[Any], Picture] | None = None


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
}


def schema_of(name: str) -> type[Scenario]:
    """Return the pydantic schema of a model's scenarios; raises ScenarioError for an unknown model."""
    schema: type[Scenario] = _load(_entry(name).schema)
    return schema


def engine_of(name: str) -> Engine:
    """Return the engine of a model (imports numba); raises ScenarioError for an unknown model."""
    engine: Engine = _load(_entry(name).engine)
    return engine


def declared(config: Any) -> Declared:
    """Return what runs of a scenario record, as its model declares it (imports numba).

    Parameters
    ----------
    config : BaseModel
        A checked configuration of any model.
    """
    engine = engine_of(config.model)
    return Declared(engine.columns(config), engine.places(config), engine.numbers(config))


def _entry(name: str) -> Entry:
    if name not in MODELS:
        known = ", ".join(MODELS)
        raise ScenarioError(
            Problem(f"there is no such model; known are {known}", "model", "", 0, 0, name, nearest(name, MODELS))
        )
    return MODELS[name]


def _load(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)
