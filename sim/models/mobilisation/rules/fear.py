"""Fear: deterrence, and what takes it away. Switches: ``deterrence``, ``prison_threat``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def risk_seen(
    local_risk: float, violence: float, prison_threat: float, of_risk: float, of_violence: float, of_prison: float
) -> float:
    """Danger as it is felt, 0 to 1.

    s = min(1, of_risk * R + of_violence * V + of_prison * threat)                   (4c)

    local_risk : float, 0..1, remembered chance of detention of those who attend in one's locality
    """
    return min(1.0, of_risk * local_risk + of_violence * violence + of_prison * prison_threat)


@compiled
def fear(
    before: float,
    risk: float,
    aid: float,
    company: float,
    defections: float,
    gain: float,
    decay: float,
    aid_relief: float,
    company_relief: float,
    defection_relief: float,
    cap: float,
) -> float:
    """Fear grows with danger and fades, faster in company.

    f' = f + gain * s * (cap - f) - decay * (1 + aid_relief * aid + company_relief * N
         + defection_relief * D) * f                                                 (4d)

    Source: Epstein (2002) for the deterrent; mobilisation thread for aid and defections that give courage.
    """
    relief = decay * (1.0 + aid_relief * aid + company_relief * company + defection_relief * defections)
    after = before + gain * risk * (cap - before) - min(relief, 1.0) * before
    return min(max(after, 0.0), cap)
