"""Loyalty: police who doubt, shirk and defect, low ranks first. Switch: ``defection``."""

from __future__ import annotations

import math

from sim.jit import compiled


@compiled
def confrontation(crowd, officers):
    """How much of an officer's day is a crowd.

    x = 1 - exp(-n / K)                                                              (10a)

    crowd, officers : float, persons in the locality
    """
    if officers <= 0.0:
        return 0.0
    return 1.0 - math.exp(-crowd / officers)


@compiled
def loyalty(
    before, former, confronted, aggression, peaceful, kin_share, is_outsider, defections, arrears, guilt, noise,
    recovery, peaceful_doubt, kin_doubt, colleague_doubt, arrears_doubt, violence_cohesion, guilt_cohesion,
):  # fmt: skip
    """An officer's loyalty after today.

    l' = l + recovery * (l0 - l) - c_p * x * A * peaceful - c_k * (1 - outsider) * kin - c_d * D - c_a * arrears
         + c_v * x * (1 - peaceful) + c_g * guilt + noise                            (10b)

    Source: Nepstad (2013) on security-force defection; mobilisation thread on first defections.
    """
    doubt = peaceful_doubt * confronted * aggression * peaceful + kin_doubt * (1.0 - is_outsider) * kin_share
    doubt += colleague_doubt * defections + arrears_doubt * arrears
    cohesion = violence_cohesion * confronted * (1.0 - peaceful) + guilt_cohesion * guilt
    return before + recovery * (former - before) - doubt + cohesion + noise


@compiled
def guilt(before, aggression, risk):
    """Blood on the hands: those who used force on a crowd stay with those who ordered it.

    g' = g + (1 - g) * A * R                                                         (10c)
    """
    return before + (1.0 - before) * aggression * risk


@compiled
def duty_fatigue(before, confronted, gain, rest):
    """Fatigue of duty, 0 to 1.

    d' = d + gain * x * (1 - d) - rest * d                                           (10d)
    """
    return before + gain * confronted * (1.0 - before) - rest * before


@compiled
def defection_chance(loyalty, below, rank, rank_step, rate):
    """Chance that an officer openly defects today.

    p = min(1, rate * max(0, below - rank * step - l))                               (10e)

    Higher ranks have more to lose, so they go later.
    """
    return min(1.0, rate * max(0.0, below - rank * rank_step - loyalty))


@compiled
def shirks(loyalty, below, rank, rank_step):
    """Whether an officer quietly does not act: loyalty below the cut of the rank.                   (10f)"""
    return loyalty < below - rank * rank_step
