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
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.core.jit import compiled
from sim.core.rng import Stream, below, draws_array, normals_array, quick, quick_key
from sim.models.chenoweth_hocking_marks_2022 import hardship
from sim.models.epstein_2002_step import LITERAL, arrest_chance
from sim.models.interface import Cell, Engine, Outcome, Picture, Report
from sim.models.moro_2016_schema import MoroScenario
from sim.models.results import COUNT, FRACTION, SHARE, Result, summarised
from sim.models.scenario import HOW_IT_ENDED, STEP, STEPS_RUN
from sim.models.torus import LESS, ONE, counts, empty_anywhere, empty_near, offsets, spread, window, wrapped

SUCCESS, ANARCHY, STATUS_QUO = "success", "anarchy", "status quo"
OUTCOMES = {
    SUCCESS: "all policemen have been killed",
    ANARCHY: "the revolution has failed, but many policemen have been killed",
    STATUS_QUO: "few policemen have been killed, or none",
}


class Kind(IntEnum):
    """Who an agent is."""

    CITIZEN = 0
    REVOLUTIONARY = 1
    POLICEMAN = 2


class Doing(IntEnum):
    """What it does. A quiet revolutionary hides, an active one fights."""

    QUIET = 0
    ACTIVE = 1
    JAILED = 2
    DEAD = 3


class Flow(IntEnum):
    """What is counted in a step."""

    ARRESTED = 0
    POLICEMEN_KILLED = 1
    REVOLUTIONARIES_KILLED = 2


AGENT = np.dtype(
    [
        ("x", "i4"),
        ("y", "i4"),
        ("sentence", "i4"),  # turns left in jail
        ("kind", "u1"),  # a Kind
        ("doing", "u1"),  # a Doing
        ("income", "f8"),
        ("grievance", "f8"),  # H (1 - L)
        ("cost", "f8"),  # C
    ],
    align=True,
)
NOBODY = -1
DRAWS = 128
"""Counters of an agent in a step: 0 to 32 for its move, the others below."""
AIM, HIT, TERM, RELEASE = 40, 41, 42, 64
_ORDER, _ACTS = int(Stream.GRID_ORDER), int(Stream.GRID_ACTS)
_CITIZEN, _REVOLUTIONARY, _POLICEMAN = (int(kind) for kind in Kind)
_QUIET, _ACTIVE, _JAILED, _DEAD = (int(doing) for doing in Doing)
_ARRESTED, _POLICEMEN_KILLED, _REVOLUTIONARIES_KILLED = (int(flow) for flow in Flow)

STOCKS = (
    Result("quiet", "citizens", COUNT, combine="last", label="quiet citizens", short="quiet",
           about="free citizens who are quiet after the step"),
    Result("active", "citizens", COUNT, combine="last", label="active citizens", short="active",
           about="citizens who rebel after the step"),
    Result("jailed", "citizens", COUNT, combine="last", label="jailed citizens", short="jailed",
           about="citizens in jail after the step"),
    Result("revolutionaries", "persons", COUNT, combine="last", label="revolutionaries",
           about="revolutionaries alive after the step"),
    Result("fighting", "persons", COUNT, combine="last", label="revolutionaries who fight", short="fighting",
           about="revolutionaries who have come out, after the step"),
    Result("policemen", "persons", COUNT, combine="last", label="policemen", about="policemen alive after the step"),
)  # fmt: skip
FLOWS = (
    Result("arrested", "citizens", COUNT, combine="sum", label="arrested in the step", short="arrested",
           about="citizens arrested in the step"),
    Result("policemen_killed", "persons", COUNT, combine="sum", label="policemen killed in the step",
           short="policemen killed", about="policemen killed in the step"),
    Result("revolutionaries_killed", "persons", COUNT, combine="sum", label="revolutionaries killed in the step",
           short="revolutionaries killed", about="revolutionaries killed in the step"),
)  # fmt: skip
COLUMNS = (STEP, *STOCKS, *FLOWS)
NUMBERS = (
    STEPS_RUN,
    Result("peak_active", "citizens", COUNT, of="active", combine="max", label="most citizens active at once",
           short="most active", about="highest `active`"),
    Result("active_end", "citizens", COUNT, of="active", combine="last", label="citizens active at the end",
           short="active at the end", about="`active` after the last step"),
    Result("arrests", "arrests", COUNT, of=lambda days, localities, config: int(days["arrested"].sum()),
           label="arrests", about="total of `arrested`"),
    Result("policemen_killed", "persons", COUNT, of="policemen_killed", combine="sum", label="policemen killed",
           about="policemen killed in all"),
    Result("policemen_killed_share", FRACTION, SHARE, label="share of policemen killed",
           about="the same as a share of all policemen"),
    Result("revolutionaries_killed", "persons", COUNT, of="revolutionaries_killed", combine="sum",
           label="revolutionaries killed", about="revolutionaries killed in all"),
    Result("won", FRACTION, SHARE, label="runs that end in success",
           about="1 if all policemen have been killed, else 0"),
    HOW_IT_ENDED,
)  # fmt: skip
CELLS = (
    Cell("empty", "#FFFFFF"),
    Cell("quiet citizen", "#A9C4E4"),
    Cell("active citizen", "#E69F00"),
    Cell("revolutionary, hidden", "#CC9FB8"),
    Cell("revolutionary, fighting", "#A0195B"),
    Cell("policeman", "#222222"),
)


class Numbers(NamedTuple):
    """What a step needs of a scenario."""

    threshold: float
    arrest_constant: float
    rebels_per_policeman: float
    precision: float
    police_precision: float
    longest_term: int


class Ground(NamedTuple):
    """All agents and where they stand.

    Attributes
    ----------
    agents : AGENT array, shape (agents,)
        Citizens, revolutionaries, policemen.
    order : int64 array, shape (agents,)
        In which they act; shuffled in each step.
    cells : int32 array, shape (height, width)
        The agent in a cell, or -1.
    taken : uint8 array, shape (height, width)
        1 where there is one.
    rebels, police : uint16 arrays
        Rebels and policemen in vision of each cell; see :func:`sim.models.torus.counts`.
    near, around : arrays
        What is in vision; see :func:`sim.models.torus.offsets` and `window`.
    """

    agents: NDArray[Any]
    order: NDArray[np.int64]
    cells: NDArray[np.int32]
    taken: NDArray[np.uint8]
    rebels: NDArray[np.uint16]
    police: NDArray[np.uint16]
    near: NDArray[np.int64]
    around: NDArray[np.uint16]


@compiled(makes_arrays=False)
def act(ground: Ground, numbers: Numbers, seed: Any, now: int, flows: Any) -> None:
    """Let everybody act once, in random order.

    Parameters
    ----------
    seed : uint64
        Of the run.
    now : int
        Number of the step, 1 for the first.
    flows : int64 array, shape (columns of Flow,)
        What happens in the step is added.
    """
    order_key, key = quick_key(seed, _ORDER, now), quick_key(seed, _ACTS, now)
    agents, order = ground.agents, ground.order
    for i in range(order.size):
        other = i + below(quick(order_key, np.uint64(i)), order.size - i)
        a = order[other]
        order[other], order[i] = order[i], a
        me = agents[a]
        if me.doing == _DEAD:
            continue
        if me.doing == _JAILED:
            if me.sentence > 0:
                me.sentence -= 1
                continue
            if not _release(ground, a, key):
                continue
        width = ground.cells.shape[1]
        if me.kind == _POLICEMAN:
            spread(ground.police, ground.around, width, me.x, me.y, LESS)
        elif me.doing == _ACTIVE:
            spread(ground.rebels, ground.around, width, me.x, me.y, LESS)
        cell = empty_near(ground.taken, ground.near, me.x, me.y, key, a * DRAWS)
        if cell >= 0:
            _leave(ground, a)
            _stand(ground, a, cell)
        if me.kind == _POLICEMAN:
            spread(ground.police, ground.around, width, me.x, me.y, ONE)
            _police(ground, numbers, a, key, flows)
            continue
        me.doing = _ACTIVE if _rebels(ground, numbers, a) else _QUIET
        if me.doing == _ACTIVE:
            spread(ground.rebels, ground.around, width, me.x, me.y, ONE)
            if me.kind == _REVOLUTIONARY:
                _fight(ground, numbers, a, key, flows)


@compiled(makes_arrays=False)
def _stand(ground: Ground, a: Any, cell: Any) -> None:
    me = ground.agents[a]
    width = ground.cells.shape[1]
    me.x, me.y = cell % width, cell // width
    ground.cells[me.y, me.x], ground.taken[me.y, me.x] = a, 1


@compiled(makes_arrays=False)
def _leave(ground: Ground, a: Any) -> None:
    me = ground.agents[a]
    ground.cells[me.y, me.x], ground.taken[me.y, me.x] = NOBODY, 0


@compiled(makes_arrays=False)
def _release(ground: Ground, a: Any, key: Any) -> bool:
    """Set a citizen free onto a random empty cell; False if there is none."""
    cell = empty_anywhere(ground.taken, key, a * DRAWS + RELEASE)
    if cell < 0:
        return False
    _stand(ground, a, cell)
    ground.agents[a].doing = _QUIET
    return True


@compiled(makes_arrays=False)
def _rebels(ground: Ground, numbers: Numbers, a: Any) -> bool:
    """Whether a citizen is active, or a revolutionary fights; it is not among the rebels counted around."""
    me = ground.agents[a]
    column = me.x + ground.around.shape[0] - 1
    police = np.int64(ground.police[me.y, column])
    rebels = 1 + np.int64(ground.rebels[me.y, column])
    if me.kind == _REVOLUTIONARY:
        return police > 0 and rebels >= numbers.rebels_per_policeman * police
    risk = arrest_chance(police, rebels, LITERAL, numbers.arrest_constant)
    return me.grievance - risk * me.cost > numbers.threshold


@compiled(makes_arrays=False)
def _aimed(ground: Ground, a: Any, police: bool, key: Any) -> Any:
    """Return a random policeman, or a random rebel, in vision; -1 if there is none."""
    me = ground.agents[a]
    height, width = ground.cells.shape
    seen = ground.police if police else ground.rebels
    many = np.int64(seen[me.y, me.x + ground.around.shape[0] - 1])  # never oneself: one aims at the other side
    if many == 0:
        return NOBODY
    left = below(quick(key, np.uint64(a * DRAWS + AIM)), many)
    for n in range(ground.near.shape[0]):
        x, y = wrapped(me.x + ground.near[n, 0], width), wrapped(me.y + ground.near[n, 1], height)
        b = ground.cells[y, x]
        if b < 0:
            continue
        them = ground.agents[b]
        if (them.kind == _POLICEMAN) if police else (them.kind != _POLICEMAN and them.doing == _ACTIVE):
            if left == 0:
                return b
            left -= 1
    return NOBODY


@compiled(makes_arrays=False)
def _hits(a: Any, key: Any, precision: float) -> bool:
    return (quick(key, np.uint64(a * DRAWS + HIT)) >> np.uint64(11)) * 2.0**-53 < precision


@compiled(makes_arrays=False)
def _fight(ground: Ground, numbers: Numbers, a: Any, key: Any, flows: Any) -> None:
    """Shoot at a policeman in vision."""
    b = _aimed(ground, a, True, key)
    if b >= 0 and _hits(a, key, numbers.precision):
        them = ground.agents[b]
        spread(ground.police, ground.around, ground.cells.shape[1], them.x, them.y, LESS)
        _leave(ground, b)
        them.doing = _DEAD
        flows[_POLICEMEN_KILLED] += 1


@compiled(makes_arrays=False)
def _police(ground: Ground, numbers: Numbers, a: Any, key: Any, flows: Any) -> None:
    """Arrest an active citizen in vision, or shoot at a revolutionary who fights."""
    b = _aimed(ground, a, False, key)
    if b < 0:
        return
    them = ground.agents[b]
    if them.kind == _CITIZEN:
        them.doing = _JAILED
        them.sentence = 1 + below(quick(key, np.uint64(a * DRAWS + TERM)), numbers.longest_term)
        flows[_ARRESTED] += 1
    elif _hits(a, key, numbers.police_precision):
        them.doing = _DEAD
        flows[_REVOLUTIONARIES_KILLED] += 1
    else:
        return
    spread(ground.rebels, ground.around, ground.cells.shape[1], them.x, them.y, LESS)
    _leave(ground, b)


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
    income = np.exp(law.log_income_mean + law.log_income_spread * normal)
    agents["income"][people] = income
    agents["grievance"][people] = hardship(income, law.log_income_mean, law.log_income_spread) * (
        1.0 - config.legitimacy
    )
    agents["cost"][people] = np.tanh(law.opportunity_cost * income / 2.0)
    near, around = offsets(grid.neighbourhood, grid.vision), window(grid.neighbourhood, grid.vision)
    cells = np.full((grid.height, grid.width), NOBODY, dtype=np.int32)
    cells[agents["y"], agents["x"]] = np.arange(kinds.size)
    rebels, police = (counts(grid.width, grid.height, around) for _ in range(2))
    for one in agents[kinds == Kind.POLICEMAN]:
        spread(police, around, grid.width, int(one["x"]), int(one["y"]), ONE)
    taken = (cells >= 0).astype(np.uint8)
    ground = Ground(agents, np.arange(kinds.size), cells, taken, rebels, police, near, around)
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


def _toll(world: World) -> tuple[int, int]:
    """Return how many policemen have been killed, and how many there were."""
    policemen = world.ground.agents[world.ground.agents["kind"] == Kind.POLICEMAN]
    return int((policemen["doing"] == Doing.DEAD).sum()), policemen.size


def ending(world: World) -> Outcome | None:
    """Return success as soon as all policemen have been killed."""
    killed, there = _toll(world)
    if killed and killed == there:
        return Outcome(SUCCESS, (f"all {there} policemen have been killed after {len(world.rows)} steps",))
    return None


def verdict(world: World) -> Outcome:
    """Return the outcome of a run that reached its horizon."""
    killed, there = _toll(world)
    many = killed > world.config.outcomes.anarchy_above * there
    reason = f"{killed} of {there} policemen have been killed"
    return ending(world) or Outcome(ANARCHY if many else STATUS_QUO, (reason,))


def report(world: World) -> Report:
    """Return a row a step, no localities, and the numbers to quote, as declared."""
    import pandas as pd

    days = pd.DataFrame(world.rows, columns=[column.name for column in COLUMNS])
    killed, there = _toll(world)
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


ENGINE = Engine(
    build=build,
    advance=advance,
    outcome=ending,
    verdict=verdict,
    report=report,
    steps=lambda config: int(config.time.steps),
    agents=lambda config: sum(_shared_out(config)),
    label=lambda config, step: f"step {step + 1}",
    outcomes=OUTCOMES,
    columns=lambda config: COLUMNS,
    places=lambda config: (),
    numbers=lambda config: NUMBERS,
    picture=picture,
)
