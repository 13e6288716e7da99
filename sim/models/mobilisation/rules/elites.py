"""Elites: a split that is hidden at first. Switch: ``elite_split``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def interest(
    base: float,
    output_lost: float,
    cut: float,
    sanctions: float,
    epidemic: float,
    turnout: float,
    patron: float,
    strike_exposure: float,
    shutdown_exposure: float,
    sanction_exposure: float,
    epidemic_exposure: float,
    street_exposure: float,
    reassurance: float,
) -> float:
    """What today's state of the country makes the regime worth to a member of the elite.

    u = base - e_s * strikes - e_c * cut - e_x * sanctions - e_e * epidemic - e_t * X + reassurance * patron   (12a)

    Source: mobilisation thread: business under pressure from strikes, shutdown and epidemic.
    """
    losses = strike_exposure * output_lost + shutdown_exposure * cut + sanction_exposure * sanctions
    losses += epidemic_exposure * epidemic + street_exposure * turnout
    return base - losses + reassurance * patron


@compiled
def preference(before: float, interest: float, speed: float) -> float:
    """Private preference moves first, and cannot be seen.

    q' = q + speed * (u - q)                                                         (12b)

    Source: Kuran (1989, 1991), preference falsification.
    """
    return before + speed * (interest - before)


@compiled
def speaks(preference: float, dissent: float, threshold: float, punishment: float, loyal_share: float) -> bool:
    """Whether a private opponent opposes in public.

    q < 0 and dissent - q >= threshold + punishment * loyal                          (12c)

    Source: Kuran (1991): the expressive gain and the open dissent of others against the cost of truth.

    dissent : float, 0..1, share of elites in open opposition
    loyal_share : float, 0..1, share of coercion that is loyal
    """
    return preference < 0.0 and dissent - preference >= threshold + punishment * loyal_share
