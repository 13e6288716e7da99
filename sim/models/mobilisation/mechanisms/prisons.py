"""Prisons: terms, places, how prisoners are treated, release and exile."""

from __future__ import annotations

import math

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import drawn
from sim.models.mobilisation.codes import Count, Role
from sim.models.mobilisation.mechanism import Column, Mechanism
from sim.models.mobilisation.mechanisms.anger import released
from sim.models.mobilisation.typed import Citizens, Kin, Localities, Nation, Neighbourhoods, Parameters
from sim.scenario.fields import Section, fraction, number

SENTENCE = 9
HELD, FREED, ABROAD = int(Count.IN_DETENTION), int(Count.RELEASED), int(Count.EXILED)
BYSTANDER, IMPRISONED, EXILED = int(Role.BYSTANDER), int(Role.DETAINED), int(Role.EXILED)
LONGEST_TERM = 32_000
"""Days; what a 16-bit counter holds."""


class Prisons(Section):
    """What happens to those who are caught (model stage 8)."""

    held_days: float = number("mean days of a short detention", "days", 1.0, 60.0)
    prison_share: float = fraction("share of the detained who are sent to prison")
    prison_days: float = number("mean days of a prison term", "days", 1.0, 5000.0)
    places: float = number("places of detention in the whole country", "persons", 1.0, 1e7)
    exile: float = fraction("share of the released who leave the country")


class Effects(Section):
    """What events do to prisoners."""

    amnesty: float = number("share of short-term prisoners released on the day", "share", 0.0, 1.0, default=0.0)


@compiled
def held_days(draw: float, mean: float) -> int:
    """Days in detention, at least one: exponential.

    T = 1 + floor(-(mean - 1/2) * ln(1 - u))                                         (8d)

    Source: assumption: terms are exponential.
    """
    return 1 + int(-max(mean - 0.5, 0.0) * math.log(1.0 - draw))


@compiled
def room(held: float, places: float) -> float:
    """Share of the places of detention that are free.

    room = max(0, 1 - held / places)                                                 (8n)

    Source: assumption; full prisons were reported, and detention slows as they fill.

    held, places : float, persons
    """
    return max(0.0, 1.0 - held / places)


@compiled
def abuse(before: float, held: float, aggression: float, taken: float) -> float:
    """Mean aggression under which those now in detention were taken.

    b' = (b * held + A * taken) / (held + taken)                                     (8o)

    Source: mobilisation thread: how prisoners are treated follows the orders of the day on which they are taken.

    held, taken : float, prisoners of before, and those taken today
    """
    return (before * held + aggression * taken) / (held + taken) if held + taken > 0.0 else before


@compiled
def kin_group(neighbourhoods: Neighbourhoods, home: int, citizen: int, size: int) -> int:
    """Return the kin group of a citizen."""
    return int(neighbourhoods.kin_first[home] + (citizen - neighbourhoods.first[home]) // size)


@compiled
def take_in(
    c: Citizens, neighbourhoods: Neighbourhoods, kin: Kin, localities: Localities, p: Parameters, citizen: int,
    place: int, u_prison: float, u_days: float,
) -> None:  # fmt: skip
    """Stage 8: one more in detention, for days or for a term.

    u_prison, u_days : float, 0..1, draws
    """
    home = c.neighbourhood[citizen]
    c.role[citizen] = IMPRISONED
    c.imprisoned[citizen] = 1 if u_prison < p.prison_share else 0
    mean = p.prison_days if c.imprisoned[citizen] else p.held_days
    c.days_left[citizen] = min(held_days(u_days, mean), LONGEST_TERM)
    localities.count[place, HELD] += 1
    neighbourhoods.in_detention[home] += 1
    kin.in_detention[kin_group(neighbourhoods, home, citizen, int(p.kin_group))] += 1


@compiled
def let_out(
    c: Citizens, neighbourhoods: Neighbourhoods, kin: Kin, localities: Localities, p: Parameters, citizen: int,
    place: int,
) -> None:  # fmt: skip
    """Stage 8: one less in detention."""
    home = c.neighbourhood[citizen]
    localities.count[place, HELD] -= 1
    neighbourhoods.in_detention[home] -= 1
    kin.in_detention[kin_group(neighbourhoods, home, citizen, int(p.kin_group))] -= 1


@compiled
def release(
    c: Citizens,
    neighbourhoods: Neighbourhoods,
    kin: Kin,
    localities: Localities,
    nation: Nation,
    p: Parameters,
    amnesty: float,
    seed: int,
) -> None:
    """Stage 8: prisoners whose days are over come home, angry; some leave the country."""
    for i in range(c.role.size):
        if c.role[i] != IMPRISONED:
            continue
        home = c.neighbourhood[i]
        place = neighbourhoods.locality[home]
        number = i - localities.first[place]
        _, _, u_exile, u_amnesty = drawn(seed ^ localities.key[place], SENTENCE, nation.day, number)
        c.days_left[i] -= 1
        pardoned = c.imprisoned[i] == 0 and u_amnesty < amnesty
        if c.days_left[i] > 0 and not pardoned:
            continue
        let_out(c, neighbourhoods, kin, localities, p, i, place)
        localities.count[place, FREED] += 1
        c.anger[i] = released(np.float64(c.anger[i]), nation.abuse, p.release_anger, p.anger_cap)
        c.role[i] = BYSTANDER
        if u_exile < p.exile:
            c.role[i] = EXILED
            localities.count[place, ABROAD] += 1


MECHANISM = Mechanism(
    title="Prisoners",
    parameters={"police.detention": Prisons, "events.*.effects": Effects},
    state={
        "citizens": (
            Column("days_left", "i2", "days", "days until release, for the detained"),
            Column("imprisoned", "u1", "flag", "serving a prison term, not a short detention"),
        ),
        "neighbourhoods": (Column("in_detention", "i4", "agents", "residents in detention"),),
        "kin": (Column("in_detention", "u2", "agents", "members in detention"),),
        "nation": (Column("abuse", "f8", "share", "mean aggression under which today's prisoners were taken"),),
    },
    pulses=("amnesty",),
    streams={SENTENCE: "amnesty, and exile on release"},
    claims=("mt-05", "tt-17", "tt-18"),
    seen=("in_detention", "detained_today", "anger"),
)
