"""Whom a citizen sees: colleagues at work, and weak ties across the locality and the country."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core import names
from sim.core.jit import compiled
from sim.core.normals import fill_normal
from sim.core.rng import Stream, draws
from sim.models.mobilisation.population.geography import (
    CHUNK,
    Indices,
    Keys,
    locality_keys,
    normals,
    numbers_within,
    starts,
    uniforms,
)
from sim.models.mobilisation.schema.people import MOST_NAMES
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import allocate

SMALLEST_WORKPLACE = 5
"""Agents from which a workplace is one of its own; smaller ones are pooled."""
LARGEST_POOL = 100
"""Agents in a pool of small workplaces of the same class and locality."""
BLOCKS = 16
"""Blocks of four draws that are made into sizes at a time: a loop that does one thing vectorises."""


def draw_workplaces(config: Mobilisation, seed: int, citizens: Any, locality: NDArray[Any]) -> Any:
    """Found the workplaces, and give every employed citizen one in the own locality and class.

    Sizes are drawn in persons, lognormal, one after the other until the locality's workers of the
    class are housed; the last is cut to those left. Workplaces worth at least five agents stand for
    themselves, and the rest are pooled as small firms, at most 100 agents to a pool. A pool knows how
    many firms it stands for, so that a country has as many at any scale. Writes ``citizens.workplace``,
    -1 for those not employed.

    Parameters
    ----------
    config : Mobilisation
        Scenario.
    seed : int
        Seed of the run.
    citizens : named tuple of arrays
        ``class_`` must be drawn.
    locality : array of int, shape (citizens,)
        Locality of each citizen, not falling.

    Returns
    -------
    named tuple of arrays
        As in ``sim.models.mobilisation.state.WORKPLACE``, sorted by locality, then class.
    """
    places, kinds = locality_keys(config), names.keys("class", config.people.classes)
    employs = np.array([item.workplaces is not None for item in config.people.classes.values()])
    workers = np.flatnonzero(employs[citizens.class_])
    group = locality[workers].astype(np.int64) * MOST_NAMES + citizens.class_[workers]
    groups, counts = np.unique(group, return_counts=True)
    group_keys = places[groups // MOST_NAMES] ^ kinds[groups % MOST_NAMES]
    sizes, firms, number = _sizes(config, np.uint64(seed) ^ group_keys, groups % MOST_NAMES, counts)
    workplaces = allocate("workplaces", int(number.sum()), {})
    workplaces.locality[:] = np.repeat(groups // MOST_NAMES, number)
    workplaces.class_[:] = np.repeat(groups % MOST_NAMES, number)
    workplaces.size[:] = sizes
    workplaces.firms[:] = firms
    workplaces.each[:] = 1.0 / np.maximum(sizes - 1, 1)
    workplaces.key[:] = np.repeat(group_keys, number)
    workplaces.number[:] = numbers_within(number)
    workplaces.threshold[:] = _thresholds(config, seed, workplaces)
    # Sorted by group, and in a random order within it, workers fill the workplaces of their group in turn.
    order = np.argsort(group + _places_in_line(seed, places, locality, workers), kind="stable")
    citizens.workplace[:] = -1
    citizens.workplace[workers[order]] = np.repeat(np.arange(workplaces.size.size), workplaces.size)
    return workplaces


def _places_in_line(seed: int, places: Keys, locality: NDArray[Any], workers: Indices) -> NDArray[np.float64]:
    first = np.searchsorted(locality, np.arange(int(locality[-1]) + 1))
    home = locality[workers]
    line: NDArray[np.float64] = uniforms(seed, Stream.TRAITS, places[home], workers - first[home])[1]
    return line


def _thresholds(config: Mobilisation, seed: int, workplaces: Any) -> NDArray[np.float64]:
    strike = config.economy.strike
    number = workplaces.number.astype(np.int64)
    deviation = normals(seed, Stream.WORKPLACE_SIZE, workplaces.key, number, (0,), block=1)[0]
    share: NDArray[np.float64] = np.clip(strike.walkout_mean + strike.walkout_spread * deviation, 0.01, 1.0)
    return share


def _sizes(
    config: Mobilisation, keys: Keys, kinds: Indices, workers: Indices
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int64]]:
    """Return the sizes of all workplaces [agents] and their firms, group by group, and how many each group has."""
    laws = [item.workplaces for item in config.people.classes.values()]
    means = np.array([0.0 if law is None else math.log(law.median) for law in laws])
    spreads = np.array([0.0 if law is None else law.spread for law in laws])
    room = int((workers // SMALLEST_WORKPLACE + workers // LARGEST_POOL + 1).sum())
    out, firms, number = np.empty(room, dtype=np.int32), np.empty(room), np.zeros(workers.size, dtype=np.int64)
    per_agent = float(config.run.persons_per_agent)
    filled = _fill_groups(keys, workers, per_agent, means[kinds], spreads[kinds], out, firms, number)
    return out[:filled], firms[:filled], number


@compiled
def _fill_groups(
    keys: Keys,
    workers: Indices,
    per_agent: float,
    means: NDArray[np.float64],
    spreads: NDArray[np.float64],
    out: NDArray[np.int32],
    firms: NDArray[np.float64],
    number: NDArray[np.int64],
) -> int:
    """Fill in the workplaces of every group, and how many it has; return how many there are in all."""
    filled = 0
    for group in range(keys.size):
        number[group] = _fill_sizes(
            keys[group], workers[group], per_agent, means[group], spreads[group], out[filled:], firms[filled:]
        )
        filled += number[group]
    return filled


@compiled
def _fill_sizes(
    key: Any, workers: int, per_agent: float, mean: float, spread: float, out: NDArray[np.int32],
    firms: NDArray[np.float64],
) -> int:  # fmt: skip
    """Fill in the sizes [agents] of one class's workplaces in one locality, and the firms that each stands for.

    Returns how many workplaces there are.
    """
    of_four, made = np.empty((4, BLOCKS)), np.empty((4, BLOCKS))
    housed, persons, small = 0.0, workers * per_agent, 0
    left, number, block = workers, 0, 0
    while housed < persons:
        for n in range(BLOCKS):
            of_four[0, n], of_four[1, n], of_four[2, n], of_four[3, n] = draws(key, Stream.WORKPLACE_SIZE, 0, block + n)
        fill_normal(of_four, made)
        for n in range(4 * BLOCKS):
            # There may be a million small ones in a country, so each draw is made into a size.
            size = min(max(math.exp(mean + spread * made[n % 4, n // 4]), 1.0), persons - housed)
            agents = min(int(size / per_agent + 0.5), left)
            if agents >= SMALLEST_WORKPLACE:
                out[number], firms[number] = agents, 1.0
                left -= agents
                number += 1
            else:
                small += 1
            housed += size
            if housed >= persons:
                break
        block += BLOCKS
    pools = (left + LARGEST_POOL - 1) // LARGEST_POOL
    for pool in range(pools):
        out[number + pool] = left // pools + (1 if pool < left % pools else 0)
        firms[number + pool] = max(small, 1) / pools
    return number + pools


def draw_ties(config: Mobilisation, seed: int, locality: NDArray[Any]) -> NDArray[np.int32]:
    """Draw the weak ties of every citizen.

    A tie leads to a citizen of the own locality with chance ``local_ties``, otherwise to anybody in
    the country, never to oneself; within either all are equally likely, and the same person may come
    up twice. The only citizen of a locality has all ties elsewhere.

    Parameters
    ----------
    config : Mobilisation
        Scenario.
    seed : int
        Seed of the run.
    locality : array of int, shape (citizens,)
        Locality of each citizen, not falling.

    Returns
    -------
    array of int32, shape (citizens, weak_ties)
        Citizens, each row not falling; no columns if there is only one citizen.
    """
    wanted = config.people.networks.weak_ties if locality.size > 1 else 0
    ties = np.empty((locality.size, wanted), dtype=np.int32)
    sizes, keys = np.bincount(locality), locality_keys(config)
    first = starts(sizes)
    for start in range(0, locality.size if wanted else 0, CHUNK):
        home = locality[start : start + CHUNK].astype(np.int64)
        number = np.arange(start, start + home.size) - first[home]
        blocks = [uniforms(seed, Stream.TIES, keys[home], number, block) for block in range((wanted + 3) // 4)]
        _fill_ties(np.concatenate(blocks), number, first[home], sizes[home], config.people.networks.local_ties,
                   locality.size, ties[start : start + CHUNK])  # fmt: skip
    return ties


@compiled
def _fill_ties(
    chances: NDArray[np.float64], numbers: Indices, first: Indices, sizes: Indices, local: float, everybody: int,
    ties: NDArray[np.int32],
) -> None:  # fmt: skip
    many, wanted = ties.shape
    others = np.empty((wanted, many), dtype=np.int32)
    for k in range(wanted):
        for n in range(many):
            # One uniform number says both which kind of tie it is and to whom it leads.
            chance, near = chances[k, n], local if sizes[n] > 1 else 0.0
            here = first[n] + _another(chance / (near if near > 0.0 else 1.0), numbers[n], sizes[n])
            beyond = (chance - near) / (1.0 - near if near < 1.0 else 1.0)
            anywhere = _another(beyond, first[n] + numbers[n], everybody)
            others[k, n] = here if chance < near else anywhere
    for n in range(many):
        for k in range(wanted):
            _insert(ties[n], k, others[k, n])


@compiled(inline=True)
def _another(chance: float, self: int, size: int) -> int:
    """One of the `size` - 1 others, all equally likely; of no meaning if `chance` is not one."""
    other = min(int(chance * (size - 1)), size - 2)
    return other + 1 if other >= self else other


@compiled
def _insert(row: NDArray[np.int32], filled: int, value: int) -> None:
    """Put a value in its place among the first `filled` values of a sorted row."""
    place = filled
    while place > 0 and row[place - 1] > value:
        row[place] = row[place - 1]
        place -= 1
    row[place] = value
