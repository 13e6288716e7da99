"""The country at night: aid, economy, elites, regime, coalition (stages 9 and 11 to 14)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.rules.aid import aid, fund
from sim.models.mobilisation.rules.coalition import breadth, effective_groups, entropy_term
from sim.models.mobilisation.rules.cooptation import voice
from sim.models.mobilisation.rules.dispersion import streets
from sim.models.mobilisation.rules.economy import contraction, patron_gain, rescue, revenue, treasury
from sim.models.mobilisation.rules.elites import interest, preference, speaks
from sim.models.mobilisation.rules.regime import (
    approach,
    commanded,
    concession,
    lost_pillars,
    shutdown_policy,
    threat,
    wanted_aggression,
)
from sim.models.mobilisation.rules.services import services
from sim.models.mobilisation.rules.world import backing, outrage, sanctions
from sim.models.mobilisation.state import FIXED_POINT, Cleavage, Community, Count, Stance

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
AGE, CAMP, SETTLEMENT, REGION = (int(kind) for kind in Cleavage)
CLEAVAGES = len(Cleavage)
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
    base, base_striking, broadcasters, silent = 0, 0, 0, 0
    for kind in range(class_rows.size):
        if classes.size[kind] > 0:
            lost += class_rows[kind].output * classes.striking[kind] / classes.size[kind]
        if class_rows[kind].loyal_base > 0.0:
            base += classes.size[kind]
            base_striking += classes.striking[kind]
        if class_rows[kind].broadcasts > 0.0:
            broadcasters += classes.size[kind]
            silent += classes.striking[kind]
    nation.output_lost = min(lost, 1.0)
    nation.base_striking = base_striking / base if base > 0 else 0.0
    nation.silent = silent / broadcasters if broadcasters > 0 else 0.0
    nation.patron = backing(lever.patron_support * p.patron_possible, nation.condemnation, p.patron_wavering)
    income = revenue(
        p.revenue, nation.output_lost, 1.0 - nation.capacity, nation.sanctions, nation.epidemic, p.shutdown_loss,
        p.sanction_loss, p.epidemic_loss, nation.contraction, nation.patron_gain,
    )  # fmt: skip
    nation.contraction = contraction(nation.contraction, income, p.revenue, p.contraction_speed, p.recovery_speed)
    asked = rescue(nation.patron, nation.treasury, p.treasury_days, p.rescue_level, p.patron_rescue, p.patron_possible)
    if asked > 0.0 or lever.patron_transfer > 0.0:
        nation.dependence = max(nation.dependence, nation.patron)
    transfer = lever.patron_transfer * p.patron_possible + asked
    nation.patron_gain = patron_gain(nation.patron_gain, transfer, p.patron_price)
    nation.treasury, nation.arrears = treasury(nation.treasury, income, transfer, nation.aggression, p.repression_cost)
    nation.services = services(nation.services, p.skimming, nation.arrears, p.service_speed)


@compiled
def waver(elites: Any, kind_rows: Any, nation: Any, p: Any) -> None:
    """Stage 12: private preferences move, then public stances."""
    dissent = 1.0 - nation.elite_public
    weighed = streets(nation.heard_turnout, nation.coverage, p.coverage_weight)
    private = 0
    public = 0
    for i in range(elites.kind.size):
        row = kind_rows[elites.kind[i]]
        today = interest(
            np.float64(elites.base[i]), nation.output_lost, 1.0 - nation.capacity, nation.sanctions, nation.epidemic,
            weighed, nation.patron, row.strike_exposure, row.shutdown_exposure, row.sanction_exposure,
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
    """Stage 13: aggression, shutdown, concession; and what the world makes of it."""
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
    nation.concession = concession(nation.concession, lever.concession, lost, p.concession_speed, p.defiance)
    nation.condemnation = outrage(
        nation.heard_violence, nation.peaceful, nation.heard_turnout, nation.findings, p.framing, p.violence_outrage,
        p.turnout_outrage, p.findings_outrage,
    )  # fmt: skip
    nation.own_sanctions = sanctions(nation.own_sanctions, nation.condemnation, p.tolerance, p.sanction_speed)


@compiled
def spread(size: Any, crowd: Any) -> tuple[float, int]:
    """Entropy of the participation rates of groups, and how many groups there are."""
    total, present = 0.0, 0
    for group in range(size.size):
        if size[group] > 0:
            present += 1
            total += crowd[group] / size[group]
    entropy = 0.0
    for group in range(size.size):
        if size[group] > 0:
            entropy += entropy_term(crowd[group] / size[group], total)
    return entropy, present


@compiled
def across(groups: Any, cleavage: int) -> tuple[float, int]:
    """Breadth of the coalition across the groups of one cleavage, and how many groups there are."""
    first, last = -1, 0
    for group in range(groups.size.size):
        if groups.cleavage[group] == cleavage:
            first = group if first < 0 else first
            last = group + 1
    entropy, present = spread(groups.size[first:last], groups.crowd[first:last])
    return breadth(entropy, present), present


@compiled
def combine(classes: Any, groups: Any, localities: Any, nation: Any, p: Any) -> None:
    """Stage 14: the breadth of today's coalition, and who speaks for it; a day without action changes nothing."""
    first_settlement, first_region = -1, -1
    for group in range(groups.size.size):
        if groups.cleavage[group] == SETTLEMENT and first_settlement < 0:
            first_settlement = group
        if groups.cleavage[group] == REGION and first_region < 0:
            first_region = group
    everyone = 0
    for place in range(localities.size.size):
        crowd = localities.count[place, ATTENDING]
        everyone += crowd
        groups.crowd[first_settlement + localities.settlement[place]] += crowd
        groups.crowd[first_region + localities.region[place]] += crowd
    if everyone == 0:
        return
    entropy, present = spread(classes.size, classes.crowd)
    nation.groups = effective_groups(entropy)
    nation.breadth_class = breadth(entropy, present)
    total, divided = nation.breadth_class, 1 if present > 1 else 0
    for cleavage in range(CLEAVAGES):
        across_it, present = across(groups, cleavage)
        if cleavage == AGE:
            nation.breadth_age = across_it
        elif cleavage == CAMP:
            nation.breadth_camp = across_it
        elif cleavage == SETTLEMENT:
            nation.breadth_settlement = across_it
        else:
            nation.breadth_region = across_it
        total += across_it
        divided += 1 if present > 1 else 0
    nation.breadth = total / divided if divided > 0 else 0.0  # of what divides the country at all
    nation.cooptation = voice(nation.cooptation, nation.heard_turnout, nation.breadth, p.cooptation_rate)
