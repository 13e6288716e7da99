"""The country at night: aid, economy, elites, regime, coalition (stages 9 and 11 to 14)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.jit import compiled
from sim.rules.aid import aid, fund
from sim.rules.coalition import breadth, effective_groups, entropy_term
from sim.rules.economy import rescue, revenue, treasury
from sim.rules.elites import interest, preference, speaks
from sim.rules.regime import (
    approach,
    commanded,
    concession,
    lost_pillars,
    shutdown_policy,
    threat,
    wanted_aggression,
)
from sim.state import FIXED_POINT, Community, Count, Stance

ENGAGED, ATTENDING, STRIKING, HELD, FREED, ONLINE = (
    int(c)
    for c in (
        Count.ENGAGED,
        Count.ATTENDING,
        Count.STRIKING,
        Count.IN_DETENTION,
        Count.RELEASED,
        Count.ONLINE,
    )
)
ANGER, FEAR, LEGITIMACY, FATIGUE, COMMITMENT = (
    int(c) for c in (Count.ANGER, Count.FEAR, Count.LEGITIMACY, Count.FATIGUE, Count.COMMITMENT)
)
NO_COMMUNITY = int(Community.NONE)
SUPPORT, OPPOSED = int(Stance.SUPPORT), int(Stance.OPPOSED)


@compiled
def means(localities: Any, nation: Any) -> None:
    """Means over citizens, from exact sums."""
    people = localities.size.sum() * FIXED_POINT
    sums = localities.count.sum(axis=0)
    nation.mean_anger = sums[ANGER] / people
    nation.mean_fear = sums[FEAR] / people
    nation.mean_legitimacy = sums[LEGITIMACY] / people
    nation.mean_fatigue = sums[FATIGUE] / people
    nation.mean_commitment = sums[COMMITMENT] / people
    nation.online = sums[ONLINE] / people
    nation.turnout = sums[ATTENDING] / localities.size.sum()


@compiled
def help_out(neighbourhoods: Any, localities: Any, nation: Any, p: Any) -> None:
    """Stage 9: aid in each locality, and the strike fund."""
    joined = localities.aid * 0.0
    homes = localities.aid * 0.0
    for home in range(neighbourhoods.size.size):
        place = neighbourhoods.locality[home]
        homes[place] += 1.0
        if neighbourhoods.community[home] != NO_COMMUNITY:
            joined[place] += 1.0
    for place in range(localities.size.size):
        count = localities.count[place]
        need = count[ATTENDING] + p.prisoner_need * (count[FREED] + count[HELD] + count[STRIKING])
        localities.aid[place] = aid(count[ENGAGED], p.aid_effort, joined[place] / homes[place], p.aid_lift, need)
    sums = localities.count.sum(axis=0)
    nation.strike_fund, nation.strike_pay = fund(
        nation.strike_fund, p.donation * sums[ENGAGED], sums[STRIKING], p.strike_pay
    )


@compiled
def account(classes: Any, class_rows: Any, nation: Any, p: Any, lever: Any) -> None:
    """Stage 11: revenue, treasury, arrears."""
    lost = 0.0
    for kind in range(class_rows.size):
        if classes.size[kind] > 0:
            lost += class_rows[kind].output * classes.striking[kind] / classes.size[kind]
    nation.output_lost = min(lost, 1.0)
    nation.patron = lever.patron_support * p.patron_possible
    income = revenue(
        p.revenue, nation.output_lost, 1.0 - nation.capacity, nation.sanctions, nation.epidemic, p.shutdown_loss,
        p.sanction_loss, p.epidemic_loss,
    )  # fmt: skip
    asked = rescue(nation.patron, nation.treasury, p.treasury_days, p.rescue_level, p.patron_rescue, p.patron_possible)
    if asked > 0.0 or lever.patron_transfer > 0.0:
        nation.dependence = max(nation.dependence, nation.patron)
    transfer = lever.patron_transfer * p.patron_possible + asked
    nation.treasury, nation.arrears = treasury(nation.treasury, income, transfer, nation.aggression, p.repression_cost)


@compiled
def waver(elites: Any, kind_rows: Any, nation: Any, p: Any) -> None:
    """Stage 12: private preferences move, then public stances."""
    dissent = 1.0 - nation.elite_public
    private = 0
    public = 0
    for i in range(elites.kind.size):
        row = kind_rows[elites.kind[i]]
        today = interest(
            np.float64(elites.base[i]), nation.output_lost, 1.0 - nation.capacity, nation.sanctions, nation.epidemic,
            nation.heard_turnout, nation.patron, row.strike_exposure, row.shutdown_exposure, row.sanction_exposure,
            row.epidemic_exposure, row.street_exposure, p.patron_reassurance,
        )  # fmt: skip
        elites.preference[i] = preference(np.float64(elites.preference[i]), today, p.preference_speed)
        leaning = np.float64(elites.preference[i])
        against = speaks(leaning, dissent, np.float64(elites.threshold[i]), p.punishment, nation.loyal_share)
        elites.stance[i] = OPPOSED if against else SUPPORT
        private += 1 if leaning >= 0.0 else 0
        public += 0 if against else 1
    nation.elite_private = private / elites.kind.size
    nation.elite_public = public / elites.kind.size


@compiled
def react(nation: Any, p: Any, lever: Any, big_day_tomorrow: float) -> None:
    """Stage 13: aggression, shutdown, concession."""
    nation.alert = max(lever.alert, nation.alert * (1.0 - p.alert_decay))
    danger = threat(nation.heard_turnout, nation.alert)
    wanted = wanted_aggression(
        danger, max(nation.turnout, nation.remembered_turnout), p.street_capacity, nation.mean_anger,
        nation.heard_turnout, 1.0 - nation.loyal_share, p.aggression_base, p.aggression_gain, p.backlash_restraint,
        p.defection_restraint, p.restraint_possible,
    )  # fmt: skip
    moved = approach(nation.aggression, wanted, p.aggression_speed)
    nation.aggression = commanded(moved, lever.aggression)  # and stands until the order ends
    cut = shutdown_policy(danger, big_day_tomorrow, p.shutdown_threat, p.shutdown_readiness)
    nation.policy_shutdown = p.shutdown_possible * cut
    lost = lost_pillars(nation.loyal_share, nation.elite_public, nation.arrears)
    nation.concession = concession(nation.concession, lever.concession, lost, p.concession_speed)


@compiled
def combine(classes: Any, nation: Any) -> None:
    """Stage 14: the breadth of today's coalition; a day without action leaves it as it was."""
    total, present = 0.0, 0
    kinds = classes.size.size
    for kind in range(kinds):
        if classes.size[kind] > 0:
            present += 1
            total += classes.crowd[kind] / classes.size[kind]
    if total <= 0.0:
        return
    entropy = 0.0
    for kind in range(kinds):
        if classes.size[kind] > 0:
            entropy += entropy_term(classes.crowd[kind] / classes.size[kind], total)
    nation.breadth = breadth(entropy, present)
    nation.groups = effective_groups(entropy)
