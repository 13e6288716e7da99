"""What is known of the mechanism ``services``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

SERVICES: list[Case] = [
    ((0.8, 0.2, 0.0, 0.0, 0.0, 0.5, 0.1), 0.8),
    ((0.8, 0.2, 0.5, 0.0, 0.0, 0.5, 0.1), 0.76),
    ((0.8, 0.2, 0.0, 0.25, 0.5, 0.2, 0.1), 0.774),  # 0.8 + 0.1 * (0.8 * 0.75 * 0.9 - 0.8)
    ((1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 0.0),
]
BURDEN: list[Case] = [((0.8, 0.5), 1.1), ((1.0, 5.0), 1.0), ((0.0, 0.5), 1.5)]

CASES: dict[str, list[Case]] = {"services": SERVICES, "burden": BURDEN}

REMOVALS = {"services": Removal(rules={"services.burden": constant(1.0)})}

SIGNS = [Sign("services", "falls", TURNOUT)]
