"""Dispersion: one country of many squares. Switches: ``dispersion``, ``coverage``, ``local_crowds``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def dispersion(sum_of_squares: float) -> float:
    """How far action is spread over places, from 0 (one place) toward 1 (countless places).

    D = 1 - sum s_l^2, with s_l the place's share of all in action                   (8e)

    Source: Simpson (1949) and Herfindahl; mobilisation thread on gathering in many places at once.
    """
    return 1.0 - sum_of_squares


@compiled
def effective_places(sum_of_squares: float) -> float:
    """Effective number of places in which people act.

    N = 1 / sum s_l^2                                                                (8f)

    Source: Laakso & Taagepera (1979); Hill (1973), diversity of order 2.
    """
    return 1.0 / sum_of_squares if sum_of_squares > 0.0 else 0.0


@compiled
def within_reach(pool: float, dispersion: float, overstretch: float) -> float:
    """Mobile forces that reach a crowd when crowds are in many places.

    K' = K * (1 - overstretch * D)                                                   (8g)

    Source: mobilisation thread: movements without a centre are harder to put down.
    """
    return pool * (1.0 - overstretch * dispersion)


@compiled
def streets(heard_turnout: float, coverage: float, weight: float) -> float:
    """The streets as the elite weighs them: how many, and in how many of the country's places.

    X' = X * (1 - w + w * coverage)                                                  (12d)

    Source: article on Russia 2022: millions, and no town left out.

    coverage : float, 0..1, share of the population that lives where people act in numbers
    """
    return heard_turnout * (1.0 - weight + weight * coverage)
