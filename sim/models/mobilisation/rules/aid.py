"""Aid: what engaged non-protesters give. Switches: ``engaged``, ``mutual_aid``, ``shelter``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def aid(engaged: float, effort: float, community_share: float, lift: float, need: float) -> float:
    """Share of needs met in a locality.

    supply = effort * engaged * (1 + lift * communities);  aid = supply / (supply + need)     (9a)

    Source: mobilisation thread (food, water, lifts home, flowers); local-chats note (mutual aid).

    engaged, need : float, persons
    community_share : float, 0..1, share of neighbourhoods with a community
    """
    supply = effort * engaged * (1.0 + lift * community_share)
    if supply <= 0.0:
        return 0.0
    return supply / (supply + need)


@compiled
def sheltered(chance: float, aid: float, shelter: float) -> float:
    """Chance of detention where doors open to those who run.

    P' = P * (1 - shelter * aid)                                                     (9c)

    Source: mobilisation thread on what engaged non-protesters do for those in the street.
    """
    return chance * (1.0 - shelter * aid)


@compiled
def fund(before: float, donations: float, strikers: float, pay_share: float) -> tuple[float, float]:
    """The strike fund after a day's donations and pay, and the share of lost income that it pays.

    pay = min(pay_share, (F + donations) / strikers);  F' = F + donations - pay * strikers     (9b)

    All in agents' daily incomes.
    """
    full = before + donations
    if strikers <= 0.0:
        return full, pay_share
    pay = min(pay_share, full / strikers)
    return max(full - pay * strikers, 0.0), pay
