"""The cross-cleavage coalition: its breadth. Switch: ``coalition``."""

from __future__ import annotations

import math

from sim.core.jit import compiled


@compiled
def entropy_term(rate: float, total: float) -> float:
    """A group's term in the entropy of participation rates.

    h = -(r / sum r) ln(r / sum r)                                                   (14a)

    Rates, not numbers: a coalition is broad when every class takes part alike, whatever its size.
    """
    if rate <= 0.0 or total <= 0.0:
        return 0.0
    part = rate / total
    return -part * math.log(part)


@compiled
def breadth(entropy: float, groups: int) -> float:
    """Normalised entropy, 0 (one class) to 1 (all alike).

    C_k = H / ln K for each cleavage; C is the mean over class, age, camp, settlement and region     (14b)

    Source: Shannon (1948); cross-cleavage coalition of the mobilisation thread (Onuch 2014).
    """
    return entropy / math.log(groups) if groups > 1 else 0.0


@compiled
def effective_groups(entropy: float) -> float:
    """Effective number of classes taking part.

    exp(H)                                                                           (14c)

    Source: Hill (1973), diversity of order 1.
    """
    return math.exp(entropy)
