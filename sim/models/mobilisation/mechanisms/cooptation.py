"""Co-optation: a broad movement for which a narrower camp comes to speak."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch, check_name
from sim.models.mobilisation.typed import Array, CampRow, Nation, Rows
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, number


class Cooptation(Section):
    """A narrower camp that comes to speak for a broad movement."""

    camp: str = Field(description="the camp that claims the movement for itself")
    cooptation_rate: float = number(
        "share of the movement's voice it wins a day at full turnout and breadth", "1/day", 0.0, 1.0
    )
    alienation: float = number("motive that the other camps lose when it speaks alone", "SD", 0.0, 5.0)


@compiled
def voice(before: float, turnout: float, breadth: float, rate: float) -> float:
    """Share of the movement's voice that the narrower camp has won.

    k' = k + rate * X * C * (1 - k)                                                  (14d)

    The broader and the larger a movement, the more there is to win.

    Source: class and media thread: other camps will take a broad movement over when it suits them;
    Beissinger (2013) on coalitions whose stated aims are those of a minority.
    """
    return before + rate * turnout * breadth * (1.0 - before)


@compiled
def representation(is_own: float, voice: float, alienation: float) -> float:
    """Motive that a citizen loses when the movement speaks for another camp.

    m = -alienation * k * (1 - own)                                                  (5i)

    Source: class and media thread, as 14d; the form is assumed.

    is_own : 1.0 for citizens of the camp that speaks, else 0.0
    """
    return -alienation * voice * (1.0 - is_own)


@compiled
def move(of_camp: Array, camps: Rows[CampRow], voice: float, alienation: float) -> None:
    """Stage 5: what it takes from the motive of each camp."""
    for camp in range(camps.size):
        of_camp[camp] += representation(camps[camp].own, voice, alienation)


@compiled
def win(nation: Nation, rate: float) -> None:
    """Stage 14: the camp wins voice, the more the larger and broader the movement; a day without action wins none."""
    if nation.turnout > 0.0:
        nation.cooptation = voice(nation.cooptation, nation.heard_turnout, nation.breadth, rate)


def _own(config: Any) -> list[float]:
    return [float(name == config.movement.cooptation.camp) for name in config.people.camps]


def _check(config: Any) -> None:
    at = ("movement", "cooptation", "camp")
    check_name(config.movement.cooptation.camp, config.people.camps, "people.camps", "camp", at)


MECHANISM = Mechanism(
    title="A narrower camp that comes to speak for a broad movement",
    parameters={"movement.cooptation": Cooptation},
    switches=(
        Switch(
            "cooptation",
            about="a narrower camp can come to speak for the movement",
            zero=("cooptation_rate",),
            without=(
                Ablation(
                    "sum:attending_camp_observer",
                    "rises",
                    because="People of other camps stay away from a movement that speaks for one alone.",
                ),
            ),
        ),
    ),
    state={
        "nation": (Column("cooptation", "f8", "share", "share of the movement's voice that a narrower camp has won"),)
    },
    results=(
        Result(
            "cooptation",
            FRACTION,
            SHARE,
            of="nation.cooptation",
            combine="max",
            group=MOVEMENT,
            label="what a narrower camp has won of the movement's voice",
            short="voice won",
            about="share of the movement's voice that a narrower camp has won",
        ),
    ),
    numbers=(
        Result(
            "peak_cooptation",
            FRACTION,
            SHARE,
            of="cooptation",
            combine="max",
            label="most of the movement's voice that a narrower camp has won",
            short="most of the voice won",
            about="largest `cooptation` of a day",
        ),
    ),
    rows={"camps": {"own": _own}},
    motive=(representation,),
    checks=(_check,),
    claims=("cm-12",),
    seen=("cooptation", "attending_camp_observer", "peak_cooptation"),
)
