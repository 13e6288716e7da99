"""Before people act: connection, news, and the tactics each place calls for (stages 1 to 3, and 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.rules.anger import shock
from sim.models.mobilisation.rules.connection import adoption, capacity, hub_reach
from sim.models.mobilisation.rules.economy import put_by
from sim.models.mobilisation.rules.leadership import call_strength, coordination
from sim.models.mobilisation.rules.media import broadcasting, disloyalty
from sim.models.mobilisation.rules.perception import log_scale, remembered
from sim.models.mobilisation.rules.regime import commanded
from sim.models.mobilisation.rules.services import burden
from sim.models.mobilisation.rules.tactics import pull
from sim.models.mobilisation.rules.war import bound, damage
from sim.models.mobilisation.state import Count

PROTESTING, ATTENDING, DETAINED, RELEASED, VOLUNTEERS = (
    int(c) for c in (Count.PROTESTING, Count.ATTENDING, Count.DETAINED, Count.RELEASED, Count.VOLUNTEERS)
)
PER = 100_000.0


@compiled
def connect(nation: Any, p: Any, lever: Any) -> None:
    """Stages 1 and 2: today's events, the network, the hub and the leaders."""
    nation.aggression = commanded(nation.aggression, lever.aggression)  # an order is carried out the same day
    nation.strike_call = lever.strike_wave
    nation.pause = p.pause_possible * lever.pause
    nation.cyber = damage(nation.cyber, p.cyber_possible * lever.cyberattack, p.cyber_recovery)
    nation.censorship = broadcasting(p.censorship, nation.cyber, p.silence_possible * nation.silent)
    nation.sanctions = max(nation.own_sanctions, lever.sanctions)
    nation.epidemic = lever.epidemic
    nation.findings = max(nation.findings, lever.findings)
    nation.prison_threat = lever.prison_threat
    nation.remittance_cut = lever.remittance_cut
    nation.legion_call = lever.legion_call
    nation.war = lever.war
    nation.shock = shock(
        lever.trigger, lever.epidemic, lever.conscription, p.trigger_gain, p.epidemic_anger, p.conscription_anger
    )
    nation.burden = burden(nation.services, p.service_weight)
    nation.put_by = put_by(p.saving_rate, nation.arrears, lever.epidemic, p.income_cut, nation.contraction)
    nation.police_bound = bound(p.war_possible * lever.police_away, nation.volunteers, p.legion_bind)
    nation.capacity = capacity(lever.shutdown, nation.policy_shutdown, p.shutdown_possible)
    nation.adoption = adoption(nation.adoption, 1.0 - nation.capacity, p.circumvention_growth)


@compiled
def follow(nation: Any, p: Any, lever: Any) -> None:
    """Stage 2, for hub and leaders: who follows, by what is in the news this morning, and who leads."""
    attention = max(max(nation.heard_turnout, nation.heard_violence), lever.hub_push)
    nation.hub_reach = hub_reach(
        nation.hub_reach,
        p.top_reach,
        p.hub_growth,
        attention,
        p.prosecution_loss,
        p.centralisation,
        lever.hub_prosecuted,
    )
    nation.coordination = coordination(nation.coordination, lever.leader_arrested, p.centralisation, p.replacement)
    nation.call = call_strength(lever.called_action, nation.coordination, nation.hub_reach, p.call_weight)


@compiled
def hear(localities: Any, nation: Any, p: Any) -> None:
    """Stage 3, for all alike: yesterday as it is heard this morning, nationally and in each locality."""
    population = 0
    attending = 0
    victims = 0.0
    away = 0
    covered = 0
    for place in range(localities.size.size):
        caught = localities.count[place, DETAINED]
        crowd = localities.count[place, ATTENDING]
        population += localities.size[place]
        attending += crowd
        victims += caught * p.persons_per_agent
        victims += p.injured_weight * localities.injured[place] + p.killed_weight * localities.killed[place]
        victims += p.testimony_weight * nation.abuse * localities.count[place, RELEASED] * p.persons_per_agent
        away += localities.count[place, VOLUNTEERS]
        if crowd >= p.coverage_turnout * localities.size[place] and crowd > 0:
            covered += localities.size[place]
        seen = crowd * p.persons_per_agent * localities.seen[place]
        localities.remembered_crowd[place] = remembered(seen, localities.remembered_crowd[place], p.crowd_memory)
        localities.visible[place] = log_scale(localities.remembered_crowd[place], p.crowd_low, p.crowd_high)
        risk = caught / crowd if crowd > 0 else 0.0
        localities.risk[place] = remembered(risk, localities.risk[place], p.violence_memory)
    nation.turnout = attending / population
    nation.coverage = covered / population
    nation.volunteers = away / population * PER
    nation.remembered_turnout = remembered(nation.turnout, nation.remembered_turnout, p.turnout_memory)
    nation.heard_turnout = log_scale(nation.remembered_turnout, p.turnout_low, p.turnout_high)
    rate = victims / (population * p.persons_per_agent) * PER
    nation.remembered_violence = remembered(rate, nation.remembered_violence, p.violence_memory)
    nation.heard_violence = log_scale(nation.remembered_violence, p.violence_low, p.violence_high)
    acts = disloyalty(
        nation.new_critics, nation.new_resigned, nation.new_switched, nation.officers, nation.base_striking,
        p.criticism_weight, p.resignation_weight, p.switching_weight, p.base_weight,
    )  # fmt: skip
    nation.remembered_defection = remembered(acts, nation.remembered_defection, p.defection_memory)
    nation.heard_defection = log_scale(nation.remembered_defection, p.defection_low, p.defection_high)


@compiled
def call_for(localities: Any, tactic_rows: Any, nation: Any, p: Any, big: float, day_share: float) -> None:
    """Stage 5, for a place: the mix of tactics it calls for today."""
    tactics = tactic_rows.size
    big_day = max(big, nation.call)
    sharpness = p.choice_sharpness * nation.coordination
    share = max(day_share, p.called * nation.call)
    for place in range(localities.size.size):
        willing = localities.count[place, PROTESTING] * p.persons_per_agent * share
        total = 0.0
        for tactic in range(tactics):
            row = tactic_rows[tactic]
            total += pull(
                localities.attraction[place, tactic],
                row.weekend_pull,
                big_day,
                sharpness,
                willing,
                row.minimum_size,
            )
            localities.mix[place, tactic] = total
        if total <= 0.0:  # the few there are can hold the least demanding tactic only
            smallest = 0
            for tactic in range(tactics):
                if tactic_rows[tactic].minimum_size < tactic_rows[smallest].minimum_size:
                    smallest = tactic
            for tactic in range(smallest, tactics):
                localities.mix[place, tactic] = 1.0
            total = 1.0
        for tactic in range(tactics):
            localities.mix[place, tactic] /= total


@compiled
def begin(localities: Any, classes: Any, groups: Any) -> None:
    """Set the day's counts to zero, once the news has been heard."""
    localities.count[:] = np.int64(0)
    localities.crowd[:] = np.int64(0)
    localities.injured[:] = np.int64(0)
    localities.killed[:] = np.int64(0)
    classes.crowd[:] = np.int64(0)
    classes.striking[:] = np.int64(0)
    groups.crowd[:] = np.int64(0)
