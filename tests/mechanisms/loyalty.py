"""What is known of the mechanism ``loyalty``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import TURNOUT, Case, Removal, Sign, constant

CONFRONTATION: list[Case] = [((100.0, 200.0), 1.0 - math.exp(-0.5)), ((100.0, 0.0), 0.0), ((0.0, 100.0), 0.0)]
LOYALTY: list[Case] = [
    # doubt 0.2 * 0.5 * 0.8 * 0.75 = 0.06, + 0.5 * (1 - 0) * 0.1 = 0.05, + 0.1 * 0.2 = 0.02, + 0.3 * 0.5 = 0.15: 0.28
    # cohesion 0.4 * 0.5 * 0.25 = 0.05, + 0.1 * 0.3 = 0.03: 0.08; 1 + 0.05 * (2 - 1) - 0.28 + 0.08 + 0.01
    ((1.0, 2.0, 0.5, 0.8, 0.75, 0.1, 0.0, 0.2, 0.5, 0.3, 0.01, 0.05, 0.2, 0.5, 0.1, 0.3, 0.4, 0.1), 0.86),
    # an outsider has no kin in the crowd: 0.05 more
    ((1.0, 2.0, 0.5, 0.8, 0.75, 0.1, 1.0, 0.2, 0.5, 0.3, 0.01, 0.05, 0.2, 0.5, 0.1, 0.3, 0.4, 0.1), 0.91),
    ((2.0, 2.0) + (0.0,) * 16, 2.0),
]
PAID_LOYALTY: list[Case] = [
    ((1.0, 1.5, 0.2, 0.5), 1.1),  # 1 + 0.5 * (1.5 * 0.8 - 1)
    ((1.0, 1.0, 0.0, 0.5), 1.0),  # the average wage buys nothing
    ((1.0, 2.0, 1.0, 0.5), 0.5),  # no pay at all, however high it should be
]
GUILT: list[Case] = [((0.5, 0.8, 0.25), 0.6), ((1.0, 1.0, 1.0), 1.0), ((0.0, 1.0, 0.0), 0.0)]
DUTY_FATIGUE: list[Case] = [
    ((0.5, 0.8, 0.1, 0.2), 0.44),  # 0.5 + 0.04 - 0.1
    ((0.0, 0.0, 0.1, 0.2), 0.0),
    ((1.0, 1.0, 1.0, 0.0), 1.0),
]
DEFECTION_CHANCE: list[Case] = [
    ((-0.5, 0.5, 1.0, 0.4, 0.2), 0.12),  # 0.2 * (0.5 - 0.4 + 0.5)
    ((0.5, 0.5, 0.0, 0.4, 1.0), 0.0),
    ((-9.0, 0.0, 0.0, 0.4, 1.0), 1.0),
    ((0.2, 0.5, 2.0, 0.4, 1.0), 0.0),  # commanders go later
]
BELOW_CUT: list[Case] = [
    ((0.49, 0.5, 0.0, 0.3), True),
    ((0.5, 0.5, 0.0, 0.3), False),
    ((0.3, 0.5, 1.0, 0.3), False),  # the cut of the next rank is 0.2
]

CASES: dict[str, list[Case]] = {
    "confrontation": CONFRONTATION,
    "loyalty": LOYALTY,
    "paid_loyalty": PAID_LOYALTY,
    "guilt": GUILT,
    "duty_fatigue": DUTY_FATIGUE,
    "defection_chance": DEFECTION_CHANCE,
    "below_cut": BELOW_CUT,
}

REMOVALS = {
    "defection": Removal(rules={"loyalty.defection_chance": constant(0.0), "loyalty.below_cut": constant(False)})
}

SIGNS = [Sign("defection", "falls", TURNOUT)]
