"""Perception: what is heard of turnout, violence, defections. Switches: ``turnout_news``, ``hub``, ``local_crowds``."""

from __future__ import annotations

import math

from sim.core.jit import compiled


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
    if follows_hub > 0.0:
        return online * trust * hub + (1.0 - online * trust) * mouth
    return (online * net + (1.0 - online) * mouth) * (1.0 - censorship * state_tv)


@compiled
def violence_felt(
    heard: float, neighbours_detained: float, kin_detained: float, local_weight: float, kin_weight: float
) -> float:
    """Violence against the movement as it reaches one citizen, 0 to 1.

    V = min(1, heard + local_weight * share of neighbours in detention + kin_weight * [kin in detention])  (3d)

    Neighbours and kin are always known, online or not: the people who wait outside prisons.
    """
    return min(1.0, heard + local_weight * neighbours_detained + kin_weight * kin_detained)
