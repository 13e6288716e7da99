"""Moro's model of violent revolutions: citizens, revolutionaries and policemen on a torus.

Source: Moro (2016), "Understanding the dynamics of violent political revolutions in an agent-based framework", PLOS
ONE 11(4), e0154175, doi:10.1371/journal.pone.0154175. Its abstract, the beginning of its introduction and of its
section on outcomes were at hand, not its equations. From the paper:

* A subjugated population of citizens, members of an armed revolutionary organisation and loyal policemen interact on
  a torus of two dimensions.
* Citizens are active, and jailed. The first to rebel are the poorest, with the most grievance and the lowest
  opportunity cost.
* Precision p and precision r, and a number n; Figure 1 has n = 1.2 and one random seed, and shows a success at p = 0.4,
  r = 0.3, anarchy at p = 0.9, r = 0.3, and the status quo at p = 0.9, r = 0.1.
* Revolutionaries kill policemen. All killed is success; a large number of them is anarchy; only a few, the status quo.

Our reading, where the text at hand is silent:

* p is the precision of policemen, r that of revolutionaries: the chance that a shot at one of the other side kills.
* A revolutionary comes out and fights if it sees a policeman, and n or more rebels (active citizens and fighting
  revolutionaries, itself included) for each policeman in vision; else it hides and nobody knows it from a citizen.
* A policeman picks one of the rebels in vision at random: a citizen is arrested, a revolutionary shot at.
* A citizen is active if H (1 - L) - P C > T: hardship H is the logistic function of expected less own income, income
  is lognormal, P = 1 - exp(-k policemen / rebels) is Epstein's chance of arrest, as printed, and C = tanh(w income / 2)
  the opportunity cost. H and C are those of Chenoweth, Hocking and Marks (2022), C without its second part.
* All act once a step in random order; they move to a random empty cell in vision, then act. The jailed are off the grid
  and come back onto a random empty cell.
* "A large number" of policemen is more than a share of them that the scenario states.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.core import elementwise
from sim.core.normals import normals_array
from sim.core.rng import Stream, draws_array
from sim.models.chenoweth_hocking_marks_2022 import hardship
from sim.models.declarations import summarised
from sim.models.interface import Cell, Outcome, Picture, Report
from sim.models.moro_2016_results import COLUMNS, NUMBERS
from sim.models.moro_2016_schema import MoroScenario
from sim.models.moro_2016_step import AGENT, NOBODY, Doing, Flow, Ground, Kind, Numbers, act
from sim.models.scenario import stepwise
from sim.models.torus import ONE, counts, offsets, spread, turned, window

SUCCESS, ANARCHY, STATUS_QUO = "success", "anarchy", "status quo"
OUTCOMES = {
    SUCCESS: "all policemen have been killed",
    ANARCHY: "the revolution has failed, but many policemen have been killed",
    STATUS_QUO: "few policemen have been killed, or none",
}
CELLS = (
    Cell("empty", "#FFFFFF"),
    Cell("quiet citizen", "#A9C4E4"),
    Cell("active citizen", "#E69F00"),
    Cell("revolutionary, hidden", "#CC9FB8"),
    Cell("revolutionary, fighting", "#A0195B"),
    Cell("policeman", "#222222"),
)


@dataclass
class World:
    """A run under way: the agents, and a row a step done."""

    config: MoroScenario
    seed: int
    numbers: Numbers
    ground: Ground
    rows: list[list[int]] = field(default_factory=list)


def build(config: MoroScenario, seed: int, threads: int) -> World:
    """Draw the state before the first step; `threads` makes no difference."""
    grid, law = config.grid, config.citizens
    kinds = np.repeat([int(kind) for kind in Kind], _shared_out(config))
    agents = np.zeros(kinds.size, dtype=AGENT)
    agents["kind"] = kinds
    luck = draws_array(seed, Stream.GRID_SITES, 0, np.arange(grid.width * grid.height))[:, 0]
    sites = np.argsort(luck, kind="stable")[: kinds.size]
    agents["x"], agents["y"] = sites % grid.width, sites // grid.width
    people = kinds == Kind.CITIZEN
    normal = normals_array(seed, Stream.GRID_TRAITS, 0, np.flatnonzero(people))[:, 0]
    income = elementwise.exp(law.log_income_mean + law.log_income_spread * normal)
    agents["income"][people] = income
    agents["grievance"][people] = hardship(income, law.log_income_mean, law.log_income_spread) * (
        1.0 - config.legitimacy
    )
    agents["cost"][people] = elementwise.tanh(law.opportunity_cost * income / 2.0)
    near, around = offsets(grid.neighbourhood, grid.vision), window(grid.neighbourhood, grid.vision)
    turns = turned(grid.width, grid.height)
    cells = np.full((grid.height, grid.width), NOBODY, dtype=np.int32)
    cells[agents["y"], agents["x"]] = np.arange(kinds.size)
    rebels, police = (counts(grid.width, grid.height, around) for _ in range(2))
    for one in agents[kinds == Kind.POLICEMAN]:
        spread(police, around, grid.width, int(one["x"]), int(one["y"]), ONE)
    taken = (cells >= 0).astype(np.uint8)
    ground = Ground(agents, np.arange(kinds.size), cells, taken, rebels, police, near, around, turns)
    numbers = Numbers(
        law.threshold, law.arrest_constant, config.revolutionaries.rebels_per_policeman,
        config.revolutionaries.precision, config.police.precision, config.police.longest_term,
    )  # fmt: skip
    return World(config, seed, numbers, ground)


def _shared_out(config: MoroScenario) -> list[int]:
    """Return how many citizens, revolutionaries and policemen there are, as far as they fit."""
    cells = config.grid.width * config.grid.height
    densities = config.police.density, config.revolutionaries.density, config.citizens.density
    numbers, left = [], cells
    for density in densities:
        numbers.append(min(int(density * cells + 0.5), left))
        left -= numbers[-1]
    return numbers[::-1]


def advance(world: World) -> None:
    """Let everybody act once, and record the step."""
    flows = np.zeros(len(Flow), dtype=np.int64)
    now = len(world.rows) + 1
    act(world.ground, world.numbers, np.uint64(world.seed), now, flows)
    kind, doing = world.ground.agents["kind"], world.ground.agents["doing"]
    there = np.zeros((len(Kind), len(Doing)), dtype=np.int64)
    np.add.at(there, (kind, doing), 1)
    citizens, revolutionaries, policemen = there
    stocks = (
        *citizens[: Doing.DEAD], revolutionaries[: Doing.DEAD].sum(), revolutionaries[Doing.ACTIVE],
        policemen[: Doing.DEAD].sum(),
    )  # fmt: skip
    world.rows.append([now, *(int(value) for value in stocks), *(int(value) for value in flows)])


def toll(world: World) -> tuple[int, int]:
    """Return how many policemen have been killed, and how many there were."""
    policemen = world.ground.agents[world.ground.agents["kind"] == Kind.POLICEMAN]
    return int((policemen["doing"] == Doing.DEAD).sum()), policemen.size


def ending(world: World) -> Outcome | None:
    """Return success as soon as all policemen have been killed."""
    killed, there = toll(world)
    if killed and killed == there:
        return Outcome(SUCCESS, (f"all {there} policemen have been killed after {len(world.rows)} steps",))
    return None


def verdict(world: World) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    killed, there = toll(world)
    many = killed > world.config.outcomes.anarchy_above * there
    reason = f"{killed} of {there} policemen have been killed"
    return ending(world) or Outcome(ANARCHY if many else STATUS_QUO, (reason,))


def report(world: World) -> Report:
    """Return a row a step, no localities, and the numbers to quote, as declared."""
    import pandas as pd

    days = pd.DataFrame(world.rows, columns=[column.name for column in COLUMNS])
    killed, there = toll(world)
    outcome = verdict(world).name
    summary = summarised(NUMBERS, COLUMNS, days, pd.DataFrame(), world.config) | {
        "policemen_killed_share": killed / max(there, 1),
        "won": float(outcome == SUCCESS),
        "outcome": outcome,
    }
    return Report(days, pd.DataFrame(), summary)


def picture(world: World) -> Picture:
    """Return who is in each cell; the jailed and the dead are off the grid."""
    cells, agents = world.ground.cells, world.ground.agents
    drawn = np.zeros(cells.shape, dtype=np.uint8)
    there = agents[cells[cells >= 0]]
    active = (there["doing"] == Doing.ACTIVE) & (there["kind"] != Kind.POLICEMAN)
    drawn[cells >= 0] = 1 + 2 * there["kind"] + active
    return Picture(drawn, CELLS)


ENGINE = stepwise(
    build,
    advance,
    ending,
    verdict,
    report,
    OUTCOMES,
    COLUMNS,
    NUMBERS,
    agents=lambda config: sum(_shared_out(config)),
    picture=picture,
)
