"""What citizens hear of the country and see of those around them (stage 3)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.rules.communities import membership
from sim.models.mobilisation.rules.connection import online
from sim.models.mobilisation.rules.media import trusted
from sim.models.mobilisation.rules.perception import hearing, violence_felt
from sim.models.mobilisation.stages.scratch import (
    COLLEAGUES,
    CONNECTED,
    FAMILY,
    HEARD,
    MEMBER,
    NEAR,
    TELEVISION,
    TIES,
    VIOLENCE,
)
from sim.models.mobilisation.state import Community, Media

INTERNET, STATE_TV, NO_COMMUNITY = int(Media.INTERNET), int(Media.STATE_TV), int(Community.NONE)


@compiled
def perceive(
    c: Any,
    neighbourhoods: Any,
    kin: Any,
    nation: Any,
    camps: Any,
    p: Any,
    first_home: int,
    last_home: int,
    scratch: Any,
) -> None:
    """Stage 3: what each citizen hears, and sees of neighbours and kin."""
    hub_cut, circumvention_cut = nation.hub_reach * 255.0, nation.adoption * 255.0
    capacity, censorship, violence_in_news = nation.capacity, nation.censorship, nation.heard_violence
    by_hub, by_net, by_mouth = p.hearing_hub, p.hearing_online, p.hearing_offline
    local_violence, kin_violence, kin_group = p.local_violence, p.kin_violence, int(p.kin_group)
    of_state, of_hub = np.empty(camps.size), np.empty(camps.size)
    for camp in range(camps.size):
        of_state[camp] = trusted(camps[camp].trust_state_media, p.distrust_possible)
        of_hub[camp] = trusted(camps[camp].trust_opposition_media, p.distrust_possible)
    begin = 0
    for home in range(first_home, last_home):
        start, size = neighbourhoods.first[home], neighbourhoods.size[home]
        stop = start + size
        acting_here, per_neighbour = neighbourhoods.acting[home], 1.0 / (2.0 * max(size - 1, 1))
        held = neighbourhoods.in_detention[home] / size
        member = 0.0
        if neighbourhoods.community[home] != NO_COMMUNITY:
            member = membership(np.float64(neighbourhoods.trust[home]), p.trust_possible)
        rows = scratch[:, begin : begin + size]
        acting, media, camp_of = c.acting[start:stop], c.media[start:stop], c.camp[start:stop]
        hub_rank, circumvention_rank = c.hub_rank[start:stop], c.circumvention_rank[start:stop]
        for j in range(size):
            uses_internet = 1.0 if media[j] & INTERNET else 0.0
            connected = online(capacity, uses_internet, 1.0 if circumvention_cut > circumvention_rank[j] else 0.0)
            follows = 1.0 if hub_cut > hub_rank[j] else 0.0
            television = of_state[camp_of[j]] if media[j] & STATE_TV else 0.0
            rows[CONNECTED, j] = connected
            rows[TELEVISION, j] = television
            rows[HEARD, j] = hearing(
                connected, follows, of_hub[camp_of[j]], television, by_hub, by_net, by_mouth, censorship
            )
            rows[NEAR, j] = (acting_here - acting[j]) * per_neighbour
            rows[MEMBER, j] = member
        for j in range(size):
            family = 0.0
            if held > 0.0 and kin.in_detention[neighbourhoods.kin_first[home] + j // kin_group] > 0:
                family = 1.0
            rows[FAMILY, j] = family
            rows[VIOLENCE, j] = violence_felt(
                rows[HEARD, j] * violence_in_news, held, family, local_violence, kin_violence
            )
        begin += size


@compiled
def meet(c: Any, workplaces: Any, ties: Any, start: int, stop: int, scratch: Any) -> None:
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
