"""What is known of the mechanism ``elites``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case, Removal, Sign, mean, unchanged

INTEREST: list[Case] = [
    # losses 4 * 0.1 + 1 * 0.5 + 2 * 0.2 + 0.5 * 0.4 + 1 * 0.5 = 2.0; 1.5 - 2.0 + 0.4 * 0.5
    ((1.5, 0.1, 0.5, 0.2, 0.4, 0.5, 0.5, 4.0, 1.0, 2.0, 0.5, 1.0, 0.4), -0.3),
    ((1.5,) + (0.0,) * 6 + (4.0, 1.0, 2.0, 0.5, 1.0, 0.4), 1.5),
]
PREFERENCE: list[Case] = [((1.0, -1.0, 0.1), 0.8), ((1.0, -1.0, 0.0), 1.0), ((1.0, -1.0, 1.0), -1.0)]

CASES: dict[str, list[Case]] = {"interest": INTEREST, "preference": PREFERENCE}

REMOVALS = {"elite_split": Removal(rules={"elites.preference": unchanged})}

SIGNS = [Sign("elite_split", "rises", mean("elite_private"))]
