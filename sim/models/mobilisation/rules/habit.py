"""Fatigue and commitment: action tires, and action commits. Switches: ``fatigue``, ``commitment``, ``communities``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def fatigue(before: float, attended: float, in_community: float, gain: float, relief: float, recovery: float) -> float:
    """Action tires, less so in a community.

    t' = t + gain * (1 - relief * community)     after a day of action
    t' = (1 - recovery) * t                      after a day of rest                 (4e)

    Source: Bennett & Segerberg (2012): connective action tires, collective action lasts; local-chats note.

    attended, in_community : 0.0 or 1.0
    """
    tired = before + gain * (1.0 - relief * in_community)
    rested = (1.0 - recovery) * before
    return attended * tired + (1.0 - attended) * rested


@compiled
def commitment(
    before: float, attended: float, engaged: float, from_protest: float, from_help: float, decay: float, cap: float
) -> float:
    """Habit and identity that lower one's own threshold: how non-protesters become protesters.

    c' = (1 - decay) * c + (from_protest * attended + from_help * engaged) * (1 - c / cap)     (4f)

    Source: McAdam (1986) on recruitment by participation; mobilisation thread on engaged non-protesters.
    """
    if cap <= 0.0:
        return 0.0
    kept = (1.0 - decay) * before
    return kept + (from_protest * attended + from_help * engaged) * (1.0 - kept / cap)
