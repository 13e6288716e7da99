"""Normal numbers made of random bits: exact ones by twos or one by one, and nearly normal ones for noise."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.core.jit import compiled
from sim.core.rng import draws_array

_BYTES = np.uint64(0x00FF00FF00FF00FF)
_LOWER_HALF = np.uint64(0xFFFFFFFF)
_EIGHT, _SIXTEEN, _THIRTY_TWO = np.uint64(8), np.uint64(16), np.uint64(32)
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
    pairs += (more & _LOWER_HALF & _BYTES) + (((more & _LOWER_HALF) >> _EIGHT) & _BYTES)
    fours = pairs + (pairs >> _THIRTY_TWO)
    total = (fours + (fours >> _SIXTEEN)) & _LAST_TWO
    return (np.float64(np.int32(total)) - _MEAN_OF_TWELVE) * (1.0 / _DEVIATION_OF_TWELVE)


@compiled
def normal_pair(u: float, v: float) -> tuple[float, float]:
    """Two independent standard normal numbers from two uniform ones (Box & Muller 1958).

    Parameters
    ----------
    u, v : float, 0 <= value < 1
    """
    radius = math.sqrt(-2.0 * math.log(1.0 - u))
    return radius * math.cos(2.0 * math.pi * v), radius * math.sin(2.0 * math.pi * v)


@compiled
def normal_of_pair(u: float, v: float, second: int) -> float:
    """The first or the second of the two numbers of `normal_pair`, to the bit, at two thirds of the cost."""
    radius = math.sqrt(-2.0 * math.log(1.0 - u))
    return radius * (math.sin(2.0 * math.pi * v) if second else math.cos(2.0 * math.pi * v))


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
def fill_normal(uniform: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Make standard normal numbers of uniform ones: the inverse of the distribution function.

    Algorithm AS 241 (Wichura 1988, "The percentage points of the normal distribution", doi:10.2307/2347330), good to 16
    digits. Five in six need no logarithm, and are made in a loop that
    vectorises, as if all were of them; then the others.

    Parameters
    ----------
    uniform : array of float64, shape (rows, n), 0 <= value < 1
        Multiples of 2**-32, taken for the middle of their step, so that there is no number without end.
    out : array of float64, shape (rows, n)
        Where they are put.
    """
    for row in range(uniform.shape[0]):
        given, made = uniform[row], out[row]
        for n in range(given.size):
            made[n] = _near(given[n])
        for n in range(given.size):
            if not _is_near(given[n]):
                made[n] = _far(given[n])


@compiled(inline=True, makes_arrays=False)
def _is_near(u: float) -> bool:
    return abs(u + 2.0**-33 - 0.5) <= 0.425


@compiled(inline=True, makes_arrays=False)
def _near(u: float) -> float:
    from_middle = u + 2.0**-33 - 0.5
    return from_middle * _ratio(_MIDDLE, _MIDDLE_BELOW, 0.180625 - from_middle * from_middle)


@compiled(makes_arrays=False)
def _far(u: float) -> float:
    chance = u + 2.0**-33
    depth = math.sqrt(-math.log(min(chance, 1.0 - chance)))
    found = _ratio(_SIDE, _SIDE_BELOW, depth - 1.6) if depth <= 5.0 else _ratio(_TAIL, _TAIL_BELOW, depth - 5.0)
    return found if chance > 0.5 else -found


@compiled
def _make_normal(table: NDArray[np.float64]) -> None:
    for n in range(table.shape[0]):
        table[n, 0], table[n, 1] = normal_pair(table[n, 0], table[n, 1])
        table[n, 2], table[n, 3] = normal_pair(table[n, 2], table[n, 3])


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
