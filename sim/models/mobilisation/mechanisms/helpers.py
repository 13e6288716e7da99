"""Helpers who are seen: how much an engaged non-protester counts for those who look at who acts."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Ablation, Mechanism, Switch
from sim.scenario.fields import Section, fraction


class Motive(Section):
    """What is seen of those who help."""

    helper_weight: float = fraction("what one who helps counts for those who see it, of one who protests")


@compiled
def acting(protesters: float, helpers: float, weight: float, each: float) -> float:
    """Share of neighbours, colleagues or ties who act: protesters, and helpers in part.

    a = (P + w_E * E) / n                                                            (3j)

    Source: mobilisation thread: those who bring food and water show protesters that many are with them. What one who
    helps is worth to others has not been measured; studies of peers count those who take part.

    protesters, helpers : float, numbers of others seen (P, E)
    each : float, 1 / n, what one of them is of all
    """
    return (protesters + weight * helpers) * each


MECHANISM = Mechanism(
    title="Helpers who are seen",
    parameters={"people.motive": Motive},
    switches=(
        Switch(
            "helpers_seen",
            about="who helps counts among those who act",
            zero=("helper_weight",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="Help that is seen shows that many are with those in the street, and draws others in.",
                ),
            ),
        ),
    ),
    claims=("mt-11", "mt-13"),
    seen=("engaged", "attending", "crossed"),
)
