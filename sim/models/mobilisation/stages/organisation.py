"""Organisation: local communities, and tactics learnt by the movement and by police (stage 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import Stream, draws
from sim.models.mobilisation.rules.communities import closed_chance, ending_chance, forming_chance, trust
from sim.models.mobilisation.rules.tactics import attraction, familiarity, success
from sim.models.mobilisation.state import Community

FORMING = int(Stream.COMMUNITY)
NONE, OPEN, CLOSED = int(Community.NONE), int(Community.OPEN), int(Community.CLOSED)


@compiled
def communities(neighbourhoods: Any, localities: Any, nation: Any, p: Any, seed: int) -> None:
    """Local communities form, are broken up, or fade."""
    existing = 0
    believed = 0.0
    for home in range(neighbourhoods.size.size):
        acting = neighbourhoods.acting[home] / (2.0 * neighbourhoods.size[home])
        state = neighbourhoods.community[home]
        place = neighbourhoods.locality[home]
        number = neighbourhoods.first[home] - localities.first[place]  # of its first citizen
        u_form, u_closed, u_end, _ = draws(seed ^ localities.key[place], FORMING, nation.day, number)
        if state == NONE:
            if u_form < forming_chance(acting, nation.online, p.ready_share, p.forming_rate):
                closed = u_closed < closed_chance(nation.aggression, p.private_share)
                neighbourhoods.community[home] = CLOSED if closed else OPEN
                neighbourhoods.trust[home] = p.trust_start
        elif u_end < ending_chance(
            1.0 if state == OPEN else 0.0,
            1.0 if acting > 0.0 else 0.0,
            nation.aggression,
            p.infiltration,
            p.fading_rate,
        ):
            neighbourhoods.community[home] = NONE
        if neighbourhoods.community[home] != NONE:
            existing += 1
            now = trust(np.float64(neighbourhoods.trust[home]), acting, p.trust_growth, p.trust_decay)
            neighbourhoods.trust[home] = now
            believed += now
    nation.communities = existing
    nation.community_trust = believed / existing if existing > 0 else 0.0


@compiled
def learn(localities: Any, tactics: Any, tactic_rows: Any, nation: Any, p: Any, example_row: Any) -> None:
    """Every place learns from its own success, from other places and from abroad; police learn too."""
    places = localities.size.size
    everyone = 0
    for place in range(places):
        for tactic in range(tactics.familiarity.size):
            everyone += localities.crowd[place, tactic]
    for tactic in range(tactics.familiarity.size):
        row = tactic_rows[tactic]
        mean = 0.0
        crowd_in_all = 0
        for place in range(places):
            mean += localities.attraction[place, tactic] / places
            crowd_in_all += localities.crowd[place, tactic]
        for place in range(places):
            crowd = 0
            for other in range(tactics.familiarity.size):
                crowd += localities.crowd[place, other]
            used = localities.crowd[place, tactic] / crowd if crowd > 0 else 0.0
            achieved = success(
                row.visibility, row.disruption, nation.heard_turnout, localities.chance[place, tactic],
                p.detention_aversion,
            )  # fmt: skip
            localities.attraction[place, tactic] = attraction(
                localities.attraction[place, tactic], used, achieved, mean, example_row[tactic], p.tactic_learning,
                p.imitation, p.diffusion_gain,
            )  # fmt: skip
        used_in_all = crowd_in_all / everyone if everyone > 0 else 0.0
        tactics.familiarity[tactic] = familiarity(
            tactics.familiarity[tactic], used_in_all, p.police_learning, p.police_forgetting
        )
