"""Legitimacy: peaceful victims cost the regime its own camp. Switch: ``regime_voters``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def legitimacy(
    before: float, former: float, violence: float, peaceful: float, state_tv: float, loss: float, recovery: float
) -> float:
    """What is left of a citizen's belief that the regime may rule.

    L' = L * (1 - loss * V * peaceful) + recovery * tv * (L0 - L)                    (4b)

    Source: regime voters who did not expect violence (class and media thread); state television
    slowly rebuilds what its viewers believed before.

    former : float, 0..1, L0
    peaceful : float, 0..1, share of contact without violence from the crowd
    state_tv : float, 0..1, trust in state television of one who watches it, else 0
    """
    after = before * (1.0 - loss * violence * peaceful)
    return after + recovery * state_tv * (former - after)
