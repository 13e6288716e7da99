"""Anger: moral shock and backlash. Switches: ``backlash``, ``triggers``, ``war``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def shock(
    trigger: float,
    epidemic: float,
    conscription: float,
    trigger_gain: float,
    epidemic_anger: float,
    conscription_anger: float,
) -> float:
    """What happens today that angers all who do not think the regime legitimate.

    S = trigger_gain * trigger + g_e * epidemic + g_c * conscription                 (4g)

    Source: suddenly imposed grievances (Walsh 1981); travelling-tactics report on the vote and the epidemic.
    """
    return trigger_gain * trigger + epidemic_anger * epidemic + conscription_anger * conscription


@compiled
def anger(
    before: float,
    violence: float,
    legitimacy: float,
    shock: float,
    gain: float,
    decay: float,
    cap: float,
) -> float:
    """Violence one hears of angers those who do not think it right, and so does a triggering event.

    a' = a + (gain * V + S) * (1 - L) * (1 - a / cap) - decay * a                    (4a)

    Source: moral shock (Jasper 1997); repression that mobilises (Opp & Roehl 1990); mobilisation thread.

    before : float, 0..cap, SD
    violence : float, 0..1, what reached this citizen
    legitimacy : float, 0..1
    shock : float, SD, today's shock
    """
    if cap <= 0.0:
        return 0.0
    wronged = (gain * violence + shock) * (1.0 - legitimacy)
    after = before + wronged * (1.0 - before / cap) - decay * before
    return min(max(after, 0.0), cap)
