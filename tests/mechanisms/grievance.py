"""What is known of the mechanism ``grievance``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case

GRIEVANCE: list[Case] = [
    ((0.5, 1.0, 0.4, 0.5), 0.15),  # 0.5 * 0.6 * 0.5
    ((0.5, 1.2, 0.4, 0.5), 0.18),
    ((0.5, 3.0, 0.0, 0.0), 1.0),  # life cannot be harder than hard
    ((1.0, 1.0, 1.0, 0.0), 0.0),
    ((1.0, 1.0, 0.0, 1.0), 0.0),
]
GRIEVANCE_MOTIVE: list[Case] = [
    ((0.25, 0.8), 0.2),
    ((0.0, 0.8), 0.0),
]

CASES: dict[str, list[Case]] = {"grievance": GRIEVANCE, "grievance_motive": GRIEVANCE_MOTIVE}
