"""What is known of the mechanism ``obedience``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

import pandas as pd
from facts import RISK, Case, Removal, Sign, constant

WILLINGNESS: list[Case] = [
    # 1 + 0.5 * 2 + 2 * 0.8 + 1 * 0.5 + 0.5 * 0.6 - 4 * 0.25 - 3 * 0.1 = 1 + 1 + 1.6 + 0.5 + 0.3 - 1 - 0.3
    ((2.0, 0.8, 0.5, 0.6, 0.25, 0.1, 1.0, 0.5, 2.0, 1.0, 0.5, 4.0, 3.0), 3.1),
    ((-2.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.5, 2.0, 1.0, 0.5, 4.0, 3.0), -7.0),  # 1 - 1 - 4 - 3
]
RELUCTANCE: list[Case] = [
    # 0.5 * ln(1 + 9) + 1.5 * 0.5 + 1 * 0.7 + 5 * 0.1
    ((900.0, 0.5, 0.7, 0.1, 0.5, 1.5, 1.0, 5.0), 0.5 * math.log(10.0) + 1.95),
    ((0.0, 0.0, 0.0, 0.0, 0.5, 1.5, 1.0, 5.0), 0.0),
]
OBEDIENCE: list[Case] = [
    ((2.0, 4.0, 0.5), 0.5),  # 2 - 0.5 * 4 = 0
    ((math.log(3.0), 9.0, 0.0), 0.75),  # who are not asked for force do not weigh the crowd; 3 / (1 + 3)
    ((0.0, math.log(4.0), 1.0), 0.2),  # 1 / (1 + 4)
    ((1000.0, 0.0, 1.0), 1.0),
    ((-1000.0, 0.0, 1.0), 0.0),
]
SHARE_OBEYING: list[Case] = [
    ((0.8, 1600.0, 100.0, 1.0), 0.9),  # sixteen units: 0.8 + sqrt(0.8 * 0.2 / 16)
    ((0.8, 50.0, 100.0, -1.0), 0.4),  # half a unit decides as one: 0.8 - sqrt(0.16)
    ((0.8, 50.0, 100.0, 2.0), 1.0),
    ((0.2, 50.0, 100.0, -1.0), 0.0),
    ((1.0, 50.0, 100.0, -3.0), 1.0),  # no doubt, no luck
]
COERCION: list[Case] = [
    ((0.3, 0.15, 0.9, 0.1), 0.6),  # (0.15 + 0.09) / 0.4
    ((0.0, 0.0, 0.9, 0.1), 0.9),  # no orders yet: what it looks like
    ((0.9, 0.0, 1.0, 0.1), 0.1),
]

CASES: dict[str, list[Case]] = {
    "willingness": WILLINGNESS,
    "reluctance": RELUCTANCE,
    "obedience": OBEDIENCE,
    "share_obeying": SHARE_OBEYING,
    "coercion": COERCION,
}

REMOVALS = {
    "refusal": Removal(rules={"obedience.share_obeying": constant(1.0), "obedience.foresee": constant(1.0)}),
}


def _early_risk(days: pd.DataFrame) -> float:
    """Of those who come in the first ten days, before those who obey are worn out by it."""
    return RISK(days[:10])


# So that he orders something early, and some refuse.
SIGNS = [Sign("refusal", "rises", _early_risk, given={"elites.strength": 0.5, "police.obedience.obey_base": 0.5})]
