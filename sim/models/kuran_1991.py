"""Kuran's model of unanticipated revolutions: public opposition, private thresholds.

A person supports the opposition in public as soon as public opposition is at least as large as the person's
threshold, and hides its preference below that. Step after step public opposition is what the thresholds make of the
step before,

    S(t + 1) = share of persons with a threshold of S(t) or less,    S(0) = 0,

until it rests. A small change of one private threshold may do nothing, or bring out nearly everybody.

Source: Kuran (1991), "Now out of never: the element of surprise in the East European revolution of 1989",
World Politics 44(1), 7-48, doi:10.2307/2010422.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.core.errors import FieldError
from sim.core.normals import normals_array
from sim.models.interface import Crowd, Outcome, Report
from sim.models.results import AMOUNT, Result
from sim.models.scenario import (
    ACTIVE_AT_END,
    COLUMNS,
    HOW_IT_ENDED,
    MOST_STEPS,
    SHARE_AT_END,
    STEPS_RUN,
    Classic,
    one_each,
    report_of,
    stepwise,
)
from sim.scenario.fields import NO_UNIT, Section, number

NOBODY, HIDDEN, REVOLUTION, MOVING = "nobody", "hidden", "revolution", "moving"
OUTCOMES = {
    NOBODY: "nobody opposes the regime in public",
    HIDDEN: "public opposition rests below half of the persons",
    REVOLUTION: "public opposition rests at half of the persons or more",
    MOVING: "public opposition is still moving at the horizon",
}
MOST_PERSONS = 1_000_000
MOST_LISTED = 100_000
WHOLE = 100.0
"""Thresholds are percentages."""


class Luck(IntEnum):
    """What a draw decides. Numbers are part of the results."""

    THRESHOLD = 0


class Explicit(Section):
    """Thresholds written out; at 100 a person never joins, since there is never all of public opposition without it."""

    kind: Literal["explicit"] = Field(description="thresholds written out")
    values: list[Annotated[float, Field(ge=0.0, le=WHOLE)]] = number(
        "public opposition at which each person joins", "% of persons", max_length=MOST_LISTED
    )


class Normal(Section):
    """Thresholds drawn from a normal distribution; those below 0 are 0, and who has one of 100 or more never joins."""

    kind: Literal["normal"] = Field(description="thresholds drawn from a normal distribution")
    mean: float = number("mean threshold", "% of persons", 0.0, WHOLE)
    spread: float = number("standard deviation of thresholds", "% of persons", 0.0, WHOLE)


class Population(Section):
    """The persons."""

    persons: int = number("persons of the society", "persons", 1, MOST_PERSONS)
    thresholds: Annotated[Explicit | Normal, Field(discriminator="kind")] = Field(
        description="public opposition at which a person joins it"
    )

    @model_validator(mode="after")
    def _one_threshold_each(self) -> Self:
        if isinstance(self.thresholds, Explicit):
            one_each(self.thresholds.values, self.persons)
        return self


class Change(Section):
    """A change of private thresholds."""

    step: int = number("first step in which it counts", "steps", 1, MOST_STEPS)
    person: int | None = number("whose threshold changes, counted from 1; everybody's if none", NO_UNIT, default=None)
    threshold: float | None = number("the new threshold", "% of persons", 0.0, WHOLE, default=None)
    shift: float = number("how much is added to the threshold", "% of persons", -WHOLE, WHOLE, default=0.0)


class KuranScenario(Classic):
    """A scenario of Kuran's model of unanticipated revolutions."""

    model: Literal["kuran-1991"] = "kuran-1991"
    population: Population
    changes: dict[str, Change] = Field(default_factory=dict, description="changes of private thresholds, by name")

    @model_validator(mode="after")
    def _known_persons(self) -> Self:
        persons = self.population.persons
        for name, change in self.changes.items():
            if change.person is not None and not 1 <= change.person <= persons:
                raise FieldError(f"must be one of the persons 1 to {persons}", ("changes", name, "person"))
        return self


NUMBERS = (
    ACTIVE_AT_END, SHARE_AT_END, STEPS_RUN,
    Result("mean_threshold", "% of persons", AMOUNT, label="mean threshold",
           about="mean threshold after the last step"),
    HOW_IT_ENDED,
)  # fmt: skip


@dataclass
class State:
    """A run under way.

    Attributes
    ----------
    thresholds : array of float64, shape (persons,)
        Thresholds in the order of the scenario [% of persons].
    opposing : array of bool, shape (persons,)
        Who opposes the regime in public.
    counts : list of int
        Persons in public opposition after each step, none before the first.
    """

    config: KuranScenario
    thresholds: NDArray[np.float64]
    opposing: NDArray[np.bool_]
    counts: list[int] = field(default_factory=lambda: [0])

    @property
    def public(self) -> float:
        """Public opposition [% of persons]."""
        return WHOLE * self.counts[-1] / self.thresholds.size


def build(config: KuranScenario, seed: int, threads: int) -> State:
    """Return the state before the first step; `threads` makes no difference."""
    persons, law = config.population.persons, config.population.thresholds
    if isinstance(law, Normal):
        drawn = law.mean + law.spread * normals_array(seed, Luck.THRESHOLD, 0, np.arange(persons))[:, 0]
        values = np.maximum(drawn, 0.0)
    else:
        values = np.array(law.values, dtype=np.float64)
    return State(config, values, np.zeros(persons, dtype=np.bool_))


def advance(state: State) -> None:
    """Change thresholds that are to change, then let everybody choose by the public opposition of the step before."""
    step = len(state.counts)
    for change in state.config.changes.values():
        if change.step == step:
            whom = slice(None) if change.person is None else slice(change.person - 1, change.person)
            if change.threshold is not None:
                state.thresholds[whom] = change.threshold
            state.thresholds[whom] = np.maximum(state.thresholds[whom] + change.shift, 0.0)
    state.opposing = state.thresholds <= state.public
    state.counts.append(int(state.opposing.sum()))


def ending(state: State) -> Outcome | None:
    """Return the outcome as soon as public opposition rests and no change is still to come."""
    if len(state.counts) == 1 or state.counts[-1] != state.counts[-2]:
        return None
    if any(change.step >= len(state.counts) for change in state.config.changes.values()):
        return None
    opposing, persons = state.counts[-1], state.thresholds.size
    name = NOBODY if opposing == 0 else HIDDEN if 2 * opposing < persons else REVOLUTION
    waiting = state.thresholds[~state.opposing]
    more = f"; the next would need {waiting.min():g} %" if waiting.size else ""
    return Outcome(name, (f"public opposition is {state.public:g} % of {persons} persons{more}",))


def verdict(state: State) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    return ending(state) or Outcome(MOVING, (f"public opposition is {state.public:g} %, and moving",))


def report(state: State) -> Report:
    """Return the steps, no localities, and the end result, as declared."""
    entries = {
        "mean_threshold": float(state.thresholds.mean()),
        "outcome": verdict(state).name,
    }
    return report_of(state.counts, state.thresholds.size, COLUMNS, NUMBERS, state.config, entries)


def crowd(state: State) -> Crowd:
    """Return the persons by threshold."""
    persons = state.thresholds.size
    return Crowd.of(state.thresholds * persons / WHOLE, state.opposing, state.thresholds <= state.public)


SCHEMA = KuranScenario
ENGINE = stepwise(build, advance, ending, verdict, report, OUTCOMES, COLUMNS, NUMBERS, crowd=crowd)
