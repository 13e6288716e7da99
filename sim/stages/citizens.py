"""The one pass a day over citizens: perception, emotion, participation, willingness to strike.

The pass goes in chunks of whole neighbourhoods of one locality that stay in cache, each in small loops that
vectorise. Each thread takes a range of neighbourhoods. A citizen is written only by
the thread that owns it, reads only yesterday's state of others, and is counted in integers, so the
result is bit-identical on any number of threads.
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
    impulse_reach,
    news_motive,
    peer_motive,
    protest_margin,
)
from sim.rules.perception import hearing, violence_felt
from sim.rules.strike import savings, strike_margin
from sim.state import FIXED_POINT, Community, Count, Media, Role

PARTICIPATION = int(Stream.PARTICIPATION)
BYSTANDER, ENGAGED, PROTESTER, DETAINED = (int(r) for r in (Role.BYSTANDER, Role.ENGAGED, Role.PROTESTER, Role.DETAINED))
INTERNET, STATE_TV, MIGRANT = (int(m) for m in (Media.INTERNET, Media.STATE_TV, Media.MIGRANT_HOUSEHOLD))
NO_COMMUNITY = int(Community.NONE)
(
    C_PROTESTING, C_ENGAGED, C_ATTENDING, C_STRIKING, C_HELD, C_FIRST, C_GONE, C_ONLINE,
    C_ANGER, C_FEAR, C_LEGITIMACY, C_FATIGUE, C_COMMITMENT,
) = (
    int(c)
    for c in (
        Count.PROTESTING, Count.ENGAGED, Count.ATTENDING, Count.STRIKING, Count.IN_DETENTION, Count.FIRST_TIME,
        Count.GONE, Count.ONLINE, Count.ANGER, Count.FEAR, Count.LEGITIMACY, Count.FATIGUE, Count.COMMITMENT,
    )
)  # fmt: skip
(
    HEARD, NEAR, COLLEAGUES, TIES, VIOLENCE, CONNECTED, MEMBER, TO_PROTEST, TO_ENGAGE, TO_STRIKE, WRONGED, FELT,
) = range(12)  # fmt: skip
"""Rows of the scratch table: what a citizen hears and sees, and how far from acting that leaves him or her."""
SCRATCH = 12
CHUNK = 2048


@compiled
def perceive(c, neighbourhoods, kin, nation, p, first_home, last_home, scratch):
    """Stage 3: what each citizen hears, and sees of neighbours and kin."""
    hub_cut, circumvention_cut = nation.hub_reach * 255.0, nation.adoption * 255.0
    capacity, censorship, violence_in_news = nation.capacity, nation.censorship, nation.heard_violence
    by_hub, by_net, by_mouth = p.hearing_hub, p.hearing_online, p.hearing_offline
    local_violence, kin_violence, kin_group = p.local_violence, p.kin_violence, int(p.kin_group)
    begin = 0
    for home in range(first_home, last_home):
        start, size = neighbourhoods.first[home], neighbourhoods.size[home]
        stop = start + size
        acting_here, per_neighbour = neighbourhoods.acting[home], 1.0 / (2.0 * max(size - 1, 1))
        held = neighbourhoods.in_detention[home] / size
        member = 1.0 if neighbourhoods.community[home] != NO_COMMUNITY else 0.0
        rows = scratch[:, begin : begin + size]
        acting, media = c.acting[start:stop], c.media[start:stop]
        hub_rank, circumvention_rank = c.hub_rank[start:stop], c.circumvention_rank[start:stop]
        for j in range(size):
            uses_internet = 1.0 if media[j] & INTERNET else 0.0
            connected = online(capacity, uses_internet, 1.0 if circumvention_cut > circumvention_rank[j] else 0.0)
            follows = 1.0 if hub_cut > hub_rank[j] else 0.0
            television = 1.0 if media[j] & STATE_TV else 0.0
            rows[CONNECTED, j] = connected
            rows[HEARD, j] = hearing(connected, follows, television, by_hub, by_net, by_mouth, censorship)
            rows[NEAR, j] = (acting_here - acting[j]) * per_neighbour
            rows[MEMBER, j] = member
        for j in range(size):
            family = 0.0
            if held > 0.0 and kin.in_detention[neighbourhoods.kin_first[home] + j // kin_group] > 0:
                family = 1.0
            rows[VIOLENCE, j] = violence_felt(rows[HEARD, j] * violence_in_news, held, family, local_violence, kin_violence)
        begin += size


@compiled
def meet(c, workplaces, ties, start, stop, scratch):
    """Stage 3: what each citizen sees of colleagues and weak ties."""
    degree = ties.shape[1]
    per_tie = 1.0 / (2.0 * degree) if degree > 0 else 0.0
    workplace, own, everyone = c.workplace[start:stop], c.acting[start:stop], c.acting
    peers = ties[start:stop]
    for j in range(workplace.size):
        work = workplace[j]
        colleagues = 0.0
        if work >= 0:
            colleagues = (workplaces.acting[work] - own[j]) / (2.0 * max(workplaces.size[work] - 1, 1))
        scratch[COLLEAGUES, j] = colleagues
        acting = 0
        for k in range(degree):
            acting += everyone[np.uint32(peers[j, k])]
        scratch[TIES, j] = scratch[CONNECTED, j] * acting * per_tie


@compiled
def feel(c, localities, nation, p, trigger, place, start, stop, scratch):
    """Stage 4: emotions. One small loop for each, so that each vectorises."""
    believed, media = c.legitimacy[start:stop], c.media[start:stop]
    size = believed.size

    own = c.anger[start:stop]
    gain, trigger_gain, decay, cap = p.anger_gain, p.trigger_gain, p.anger_decay, p.anger_cap
    for j in range(size):
        own[j] = anger(float(own[j]), scratch[VIOLENCE, j], float(believed[j]), trigger, gain, trigger_gain, decay, cap)

    former, peaceful = c.former_legitimacy[start:stop], nation.peaceful
    loss, recovery = p.legitimacy_loss, p.legitimacy_recovery
    for j in range(size):
        television = 1.0 if media[j] & STATE_TV else 0.0
        believed[j] = legitimacy(
            float(believed[j]), float(former[j]), scratch[VIOLENCE, j], peaceful, television, loss, recovery
        )

    own, risk, aid = c.fear[start:stop], localities.risk[place], localities.aid[place]
    of_risk, of_violence, defection = p.fear_of_risk, p.fear_of_violence, nation.heard_defection
    gain, decay, cap = p.fear_gain, p.fear_decay, p.fear_cap
    by_aid, by_company, by_defection = p.aid_relief, p.company_relief, p.defection_relief
    for j in range(size):
        danger = risk_seen(risk, scratch[VIOLENCE, j], of_risk, of_violence)
        own[j] = fear(
            float(own[j]), danger, aid, scratch[NEAR, j], scratch[HEARD, j] * defection, gain, decay, by_aid, by_company,
            by_defection, cap,
        )  # fmt: skip

    own, attending, role = c.fatigue[start:stop], c.attending[start:stop], c.role[start:stop]
    gain, relief, recovery = p.fatigue_gain, p.fatigue_relief, p.fatigue_recovery
    for j in range(size):
        attended = 1.0 if attending[j] > 0 else 0.0
        own[j] = fatigue(float(own[j]), attended, scratch[MEMBER, j], gain, relief, recovery)

    own = c.commitment[start:stop]
    from_protest, from_help, decay, cap = (
        p.commitment_protest, p.commitment_engaged, p.commitment_decay, p.commitment_cap
    )  # fmt: skip
    for j in range(size):
        attended = 1.0 if attending[j] > 0 else 0.0
        helped = 1.0 if role[j] == ENGAGED else 0.0
        own[j] = commitment(float(own[j]), attended, helped, from_protest, from_help, decay, cap)


@compiled
def weigh(c, localities, nation, class_rows, camp_duty, sway, p, place, start, stop, scratch):
    """Stage 5: how far each citizen is from protesting and from helping."""
    near_weight, lift, w_colleague, w_tie = p.neighbour_weight, p.peer_lift, p.colleague_weight, p.tie_weight
    rumour = news_motive(
        nation.heard_turnout, nation.heard_defection, nation.breadth, p.turnout_weight, p.defection_weight, p.coalition_weight
    )
    hardship, believed, conceded = c.hardship[start:stop], c.legitimacy[start:stop], nation.concession
    w_grievance, w_organisation = p.grievance_weight, p.organisation_weight
    kinds, camps = c.class_[start:stop], c.camp[start:stop]
    size = kinds.size
    for j in range(size):
        camp = camps[j]
        wronged = grievance(float(hardship[j]), float(believed[j]), conceded)
        scratch[WRONGED, j] = wronged
        lasting = camp_duty[camp] + w_organisation * sway[camp] + class_rows[kinds[j]].readiness
        near = scratch[NEAR, j] * (1.0 + lift * scratch[MEMBER, j])
        peers = peer_motive(near, scratch[COLLEAGUES, j], scratch[TIES, j], near_weight, w_colleague, w_tie)
        scratch[TO_PROTEST, j] = w_grievance * wronged + scratch[HEARD, j] * rumour + peers + lasting

    angry, tired, committed = c.anger[start:stop], c.fatigue[start:stop], c.commitment[start:stop]
    afraid, averse, threshold = c.fear[start:stop], c.risk_aversion[start:stop], c.threshold[start:stop]
    aid, courage, band, engaged_fear = localities.aid[place], p.aid_courage, p.engaged_band, p.engaged_fear
    for j in range(size):
        motive = scratch[TO_PROTEST, j] + float(angry[j]) + float(committed[j]) - float(tired[j])
        felt = float(averse[j]) * float(afraid[j])
        scratch[FELT, j] = felt
        scratch[TO_PROTEST, j] = protest_margin(motive, felt, float(threshold[j]), aid, courage)
        scratch[TO_ENGAGE, j] = engaged_margin(motive, felt, float(threshold[j]), band, engaged_fear)


@compiled
def consider_strike(c, workplaces, nation, class_rows, p, start, stop, scratch):
    """Stage 7: how far each worker is from striking; the savings of every household."""
    workplace, kinds, savings_here = c.workplace[start:stop], c.class_[start:stop], c.savings[start:stop]
    angry, threshold = c.anger[start:stop], c.threshold[start:stop]
    striking, media = c.striking[start:stop], c.media[start:stop]
    call, arrears = nation.strike_call, nation.arrears
    w_anger, w_grievance, w_colleagues, w_call = p.strike_anger, p.strike_grievance, p.strike_colleagues, p.strike_call
    w_unpaid, w_fear, cost = p.arrears_anger, p.strike_fear, p.strike_cost
    size = workplace.size
    for j in range(size):
        work = workplace[j]
        if work < 0:
            scratch[TO_STRIKE, j] = -np.inf
            continue
        willing = workplaces.willing[work] / workplaces.size[work]
        scratch[TO_STRIKE, j] = strike_margin(
            float(angry[j]), scratch[WRONGED, j], willing, call, arrears * class_rows[kinds[j]].public_pay,
            scratch[FELT, j], float(threshold[j]), w_anger, w_grievance, w_colleagues, w_call, w_unpaid, w_fear, cost,
        )  # fmt: skip
    pay, rate, from_abroad, most = nation.strike_pay, p.saving_rate * (1.0 - arrears), p.remittance, p.savings_days
    for j in range(size):
        on_strike = 1.0 if striking[j] == 2 else 0.0
        sent = from_abroad if media[j] & MIGRANT else 0.0
        savings_here[j] = savings(float(savings_here[j]), on_strike, pay, rate, sent, most)


@compiled
def decide(c, workplaces, localities, nation, tactic_rows, class_rows, p, day_share, place, start, stop, seed, scratch):
    """Stages 5 and 7: role, attendance, tactic, and willingness to strike."""
    scale, last_tactic = p.noise, tactic_rows.size - 1
    reach = impulse_reach(scale)
    engaged_possible, strike_possible = p.engaged_possible > 0.0, p.strike_possible > 0.0
    attending, striking, roles = c.attending[start:stop], c.striking[start:stop], c.role[start:stop]
    for j in range(roles.size):
        attending[j] = 0
        striking[j] = 0
        if roles[j] >= DETAINED:
            continue
        roles[j] = BYSTANDER
        to_protest, to_engage, to_strike = scratch[TO_PROTEST, j], scratch[TO_ENGAGE, j], scratch[TO_STRIKE, j]
        if to_protest <= -reach and to_engage <= -reach and to_strike <= -reach:
            continue  # no impulse of a day could move this citizen, so none is drawn
        i = start + j
        u_impulse, u_attend, u_tactic, u_strike = draws(seed, PARTICIPATION, nation.day, i)
        noise = impulse(u_impulse, scale)
        if to_protest + noise > 0.0:
            roles[j] = PROTESTER
            tactic = 0
            while tactic < last_tactic and u_tactic >= localities.mix[place, tactic]:
                tactic += 1
            ordinary = day_share * (class_rows[c.class_[i]].availability if nation.working_day > 0.0 else 1.0)
            if u_attend < availability(ordinary, p.called, nation.call, tactic_rows[tactic].ease, nation.pause):
                attending[j] = tactic + 1
        elif to_engage + noise > 0.0 and engaged_possible:
            roles[j] = ENGAGED
        if to_strike > -reach and strike_possible and c.savings[i] > 0.0 and to_strike + impulse(u_strike, scale) > 0.0:
            striking[j] = 2 if workplaces.out[c.workplace[i]] else 1


@compiled
def tally(c, counts, crowd, class_crowd, class_striking, start, stop, scratch):
    """Count citizens of one locality, exactly: emotions in fixed point, roles one by one."""
    angry, afraid, believing = c.anger[start:stop], c.fear[start:stop], c.legitimacy[start:stop]
    tired, committed = c.fatigue[start:stop], c.commitment[start:stop]
    sums = (0, 0, 0, 0, 0, 0)
    for j in range(angry.size):
        sums = (
            sums[0] + np.int32(scratch[CONNECTED, j] * FIXED_POINT),
            sums[1] + np.int32(float(angry[j]) * FIXED_POINT),
            sums[2] + np.int32(float(afraid[j]) * FIXED_POINT),
            sums[3] + np.int32(float(believing[j]) * FIXED_POINT),
            sums[4] + np.int32(float(tired[j]) * FIXED_POINT),
            sums[5] + np.int32(float(committed[j]) * FIXED_POINT),
        )
    for column, total in zip((C_ONLINE, C_ANGER, C_FEAR, C_LEGITIMACY, C_FATIGUE, C_COMMITMENT), sums):  # noqa: B905
        counts[column] += total
    roles, striking, attending = c.role[start:stop], c.striking[start:stop], c.attending[start:stop]
    for j in range(roles.size):
        role = roles[j]
        if striking[j] == 2:
            counts[C_STRIKING] += 1
            class_striking[c.class_[start + j]] += 1
        if role == BYSTANDER:
            continue
        if role == PROTESTER:
            counts[C_PROTESTING] += 1
            if attending[j] > 0:
                counts[C_ATTENDING] += 1
                crowd[attending[j] - 1] += 1
                class_crowd[c.class_[start + j]] += 1
                if c.veteran[start + j] == 0:
                    c.veteran[start + j] = 1
                    counts[C_FIRST] += 1
        elif role == ENGAGED:
            counts[C_ENGAGED] += 1
        elif role == DETAINED:
            counts[C_HELD] += 1
        else:
            counts[C_GONE] += 1


@compiled
def live(
    c, neighbourhoods, kin, workplaces, localities, nation_row, ties, tactic_rows, class_rows, camp_duty, sway, params,
    trigger, day_share, seed, first_home, last_home, count, crowd, class_crowd, class_striking,
):  # fmt: skip
    """Carry the citizens of a range of neighbourhoods through their day; runs without the interpreter's lock."""
    nation, p = nation_row[0], params[0]
    scratch = np.empty((SCRATCH, CHUNK + neighbourhoods.size[first_home:last_home].max()))
    home = first_home
    while home < last_home:
        place, begin = neighbourhoods.locality[home], home
        start = neighbourhoods.first[home]
        stop = start
        while home < last_home and neighbourhoods.locality[home] == place and stop - start < CHUNK:
            stop += neighbourhoods.size[home]
            home += 1
        perceive(c, neighbourhoods, kin, nation, p, begin, home, scratch)
        meet(c, workplaces, ties, start, stop, scratch)
        feel(c, localities, nation, p, trigger, place, start, stop, scratch)
        weigh(c, localities, nation, class_rows, camp_duty, sway, p, place, start, stop, scratch)
        consider_strike(c, workplaces, nation, class_rows, p, start, stop, scratch)
        decide(
            c, workplaces, localities, nation, tactic_rows, class_rows, p, day_share, place, start, stop, seed, scratch
        )
        tally(c, count[place], crowd[place], class_crowd, class_striking, start, stop, scratch)


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
