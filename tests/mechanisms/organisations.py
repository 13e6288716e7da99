"""What is known of the mechanism ``organisations``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case, Sign, total

ORGANISATION_MOTIVE: list[Case] = [
    ((0.5, 0.4), 0.2),
    ((-1.0, 0.4), -0.4),  # a party that warns
]

CASES: dict[str, list[Case]] = {"organisation_motive": ORGANISATION_MOTIVE}

SIGNS = [Sign("organisations", "falls", total("attending_camp_protest"))]
