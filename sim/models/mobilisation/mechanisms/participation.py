"""Participation: one motive, two cuts, and who comes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import lower, quick, quick_key, upper
from sim.models.mobilisation.codes import Role
from sim.models.mobilisation.mechanism import Mechanism
from sim.models.mobilisation.sums import listed
from sim.models.mobilisation.typed import Array, CampRow, ClassRow, Localities, Nation, Parameters, Rows, TacticRow
from sim.scenario.fields import Section, fraction, number

PARTICIPATION = 6
ACT, STRIKE = range(2)
"""Rows of a chunk's draws: of the impulse to act, and of that to strike."""
WORDS = np.uint64(2)
"""Draws of 64 bits that a citizen has a day: one for both impulses, one for attendance and tactic."""
BYSTANDER, ENGAGED, PROTESTER, DETAINED = (
    int(role) for role in (Role.BYSTANDER, Role.ENGAGED, Role.PROTESTER, Role.DETAINED)
)
IMPULSE_TAIL = 2.0**-20
"""Impulses rarer than this, about one in a million, are taken for this rare: they change nothing that can be seen."""

STEPS = 64
"""Steps of the draws, for each of which the largest impulse is worked out beforehand: that spares logarithms."""
ROUNDING = 1e-9
"""Much more than a logarithm can be wrong by, relative to it."""


class Motive(Section):
    """From motive to action (model equations 5d to 5h)."""

    noise: float = number("scale of the logistic noise of a day", "SD", 0.01, 1.0)
    aid_courage: float = fraction("share of fear that full aid takes away")


@compiled
def protest_margin(motive: float, fear_felt: float, threshold: float, aid: float, aid_courage: float) -> float:
    """Distance by which the motive to protest exceeds the threshold.

    z_p = M - R * f * (1 - rho * aid) - theta                                        (5d)

    Source: Granovetter (1978), thresholds; Epstein (2002), risk aversion.

    fear_felt : float, SD, risk aversion times fear
    """
    return motive - fear_felt * (1.0 - aid_courage * aid) - threshold


@compiled
def engaged_margin(motive: float, fear_felt: float, threshold: float, band: float, engaged_fear: float) -> float:
    """The same for helping: it takes less, and fear hardly touches it.

    z_e = M - chi * R * f + band - theta                                             (5e)

    Source: mobilisation thread on engaged non-protesters; the form is assumed.

    So fear turns protesters into supporters before it turns them into bystanders.
    """
    return motive - engaged_fear * fear_felt + band - threshold


@compiled
def impulse(draw: float, scale: float) -> float:
    """Transient logistic noise of a day, cut off at one in a million.

    eps = scale * ln(u / (1 - u)),  u clipped to tail..1 - tail                      (5f)

    Source: logistic noise, as in discrete choice (McFadden 1974).

    draw : float, 0 <= u < 1
    """
    inside = min(max(draw, IMPULSE_TAIL), 1.0 - IMPULSE_TAIL)
    return scale * math.log(inside / (1.0 - inside))


@compiled
def largest_impulse(step: int, scale: float) -> float:
    """The largest impulse (5f) of all draws of a step, with room for rounding: whoever lacks more cannot act today.

    eps_k = scale * ln(u_k / (1 - u_k)),  u_k = (k + 1) / 64                         (5g)

    Source: follows from 5f.

    step : int, 0..63 (k), of the draws from k / 64 to u_k
    """
    found = impulse((step + 1.0) / STEPS, scale)
    return found + ROUNDING * abs(found)


@compiled
def availability(ordinary: float, on_call: float, call: float, ease: float, pause: float) -> float:
    """Share of the willing who come.

    A = min(1, (ordinary + call * max(on_call - ordinary, 0)) * ease * (1 - pause))  (5h)

    Source: assumption.

    ordinary : float, 0..1, by weekday and class
    call : float, 0..1, strength of a call that reaches people today
    """
    base = ordinary + call * max(on_call - ordinary, 0.0)
    return min(1.0, base * ease * (1.0 - pause))


@compiled
def begin(of_camp: Array, camps: Rows[CampRow]) -> None:
    """Stage 5: the motive of each camp begins with its sense of civic duty."""
    for camp in range(camps.size):
        of_camp[camp] = camps[camp].duty


@compiled
def move(motive: Array, camp_of: Array, of_camp: Array, kinds: Array, class_rows: Rows[ClassRow]) -> None:
    """Stage 5: what moves all of a camp, and how ready a class is to act."""
    for j in range(motive.size):
        motive[j] += of_camp[camp_of[j]] + class_rows[kinds[j]].readiness


@compiled
def weigh(
    to_protest: Array,
    to_engage: Array,
    felt: Array,
    motive: Array,
    afraid: Array,
    averse: Array,
    threshold: Array,
    aid: Array,
    p: Parameters,
) -> None:
    """Stage 5: how far each citizen is from protesting and from helping."""
    courage, band, engaged_fear = p.aid_courage, p.engaged_band, p.engaged_fear
    for j in range(motive.size):
        felt[j] = np.float64(averse[j]) * np.float64(afraid[j])
        to_protest[j] = protest_margin(motive[j], felt[j], np.float64(threshold[j]), aid[j], courage)
        to_engage[j] = engaged_margin(motive[j], felt[j], np.float64(threshold[j]), band, engaged_fear)


@compiled
def fill_steps(steps: Array, scale: float) -> None:
    """Stage 5: the largest impulse of each step of the draws, the same for all citizens.

    steps : array of float64, shape (STEPS,)
    """
    for step in range(steps.size):
        steps[step] = largest_impulse(step, scale)


@compiled
def may_act(margin: float, draw: float, steps: Array) -> Any:
    """Whether a margin and the impulse of a draw could be together above 0, told without a logarithm (`fill_steps`)."""
    largest: float = steps[np.uint32(np.int32(draw * STEPS))]
    return margin + largest > 0.0


@compiled
def fill_keys(keys: Array, localities: Localities, day: int, seed: int) -> None:
    """Stages 5 and 7: the key of the draws of all who live in a place today.

    keys : array of uint64, shape (places,)
    """
    for place in range(keys.size):
        keys[place] = quick_key(seed ^ localities.key[place], PARTICIPATION, day)


@compiled
def draw(luck: Array, keys: Array, firsts: Array, start: int, first_place: int, last_place: int) -> None:
    """Stages 5 and 7: each citizen's draws of the impulses to act and to strike, in loops that do nothing else.

    luck : array of float64, shape (2, citizens of the chunk): rows ACT and STRIKE
    keys : array of uint64, see `fill_keys`
    firsts, start, first_place, last_place : of the places and the chunk, as in `spread`
    """
    of_act, of_strike = luck[ACT], luck[STRIKE]
    begin = 0
    for place in range(first_place, last_place):
        end = firsts[place + 1] - start if place + 1 < last_place else of_act.size
        _draw(of_act[begin:end], of_strike[begin:end], keys[place], start + begin - firsts[place])
        begin = end


@compiled
def _draw(of_act: Array, of_strike: Array, key: np.uint64, number: int) -> None:
    """Draws of citizens of one place, of which the first has this number among them."""
    for j in range(of_act.size):
        word = quick(key, WORDS * np.uint64(number + j))
        of_act[j], of_strike[j] = upper(word), lower(word)


@compiled
def _begin(
    open_: Array, roles: Array, attending: Array, striking: Array, to_protest: Array, to_engage: Array,
    to_strike: Array, steps: Array,
) -> None:  # fmt: skip
    """Stage 5: all who are free begin the day as bystanders; mark those whom the largest impulse of all could move.

    open_ : array of int32, shape (citizens of the chunk,), 1 for those marked
    """
    most = steps[STEPS - 1]
    for j in range(roles.size):
        free = roles[j] < DETAINED
        open_[j] = 1 if free & (max(max(to_protest[j], to_engage[j]), to_strike[j]) + most > 0.0) else 0
        roles[j] = BYSTANDER if free else roles[j]
        attending[j] = 0
        striking[j] = 0


@compiled
def _stirred(
    places: Array, size: np.int64, luck: Array, to_protest: Array, to_engage: Array, to_strike: Array, steps: Array
) -> np.int64:
    """Keep of a list, in place, those whom today's own impulse could move, and return how many there are."""
    found = np.int64(0)
    for m in range(size):
        j = np.uint32(places[m])
        acts = may_act(max(to_protest[j], to_engage[j]), luck[ACT, j], steps)
        places[found] = places[m]
        found += np.int64(acts | may_act(to_strike[j], luck[STRIKE, j], steps))
    return found


@compiled
def decide(
    roles: Array, attending: Array, striking: Array, helper: Array, to_protest: Array, to_engage: Array,
    to_strike: Array, family: Array, savings: Array, workplace: Array, kinds: Array, homes: Array, places: Array,
    localities: Localities, out: Array, tactic_rows: Rows[TacticRow], class_rows: Rows[ClassRow], nation: Nation,
    p: Parameters, day_share: float, start: int, keys: Array, luck: Array, steps: Array, lists: Array,
) -> None:  # fmt: skip
    """Stages 5 and 7: role, attendance, tactic, and willingness to strike.

    In small loops over shorter and shorter lists, none of which has to guess what the next citizen does: that takes a
    third of the time of one loop that decides all.

    homes, places : array of int32, the neighbourhood of each citizen, and the place of each neighbourhood
    start : int, the first of these citizens
    keys, luck : array of uint64, shape (places,), and of float64, shape (2, citizens of the chunk), see `draw`
    steps : array of float64, see `fill_steps`
    lists : array of int32, shape (2, citizens of the chunk), to work in
    """
    scale = p.noise
    open_, stirred = lists[0], lists[1]
    _begin(open_, roles, attending, striking, to_protest, to_engage, to_strike, steps)
    found = _stirred(stirred, listed(stirred, open_, roles.size), luck, to_protest, to_engage, to_strike, steps)
    if p.strike_possible > 0.0:
        for m in range(found):
            j = np.uint32(stirred[m])
            if (
                may_act(to_strike[j], luck[STRIKE, j], steps)
                and savings[j] > 0.0
                and to_strike[j] + impulse(luck[STRIKE, j], scale) > 0.0
            ):
                striking[j] = 2 if out[workplace[j]] else 1
    helping = np.uint8(1 if p.engaged_possible > 0.0 else 0)
    protesters, protesting = open_, np.int64(0)  # the marks have been read
    for m in range(found):
        j = np.uint32(stirred[m])
        moved = impulse(luck[ACT, j], scale)
        protests = np.uint8(to_protest[j] + moved > 0.0)
        engages = np.uint8(to_engage[j] + moved > 0.0) & helping & (protests ^ np.uint8(1))
        roles[j] = PROTESTER * protests + ENGAGED * engages
        helper[j] |= engages
        protesters[protesting] = stirred[m]
        protesting += np.int64(protests)
    _come(
        attending, protesters[:protesting], family, kinds, homes, places, localities, tactic_rows, class_rows, nation,
        p, day_share, start, keys,
    )  # fmt: skip


@compiled
def _come(
    attending: Array, protesters: Array, family: Array, kinds: Array, homes: Array, places: Array,
    localities: Localities, tactic_rows: Rows[TacticRow], class_rows: Rows[ClassRow], nation: Nation, p: Parameters,
    day_share: float, start: int, keys: Array,
) -> None:  # fmt: skip
    """Stage 5: which protesters come today, and in which tactic: by the mix of their place, or to wait at a prison.

    protesters : array of int32, places in the chunk
    """
    vigil, last_tactic = -1, tactic_rows.size - 1
    for tactic in range(tactic_rows.size):
        if tactic_rows[tactic].vigil > 0.0 and p.kin_weight > 0.0:
            vigil = tactic
    for m in range(protesters.size):
        j = np.uint32(protesters[m])
        place = places[homes[j]]
        number = start + protesters[m] - localities.first[place]
        word = quick(keys[place], WORDS * np.uint64(number) + np.uint64(1))
        chance = lower(word)
        close = family[j] if vigil >= 0 else 0.0
        rest_of_luck = (chance - close) / (1.0 - close)
        tactic = 0
        for other in range(last_tactic):
            tactic += 1 if rest_of_luck >= localities.mix[place, other] else 0
        tactic = vigil if chance < close else tactic
        ordinary = day_share * (class_rows[kinds[j]].availability if nation.working_day > 0.0 else 1.0)
        comes = upper(word) < availability(ordinary, p.called, nation.call, tactic_rows[tactic].ease, nation.pause)
        attending[j] = tactic + 1 if comes else 0


MECHANISM = Mechanism(
    title="One motive with two cuts, and who comes",
    parameters={"people.motive": Motive},
    motive=(
        "duty",
        "readiness",
    ),
    streams={PARTICIPATION: "the impulse to act today, attendance, tactic, the impulse to strike"},
    seen=("protesting", "engaged", "attending"),
)
