"""What is known of the mechanism ``neighbours``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign

NEIGHBOUR_MOTIVE: list[Case] = [
    ((0.4, 0.5, 2.0, 0.5), 1.0),  # 2 * 0.4 * (1 + 0.5 * 0.5)
    ((0.4, 0.0, 2.0, 0.5), 0.8),  # no community
]

CASES: dict[str, list[Case]] = {"neighbour_motive": NEIGHBOUR_MOTIVE}

REMOVALS = {"neighbours": Removal(("neighbours.move",))}

SIGNS = [Sign("neighbours", "falls", TURNOUT)]
