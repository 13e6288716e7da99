"""The regime's reaction: shock, restraint, routine. Switches: ``restraint``, ``shutdown``, ``patron``, ``defiance``."""

from __future__ import annotations

import math

from sim.core.jit import compiled


@compiled
def threat(heard_turnout: float, alert: float) -> float:
    """Threat as the regime perceives it: the streets, or an alarm of its own.

    T = max(X, alert)                                                                (13a)

    Source: Davenport (2007), the law of coercive responsiveness.
    """
    return max(heard_turnout, alert)


@compiled
def wanted_aggression(
    threat: float,
    remembered_turnout: float,
    street_capacity: float,
    anger: float,
    heard_turnout: float,
    disloyal: float,
    base: float,
    gain: float,
    backlash_restraint: float,
    defection_restraint: float,
    possible: float,
) -> float:
    """Aggression the regime wants: it answers threat, and holds back before crowds it cannot master.

    A* = base + gain * T * exp(-100 y / c) / (1 + r_b * a * X + r_d * disloyal)      (13b)

    Source: coercive responsiveness with a limit of capacity (Lichbach 1987; Ritter & Conrad 2016);
    repression is rarer at larger events (Mass Mobilization data).

    remembered_turnout : float, 0..1, share of the population (y)
    street_capacity : float, percent of the population (c)
    possible : 1.0, or 0.0 when restraint is switched off
    """
    if possible <= 0.0:
        return min(1.0, base + gain * threat)
    mastered = math.exp(-100.0 * remembered_turnout / street_capacity)
    held_back = 1.0 + backlash_restraint * anger * heard_turnout + defection_restraint * disloyal
    return min(1.0, base + gain * threat * mastered / held_back)


@compiled
def approach(before: float, wanted: float, speed: float) -> float:
    """Orders take time to be carried out.

    A' = A + speed * (A* - A)                                                        (13c)
    """
    return before + speed * (wanted - before)


@compiled
def commanded(own: float, order: float) -> float:
    """Aggression as it is ordered from above, if it is; otherwise as the regime's rule has it.

    A' = order  if order > 0, else A'                                                (13g)

    Source: orders of the day, such as the order to clear the streets on election night.
    """
    return order if order > 0.0 else own


@compiled
def shutdown_policy(threat: float, big_day: float, threshold: float, readiness: float) -> float:
    """Share of the internet that the regime cuts by its own choice.

    s = readiness * T * big_day  if T >= threshold                                   (13d)

    big_day : float, 0..1, Sunday or strength of a call for tomorrow
    """
    return readiness * threat * big_day if threat >= threshold else 0.0


@compiled
def lost_pillars(loyal_share: float, elite_public: float, arrears: float) -> float:
    """Mean share of coercion, elite support and money that is gone.

    Z = ((1 - loyal) + (1 - elites) + arrears) / 3                                   (13e)
    """
    return (1.0 - loyal_share + 1.0 - elite_public + arrears) / 3.0


@compiled
def concession(before: float, ordered: float, lost: float, speed: float, defiance: float) -> float:
    """What the regime concedes: by order, or because its pillars give way.

    k' = max(ordered, k + speed * (1 - defiance) * Z * (1 - k))                      (13f)

    Source: travelling-tactics report on a ruler who defies the crowd and ties the nation's fate to his own.
    """
    return max(ordered, before + speed * (1.0 - defiance) * lost * (1.0 - before))
