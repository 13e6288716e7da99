"""Networks of who sees whom, each drawn from the seed alone.

Every builder of :data:`BUILDERS` takes the section of a scenario that describes the network, the number of
persons and the seed, and gives pairs of persons who see each other, each pair once. They are held against
networkx in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.core import elementwise
from sim.core.errors import FieldError, shown
from sim.core.jit import compiled
from sim.core.rng import draws, draws_array
from sim.models.graphs import PAIR_OF_PERSONS, Ends, Graph, Integers, Luck, graph_of, largest_part, random_pairs
from sim.scenario.fields import NO_UNIT, Section, fraction, number


class Complete(Section):
    """Everybody sees everybody."""

    kind: Literal["complete"] = Field(description="everybody sees everybody")


class ErdosRenyi(Section):
    """Every pair is tied with the same probability."""

    kind: Literal["erdos-renyi"] = Field(description="every pair is tied with the same probability")
    mean_degree: float = number("ties of a person, on average", "ties", 0.0, 1e5)


class WattsStrogatz(Section):
    """A ring whose ties are rewired at random (Watts & Strogatz 1998)."""

    kind: Literal["watts-strogatz"] = Field(description="a ring whose ties are rewired at random")
    reach: int = number("neighbours on each side of the ring", "persons", 1, 1000)
    rewiring: float = fraction("probability that a tie is rewired to somebody at random")


class ScaleFree(Section):
    """Expected degrees from a power law (Chung & Lu 2002); its largest connected part."""

    kind: Literal["scale-free"] = Field(
        description="expected degrees from a power law with a least of 1; the largest connected part of it"
    )
    exponent: float = number("exponent of the power law", NO_UNIT, 1.5, 10.0)


class PowerLaw(Section):
    """Degrees from a power law with an exponential cutoff, tied at random (configuration model)."""

    kind: Literal["power-law"] = Field(description="degrees k with probability k^-exponent exp(-k/cutoff)")
    exponent: float = number("exponent of the power law", NO_UNIT, 0.0, 10.0)
    cutoff: float = number("degree beyond which the law falls off exponentially", "ties", 0.1, 1e6)


class PowerlawCluster(Section):
    """Growth by preferential attachment that closes triangles (Holme & Kim 2002)."""

    kind: Literal["powerlaw-cluster"] = Field(description="preferential attachment that closes triangles")
    links: int = number("ties that each newcomer makes", "ties", 1, 1000)
    triangles: float = fraction("probability that a tie closes a triangle")


class Village(Section):
    """Cliques of equal size with few ties between them (Siegel 2009)."""

    kind: Literal["village"] = Field(description="cliques of equal size with few ties between them")
    size: int = number("persons of a village", "persons", 1, 10_000)
    far: float = fraction("probability of a tie between two persons of different villages")


class Hierarchy(Section):
    """A tree from one person at the top, with ties within levels (Siegel 2009)."""

    kind: Literal["hierarchy"] = Field(description="a tree from one person at the top, with ties within levels")
    expansion: int = number("persons directly below each", "persons", 1, 10_000)
    level: float = fraction("probability of a tie between two persons of the same level")


Network = Annotated[
    Complete | ErdosRenyi | WattsStrogatz | ScaleFree | PowerLaw | PowerlawCluster | Village | Hierarchy,
    Field(discriminator="kind"),
]


def build_network(section: Any, persons: int, seed: int) -> Graph:
    """Draw a network.

    Parameters
    ----------
    section : a member of :data:`Network`
    persons : int
        Persons, 1 or more.
    seed : int
        Seed of the run.

    Returns
    -------
    Graph
        Of as many persons; fewer for ``scale-free``, of which it is the largest connected part.
    """
    if section.kind == "complete":
        return Graph(np.zeros(persons + 1, dtype=np.int64), np.zeros(0, dtype=np.int64), complete=True)
    graph = graph_of(persons, *BUILDERS[section.kind](section, persons, seed))
    return largest_part(graph) if section.kind == "scale-free" else graph


def fits(scenario: Any) -> Any:
    """Check that nobody is to see more persons than there are; for scenarios with `population` and `network`.

    Raises
    ------
    FieldError
    """
    persons, section = scenario.population.persons, scenario.network
    for name, most in (("mean_degree", persons - 1), ("reach", (persons - 1) // 2), ("links", persons - 1)):
        value = getattr(section, name, 0)
        if value > most:
            raise FieldError(f"must be at most {most} among {persons} persons", ("network", name), shown(value))
    return scenario


def _erdos_renyi(section: ErdosRenyi, persons: int, seed: int) -> Ends:
    return random_pairs(persons, section.mean_degree / max(persons - 1, 1), seed)


def _watts_strogatz(section: WattsStrogatz, persons: int, seed: int) -> Ends:
    """Rewire the ring as Watts and Strogatz do: nearest neighbours of everybody first, then the next ones."""
    sees: list[set[int]] = [set() for _ in range(persons)]
    reach = min(section.reach, (persons - 1) // 2)
    for step in range(1, reach + 1):
        for person in range(persons):
            sees[person].add((person + step) % persons)
            sees[(person + step) % persons].add(person)
    luck = draws_array(seed, Luck.REWIRE, 0, np.arange(reach * persons))[:, 0] < section.rewiring
    for tie in np.flatnonzero(luck):
        person, step = int(tie % persons), int(tie // persons) + 1
        old = (person + step) % persons
        if len(sees[person]) >= persons - 1:
            continue
        new, attempt = person, 0
        while new == person or new in sees[person]:
            attempt += 1
            new = int(draws(np.uint64(seed), int(Luck.REWIRE), attempt, int(tie))[0] * persons)
        sees[person].remove(old)
        sees[old].remove(person)
        sees[person].add(new)
        sees[new].add(person)
    return _ends(sees)


def _scale_free(section: ScaleFree, persons: int, seed: int) -> Ends:
    """Tie every pair with the product of their weights over the sum of all weights."""
    luck = draws_array(seed, Luck.WEIGHT, 0, np.arange(persons))[:, 0]
    weights = elementwise.power(1.0 - luck, -1.0 / (section.exponent - 1.0))
    none = np.zeros(0, dtype=np.int64)
    ties = _by_weight(weights, np.uint64(seed), none, none)
    left, right = np.empty(ties, dtype=np.int64), np.empty(ties, dtype=np.int64)
    _by_weight(weights, np.uint64(seed), left, right)
    return left, right


@compiled
def _by_weight(weights: NDArray[np.float64], seed: np.uint64, left: Integers, right: Integers) -> int:
    total, tied = weights.sum(), 0
    for one in range(weights.size):
        for other in range(one + 1, weights.size):
            if draws(seed, PAIR_OF_PERSONS, one, other)[0] < weights[one] * weights[other] / total:
                if tied < left.size:
                    left[tied], right[tied] = one, other
                tied += 1
    return tied


def _power_law(section: PowerLaw, persons: int, seed: int) -> Ends:
    """Draw degrees and tie their stubs at random; a tie to oneself and a second tie to the same person are dropped."""
    degrees = np.arange(1, max(persons, 2))
    law = elementwise.power(degrees, -section.exponent) * elementwise.exp(-degrees / section.cutoff)
    luck = draws_array(seed, Luck.WEIGHT, 0, np.arange(persons))[:, 0]
    drawn = degrees[np.minimum(np.searchsorted(np.cumsum(law / law.sum()), luck, side="right"), degrees.size - 1)]
    if drawn.sum() % 2:
        drawn[0] += 1
    stubs = np.repeat(np.arange(persons), drawn)
    stubs = stubs[np.argsort(draws_array(seed, Luck.STUB, 0, np.arange(stubs.size))[:, 0], kind="stable")]
    pairs = np.sort(stubs.reshape(-1, 2), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    return pairs[:, 0], pairs[:, 1]


def _powerlaw_cluster(section: PowerlawCluster, persons: int, seed: int) -> Ends:
    """Let newcomers choose by degree, and now and then a neighbour of the one chosen before."""
    links = min(section.links, max(persons - 1, 0))
    sees: list[set[int]] = [set() for _ in range(persons)]
    if not links:
        return _ends(sees)
    by_degree = list(range(links))  # each person as often as it has ties, the founders once to begin with
    for newcomer in range(links, persons):
        luck = _Lucky(seed, newcomer)
        targets: list[int] = []
        while len(targets) < links:
            target = by_degree[luck.below(len(by_degree))]
            if target not in targets:
                targets.append(target)
        target = targets.pop()
        chosen = [target]
        _tie(sees, newcomer, target)
        while len(chosen) < links:
            closing = sorted(sees[target] - sees[newcomer] - {newcomer}) if luck.unit() < section.triangles else []
            if closing:
                chosen.append(closing[luck.below(len(closing))])
            else:
                left = [other for other in targets if other not in sees[newcomer]]
                target = left.pop() if left else _other(by_degree, sees[newcomer], luck)
                targets = left
                chosen.append(target)
            _tie(sees, newcomer, chosen[-1])
        by_degree += [*chosen, *[newcomer] * links]
    return _ends(sees)


def _other(by_degree: list[int], taken: set[int], luck: _Lucky) -> int:
    """Return somebody by degree who is not taken."""
    free = [person for person in by_degree if person not in taken]
    return free[luck.below(len(free))]


def _village(section: Village, persons: int, seed: int) -> Ends:
    one, other = np.triu_indices(min(section.size, persons), 1)
    starts = np.arange(0, persons, section.size)[:, None]
    left, right = (starts + one).ravel(), (starts + other).ravel()
    inside = right < persons
    far_left, far_right = random_pairs(persons, section.far, seed)
    far = far_left // section.size != far_right // section.size
    return np.concatenate([left[inside], far_left[far]]), np.concatenate([right[inside], far_right[far]])


def _hierarchy(section: Hierarchy, persons: int, seed: int) -> Ends:
    below = np.arange(1, persons)
    left, right = [(below - 1) // section.expansion], [below]
    start, size, level = 0, 1, 0
    while start < persons:
        one, other = random_pairs(min(size, persons - start), section.level, seed, level)
        left.append(start + one)
        right.append(start + other)
        start, size, level = start + size, size * section.expansion, level + 1
    return np.concatenate(left), np.concatenate(right)


class _Lucky:
    """Draws in a row for one newcomer."""

    def __init__(self, seed: int, entity: int) -> None:
        self._seed, self._entity, self._taken = np.uint64(seed), entity, 0

    def unit(self) -> float:
        """Return a number from 0 up to 1."""
        self._taken += 1
        return float(draws(self._seed, int(Luck.GROW), self._taken, self._entity)[0])

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to a limit."""
        return int(self.unit() * limit)


def _tie(sees: list[set[int]], one: int, other: int) -> None:
    sees[one].add(other)
    sees[other].add(one)


def _ends(sees: list[set[int]]) -> Ends:
    pairs = [(one, other) for one, others in enumerate(sees) for other in sorted(others) if one < other]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


BUILDERS: dict[str, Callable[[Any, int, int], Ends]] = {
    "erdos-renyi": _erdos_renyi,
    "watts-strogatz": _watts_strogatz,
    "scale-free": _scale_free,
    "power-law": _power_law,
    "powerlaw-cluster": _powerlaw_cluster,
    "village": _village,
    "hierarchy": _hierarchy,
}
"""The builder of every network by its kind."""
