"""Tables: named arrays that compiled functions are handed as one address."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from sim.core.jit import compiled
from sim.core.table import Table

ROW = np.dtype([("day", "i8"), ("share", "f8")], align=True)


def table() -> Table:
    people = Table("people", anger=np.arange(5, dtype=np.float32), count=np.zeros((3, 4), dtype=np.int64))
    return Table("world", people=people, nation=np.zeros(1, ROW), empty=np.zeros((0, 2)))


@compiled
def live(world):  # type: ignore[no-untyped-def]
    nation, people = world.nation[0], world.people
    for i in range(people.anger.size):
        people.anger[i] += 1.0
        people.count[i % 3, 2] += i
    people.count[2] += 10
    nation.day += 1
    nation.share = people.count.shape[1] / people.count.shape[0] + world.empty.shape[1]


def test_compiled_code_reads_and_writes_the_arrays_themselves() -> None:
    world = table()
    anger = world.people.anger
    live(world)
    assert anger.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert world.people.count.tolist() == [[0, 0, 3, 0], [0, 0, 5, 0], [10, 10, 12, 10]]
    assert world.nation[0].tolist() == (1, 4 / 3 + 2)


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_has_arrays_of_its_own(twin: Callable[[Table], Table]) -> None:
    world = table()
    other = twin(world)
    live(other)
    live(other)
    assert other.nation["day"][0] == 2
    assert world.nation["day"][0] == 0
    assert world.people.anger[0] == 0.0


def test_one_compilation_serves_all_tables_of_the_same_columns() -> None:
    live(table())
    before = len(live.get_metadata())
    live(table())
    assert len(live.get_metadata()) == before


def test_an_array_cannot_be_replaced() -> None:
    with pytest.raises(AttributeError, match=r"people\.anger cannot be replaced: write into it, as in anger\[:\]"):
        table().people.anger = np.zeros(5)


def test_arrays_that_are_not_contiguous_are_refused() -> None:
    with pytest.raises(ValueError, match=r"people\.anger is not contiguous"):
        Table("people", anger=np.zeros((4, 2))[:, 0])


def test_a_column_that_there_is_not_is_an_error_when_compiled() -> None:
    @compiled
    def wrong(world):  # type: ignore[no-untyped-def]
        return world.people.joy[0]

    with pytest.raises(Exception, match="joy"):
        wrong(table())
