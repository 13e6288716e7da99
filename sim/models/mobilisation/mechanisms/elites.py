"""Elites in private: what the regime is worth to each of them."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.coverage import streets
from sim.models.mobilisation.typed import EliteRow, Elites, Nation, Parameters, Rows
from sim.scenario.fields import Section, number


class Leaning(Section):
    """How private preferences move (model stage 12)."""

    preference_spread: float = number("standard deviation of private preference", "SD", 0.0, 5.0)
    preference_speed: float = number("share of the gap to today's interest closed a day", "1/day", 0.0, 1.0)


@compiled
def interest(
    base: float,
    output_lost: float,
    cut: float,
    sanctions: float,
    epidemic: float,
    turnout: float,
    patron: float,
    strike_exposure: float,
    shutdown_exposure: float,
    sanction_exposure: float,
    epidemic_exposure: float,
    street_exposure: float,
    reassurance: float,
) -> float:
    """What today's state of the country makes the regime worth to a member of the elite.

    u = base - e_s * strikes - e_c * cut - e_x * sanctions - e_e * epidemic - e_t * X + reassurance * patron   (12a)

    Source: mobilisation thread: business under pressure from strikes, shutdown and epidemic.
    """
    losses = strike_exposure * output_lost + shutdown_exposure * cut + sanction_exposure * sanctions
    losses += epidemic_exposure * epidemic + street_exposure * turnout
    return base - losses + reassurance * patron


@compiled
def preference(before: float, interest: float, speed: float) -> float:
    """Private preference moves first, and cannot be seen.

    q' = q + speed * (u - q)                                                         (12b)

    Source: Kuran (1989, 1991), preference falsification.
    """
    return before + speed * (interest - before)


@compiled
def lean(elites: Elites, kind_rows: Rows[EliteRow], nation: Nation, p: Parameters) -> None:
    """Stage 12: private preferences move."""
    weighed = streets(nation.heard_turnout, nation.coverage, p.coverage_weight)
    for i in range(elites.kind.size):
        row = kind_rows[elites.kind[i]]
        today = interest(
            np.float64(elites.base[i]), nation.output_lost, 1.0 - nation.capacity, nation.sanctions, nation.epidemic,
            weighed, nation.patron, row.strike_exposure, row.shutdown_exposure, row.sanction_exposure,
            row.epidemic_exposure, row.street_exposure, p.patron_reassurance,
        )  # fmt: skip
        elites.preference[i] = preference(np.float64(elites.preference[i]), today, p.preference_speed)


MECHANISM = Mechanism(
    title="The elite's interests, which move in private",
    parameters={"elites": Leaning},
    switches=(
        Switch(
            "elite_split",
            about="elites change their private preference",
            zero=("preference_speed",),
            without=(
                Ablation(
                    "min:elite_private",
                    "rises",
                    because="Elites whose interests never move do not lean away from the ruler.",
                    scenario="belarus-2020-early-elite-split",
                ),
            ),
        ),
    ),
    state={
        "elites": (
            Column("base", "f4", "SD", "lasting leaning of this person"),
            Column("preference", "f4", "SD", "private preference for the regime; below 0 is against"),
        ),
    },
    claims=("mt-17", "mt-18"),
    seen=("elite_private", "elite_private_end"),
)
