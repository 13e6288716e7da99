"""A torus of cells for grid models: who is in vision, counted as agents move, so that an agent reads a number.

When an agent that others look out for comes, goes or moves, one is added to or taken from the count of every
cell that has it in vision. Looking around is then one read instead of a scan of some 150 cells. Rows of the
counts are longer than the grid is wide, so that a whole row of vision is added at once, as wide as the
processor can; what hangs over an edge of the torus is added once more on the other side.

Functions called for every agent are inlined and take arrays, not tuples of them: handing those over costs more
than the work.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.instructions import LANES, add_lanes
from sim.core.jit import compiled
from sim.core.rng import below, quick

ONE, LESS = np.uint16(1), np.uint16(2**16 - 1)
"""What is added to a count when somebody comes, and when somebody goes: -1 modulo 2**16."""
RIGHT, DOWN = np.uint64(0), np.uint64(1)
TRIES = 32
"""Draws for a random empty cell, two tries each, before the empty ones are counted instead."""
TOGETHER = 2
"""Draws that are tried before one asks whether an empty cell was found: asking costs more than trying."""
HALF = np.uint64(32)
NONE = np.uint64(2**64 - 1)


def offsets(kind: str, vision: float) -> NDArray[np.int64]:
    """Return the cells in vision, nearest rows first from the top, without one's own.

    Parameters
    ----------
    kind : str
        ``euclidean``, ``von_neumann`` or ``moore``.
    vision : float
        At least 1 [cells].

    Returns
    -------
    int64 array, shape (cells, 2)
        Steps to the right and down.
    """
    reach = int(vision)
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    if kind == "euclidean":
        near = down**2 + right**2 <= vision**2
    elif kind == "von_neumann":
        near = abs(down) + abs(right) <= reach
    else:
        near = np.ones_like(down, dtype=bool)
    near[reach, reach] = False
    return np.column_stack([right[near], down[near]]).astype(np.int64)


def window(kind: str, vision: float) -> NDArray[np.uint16]:
    """Return what one agent adds to the counts around it: 1 where it is seen, its own cell included.

    Returns
    -------
    uint16 array, shape (rows, columns)
        2 * reach + 1 rows; behind as many columns come zeros, up to a multiple of `LANES`.
    """
    reach = int(vision)
    rows = 2 * reach + 1
    seen = np.zeros((rows, -(-rows // LANES) * LANES), dtype=np.uint16)
    seen[reach, reach] = 1
    for right, down in offsets(kind, vision):
        seen[reach + down, reach + right] = 1
    return seen


def counts(width: Any, height: int, around: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return counts of nobody, shape (height, columns); cell x of a row stands at column x + 2 * reach."""
    rows, columns = around.shape
    return np.zeros((height, width + rows - 1 + columns), dtype=np.uint16)


def turned(width: int, height: int) -> NDArray[np.uint16]:
    """Return which column and which row one is in, up to one turn off the torus.

    Returns
    -------
    uint16 array, shape (2, 3 * the longer side)
        At (0, width + x) the column for x from -width to 2 * width - 1, at (1, height + y) the row for y likewise.
    """
    longer = max(width, height)
    return np.array([np.arange(3 * longer) % side for side in (width, height)], dtype=np.uint16)


@compiled(makes_arrays=False)
def _add_rows(seen: Any, around: Any, start: Any, y: Any, sign: np.uint16) -> None:
    height, rows = np.uint64(seen.shape[0]), np.uint64(around.shape[0])
    blocks = np.uint64(around.shape[1] // LANES)
    top = np.int64(y) - around.shape[0] // 2
    first = np.uint64(top + seen.shape[0]) if top < 0 else np.uint64(top)
    over = min(rows, height - first)  # rows before the edge of the torus
    for block in range(blocks):
        here = np.uint64(block) * np.uint64(LANES)
        there = np.uint64(start) + here
        for row in range(over):
            add_lanes(seen, first + np.uint64(row), there, around, np.uint64(row), here, sign)
        for row in range(over, rows):
            add_lanes(seen, np.uint64(row) - over, there, around, np.uint64(row), here, sign)


@compiled(makes_arrays=False)
def spread(seen: Any, around: Any, width: Any, x: Any, y: Any, sign: np.uint16) -> None:
    """Add what is seen of an agent at (x, y) to the counts of the cells around, or take it away.

    Parameters
    ----------
    seen : uint16 array
        From `counts`; written.
    around : uint16 array
        From `window`.
    width : int
        Of the grid.
    sign : uint16
        `ONE` to add, `LESS` to take away.
    """
    reach = around.shape[0] // 2
    start = x + reach
    _add_rows(seen, around, start, y, sign)
    if x < reach:
        _add_rows(seen, around, start + width, y, sign)
    elif x >= width - reach:
        _add_rows(seen, around, start - width, y, sign)


@compiled(inline=True, makes_arrays=False)
def wrapped(value: Any, size: Any) -> np.uint64:
    """Return a coordinate at most one turn off the torus as the one it is.

    Unsigned, as all indices of hot loops are: for signed ones the compiler must ask each time whether they count
    from the end.
    """
    if value < 0:
        value += size
    elif value >= size:
        value -= size
    return np.uint64(value)


@compiled(makes_arrays=False)
def counted_near(taken: Any, near: Any, x: Any, y: Any, key: Any, counter: Any) -> Any:
    """Return a random empty cell in vision, as `empty_near` does: empty ones are counted and one is drawn."""
    height, width = taken.shape
    many = near.shape[0]
    empty = 0
    for n in range(many):
        if taken[wrapped(y + near[n, 1], height), wrapped(x + near[n, 0], width)] == 0:
            empty += 1
    if empty == 0:
        return -1
    left = below(quick(key, np.uint64(counter)), empty)
    for n in range(many):
        if taken[wrapped(y + near[n, 1], height), wrapped(x + near[n, 0], width)] == 0:
            if left == 0:
                return n
            left -= 1
    return -1


@compiled(inline=True, makes_arrays=False)
def empty_near(taken: Any, near: Any, turns: Any, x: Any, y: Any, key: Any, first: Any) -> Any:
    """Return a random empty cell in vision, all of them equally likely; -1 if there is none.

    Cells are tried at random; where that fails too often, empty ones are counted and one is drawn.

    Parameters
    ----------
    taken : uint8 array, shape (height, width)
        How many agents keep others out of a cell.
    near : int64 array, shape (cells, 2)
        From `offsets`.
    turns : uint16 array
        From `turned`.
    x, y : int
        Where one looks from.
    key : uint64
        From :func:`sim.core.rng.quick_key`.
    first : int
        Counter of the first draw; 33 counters are used.

    Returns
    -------
    int
        Row of `near`.
    """
    height, width = taken.shape
    many, right, down = np.uint64(near.shape[0]), np.uint64(x + width), np.uint64(y + height)
    for begin in range(0, TRIES, TOGETHER):
        found = NONE
        for back in range(TOGETHER):  # the first of them is written last, and stays
            word = quick(key, np.uint64(first + begin + TOGETHER - 1 - back))
            for late in range(2):
                half = word << (HALF * np.uint64(1 - late))
                chosen = ((half >> HALF) * many) >> HALF
                to_x = np.uint64(turns[RIGHT, right + np.uint64(near[chosen, RIGHT])])
                to_y = np.uint64(turns[DOWN, down + np.uint64(near[chosen, DOWN])])
                found = chosen if taken[to_y, to_x] == 0 else found
        if found != NONE:
            return np.int64(found)
    return counted_near(taken, near, x, y, key, first + TRIES)


@compiled(makes_arrays=False)
def empty_anywhere(taken: Any, key: Any, first: Any) -> Any:
    """Return a random empty cell of the whole grid, all of them equally likely; -1 if there is none.

    Parameters and result as of `empty_near`.
    """
    height, width = taken.shape
    cells = height * width
    for n in range(TRIES):
        chosen = below(quick(key, np.uint64(first + n)), cells)
        if taken[chosen // width, chosen % width] == 0:
            return chosen
    empty = 0
    for y in range(height):
        for x in range(width):
            if taken[y, x] == 0:
                empty += 1
    if empty == 0:
        return -1
    left = below(quick(key, np.uint64(first + TRIES)), empty)
    for cell in range(cells):
        if taken[cell // width, cell % width] == 0:
            if left == 0:
                return cell
            left -= 1
    return -1
