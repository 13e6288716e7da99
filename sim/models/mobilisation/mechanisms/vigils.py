"""Vigils: kin of prisoners are moved, and stand at the gates."""

from __future__ import annotations

from typing import Any

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Ablation, Mechanism, Switch
from sim.scenario.fields import Section, fraction, number


class Motive(Section):
    """Motive of those whose kin are in detention."""

    kin_weight: float = number("motive of those whose kin are in detention", "SD", 0.0, 5.0)


class Felt(Section):
    """Violence felt through kin."""

    kin_violence: float = fraction("violence felt when kin are in detention")


@compiled
def kin_motive(kin_held: float, weight: float) -> float:
    """Motive of one whose kin are in detention.

    m_K = w_K * [kin in detention]                                                   (5n)

    Source: kin at the prison gates (mobilisation thread).

    kin_held : 0.0 or 1.0
    """
    return weight * kin_held


@compiled
def know(
    family: Any, homes_held: Any, kin_held: Any, kin_first: Any, sizes: Any, first_home: int, last_home: int,
    kin_group: int,
) -> None:  # fmt: skip
    """Stage 3: 1 for each citizen with kin in detention, 0 for all others."""
    begin = 0
    for home in range(first_home, last_home):
        for j in range(sizes[home]):
            held = 0.0
            if homes_held[home] > 0 and kin_held[kin_first[home] + j // kin_group] > 0:
                held = 1.0
            family[begin + j] = held
        begin += sizes[home]


@compiled
def move(motive: Any, family: Any, weight: float) -> None:
    """Stage 5: those whose kin are held are moved."""
    for j in range(motive.size):
        motive[j] += kin_motive(family[j], weight)


MECHANISM = Mechanism(
    title="Vigils of the kin of prisoners",
    parameters={"people.motive": Motive, "information": Felt},
    switches=(
        Switch(
            "vigils",
            about="kin of prisoners are moved, and hold vigils",
            zero=("kin_weight", "kin_violence"),
            without=(
                Ablation(
                    "ever_protested",
                    "falls",
                    because="Those whose kin are held are moved themselves, and stand at the gates.",
                ),
            ),
        ),
    ),
    motive=(kin_motive,),
    claims=("mt-03", "mt-04", "mt-05", "tt-16", "tt-17", "tt-18"),
    seen=("fear", "anger", "vigils", "detained_today", "injured_today"),
)
