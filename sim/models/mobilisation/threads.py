"""Who does what in a day: ranges of whole neighbourhoods, a thread and tallies each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.table import Table
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.world import World


class Tallies(Table):
    """Each thread's own counts, added up in integers when all are done."""

    count: NDArray[np.int64]
    crowd: NDArray[np.int64]
    class_crowd: NDArray[np.int64]
    class_striking: NDArray[np.int64]
    group_crowd: NDArray[np.int64]


@dataclass
class ThreadPlan:
    """Which thread does which neighbourhoods, and counts where."""

    ranges: list[tuple[int, int]]
    tallies: list[Tallies]
    pool: ThreadPoolExecutor | None = field(default=None)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "pool": None}  # threads are the process's, and started anew

    def __setstate__(self, kept: dict[str, Any]) -> None:
        vars(self).update(kept)
        self.pool = _pool(self.ranges)


def _pool(ranges: list[tuple[int, int]]) -> ThreadPoolExecutor | None:
    return ThreadPoolExecutor(len(ranges)) if len(ranges) > 1 else None


def thread_plan(world: World, threads: int) -> ThreadPlan:
    """Split the citizens over threads, at the borders of neighbourhoods.

    Raises
    ------
    ValueError
        If ``threads`` is less than 1.
    """
    if threads < 1:
        raise ValueError("threads must be at least 1")
    homes, citizens = world.neighbourhoods, world.citizens.role.size
    wanted = np.linspace(0, citizens, min(threads, len(homes.first)) + 1)[1:-1]
    cuts = [0, *np.searchsorted(homes.first, wanted).tolist(), len(homes.first)]
    ranges = [(first, last) for first, last in pairwise(cuts) if last > first]
    places, tactics, kinds, groups = (
        len(world.localities.size),
        len(world.tactics.familiarity),
        len(world.classes.size),
        len(world.groups.size),
    )

    def zeros(*shape: int) -> NDArray[np.int64]:
        return np.zeros(shape, dtype=np.int64)

    tallies = [
        Tallies(
            count=zeros(places, len(Count)),
            crowd=zeros(places, tactics),
            class_crowd=zeros(kinds),
            class_striking=zeros(kinds),
            group_crowd=zeros(groups),
        )
        for _ in ranges
    ]
    return ThreadPlan(ranges, tallies, _pool(ranges))
