"""The weekly rhythm: the day on which people expect one another, learnt from where crowds were."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.sums import largest
from sim.models.mobilisation.typed import Array, Localities, Nation, Parameters
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number

ATTENDING = int(Count.ATTENDING)
WEEK = 7


class Rhythm(Section):
    """How people come to expect one another on a day of the week."""

    rhythm_learning: float = fraction("how far last week's crowd replaces the crowd expected on that weekday")
    rhythm_sharpness: float = number("how sharply people agree on the day with the largest crowd", "factor", 1.0, 10.0)
    habit: float = number("calls a head that are as good as knowing that all expect one another", "calls", 0.0, 10.0)
    custom: float = fraction("crowd expected on the big day before the first, as a share of the population")


@compiled
def expectation(before: float, crowd: float, learning: float) -> float:
    """Crowd that people of a place expect on a weekday.

    E' = E + learning * (N - E)                                                      (6p)

    Source: weekly marches as a series of signals from which people learn whom to expect (Lohmann 1994).

    crowd : float, persons, on this weekday (N)
    """
    return before + learning * (crowd - before)


@compiled
def prominence(expected: float, noticed: float, free: float, sharpness: float) -> float:
    """Weight of a weekday in the choice of a day, of which a crowd just noticed on a free day has 1.

    a = (t * E / E_0)^sharpness                                                      (6q)

    Source: assumption, in the sense of Schelling (1960).

    expected, noticed : float, persons (E, E_0)
    free : float, 0..1, time that people have on this weekday, of that on the freest (t)
    """
    weight: float = (free * expected / noticed) ** sharpness
    return weight


@compiled
def focus(prominent: float, all_days: float) -> float:
    """How far a weekday is the day on which people expect one another.

    phi = a / (1 + sum of a over the week)                                           (6r)

    A day that all know of needs no call. In a week without a crowd that is noticed there is none.

    Source: Schelling (1960), focal points; Chwe (2001), common knowledge; Lohmann (1994), the Mondays of Leipzig.

    prominent, all_days : float, of this day and of the whole week, equation 6q
    """
    return prominent / (1.0 + all_days)


@compiled
def expect(localities: Localities, nation: Nation, p: Parameters, week_share: Array) -> None:
    """Stage 2: whether today, and whether tomorrow, is a day on which people expect one another.

    week_share : array of float64, shape (7,), share of the willing who have time, from the weekday of the first day on
    """
    today = nation.day % WEEK
    tomorrow = (nation.day + 1) % WEEK
    here, next_day, whole, freest = 0.0, 0.0, 0.0, largest(week_share)
    for weekday in range(WEEK):
        expected = 0.0
        for place in range(localities.size.size):
            expected += np.float64(localities.expected[place, weekday])
        free = week_share[weekday] / freest if freest > 0.0 else 1.0
        prominent = prominence(expected, p.turnout_low, free, p.rhythm_sharpness)
        whole += prominent
        if weekday == today:
            here = prominent
        if weekday == tomorrow:
            next_day = prominent
    nation.focus = p.rhythm_possible * focus(here, whole)
    nation.focus_tomorrow = p.rhythm_possible * focus(next_day, whole)


@compiled
def remember(localities: Localities, nation: Nation, p: Parameters) -> None:
    """Stage 6: today's crowds, as they will be expected in a week."""
    weekday = nation.day % WEEK
    for place in range(localities.size.size):
        crowd = localities.count[place, ATTENDING] * p.persons_per_agent
        before = np.float64(localities.expected[place, weekday])
        localities.expected[place, weekday] = expectation(before, crowd, p.rhythm_learning)


MECHANISM = Mechanism(
    title="A weekly rhythm that is learnt",
    parameters={"movement.rhythm": Rhythm},
    switches=(
        Switch(
            "rhythm",
            about="people learn on which day of the week to expect one another",
            zero=("rhythm_possible",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="A day on which all expect one another brings out those who would not come alone.",
                ),
            ),
        ),
    ),
    state={
        "localities": (Column("expected", "f8", "persons", "crowd expected on each day of the week", "week"),),
        "nation": (
            Column("focus", "f8", "0..1", "how far today is the day on which people expect one another"),
            Column("focus_tomorrow", "f8", "0..1", "the same of tomorrow"),
        ),
    },
    results=(
        Result(
            "focus",
            FRACTION,
            LEVEL,
            of="nation.focus",
            combine="max",
            group=MOVEMENT,
            label="how far the day is one on which people expect one another",
            short="focal day",
            about="1 if all crowds of the last weeks came on this weekday, 0 if none did",
        ),
    ),
    claims=("mt-09", "tt-05"),
    seen=("focus", "attending"),
)
