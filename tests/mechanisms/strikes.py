"""What is known of the mechanism ``strikes``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import STRIKING, Case, Removal, Sign, constant, mean
from tiny_country import everywhere

from sim.models.mobilisation.mechanisms.strikes import savings

STRIKE_MARGIN: list[Case] = [
    # for it 1 * 0.5 + 2 * 0.25 + 3 * 0.2 = 1.6; + 0.5 * 1 + 0.4 * 0.5 + 0.25 - 1 * 0.3 - 0.2 - 1.5 = 0.55
    ((0.5, 0.25, 0.2, 1.0, 0.5, 0.25, 0.3, 1.5, 1.0, 2.0, 3.0, 0.5, 0.4, 1.0, 0.2), 0.55),
    ((0.0,) * 7 + (2.0,) + (1.0,) * 6 + (0.5,), -2.5),
]
WALKS_OUT: list[Case] = [
    ((0.2, 0.2, 3, 3.0, 0), True),
    ((0.199, 0.2, 3, 3.0, 0), False),
    ((0.9, 0.2, 2, 3.0, 0), False),  # the group has not had the time
    ((0.9, 0.2, 3, 3.0, 1), False),  # barred
    ((0.1, 0.2, 0, 0.0, 0), False),
    ((0.2, 0.2, 0, 0.0, 0), True),  # no time is needed
]
ORGANISED: list[Case] = [((3, 24.0, 24.0), 4), ((3, 23.9, 24.0), 0), ((0, 24.0, 24.0), 1), ((0, 0.0, 24.0), 0)]
COMMITTEE_CHANCE: list[Case] = [((0.5, 0.2), 0.1), ((0.0, 1.0), 0.0)]
SAVINGS: list[Case] = [
    ((10.0, 0.0, 0.3, 0.05, 0.0, 30.0, 1.0), 10.05),
    ((10.0, 1.0, 0.3, 0.05, 0.0, 30.0, 1.0), 9.3),  # a day without pay costs 1 - 0.3
    ((10.0, 1.0, 0.3, 0.05, 0.0, 30.0, 0.0), 10.0),  # unless savings never run out
    ((10.0, 1.0, 0.3, 0.05, 0.2, 30.0, 1.0), 9.5),
    ((0.5, 1.0, 0.0, 0.05, 0.0, 30.0, 1.0), 0.0),
    ((10.0, 0.0, 0.3, -0.25, 0.0, 30.0, 1.0), 9.75),  # lives on what it has put by
    ((10.0, 0.0, 0.3, -0.25, 0.0, 30.0, 0.0), 10.0),
    ((29.99, 0.0, 0.0, 0.05, 0.0, 30.0, 1.0), 30.0),
    ((40.0, 0.0, 0.0, 0.05, 0.0, 30.0, 1.0), 40.0),  # those who began with more keep it
]
DISTANCE: list[Case] = [
    ((0.125, 0.5), 0.375),
    ((0.6, 0.5), 0.0),  # it is general
]

LASTING: list[Case] = [
    ((3, 0.5, 0.5), 4),
    ((3, 0.49, 0.5), 0),  # broken off
]

CASES: dict[str, list[Case]] = {
    "strike_margin": STRIKE_MARGIN,
    "walks_out": WALKS_OUT,
    "organised": ORGANISED,
    "committee_chance": COMMITTEE_CHANCE,
    "savings": SAVINGS,
    "distance": DISTANCE,
    "lasting": LASTING,
}


def _savings_without_remittances(
    before: float, out: float, pay: float, rate: float, sent: float, *rest: float
) -> float:
    return savings(before, out, pay, rate, 0.0, *rest)


REMOVALS = {
    "savings": Removal(
        rules={
            "strikes.savings": lambda s, out, pay, put, sent, most, e: min(
                s + (1 - out) * max(put, 0.0) + sent, max(most, s)
            )
        }
    ),
    "remittances": Removal(rules={"strikes.savings": _savings_without_remittances}),
    "strikes": Removal(rules={"strikes.strike_margin": constant(-math.inf)}),
}

SIGNS = [
    Sign("strikes", "rises", mean("elite_private")),
    Sign("remittances", "falls", STRIKING, {"people.migrant_households": everywhere(0.8)}),
    Sign("savings", "rises", STRIKING),
]
