"""Several neighbouring counts changed by one instruction.

numba's compiler turns a loop over a fixed, small number of elements into that many single additions before it looks
for what could be done at once. So the additions are written here as what processors have: one of sixteen numbers.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

LANES = 16
"""Counts of 16 bits that are added at once: 32 bytes, a register of most processors."""


def add_lanes(counts: Any, row: Any, column: Any, what: Any, what_row: Any, what_column: Any, sign: Any) -> None:
    """Add `sign` times `LANES` numbers of one table to as many of another, from a column on.

    Parameters
    ----------
    counts, what : uint16 array, two dimensions, contiguous
        The first is written. Both have `LANES` columns or more from there on.
    row, column, what_row, what_column : uint64
        Where the first number stands.
    sign : uint16
        Of the sum, 65,536 and its multiples are left out, so that 65,535 takes away.
    """
    counts[row, column : column + LANES] += sign * what[what_row, what_column : what_column + LANES]


@overload(add_lanes)
def _compiled(counts: Any, row: Any, column: Any, what: Any, what_row: Any, what_column: Any, sign: Any) -> Any:
    return _at_once


def _at_once(counts: Any, row: Any, column: Any, what: Any, what_row: Any, what_column: Any, sign: Any) -> None:
    _add(counts, row, column, what, what_row, what_column, sign)


@intrinsic  # type: ignore[misc]
def _add(typing: Any, counts: Any, row: Any, column: Any, what: Any, what_row: Any, what_column: Any, sign: Any) -> Any:
    if not (counts.dtype == what.dtype == sign == types.uint16 and counts.layout == what.layout == "C"):
        return None
    vector = ir.VectorType(ir.IntType(16), LANES)

    def place(context: Any, builder: Any, array: Any, kind: Any, at: Any) -> Any:
        held = context.make_array(kind)(context, builder, array)
        width = cgutils.unpack_tuple(builder, held.shape, 2)[1]
        first = builder.add(builder.mul(at[0], width), at[1])
        return builder.bitcast(builder.gep(held.data, [first]), vector.as_pointer())

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        wide = [context.cast(builder, value, kinds[n], types.uint64) for n, value in enumerate(arguments)
                if n in (1, 2, 4, 5)]  # fmt: skip
        there = place(context, builder, arguments[0], kinds[0], wide[:2])
        added = builder.load(place(context, builder, arguments[3], kinds[3], wide[2:]), align=2)
        none = ir.Constant(vector, ir.Undefined)
        first = builder.insert_element(none, arguments[6], ir.Constant(ir.IntType(32), 0))
        signs = builder.shuffle_vector(first, none, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))
        total = builder.add(builder.load(there, align=2), builder.mul(added, signs))
        builder.store(total, there, align=2)
        return context.get_dummy_value()

    return types.void(counts, row, column, what, what_row, what_column, sign), emit
