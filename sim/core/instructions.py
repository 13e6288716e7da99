"""What processors can do and numba has no words for: sixteen counts changed at once, and memory fetched ahead.

numba turns a loop over a small, fixed number of elements into that many single additions before it looks for what
could be done at once, and never asks for memory before it is needed. Each function here is one instruction or two
where it is called from compiled code; its Python body says what it does, and is what runs without numba.
"""

from __future__ import annotations

from typing import Any

<<<<<<< HEAD
# isort: off
import sim.core.jit  # noqa: F401  # first, because it says what numba makes of its settings
from llvmlite import ir
=======
from llvmlite import ir  # type: ignore[import-untyped]
>>>>>>> classics
from numba.core import cgutils, types
from numba.extending import intrinsic, overload
# isort: on

LANES = 16
"""Counts of 16 bits that are added at once: 32 bytes, a register of most processors."""


def add_lanes(counts: Any, row: Any, column: Any, what: Any, what_row: Any, what_column: Any, sign: Any) -> None:
    """Add `sign` times `LANES` numbers of one table to as many of another, from a column on.

    Parameters
    ----------
    counts, what : uint16 array, two dimensions, contiguous
        The first is written. Both have `LANES` columns or more from there on, which compiled code does not check.
    row, column, what_row, what_column : uint64
        Where the first number stands.
    sign : uint16
        Sums are taken modulo 65,536, so that 65,535 takes away.
    """
    counts[row, column : column + LANES] += sign * what[what_row, what_column : what_column + LANES]


def fetch_ahead(table: Any, index: Any) -> None:
    """Ask for an entry that will be needed soon; nothing changes but the time it takes to get it.

    Parameters
    ----------
    table : array, one dimension
    index : uint64
    """


@overload(add_lanes)
def _add_lanes(counts: Any, row: Any, column: Any, what: Any, what_row: Any, what_column: Any, sign: Any) -> Any:
    def at_once(counts: Any, row: Any, column: Any, what: Any, what_row: Any, what_column: Any, sign: Any) -> None:
        _add(counts, row, column, what, what_row, what_column, sign)  # type: ignore[call-arg]  # numba gives the first

    return at_once


@overload(fetch_ahead)
def _fetch_ahead(table: Any, index: Any) -> Any:
    def at_once(table: Any, index: Any) -> None:
        _fetch(table, index)  # type: ignore[call-arg]

    return at_once


@intrinsic
def _add(typing: Any, counts: Any, row: Any, column: Any, what: Any, what_row: Any, what_column: Any, sign: Any) -> Any:
    if not (counts.dtype == what.dtype == sign == types.uint16 and counts.layout == what.layout == "C"):
        return None
    vector, position = ir.VectorType(ir.IntType(16), LANES), ir.IntType(32)

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def place(array: int) -> Any:
            table, row, column = (
                context.cast(builder, arguments[n], signature.args[n], types.uint64) if n > array else arguments[n]
                for n in range(array, array + 3)
            )
            held = context.make_array(signature.args[array])(context, builder, table)
            width = cgutils.unpack_tuple(builder, held.shape, 2)[1]  # type: ignore[no-untyped-call]
            first = builder.gep(held.data, [builder.add(builder.mul(row, width), column)])
            return builder.bitcast(first, vector.as_pointer())

        there, added = place(0), builder.load(place(3), align=2)
        nothing = ir.Constant(vector, ir.Undefined)
        first = builder.insert_element(nothing, arguments[6], ir.Constant(position, 0))
        zeros = ir.Constant(ir.VectorType(position, LANES), [0] * LANES)
        signs = builder.shuffle_vector(first, nothing, zeros)
        builder.store(builder.add(builder.load(there, align=2), builder.mul(added, signs)), there, align=2)
        return context.get_dummy_value()

    return types.void(counts, row, column, what, what_row, what_column, sign), emit


@intrinsic
def _fetch(typing: Any, table: Any, index: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        held = context.make_array(signature.args[0])(context, builder, arguments[0])
        at = context.cast(builder, arguments[1], signature.args[1], types.uint64)
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        ask = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
            builder.module, kind, "llvm.prefetch.p0i8"
        )
        to_read, keep, data = (ir.Constant(number, value) for value in (0, 3, 1))
        builder.call(ask, [builder.bitcast(builder.gep(held.data, [at]), byte), to_read, keep, data])
        return context.get_dummy_value()

    return types.void(table, index), emit
