"""What citizens decide: role, attendance, tactic, and willingness to strike (stages 5 and 7)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import Stream, draws
from sim.models.mobilisation.rules.cooptation import representation
from sim.models.mobilisation.rules.participation import (
    availability,
    engaged_margin,
    grievance,
    impulse,
    impulse_reach,
    news_motive,
    peer_motive,
    protest_margin,
)
from sim.models.mobilisation.rules.strike import savings, strike_margin
from sim.models.mobilisation.stages.scratch import (
    COLLEAGUES,
    FAMILY,
    FELT,
    HEARD,
    MEMBER,
    NEAR,
    TIES,
    TO_ENGAGE,
    TO_PROTEST,
    TO_STRIKE,
    WRONGED,
)
from sim.models.mobilisation.state import Media, Role

PARTICIPATION = int(Stream.PARTICIPATION)
BYSTANDER, ENGAGED, PROTESTER, DETAINED = (
    int(role) for role in (Role.BYSTANDER, Role.ENGAGED, Role.PROTESTER, Role.DETAINED)
)
MIGRANT = int(Media.MIGRANT_HOUSEHOLD)


@compiled
def weigh(
    c: Any,
    localities: Any,
    nation: Any,
    class_rows: Any,
    camps: Any,
    p: Any,
    place: int,
    start: int,
    stop: int,
    scratch: Any,
) -> None:
    """Stage 5: how far each citizen is from protesting and from helping."""
    near_weight, lift, w_colleague, w_tie = p.neighbour_weight, p.peer_lift, p.colleague_weight, p.tie_weight
    w_kin, w_crowd, crowd = p.kin_weight, p.crowd_weight, localities.visible[place]
    of_camp = np.empty(camps.size)
    for camp in range(camps.size):
        row = camps[camp]
        of_camp[camp] = row.duty + p.organisation_weight * row.sway
        of_camp[camp] += representation(row.own, nation.cooptation, p.alienation)
    rumour = news_motive(
        nation.heard_turnout,
        nation.heard_defection,
        nation.breadth,
        p.turnout_weight,
        p.defection_weight,
        p.coalition_weight,
    )
    hardship, believed, conceded = c.hardship[start:stop], c.legitimacy[start:stop], nation.concession
    w_grievance, burden = p.grievance_weight, nation.burden
    kinds, camp_of = c.class_[start:stop], c.camp[start:stop]
    size = kinds.size
    for j in range(size):
        wronged = grievance(np.float64(hardship[j]), burden, np.float64(believed[j]), conceded)
        scratch[WRONGED, j] = wronged
        lasting = of_camp[camp_of[j]] + class_rows[kinds[j]].readiness
        near = scratch[NEAR, j] * (1.0 + lift * scratch[MEMBER, j])
        peers = peer_motive(
            near, scratch[COLLEAGUES, j], scratch[TIES, j], scratch[FAMILY, j], crowd, near_weight, w_colleague, w_tie,
            w_kin, w_crowd,
        )  # fmt: skip
        scratch[TO_PROTEST, j] = w_grievance * wronged + scratch[HEARD, j] * rumour + peers + lasting

    angry, tired, committed = c.anger[start:stop], c.fatigue[start:stop], c.commitment[start:stop]
    afraid, averse, threshold = c.fear[start:stop], c.risk_aversion[start:stop], c.threshold[start:stop]
    aid, courage, band, engaged_fear = localities.aid[place], p.aid_courage, p.engaged_band, p.engaged_fear
    for j in range(size):
        motive = scratch[TO_PROTEST, j] + np.float64(angry[j]) + np.float64(committed[j]) - np.float64(tired[j])
        felt = np.float64(averse[j]) * np.float64(afraid[j])
        scratch[FELT, j] = felt
        scratch[TO_PROTEST, j] = protest_margin(motive, felt, np.float64(threshold[j]), aid, courage)
        scratch[TO_ENGAGE, j] = engaged_margin(motive, felt, np.float64(threshold[j]), band, engaged_fear)


@compiled
def consider_strike(
    c: Any, workplaces: Any, nation: Any, class_rows: Any, p: Any, start: int, stop: int, scratch: Any
) -> None:
    """Stage 7: how far each worker is from striking; the savings of every household."""
    workplace, kinds, savings_here = c.workplace[start:stop], c.class_[start:stop], c.savings[start:stop]
    angry, threshold = c.anger[start:stop], c.threshold[start:stop]
    striking, media = c.striking[start:stop], c.media[start:stop]
    call, arrears = nation.strike_call, nation.arrears
    w_anger, w_grievance, w_colleagues, w_call = (
        p.strike_anger,
        p.strike_grievance,
        p.strike_colleagues,
        p.strike_call,
    )
    w_unpaid, w_fear, cost = p.arrears_anger, p.strike_fear, p.strike_cost
    size = workplace.size
    for j in range(size):
        work = workplace[j]
        if work < 0:
            scratch[TO_STRIKE, j] = -np.inf
            continue
        willing = workplaces.willing[work] / workplaces.size[work]
        scratch[TO_STRIKE, j] = strike_margin(
            np.float64(angry[j]), scratch[WRONGED, j], willing, call, arrears * class_rows[kinds[j]].public_pay,
            scratch[FELT, j], np.float64(threshold[j]), w_anger, w_grievance, w_colleagues, w_call, w_unpaid, w_fear,
            cost,
        )  # fmt: skip
    pay, rate, most, expense = nation.strike_pay, nation.put_by, p.savings_days, p.expense_possible
    from_abroad = p.remittance * (1.0 - nation.remittance_cut)
    for j in range(size):
        on_strike = 1.0 if striking[j] == 2 else 0.0
        sent = from_abroad if media[j] & MIGRANT else 0.0
        savings_here[j] = savings(np.float64(savings_here[j]), on_strike, pay, rate, sent, most, expense)


@compiled
def decide(
    c: Any,
    workplaces: Any,
    localities: Any,
    nation: Any,
    tactic_rows: Any,
    class_rows: Any,
    p: Any,
    day_share: float,
    place: int,
    start: int,
    stop: int,
    seed: int,
    scratch: Any,
) -> None:
    """Stages 5 and 7: role, attendance, tactic, and willingness to strike."""
    key, first = seed ^ localities.key[place], localities.first[place]
    scale, last_tactic = p.noise, tactic_rows.size - 1
    vigil = -1
    for tactic in range(tactic_rows.size):
        if tactic_rows[tactic].vigil > 0.0 and p.kin_weight > 0.0:
            vigil = tactic
    reach = impulse_reach(scale)
    engaged_possible, strike_possible = p.engaged_possible > 0.0, p.strike_possible > 0.0
    attending, striking, roles = c.attending[start:stop], c.striking[start:stop], c.role[start:stop]
    for j in range(roles.size):
        attending[j] = 0
        striking[j] = 0
        if roles[j] >= DETAINED:
            continue
        roles[j] = BYSTANDER
        to_protest, to_engage, to_strike = (
            scratch[TO_PROTEST, j],
            scratch[TO_ENGAGE, j],
            scratch[TO_STRIKE, j],
        )
        if to_protest <= -reach and to_engage <= -reach and to_strike <= -reach:
            continue  # no impulse of a day could move this citizen, so none is drawn
        i = start + j
        u_impulse, u_attend, u_tactic, u_strike = draws(key, PARTICIPATION, nation.day, i - first)
        noise = impulse(u_impulse, scale)
        if to_protest + noise > 0.0:
            roles[j] = PROTESTER
            tactic = 0
            while tactic < last_tactic and u_tactic >= localities.mix[place, tactic]:
                tactic += 1
            if scratch[FAMILY, j] > 0.0 and vigil >= 0:
                tactic = vigil
            ordinary = day_share * (class_rows[c.class_[i]].availability if nation.working_day > 0.0 else 1.0)
            if u_attend < availability(ordinary, p.called, nation.call, tactic_rows[tactic].ease, nation.pause):
                attending[j] = tactic + 1
        elif to_engage + noise > 0.0 and engaged_possible:
            roles[j] = ENGAGED
            c.helper[i] = 1
        if to_strike > -reach and strike_possible and c.savings[i] > 0.0 and to_strike + impulse(u_strike, scale) > 0.0:
            striking[j] = 2 if workplaces.out[c.workplace[i]] else 1
