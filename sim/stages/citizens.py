"""The one pass a day over citizens: perception, emotion, participation, willingness to strike.

Each thread takes a range of citizens and goes through it in chunks that stay in cache. A citizen is
written only by the thread that owns it, reads only yesterday's state of others, and is counted in
integers, so the result is bit-identical on any number of threads.
"""

from __future__ import annotations

import numpy as np

from sim.jit import compiled
from sim.rng import Stream, draws
from sim.rules.anger import anger
from sim.rules.connection import online
from sim.rules.fear import fear, risk_seen
from sim.rules.habit import commitment, fatigue
from sim.rules.legitimacy import legitimacy
from sim.rules.participation import (
    availability,
    engaged_margin,
    grievance,
    impulse,
    news_motive,
    peer_motive,
    protest_margin,
)
from sim.rules.perception import hearing, violence_felt
from sim.rules.strike import savings, strike_margin
from sim.state import FIXED_POINT, Community, Count, Media, Role

CHUNK = 2048
PARTICIPATION = int(Stream.PARTICIPATION)
BYSTANDER, ENGAGED, PROTESTER, DETAINED = (int(r) for r in (Role.BYSTANDER, Role.ENGAGED, Role.PROTESTER, Role.DETAINED))
INTERNET, STATE_TV, MIGRANT = (int(m) for m in (Media.INTERNET, Media.STATE_TV, Media.MIGRANT_HOUSEHOLD))
NO_COMMUNITY = int(Community.NONE)
C_PROTESTING, C_ENGAGED, C_ATTENDING, C_STRIKING = (
    int(c) for c in (Count.PROTESTING, Count.ENGAGED, Count.ATTENDING, Count.STRIKING)
)
C_HELD, C_FIRST, C_GONE = (int(c) for c in (Count.IN_DETENTION, Count.FIRST_TIME, Count.GONE))
C_ANGER, C_FEAR, C_LEGITIMACY, C_FATIGUE, C_COMMITMENT = (
    int(c) for c in (Count.ANGER, Count.FEAR, Count.LEGITIMACY, Count.FATIGUE, Count.COMMITMENT)
)
C_ONLINE = int(Count.ONLINE)
SCRATCH = 6
"""Columns of the scratch table: heard news, neighbours, colleagues, ties, violence, online."""


@compiled
def perceive(c, neighbourhoods, kin, workplaces, ties, nation, p, first, last, scratch):
    """Stage 3: what each citizen of first..last hears, into ``scratch`` (columns, citizens)."""
    hub_cut = nation.hub_reach * 255.0
    circumvention_cut = nation.adoption * 255.0
    degree = ties.shape[1]
    kin_group = int(p.kin_group)
    for i in range(first, last):
        j = i - first
        home = c.neighbourhood[i]
        own = int(c.acting[i])
        media = int(c.media[i])
        connected = online(
            nation.capacity,
            1.0 if media & INTERNET else 0.0,
            1.0 if circumvention_cut > c.circumvention_rank[i] else 0.0,
        )
        heard = hearing(
            connected,
            1.0 if hub_cut > c.hub_rank[i] else 0.0,
            1.0 if media & STATE_TV else 0.0,
            p.hearing_hub,
            p.hearing_online,
            p.hearing_offline,
            nation.censorship,
        )
        others = max(neighbourhoods.size[home] - 1, 1)
        near = (neighbourhoods.acting[home] - own) / (2.0 * others)
        work = c.workplace[i]
        colleagues = 0.0
        if work >= 0:
            colleagues = (workplaces.acting[work] - own) / (2.0 * max(workplaces.size[work] - 1, 1))
        acting = 0
        for k in range(degree):
            acting += c.acting[ties[i, k]]
        family = neighbourhoods.kin_first[home] + (i - neighbourhoods.first[home]) // kin_group
        scratch[0, j] = heard
        scratch[1, j] = near
        scratch[2, j] = colleagues
        scratch[3, j] = connected * acting / (2.0 * degree) if degree > 0 else 0.0
        scratch[4, j] = violence_felt(
            heard * nation.heard_violence,
            neighbourhoods.in_detention[home] / neighbourhoods.size[home],
            1.0 if kin.in_detention[family] > 0 else 0.0,
            p.local_violence,
            p.kin_violence,
        )
        scratch[5, j] = connected


@compiled
def feel(c, neighbourhoods, localities, nation, p, trigger, first, last, scratch):
    """Stage 4: emotions of citizens first..last."""
    for i in range(first, last):
        j = i - first
        home = c.neighbourhood[i]
        place = neighbourhoods.locality[home]
        violence = scratch[4, j]
        believed = float(c.legitimacy[i])
        attended = 1.0 if c.attending[i] > 0 else 0.0
        helped = 1.0 if c.role[i] == ENGAGED else 0.0
        member = 1.0 if neighbourhoods.community[home] != NO_COMMUNITY else 0.0
        television = 1.0 if c.media[i] & STATE_TV else 0.0
        c.anger[i] = anger(
            float(c.anger[i]), violence, believed, trigger, p.anger_gain, p.trigger_gain, p.anger_decay, p.anger_cap
        )
        c.legitimacy[i] = legitimacy(
            believed,
            float(c.former_legitimacy[i]),
            violence,
            nation.peaceful,
            television,
            p.legitimacy_loss,
            p.legitimacy_recovery,
        )
        danger = risk_seen(localities.risk[place], violence, p.fear_of_risk, p.fear_of_violence)
        c.fear[i] = fear(
            float(c.fear[i]),
            danger,
            localities.aid[place],
            scratch[1, j],
            scratch[0, j] * nation.heard_defection,
            p.fear_gain,
            p.fear_decay,
            p.aid_relief,
            p.company_relief,
            p.defection_relief,
            p.fear_cap,
        )
        c.fatigue[i] = fatigue(
            float(c.fatigue[i]), attended, member, p.fatigue_gain, p.fatigue_relief, p.fatigue_recovery
        )
        c.commitment[i] = commitment(
            float(c.commitment[i]),
            attended,
            helped,
            p.commitment_protest,
            p.commitment_engaged,
            p.commitment_decay,
            p.commitment_cap,
        )


@compiled
def decide(
    c, neighbourhoods, workplaces, localities, nation, tactic_rows, class_rows, camp_duty, sway, p, day_share, first,
    last, day, seed, scratch,
):  # fmt: skip
    """Stages 5 and 7: role, attendance, tactic, and willingness to strike, of citizens first..last."""
    lift = p.peer_lift
    rumour = news_motive(
        nation.heard_turnout, nation.heard_defection, nation.breadth, p.turnout_weight, p.defection_weight, p.coalition_weight
    )
    for i in range(first, last):
        role = c.role[i]
        c.attending[i] = 0
        if role >= DETAINED:
            c.striking[i] = 0
            continue
        j = i - first
        home = c.neighbourhood[i]
        place = neighbourhoods.locality[home]
        kind = c.class_[i]
        u_impulse, u_attend, u_tactic, u_strike = draws(seed, PARTICIPATION, day, i)
        member = 1.0 if neighbourhoods.community[home] != NO_COMMUNITY else 0.0
        wronged = grievance(float(c.hardship[i]), float(c.legitimacy[i]), nation.concession)
        camp = c.camp[i]
        motive = p.grievance_weight * wronged + float(c.anger[i]) + scratch[0, j] * rumour
        motive += peer_motive(
            scratch[1, j] * (1.0 + lift * member), scratch[2, j], scratch[3, j], p.neighbour_weight, p.colleague_weight, p.tie_weight
        )
        motive += float(c.commitment[i]) + camp_duty[camp] + p.organisation_weight * sway[camp] - float(c.fatigue[i])
        felt = float(c.risk_aversion[i]) * float(c.fear[i])
        threshold = float(c.threshold[i])
        noise = impulse(u_impulse, p.noise)
        role = BYSTANDER
        if protest_margin(motive, felt, threshold, localities.aid[place], p.aid_courage) + noise > 0.0:
            role = PROTESTER
            tactic = 0
            while u_tactic >= localities.mix[place, tactic] and tactic < localities.mix.shape[1] - 1:
                tactic += 1
            ordinary = day_share * (class_rows[kind].availability if nation.working_day > 0.0 else 1.0)
            comes = availability(ordinary, p.called, nation.call, tactic_rows[tactic].ease, nation.pause)
            if u_attend < comes:
                c.attending[i] = tactic + 1
        elif p.engaged_possible > 0.0 and engaged_margin(motive, felt, threshold, p.engaged_band, p.engaged_fear) + noise > 0.0:
            role = ENGAGED
        c.role[i] = role

        work = c.workplace[i]
        c.striking[i] = 0
        if work >= 0:
            others = max(workplaces.size[work] - 1, 1)
            margin = strike_margin(
                float(c.anger[i]),
                wronged,
                workplaces.willing[work] / others,
                nation.strike_call,
                nation.arrears * class_rows[kind].public_pay,
                felt,
                threshold,
                p.strike_anger,
                p.strike_grievance,
                p.strike_colleagues,
                p.strike_call,
                p.arrears_anger,
                p.strike_fear,
                p.strike_cost,
            )
            if margin + impulse(u_strike, p.noise) > 0.0 and c.savings[i] > 0.0 and p.strike_possible > 0.0:
                c.striking[i] = 2 if workplaces.out[work] else 1


@compiled
def provide(c, nation, p, first, last):
    """Households earn, save, or live on savings while on strike (stage 7, at home)."""
    for i in range(first, last):
        c.savings[i] = savings(
            float(c.savings[i]),
            1.0 if c.striking[i] == 2 else 0.0,
            nation.strike_pay,
            p.saving_rate * (1.0 - nation.arrears),
            p.remittance if c.media[i] & MIGRANT else 0.0,
            p.savings_days,
        )


@compiled
def tally(c, neighbourhoods, count, crowd, class_crowd, class_striking, first, last, scratch):
    """Count citizens first..last by locality, tactic and class, exactly."""
    for i in range(first, last):
        place = neighbourhoods.locality[c.neighbourhood[i]]
        role = c.role[i]
        count[place, C_ONLINE] += np.int64(scratch[5, i - first] * FIXED_POINT)
        count[place, C_ANGER] += np.int64(c.anger[i] * FIXED_POINT)
        count[place, C_FEAR] += np.int64(c.fear[i] * FIXED_POINT)
        count[place, C_LEGITIMACY] += np.int64(c.legitimacy[i] * FIXED_POINT)
        count[place, C_FATIGUE] += np.int64(c.fatigue[i] * FIXED_POINT)
        count[place, C_COMMITMENT] += np.int64(c.commitment[i] * FIXED_POINT)
        if c.striking[i] == 2:
            count[place, C_STRIKING] += 1
            class_striking[c.class_[i]] += 1
        if role == BYSTANDER:
            continue
        if role == PROTESTER:
            count[place, C_PROTESTING] += 1
            if c.attending[i] > 0:
                count[place, C_ATTENDING] += 1
                crowd[place, c.attending[i] - 1] += 1
                class_crowd[c.class_[i]] += 1
                if c.veteran[i] == 0:
                    c.veteran[i] = 1
                    count[place, C_FIRST] += 1
        elif role == ENGAGED:
            count[place, C_ENGAGED] += 1
        elif role == DETAINED:
            count[place, C_HELD] += 1
        else:
            count[place, C_GONE] += 1


@compiled
def live(
    c, neighbourhoods, kin, workplaces, localities, nation_row, ties, tactic_rows, class_rows, camp_duty, sway, params,
    trigger, day_share, seed, first, last, count, crowd, class_crowd, class_striking,
):  # fmt: skip
    """Carry citizens first..last through their day, chunk by chunk; runs without the interpreter's lock."""
    nation = nation_row[0]
    p = params[0]
    scratch = np.empty((SCRATCH, CHUNK))
    start = first
    while start < last:
        stop = min(start + CHUNK, last)
        perceive(c, neighbourhoods, kin, workplaces, ties, nation, p, start, stop, scratch)
        feel(c, neighbourhoods, localities, nation, p, trigger, start, stop, scratch)
        decide(
            c, neighbourhoods, workplaces, localities, nation, tactic_rows, class_rows, camp_duty, sway, p, day_share,
            start, stop, nation.day, seed, scratch,
        )  # fmt: skip
        provide(c, nation, p, start, stop)
        tally(c, neighbourhoods, count, crowd, class_crowd, class_striking, start, stop, scratch)
        start = stop


@compiled
def publish(c, neighbourhoods, workplaces):
    """Show today's stances to neighbours, colleagues and ties, who see them tomorrow."""
    neighbourhoods.acting[:] = 0
    workplaces.acting[:] = 0
    workplaces.willing[:] = 0
    for i in range(c.role.size):
        role = c.role[i]
        acting = 2 if role == PROTESTER else (1 if role == ENGAGED else 0)
        c.acting[i] = acting
        work = c.workplace[i]
        if acting > 0:
            neighbourhoods.acting[c.neighbourhood[i]] += acting
            if work >= 0:
                workplaces.acting[work] += acting
        if c.striking[i] > 0:
            workplaces.willing[work] += 1
