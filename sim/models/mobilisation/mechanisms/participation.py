"""Participation: one motive, two cuts, and who comes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import draws
from sim.models.mobilisation.codes import Role
from sim.models.mobilisation.mechanism import Mechanism
from sim.models.mobilisation.typed import Array, CampRow, ClassRow, Nation, Parameters, Rows, TacticRow
from sim.scenario.fields import Section, fraction, number

PARTICIPATION = 6
ACT, ATTEND, TACTIC, STRIKE = range(4)  # what its four draws are for
BYSTANDER, ENGAGED, PROTESTER, DETAINED = (
    int(role) for role in (Role.BYSTANDER, Role.ENGAGED, Role.PROTESTER, Role.DETAINED)
)
IMPULSE_TAIL = 2.0**-20
"""Impulses rarer than this, about one in a million, are taken for this rare: they change nothing that can be seen."""

USUAL = 0.98
"""Draws up to this, and down to what it lacks of 1, are usual: how often a logarithm is spared, and no result."""
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

    fear_felt : float, SD, risk aversion times fear
    """
    return motive - fear_felt * (1.0 - aid_courage * aid) - threshold


@compiled
def engaged_margin(motive: float, fear_felt: float, threshold: float, band: float, engaged_fear: float) -> float:
    """The same for helping: it takes less, and fear hardly touches it.

    z_e = M - chi * R * f + band - theta                                             (5e)

    So fear turns protesters into supporters before it turns them into bystanders.
    """
    return motive - engaged_fear * fear_felt + band - threshold


@compiled
def impulse(draw: float, scale: float) -> float:
    """Transient logistic noise of a day, cut off at one in a million.

    eps = scale * ln(u / (1 - u)),  u clipped to tail..1 - tail                      (5f)

    draw : float, 0 <= u < 1
    """
    inside = min(max(draw, IMPULSE_TAIL), 1.0 - IMPULSE_TAIL)
    return scale * math.log(inside / (1.0 - inside))


@compiled
def impulse_reach(scale: float) -> float:
    """The largest impulse there can be, so that it need be drawn only where it can matter.

    max |eps| = scale * ln((1 - tail) / tail)                                        (5g)
    """
    return scale * math.log((1.0 - IMPULSE_TAIL) / IMPULSE_TAIL)


@compiled
def availability(ordinary: float, on_call: float, call: float, ease: float, pause: float) -> float:
    """Share of the willing who come.

    A = min(1, (ordinary + call * max(on_call - ordinary, 0)) * ease * (1 - pause))  (5h)

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
    aid: float,
    p: Parameters,
) -> None:
    """Stage 5: how far each citizen is from protesting and from helping."""
    courage, band, engaged_fear = p.aid_courage, p.engaged_band, p.engaged_fear
    for j in range(motive.size):
        felt[j] = np.float64(averse[j]) * np.float64(afraid[j])
        to_protest[j] = protest_margin(motive[j], felt[j], np.float64(threshold[j]), aid, courage)
        to_engage[j] = engaged_margin(motive[j], felt[j], np.float64(threshold[j]), band, engaged_fear)


@compiled
def _could(margin: float, draw: float, usual: float) -> bool:
    """Whether a margin and the impulse of a draw (5f) could be together above 0, told without a logarithm.

    The impulse of a draw up to USUAL is never above `usual`, which is that of USUAL with room for rounding.
    """
    return (margin > -usual) | (draw > USUAL)


@compiled
def _list_open(
    open_: Array, roles: Array, attending: Array, striking: Array, to_protest: Array, to_engage: Array,
    to_strike: Array, reach: float,
) -> int:  # fmt: skip
    """Stage 5: all who are free begin the day as bystanders; list those whom an impulse could move, and count them.

    open_ : array of int32, shape (citizens of the chunk,), written from its beginning
    """
    found = 0
    for j in range(roles.size):
        attending[j] = 0
        striking[j] = 0
        free = roles[j] < DETAINED
        roles[j] = BYSTANDER if free else roles[j]
        open_[found] = j
        found += 1 if free and max(to_protest[j], to_engage[j], to_strike[j]) > -reach else 0
    return found


@compiled
def _draw_for(luck: Array, open_: Array, key: int, day: int, number: int) -> None:
    """Stage 5: four draws for each of those listed, in a loop that does nothing else and so is fast.

    luck : array of float64, shape (4, citizens listed): rows ACT, ATTEND, TACTIC and STRIKE
    """
    for k in range(open_.size):
        luck[ACT, k], luck[ATTEND, k], luck[TACTIC, k], luck[STRIKE, k] = draws(
            key, PARTICIPATION, day, number + open_[k]
        )


@compiled
def _list_stirred(
    stirred: Array, open_: Array, luck: Array, to_protest: Array, to_engage: Array, to_strike: Array, usual: float
) -> int:
    """Stage 5: of those whom an impulse could move, list those whom today's could, and count them.

    stirred : array of int32, shape (citizens listed,), written from its beginning: places in `open_` and `luck`
    """
    found = 0
    for k in range(open_.size):
        j = np.uint32(open_[k])
        stirred[found] = k
        acts = _could(max(to_protest[j], to_engage[j]), luck[ACT, k], usual)
        found += 1 if acts | _could(to_strike[j], luck[STRIKE, k], usual) else 0
    return found


@compiled
def decide(
    roles: Array, attending: Array, striking: Array, helper: Array, to_protest: Array, to_engage: Array,
    to_strike: Array, family: Array, savings: Array, workplace: Array, kinds: Array, out: Array, mix: Array,
    tactic_rows: Rows[TacticRow], class_rows: Rows[ClassRow], nation: Nation, p: Parameters,
    day_share: float, number: int, key: int, luck: Array, lists: Array,
) -> None:  # fmt: skip
    """Stages 5 and 7: role, attendance, tactic, and willingness to strike.

    In small loops over shorter and shorter lists, none of which has to guess what the next citizen does: that takes a
    third of the time of one loop that decides all.

    number : int, of the first of these citizens within the locality
    key : int, of the locality's draws
    luck : array of float64, shape (4, citizens of the chunk), to work in, as `_draw_for` has it
    lists : array of int32, shape (3, citizens of the chunk), to work in
    """
    scale = p.noise
    reach, usual = impulse_reach(scale), impulse(USUAL, scale) * (1.0 + ROUNDING)
    open_, stirred, protesters = lists[0], lists[1], lists[2]
    found = _list_open(open_, roles, attending, striking, to_protest, to_engage, to_strike, reach)
    _draw_for(luck, open_[:found], key, nation.day, number)
    found = _list_stirred(stirred, open_[:found], luck, to_protest, to_engage, to_strike, usual)
    if p.strike_possible > 0.0:
        for m in range(found):
            k = np.uint32(stirred[m])
            j = np.uint32(open_[k])
            if (
                _could(to_strike[j], luck[STRIKE, k], usual)
                and savings[j] > 0.0
                and to_strike[j] + impulse(luck[STRIKE, k], scale) > 0.0
            ):
                striking[j] = 2 if out[workplace[j]] else 1
    for m in range(found):
        luck[ACT, m] = impulse(luck[ACT, np.uint32(stirred[m])], scale)
    helping = np.uint8(1 if p.engaged_possible > 0.0 else 0)
    protesting: Any = 0
    for m in range(found):
        k = np.uint32(stirred[m])
        j = np.uint32(open_[k])
        protests = np.uint8(to_protest[j] + luck[ACT, m] > 0.0)
        engages = np.uint8(to_engage[j] + luck[ACT, m] > 0.0) & helping & (protests ^ np.uint8(1))
        roles[j] = PROTESTER * protests + ENGAGED * engages
        helper[j] |= engages
        protesters[protesting] = k
        protesting += np.int64(protests)
    _come(
        attending,
        protesters[:protesting],
        open_,
        luck,
        family,
        kinds,
        mix,
        tactic_rows,
        class_rows,
        nation,
        p,
        day_share,
    )


@compiled
def _come(
    attending: Array, protesters: Array, open_: Array, luck: Array, family: Array, kinds: Array, mix: Array,
    tactic_rows: Rows[TacticRow], class_rows: Rows[ClassRow], nation: Nation, p: Parameters, day_share: float,
) -> None:  # fmt: skip
    """Stage 5: which protesters come today, and in which tactic: by the mix of their place, or to wait at a prison.

    protesters : array of int32, their places in `open_` and `luck`
    """
    vigil, last_tactic = -1, tactic_rows.size - 1
    for tactic in range(tactic_rows.size):
        if tactic_rows[tactic].vigil > 0.0 and p.kin_weight > 0.0:
            vigil = tactic
    for m in range(protesters.size):
        k = np.uint32(protesters[m])
        j = np.uint32(open_[k])
        draw = luck[TACTIC, k]
        close = family[j] if vigil >= 0 else 0.0
        rest_of_luck = (draw - close) / (1.0 - close)
        tactic = 0
        for other in range(last_tactic):
            tactic += 1 if rest_of_luck >= mix[other] else 0
        tactic = vigil if draw < close else tactic
        ordinary = day_share * (class_rows[kinds[j]].availability if nation.working_day > 0.0 else 1.0)
        comes = luck[ATTEND, k] < availability(ordinary, p.called, nation.call, tactic_rows[tactic].ease, nation.pause)
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
