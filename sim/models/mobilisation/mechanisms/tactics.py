"""Tactics: a repertoire that is learnt, travels, and meets police who learn too."""

from __future__ import annotations

import math
from typing import Any

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.scenario.fields import Section, fraction, number

PROTESTING = int(Count.PROTESTING)


class Learning(Section):
    """How tactics are learnt, by the movement and by the police."""

    tactic_learning: float = number("weight of today's success in a tactic's attraction", "1/day", 0.0, 1.0)
    detention_aversion: float = number("attraction lost per share detained", "log odds", 0.0, 100.0)
    imitation: float = number("drift toward the national mean attraction", "1/day", 0.0, 1.0)
    diffusion_gain: float = number("attraction per unit of a foreign example", "log odds", 0.0, 5.0)
    choice_sharpness: float = number("how sharply crowds agree on the most attractive tactic", "factor", 0.0, 10.0)
    police_learning: float = number("familiarity gained a day against a tactic in full use", "1/day", 0.0, 1.0)
    police_forgetting: float = number("familiarity lost a day", "1/day", 0.0, 1.0)
    novelty_floor: float = fraction("share of exposure left when police have never seen a tactic")


@compiled
def pull(
    attraction: float, weekend_pull: float, big_day: float, sharpness: float, expected_crowd: float, minimum_size: float
) -> float:
    """Weight of a tactic in a locality's choice today; a tactic that needs more people than come is out.

    w = exp(sharpness * (A + weekend_pull * big_day)) if crowd >= minimum else 0     (6d)

    Source: relational repertoires (Tilly 2008); discrete choice with attraction in log odds.

    big_day : float, 0..1, Sunday or strength of a call
    """
    if expected_crowd < minimum_size:
        return 0.0
    return math.exp(sharpness * (attraction + weekend_pull * big_day))


@compiled
def attraction(
    before: float,
    used: float,
    success: float,
    national_mean: float,
    example: float,
    learning: float,
    imitation: float,
    diffusion_gain: float,
) -> float:
    """Attraction of a tactic: own success, imitation of other places, foreign examples.

    A' = A + learning * used * (success - A) + imitation * (mean - A) + diffusion_gain * example     (6e)

    Source: tactical innovation (McAdam 1983); diffusion between movements (travelling-tactics report).

    used : float, 0..1, share of today's action
    """
    learnt = learning * used * (success - before)
    return before + learnt + imitation * (national_mean - before) + diffusion_gain * example


@compiled
def success(
    visibility: float, disruption: float, heard_turnout: float, chance_of_detention: float, aversion: float
) -> float:
    """What a tactic achieved: seen, disruptive, few detained.

    s = visibility * X + disruption - aversion * P(detained)                         (6f)
    """
    return visibility * heard_turnout + disruption - aversion * chance_of_detention


@compiled
def familiarity(before: float, used: float, learning: float, forgetting: float) -> float:
    """How well police know a tactic.

    k' = k + learning * used * (1 - k) - forgetting * (1 - used) * k                 (6g)

    Source: police thrown by unconventional tactics (travelling-tactics report); McAdam (1983).
    """
    return before + learning * used * (1.0 - before) - forgetting * (1.0 - used) * before


@compiled
def effectiveness(exposure: float, familiarity: float, novelty_floor: float, dispersal: float) -> float:
    """How exposed a crowd under this tactic is to each officer.

    e = exposure * (floor + (1 - floor) * k) / (1 + dispersal)                       (6h)
    """
    return exposure * (novelty_floor + (1.0 - novelty_floor) * familiarity) / (1.0 + dispersal)


@compiled
def call_for(localities: Any, tactic_rows: Any, nation: Any, p: Any, big: float, day_share: float) -> None:
    """Stage 5, for a place: the mix of tactics it calls for today."""
    tactics = tactic_rows.size
    big_day = max(big, nation.call)
    sharpness = p.choice_sharpness * nation.coordination
    share = max(day_share, p.called * nation.call)
    for place in range(localities.size.size):
        willing = localities.count[place, PROTESTING] * p.persons_per_agent * share
        total = 0.0
        for tactic in range(tactics):
            row = tactic_rows[tactic]
            total += pull(
                localities.attraction[place, tactic],
                row.weekend_pull,
                big_day,
                sharpness,
                willing,
                row.minimum_size,
            )
            localities.mix[place, tactic] = total
        if total <= 0.0:  # the few there are can hold the least demanding tactic only
            smallest = 0
            for tactic in range(tactics):
                if tactic_rows[tactic].minimum_size < tactic_rows[smallest].minimum_size:
                    smallest = tactic
            for tactic in range(smallest, tactics):
                localities.mix[place, tactic] = 1.0
            total = 1.0
        for tactic in range(tactics):
            localities.mix[place, tactic] /= total


@compiled
def learn(localities: Any, tactics: Any, tactic_rows: Any, nation: Any, p: Any, example_row: Any) -> None:
    """Stage 6: every place learns from its own success, from other places and from abroad; police learn too."""
    places = localities.size.size
    everyone = 0
    for place in range(places):
        for tactic in range(tactics.familiarity.size):
            everyone += localities.crowd[place, tactic]
    for tactic in range(tactics.familiarity.size):
        row = tactic_rows[tactic]
        mean = 0.0
        crowd_in_all = 0
        for place in range(places):
            mean += localities.attraction[place, tactic] / places
            crowd_in_all += localities.crowd[place, tactic]
        for place in range(places):
            crowd = 0
            for other in range(tactics.familiarity.size):
                crowd += localities.crowd[place, other]
            used = localities.crowd[place, tactic] / crowd if crowd > 0 else 0.0
            achieved = success(
                row.visibility, row.disruption, nation.heard_turnout, localities.chance[place, tactic],
                p.detention_aversion,
            )  # fmt: skip
            localities.attraction[place, tactic] = attraction(
                localities.attraction[place, tactic], used, achieved, mean, example_row[tactic], p.tactic_learning,
                p.imitation, p.diffusion_gain,
            )  # fmt: skip
        used_in_all = crowd_in_all / everyone if everyone > 0 else 0.0
        tactics.familiarity[tactic] = familiarity(
            tactics.familiarity[tactic], used_in_all, p.police_learning, p.police_forgetting
        )


MECHANISM = Mechanism(
    title="Tactics that shift by learning",
    parameters={"movement.learning": Learning},
    switches=(
        Switch(
            "tactical_learning",
            about="tactics are learnt from success, imitation and example",
            zero=("tactic_learning", "imitation", "diffusion_gain"),
            without=(
                Ablation(
                    "sum:detained_today / sum:attending",
                    "rises",
                    because="Crowds that do not learn keep to forms that get people detained.",
                ),
            ),
        ),
        Switch(
            "diffusion",
            about="tactics travel from movements abroad",
            zero=("diffusion_gain",),
            without=(Ablation("person_days_of_protest", "falls", because="Movements copy what has served others."),),
        ),
        Switch(
            "police_learning",
            about="police become familiar with tactics",
            zero=("police_learning", "police_forgetting"),
            without=(
                Ablation(
                    "sum:detained_today:2020-09-01..2020-12-18 / sum:attending:2020-09-01..2020-12-18",
                    "falls",
                    because="Police who never learn a new form go on being thrown by it.",
                ),
            ),
        ),
    ),
    state={
        "localities": (
            Column("attraction", "f8", "log odds", "attraction of each tactic", "tactics"),
            Column("mix", "f8", "share", "cumulative share of each tactic in today's action", "tactics"),
        ),
        "tactics": (Column("familiarity", "f8", "share", "how well police know the tactic"),),
    },
    claims=("mt-08", "tt-03", "tt-04", "tt-05", "tt-06", "tt-15", "tt-20", "tt-19"),
    seen=(
        "leading_tactic",
        "attending_tactic_mass_march",
        "attending_tactic_human_chain",
        "attending_tactic_intersection_blockade",
        "attending_tactic_flash_crowd",
        "detained_today",
    ),
)
