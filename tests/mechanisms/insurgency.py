"""What is known of the mechanism ``insurgency``: its rules worked by hand, what theory says."""

from __future__ import annotations

from facts import Case, Sign, last

IN_ARMS: list[Case] = [
    ((100.0, 10.0, 20.0, 3.0, 0.5, 0.1), 130.0),  # 90 + 3 * 10 + 0.5 * 20
    ((100.0, 0.0, 0.0, 3.0, 0.5, 1.0), 0.0),
]
BATTLE_DEATHS: list[Case] = [((1000.0, 0.5, 0.01), 5.0), ((1000.0, 0.0, 0.01), 0.0)]

CASES: dict[str, list[Case]] = {"in_arms": IN_ARMS, "battle_deaths": BATTLE_DEATHS}

SIGNS = [Sign("insurgency", "falls", last("battle_deaths"))]
