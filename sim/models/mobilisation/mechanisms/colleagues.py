"""Colleagues: people are moved by those at work who act."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import HELPS, PROTESTS
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.helpers import acting
from sim.models.mobilisation.typed import Array
from sim.scenario.fields import Section, number


class Motive(Section):
    """Weight of colleagues who act."""

    colleague_weight: float = number("weight of the share of colleagues who act", "SD", 0.0, 10.0)


class Strike(Section):
    """Weight of colleagues who are willing to strike."""

    strike_colleagues: float = number("weight of the share of colleagues willing to strike", "SD", 0.0, 10.0)


@compiled
def colleague_motive(colleagues: float, weight: float) -> float:
    """Motive of one whose colleagues act.

    m_W = w_W * W                                                                    (5l)

    Source: Granovetter (1978), Siegel (2009).

    colleagues : float, 0..1, share of the others at work who act (W)
    """
    return weight * colleagues


@compiled
def look(
    colleagues: Array, own: Array, workplace: Array, protesting: Array, helping: Array, each: Array, weight: float
) -> None:
    """Stage 3: the share of the others at work who acted yesterday; 0 for those not employed.

    Whoever has no work is looked at as if at the first workplace: that is faster than to guess who has one.

    each : array of float64, shape (workplaces,), what one of the others at work is of all
    """
    if each.size == 0:
        colleagues[:] = 0.0
        return
    for j in range(colleagues.size):
        work = np.uint32(max(workplace[j], 0))
        share = acting(
            protesting[work] - np.int32(own[j] // PROTESTS), helping[work] - np.int32(own[j] & HELPS), weight,
            each[work],
        )  # fmt: skip
        colleagues[j] = share if workplace[j] >= 0 else 0.0


@compiled
def move(motive: Array, colleagues: Array, weight: float) -> None:
    """Stage 5: colleagues move each other."""
    for j in range(motive.size):
        motive[j] += colleague_motive(colleagues[j], weight)


MECHANISM = Mechanism(
    title="Near peers: colleagues",
    parameters={"people.motive": Motive, "economy.strike": Strike},
    switches=(
        Switch(
            "colleagues",
            about="people are moved by colleagues who act",
            zero=("colleague_weight", "strike_colleagues"),
            without=(
                Ablation("strike_person_days", "falls", because="Who sees colleagues willing is readier to walk out."),
            ),
        ),
    ),
    motive=(colleague_motive,),
    state={"workplaces": (Column("each", "f8", "share", "what one of the others at work is of all of them"),)},
    claims=("cm-07", "cm-08", "cm-09", "cm-10", "cm-11", "cm-34", "cm-35"),
    seen=(
        "striking",
        "striking_class_industry",
        "initiative_groups",
        "workplaces_out",
        "output_lost",
        "general_strike_distance",
        "arrears",
        "peak_striking",
        "peak_output_lost",
    ),
)
