"""Local communities: chats of a courtyard that become collective action.

Switches: ``communities``, ``community_trust``.
"""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def forming_chance(acting: float, online: float, ready_share: float, rate: float) -> float:
    """Chance that a neighbourhood without a community forms one today.

    p = rate * min(1, acting / ready_share) * online                                 (6a)

    Source: local-chats note: groups united by place that formed where neighbours acted and could talk.

    acting : float, 0..1, share of residents acting
    online : float, 0..1, share of the country reached by the network
    """
    if ready_share <= 0.0:
        return rate * online
    return rate * min(1.0, acting / ready_share) * online


@compiled
def closed_chance(aggression: float, private_share: float) -> float:
    """Chance that a new community admits trusted residents only.

    p = private_share * aggression                                                   (6b)
    """
    return private_share * aggression


@compiled
def ending_chance(is_open: float, is_active: float, aggression: float, infiltration: float, fading: float) -> float:
    """Chance that a community ends today: open ones are infiltrated, inactive ones fade.

    p = open * infiltration * aggression + (1 - active) * fading                     (6c)
    """
    return is_open * infiltration * aggression + (1.0 - is_active) * fading


@compiled
def trust(before: float, acting: float, growth: float, decay: float) -> float:
    """Trust among a community's members: it grows where they act together, online or not, and fades otherwise.

    t' = t + growth * acting * (1 - t) - decay * t                                   (6k)

    Source: local-chats note: chats of neighbours end in meetings in the courtyard, face to face.

    acting : float, 0..1, share of residents acting
    """
    return before + growth * acting * (1.0 - before) - decay * before


@compiled
def membership(trust: float, possible: float) -> float:
    """How much of a community its members have: all of it, or as much as they trust one another.

    m = 1 - possible * (1 - t)                                                       (6l)

    possible : 1.0, or 0.0 when trust is switched off
    """
    return 1.0 - possible * (1.0 - trust)
