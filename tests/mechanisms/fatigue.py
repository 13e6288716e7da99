"""What is known of the mechanism ``fatigue``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign

FATIGUE: list[Case] = [
    ((0.5, 1.0, 0.0, 0.2, 0.5, 0.1), 0.7),
    ((0.5, 1.0, 1.0, 0.2, 0.5, 0.1), 0.6),  # 0.5 + 0.2 * (1 - 0.5)
    ((0.5, 0.0, 1.0, 0.2, 0.5, 0.1), 0.45),  # rest: 0.9 * 0.5
    ((0.5, 0.0, 0.0, 0.2, 0.5, 1.0), 0.0),
]

CASES: dict[str, list[Case]] = {"fatigue": FATIGUE}

REMOVALS = {"fatigue": Removal(("fatigue.feel",))}

SIGNS = [Sign("fatigue", "rises", TURNOUT)]
