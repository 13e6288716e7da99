"""What is known of the mechanism ``coverage``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case, Removal, Sign, mean, unchanged

STREETS: list[Case] = [((0.5, 0.4, 0.5), 0.35), ((0.5, 1.0, 1.0), 0.5), ((0.5, 0.0, 0.0), 0.5), ((0.5, 0.0, 1.0), 0.0)]

CASES: dict[str, list[Case]] = {"streets": STREETS}

REMOVALS = {"coverage": Removal(rules={"coverage.streets": unchanged})}

SIGNS = [
    Sign(
        "coverage",
        "falls",
        mean("elite_private"),
        {"elites.coverage_weight": 0.9, "information.coverage_turnout": 0.1},  # or all places take part on most days
    )
]
