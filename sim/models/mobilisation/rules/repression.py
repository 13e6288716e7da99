"""Repression: who is sent out, and detention, injury and death in contact with police. Switch: ``repression``."""

from __future__ import annotations

import math

from sim.core.jit import compiled


@compiled
def detention_chance(
    aggression: float, contact: float, police: float, effectiveness: float, crowd: float, room: float
) -> float:
    """Chance that a participant is detained: safety in numbers.

    P = aggression * (1 - exp(-contact * K * e / n)) * room                          (8a)

    Source: Epstein (2002), P = 1 - exp(-k C/A), with effectiveness against a tactic and the places left
    in detention.

    police : float, persons, weighted by crowd-control strength
    crowd : float, persons
    room : float, 0..1, share of places of detention that are free
    """
    if crowd <= 0.0:
        return 0.0
    return aggression * (1.0 - math.exp(-contact * police * effectiveness / crowd)) * room


@compiled
def called_out(aggression: float, first: float, whole: float) -> float:
    """Share of a force that the regime sends out, 0..1.

    c = 1 if A >= whole; 0 if A < first; else (A - first) / (whole - first)          (8k)

    A regime holds back forces that it trusts less, or that are meant for the worst, and sends more of them the
    more it is ready for violence. Source: assumption.

    aggression, first, whole : float, 0..1, first <= whole
    """
    if aggression >= whole:
        return 1.0
    if aggression < first:
        return 0.0
    return (aggression - first) / (whole - first)


@compiled
def violent_share(
    aggression: float, anger: float, provocation: float, anger_violence: float, anger_cap: float
) -> float:
    """Share of contact in which the crowd is violent: provocateurs, and anger.

    v = min(1, provocation * aggression + anger_violence * a / cap)                  (8b)

    Source: class and media thread (provocateurs, de-escalation).
    """
    angry = anger / anger_cap if anger_cap > 0.0 else 0.0
    return min(1.0, provocation * aggression + anger_violence * angry)


@compiled
def expected_casualties(detained: float, aggression: float, rate: float) -> float:
    """Expected injured or killed, persons.

    lambda = rate * aggression * detained                                            (8c)
    """
    return rate * aggression * detained


@compiled
def poisson(draw: float, normal: float, mean: float) -> int:
    """A Poisson number of persons: by inversion, or above a mean of 50 by the normal approximation.

    draw : float, 0 <= u < 1
    normal : float, standard normal
    mean : float, >= 0
    """
    if mean <= 0.0:
        return 0
    if mean > 50.0:
        return max(0, math.floor(mean + math.sqrt(mean) * normal + 0.5))
    number = 0
    term = math.exp(-mean)
    total = term
    while draw > total and term > 0.0:
        number += 1
        term *= mean / number
        total += term
    return number


@compiled
def held_days(draw: float, mean: float) -> int:
    """Days in detention, at least one: exponential.

    T = 1 + floor(-(mean - 1/2) * ln(1 - u))                                         (8d)
    """
    return 1 + int(-max(mean - 0.5, 0.0) * math.log(1.0 - draw))
