"""News: how much of it a citizen hears, and how its size is heard."""

from __future__ import annotations

import math

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Mechanism
from sim.models.mobilisation.sums import look_up
from sim.models.mobilisation.typed import Array, Nation, Parameters
from sim.scenario.fields import Section, fraction


class Hearing(Section):
    """How much of the news one hears (model stage 3)."""

    hearing_hub: float = fraction("how much of the news a follower of the hub hears")
    hearing_online: float = fraction("how much others hear online")
    hearing_offline: float = fraction("how much one hears by word of mouth")


@compiled
def log_scale(value: float, low: float, high: float) -> float:
    """Hear a magnitude on a logarithmic scale.

    X = clip(ln(value / low) / ln(high / low), 0, 1)                                 (3a)

    Source: Fechner's law; Lohmann (1994) for turnout as a public signal. With a linear scale the
    cascade runs to everyone, with this one a shock is amplified two- or three-fold.
    """
    if value <= low:
        return 0.0
    if value >= high:
        return 1.0
    return math.log(value / low) / math.log(high / low)


@compiled
def remembered(today: float, before: float, memory: float) -> float:
    """Largest recent value still in mind.

    m' = max(today, memory * m)                                                      (3b)

    Source: assumption.
    """
    return max(today, memory * before)


@compiled
def hearing(
    online: float,
    follows_hub: float,
    trust: float,
    state_tv: float,
    hub: float,
    net: float,
    mouth: float,
    censorship: float,
) -> float:
    """How much of the news a citizen hears, 0 to 1.

    h = o * t * hub + (1 - o * t) * mouth                       for followers of the hub
    h = (o * net + (1 - o) * mouth) * (1 - censorship * tv)     for all others       (3c)

    trust : float, 0..1, trust in the hub (t)
    state_tv : float, 0..1, trust in state television of one who watches it, else 0

    Source: thread on class and media (trust in media by camp); report on travelling tactics (the hub).
    """
    by_hub = online * trust * hub + (1.0 - online * trust) * mouth
    by_others = (online * net + (1.0 - online) * mouth) * (1.0 - censorship * state_tv)
    return by_hub if follows_hub > 0.0 else by_others


@compiled
def listen(
    heard: Array,
    connected: Array,
    television: Array,
    hub_rank: Array,
    camp_of: Array,
    of_hub: Array,
    trust: Array,
    nation: Nation,
    p: Parameters,
) -> None:
    """Stage 3: how much of the news each citizen hears, through the hub, the network or others.

    trust : array of float64, shape (citizens of the chunk,), to work in
    """
    hub_cut, censorship = nation.hub_reach * 255.0, nation.censorship
    by_hub, by_net, by_mouth = p.hearing_hub, p.hearing_online, p.hearing_offline
    look_up(trust, of_hub, camp_of)
    for j in range(heard.size):
        follows = 1.0 if hub_cut > hub_rank[j] else 0.0
        heard[j] = hearing(connected[j], follows, trust[j], television[j], by_hub, by_net, by_mouth, censorship)


MECHANISM = Mechanism(
    title="How news is heard",
    parameters={"information": Hearing},
    seen=("heard_turnout", "heard_violence", "heard_defection"),
)
