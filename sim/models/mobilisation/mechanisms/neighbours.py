"""Neighbours: people are moved by those next door who act."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import HELPS, PROTESTS
from sim.models.mobilisation.mechanism import Ablation, Mechanism, Switch
from sim.models.mobilisation.mechanisms.helpers import acting
from sim.models.mobilisation.typed import Array
from sim.scenario.fields import Section, number


class Motive(Section):
    """Weight of neighbours who act."""

    neighbour_weight: float = number("weight of the share of neighbours who act", "SD", 0.0, 10.0)


@compiled
def neighbour_motive(neighbours: float, member: float, weight: float, lift: float) -> float:
    """Motive of one whose neighbours act; those of a local community count more.

    m_N = w_N * N * (1 + lift * m)                                                   (5c)

    Source: Granovetter (1978), Siegel (2009); local-chats note on communities of neighbours.

    neighbours : float, 0..1, share of the other residents who act (N)
    member : float, 0..1, how much of a community the neighbourhood is, equation 6l
    """
    return weight * (neighbours * (1.0 + lift * member))


@compiled
def look(
    near: Array,
    own: Array,
    protesting: Array,
    helping: Array,
    sizes: Array,
    first_home: int,
    last_home: int,
    weight: float,
) -> None:
    """Stage 3: the share of the other residents of each neighbourhood who acted yesterday; in most nobody did."""
    near[:] = 0.0
    begin = 0
    for home in range(first_home, last_home):
        end = begin + sizes[home]
        protesters, helpers = protesting[home], helping[home]
        if protesters + helpers > 0:
            per_neighbour = 1.0 / max(sizes[home] - 1, 1)
            for j in range(begin, end):
                near[j] = acting(
                    protesters - np.int32(own[j] // PROTESTS), helpers - np.int32(own[j] & HELPS), weight, per_neighbour
                )
        begin = end


@compiled
def move(motive: Array, near: Array, member: Array, weight: float, lift: float) -> None:
    """Stage 5: neighbours move each other."""
    for j in range(motive.size):
        motive[j] += neighbour_motive(near[j], member[j], weight, lift)


MECHANISM = Mechanism(
    title="Near peers: neighbours",
    parameters={"people.motive": Motive},
    switches=(
        Switch(
            "neighbours",
            about="people are moved by neighbours who act",
            zero=("neighbour_weight",),
            without=(
                Ablation("person_days_of_protest", "falls", because="Who sees neighbours act is readier to act."),
            ),
        ),
    ),
    motive=(neighbour_motive,),
    claims=("lc-06", "lc-07", "lc-08"),
    seen=("communities", "community_trust", "peak_communities"),
)
