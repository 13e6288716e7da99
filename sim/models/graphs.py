"""Who sees whom: a graph as arrays, its largest part, and pairs by chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.core.jit import compiled
from sim.core.rng import draws

Ends = tuple[NDArray[np.int64], NDArray[np.int64]]
Integers = NDArray[np.int64]


class Luck(IntEnum):
    """What a draw of a network decides. Numbers are part of the results."""

    PAIR = 100
    REWIRE = 101
    WEIGHT = 102
    STUB = 103
    GROW = 104


PAIR_OF_PERSONS = int(Luck.PAIR)


@dataclass(frozen=True)
class Graph:
    """Who sees whom.

    Attributes
    ----------
    first : array of int64, shape (persons + 1,)
        Where each person's ties begin in `ties`, and where the last one's end.
    ties : array of int64
        Those whom each person sees, person by person. Empty in a complete network.
    complete : bool
        Whether everybody sees everybody, without a list of it.
    """

    first: Integers
    ties: Integers
    complete: bool = False

    @property
    def persons(self) -> int:
        """Number of persons."""
        return self.first.size - 1

    def degrees(self) -> Integers:
        """Return how many each person sees, shape (persons,) [persons]."""
        if self.complete:
            return np.full(self.persons, self.persons - 1, dtype=np.int64)
        return np.diff(self.first)

    def among(self, marked: NDArray[np.bool_]) -> Integers:
        """Return how many marked persons each person sees, shape (persons,) [persons]."""
        if self.complete:
            return int(marked.sum()) - marked.astype(np.int64)
        found: Integers = _among(self.first, self.ties, marked)
        return found


@compiled
def _among(first: Integers, ties: Integers, marked: NDArray[np.bool_]) -> Integers:
    found = np.zeros(first.size - 1, dtype=np.int64)
    for person in range(found.size):
        for place in range(first[person], first[person + 1]):
            found[person] += marked[ties[place]]
    return found


def graph_of(persons: int, left: Integers, right: Integers) -> Graph:
    """Return a graph from pairs of persons, each pair given once."""
    ends = np.concatenate([left, right])
    others = np.concatenate([right, left])
    order = np.lexsort((others, ends))
    first = np.zeros(persons + 1, dtype=np.int64)
    first[1:] = np.cumsum(np.bincount(ends, minlength=persons))
    return Graph(first, others[order])


def largest_part(graph: Graph) -> Graph:
    """Return the largest connected part of a graph, its persons numbered anew in their order; the first of equals."""
    part = _parts(graph.first, graph.ties)
    keep = part == np.argmax(np.bincount(part))
    number_of = np.cumsum(keep) - 1
    ends = np.repeat(np.arange(graph.persons), graph.degrees())
    once = keep[ends] & (ends < graph.ties)
    return graph_of(int(keep.sum()), number_of[ends[once]], number_of[graph.ties[once]])


@compiled
def _parts(first: Integers, ties: Integers) -> Integers:
    """Return the number of the connected part each person belongs to."""
    persons = first.size - 1
    part = np.full(persons, -1, dtype=np.int64)
    waiting = np.empty(persons, dtype=np.int64)
    parts = 0
    for start in range(persons):
        if part[start] >= 0:
            continue
        part[start] = parts
        waiting[0], left = start, 1
        while left:
            left -= 1
            person = waiting[left]
            for place in range(first[person], first[person + 1]):
                if part[ties[place]] < 0:
                    part[ties[place]] = parts
                    waiting[left] = ties[place]
                    left += 1
        parts += 1
    return part


def random_pairs(persons: int, probability: float, seed: int, draw: int = 0) -> Ends:
    """Return pairs of which each is tied with the same probability, by skipping those that are not.

    Source: Batagelj & Brandes (2005), "Efficient generation of large random networks".
    """
    chance = min(max(probability, 0.0), 1.0)
    if chance == 0.0 or persons < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    ties = _skip(persons, chance, np.uint64(seed), draw, none, none)
    left, right = np.empty(ties, dtype=np.int64), np.empty(ties, dtype=np.int64)
    _skip(persons, chance, np.uint64(seed), draw, left, right)
    return left, right


@compiled
def _skip(persons: int, chance: float, seed: np.uint64, draw: int, left: Integers, right: Integers) -> int:
    """Write the pairs as far as there is room for them, and return how many there are."""
    rest, farthest = math.log1p(-chance), float(persons) * persons
    one, other, tied, taken = 1, -1, 0, 0
    while one < persons:
        luck = draws(seed, PAIR_OF_PERSONS, draw, taken)[0]
        taken += 1
        other += 1 + int(min(math.log1p(-luck) / rest, farthest))
        while other >= one and one < persons:
            other -= one
            one += 1
        if one < persons:
            if tied < left.size:
                left[tied], right[tied] = other, one
            tied += 1
    return tied
