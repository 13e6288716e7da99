"""War at home: call-ups, rallying, flight, volunteers. Switches: ``war``, ``volunteers``, ``cyber``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def rallied(legitimacy: float, war: float, television: float, rally: float) -> float:
    """Belief in the regime of those who see the war on state television.

    L' = L + rally * war * tv * (1 - L)                                              (4i)

    Source: Mueller (1970), the rally round the flag.

    television : float, 0..1, trust in state television of one who watches it, else 0
    """
    return legitimacy + rally * war * television * (1.0 - legitimacy)


@compiled
def leaving_chance(war: float, legitimacy: float, fear: float, fear_cap: float, rate: float) -> float:
    """Chance that a citizen leaves the country today because of the war.

    p = rate * war * (1 - L) * f / cap                                               (8h)

    Source: article on Russia 2022; Hirschman (1970): exit instead of voice.
    """
    if fear_cap <= 0.0:
        return 0.0
    return rate * war * (1.0 - legitimacy) * fear / fear_cap


@compiled
def joining_chance(call: float, legitimacy: float, anger: float, anger_cap: float, rate: float) -> float:
    """Chance that one who acts already leaves today to fight the regime as a volunteer.

    p = rate * call * (1 - L) * a / cap                                              (8i)

    Source: article on Russia 2022 on foreign legions.
    """
    if anger_cap <= 0.0:
        return 0.0
    return rate * call * (1.0 - legitimacy) * anger / anger_cap


@compiled
def bound(away: float, volunteers: float, bind: float) -> float:
    """Share of mobile forces that a war keeps elsewhere, with the volunteers who fight them.

    b = min(1, away + bind * volunteers)                                             (8j)

    volunteers : float, per 100,000 people
    """
    return min(1.0, away + bind * volunteers)


@compiled
def damage(before: float, attack: float, recovery: float) -> float:
    """Damage to the state's computers after today.

    y' = max(attack, (1 - recovery) * y)                                             (2e)

    Source: article on Russia 2022 on attacks on state media and offices.
    """
    return max(attack, (1.0 - recovery) * before)
