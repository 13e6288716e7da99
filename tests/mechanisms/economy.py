"""What is known of the mechanism ``economy``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import STRIKING, Case, Removal, Sign, constant, total

from sim.models.mobilisation.mechanisms.loyalty import loyalty

REVENUE: list[Case] = [
    ((1.0, 0.2, 0.5, 0.0, 0.9, 0.0, 0.0), 0.72),  # no currency is earned: 0.8 * 0.9
    ((1.0, 0.2, 0.5, 0.25, 0.8, 0.5, 0.0), 0.29),  # (0.75 * 0.8 + 0.25 * 0.5) * 0.8 * 0.5
    ((2.0, 1.0, 0.0, 0.25, 1.0, 0.0, 0.0), 0.5),  # all stops but what earns currency
    ((1.0, 1.0, 1.0, 0.3, 1.0, 0.0, 0.0), 0.0),
    ((0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0.0),
    ((1.0, 0.2, 0.5, 0.0, 0.9, 0.0, 0.25), 0.54),  # a quarter of the taxes withheld
]
BUSINESS: list[Case] = [
    # (1 - 0.2 * 0.5) * (1 - 0.3 * 0.5) * (1 - 0.1 * 1) = 0.9 * 0.85 * 0.9
    ((0.5, 0.5, 1.0, 0.2, 0.3, 0.1, 0.0), 0.6885),
    ((0.5, 0.5, 1.0, 0.2, 0.3, 0.1, 0.5), 0.34425),  # half of it damaged
    ((0.0, 0.0, 0.0, 0.2, 0.3, 0.1, 0.0), 1.0),
]
LAID_OFF: list[Case] = [((0.1, 0.4), 0.04), ((0.5, 4.0), 1.0), ((0.0, 0.4), 0.0)]
HARDER: list[Case] = [((0.1, 0.3), 1.03), ((0.0, 0.3), 1.0)]
TREASURY: list[Case] = [
    ((10.0, 0.8, 0.5, 0.5, 0.2), (10.2, 0.0)),  # 10 + 0.8 + 0.5 - 1 - 0.1
    ((0.0, 0.7, 0.0, 0.5, 0.2), (0.0, 0.4)),  # 0.7 - 1.1
    ((0.0, 0.0, 0.0, 1.0, 5.0), (0.0, 1.0)),  # no more than the whole pay
    ((0.0, 1.0, 0.0, 0.0, 5.0), (0.0, 0.0)),
]
CONTRACTION: list[Case] = [
    ((0.2, 0.5, 1.0, 0.1, 0.05), 0.23),  # 0.2 + 0.1 * 0.5 * 0.8 - 0.05 * 0.2
    ((0.2, 2.0, 1.0, 0.1, 0.05), 0.19),  # a good day repairs no more than any other
    ((0.2, 0.0, 0.0, 0.1, 0.0), 0.2),  # a state that never had revenue loses none
]
DAILY_SAVING: list[Case] = [
    # half the pay, a tenth without work: 0.45 comes in; 0.45 * 0.1 * (1 - 0.4 * 0.5) - 0.55
    ((0.1, 0.5, 0.5, 0.4, 0.1), -0.514),
    ((0.1, 0.0, 0.5, 0.4, 0.0), 0.08),
    ((0.1, 0.0, 0.0, 1.0, 0.0), 0.1),
    ((0.1, 1.0, 0.0, 0.0, 0.0), -1.0),  # a day without pay costs a day's income
]

CASES: dict[str, list[Case]] = {
    "revenue": REVENUE,
    "business": BUSINESS,
    "laid_off": LAID_OFF,
    "harder": HARDER,
    "treasury": TREASURY,
    "contraction": CONTRACTION,
    "daily_saving": DAILY_SAVING,
}


def _strike_without_arrears(
    anger: float, grievance: float, colleagues: float, call: float, unpaid: float, heartened: float, fear: float,
    threshold: float, w_anger: float, w_grievance: float, w_colleagues: float, w_call: float, w_unpaid: float,
    w_fear: float, cost: float,
) -> float:  # fmt: skip
    for_it = w_anger * anger + w_grievance * grievance + w_colleagues * colleagues
    return for_it + w_call * call + heartened - w_fear * fear - cost - threshold


def _loyalty_without_arrears(*arguments: float) -> float:
    paid = list(arguments)
    paid[8] = 0.0
    return loyalty(*paid)


def _revenue_of_output(normal: float, lost: float, currency: float, share: float, left: float, sold: float) -> float:
    return normal * (1.0 - lost) * left * (1.0 - sold)


REMOVALS = {
    "arrears": Removal(
        rules={"strikes.strike_margin": _strike_without_arrears, "loyalty.loyalty": _loyalty_without_arrears}
    ),
    "contraction": Removal(rules={"economy.contraction": constant(0.0)}),
    "choke_points": Removal(rules={"economy.revenue": _revenue_of_output}),
}

SIGNS = [
    Sign(
        "arrears", "falls", STRIKING, {"economy.revenue": 0.8, "economy.treasury_days": 0.0, "mechanisms.patron": False}
    ),
    Sign("contraction", "falls", total("arrears")),
    Sign("choke_points", "falls", total("arrears")),
]
