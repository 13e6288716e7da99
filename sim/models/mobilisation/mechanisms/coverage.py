"""Coverage: elites weigh in how many places people act."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.sums import total
from sim.models.mobilisation.typed import Localities, Nation, Parameters
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction

ATTENDING = int(Count.ATTENDING)


class News(Section):
    """From which share a place counts as taking part (model stage 3)."""

    coverage_turnout: float = fraction("share of a place's people in action from which it counts as taking part")


class Weight(Section):
    """How elites weigh coverage (model stage 12)."""

    coverage_weight: float = fraction("share of the streets' weight that takes protest in every town")


@compiled
def streets(heard_turnout: float, coverage: float, weight: float) -> float:
    """The streets as the elite weighs them: how many, and in how many of the country's places.

    X' = X * (1 - w + w * coverage)                                                  (12d)

    Source: article on Russia 2022: millions, and no town left out.

    coverage : float, 0..1, share of the population that lives where people act in numbers
    """
    return heard_turnout * (1.0 - weight + weight * coverage)


@compiled
def count(localities: Localities, nation: Nation, p: Parameters) -> None:
    """Stage 3: the share of the population that lives where people acted in numbers yesterday."""
    covered = 0
    for place in range(localities.size.size):
        crowd = localities.count[place, ATTENDING]
        if crowd >= p.coverage_turnout * localities.size[place] and crowd > 0:
            covered += localities.size[place]
    nation.coverage = covered / total(localities.size)


MECHANISM = Mechanism(
    title="Protest in every town, as elites weigh it",
    parameters={"information": News, "elites": Weight},
    switches=(
        Switch(
            "coverage",
            about="elites weigh in how many places people act",
            zero=("coverage_weight",),
            without=(
                Ablation(
                    "min:elite_private",
                    "falls",
                    because="Elites discount streets that are full in a few places only; if they did not, "
                    "more would turn away.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("coverage", "f8", "share", "share of the population that lives where people acted in numbers"),
        ),
    },
    results=(
        Result(
            "coverage",
            FRACTION,
            SHARE,
            of="nation.coverage",
            combine="max",
            group=MOVEMENT,
            label="share of the population living where people act in numbers",
            short="coverage",
            about="share of the population that lives where people act in numbers",
        ),
    ),
    numbers=(
        Result(
            "peak_coverage",
            FRACTION,
            SHARE,
            of="coverage",
            combine="max",
            label="most of the population living where people act in numbers, on one day",
            short="largest coverage",
            about="largest `coverage` of a day",
        ),
    ),
    claims=("ru-17", "ru-18"),
    seen=("coverage", "peak_coverage", "elite_private"),
)
