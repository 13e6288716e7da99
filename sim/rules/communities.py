"""Local communities: chats of a courtyard that become collective action. Switch: ``communities``."""

from __future__ import annotations

from sim.jit import compiled


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
