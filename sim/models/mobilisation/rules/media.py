"""Media and symbols: whom one trusts, who falls silent. Switches: ``media_trust``, ``loyal_base``, ``symbols``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def trusted(trust: float, possible: float) -> float:
    """How far a medium reaches the mind of a camp that trusts it so much.

    t = 1 - possible * (1 - trust)                                                   (3e)

    Source: thread on class and media: the opposition's people believe no state medium, and their own readily.

    possible : 1.0, or 0.0 when differences of trust are switched off
    """
    return 1.0 - possible * (1.0 - trust)


@compiled
def broadcasting(censorship: float, cyber: float, silent: float) -> float:
    """Share of the news that state television keeps from those who believe it.

    s = censorship * (1 - cyber) * (1 - silent)                                      (3f)

    Source: travelling-tactics report on broadcasters who stopped work; article on Russia 2022 on attacked sites.

    cyber : float, 0..1, damage to the state's computers
    silent : float, 0..1, share of broadcasters on strike
    """
    return censorship * (1.0 - cyber) * (1.0 - silent)


@compiled
def disloyalty(
    critics: float,
    resigned: float,
    switched: float,
    officers: float,
    base_striking: float,
    criticism_weight: float,
    resignation_weight: float,
    switching_weight: float,
    base_weight: float,
) -> float:
    """Today's acts of disloyalty as news: share of officers, each act by its weight as a symbol, and the loyal base.

    d = (w_c * critics + w_r * resigned + w_s * switched) / officers + w_b * base    (3g)

    Source: mobilisation thread: first defections are symbols; travelling-tactics report: uniforms thrown away
    before a camera, and walk-outs where the ruler was thought safest.
    """
    acts = criticism_weight * critics + resignation_weight * resigned + switching_weight * switched
    return (acts / officers if officers > 0.0 else 0.0) + base_weight * base_striking
