"""Where people live: agents in each locality, neighbourhoods, kin groups, and the keys of their draws.

The entity of a citizen's draws is the citizen's number within the locality, and the key of the draws
is the run's seed with that of the locality's name (:mod:`sim.core.names`).
A draw therefore depends on nothing that is drawn, counted or called in another locality:
one more citizen in one town gives nobody elsewhere another life, and neither does one more town.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core import names
from sim.core.jit import compiled
from sim.core.normals import normal_of_pair, normal_pair
from sim.core.once import once
from sim.core.rng import draws
from sim.models.mobilisation.schema.people import SETTLEMENTS
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import allocate

SMALLEST_NEIGHBOURHOOD = 40
"""Agents. The share of fewer neighbours who act would be mostly chance."""

CHUNK = 65536
"""Citizens drawn at a time, so that the draws need little memory."""

Indices = NDArray[np.int64]
Keys = NDArray[np.uint64]
Reals = NDArray[np.float64]


@once
def populations(config: Mobilisation) -> Indices:
    """Return the inhabitants of each locality [persons], shape (localities,)."""
    return np.array([place.population for place in config.places.localities.values()], dtype=np.int64)


@once
def settlements(config: Mobilisation) -> Indices:
    """Return the kind of each locality as an index into ``SETTLEMENTS``, shape (localities,)."""
    kinds = [SETTLEMENTS.index(place.settlement) for place in config.places.localities.values()]
    return np.array(kinds, dtype=np.int64)


def agents_per_locality(people: Indices, persons_per_agent: int) -> Indices:
    """Return the number of agents in each locality.

    Every locality has at least one agent. Together they are the population divided by
    `persons_per_agent`, rounded, or one for each locality if that is more. Remainders are settled in
    favour of the largest, ties in favour of the locality that comes first; what small localities
    get beyond their due is taken from the largest ones.

    Parameters
    ----------
    people : array of int64, shape (localities,)
        Inhabitants [persons], at least 1.
    persons_per_agent : int
        At least 1.

    Returns
    -------
    array of int64, shape (localities,), at least 1
    """
    rounded = (2 * int(people.sum()) + persons_per_agent) // (2 * persons_per_agent)
    whole, remainder = np.divmod(people, persons_per_agent)
    remainder = np.where(whole == 0, -1, remainder)
    agents = np.maximum(whole, 1)
    missing = max(rounded, people.size) - int(agents.sum())
    if missing > 0:
        agents[np.argsort(-remainder, kind="stable")[:missing]] += 1
    while missing < 0:
        able = np.flatnonzero(agents > 1)
        payers = able[np.argsort(-agents[able], kind="stable")[:-missing]]
        agents[payers] -= 1
        missing += payers.size
    return agents


def largest_remainder(weights: Reals, total: int) -> Indices:
    """Return whole numbers in proportion to `weights` that add to `total`; ties go to the first.

    Parameters
    ----------
    weights : array of float64, shape (items,)
        Not negative, not all zero.
    total : int
        Not negative.
    """
    due = weights / weights.sum() * total
    out: Indices = np.floor(due).astype(np.int64)
    missing = total - int(out.sum())
    out[np.argsort(out - due, kind="stable")[:missing]] += 1
    return out


def starts(sizes: NDArray[Any]) -> Indices:
    """Return the first index of each of consecutive groups of the given sizes."""
    out = np.zeros(sizes.size, dtype=np.int64)
    np.cumsum(sizes[:-1], out=out[1:])
    return out


def numbers_within(sizes: NDArray[Any]) -> Indices:
    """Return 0, 1, 2 … within each of consecutive groups of the given sizes, shape (sum of sizes,)."""
    return np.arange(int(sizes.sum()), dtype=np.int64) - np.repeat(starts(sizes), sizes)


def draw_neighbourhoods(config: Mobilisation, agents: Indices) -> tuple[Any, Any]:
    """Cut every locality into neighbourhoods of equal size, and those into kin groups.

    A neighbourhood has about ``places.neighbourhood_residents`` persons, but never fewer than
    ``SMALLEST_NEIGHBOURHOOD`` agents unless the whole locality has fewer. Where an agent stands for so
    many people that these are more, one stands for several (``many``), so that a country has as many
    at any scale. Kin groups are consecutive blocks of ``people.networks.kin_group`` agents within a
    neighbourhood; the last may be smaller.

    Parameters
    ----------
    config : Mobilisation
        Scenario.
    agents : array of int64, shape (localities,)
        Citizens of each locality [agents].

    Returns
    -------
    neighbourhoods : named tuple of arrays
        As in ``sim.models.mobilisation.state.NEIGHBOURHOOD``, sorted by locality.
    kin : named tuple of arrays
        As in ``sim.models.mobilisation.state.KIN``.
    """
    wanted = np.array([getattr(config.places.neighbourhood_residents, kind) for kind in SETTLEMENTS])
    residents = agents * config.run.persons_per_agent
    asked = np.maximum(np.floor(residents / wanted[settlements(config)] + 0.5).astype(np.int64), 1)
    counts = np.maximum(np.minimum(asked, agents // SMALLEST_NEIGHBOURHOOD), 1)
    locality = np.repeat(np.arange(agents.size), counts)
    size = agents[locality] // counts[locality]
    size += numbers_within(counts) < agents[locality] % counts[locality]
    groups = -(-size // config.people.networks.kin_group)
    neighbourhoods = allocate("neighbourhoods", size.size, {})
    neighbourhoods.locality[:] = locality
    neighbourhoods.first[:] = starts(size)
    neighbourhoods.size[:] = size
    neighbourhoods.many[:] = (asked / counts)[locality]
    neighbourhoods.kin_first[:] = starts(groups)
    return neighbourhoods, allocate("kin", int(groups.sum()), {})


@once
def locality_keys(config: Mobilisation) -> Keys:
    """Return what the name of each locality adds to the key of its draws, shape (localities,)."""
    return names.keys("locality", config.places.localities)


def uniforms(seed: int, stream: int, keys: Keys, entities: Indices, block: int = 0) -> Reals:
    """Return four uniform numbers for each pair of key and entity, as `sim.core.rng.draws` gives them.

    Parameters
    ----------
    seed, stream : int
        As in `sim.core.rng.draws`.
    keys : array of uint64, shape (n,)
        What names add to the seed (`sim.core.names.keys`).
    entities : array of int64, shape (n,)
        As in `sim.core.rng.draws`, one for each key.
    block : int
        The `day` of the draws; each block has four more.

    Returns
    -------
    array of float64, shape (4, n), 0 <= value < 1
    """
    out = np.empty((4, keys.size))
    _fill_uniforms(np.uint64(seed), int(stream), keys, entities, int(block), out)
    return out


def normals(seed: int, stream: int, keys: Keys, entities: Indices, which: Sequence[int], block: int = 0) -> Reals:
    """Return standard normal numbers for each pair of key and entity, shape (numbers asked for, n).

    Four are made of the four numbers of `uniforms`, the first two of the first two.

    Parameters
    ----------
    seed, stream, keys, entities, block
        As in `uniforms`.
    which : sequence of int, 0..3, rising
        The numbers that are asked for.
    """
    given = uniforms(seed, stream, keys, entities, block)
    out = np.empty((len(which), keys.size))
    _make_normals(given, np.array(which), out)
    return out


@compiled
def _fill_uniforms(seed: Any, stream: int, keys: Keys, entities: Indices, block: int, out: Reals) -> None:
    for n in range(keys.size):
        out[0, n], out[1, n], out[2, n], out[3, n] = draws(seed ^ keys[n], stream, block, entities[n])


@compiled
def _make_normals(given: Reals, which: Indices, out: Reals) -> None:
    row = 0
    while row < which.size:
        u, v = given[which[row] // 2 * 2], given[which[row] // 2 * 2 + 1]
        if which[row] % 2 == 0 and row + 1 < which.size and which[row + 1] == which[row] + 1:
            for n in range(u.size):
                out[row, n], out[row + 1, n] = normal_pair(u[n], v[n])
            row += 2
        else:
            for n in range(u.size):
                out[row, n] = normal_of_pair(u[n], v[n], which[row] % 2)
            row += 1


def choose(chances: Reals, rows: NDArray[Any], cumulative: Reals) -> NDArray[np.uint8]:
    """Return for each item the option in whose interval its chance falls.

    Parameters
    ----------
    chances : array of float64, shape (n,), 0 <= value < 1
        Uniform numbers.
    rows : array of int, shape (n,)
        Row of `cumulative` that applies to each item.
    cumulative : array of float64, shape (rows, options)
        Rising shares, the last of each row 1, as `cumulate` makes them.
    """
    out = np.zeros(chances.size, dtype=np.uint8)
    _fill_choices(chances, rows.astype(np.int64, copy=False), cumulative, out)  # of one type, so compiled once
    return out


@compiled
def _fill_choices(chances: Reals, rows: Indices, cumulative: Reals, out: NDArray[np.uint8]) -> None:
    for n in range(chances.size):
        shares, option = cumulative[rows[n]], 0
        for share in shares:
            option += share <= chances[n]
        out[n] = option


def cumulate(shares: Reals) -> Reals:
    """Return the cumulative shares of each row, divided by their sum so that the last is exactly 1."""
    sums = np.cumsum(shares, axis=1)
    cumulative: Reals = sums / sums[:, -1:]
    return cumulative
