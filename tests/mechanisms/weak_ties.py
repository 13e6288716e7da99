"""What is known of the mechanism ``weak_ties``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign

TIE_MOTIVE: list[Case] = [
    ((0.4, 1.5), 0.6),
    ((0.0, 1.5), 0.0),
]

CASES: dict[str, list[Case]] = {"tie_motive": TIE_MOTIVE}

REMOVALS = {"weak_ties": Removal(("weak_ties.move",))}

SIGNS = [Sign("weak_ties", "falls", TURNOUT)]
