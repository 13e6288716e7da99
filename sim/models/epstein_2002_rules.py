"""Rules of Epstein's models: who rebels, at which risk, and for how long one is jailed.

    G = H (1 - L)                      grievance: hardship, less legitimacy
    P = 1 - exp(-k C / A)              estimated chance of arrest: cops and active citizens in vision
    active if G - R P > T              R is risk aversion

Source: Epstein (2002), doi:10.1073/pnas.092080199.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import below
from sim.models.epstein_2002_state import Law, Rule

KNOWN = 32
"""Chances of arrest are looked up for fewer cops and active citizens than that."""
LITERAL, FLOOR, ROUND = int(Rule.LITERAL), int(Rule.FLOOR), int(Rule.ROUND)
UNIFORM, WHOLE, FOREVER = int(Law.UNIFORM), int(Law.WHOLE), int(Law.FOREVER)


@compiled
def arrest_chance(cops: Any, actives: Any, rule: int, constant: float) -> float:
    """Estimated chance of arrest, P = 1 - exp(-k C/A); `rule` says how C/A is used (a `Rule`).

    Parameters
    ----------
    cops : int, 0 or more
    actives : int, 1 or more
    constant : float, k
    """
    if rule == LITERAL:
        return 1.0 - math.exp(-constant * (cops / actives))
    if rule == FLOOR:
        return 1.0 - math.exp(-constant * (cops // actives))
    if rule == ROUND:
        return 1.0 - math.exp(-constant * np.rint(cops / actives))
    return 0.99 if cops >= actives else 0.0


@compiled
def chance_table(rule: int, constant: float) -> Any:
    """Return `arrest_chance` by active citizens and cops for small numbers of both, shape (KNOWN, KNOWN)."""
    table = np.zeros((KNOWN, KNOWN))
    for actives in range(1, KNOWN):
        for cops in range(KNOWN):
            table[actives, cops] = arrest_chance(cops, actives, rule, constant)
    return table


@compiled(inline=True, makes_arrays=False)
def rebels(
    hardship: float, aversion: float, illegitimacy: float, cops: Any, actives: Any, rules: Any, chances: Any
) -> Any:
    """Whether a citizen is active: G - R P > T, with G = H (1 - L)."""
    grievance, chance = hardship * illegitimacy, 0.0
    if cops < KNOWN and actives < KNOWN:
        chance = chances[np.uint64(actives), np.uint64(cops)]
    elif grievance > rules.threshold:  # else P does not matter: it makes nobody bolder
        chance = arrest_chance(cops, actives, rules.ratio_rule, rules.arrest_constant)
    return grievance - aversion * chance > rules.threshold


@compiled(makes_arrays=False)
def jail_term(word: Any, law: int, longest: int) -> Any:
    """Draw a term in whole turns from 64 random bits; -1 for ever."""
    if law == UNIFORM:
        return math.ceil((word >> np.uint64(11)) * 2.0**-53 * longest)
    if law == FOREVER:
        return -1
    return below(word, longest + 1 if law == WHOLE else longest)
