"""Strikes: which workplaces are out tomorrow (stage 7)."""

from __future__ import annotations

from typing import Any

from sim.core.jit import compiled
from sim.core.rng import Stream, draws
from sim.models.mobilisation.rules.strike import committee_chance, organised, walks_out

COMMITTEE = int(Stream.COMMITTEE)


@compiled
def strikes(workplaces: Any, nation: Any, p: Any, seed: int) -> None:
    """Initiative groups gather, workplaces walk out, committees are arrested."""
    groups = 0
    out = 0
    for work in range(workplaces.size.size):
        if workplaces.barred[work] > 0:
            workplaces.barred[work] -= 1
        was_out = workplaces.out[work] > 0
        share = workplaces.willing[work] / workplaces.size[work]
        days = organised(workplaces.organised[work], workplaces.willing[work] * p.persons_per_agent, p.initiative_group)
        workplaces.organised[work] = min(days, 32000)
        now_out = walks_out(share, workplaces.threshold[work], days, p.organising_days, workplaces.barred[work])
        if was_out and draws(seed ^ workplaces.key[work], COMMITTEE, nation.day, workplaces.number[work])[
            0
        ] < committee_chance(nation.aggression, p.committee_arrest):
            now_out = False
            workplaces.barred[work] = int(p.dismissal_days)
        workplaces.out[work] = 1 if now_out else 0
        if now_out:
            out += 1
        elif days > 0:
            groups += 1
    nation.workplaces_out = out
    nation.initiative_groups = groups
