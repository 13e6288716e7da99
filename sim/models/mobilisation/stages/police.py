"""Loyalty: officers doubt, shirk, defect (stage 10)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import Stream, draws, normal_pair
from sim.models.mobilisation.rules.loyalty import (
    confrontation,
    defection_chance,
    duty_fatigue,
    gives_way,
    guilt,
    loyalty,
    paid_loyalty,
)
from sim.models.mobilisation.rules.repression import called_out
from sim.models.mobilisation.state import FIXED_POINT, Count, Service

LOYALTY = int(Stream.LOYALTY)
ATTENDING, CAUGHT, PROTESTING = int(Count.ATTENDING), int(Count.DETAINED), int(Count.PROTESTING)
LOYAL, SHIRKING, CRITICAL, RESIGNED, SWITCHED = (
    int(s) for s in (Service.LOYAL, Service.SHIRKING, Service.CRITICAL, Service.RESIGNED, Service.SWITCHED)
)


@compiled
def doubt(officers: Any, localities: Any, force_rows: Any, nation: Any, p: Any, seed: int) -> None:
    """Stage 10: each officer's loyalty, and what it comes to."""
    localities.loyal[:] = 0
    localities.shirking[:] = 0
    places = localities.size.size
    there = localities.defected.sum(axis=1) * 0
    for i in range(officers.service.size):
        there[officers.locality[i]] += 1
    critics, new_critics, resigned, switched = 0, 0, 0, 0
    tired = 0
    strength = 0.0
    for i in range(officers.service.size):
        place = officers.locality[i]
        force = officers.force[i]
        before = officers.service[i]
        if before >= RESIGNED:
            continue
        row = force_rows[force]
        crowd = localities.count[place, ATTENDING]
        confronted = confrontation(crowd * p.persons_per_agent, there[place] * p.officers_per_agent)
        confronted *= called_out(nation.aggression, row.call_out, row.all_out)
        kin_share = localities.count[place, PROTESTING] / localities.size[place]
        risk = localities.count[place, CAUGHT] / crowd if crowd > 0 else 0.0
        u, v, u_defect, _ = draws(seed ^ officers.key[i], LOYALTY, nation.day, officers.number[i])
        noise = p.loyalty_noise * normal_pair(u, v)[0]
        rank = np.float64(officers.rank[i])
        usual = paid_loyalty(np.float64(officers.former_loyalty[i]), row.pay, nation.arrears, p.pay_loyalty)
        officers.loyalty[i] = loyalty(
            np.float64(officers.loyalty[i]), usual, confronted, nation.aggression,
            nation.peaceful, kin_share, np.float64(officers.outsider[i]), nation.heard_defection, nation.arrears,
            np.float64(officers.guilt[i]), noise, p.loyalty_recovery, p.peaceful_doubt, p.kin_doubt, p.colleague_doubt,
            p.arrears_doubt, p.violence_cohesion, p.guilt_cohesion,
        )  # fmt: skip
        officers.guilt[i] = guilt(np.float64(officers.guilt[i]), nation.aggression, confronted * risk)
        officers.fatigue[i] = duty_fatigue(np.float64(officers.fatigue[i]), confronted, p.duty_fatigue, p.duty_rest)
        tired += int(officers.fatigue[i] * FIXED_POINT)
        left = np.float64(officers.loyalty[i])
        if p.defection_possible <= 0.0:
            officers.service[i] = LOYAL
            localities.loyal[place, force] += 1
        elif u_defect < defection_chance(left, p.defect_below, rank, p.rank_step, p.defection_rate):
            localities.defected[place, force] += 1
            if gives_way(left, p.switch_below, rank, p.rank_step):
                officers.service[i] = SWITCHED
                switched += 1
            else:
                officers.service[i] = RESIGNED
                resigned += 1
        elif gives_way(left, p.shirk_below, rank, p.rank_step):
            localities.shirking[place, force] += 1
            officers.service[i] = SHIRKING
            if gives_way(left, p.criticise_below, rank, p.rank_step):
                officers.service[i] = CRITICAL
                critics += 1
                new_critics += 0 if before == CRITICAL else 1
        else:
            officers.service[i] = LOYAL
            localities.loyal[place, force] += 1
    full = 0.0
    for force in range(force_rows.size):
        loyal = 0
        everyone = 0
        for place in range(places):
            loyal += localities.loyal[place, force]
            everyone += localities.loyal[place, force] + localities.shirking[place, force]
            everyone += localities.defected[place, force]
        strength += loyal * force_rows[force].weight
        full += everyone * force_rows[force].weight
    nation.critics, nation.new_critics = critics, new_critics
    nation.new_resigned, nation.new_switched = resigned, switched
    nation.resigned += resigned
    nation.switched += switched
    nation.loyal_share = strength / full if full > 0.0 else 0.0
    nation.duty_fatigue = tired / FIXED_POINT / officers.service.size if officers.service.size > 0 else 0.0
