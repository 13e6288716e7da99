"""Anger: moral shock and backlash. Switch: ``backlash``."""

from __future__ import annotations

from sim.jit import compiled


@compiled
def anger(
    before: float,
    violence: float,
    legitimacy: float,
    trigger: float,
    gain: float,
    trigger_gain: float,
    decay: float,
    cap: float,
) -> float:
    """Violence one hears of angers those who do not think it right, and so does a triggering event.

    a' = a + (gain * V + trigger_gain * S) * (1 - L) * (1 - a / cap) - decay * a     (4a)

    Source: moral shock (Jasper 1997); repression that mobilises (Opp & Roehl 1990); mobilisation thread.

    before : float, 0..cap, SD
    violence : float, 0..1, what reached this citizen
    legitimacy : float, 0..1
    trigger : float, units of a triggering event today
    """
    if cap <= 0.0:
        return 0.0
    shock = (gain * violence + trigger_gain * trigger) * (1.0 - legitimacy)
    after = before + shock * (1.0 - before / cap) - decay * before
    return min(max(after, 0.0), cap)
