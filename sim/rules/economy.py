"""Economy: revenue, treasury, arrears. Switches: ``strikes``, ``shutdown``, ``patron``."""

from __future__ import annotations

from sim.jit import compiled


@compiled
def revenue(
    normal: float,
    output_lost: float,
    cut: float,
    sanctions: float,
    epidemic: float,
    shutdown_loss: float,
    sanction_loss: float,
    epidemic_loss: float,
) -> float:
    """Today's revenue, in days of normal spending.

    Y = Y0 * (1 - strikes) * (1 - l_s * cut) * (1 - l_x * sanctions) * (1 - l_e * epidemic)     (11a)

    Source: mobilisation thread: business under strikes, a cut internet and the epidemic.
    """
    left = (1.0 - output_lost) * (1.0 - shutdown_loss * cut)
    return normal * left * (1.0 - sanction_loss * sanctions) * (1.0 - epidemic_loss * epidemic)


@compiled
def treasury(
    before: float, revenue: float, transfer: float, aggression: float, repression_cost: float
) -> tuple[float, float]:
    """Reserves after today, and the share of today's pay that could not be paid.

    b = B + Y + transfer - (1 + cost * A);  B' = max(b, 0);  arrears = min(1, max(-b, 0))       (11b)
    """
    balance = before + revenue + transfer - 1.0 - repression_cost * aggression
    if balance >= 0.0:
        return balance, 0.0
    return 0.0, min(1.0, -balance)


@compiled
def rescue(backing: float, treasury: float, start: float, level: float, rate: float, possible: float) -> float:
    """What the patron sends when reserves have sunk below a share of what they were.

    T = possible * rate * backing  if B < level * B0                                 (11c)

    Source: class and media thread on dependence on the patron.

    level : float, 0..1, share of the first day's reserves
    """
    if treasury >= level * start:
        return 0.0
    return possible * rate * backing
