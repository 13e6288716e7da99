"""Leadership: what arrests of leaders cost, and how it is replaced."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def coordination(before: float, arrested: float, centralisation: float, replacement: float) -> float:
    """Coordination left to the movement.

    k' = k * (1 - centralisation * arrested) + replacement * (1 - k)                 (6i)

    Source: decentralisation that makes repression harder (mobilisation thread); leaderlessness and
    substitute leaders (travelling-tactics report).
    """
    left = before * (1.0 - centralisation * arrested)
    return left + replacement * (1.0 - left)


@compiled
def call_strength(called: float, coordination: float, hub_reach: float, call_weight: float) -> float:
    """How strongly today's call to come out reaches people, 0 to 1.

    c = min(1, called * coordination * call_weight * reach)                          (6j)
    """
    return min(1.0, called * coordination * call_weight * hub_reach)
