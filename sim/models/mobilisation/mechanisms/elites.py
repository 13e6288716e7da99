"""Elites: a split that is hidden at first."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Stance
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.coverage import streets
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, number

SUPPORT, OPPOSED = int(Stance.SUPPORT), int(Stance.OPPOSED)


class Split(Section):
    """How private preferences and public stances move (model stage 12)."""

    preference_spread: float = number("standard deviation of private preference", "SD", 0.0, 5.0)
    preference_speed: float = number("share of the gap to today's interest closed a day", "1/day", 0.0, 1.0)
    punishment: float = number(
        "what early defectors expect to suffer under full loyalty of the police", "share", 0.0, 5.0
    )
    stance_mean: float = number("mean share of open dissent that makes a private opponent speak", "share", 0.0, 2.0)
    stance_spread: float = number("standard deviation of that threshold", "share", 0.0, 1.0)


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
def speaks(preference: float, dissent: float, threshold: float, punishment: float, loyal_share: float) -> bool:
    """Whether a private opponent opposes in public.

    q < 0 and dissent - q >= threshold + punishment * loyal                          (12c)

    Source: Kuran (1991): the expressive gain and the open dissent of others against the cost of truth.

    dissent : float, 0..1, share of elites in open opposition
    loyal_share : float, 0..1, share of coercion that is loyal
    """
    return preference < 0.0 and dissent - preference >= threshold + punishment * loyal_share


@compiled
def update(elites: Any, kind_rows: Any, nation: Any, p: Any) -> None:
    """Stage 12: private preferences move, then public stances."""
    dissent = 1.0 - nation.elite_public
    weighed = streets(nation.heard_turnout, nation.coverage, p.coverage_weight)
    private = 0
    public = 0
    for i in range(elites.kind.size):
        row = kind_rows[elites.kind[i]]
        today = interest(
            np.float64(elites.base[i]), nation.output_lost, 1.0 - nation.capacity, nation.sanctions, nation.epidemic,
            weighed, nation.patron, row.strike_exposure, row.shutdown_exposure, row.sanction_exposure,
            row.epidemic_exposure, row.street_exposure, p.patron_reassurance,
        )  # fmt: skip
        elites.preference[i] = preference(np.float64(elites.preference[i]), today, p.preference_speed)
        leaning = np.float64(elites.preference[i])
        against = speaks(leaning, dissent, np.float64(elites.threshold[i]), p.punishment, nation.loyal_share)
        elites.stance[i] = OPPOSED if against else SUPPORT
        private += 1 if leaning >= 0.0 else 0
        public += 0 if against else 1
    nation.elite_private = private / elites.kind.size
    nation.elite_public = public / elites.kind.size


MECHANISM = Mechanism(
    title="The elite split, hidden at first",
    parameters={"elites": Split},
    switches=(
        Switch(
            "elite_split",
            about="elites change their private preference",
            zero=("preference_speed",),
            without=(
                Ablation(
                    "max:concession",
                    "falls",
                    because="A ruler whose elites never waver has less reason to give way.",
                    scenario="belarus-2020-early-elite-split",
                ),
            ),
        ),
    ),
    state={
        "elites": (
            Column("base", "f4", "SD", "lasting leaning of this person"),
            Column("preference", "f4", "SD", "private preference for the regime; below 0 is against"),
            Column("threshold", "f4", "share", "open dissent at which a private opponent speaks"),
            Column("stance", "u1", "Stance", "public stance"),
        ),
        "nation": (
            Column("elite_private", "f8", "share", "elites who privately prefer the regime"),
            Column("elite_public", "f8", "share", "elites who publicly support it", first=1.0),
        ),
    },
    results=(
        Result(
            "elite_private",
            FRACTION,
            SHARE,
            of="nation.elite_private",
            combine="last",
            group=REGIME,
            main=True,
            label="share of elites for the regime in private",
            short="elites, in private",
            about="share of elites who prefer the regime in private",
        ),
        Result(
            "elite_public",
            FRACTION,
            SHARE,
            of="nation.elite_public",
            combine="last",
            group=REGIME,
            main=True,
            label="share of elites for the regime in public",
            short="elites, in public",
            about="share of elites who support it in public",
        ),
    ),
    numbers=(
        Result(
            "elite_private_end",
            FRACTION,
            SHARE,
            of="elite_private",
            combine="last",
            main=True,
            label="elites who support the regime in private, at the end",
            short="elites in private, at the end",
            about="`elite_private` on the last day",
        ),
        Result(
            "elite_public_end",
            FRACTION,
            SHARE,
            of="elite_public",
            combine="last",
            main=True,
            label="elites who support the regime in public, at the end",
            short="elites in public, at the end",
            about="`elite_public` on the last day",
        ),
    ),
    claims=("mt-17", "mt-18"),
    seen=("elite_private", "elite_public", "elite_private_end", "elite_public_end"),
)
