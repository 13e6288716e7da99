"""Connection: who is online when the internet is cut. Switches: ``shutdown``, ``circumvention``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def capacity(cut_by_event: float, cut_by_policy: float, possible: float) -> float:
    """Share of the internet that works.

    q = 1 - possible * max(cut_by_event, cut_by_policy)                              (2a)

    Source: travelling-tactics report (a cut internet); a cut is ordered, or follows from the regime's own policy (13d).
    """
    return 1.0 - possible * max(cut_by_event, cut_by_policy)


@compiled
def adoption(before: float, cut: float, growth: float) -> float:
    """Share of those able to who circumvent a cut: it spreads while the cut lasts, and stays learnt.

    c' = c + growth * cut * (1 - c)                                                  (2b)

    Source: logistic-tail form of Bass (1969) imitation with an external shock; travelling-tactics
    document on VPN and mesh apps.
    """
    return before + growth * cut * (1.0 - before)


@compiled
def online(capacity: float, uses_internet: float, circumvents: float) -> float:
    """How far a citizen is reached by the network today, 0 to 1.

    o = internet * (q + (1 - q) * circumvents)                                       (2c)

    uses_internet, circumvents : 0.0 or 1.0
    """
    return uses_internet * (capacity + (1.0 - capacity) * circumvents)


@compiled
def hub_reach(
    before: float,
    top: float,
    growth: float,
    attention: float,
    prosecution_loss: float,
    centralisation: float,
    prosecuted: float,
) -> float:
    """Share of the population that follows the hub.

    r' = (r + growth * attention * (top - r)) * (1 - loss * centralisation * prosecuted)     (2d)

    Attention is what makes news worth following: the larger of heard turnout, heard violence and the
    push of an event. Prosecution costs reach only so far as the movement hangs on few heads.
    """
    grown = before + growth * attention * max(top - before, 0.0)
    return grown * (1.0 - prosecution_loss * centralisation * prosecuted)
