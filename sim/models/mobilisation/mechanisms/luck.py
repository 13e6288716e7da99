"""Luck: what makes more or fewer come than anybody could have foretold, alike for all who live in a place."""

from __future__ import annotations

import math

from sim.core.jit import compiled
from sim.core.normals import normal_pair
from sim.core.rng import drawn
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.sums import spread
from sim.models.mobilisation.typed import Array, Localities, Nation, Parameters
from sim.models.results import AMOUNT, Result
from sim.scenario.fields import Section, fraction, number

COUNTRY, PLACE = 61, 62


class Luck(Section):
    """Shocks to the motive of all who live in a country or a place (model stages 1 and 5)."""

    country_luck: float = number("spread of the shock that a country has for a whole run", "SD", 0.0, 2.0)
    place_luck: float = number("spread of the shock that a place has for a whole run", "SD", 0.0, 2.0)
    day_luck: float = number("spread of the shock that a day brings to the whole country", "SD", 0.0, 2.0)
    day_luck_memory: float = fraction("share of a day's shock to the country that is left a day later")
    place_day_luck: float = number("spread of the shock that a day brings to one place", "SD", 0.0, 2.0)


@compiled
def day_shock(before: float, memory: float, spread: float, normal: float) -> float:
    """Shock of a day to the whole country: it fades, and a new one comes (autoregressive of order one).

    u' = phi * u + s_d * sqrt(1 - phi^2) * z                                         (1a)

    On the first day phi is 0, so that the spread is s_d on every day.

    Source: weather and other chance events move turnout (Madestam et al. 2013), and one day's protest carries over
    into the next (Myers 1997; Biggs 2005).

    before : float, SD, yesterday's shock
    memory : float, 0..1, phi
    spread : float, SD, s_d
    normal : float, standard normal
    """
    return memory * before + spread * math.sqrt(1.0 - memory * memory) * normal


@compiled
def luck_motive(country: float, day: float, place: float, place_day: float) -> float:
    """Motive that all who live in a place have by luck today.

    m_U = (U_c + u_d + U_p + u_pd)                                                   (5u)

    Source: assumption: shocks are normal, independent, and add up.

    A sum of independent normal numbers for country, day, place, and day in the place. A system of many people has
    luck only if many have it together: what is drawn for each alone averages out (Granovetter 1978; Salganik, Dodds &
    Watts 2006 for how far outcomes of one and the same crowd can part).

    country, day, place, place_day : float, SD
    """
    return country + day + place + place_day


@compiled
def befall(localities: Localities, nation: Nation, p: Parameters, seed: int) -> None:
    """Stage 1: the luck that each place has today. Draws are keyed by the names of places, and by nothing else.

    So a seed brings the same luck to two parameter sets, whatever persons an agent stands for.
    """
    u, v, _, _ = drawn(seed, COUNTRY, 0, 0)
    country = p.country_luck * normal_pair(u, v)[0]
    u, v, _, _ = drawn(seed, COUNTRY, nation.day + 1, 0)
    memory = p.day_luck_memory if nation.day > 0 else 0.0
    nation.luck_day = day_shock(nation.luck_day, memory, p.day_luck, normal_pair(u, v)[0])
    nation.luck = luck_motive(country, nation.luck_day, 0.0, 0.0)
    for place in range(localities.size.size):
        key = seed ^ localities.key[place]
        u, v, _, _ = drawn(key, PLACE, 0, 0)
        always = p.place_luck * normal_pair(u, v)[0]
        u, v, _, _ = drawn(key, PLACE, nation.day + 1, 0)
        today = p.place_day_luck * normal_pair(u, v)[0]
        localities.luck[place] = luck_motive(country, nation.luck_day, always, today)


@compiled
def move(motive: Array, localities: Localities, start: int, first_place: int, last_place: int) -> None:
    """Stage 5: the motive of all who live in a place begins with its luck.

    start, first_place, last_place : int, of the chunk, as in `spread`
    """
    spread(motive, localities.luck, localities.first, start, first_place, last_place)


MECHANISM = Mechanism(
    title="Luck of a country, a place and a day",
    parameters={"luck": Luck},
    switches=(
        Switch(
            "luck",
            about="a country, its places and its days have luck",
            zero=("country_luck", "place_luck", "day_luck", "place_day_luck"),
            without=(
                Ablation(
                    "peak_turnout",
                    "open",
                    because="Luck has no direction; but turnout answers the motive more than in proportion, so that "
                    "what good luck brings is more than what bad luck takes.",
                ),
            ),
        ),
    ),
    state={
        "localities": (Column("luck", "f8", "SD", "what luck adds to the motive of all who live there today"),),
        "nation": (
            Column("luck_day", "f8", "SD", "what the day's luck adds to the motive in the whole country"),
            Column("luck", "f8", "SD", "what luck adds to the motive in the whole country, of the run and the day"),
        ),
    },
    results=(
        Result(
            "luck",
            "SD",
            AMOUNT,
            of="nation.luck",
            combine="mean",
            group=FEELINGS,
            label="luck of the whole country",
            short="luck",
            about="what luck added to everybody's motive, of the run and of the day, beside the luck of each place",
        ),
    ),
    motive=(luck_motive,),
    streams={
        COUNTRY: "the luck of the country: on day 0 of the whole run, on day n + 1 of its day n",
        PLACE: "the luck of a place: on day 0 of the whole run, on day n + 1 of its day n",
    },
    claims=("mt-01", "tt-03"),
    seen=("luck", "peak_turnout"),
)
