"""Weak ties: people are moved by acquaintances who act, as far as they are online."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import PROTESTS
from sim.models.mobilisation.mechanism import Ablation, Mechanism, Switch
from sim.models.mobilisation.mechanisms.helpers import acting
from sim.models.mobilisation.typed import Array
from sim.scenario.fields import Section, number


class Motive(Section):
    """Weight of weak ties who act."""

    tie_weight: float = number("weight of the share of weak ties who act", "SD", 0.0, 10.0)


@compiled
def tie_motive(ties: float, weight: float) -> float:
    """Motive of one whose weak ties act.

    m_T = w_T * T                                                                    (5m)

    Source: Granovetter (1973, 1978), Siegel (2009).

    ties : float, 0..1, share of weak ties who act, times how far the citizen is online (T)
    """
    return weight * ties


@compiled
def look(share: Array, ties: Array, seen: Array, connected: Array, weight: float, lists: Array) -> None:
    """Stage 3: the share of weak ties who acted yesterday, as far as a citizen is online.

    Looked up in a loop of its own, and by twos: a citizen has too few ties for a loop that would take four at once.

    share, connected : array of float64, shape (citizens of the chunk,)
    ties : array of int32, shape (citizens of the chunk, ties)
    seen : array of uint8, shape (all citizens,), what each did yesterday, a code
    lists : array of int32, shape (2, citizens of the chunk), to work in
    """
    degree = ties.shape[1]
    per_tie = 1.0 / degree if degree > 0 else 0.0
    codes = lists[0]
    for j in range(share.size):
        found, k = np.int64(0), 0
        while k + 1 < degree:
            found += np.int64(seen[np.uint32(ties[j, k])]) + np.int64(seen[np.uint32(ties[j, k + 1])])
            k += 2
        if k < degree:
            found += np.int64(seen[np.uint32(ties[j, k])])
        codes[j] = found
    for j in range(share.size):
        protesters, helpers = codes[j] // np.int32(PROTESTS), codes[j] & np.int32(PROTESTS - 1)
        share[j] = connected[j] * acting(protesters, helpers, weight, per_tie)


@compiled
def move(motive: Array, share: Array, weight: float) -> None:
    """Stage 5: weak ties move each other."""
    for j in range(motive.size):
        motive[j] += tie_motive(share[j], weight)


MECHANISM = Mechanism(
    title="Near peers: weak ties",
    parameters={"people.motive": Motive},
    switches=(
        Switch(
            "weak_ties",
            about="people are moved by weak ties who act",
            zero=("tie_weight",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="Connective action runs over thin ties; without them fewer are moved.",
                ),
            ),
        ),
    ),
    motive=(tie_motive,),
    claims=("lc-03", "lc-04", "lc-05", "lc-09"),
    seen=("fatigue", "communities", "peak_communities"),
)
