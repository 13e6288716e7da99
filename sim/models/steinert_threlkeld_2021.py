"""Protest that spreads in a network whose participants are removed.

A seed and all it sees begin. In each step whoever is active and no longer has its threshold reached gives up,
except those who began; whoever sees a share of active persons of at least its threshold joins; and a share of the
active is removed, those with many ties and low thresholds first. It ends when nobody joins.

Source: Steinert-Threlkeld & Steinert-Threlkeld (2021), "How social networks affect the repression-dissent puzzle",
PLOS ONE 16(5), e0250784, doi:10.1371/journal.pone.0250784, and the program published with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.core import elementwise
from sim.core.jit import compiled
from sim.core.normals import normals_array
from sim.core.rng import draws_array
from sim.models.graphs import Graph
from sim.models.interface import Crowd, Outcome, Report
from sim.models.networks import Network, build_network, fits
from sim.models.results import COUNT, Result
from sim.models.scenario import (
    ACTIVE_AT_END,
    HOW_IT_ENDED,
    MEAN_DEGREE,
    SHARE_AT_END,
    STEPS_RUN,
    Classic,
    NormalShares,
    report_of,
    stepwise,
)
from sim.models.scenario import COLUMNS as USUAL_COLUMNS
from sim.scenario.fields import Section, fraction, number

NOBODY, FEW, MANY, SPREADING = "nobody", "a_few", "many", "spreading"
OUTCOMES = {
    NOBODY: "all who were active have been removed or have given up",
    FEW: "nobody joins any more, and less than half of all persons are active",
    MANY: "nobody joins any more, and half of all persons or more are active",
    SPREADING: "it is still spreading at the horizon",
}
MOST_PERSONS = 100_000


class Luck(IntEnum):
    """What a draw decides. Numbers are part of the results."""

    THRESHOLD = 0
    SEED = 1
    REMOVAL = 2


class Uniform(Section):
    """Thresholds uniform from 0 to 1."""

    kind: Literal["uniform"] = Field(description="thresholds uniform from 0 to 1")


class Same(Section):
    """One threshold for all."""

    kind: Literal["same"] = Field(description="one threshold for all")
    value: float = fraction("share of active persons among those seen at which a person joins")


class Population(Section):
    """The persons."""

    persons: int = number("persons in the network", "persons", 1, MOST_PERSONS)
    thresholds: Annotated[Uniform | Same | NormalShares, Field(discriminator="kind")] = Field(
        description="share of active persons among those seen at which a person joins"
    )


class Repression(Section):
    """What the state takes away in each step."""

    kind: Literal["persons", "ties"] = Field(
        description="persons: a share of the active, by ties and low threshold; ties: each tie of an active person"
    )
    rate: float = fraction("share of the active persons, or of each active person's ties, removed in each step")


class SteinertThrelkeldScenario(Classic):
    """A scenario of the model of protest in a network whose participants are removed."""

    model: Literal["steinert-threlkeld-2021"] = "steinert-threlkeld-2021"
    population: Population
    network: Network
    repression: Repression
    beginners: Literal["always", "by_threshold"] = Field(
        description="whether those who began are seen as active always, or only while their threshold is reached, "
        "as in the published program, which goes on counting them"
    )

    _fits = model_validator(mode="after")(fits)


COLUMNS = (
    *USUAL_COLUMNS,
    Result("removed", "removals", COUNT, combine="last", label="removed so far",
           about="persons, or ties, removed until the end of the step"),
)  # fmt: skip
NUMBERS = (
    ACTIVE_AT_END, SHARE_AT_END, STEPS_RUN,
    Result("persons", "persons", COUNT, label="persons in the network",
           about="persons in the network, of a scale-free one in its largest connected part"),
    Result("initial", "persons", COUNT, label="persons who began", about="the seed and all whom it sees"),
    Result("removed", "removals", COUNT, of="removed", combine="last", label="removed in all",
           about="persons, or ties, removed in all"),
    Result("peak", "persons", COUNT, label="most persons acting", about="most persons acting after any step"),
    MEAN_DEGREE, HOW_IT_ENDED,
)  # fmt: skip


@dataclass
class State:
    """A run under way.

    Attributes
    ----------
    graph : Graph
        Who saw whom at the start.
    kept : array of bool, shape (ties,)
        Which entries of ``graph.ties`` are still there.
    thresholds : array of float64, shape (persons,)
        Share of active persons among those seen at which each joins.
    present, began, active, seen : arrays of bool, shape (persons,)
        Who has not been removed, who began, who is active, and who is seen as active.
    counts : list of int
        Active persons after each step, the first entry before the first.
    removed : list of int
        Persons or ties removed until then.
    """

    config: SteinertThrelkeldScenario
    seed: int
    graph: Graph
    kept: NDArray[np.bool_]
    thresholds: NDArray[np.float64]
    present: NDArray[np.bool_]
    began: NDArray[np.bool_]
    active: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    initial: int = 0
    joined: int = 0
    counts: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=lambda: [0])

    def moved(self) -> NDArray[np.bool_]:
        """Return whose threshold is reached, shape (persons,); never that of one who sees nobody."""
        others, moving = self.among(self.seen)
        with np.errstate(invalid="ignore"):
            return moving / others >= self.thresholds

    def touched(self) -> NDArray[np.bool_]:
        """Return who sees an active person, shape (persons,); only they can join."""
        return self.among(self.active)[1] > 0

    def among(self, marked: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many each person sees, and how many marked ones, shape (persons,); none of those removed."""
        found: tuple[NDArray[np.int64], NDArray[np.int64]] = _among(
            self.graph.first, self.graph.ties, self.graph.complete, self.kept, self.present, marked
        )
        return found


@compiled
def _among(
    first: NDArray[np.int64], ties: NDArray[np.int64], complete: bool, kept: NDArray[np.bool_],
    present: NDArray[np.bool_], marked: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    others, moving = np.zeros(present.size, dtype=np.int64), np.zeros(present.size, dtype=np.int64)
    everybody, acting = present.sum(), marked.sum()
    for person in range(present.size):
        if not present[person]:
            continue
        if complete:
            others[person], moving[person] = everybody - 1, acting - marked[person]
            continue
        for place in range(first[person], first[person + 1]):
            if kept[place] and present[ties[place]]:
                others[person] += 1
                moving[person] += marked[ties[place]]
    return others, moving


def thresholds(config: SteinertThrelkeldScenario, seed: int, persons: int) -> NDArray[np.float64]:
    """Return the threshold of every person, shape (persons,) [share of those seen]."""
    law, everyone = config.population.thresholds, np.arange(persons)
    if isinstance(law, Uniform):
        return draws_array(seed, Luck.THRESHOLD, 0, everyone)[:, 0].copy()
    if isinstance(law, Same):
        return np.full(persons, law.value)
    return np.maximum(law.mean + law.spread * normals_array(seed, Luck.THRESHOLD, 0, everyone)[:, 0], 0.0)


def build(config: SteinertThrelkeldScenario, seed: int, threads: int) -> State:
    """Return the state before the first step: seed and neighbours active, the first of them already removed."""
    graph = build_network(config.network, config.population.persons, seed)
    persons = graph.persons
    start = int(draws_array(seed, Luck.SEED, 0, [0])[0, 0] * persons)
    began = np.zeros(persons, dtype=np.bool_)
    began[start] = True
    began[graph.ties[graph.first[start] : graph.first[start + 1]]] = True
    if graph.complete:
        began[:] = True
    state = State(
        config, seed, graph, np.ones(graph.ties.size, dtype=np.bool_), thresholds(config, seed, persons),
        np.ones(persons, dtype=np.bool_), began, began.copy(), began.copy(), initial=int(began.sum()),
    )  # fmt: skip
    repress(state)
    state.counts.append(int(state.active.sum()))
    return state


def advance(state: State) -> None:
    """Let some give up and others join, then remove; nothing is removed when nobody joins."""
    moved = state.moved()
    state.active &= moved | state.began
    state.seen &= moved if state.config.beginners == "by_threshold" else state.active
    joining = state.moved() & state.touched() & ~state.active
    state.active |= joining
    state.seen |= joining
    state.joined = int(joining.sum())
    state.removed.append(state.removed[-1])
    if state.joined:
        repress(state)
    state.counts.append(int(state.active.sum()))


def repress(state: State) -> None:
    """Remove a share of the active persons, or of their ties."""
    if state.config.repression.kind == "persons":
        _remove_persons(state)
    else:
        _remove_ties(state)


def _remove_persons(state: State) -> None:
    """Draw without replacement, with weights: ties over the most ties, plus 1 - threshold over the highest threshold.

    The keys log(u) / weight give such a sample (Efraimidis & Spirakis 2006).
    """
    active = np.flatnonzero(state.active)
    count = int(state.config.repression.rate * active.size)
    if not count:
        return
    ties, needs = state.graph.degrees()[active].astype(np.float64), state.thresholds[active]
    weights = ties / max(ties.max(), 1.0) + 1.0 - needs / (needs.max() or 1.0)
    luck = draws_array(state.seed, Luck.REMOVAL, len(state.counts), active)[:, 0]
    with np.errstate(divide="ignore"):
        keys = elementwise.log1p(-luck) / weights
    gone = active[np.argsort(-keys, kind="stable")[:count]]
    state.present[gone] = state.active[gone] = state.seen[gone] = False
    state.removed[-1] += count


def _remove_ties(state: State) -> None:
    """Remove each tie of an active person with the same probability, from both of its ends."""
    first, ties = state.graph.first, state.graph.ties
    owner = np.repeat(np.arange(state.graph.persons), np.diff(first))
    luck = draws_array(state.seed, Luck.REMOVAL, len(state.counts), np.arange(ties.size))[:, 0]
    cut = state.kept & state.active[owner] & (luck < state.config.repression.rate)
    there, back = owner * state.graph.persons + ties, ties * state.graph.persons + owner
    lost = cut | np.isin(back, there[cut])
    state.removed[-1] += int((lost & state.kept).sum()) // 2
    state.kept &= ~lost


def ending(state: State) -> Outcome | None:
    """Return the outcome as soon as nobody has joined."""
    if len(state.counts) == 1 or state.joined:
        return None
    active, persons = state.counts[-1], state.graph.persons
    name = NOBODY if active == 0 else FEW if 2 * active < persons else MANY
    return Outcome(
        name, (f"{active:,} of {persons:,} persons are active, {state.removed[-1]:,} {_kind(state)} removed",)
    )


def _kind(state: State) -> str:
    return state.config.repression.kind


def verdict(state: State) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    spreading = f"{state.counts[-1]:,} of {state.graph.persons:,} persons are active, and some have just joined"
    return ending(state) or Outcome(SPREADING, (spreading,))


def report(state: State) -> Report:
    """Return the steps, no localities, and the end result, as declared."""
    entries = {
        "persons": state.graph.persons,
        "initial": state.initial,
        "peak": max(state.counts),
        "mean_degree": float(state.graph.degrees().mean()),
        "outcome": verdict(state).name,
    }
    return report_of(
        state.counts, state.graph.persons, COLUMNS, NUMBERS, state.config, entries, {"removed": state.removed[1:]}
    )


def crowd(state: State) -> Crowd:
    """Return the persons by threshold, as if everybody saw everybody."""
    needed = state.thresholds * max(state.graph.persons - 1, 1)
    return Crowd.of(needed, state.active, state.moved() & state.touched(), gone=~state.present, everybody=False)


SCHEMA = SteinertThrelkeldScenario
ENGINE = stepwise(build, advance, ending, verdict, report, OUTCOMES, COLUMNS, NUMBERS, crowd=crowd)
