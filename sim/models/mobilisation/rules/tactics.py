"""Tactics: a repertoire that is learnt, travels, and meets police who learn too.

Switches: ``tactical_learning``, ``diffusion``, ``police_learning``.
"""

from __future__ import annotations

import math

from sim.core.jit import compiled


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
