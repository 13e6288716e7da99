"""War at home: call-ups, rallying, flight, volunteers."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import drawn
from sim.models.mobilisation.codes import Count, Role
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.sums import counted, total
from sim.models.mobilisation.typed import Citizens, Lever, Localities, Nation, Parameters
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, number

WAR = 20
BYSTANDER, DETAINED, EXILED, VOLUNTEER = (
    int(role) for role in (Role.BYSTANDER, Role.DETAINED, Role.EXILED, Role.VOLUNTEER)
)
VOLUNTEERS = int(Count.VOLUNTEERS)
PER = 100_000.0
"""Persons to whom volunteers are related."""


class War(Section):
    """What a war does at home (model stages 1, 4 and 8)."""

    conscription_anger: float = number("anger gained a day under a full call-up", "1/day", 0.0, 1.0)
    rally: float = number("belief gained a day by viewers of state TV under full war", "1/day", 0.0, 1.0)
    emigration: float = number("chance a day that one opposed and afraid leaves, under full war", "1/day", 0.0, 1.0)
    volunteering: float = number("chance a day that one fully angry leaves to fight, at a full call", "1/day", 0.0, 1.0)
    legion_bind: float = number("share of mobile forces bound per volunteers", "share per 100,000 people", 0.0, 1.0)


class Effects(Section):
    """What a war does."""

    police_away: float = number("share of mobile forces bound elsewhere", "share", 0.0, 1.0, default=0.0)
    war: float = number("strength of a war the regime wages", "share", 0.0, 1.0, default=0.0)
    conscription: float = number("strength of a call-up", "share", 0.0, 1.0, default=0.0)
    legion_call: float = number("strength of a call for volunteers against the regime", "share", 0.0, 1.0, default=0.0)


@compiled
def rallied(legitimacy: float, war: float, television: float, rally: float) -> float:
    """Belief in the regime of those who see the war on state television.

    L' = L + rally * war * tv * (1 - L)                                              (4i)

    Source: Mueller (1970), the rally round the flag.

    television : float, 0..1, trust in state television of one who watches it, else 0
    """
    return legitimacy + rally * war * television * (1.0 - legitimacy)


@compiled
def leaving_chance(war: float, legitimacy: float, fear: float, fear_cap: float, rate: float) -> float:
    """Chance that a citizen leaves the country today because of the war.

    p = rate * war * (1 - L) * f / cap                                               (8h)

    Source: article on Russia 2022; Hirschman (1970): exit instead of voice.

    war, legitimacy : float, 0..1
    fear : float, 0..fear_cap, SD
    """
    if fear_cap <= 0.0:
        return 0.0
    return rate * war * (1.0 - legitimacy) * fear / fear_cap


@compiled
def joining_chance(call: float, legitimacy: float, anger: float, anger_cap: float, rate: float) -> float:
    """Chance that one who acts already leaves today to fight the regime as a volunteer.

    p = rate * call * (1 - L) * a / cap                                              (8i)

    Source: article on Russia 2022 on foreign legions.

    call, legitimacy : float, 0..1
    anger : float, 0..anger_cap, SD
    """
    if anger_cap <= 0.0:
        return 0.0
    return rate * call * (1.0 - legitimacy) * anger / anger_cap


@compiled
def bound(away: float, volunteers: float, bind: float) -> float:
    """Share of mobile forces that a war keeps elsewhere, with the volunteers who fight them.

    b = min(1, away + bind * volunteers)                                             (8j)

    Source: article on Russia 2022; the form is assumed.

    away : float, 0..1, share of mobile forces that events send elsewhere
    volunteers : float, per 100,000 people
    """
    return min(1.0, away + bind * volunteers)


@compiled
def wage(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 1: today's war, the call for volunteers, and the forces that are bound elsewhere."""
    nation.war = lever.war
    nation.legion_call = lever.legion_call
    nation.police_bound = bound(p.war_possible * lever.police_away, nation.volunteers, p.legion_bind)


@compiled
def count_volunteers(localities: Localities, nation: Nation) -> None:
    """Stage 3: how many are away to fight."""
    nation.volunteers = counted(localities, VOLUNTEERS) / total(localities.size) * PER


@compiled
def leave(c: Citizens, localities: Localities, nation: Nation, p: Parameters, seed: int) -> None:
    """Stage 8: some of the afraid leave the country, some who act leave to fight; they are missed from tomorrow."""
    if nation.war * p.emigration <= 0.0 and nation.legion_call * p.volunteering <= 0.0:
        return
    for place in range(localities.size.size):
        key, first = seed ^ localities.key[place], localities.first[place]
        for i in range(first, first + localities.size[place]):
            role = c.role[i]
            if role >= DETAINED:
                continue
            believed = np.float64(c.legitimacy[i])
            leaves = leaving_chance(nation.war, believed, np.float64(c.fear[i]), p.fear_cap, p.emigration)
            joins = 0.0
            if role != BYSTANDER:
                joins = joining_chance(
                    nation.legion_call, believed, np.float64(c.anger[i]), p.anger_cap, p.volunteering
                )
            if leaves <= 0.0 and joins <= 0.0:
                continue
            u_leaves, u_joins, _, _ = drawn(key, WAR, nation.day, i - first)
            if u_joins < joins:
                c.role[i] = VOLUNTEER
            elif u_leaves < leaves:
                c.role[i] = EXILED


MECHANISM = Mechanism(
    title="War at home, and volunteers for the other side",
    parameters={"war": War, "events.*.effects": Effects},
    switches=(
        Switch(
            "war",
            about="war binds forces, calls people up, rallies some and drives others out",
            inputs=("war", "conscription", "police_away"),
            zero=("conscription_anger", "rally", "emigration", "war_possible"),
            without=(
                Ablation(
                    "last:legitimacy",
                    "falls",
                    because="Viewers of state television rally round the flag.",
                    scenario="russia-2022",
                ),
                Ablation(
                    "person_days_of_protest",
                    "open",
                    because="War binds forces and calls people up, which feeds protest; it rallies some and "
                    "drives others abroad, which starves it.",
                    scenario="russia-2022",
                ),
            ),
        ),
        Switch(
            "volunteers",
            about="people leave to fight for the other side, and bind forces",
            inputs=("legion_call",),
            zero=("volunteering",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "open",
                    because="Those who leave to fight are missing in the street, and bind forces that are "
                    "missing there, too.",
                    scenario="russia-2022",
                ),
                Ablation(
                    "person_days_of_protest",
                    "rises",
                    because="If many left to fight, they would be missing in the street; they are too few to "
                    "bind many forces.",
                    scenario="russia-2022",
                    given={"events.legion.effects.legion_call": 1.0, "war.volunteering": 0.1},
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("war", "f8", "share", "war the regime wages"),
            Column("legion_call", "f8", "share", "strength of a call for volunteers"),
            Column("police_bound", "f8", "share", "share of mobile forces kept elsewhere"),
            Column("volunteers", "f8", "per 100,000", "people away to fight"),
        ),
    },
    results=(
        Result(
            "police_bound",
            FRACTION,
            SHARE,
            of="nation.police_bound",
            combine="max",
            group=REGIME,
            label="share of mobile police kept elsewhere",
            short="police away",
            about="share of mobile forces that a war keeps elsewhere",
        ),
    ),
    streams={WAR: "who leaves the country, and who leaves to fight"},
    claims=("ru-03", "ru-06", "ru-07", "ru-13", "ru-14", "ru-15"),
    seen=("legitimacy", "exiled", "anger", "volunteers"),
)
