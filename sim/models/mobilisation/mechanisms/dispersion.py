"""Dispersion: one country of many squares."""

from __future__ import annotations

from typing import Any

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.scenario.fields import Section, fraction

ATTENDING = int(Count.ATTENDING)


class Overstretch(Section):
    """What dispersed crowds cost the police (model stage 8)."""

    overstretch: float = fraction("share of mobile forces lost on the roads when crowds are in countless places")


@compiled
def dispersion(sum_of_squares: float) -> float:
    """How far action is spread over places, from 0 (one place) toward 1 (countless places).

    D = 1 - sum s_l^2, with s_l the place's share of all in action                   (8e)

    Source: Simpson (1949) and Herfindahl; mobilisation thread on gathering in many places at once.
    """
    return 1.0 - sum_of_squares


@compiled
def effective_places(sum_of_squares: float) -> float:
    """Effective number of places in which people act.

    N = 1 / sum s_l^2                                                                (8f)

    Source: Laakso & Taagepera (1979); Hill (1973), diversity of order 2.
    """
    return 1.0 / sum_of_squares if sum_of_squares > 0.0 else 0.0


@compiled
def within_reach(pool: float, dispersion: float, overstretch: float) -> float:
    """Mobile forces that reach a crowd when crowds are in many places.

    K' = K * (1 - overstretch * D)                                                   (8g)

    Source: mobilisation thread: movements without a centre are harder to put down.
    """
    return pool * (1.0 - overstretch * dispersion)


@compiled
def spread(localities: Any, nation: Any) -> None:
    """Stage 8: over how many places today's action is spread; a day without action changes nothing."""
    everyone = 0
    for place in range(localities.size.size):
        everyone += localities.count[place, ATTENDING]
    if everyone == 0:
        return
    squares = 0.0
    for place in range(localities.size.size):
        squares += (localities.count[place, ATTENDING] / everyone) ** 2
    nation.dispersion, nation.effective_places = dispersion(squares), effective_places(squares)


MECHANISM = Mechanism(
    title="Dispersed protest, larger than any one square shows",
    parameters={"police.detention": Overstretch},
    switches=(
        Switch(
            "dispersion",
            about="crowds in many places overstretch mobile forces",
            zero=("overstretch",),
            without=(
                Ablation(
                    "sum:detained_today / sum:attending",
                    "rises",
                    because="Crowds in many places keep mobile forces on the road; without that, more of "
                    "those who come are taken.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("dispersion", "f8", "share", "how far action was spread over places"),
            Column("effective_places", "f8", "count", "effective number of places in which people acted"),
        ),
    },
    claims=("mt-01", "mt-02", "tt-03", "ru-01"),
    seen=("effective_localities", "dispersion", "peak_localities", "peak_effective_localities"),
)
