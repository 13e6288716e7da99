"""Dispersion: one country of many squares."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.sums import counted
from sim.models.mobilisation.typed import Localities, Nation
from sim.models.results import AMOUNT, FRACTION, SHARE, Result
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
def spread(localities: Localities, nation: Nation) -> None:
    """Stage 8: over how many places today's action is spread; a day without action changes nothing."""
    everyone = counted(localities, ATTENDING)
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
    results=(
        Result(
            "effective_localities",
            "localities",
            AMOUNT,
            of="nation.effective_places",
            combine="max",
            group=MOVEMENT,
            label="effective number of localities in action",
            short="localities in action",
            about="effective number of localities in action, 1 / Σ s², with s a locality's share "
            "of all in action; 0 without action",
        ),
        Result(
            "dispersion",
            FRACTION,
            SHARE,
            of="nation.dispersion",
            combine="max",
            group=MOVEMENT,
            label="chance that two people in action are in different localities",
            short="dispersion",
            about="1 − Σ s²: the chance that two people in action are in different localities",
        ),
    ),
    numbers=(
        Result(
            "peak_effective_localities",
            "localities",
            AMOUNT,
            of="effective_localities",
            combine="max",
            label="largest effective number of localities in action",
            short="effective localities",
            about="largest `effective_localities` of a day",
        ),
    ),
    claims=("mt-01", "mt-02", "tt-03", "ru-01"),
    seen=("effective_localities", "dispersion", "peak_localities", "peak_effective_localities"),
)
