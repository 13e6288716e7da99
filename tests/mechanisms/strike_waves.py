"""What is known of the mechanism ``strike_waves``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import STRIKING, Case, Removal, Sign, constant

EXAMPLE: list[Case] = [
    ((300.0, 0.0, 1000.0), 0.3),
    ((300.0, 500.0, 1000.0), -0.2),  # more are broken than out
    ((0.0, 0.0, 0.0), 0.0),  # the only plant of its sector and place
]
HOPE: list[Case] = [
    ((0.5, 0.25, 2.0, 1.0), 1.25),  # 2 * 0.5 + 1 * 0.25
    ((-0.5, 0.0, 2.0, 1.0), -1.0),
]

CASES: dict[str, list[Case]] = {"example": EXAMPLE, "hope": HOPE}

REMOVALS = {"strike_spread": Removal(rules={"strike_waves.hope": constant(0.0)})}

SIGNS = [Sign("strike_spread", "falls", STRIKING, {"economy.strike.committee_arrest": 0.0})]
