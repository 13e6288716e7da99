"""Participation: one motive, two cuts.

Switches: ``neighbours``, ``colleagues``, ``weak_ties``, ``local_crowds``, ``vigils``, ``engaged``, ``coalition``,
``organisations``.
"""

from __future__ import annotations

import math

from sim.core.jit import compiled

IMPULSE_TAIL = 2.0**-20
"""Impulses rarer than this, about one in a million, are taken for this rare: they change nothing that can be seen."""


@compiled
def grievance(hardship: float, burden: float, legitimacy: float, concession: float) -> float:
    """Epstein's grievance, less what has been conceded.

    G = min(1, hardship * burden) * (1 - L) * (1 - concession)                       (5a)

    Source: Epstein (2002), equation of grievance; the burden is that of hollowed services (11e).
    """
    return min(1.0, hardship * burden) * (1.0 - legitimacy) * (1.0 - concession)


@compiled
def news_motive(
    turnout: float,
    defections: float,
    breadth: float,
    turnout_weight: float,
    defection_weight: float,
    coalition_weight: float,
) -> float:
    """What the news moves a citizen who hears all of it.

    B = w_X * X + w_D * D + w_C * C * X                                              (5b)

    Source: Lohmann (1994); cross-cleavage coalition of the mobilisation thread.
    """
    return turnout_weight * turnout + defection_weight * defections + coalition_weight * breadth * turnout


@compiled
def peer_motive(
    neighbours: float,
    colleagues: float,
    ties: float,
    kin_held: float,
    crowd: float,
    neighbour_weight: float,
    colleague_weight: float,
    tie_weight: float,
    kin_weight: float,
    crowd_weight: float,
) -> float:
    """What near peers move.

    P = w_N * N + w_W * W + w_T * T + w_K * [kin in detention] + w_L * crowd         (5c)

    Source: Granovetter (1978), Siegel (2009); kin at the prison gates (mobilisation thread); critical mass
    as it can be seen, which favours large towns (Oliver & Marwell 1988).

    kin_held : 0.0 or 1.0
    crowd : float, 0..1, largest recent crowd still in mind (3b) of one's own place, in persons on a logarithmic scale
    """
    near = neighbour_weight * neighbours + colleague_weight * colleagues + tie_weight * ties
    return near + kin_weight * kin_held + crowd_weight * crowd


@compiled
def protest_margin(motive: float, fear_felt: float, threshold: float, aid: float, aid_courage: float) -> float:
    """Distance by which the motive to protest exceeds the threshold.

    z_p = M - R * f * (1 - rho * aid) - theta                                        (5d)

    fear_felt : float, SD, risk aversion times fear
    """
    return motive - fear_felt * (1.0 - aid_courage * aid) - threshold


@compiled
def engaged_margin(motive: float, fear_felt: float, threshold: float, band: float, engaged_fear: float) -> float:
    """The same for helping: it takes less, and fear hardly touches it.

    z_e = M - chi * R * f + band - theta                                             (5e)

    So fear turns protesters into supporters before it turns them into bystanders.
    """
    return motive - engaged_fear * fear_felt + band - threshold


@compiled
def impulse(draw: float, scale: float) -> float:
    """Transient logistic noise of a day, cut off at one in a million.

    eps = scale * ln(u / (1 - u)),  u clipped to tail..1 - tail                      (5f)

    draw : float, 0 <= u < 1
    """
    inside = min(max(draw, IMPULSE_TAIL), 1.0 - IMPULSE_TAIL)
    return scale * math.log(inside / (1.0 - inside))


@compiled
def impulse_reach(scale: float) -> float:
    """The largest impulse there can be, so that it need be drawn only where it can matter.

    max |eps| = scale * ln((1 - tail) / tail)                                        (5g)
    """
    return scale * math.log((1.0 - IMPULSE_TAIL) / IMPULSE_TAIL)


@compiled
def availability(ordinary: float, on_call: float, call: float, ease: float, pause: float) -> float:
    """Share of the willing who come.

    A = min(1, (ordinary + call * max(on_call - ordinary, 0)) * ease * (1 - pause))  (5h)

    ordinary : float, 0..1, by weekday and class
    call : float, 0..1, strength of a call that reaches people today
    """
    base = ordinary + call * max(on_call - ordinary, 0.0)
    return min(1.0, base * ease * (1.0 - pause))
