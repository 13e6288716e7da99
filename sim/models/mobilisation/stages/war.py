"""Those whom a war takes away: emigrants, and volunteers (stage 8)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import Stream, draws
from sim.models.mobilisation.rules.war import joining_chance, leaving_chance
from sim.models.mobilisation.state import Role

WAR = int(Stream.WAR)
BYSTANDER, DETAINED, EXILED, VOLUNTEER = (
    int(role) for role in (Role.BYSTANDER, Role.DETAINED, Role.EXILED, Role.VOLUNTEER)
)


@compiled
def leave(c: Any, localities: Any, nation: Any, p: Any, seed: int) -> None:
    """Some of the afraid leave the country, some of those who act leave to fight; they are missed from tomorrow."""
    if nation.war * p.emigration <= 0.0 and nation.legion_call * p.volunteering <= 0.0:
        return
    for place in range(localities.size.size):
        key, first = seed ^ localities.key[place], localities.first[place]
        for i in range(first, first + localities.size[place]):
            role = c.role[i]
            if role >= DETAINED:
                continue
            believed = np.float64(c.legitimacy[i])
            leaves = leaving_chance(nation.war, believed, np.float64(c.fear[i]), p.fear_cap, p.emigration)
            joins = 0.0
            if role != BYSTANDER:
                joins = joining_chance(
                    nation.legion_call, believed, np.float64(c.anger[i]), p.anger_cap, p.volunteering
                )
            if leaves <= 0.0 and joins <= 0.0:
                continue
            u_leaves, u_joins, _, _ = draws(key, WAR, nation.day, i - first)
            if u_joins < joins:
                c.role[i] = VOLUNTEER
            elif u_leaves < leaves:
                c.role[i] = EXILED
