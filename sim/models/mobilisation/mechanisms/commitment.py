"""Commitment: action commits, and so non-protesters become protesters."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Role
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Array, Parameters
from sim.models.results import AMOUNT, Result
from sim.scenario.fields import Section, number

ENGAGED = int(Role.ENGAGED)


class Commitment(Section):
    """Rates of commitment (model equation 4f)."""

    commitment_protest: float = number("commitment from a day of protest", "SD", 0.0, 1.0)
    commitment_engaged: float = number("commitment from a day of helping", "SD", 0.0, 1.0)
    commitment_decay: float = number("share of commitment lost a day", "1/day", 0.0, 1.0)
    commitment_cap: float = number("most commitment there can be", "SD", 0.0, 5.0)


@compiled
def commitment(
    before: float, attended: float, engaged: float, from_protest: float, from_help: float, decay: float, cap: float
) -> float:
    """Habit and identity that lower one's own threshold: how non-protesters become protesters.

    c' = clip(k + (from_protest * attended + from_help * engaged) * (1 - k / cap), 0, cap),  k = (1 - decay) * c  (4f)

    The bound is needed where a day's gain is larger than the cap, which it would else jump over.

    Source: McAdam (1986) on recruitment by participation; mobilisation thread on engaged non-protesters.
    """
    if cap <= 0.0:
        return 0.0
    kept = (1.0 - decay) * before
    after = kept + (from_protest * attended + from_help * engaged) * (1.0 - kept / cap)
    return min(max(after, 0.0), cap)


@compiled
def feel(own: Array, attending: Array, role: Array, p: Parameters) -> None:
    """Stage 4: commitment."""
    from_protest, from_help, decay, cap = (
        p.commitment_protest, p.commitment_engaged, p.commitment_decay, p.commitment_cap
    )  # fmt: skip
    for j in range(own.size):
        attended = 1.0 if attending[j] > 0 else 0.0
        helped = 1.0 if role[j] == ENGAGED else 0.0
        own[j] = commitment(np.float64(own[j]), attended, helped, from_protest, from_help, decay, cap)


@compiled
def move(motive: Array, own: Array) -> None:
    """Stage 5: the committed are moved."""
    for j in range(motive.size):
        motive[j] += np.float64(own[j])


MECHANISM = Mechanism(
    title="Action that commits",
    parameters={"people.emotion": Commitment},
    switches=(
        Switch(
            "commitment",
            about="action commits",
            zero=("commitment_protest", "commitment_engaged"),
            without=(
                Ablation(
                    "sum:attending:2020-11-01..2020-12-18", "falls", because="Who has acted comes again more readily."
                ),
            ),
        ),
    ),
    state={
        "citizens": (Column("commitment", "f4", "SD", "commitment by habituation"),),
        "nation": (Column("mean_commitment", "f8", "SD", "mean commitment"),),
    },
    results=(
        Result(
            "commitment",
            "SD",
            AMOUNT,
            of="nation.mean_commitment",
            combine="max",
            group=FEELINGS,
            label="mean commitment",
            short="commitment",
        ),
    ),
    motive=("commitment",),
    claims=("tt-34", "tt-35", "tt-39", "tt-41"),
    seen=("commitment", "concession"),
)
