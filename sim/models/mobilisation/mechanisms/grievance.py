"""Grievance: hardship under a regime that one does not find legitimate."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Mechanism
from sim.models.mobilisation.typed import Array
from sim.scenario.fields import Section, number


class Motive(Section):
    """Weight of grievance."""

    grievance_weight: float = number("weight of grievance, hardship x (1 - legitimacy)", "SD", 0.0, 5.0)


@compiled
def grievance(hardship: float, burden: float, legitimacy: float, concession: float) -> float:
    """Epstein's grievance, less what has been conceded.

    G = min(1, hardship * burden) * (1 - L) * (1 - concession)                       (5a)

    Source: Epstein (2002), equation of grievance; the burden is that of hollowed services (11e).
    """
    return min(1.0, hardship * burden) * (1.0 - legitimacy) * (1.0 - concession)


@compiled
def grievance_motive(grievance: float, weight: float) -> float:
    """Motive of one who is wronged.

    m_G = w_G * G                                                                    (5s)

    Source: Epstein (2002), equation of grievance.
    """
    return weight * grievance


@compiled
def feel(wronged: Array, hardship: Array, believed: Array, burden: float, concession: float) -> None:
    """Stage 5: how wronged each citizen is."""
    for j in range(wronged.size):
        wronged[j] = grievance(np.float64(hardship[j]), burden, np.float64(believed[j]), concession)


@compiled
def move(motive: Array, wronged: Array, weight: float) -> None:
    """Stage 5: the wronged are moved."""
    for j in range(motive.size):
        motive[j] += grievance_motive(wronged[j], weight)


MECHANISM = Mechanism(
    title="Grievance",
    parameters={"people.motive": Motive},
    motive=(grievance_motive,),
    seen=("legitimacy",),
)
