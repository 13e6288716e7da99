"""Loyalty: police who doubt, shirk and defect, low ranks first. Switch: ``defection``."""

from __future__ import annotations

import math

from sim.core.jit import compiled


@compiled
def confrontation(crowd: float, officers: float) -> float:
    """How much of an officer's day is a crowd.

    x = 1 - exp(-n / K)                                                              (10a)

    crowd, officers : float, persons in the locality
    """
    if officers <= 0.0:
        return 0.0
    return 1.0 - math.exp(-crowd / officers)


@compiled
def paid_loyalty(former: float, pay: float, arrears: float, pay_loyalty: float) -> float:
    """Loyalty to which an officer returns: what it was, raised or lowered by the pay that arrives.

    l0' = l0 + c_w * (w * (1 - arrears) - 1)                                         (10b)

    Source: Wintrobe (1998): loyalty is bought; the sign only.

    pay : float, relative to the average wage (w)
    """
    return former + pay_loyalty * (pay * (1.0 - arrears) - 1.0)


@compiled
def loyalty(
    before: float,
    former: float,
    confronted: float,
    aggression: float,
    peaceful: float,
    kin_share: float,
    is_outsider: float,
    defections: float,
    arrears: float,
    guilt: float,
    noise: float,
    recovery: float,
    peaceful_doubt: float,
    kin_doubt: float,
    colleague_doubt: float,
    arrears_doubt: float,
    violence_cohesion: float,
    guilt_cohesion: float,
) -> float:
    """An officer's loyalty after today.

    l' = l + recovery * (l0 - l) - c_p * x * A * peaceful - c_k * (1 - outsider) * kin - c_d * D - c_a * arrears
         + c_v * x * (1 - peaceful) + c_g * guilt + noise                            (10c)

    Source: Nepstad (2013) on security-force defection; mobilisation thread on first defections.
    """
    doubt = peaceful_doubt * confronted * aggression * peaceful + kin_doubt * (1.0 - is_outsider) * kin_share
    doubt += colleague_doubt * defections + arrears_doubt * arrears
    cohesion = violence_cohesion * confronted * (1.0 - peaceful) + guilt_cohesion * guilt
    return before + recovery * (former - before) - doubt + cohesion + noise


@compiled
def guilt(before: float, aggression: float, risk: float) -> float:
    """Blood on the hands: those who used force on a crowd stay with those who ordered it.

    g' = g + (1 - g) * A * R                                                         (10d)
    """
    return before + (1.0 - before) * aggression * risk


@compiled
def duty_fatigue(before: float, confronted: float, gain: float, rest: float) -> float:
    """Fatigue of duty, 0 to 1.

    d' = d + gain * x * (1 - d) - rest * d                                           (10e)
    """
    return before + gain * confronted * (1.0 - before) - rest * before


@compiled
def defection_chance(loyalty: float, below: float, rank: float, rank_step: float, rate: float) -> float:
    """Chance that an officer openly defects today.

    p = min(1, rate * max(0, below - rank * step - l))                               (10f)

    Higher ranks have more to lose, so they go later.
    """
    return min(1.0, rate * max(0.0, below - rank * rank_step - loyalty))


@compiled
def gives_way(loyalty: float, below: float, rank: float, rank_step: float) -> bool:
    """Whether an officer's loyalty is below the cut of a form of disloyalty, the first of which is to shirk.

    l < below - rank * step                                                          (10g)

    The same cut, set lower, tells who criticises in public, and who of those that leave changes sides.

    Source: Hirschman (1970): loyalty, voice, exit; Nepstad (2013).
    """
    return loyalty < below - rank * rank_step
