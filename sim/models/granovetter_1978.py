"""Granovetter's threshold model of collective behaviour.

A person acts as soon as at least as many others act as the person's threshold says. Step after step,

    r(t + 1) = number of persons with a threshold of r(t) or less,    r(0) = 0,

until nobody is added. Crowds that are nearly the same can end far apart.

Source: Granovetter (1978), "Threshold models of collective behavior", American Journal of Sociology
83(6), 1420-1443, doi:10.1086/226707.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.core.normals import normals_array
from sim.core.rng import Stream, draws_array
from sim.models.declarations import summarised
from sim.models.granovetter_1978_schema import Explicit, GranovetterScenario, Normal
from sim.models.interface import Crowd, Outcome, Report
from sim.models.results import COUNT, FRACTION, INDEX, SHARE, WORD, Result
from sim.models.scenario import stepwise

NOBODY, FEW, MANY, EVERYBODY, SPREADING = "nobody", "a_few", "many", "everybody", "spreading"
OUTCOMES = {
    NOBODY: "nobody acts, because nobody acts first",
    FEW: "it stops with less than half of the persons",
    MANY: "it stops with half of the persons or more, but not all",
    EVERYBODY: "all persons act",
    SPREADING: "it is still growing at the horizon",
}
COLUMNS = (
    Result("step", "", INDEX, label="step", about="the step, from 1"),
    Result(
        "active", "persons", COUNT, combine="last",
        label="persons who act", about="persons who act after the step",
    ),
    Result(
        "share", FRACTION, SHARE, combine="last",
        label="share of persons who act", short="share who act", about="the same as a share of all persons",
    ),
)  # fmt: skip
NUMBERS = (
    Result(
        "active", "persons", COUNT, of="active", combine="last",
        label="persons acting at the end", about="`active` after the last step",
    ),
    Result(
        "share", FRACTION, SHARE, of="share", combine="last",
        label="share of persons acting at the end", short="share acting at the end",
        about="`share` after the last step",
    ),
    Result(
        "steps", "steps", COUNT, of=lambda days, localities, config: len(days),
        label="steps until nobody is added", short="steps",
        about="steps that were run",
    ),
    Result("outcome", "", WORD, label="how it ended", about="the outcome, as in `outcome.name`"),
)  # fmt: skip
SETTLED = 1e-12
MOST_ROUNDS = 10_000_000


@dataclass
class State:
    """A run under way.

    Attributes
    ----------
    thresholds : array of float64, shape (persons,)
        Thresholds in rising order [persons already acting].
    active : list of int
        Persons acting after each step, starting with none before the first.
    """

    thresholds: NDArray[np.float64]
    active: list[int] = field(default_factory=lambda: [0])


def thresholds(config: GranovetterScenario, seed: int) -> NDArray[np.float64]:
    """Return the threshold of every person, shape (persons,) [persons already acting]."""
    persons, law = config.population.persons, config.population.thresholds
    everyone = np.arange(persons)
    if isinstance(law, Explicit):
        return np.array(law.values)
    if isinstance(law, Normal):
        return law.mean + law.spread * normals_array(seed, Stream.THRESHOLD, 0, everyone)[:, 0]
    if law.sampled:
        return np.floor(persons * draws_array(seed, Stream.THRESHOLD, 0, everyone)[:, 0])
    return everyone.astype(np.float64)


def build(config: GranovetterScenario, seed: int, threads: int) -> State:
    """Return the state before the first step; `threads` makes no difference."""
    return State(np.sort(thresholds(config, seed)))


def advance(state: State) -> None:
    """Let everybody join whose threshold has been reached."""
    state.active.append(int(np.searchsorted(state.thresholds, state.active[-1], side="right")))


def ending(state: State) -> Outcome | None:
    """Return the outcome as soon as a step adds nobody, or nobody is left to add."""
    active, persons = state.active[-1], state.thresholds.size
    if active == persons:
        return Outcome(EVERYBODY, (f"all {persons} persons act",))
    if len(state.active) == 1 or active != state.active[-2]:
        return None
    name = NOBODY if active == 0 else FEW if 2 * active < persons else MANY
    return Outcome(name, (f"{active} of {persons} persons act; the next would need {state.thresholds[active]:g}",))


def verdict(state: State) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    growing = f"{state.active[-1]} of {state.thresholds.size} persons act, and more would join"
    return ending(state) or Outcome(SPREADING, (growing,))


def report(state: State) -> Report:
    """Return the steps, no localities, and the end result, as declared."""
    import pandas as pd

    active = np.array(state.active[1:], dtype=np.int64)
    share = active / state.thresholds.size
    days = pd.DataFrame({"step": np.arange(1, active.size + 1), "active": active, "share": share})
    summary = summarised(NUMBERS, COLUMNS, days, pd.DataFrame(), None) | {"outcome": verdict(state).name}
    return Report(days, pd.DataFrame(), summary)


def crowd(state: State) -> Crowd:
    """Return the persons by threshold; those with the lowest act."""
    persons = np.arange(state.thresholds.size)
    return Crowd.of(state.thresholds, persons < state.active[-1], state.thresholds <= state.active[-1])


def fixed_point(mean: float, spread: float, persons: float) -> float:
    """Return where an endless crowd with normal thresholds comes to rest.

    The lowest solution of r = persons x F(r), found by iteration from 0, where F is the cumulative
    normal distribution. Close to a spread at which that solution vanishes this takes many rounds.

    Parameters
    ----------
    mean, spread : float
        Mean and standard deviation of thresholds [persons already acting]; spread above 0.
    persons : float
        Size of the crowd [persons], above 0.

    Returns
    -------
    float, 0..persons

    Raises
    ------
    ArithmeticError
        If the iteration has not come to rest after ten million rounds.
    """
    acting = 0.0
    for _ in range(MOST_ROUNDS):
        before, acting = acting, persons * 0.5 * math.erfc((mean - acting) / (spread * math.sqrt(2.0)))
        if acting - before <= SETTLED * persons:
            return acting
    raise ArithmeticError(f"no rest for mean {mean:g}, spread {spread:g} and {persons:g} persons")


ENGINE = stepwise(build, advance, ending, verdict, report, OUTCOMES, COLUMNS, NUMBERS, crowd=crowd)
