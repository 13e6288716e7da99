"""Economy: revenue, treasury, arrears.

Switches: ``strikes``, ``shutdown``, ``patron``, ``contraction``.
"""

from __future__ import annotations

from sim.core.jit import compiled


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
    contraction: float,
    patron_gain: float,
) -> float:
    """Today's revenue, in days of normal spending.

    Y = Y0 * (1 - strikes) * (1 - l_s * cut) * (1 - l_x * sanctions) * (1 - l_e * epidemic)
        * (1 - lasting damage) * (1 - the patron's share)                            (11a)

    Source: mobilisation thread: business under strikes, a cut internet and the epidemic.
    """
    left = (1.0 - output_lost) * (1.0 - shutdown_loss * cut)
    left *= (1.0 - sanction_loss * sanctions) * (1.0 - epidemic_loss * epidemic)
    return normal * left * (1.0 - contraction) * (1.0 - patron_gain)


@compiled
def contraction(before: float, revenue: float, normal: float, speed: float, recovery: float) -> float:
    """Lasting damage: what is lost day after day does not come back at once.

    c' = c + speed * (1 - Y / Y0) * (1 - c) - recovery * c                           (11f)

    Source: travelling-tactics report: strikes of several months would ruin the economy; Cerra & Saxena (2008).
    """
    lost = max(0.0, 1.0 - revenue / normal) if normal > 0.0 else 0.0
    return before + speed * lost * (1.0 - before) - recovery * before


@compiled
def patron_gain(before: float, transfer: float, price: float) -> float:
    """Share of the country's revenue that has passed to the patron's people.

    g' = min(1, g + price * transfer)                                                (11g)

    Source: class and media thread: a wider ring of owners takes the spoils.

    transfer : float, days of spending
    """
    return min(1.0, before + price * transfer)


@compiled
def put_by(rate: float, arrears: float, epidemic: float, income_cut: float, contraction: float) -> float:
    """What a household puts by on a paid day, in days of income.

    s = rate * (1 - arrears) * (1 - cut * epidemic) * (1 - c)                        (11h)

    Source: travelling-tactics report: the epidemic has lowered the income of over half of the people.
    """
    return rate * (1.0 - arrears) * (1.0 - income_cut * epidemic) * (1.0 - contraction)


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
