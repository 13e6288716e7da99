"""What is known of the mechanism ``luck``: its rules worked by hand, how to take it out."""

from __future__ import annotations

import math

from facts import Case, Removal

DAY_SHOCK: list[Case] = [
    ((0.5, 0.6, 0.1, 2.0), 0.46),  # 0.6 * 0.5 + 0.1 * 0.8 * 2
    ((0.7, 0.0, 0.2, -1.0), -0.2),  # nothing of yesterday is left
    ((0.7, 1.0, 0.2, 3.0), 0.7),  # a shock that never fades: no other comes
    ((0.0, 0.5, 1.0, 1.0), math.sqrt(0.75)),  # so that .25 + .75 of the variance is kept
]
LUCK_MOTIVE: list[Case] = [
    ((0.1, -0.3, 0.05, 0.2), 0.05),
    ((0.0, 0.0, 0.0, 0.0), 0.0),
]

CASES: dict[str, list[Case]] = {"day_shock": DAY_SHOCK, "luck_motive": LUCK_MOTIVE}

REMOVALS = {"luck": Removal(("luck.befall",))}
"""Its loop ``move`` is where the sum of the motive begins: without it there is none."""
