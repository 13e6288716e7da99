"""Strikes: initiative groups, walk-outs, savings, committees.

Switches: ``strikes``, ``arrears``, ``savings``, ``remittances``.
"""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def strike_margin(
    anger: float,
    grievance: float,
    willing_colleagues: float,
    call: float,
    unpaid: float,
    fear_felt: float,
    threshold: float,
    w_anger: float,
    w_grievance: float,
    w_colleagues: float,
    w_call: float,
    w_unpaid: float,
    w_fear: float,
    cost: float,
) -> float:
    """Distance by which the motive to strike exceeds what it takes.

    z_s = w_a * a + w_G * G + w_c * colleagues + w_call * call + w_u * unpaid - w_f * R * f - cost - theta   (7a)

    Source: thread on class and media (unpaid wages, initiative groups); Granovetter (1978).

    willing_colleagues : float, 0..1
    unpaid : float, 0..1, share of today's wage not paid
    """
    for_it = w_anger * anger + w_grievance * grievance + w_colleagues * willing_colleagues
    return for_it + w_call * call + w_unpaid * unpaid - w_fear * fear_felt - cost - threshold


@compiled
def organised(before: int, willing: float, initiative_group: float) -> int:
    """Days in a row on which a workplace has had an initiative group.

    o' = o + 1 if willing >= initiative group else 0                                 (7b)

    Source: class and media thread: strikes begin with initiative groups of a couple dozen.

    willing : float, persons
    """
    return before + 1 if willing >= initiative_group else 0


@compiled
def walks_out(
    willing_share: float, threshold: float, organised_days: int, organising_days: float, barred_days: int
) -> bool:
    """Whether a workplace is out: enough are willing, a group has had time, no broken strike bars it.

    willing >= threshold and o >= organising days and barred = 0                     (7c)

    Source: threshold model of Granovetter (1978), at the level of the workplace.
    """
    return willing_share >= threshold and organised_days >= organising_days and barred_days <= 0


@compiled
def committee_chance(aggression: float, rate: float) -> float:
    """Chance that a striking workplace loses its committee today.

    p = rate * aggression                                                            (7d)
    """
    return rate * aggression


@compiled
def savings(
    before: float,
    striking: float,
    strike_pay: float,
    saving_rate: float,
    remittance: float,
    most: float,
    expense: float,
) -> float:
    """A household's savings after today, in days of income.

    s' = clip(s + (1 - striking) * saving_rate - striking * (1 - strike_pay) * expense + remittance, 0, most)     (7e)

    Source: money for about one month (travelling-tactics report); remittances (class and media thread).

    striking : 0.0 or 1.0
    strike_pay : float, 0..1, share of the lost income that the fund replaces
    expense : 1.0, or 0.0 when savings never run out
    most : float, days; savings do not grow beyond the country's mean, or what the household began with
    """
    after = before + (1.0 - striking) * saving_rate - striking * (1.0 - strike_pay) * expense + remittance
    return min(max(after, 0.0), max(most, before))
