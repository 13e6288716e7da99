"""Networks against networkx, and against what is known of them."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from sim.core.errors import ScenarioError
from sim.models.graphs import Graph, graph_of, largest_part, random_pairs
from sim.models.networks import Network, build_network
from sim.run.load import load

SECTIONS = TypeAdapter(Network)
KINDS = {
    "complete": {},
    "erdos-renyi": {"mean_degree": 6.0},
    "watts-strogatz": {"reach": 3, "rewiring": 0.2},
    "scale-free": {"exponent": 2.5},
    "power-law": {"exponent": 2.0, "cutoff": 20.0},
    "powerlaw-cluster": {"links": 3, "triangles": 0.5},
    "village": {"size": 7, "far": 0.01},
    "hierarchy": {"expansion": 4, "level": 0.05},
}


def network(kind: str, persons: int, seed: int = 1, **changes: object) -> Graph:
    section = SECTIONS.validate_python({"kind": kind, **KINDS[kind], **changes})
    return build_network(section, persons, seed)


def as_networkx(graph: Graph) -> nx.Graph:
    made = nx.Graph()
    made.add_nodes_from(range(graph.persons))
    ends = np.repeat(np.arange(graph.persons), np.diff(graph.first))
    made.add_edges_from(zip(ends.tolist(), graph.ties.tolist(), strict=True))
    return made


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "complete"])
@pytest.mark.parametrize("persons", [1, 2, 3, 10, 300])
def test_ties_are_mutual_and_single_and_not_with_oneself(kind: str, persons: int):
    graph = network(kind, persons)
    pairs = list(zip(np.repeat(np.arange(graph.persons), graph.degrees()).tolist(), graph.ties.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert {(other, one) for one, other in pairs} == set(pairs)
    assert all(one != other for one, other in pairs)
    assert graph.persons == persons or kind == "scale-free"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "complete"])
def test_only_the_seed_decides(kind: str):
    one, again, other = network(kind, 200, 5), network(kind, 200, 5), network(kind, 200, 6)
    assert np.array_equal(one.ties, again.ties)
    assert np.array_equal(one.first, again.first)
    fixed = kind == "watts-strogatz" and not KINDS[kind]["rewiring"]
    assert fixed or not np.array_equal(one.ties, other.ties)


def test_in_a_complete_network_everybody_sees_everybody():
    graph = network("complete", 5)
    marked = np.array([True, False, True, False, False])
    assert graph.degrees().tolist() == [4] * 5
    assert graph.among(marked).tolist() == [1, 2, 1, 2, 2]
    listed = graph_of(5, *(part.astype(np.int64) for part in np.triu_indices(5, 1)))
    assert listed.among(marked).tolist() == [1, 2, 1, 2, 2]


def test_random_pairs_are_binomial():
    """The number of ties, and the degree of one person, over 2,000 networks; a false alarm once in 10,000 for each."""
    ties, degree = [], []
    for seed in range(2_000):
        left, right = random_pairs(40, 0.1, seed)
        ties.append(left.size)
        degree.append(int(((left == 7) | (right == 7)).sum()))
        assert (left < right).all()
    for found, law in ((ties, stats.binom(780, 0.1)), (degree, stats.binom(39, 0.1))):
        edges = np.unique(law.ppf(np.linspace(0, 1, 9)[1:-1]))
        bins = np.searchsorted(edges, found)
        expected = np.diff([0.0, *law.cdf(edges), 1.0]) * len(found)
        # searchsorted counts a number equal to an edge below it, as the distribution function does
        assert stats.chisquare(np.bincount(bins, minlength=len(edges) + 1), expected).pvalue > 1e-4
    assert random_pairs(30, 1.0, 1)[0].size == 435
    assert random_pairs(30, 0.0, 1)[0].size == 0
    assert random_pairs(30, 1e-300, 1)[0].size == 0


@pytest.mark.parametrize(
    ("kind", "changes", "theirs"),
    [
        ("watts-strogatz", {"reach": 4, "rewiring": 0.3}, lambda seed: nx.watts_strogatz_graph(300, 8, 0.3, seed)),
        ("powerlaw-cluster", {"triangles": 0.0}, lambda seed: nx.barabasi_albert_graph(300, 3, seed)),
        ("erdos-renyi", {}, lambda seed: nx.fast_gnp_random_graph(300, 6 / 299, seed)),
    ],
    ids=["watts-strogatz", "powerlaw-cluster", "erdos-renyi"],
)
def test_clustering_and_degrees_are_those_of_networkx(kind, changes, theirs):
    """Forty networks each; clustering and the spread of degrees by Welch's test, a false alarm once in 10,000 each."""

    def measured(graphs: list[nx.Graph]) -> tuple[list[float], list[float]]:
        return (
            [nx.average_clustering(graph) for graph in graphs],
            [float(np.std([degree for _, degree in graph.degree()])) for graph in graphs],
        )

    ours = measured([as_networkx(network(kind, 300, seed, **changes)) for seed in range(40)])
    others = measured([theirs(seed) for seed in range(40)])
    for here, there in zip(ours, others, strict=True):
        assert stats.ttest_ind(here, there, equal_var=False).pvalue > 1e-4


def test_triangles_are_closed_as_often_as_by_networkx():
    """Clustering of forty networks each by Welch's test, a false alarm once in 10,000.

    Degrees are left out: networkx takes the first of those chosen from a set, which gives the oldest first, and so
    makes larger hubs than the algorithm of Holme and Kim does.
    """
    ours = [nx.average_clustering(as_networkx(network("powerlaw-cluster", 300, seed))) for seed in range(40)]
    theirs = [nx.average_clustering(nx.powerlaw_cluster_graph(300, 3, 0.5, seed)) for seed in range(40)]
    assert stats.ttest_ind(ours, theirs, equal_var=False).pvalue > 1e-4


def test_a_ring_that_is_not_rewired_is_that_of_networkx():
    ours, theirs = as_networkx(network("watts-strogatz", 50, reach=3, rewiring=0.0)), nx.watts_strogatz_graph(50, 6, 0)
    assert {frozenset(tie) for tie in ours.edges} == {frozenset(tie) for tie in theirs.edges}


def test_degrees_follow_the_power_law():
    """Degrees of 20,000 persons against k^-2 exp(-k/20); ties that are dropped shift them a little."""
    degrees = network("power-law", 20_000).degrees()
    ks = np.arange(1, 400)
    law = ks**-2.0 * np.exp(-ks / 20.0)
    law /= law.sum()
    for degree in (1, 2, 3, 5):
        share = np.mean(degrees == degree)
        assert share == pytest.approx(law[degree - 1], abs=4.5 * np.sqrt(law[degree - 1] / 20_000) + 0.002)


def test_scale_free_degrees_are_as_expected():
    """With Pareto weights of exponent 3 the mean degree is the mean weight, up to those who are left out."""
    graph = network("scale-free", 2_000, exponent=3.0)
    made = as_networkx(graph)
    assert nx.is_connected(made)
    assert 0.5 * 2_000 < graph.persons < 2_000
    assert graph.degrees().max() > 20


def test_the_largest_part_keeps_the_order_of_persons():
    graph = graph_of(7, np.array([0, 2, 3, 5]), np.array([1, 3, 6, 6]))
    part = largest_part(graph)  # 2, 3, 5 and 6 hang together
    assert part.persons == 4
    assert part.degrees().tolist() == [1, 2, 1, 2]
    assert part.ties.tolist() == [1, 0, 3, 3, 1, 2]


def test_villages_are_cliques():
    graph = as_networkx(network("village", 20, far=0.0))
    assert sorted(len(part) for part in nx.connected_components(graph)) == [6, 7, 7]
    assert nx.average_clustering(graph) == pytest.approx(1.0)
    assert as_networkx(network("village", 21, far=1.0)).number_of_edges() == 210


def test_a_hierarchy_is_a_tree_with_ties_within_levels():
    tree = as_networkx(network("hierarchy", 1 + 4 + 16 + 5, level=0.0))
    assert nx.is_tree(tree)
    assert tree.degree(0) == 4
    levels = as_networkx(network("hierarchy", 1 + 4 + 16, level=1.0))
    assert levels.number_of_edges() == 20 + 6 + 120


@pytest.mark.parametrize("model", ["watts-2002", "siegel-2009", "steinert-threlkeld-2021"])
@pytest.mark.parametrize(
    ("network", "wrong"),
    [
        ({"kind": "erdos-renyi", "mean_degree": 9.5}, "network.mean_degree: must be at most 9 among 10 persons"),
        ({"kind": "watts-strogatz", "reach": 5, "rewiring": 0.1}, "network.reach: must be at most 4 among 10 persons"),
        (
            {"kind": "powerlaw-cluster", "links": 10, "triangles": 0.1},
            "network.links: must be at most 9 among 10 persons",
        ),
    ],
)
def test_nobody_sees_more_persons_than_there_are(model: str, network: dict[str, Any], wrong: str):
    with pytest.raises(ScenarioError) as caught:
        load(model, {"population.persons": 10, "network": network})
    assert wrong in str(caught.value)
