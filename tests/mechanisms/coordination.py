"""What is known of the mechanism ``coordination``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import Case, Removal, Sign, constant, last

LOST_STREETS: list[Case] = [
    ((3000.0, 100.0, 10.0), 0.75),  # 3000 / (3000 + 10 * 100)
    ((0.0, 0.0, 10.0), 0.0),
    ((100.0, 0.0, 10.0), 1.0),  # nobody is there to hold them
]
STRENGTH: list[Case] = [
    # 0.75 + 0.2 * 0.5 - 0.5 * (1 - 0.8) - 0.4 * 0.25 - 0.5 * 0.1 - 0.25 * 0.2 - 0.5 * 0.3
    # = 0.75 + 0.1 - 0.1 - 0.1 - 0.05 - 0.05 - 0.15
    ((0.5, 0.8, 0.25, 0.1, 0.2, 0.3, 0.75, 0.2, 0.5, 0.4, 0.5, 0.25, 0.5), 0.4),
    ((0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.75, 0.2, 0.5, 0.4, 0.5, 0.25, 0.5), 0.75),  # untroubled
]
NORMAL_SHARE: list[Case] = [
    ((0.0,), 0.5),
    ((1.0,), 0.841344746068542949),
    ((-2.0,), 0.022750131948179207),
    ((-60.0,), 0.0),
    ((60.0,), 1.0),
]
RUMOUR: list[Case] = [
    ((1.0, -1.0, 0.6), -0.2),  # 0.6 - 0.8
    ((2.0, 0.5, 0.0), 0.5),
    ((2.0, 0.5, 1.0), 2.0),
]
COST: list[Case] = [
    ((-0.5, 0.5, 0.2, 0.8), 0.1),  # 0.2 - 0.5 + 0.8 * 0.5
    ((1.0, 0.0, 0.0, 5.0), 1.0),  # where no order is obeyed nobody is punished
]
BREAKING_POINT: list[Case] = [
    # (25 * 0.5 - 9 * 0.75 - 5 * 1) / 16 = (12.5 - 6.75 - 5) / 16
    ((0.5, 0.75, 1.0, 9.0, 16.0), 0.046875),
    ((0.5, 0.75, 1.0, 0.0, 16.0), 0.25),  # nothing is heard: 0.5 - 1 / 4
    ((0.5, 0.5, 0.0, 9.0, 16.0), 0.5),  # even odds, and all hear that it is critical
]

CASES: dict[str, list[Case]] = {
    "lost_streets": LOST_STREETS,
    "strength": STRENGTH,
    "normal_share": NORMAL_SHARE,
    "rumour": RUMOUR,
    "cost": COST,
    "breaking_point": BREAKING_POINT,
}

REMOVALS = {"coordination": Removal(rules={"coordination.breaking_point": constant(-math.inf)})}

SIGNS = [Sign("coordination", "rises", last("elite_public"))]
