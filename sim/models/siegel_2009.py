"""Siegel's model of collective action in social networks.

A person participates as long as its net internal motivation exceeds its net external motivation to abstain,
b_i > c_i(t). The latter begins at 1 and follows the local participation rate r_i, the share of participants among
those the person sees:

    c_i(t + 1) = lambda c_i(t) + (1 - lambda) (1 - r_i(t)).

Internal motivations are normal; whoever has more than 1 participates alone.

Source: Siegel (2009), "Social networks and collective action", American Journal of Political Science 53(1),
122-138, doi:10.1111/j.1540-5907.2008.00361.x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from sim.core.normals import normals_array
from sim.models.graphs import Graph
from sim.models.interface import Crowd, Outcome, Report
from sim.models.networks import Network, build_network, fits
from sim.models.results import COUNT, Result
from sim.models.scenario import (
    ACTIVE_AT_END,
    COLUMNS,
    HOW_IT_ENDED,
    MEAN_DEGREE,
    SHARE_AT_END,
    STEPS_RUN,
    Classic,
    report_of,
    stepwise,
)
from sim.scenario.fields import Section, number

NOBODY, FEW, MANY, SPREADING = "nobody", "a_few", "many", "spreading"
OUTCOMES = {
    NOBODY: "nobody participates, because nobody is motivated enough to be the first",
    FEW: "participation rests below half of the persons",
    MANY: "participation rests at half of the persons or more",
    SPREADING: "it is still growing at the horizon",
}
MOST_PERSONS = 100_000
SETTLED = 1e-14
MOST_ROUNDS = 10_000_000


class Luck(IntEnum):
    """What a draw decides. Numbers are part of the results."""

    MOTIVATION = 0


class Motivation(Section):
    """Net internal motivations, normal."""

    mean: float = number("mean net internal motivation", "motivation", -10.0, 10.0)
    spread: float = number("standard deviation of net internal motivations", "motivation", 0.0, 10.0)


class Population(Section):
    """The persons."""

    persons: int = number("persons in the network", "persons", 1, MOST_PERSONS)
    motivation: Motivation
    inertia: float = number(
        "share of external motivation that stays from step to step (lambda); where a run rests does not depend on it",
        "share",
        0.0, 0.999,
    )  # fmt: skip


class SiegelScenario(Classic):
    """A scenario of Siegel's model of collective action in social networks."""

    model: Literal["siegel-2009"] = "siegel-2009"
    population: Population
    network: Network

    _fits = model_validator(mode="after")(fits)


NUMBERS = (
    ACTIVE_AT_END, SHARE_AT_END, STEPS_RUN, MEAN_DEGREE,
    Result("rabble_rousers", "persons", COUNT, label="persons who participate alone",
           about="persons whose net internal motivation is above 1"),
    HOW_IT_ENDED,
)  # fmt: skip


@dataclass
class State:
    """A run under way.

    Attributes
    ----------
    motivation : array of float64, shape (persons,)
        Net internal motivation b of each person.
    graph : Graph
        Who sees whom.
    abstaining : array of float64, shape (persons,)
        Net external motivation c of each person, 0..1.
    active : array of bool, shape (persons,)
        Who participates.
    counts : list of int
        Participants after each step, none before the first.
    """

    inertia: float
    motivation: NDArray[np.float64]
    graph: Graph
    abstaining: NDArray[np.float64]
    active: NDArray[np.bool_]
    counts: list[int] = field(default_factory=lambda: [0])

    def would(self) -> NDArray[np.bool_]:
        """Return who participates in the end if participation stays as it is, shape (persons,)."""
        return self.motivation > 1.0 - self.rates()

    def rates(self) -> NDArray[np.float64]:
        """Return the local participation rate of each person; 0 for one who sees nobody."""
        return self.graph.among(self.active) / np.maximum(self.graph.degrees(), 1)


def build(config: SiegelScenario, seed: int, threads: int) -> State:
    """Return the state before the first step; `threads` makes no difference."""
    graph, law = build_network(config.network, config.population.persons, seed), config.population.motivation
    luck = normals_array(seed, Luck.MOTIVATION, 0, np.arange(graph.persons))[:, 0]
    nobody = np.zeros(graph.persons, dtype=np.bool_)
    return State(config.population.inertia, law.mean + law.spread * luck, graph, np.ones(graph.persons), nobody)


def advance(state: State) -> None:
    """Let everybody choose, then look around."""
    state.active = state.motivation > state.abstaining
    state.counts.append(int(state.active.sum()))
    state.abstaining = state.inertia * state.abstaining + (1.0 - state.inertia) * (1.0 - state.rates())


def ending(state: State) -> Outcome | None:
    """Return the outcome as soon as nobody will ever join or leave: all choose as they would in the end."""
    if len(state.counts) == 1 or not np.array_equal(state.active, state.would()):
        return None
    active, persons = state.counts[-1], state.graph.persons
    name = NOBODY if active == 0 else FEW if 2 * active < persons else MANY
    return Outcome(name, (f"{active:,} of {persons:,} persons participate",))


def verdict(state: State) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    growing = f"{state.counts[-1]:,} of {state.graph.persons:,} persons participate, and more will"
    return ending(state) or Outcome(SPREADING, (growing,))


def report(state: State) -> Report:
    """Return the steps, no localities, and the end result, as declared."""
    entries = {
        "mean_degree": float(state.graph.degrees().mean()),
        "rabble_rousers": int((state.motivation > 1.0).sum()),
        "outcome": verdict(state).name,
    }
    return report_of(state.counts, state.graph.persons, COLUMNS, NUMBERS, None, entries)


def crowd(state: State) -> Crowd:
    """Return the persons by the share of participants that each needs, as if everybody saw everybody."""
    needed = (1.0 - state.motivation) * max(state.graph.persons - 1, 1)
    return Crowd.of(needed, state.active, state.would(), everybody=state.graph.complete)


def fixed_point(mean: float, spread: float) -> float:
    """Return the share that participates in the end in an endless complete network.

    The lowest solution of r = 1 - Phi((1 - r - mean) / spread), found by iteration from 0.

    Parameters
    ----------
    mean, spread : float
        Mean and standard deviation of net internal motivations; spread above 0.

    Returns
    -------
    float, 0..1

    Raises
    ------
    ArithmeticError
        If the iteration has not come to rest after ten million rounds.
    """
    share = 0.0
    for _ in range(MOST_ROUNDS):
        before, share = share, 0.5 * math.erfc((1.0 - share - mean) / (spread * math.sqrt(2.0)))
        if share - before <= SETTLED:
            return share
    raise ArithmeticError(f"no rest for mean {mean:g} and spread {spread:g}")


SCHEMA = SiegelScenario
ENGINE = stepwise(build, advance, ending, verdict, report, OUTCOMES, COLUMNS, NUMBERS, crowd=crowd)
