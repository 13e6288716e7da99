"""What is known of the mechanism ``commitment``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign

COMMITMENT: list[Case] = [
    # kept 0.9 * 0.5 = 0.45; + 0.1 * (1 - 0.45) = 0.055
    ((0.5, 1.0, 0.0, 0.1, 0.02, 0.1, 1.0), 0.505),
    ((0.5, 0.0, 1.0, 0.1, 0.02, 0.1, 1.0), 0.461),  # 0.45 + 0.02 * 0.55
    ((0.5, 0.0, 0.0, 0.1, 0.02, 0.1, 1.0), 0.45),
    ((1.0, 1.0, 1.0, 0.5, 0.5, 0.0, 1.0), 1.0),  # full already
    ((0.5, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0), 0.0),  # a cap of zero
]

CASES: dict[str, list[Case]] = {"commitment": COMMITMENT}

REMOVALS = {"commitment": Removal(("commitment.feel",))}

SIGNS = [Sign("commitment", "falls", TURNOUT)]
