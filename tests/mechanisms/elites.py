"""What is known of the mechanism ``elites``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case, Removal, Sign, last, unchanged

INTEREST: list[Case] = [
    # losses 4 * 0.1 + 1 * 0.5 + 2 * 0.2 + 0.5 * 0.4 + 1 * 0.5 = 2.0; 1.5 - 2.0 + 0.4 * 0.5
    ((1.5, 0.1, 0.5, 0.2, 0.4, 0.5, 0.5, 4.0, 1.0, 2.0, 0.5, 1.0, 0.4), -0.3),
    ((1.5,) + (0.0,) * 6 + (4.0, 1.0, 2.0, 0.5, 1.0, 0.4), 1.5),
]
PREFERENCE: list[Case] = [((1.0, -1.0, 0.1), 0.8), ((1.0, -1.0, 0.0), 1.0), ((1.0, -1.0, 1.0), -1.0)]
SPEAKS: list[Case] = [
    ((-0.5, 0.3, 0.4, 0.4, 1.0), True),  # 0.3 + 0.5 >= 0.4 + 0.4
    ((-0.4, 0.3, 0.4, 0.4, 1.0), False),
    ((-0.4, 0.3, 0.4, 0.4, 0.5), True),  # 0.7 >= 0.6: half of the force is gone
    ((0.0, 1.0, 0.0, 0.0, 0.0), False),  # who prefers the regime never speaks against it
]

CASES: dict[str, list[Case]] = {"interest": INTEREST, "preference": PREFERENCE, "speaks": SPEAKS}

REMOVALS = {"elite_split": Removal(rules={"elites.preference": unchanged})}

SIGNS = [Sign("elite_split", "falls", last("concession"))]
