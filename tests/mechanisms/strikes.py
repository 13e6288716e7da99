"""What is known of the mechanism ``strikes``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import Case, Removal, Sign, constant, mean

STRIKE_MARGIN: list[Case] = [
    # for it 1 * 0.5 + 2 * 0.25 + 3 * 0.2 = 1.6; + 0.5 * 1 + 0.4 * 0.5 - 1 * 0.3 - 0.2 - 1.5 = 0.3
    ((0.5, 0.25, 0.2, 1.0, 0.5, 0.3, 1.5, 1.0, 2.0, 3.0, 0.5, 0.4, 1.0, 0.2), 0.3),
    ((0.0,) * 6 + (2.0,) + (1.0,) * 6 + (0.5,), -2.5),
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
CASES: dict[str, list[Case]] = {
    "strike_margin": STRIKE_MARGIN,
    "walks_out": WALKS_OUT,
    "organised": ORGANISED,
    "committee_chance": COMMITTEE_CHANCE,
}


REMOVALS = {
    "strikes": Removal(rules={"strikes.strike_margin": constant(-math.inf)}),
}

SIGNS = [
    Sign("strikes", "rises", mean("elite_private")),
]
