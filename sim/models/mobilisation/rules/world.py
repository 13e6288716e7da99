"""The world outside: outrage, sanctions, a patron who wavers. Switches: ``international``, ``findings``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def outrage(
    violence: float,
    peaceful: float,
    turnout: float,
    findings: float,
    framing: float,
    of_violence: float,
    of_turnout: float,
    of_findings: float,
) -> float:
    """Outrage abroad, 0 to 1.

    w = min(1, framing * (o_v * V * peaceful + o_t * X) + o_f * findings)            (13h)

    Source: mobilisation thread on the international response; class and media thread on framing;
    article on Russia 2022 on crimes of war. Keck & Sikkink (1998), the boomerang.

    findings : float, 0..1, weight of what has been found on crimes of the regime
    framing : float, 0..1, share of foreign attention that sees the movement as its people do
    """
    return min(1.0, framing * (of_violence * violence * peaceful + of_turnout * turnout) + of_findings * findings)


@compiled
def sanctions(before: float, outrage: float, tolerance: float, speed: float) -> float:
    """Foreign sanctions: slow to come, slow to go.

    s' = s + speed * (max(w - tolerance, 0) - s)                                       (13i)

    In force is the larger of these and of what an event orders.
    """
    return before + speed * (max(outrage - tolerance, 0.0) - before)


@compiled
def backing(offered: float, outrage: float, wavering: float) -> float:
    """The patron's backing, less what outrage abroad makes it cost him.

    P = offered * (1 - wavering * w)                                                 (13j)

    Source: travelling-tactics report on a patron who seems unwilling to step in.
    """
    return offered * (1.0 - wavering * outrage)
