"""The model of nonviolent resistance strategy of Chenoweth, Hocking and Marks.

Citizens, activists, officers and pillars of support stand on a torus, one a cell. In each step all act in random
order: they move (pillars stay); officers arrest or kill; members of the movement protest if they see an ally; a
citizen is a member if grievance times peer pressure exceeds the expected cost of arrest by a threshold; officers
and pillars defect when protesters are a large enough share of those in view. The movement wins when enough pillars
have defected, the regime when no more than one member is alive.

Source: Chenoweth, Hocking & Marks (2022), "A dynamic model of nonviolent resistance strategy", PLOS ONE 17(7),
e0269976, doi:10.1371/journal.pone.0269976, parameters of its table S1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core import elementwise
from sim.core.normals import normals_array
from sim.core.rng import draws_array
from sim.models.chenoweth_hocking_marks_2022_rules import AGENT, Ground, Kind, Luck, Numbers, act, show
from sim.models.chenoweth_hocking_marks_2022_schema import ChenowethScenario
from sim.models.declarations import summarised
from sim.models.interface import Cell, Outcome, Picture, Report
from sim.models.results import COUNT, FRACTION, LEVEL, SHARE, Result
from sim.models.scenario import HOW_IT_ENDED, STEP, STEPS_RUN, stepwise

MOVEMENT, REGIME, UNDECIDED = "movement", "regime", "undecided"
OUTCOMES = {
    MOVEMENT: "enough pillars of support have defected: the movement wins",
    REGIME: "no more members of the movement are alive than a protest needs: the regime wins",
    UNDECIDED: "neither by the horizon",
}
CELLS = (
    Cell("empty", "#FFFFFF"),
    Cell("citizen", "#A9C4E4"),
    Cell("citizen in the movement", "#0072B2"),
    Cell("activist", "#E69F00"),
    Cell("who protests", "#D55E00"),
    Cell("in jail", "#8A8A8A"),
    Cell("loyal officer", "#222222"),
    Cell("officer who has defected", "#8FD0B5"),
    Cell("loyal pillar of support", "#A0195B"),
    Cell("pillar that has defected", "#009E73"),
)


STRATEGIES = {"random": 0, "nearest": 1, "weakest": 2}
COLUMNS = (
    STEP,
    Result("active", "persons", COUNT, combine="last", label="persons who protest",
           about="citizens and activists who protest at the end of the step"),
    Result("share", FRACTION, SHARE, combine="last", label="share who protest",
           about="the same as a share of citizens and activists alive"),
    Result("members", "persons", COUNT, combine="last", label="citizens in the movement",
           about="citizens who belong to the movement"),
    Result("jailed", "persons", COUNT, combine="last", label="persons in jail", about="citizens and activists in jail"),
    Result("killed", "persons", COUNT, combine="last", label="killed so far",
           about="citizens and activists killed until then"),
    Result("police_loyal", "persons", COUNT, combine="last", label="loyal officers",
           about="officers who have not defected"),
    Result("pillars_loyal", "pillars", COUNT, combine="last", label="loyal pillars of support",
           about="pillars of support that have not defected"),
    Result("legitimacy", FRACTION, LEVEL, combine="last", label="legitimacy of the regime",
           about="legitimacy, which each killing lowers"),
)  # fmt: skip
NUMBERS = (
    STEPS_RUN,
    Result("peak", "persons", COUNT, of="active", combine="max", label="most persons protesting",
           about="the most persons who protest at the end of a step"),
    Result("peak_share", FRACTION, SHARE, of="share", combine="max", label="largest share protesting",
           about="the largest share of citizens and activists who protest at the end of a step"),
    Result("most_members", "persons", COUNT, of="members", combine="max", label="most citizens in the movement",
           about="the most citizens who belong to the movement at the end of a step"),
    Result("killed", "persons", COUNT, of="killed", combine="last", label="killed",
           about="citizens and activists killed in all"),
    Result("pillars_defected", "pillars", COUNT, label="pillars that defected",
           about="pillars of support that have defected at the end"),
    Result("pillars_defected_share", FRACTION, SHARE, label="share of pillars that defected",
           about="the same as a share of all pillars"),
    Result("police_loyal", "persons", COUNT, of="police_loyal", combine="last", label="loyal officers at the end",
           about="officers who have not defected at the end"),
    Result("legitimacy", FRACTION, LEVEL, of="legitimacy", combine="last", label="legitimacy at the end",
           about="legitimacy after the last step"),
    Result("won", FRACTION, SHARE, label="runs won by the movement", about="1 if the movement has won, else 0"),
    HOW_IT_ENDED,
)  # fmt: skip


@dataclass
class State:
    """A run under way.

    Attributes
    ----------
    ground : Ground
        All agents and where they stand.
    legitimacy : float
        Legitimacy now.
    rows : list of tuple
        The row of each step.
    """

    config: ChenowethScenario
    seed: int
    numbers: Numbers
    ground: Ground
    legitimacy: float
    rows: list[tuple[Any, ...]] = field(default_factory=list)


def build(config: ChenowethScenario, seed: int, threads: int) -> State:
    """Return the state before the first step; `threads` makes no difference."""
    grid, move, law = config.grid, config.movement, config.citizens
    cells = grid.width * grid.height
    shares = (grid.citizens, grid.activists, grid.police, grid.pillars)
    kinds = np.repeat([int(kind) for kind in Kind], [round(cells * share) for share in shares])
    everyone = np.arange(kinds.size)
    agents = np.zeros(kinds.size, dtype=AGENT)
    agents["kind"], agents["alive"] = kinds, True
    places = np.argsort(draws_array(seed, Luck.PLACE, 0, np.arange(cells))[:, 0], kind="stable")[: kinds.size]
    agents["x"], agents["y"] = places % grid.width, places // grid.width
    traits = draws_array(seed, Luck.TRAITS, 0, everyone)
    agents["late"] = 1 + np.floor(traits[:, 0] * move.late_start)
    agents["fickle"], agents["immediate"] = traits[:, 1] < law.fickle, traits[:, 2] < law.immediate
    luck = normals_array(seed, Luck.INCOME, 0, everyone)
    income = elementwise.exp(law.log_income_mean + law.log_income_spread * luck[:, 0])
    agents["hardship"] = hardship(income, law.log_income_mean, law.log_income_spread)
    agents["cost"] = arrest_cost(income, law.jail_weight * config.regime.jail)
    limits = config.defection.mean + config.defection.spread * luck[:, 1]
    agents["limit"] = np.maximum(limits, config.defection.least)
    table = np.full((grid.height, grid.width), -1, dtype=np.int64)
    table[agents["y"], agents["x"]] = everyone
    regime = config.regime
    numbers = Numbers(
        law.threshold, law.arrest_constant, law.peers, STRATEGIES[move.strategy], move.targets == "loyal", move.cycle,
        move.duration, move.allies, regime.backfire, regime.find, regime.target, regime.kill, regime.jail,
    )  # fmt: skip
    ground = Ground(agents, table, np.zeros(table.shape, dtype=np.uint8), disc(grid.vision), disc(move.search))
    for one in everyone:
        show(ground, int(one))
    return State(config, seed, numbers, ground, regime.legitimacy)


def hardship(income: NDArray[np.float64], mean: float, spread: float) -> NDArray[np.float64]:
    """Return how hard life is, 0..1: the logistic function of expected income less own income."""
    expected = math.exp(mean + 0.5 * spread**2)
    found: NDArray[np.float64] = 1.0 / (1.0 + elementwise.exp(np.minimum(income - expected, 700.0)))
    return found


def arrest_cost(income: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """Return what an arrest would cost, 0..2^(1/4): dear to the rich, who lose much, and to the poor, who have nothing.

    (a^4 + b^4)^(1/4) with a = 2 s(weight y) - 1 and b = 2 s(weight / y) - 1, s the logistic function.
    """
    rich, poor = elementwise.tanh(weight * income / 2.0), elementwise.tanh(weight / income / 2.0)
    found: NDArray[np.float64] = np.sqrt(np.sqrt(rich * rich * (rich * rich) + poor * poor * (poor * poor)))
    return found


def disc(radius: int) -> NDArray[np.int64]:
    """Return the steps in x and y to all cells within a Euclidean distance, one's own left out, shape (cells, 2)."""
    steps = np.arange(-radius, radius + 1)
    x, y = (part.ravel() for part in np.meshgrid(steps, steps))
    inside = (x**2 + y**2 <= radius**2) & ((x != 0) | (y != 0))
    return np.ascontiguousarray(np.column_stack([x[inside], y[inside]]))


def advance(state: State) -> None:
    """Let all act once, in random order, and record the step."""
    step = len(state.rows)
    luck = draws_array(state.seed, Luck.ORDER, step, np.arange(state.ground.agents.size))[:, 0]
    order = np.argsort(luck, kind="stable")
    state.legitimacy = act(state.ground, state.numbers, state.legitimacy, order, np.uint64(state.seed), step)
    agents = state.ground.agents
    alive, kind = agents["alive"], agents["kind"]
    active = int((alive & agents["protesting"]).sum())
    state.rows.append(
        (
            step + 1,
            active,
            active / max(int((alive & (kind <= Kind.ACTIVIST)).sum()), 1),
            int((alive & agents["member"]).sum()),
            int((alive & (agents["jail"] > 0)).sum()),
            int((~alive).sum()),
            int(((kind == Kind.OFFICER) & ~agents["defected"]).sum()),
            int(((kind == Kind.PILLAR) & ~agents["defected"]).sum()),
            state.legitimacy,
        )
    )


def pillars(state: State) -> tuple[int, int]:
    """Return how many pillars have defected, and how many there are."""
    pillar = state.ground.agents["kind"] == Kind.PILLAR
    return int((pillar & state.ground.agents["defected"]).sum()), int(pillar.sum())


def ending(state: State) -> Outcome | None:
    """Return the outcome as soon as one side has won; asked of the movement first."""
    if not state.rows:
        return None
    defected, there = pillars(state)
    if defected > state.config.movement.success * there:
        return Outcome(MOVEMENT, (f"{defected} of {there} pillars have defected",))
    members = state.ground.agents["member"] | (state.ground.agents["kind"] == Kind.ACTIVIST)
    left = int((state.ground.agents["alive"] & members).sum())
    if left <= state.config.movement.allies:
        return Outcome(REGIME, (f"{left} members of the movement are alive",))
    return None


def verdict(state: State) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    defected, there = pillars(state)
    return ending(state) or Outcome(UNDECIDED, (f"{defected} of {there} pillars have defected",))


def report(state: State) -> Report:
    """Return the steps, no localities, and the end result, as declared."""
    import pandas as pd

    days = pd.DataFrame(state.rows, columns=[column.name for column in COLUMNS])
    defected, there = pillars(state)
    summary = summarised(NUMBERS, COLUMNS, days, pd.DataFrame(), state.config) | {
        "pillars_defected": defected,
        "pillars_defected_share": defected / max(there, 1),
        "won": float(verdict(state).name == MOVEMENT),
        "outcome": verdict(state).name,
    }
    return Report(days, pd.DataFrame(), summary)


def picture(state: State) -> Picture:
    """Return who is in each cell; the jailed keep theirs, the dead are gone."""
    cells, agents = state.ground.cells, state.ground.agents
    there = agents[cells[cells >= 0]]
    of_power = there["kind"] >= Kind.OFFICER
    people = np.select(
        [there["jail"] > 0, there["protesting"], there["kind"] == Kind.ACTIVIST, there["member"]], [5, 4, 3, 2], 1
    )
    drawn = np.zeros(cells.shape, dtype=np.uint8)
    drawn[cells >= 0] = np.where(of_power, 6 + 2 * (there["kind"] - Kind.OFFICER) + there["defected"], people)
    return Picture(drawn, CELLS)


def agents_of(config: ChenowethScenario) -> int:
    """Return the number of agents."""
    grid = config.grid
    cells = grid.width * grid.height
    return sum(round(cells * share) for share in (grid.citizens, grid.activists, grid.police, grid.pillars))


SCHEMA = ChenowethScenario
ENGINE = stepwise(
    build, advance, ending, verdict, report, OUTCOMES, COLUMNS, NUMBERS, agents=agents_of, picture=picture
)
