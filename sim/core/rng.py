"""Random numbers that are a pure function of (seed, stream, day, entity).

Nobody holds a generator. Every draw is the value of a counter-based generator,
Philox-4x32 with ten rounds (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers:
as easy as 1, 2, 3", doi:10.1145/2063384.2063405), at the counter (entity, day, stream, 0)
under the key seed. So results do not depend on threads or order, two parameter sets with
the same seed see the same luck, and one mechanism's draws never shift another's.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.core.jit import compiled


class Stream(IntEnum):
    """What a draw decides. Numbers are part of the results: never reuse or renumber one.

    A mechanism of the flagship model declares the numbers of its own streams; no two may be the same.
    """

    THRESHOLD = 0  # a citizen's threshold, hardship and first legitimacy
    TRAITS = 1  # a citizen's class, order at work, risk aversion and savings
    WORKPLACE_SIZE = 2  # how many people a workplace employs, and when it walks out
    TIES = 3  # who is weakly tied to whom
    POLICE_TRAITS = 4  # rank, origin and first loyalty of police
    ELITE_TRAITS = 5  # leaning of elites, what each knows of the regime, and how long each is silent
    TRAITS2 = 16  # a citizen's age, camp and media
    PLACES = 17  # where the sample of classes begins in a locality
    GRID_SITES = 40  # where the agents of a grid model stand at first
    GRID_TRAITS = 41  # their hardship, risk aversion and length of life
    GRID_ORDER = 42  # the order in which they act in a step
    GRID_ACTS = 43  # what they do: where they go, whom they arrest, for how long


RETIRED = frozenset({7, 11, 14, 15, 18})
"""Numbers of streams that were once drawn from."""

_MASK = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_ROUNDS = 10
_SIGN = np.int64(2**31)
_SCALE = 2.0**-32


@compiled(inline=True)
def philox4x32(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox-4x32-10: four random 32-bit words from a 128-bit counter and a 64-bit key.

    Words are held in 64 bits throughout, because mixing 32-bit unsigned with other integers
    would silently turn them signed or into floats.

    Parameters
    ----------
    c0, c1, c2, c3 : int, 0..2**32-1
        Counter.
    k0, k1 : int, 0..2**32-1
        Key.

    Returns
    -------
    tuple of four uint64, 0..2**32-1
    """
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    key0, key1 = np.uint64(k0), np.uint64(k1)
    for _ in range(_ROUNDS):
        product0 = _MULTIPLIER_0 * x0
        product1 = _MULTIPLIER_1 * x2
        x0 = (product1 >> _HALF) ^ x1 ^ key0
        x1 = product1 & _MASK
        x2 = (product0 >> _HALF) ^ x3 ^ key1
        x3 = product0 & _MASK
        key0 = (key0 + _WEYL_0) & _MASK
        key1 = (key1 + _WEYL_1) & _MASK
    return x0, x1, x2, x3


@compiled(inline=True)
def _unit(word: np.uint64) -> float:
    """A 32-bit word as a multiple of 2**-32. Exact; by way of int32, which processors convert fastest."""
    return np.float64(np.int32(np.int64(word) - _SIGN)) * _SCALE + 0.5


@compiled(inline=True)
def draws(seed: int | np.uint64, stream: int, day: int, entity: int) -> tuple[float, float, float, float]:
    """Four independent uniform numbers for one entity on one day.

    About 5 ns in a small loop over entities that only draws and stores, because such a loop
    vectorises; three times that in a loop that does more.

    Parameters
    ----------
    seed : int or uint64, 0..2**64-1
        Seed of the run. Plain Python passes numbers above 2**63-1 as uint64.
    stream : int, 0..2**32-1
        A member of `Stream`.
    day : int, 0..2**32-1
        Day of the run; 0 is the first.
    entity : int, 0..2**32-1
        Index of the citizen, place or whatever the stream is about.

    Returns
    -------
    tuple of four float64, 0 <= value < 1
        Multiples of 2**-32.
    """
    key = np.uint64(seed)
    x0, x1, x2, x3 = philox4x32(
        np.uint64(entity) & _MASK,
        np.uint64(day) & _MASK,
        np.uint64(stream) & _MASK,
        np.uint64(0),
        key & _MASK,
        key >> _HALF,
    )
    return _unit(x0), _unit(x1), _unit(x2), _unit(x3)


@compiled
def drawn(seed: int | np.uint64, stream: int, day: int, entity: int) -> tuple[float, float, float, float]:
    """`draws`, as one function that all share who draw now and then: a copy of it takes the compiler a quarter second.

    Parameters and what is returned as of `draws`.
    """
    return draws(seed, stream, day, entity)


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_0 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_1 = np.uint64(0x94D049BB133111EB)
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))


@compiled(makes_arrays=False)
def quick_key(seed: int | np.uint64, stream: int, day: int) -> np.uint64:
    """Return the key of the quick words of one stream on one day, made by `philox4x32`.

    Parameters
    ----------
    seed, stream, day
        As in `draws`.
    """
    key = np.uint64(seed)
    x0, x1, _, _ = philox4x32(
        np.uint64(0), np.uint64(day) & _MASK, np.uint64(stream) & _MASK, np.uint64(1), key & _MASK, key >> _HALF
    )
    return (x0 << _HALF) | x1


@compiled(inline=True, makes_arrays=False)
def quick(key: np.uint64, counter: np.uint64) -> np.uint64:
    """Return 64 random bits for a counter: a fifth of the cost of `draws`, for loops that draw all the time.

    The output of SplitMix64 at position `counter` of the sequence that begins at `key` (Steele, Lea & Flood
    2014, "Fast splittable pseudorandom number generators", doi:10.1145/2660193.2660195). Still a pure function
    of (seed, stream, day, counter), since the key is one of the first three.

    Parameters
    ----------
    key : uint64
        From `quick_key`.
    counter : uint64
        Entity and number of the draw in one.
    """
    word = np.uint64(key) + (np.uint64(counter) + np.uint64(1)) * _GOLDEN
    word = (word ^ (word >> _SHIFTS[0])) * _MIX_0
    word = (word ^ (word >> _SHIFTS[1])) * _MIX_1
    return word ^ (word >> _SHIFTS[2])


@compiled(inline=True, makes_arrays=False)
def upper(word: np.uint64) -> float:
    """Return the upper 32 of 64 random bits as a uniform number, 0 <= value < 1, a multiple of 2**-32."""
    return _unit(np.uint64(word) >> _HALF)


@compiled(inline=True, makes_arrays=False)
def lower(word: np.uint64) -> float:
    """Return the lower 32 of 64 random bits as a uniform number, 0 <= value < 1, a multiple of 2**-32."""
    return _unit(np.uint64(word) & _MASK)


@compiled(inline=True, makes_arrays=False)
def below(word: np.uint64, limit: int) -> np.int64:
    """Return the upper 32 of 64 random bits as a whole number in 0..limit-1, to within limit / 2**32 of uniform."""
    return np.int64(((np.uint64(word) >> _HALF) * np.uint64(limit)) >> _HALF)


@compiled
def _fill_draws(
    seed: int | np.uint64, stream: int, day: int, entities: NDArray[np.int64], out: NDArray[np.float64]
) -> None:
    for n in range(entities.size):
        out[0, n], out[1, n], out[2, n], out[3, n] = draws(seed, stream, day, entities[n])


def draws_array(seed: int, stream: int, day: int, entities: ArrayLike) -> NDArray[np.float64]:
    """`draws` for many entities at once, bit-identical to it.

    Parameters
    ----------
    seed, stream, day : int
        As in `draws`.
    entities : array of int, shape (n,)

    Returns
    -------
    array of float64, shape (n, 4), 0 <= value < 1
        Each of the four columns is contiguous in memory.
    """
    indices = np.ascontiguousarray(entities, dtype=np.int64)
    out = np.empty((4, indices.size), dtype=np.float64)
    _fill_draws(np.uint64(seed), int(stream), int(day), indices, out)
    return out.T
