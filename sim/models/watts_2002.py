"""Watts's model of global cascades on random networks.

A person is active for good as soon as the share of active persons among those it sees reaches its threshold.
In each step everybody looks once, in random order, and sees what those before it have just done. A single seed
can set off a cascade through the whole network if persons who follow a single neighbour hang together, and
if there are not so many ties that one neighbour is too few.

Source: Watts (2002), "A simple model of global cascades on random networks", Proceedings of the National
Academy of Sciences 99(9), 5766-5771, doi:10.1073/pnas.082090499.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.core.errors import FieldError
from sim.core.jit import compiled
from sim.core.normals import normals_array
from sim.core.rng import draws_array
from sim.models.graphs import Graph
from sim.models.interface import Crowd, Outcome, Report
from sim.models.networks import Network, build_network, fits
from sim.models.results import FRACTION, SHARE, Result
from sim.models.scenario import (
    ACTIVE_AT_END,
    COLUMNS,
    HOW_IT_ENDED,
    MEAN_DEGREE,
    SHARE_AT_END,
    STEPS_RUN,
    Classic,
    NormalShares,
    report_of,
    stepwise,
)
from sim.scenario.fields import Section, fraction, number

LOCAL, GLOBAL, SPREADING = "local", "global", "spreading"
OUTCOMES = {
    LOCAL: "the cascade stops before it has reached the share that counts as global",
    GLOBAL: "the cascade stops after it has reached the share that counts as global",
    SPREADING: "it is still growing at the horizon",
}
MOST_PERSONS = 100_000
MOST_ROUNDS = 1_000_000
SETTLED = 1e-13


class Luck(IntEnum):
    """What a draw decides. Numbers are part of the results."""

    THRESHOLD = 0
    SEED = 1
    ORDER = 2


class Same(Section):
    """One threshold for all."""

    kind: Literal["same"] = Field(description="one threshold for all")
    value: float = fraction("share of active persons among those seen at which a person becomes active")


class Population(Section):
    """The persons."""

    persons: int = number("persons in the network", "persons", 1, MOST_PERSONS)
    thresholds: Annotated[Same | NormalShares, Field(discriminator="kind")] = Field(description="when a person follows")
    seeds: int = number("persons, drawn by chance, who are active from the start", "persons", 0)

    @model_validator(mode="after")
    def _enough_persons(self) -> Self:
        if self.seeds > self.persons:
            raise FieldError(f"must be at most the number of persons, {self.persons}", at=("seeds",))
        return self


class WattsScenario(Classic):
    """A scenario of Watts's model of global cascades."""

    model: Literal["watts-2002"] = "watts-2002"
    population: Population
    network: Network
    global_share: float = fraction("share of active persons from which on a cascade counts as global")

    _fits = model_validator(mode="after")(fits)


NUMBERS = (
    ACTIVE_AT_END, SHARE_AT_END, STEPS_RUN, MEAN_DEGREE,
    Result("vulnerable", FRACTION, SHARE, label="share of persons who follow a single neighbour",
           short="share vulnerable", about="persons who become active as soon as one whom they see is"),
    HOW_IT_ENDED,
)  # fmt: skip


@dataclass
class State:
    """A run under way.

    Attributes
    ----------
    thresholds : array of float64, shape (persons,)
        Share of active persons among those seen at which each becomes active.
    graph : Graph
        Who sees whom.
    active : array of bool, shape (persons,)
        Who is active.
    counts : list of int
        Active persons after each step, the first entry before the first.
    """

    config: WattsScenario
    seed: int
    thresholds: NDArray[np.float64]
    graph: Graph
    active: NDArray[np.bool_]
    counts: list[int] = field(default_factory=list)


def thresholds(config: WattsScenario, seed: int, persons: int) -> NDArray[np.float64]:
    """Return the threshold of every person, shape (persons,) [share of those seen]."""
    law = config.population.thresholds
    if isinstance(law, NormalShares):
        return law.mean + law.spread * normals_array(seed, Luck.THRESHOLD, 0, np.arange(persons))[:, 0]
    return np.full(persons, law.value)


def build(config: WattsScenario, seed: int, threads: int) -> State:
    """Return the state before the first step; `threads` makes no difference."""
    graph = build_network(config.network, config.population.persons, seed)
    luck = draws_array(seed, Luck.SEED, 0, np.arange(graph.persons))[:, 0]
    active = np.zeros(graph.persons, dtype=np.bool_)
    active[np.argsort(luck, kind="stable")[: config.population.seeds]] = True
    return State(config, seed, thresholds(config, seed, graph.persons), graph, active, [int(active.sum())])


def advance(state: State) -> None:
    """Let everybody look once, in an order that is drawn anew."""
    luck = draws_array(state.seed, Luck.ORDER, len(state.counts), np.arange(state.graph.persons))[:, 0]
    joined = _round(
        np.argsort(luck, kind="stable"), state.graph.first, state.graph.ties, state.graph.complete, state.thresholds,
        state.active, state.counts[-1],
    )  # fmt: skip
    state.counts.append(state.counts[-1] + joined)


@compiled
def _round(
    order: NDArray[np.int64], first: NDArray[np.int64], ties: NDArray[np.int64], complete: bool,
    thresholds: NDArray[np.float64], active: NDArray[np.bool_], acting: int,
) -> int:  # fmt: skip
    """Return how many have become active; nobody is moved by a network in which it sees nobody."""
    joined = 0
    for person in order:
        if active[person]:
            continue
        seen, moved = first[person + 1] - first[person], 0
        if complete:
            seen, moved = first.size - 2, acting + joined
        else:
            for place in range(first[person], first[person + 1]):
                moved += active[ties[place]]
        if thresholds[person] <= 0.0 or (seen > 0 and moved / seen >= thresholds[person]):
            active[person] = True
            joined += 1
    return joined


def ending(state: State) -> Outcome | None:
    """Return the outcome as soon as a step adds nobody, or nobody is left to add."""
    active, persons = state.counts[-1], state.graph.persons
    if active < persons and (len(state.counts) == 1 or active != state.counts[-2]):
        return None
    name = GLOBAL if active >= state.config.global_share * persons else LOCAL
    return Outcome(name, (f"{active:,} of {persons:,} persons are active",))


def verdict(state: State) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    growing = f"{state.counts[-1]:,} of {state.graph.persons:,} persons are active, and more may follow"
    return ending(state) or Outcome(SPREADING, (growing,))


def report(state: State) -> Report:
    """Return the steps, no localities, and the end result, as declared."""
    degrees = state.graph.degrees()
    entries = {
        "mean_degree": float(degrees.mean()),
        "vulnerable": float(np.mean(state.thresholds * degrees <= 1.0)),
        "outcome": verdict(state).name,
    }
    return report_of(state.counts, state.graph.persons, COLUMNS, NUMBERS, state.config, entries)


def crowd(state: State) -> Crowd:
    """Return the persons by threshold, as if everybody saw everybody."""
    seen, moved = state.graph.degrees(), state.graph.among(state.active)
    following = (state.thresholds <= 0.0) | ((seen > 0) & (moved >= state.thresholds * seen))
    return Crowd.of(state.thresholds * max(state.graph.persons - 1, 1), state.active, following, everybody=False)


def cascade_probability(mean_degree: float, threshold: float) -> float:
    """Return how often one seed sets off a global cascade in an endless network with degrees after Poisson.

    With u the probability that a tie leads nowhere, u = 1 - sum_k k p_k / z + sum_k k p_k u^(k-1) / z over the
    degrees k up to 1 / threshold of those who follow a single neighbour; the seed, whatever its degree, fails with
    probability sum_k p_k u^k = exp(z (u - 1)).

    Parameters
    ----------
    mean_degree : float
        Ties of a person, on average, z; above 0.
    threshold : float
        Threshold of everybody, above 0.

    Returns
    -------
    float, 0..1
        0 outside the window in which global cascades are possible.

    Source: Watts (2002), equations 1 to 4, after Newman, Strogatz & Watts (2001).
    """
    degrees = range(1, math.floor(1.0 / threshold) + 1)
    law = [math.exp(-mean_degree + (k - 1) * math.log(mean_degree) - math.lgamma(k)) for k in degrees]  # k p_k / z
    nowhere = 0.0
    for _ in range(MOST_ROUNDS):
        before = nowhere
        nowhere = 1.0 - sum(law) + sum(q * before ** (k - 1) for k, q in zip(degrees, law, strict=True))
        if nowhere - before <= SETTLED:
            break
    return 1.0 - math.exp(mean_degree * (nowhere - 1.0))


def cascade_condition(mean_degree: float, threshold: float) -> float:
    """Return how many vulnerable persons a vulnerable person reaches, on average; above 1 cascades are possible.

    sum_k k (k - 1) p_k / z over the degrees k up to 1 / threshold, with p_k after Poisson.

    Source: Watts (2002), equation 5.
    """
    degrees = range(2, math.floor(1.0 / threshold) + 1)
    return sum(math.exp(-mean_degree + (k - 1) * math.log(mean_degree) - math.lgamma(k - 1)) for k in degrees)


SCHEMA = WattsScenario
ENGINE = stepwise(build, advance, ending, verdict, report, OUTCOMES, COLUMNS, NUMBERS, crowd=crowd)
