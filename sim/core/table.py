"""Named arrays that compiled functions are handed as one address.

numba takes a tuple of arrays apart at every call, seven numbers an array, and hands all of them on to every function
that it calls in turn. A country has some 115 arrays: that was a sixth of a small run, and half of what the compiler had
to chew. A :class:`Table` is handed over as the address of a list of its arrays, and a compiled function reads from it
what it needs: ``localities.count[place]`` reads the same, in Python and compiled.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.numba_settings import said

with said():
    import numba.extending
    import numba.np.arrayobj
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.core.typing.templates import AttributeTemplate

typeof: Any = numba.typeof
extending: Any = numba.extending  # numba has types for a part of itself only
arrays: Any = numba.np.arrayobj


class Table:
    """Named arrays, or named tables of such, that may be written but not replaced.

    Parameters
    ----------
    title : str, optional
        What it is, for messages; else the name of the class.
    **columns : array or Table
        Arrays must be contiguous in the order of C. They become attributes; ``vars(table)`` lists them.

    Raises
    ------
    ValueError
        If an array is not contiguous.

    Notes
    -----
    A compiled function may hand a column on to others, but must not return one to Python: nothing would keep its
    memory.
    """

    __slots__ = ("__dict__", "_addresses", "_numba_type_", "_place", "_title")

    _title: str
    _addresses: NDArray[np.int64]
    _place: int
    _numba_type_: TableType
    """numba looks for this name, and asks nothing else: a call takes 1 µs in place of 5."""

    def __init__(self, title: str = "", /, **columns: Any) -> None:
        title = title or type(self).__name__.lower()
        words: list[int] = []
        kinds = []
        for name, column in columns.items():
            if isinstance(column, Table):
                words.append(column._place)
                kinds.append((name, column._numba_type_))
                continue
            if not column.flags.c_contiguous:
                raise ValueError(f"{title}.{name} is not contiguous, and compiled code takes it to be")
            words += (column.ctypes.data, *column.shape)
            kinds.append((name, _kind_of(column)))
        vars(self).update(columns)
        addresses = np.array(words, dtype=np.int64)
        for name, value in (
            ("_title", title),
            ("_addresses", addresses),
            ("_place", addresses.ctypes.data),
            ("_numba_type_", _type_of(title, tuple(kinds))),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self._title}.{name} cannot be replaced: write into it, as in {name}[:] = …")

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self._title, dict(vars(self)))  # a copy has arrays and addresses of its own

    def __repr__(self) -> str:
        return f"Table({self._title}: {', '.join(vars(self))})"


def _again(kind: type[Table], title: str, columns: dict[str, Any]) -> Table:
    return kind(title, **columns)


class TableType(types.Type):
    """What a compiled function knows of a table: the kinds of its columns, and where in the list each stands."""

    def __init__(self, title: str, columns: tuple[tuple[str, Any], ...]) -> None:
        self.columns = dict(columns)
        self.at = {}
        place = 0
        for name, kind in columns:
            self.at[name] = place
            place += 1 + getattr(kind, "ndim", 0)
        content = hashlib.sha256(repr(columns).encode()).hexdigest()[:12]
        super().__init__(f"Table({title} {content})")  # short: it is part of the name of every function compiled for it


_KNOWN: dict[tuple[Any, ...], TableType] = {}
_KINDS: dict[tuple[Any, ...], Any] = {}


def _kind_of(column: np.ndarray[Any, Any]) -> Any:
    """Return numba's type of an array; it takes its time over structured ones."""
    key = (column.dtype, column.ndim, column.flags.writeable, column.flags.aligned)
    if key not in _KINDS:
        _KINDS[key] = typeof(column)
    return _KINDS[key]


def _type_of(title: str, columns: tuple[tuple[str, Any], ...]) -> TableType:
    key = (title, *((name, id(kind)) for name, kind in columns))  # numba takes its time to compare kinds; all are kept
    if key not in _KNOWN:
        _KNOWN[key] = TableType(title, columns)
    return _KNOWN[key]


@extending.typeof_impl.register(Table)  # type: ignore[untyped-decorator]
def _typeof(table: Table, context: Any) -> TableType:
    return table._numba_type_


@extending.register_model(TableType)
class _Address(extending.models.OpaqueModel):  # type: ignore[misc]
    """A table is the address of its list."""


@extending.unbox(TableType)  # type: ignore[untyped-decorator]
def _unbox(kind: TableType, table: Any, c: Any) -> Any:
    place = c.pyapi.object_getattr_string(table, "_place")
    address = c.builder.inttoptr(c.pyapi.long_as_ulonglong(place), cgutils.voidptr_t)
    c.pyapi.decref(place)
    return extending.NativeValue(address)


@extending.infer_getattr
class _Columns(AttributeTemplate):
    key = TableType

    def generic_resolve(self, table: Any, name: str) -> Any:  # type: ignore[override]
        return table.columns.get(name)


@extending.lower_getattr_generic(TableType)  # type: ignore[untyped-decorator]
def _column(context: Any, builder: Any, table: TableType, value: Any, name: str) -> Any:
    """Read one column from the list. Nothing is counted or freed: whoever calls keeps the table."""
    kind = table.columns[name]
    word = ir.IntType(64)
    first = builder.bitcast(value, word.as_pointer())

    def read(offset: int) -> Any:
        loaded = builder.load(builder.gep(first, [ir.Constant(word, table.at[name] + offset)]))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))  # a list never changes
        return loaded

    if isinstance(kind, TableType):
        return builder.inttoptr(read(0), cgutils.voidptr_t)
    array = arrays.make_array(kind)(context, builder)
    item = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    shape = [read(1 + axis) for axis in range(kind.ndim)]
    strides = [item]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    arrays.populate_array(
        array,
        data=builder.inttoptr(read(0), array.data.type),
        shape=shape,
        strides=strides,
        itemsize=item,
        meminfo=None,
    )
    return array._getvalue()
