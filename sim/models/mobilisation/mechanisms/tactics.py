"""Tactics: a repertoire that is learnt, travels, and meets police who learn too."""

from __future__ import annotations

import math

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Array, Localities, Nation, Parameters, Rows, TacticRow, Tactics
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number

PROTESTING = int(Count.PROTESTING)
WEEK = 7


class Learning(Section):
    """How tactics are learnt, by the movement and by the police."""

    tactic_learning: float = number("weight of today's success in a tactic's attraction", "1/day", 0.0, 1.0)
    crowd_reward: float = number("attraction of a tactic under which a place's crowd doubles", "log odds", 0.0, 10.0)
    detention_aversion: float = number("attraction lost per share detained", "log odds", 0.0, 100.0)
    imitation: float = number("drift toward the national mean attraction", "1/day", 0.0, 1.0)
    diffusion_gain: float = number("attraction per unit of a foreign example", "log odds", 0.0, 5.0)
    choice_sharpness: float = number("how sharply crowds agree on the most attractive tactic", "factor", 0.0, 10.0)
    police_learning: float = number("familiarity gained a day against a tactic in full use", "1/day", 0.0, 1.0)
    police_forgetting: float = number("familiarity lost a day", "1/day", 0.0, 1.0)
    novelty_floor: float = fraction("share of exposure left when police have never seen a tactic")


@compiled
def leaning(
    attraction: float, call_pull: float, call: float, sharpness: float, expected_crowd: float, minimum_size: float
) -> float:
    """How much a locality leans to a tactic today; a tactic that needs more people than come is out.

    h = sharpness * (A + call_pull * c) if crowd >= minimum else -infinity  (6d)

    Source: relational repertoires (Tilly 2008); discrete choice with attraction in log odds.

    call : float, 0..1, share of people whom a call for today reaches (c)
    """
    if expected_crowd < minimum_size:
        return -math.inf
    return sharpness * (attraction + call_pull * call)


@compiled
def pull(leaning: float, strongest: float) -> float:
    """Weight of a tactic in a locality's choice, of which the strongest has 1.

    w = exp(h - max h)                                                               (6m)

    Source: McFadden (1974).

    Shares of weights are those of exp(h), the logit model of discrete choice (McFadden 1974), and stay numbers
    however strong or weak all leanings are.

    strongest : float, the largest leaning of the locality, not infinite
    """
    return math.exp(leaning - strongest)


@compiled
def attraction(
    before: float,
    used: float,
    tradition: float,
    success: float,
    national_mean: float,
    example: float,
    learning: float,
    imitation: float,
    diffusion_gain: float,
) -> float:
    """Attraction of a tactic: own success, imitation of other places, foreign examples.

    A' = A + learning * used * (A_0 + s - A) + imitation * (mean - A) + diffusion_gain * example     (6e)

    So a tactic that neither gains nor costs returns, as it is used, to what tradition makes of it.

    Source: tactical innovation (McAdam 1983); repertoires are inherited (Tilly 2008); diffusion between movements
    (travelling-tactics report).

    used : float, 0..1, share of the place's action today
    tradition : float, log odds, attraction on the first day (A_0)
    success : float, log odds, in the place itself, equation 6f
    """
    learnt = learning * used * (tradition + success - before)
    return before + learnt + imitation * (national_mean - before) + diffusion_gain * example


@compiled
def growth(crowd: float, before: float, noticed: float) -> float:
    """How a place's crowd stands against that of the same weekday a week ago, in doublings, -3 to 3.

    g = log2((N + N_0) / (N_7 + N_0)), clipped to -3..3                              (6n)

    Source: assumption.

    Weeks are compared, because Sundays and working days cannot be.

    crowd, before, noticed : float, persons, today, a week ago, and the crowd that is just noticed (N_0)
    """
    return min(max(math.log2((crowd + noticed) / (before + noticed)), -3.0), 3.0)


@compiled
def success(growth: float, chance_of_detention: float, reward: float, aversion: float) -> float:
    """What a tactic achieved in a place: its crowd grew, few were detained.

    s = reward * g - aversion * P(detained)                                          (6f)

    Source: tactics are kept as they win adherents and are given up as authorities learn to meet them (McAdam 1983);
    what works elsewhere is imitated (6e).

    growth : float, doublings of the place's own crowd in a week, equation 6n
    chance_of_detention : float, 0..1, in this place and tactic
    """
    return reward * growth - aversion * chance_of_detention


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

    Source: travelling-tactics report on police thrown by forms they do not know; the form is assumed.
    """
    return exposure * (novelty_floor + (1.0 - novelty_floor) * familiarity) / (1.0 + dispersal)


@compiled
def call_for(
    localities: Localities, tactic_rows: Rows[TacticRow], nation: Nation, p: Parameters, day_share: float
) -> None:
    """Stage 5, for a place: the mix of tactics it calls for today."""
    tactics = tactic_rows.size
    sharpness = p.choice_sharpness * nation.coordination
    share = max(day_share, p.called * nation.call)
    for place in range(localities.size.size):
        willing = localities.count[place, PROTESTING] * p.persons_per_agent * share
        strongest = -math.inf
        for tactic in range(tactics):
            row = tactic_rows[tactic]
            leans = leaning(
                localities.attraction[place, tactic],
                row.call_pull,
                nation.call,
                sharpness,
                willing,
                row.minimum_size,
            )
            localities.mix[place, tactic] = leans
            strongest = max(strongest, leans)
        total = 0.0
        if strongest > -math.inf:
            for tactic in range(tactics):
                total += pull(localities.mix[place, tactic], strongest)
                localities.mix[place, tactic] = total
        else:  # the few there are can hold the least demanding tactic only
            smallest = 0
            for tactic in range(tactics):
                if tactic_rows[tactic].minimum_size < tactic_rows[smallest].minimum_size:
                    smallest = tactic
            for tactic in range(tactics):
                localities.mix[place, tactic] = 1.0 if tactic >= smallest else 0.0
            total = 1.0
        for tactic in range(tactics):
            localities.mix[place, tactic] /= total


@compiled
def learn(
    localities: Localities,
    tactics: Tactics,
    tactic_rows: Rows[TacticRow],
    nation: Nation,
    p: Parameters,
    example_row: Array,
) -> None:
    """Stage 6: every place learns from its own success, from other places and from abroad; police learn too."""
    places = localities.size.size
    everyone = 0
    weekday = nation.day % WEEK
    for place in range(places):
        crowd = 0
        for tactic in range(tactics.familiarity.size):
            crowd += localities.crowd[place, tactic]
        everyone += crowd
        persons = crowd * p.persons_per_agent
        a_week_ago = np.float64(localities.week_crowd[place, weekday])
        localities.grown[place] = growth(persons, a_week_ago, p.crowd_low)
        localities.week_crowd[place, weekday] = persons
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
                localities.grown[place], localities.chance[place, tactic], p.crowd_reward, p.detention_aversion
            )
            localities.attraction[place, tactic] = attraction(
                localities.attraction[place, tactic], used, row.initial_attraction, achieved, mean,
                example_row[tactic], p.tactic_learning, p.imitation, p.diffusion_gain,
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
            inputs=("examples",),
            zero=("diffusion_gain",),
            without=(Ablation("person_days_of_protest", "falls", because="Movements copy what has served others."),),
        ),
        Switch(
            "police_learning",
            about="police become familiar with tactics",
            zero=("police_learning",),
            without=(
                Ablation(
                    "sum:detained_today:2020-09-01..2020-12-18 / sum:attending:2020-09-01..2020-12-18",
                    "falls",
                    because="Police who never learn a new form go on being thrown by it.",
                ),
            ),
        ),
        Switch(
            "police_forgetting",
            about="police forget tactics that are out of use",
            zero=("police_forgetting",),
            without=(
                Ablation(
                    "sum:detained_today:2020-09-01..2020-12-18 / sum:attending:2020-09-01..2020-12-18",
                    "rises",
                    because="A form that is out of use for long is new to police once more, if they forget.",
                ),
            ),
        ),
    ),
    state={
        "localities": (
            Column("attraction", "f8", "log odds", "attraction of each tactic", "tactics"),
            Column("mix", "f8", "share", "cumulative share of each tactic in today's action", "tactics"),
            Column("week_crowd", "f8", "persons", "crowd of each of the last seven days, by day of the run", "week"),
            Column("grown", "f8", "doublings", "today's crowd against that of a week ago"),
        ),
        "tactics": (Column("familiarity", "f8", "share", "how well police know the tactic"),),
    },
    results=(
        Result(
            "disruption",
            FRACTION,
            LEVEL,
            of="nation.disruption",
            combine="mean",
            group=MOVEMENT,
            label="how disruptive crowds are",
            short="disruption",
            about="mean over tactics of how much they disrupt, by their share of all who are in action",
        ),
    ),
    claims=("mt-08", "tt-03", "tt-04", "tt-05", "tt-06", "tt-15", "tt-20", "tt-19"),
    seen=(
        "leading_tactic",
        "disruption",
        "attending_tactic_mass_march",
        "attending_tactic_human_chain",
        "attending_tactic_intersection_blockade",
        "attending_tactic_flash_crowd",
        "detained_today",
    ),
)
