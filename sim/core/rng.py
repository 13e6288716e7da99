"""Random numbers that are a pure function of (seed, stream, day, entity).

Nobody holds a generator. Every draw is the value of a counter-based generator,
Philox-4x32 with ten rounds (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers:
as easy as 1, 2, 3", doi:10.1145/2063384.2063405), at the counter (entity, day, stream, 0)
under the key seed. So results do not depend on threads or order, two parameter sets with
the same seed see the same luck, and one mechanism's draws never shift another's.
"""

from __future__ import annotations

import math
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
    ELITE_TRAITS = 5  # leaning and stance threshold of elites
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


_BYTES = np.uint64(0x00FF00FF00FF00FF)
_EIGHT, _SIXTEEN = np.uint64(8), np.uint64(16)
_LAST_TWO = np.uint64(0xFFFF)
_MEAN_OF_TWELVE = 12 * 127.5
_DEVIATION_OF_TWELVE = math.sqrt(12 * (256.0**2 - 1.0) / 12.0)


@compiled(inline=True, makes_arrays=False)
def nearly_normal(word: np.uint64, more: np.uint64) -> float:
    """Return a number of mean 0 and standard deviation 1 that is nearly normal: the sum of twelve random bytes.

    For noise that comes every day to everybody: with no logarithm, root or cosine a loop over it vectorises, and it
    takes a tenth of `normal_pair`. Mean and variance are exact, the excess kurtosis is -0.1, nothing lies beyond 5.98,
    and values are multiples of 1/256 standard deviation (the sum of an Irwin-Hall distribution; Devroye 1986,
    "Non-uniform random variate generation").

    Parameters
    ----------
    word : uint64
        64 random bits.
    more : uint64
        Of these the lower 32; the upper ones are free for another use.
    """
    pairs = (word & _BYTES) + ((word >> _EIGHT) & _BYTES)
    pairs += (more & _MASK & _BYTES) + (((more & _MASK) >> _EIGHT) & _BYTES)
    fours = pairs + (pairs >> _HALF)
    total = (fours + (fours >> _SIXTEEN)) & _LAST_TWO
    return (np.float64(np.int32(total)) - _MEAN_OF_TWELVE) * (1.0 / _DEVIATION_OF_TWELVE)


@compiled(inline=True, makes_arrays=False)
def below(word: np.uint64, limit: int) -> np.int64:
    """Return the upper 32 of 64 random bits as a whole number in 0..limit-1, to within limit / 2**32 of uniform."""
    return np.int64(((np.uint64(word) >> _HALF) * np.uint64(limit)) >> _HALF)


@compiled
def normal_pair(u: float, v: float) -> tuple[float, float]:
    """Two independent standard normal numbers from two uniform ones (Box & Muller 1958).

    Parameters
    ----------
    u, v : float, 0 <= value < 1
    """
    radius = math.sqrt(-2.0 * math.log(1.0 - u))
    return radius * math.cos(2.0 * math.pi * v), radius * math.sin(2.0 * math.pi * v)


_MIDDLE = (
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
    13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665,
)  # fmt: skip
_MIDDLE_BELOW = (
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597,
    5394.196021424751, 687.1870074920579, 42.31333070160091, 1.0,
)  # fmt: skip
_SIDE = (
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
)  # fmt: skip
_SIDE_BELOW = (
    1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0,
)  # fmt: skip
_TAIL = (
    2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
)  # fmt: skip
_TAIL_BELOW = (
    2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0,
)  # fmt: skip
"""Coefficients of the algorithm AS 241, highest power first: numerators and denominators of its three ranges."""


@compiled(makes_arrays=False)
def _ratio(above: tuple[float, ...], below: tuple[float, ...], r: float) -> float:
    """Return the quotient of two polynomials, highest power first."""
    top, bottom = 0.0, 0.0
    for k in range(len(above)):
        top = top * r + above[k]
        bottom = bottom * r + below[k]
    return top / bottom


@compiled(makes_arrays=False)
def normal(u: float) -> float:
    """Return a standard normal number made of a uniform one: the inverse of the distribution function.

    Algorithm AS 241 (Wichura 1988, "The percentage points of the normal distribution", doi:10.2307/2347330), good to 16
    digits. A third of the cost of `normal_pair`, where one draw after the other is needed: four come of four draws, and
    five in six need no logarithm.

    Parameters
    ----------
    u : float, 0 <= value < 1
        A multiple of 2**-32, taken for the middle of its step, so that there is no number without end.
    """
    chance = u + 2.0**-33
    from_middle = chance - 0.5
    if abs(from_middle) <= 0.425:
        return from_middle * _ratio(_MIDDLE, _MIDDLE_BELOW, 0.180625 - from_middle * from_middle)
    depth = math.sqrt(-math.log(min(chance, 1.0 - chance)))
    found = _ratio(_SIDE, _SIDE_BELOW, depth - 1.6) if depth <= 5.0 else _ratio(_TAIL, _TAIL_BELOW, depth - 5.0)
    return found if from_middle > 0.0 else -found


@compiled
def _fill_draws(
    seed: int | np.uint64, stream: int, day: int, entities: NDArray[np.int64], out: NDArray[np.float64]
) -> None:
    for n in range(entities.size):
        out[0, n], out[1, n], out[2, n], out[3, n] = draws(seed, stream, day, entities[n])


@compiled
def _make_normal(table: NDArray[np.float64]) -> None:
    for n in range(table.shape[0]):
        table[n, 0], table[n, 1] = normal_pair(table[n, 0], table[n, 1])
        table[n, 2], table[n, 3] = normal_pair(table[n, 2], table[n, 3])


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


def normals_array(seed: int, stream: int, day: int, entities: ArrayLike) -> NDArray[np.float64]:
    """Four independent standard normal numbers an entity, made of the same four `draws`.

    Parameters
    ----------
    seed, stream, day : int
        As in `draws`.
    entities : array of int, shape (n,)

    Returns
    -------
    array of float64, shape (n, 4), within -6.7..6.7
    """
    table = draws_array(seed, stream, day, entities)
    _make_normal(table)
    return table
