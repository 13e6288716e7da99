"""What is known of the mechanism ``stoppages``: its rules worked by hand."""

from __future__ import annotations

from facts import Case

DISTANCE: list[Case] = [
    ((0.125, 0.5), 0.375),
    ((0.6, 0.5), 0.0),  # it is general
]

LASTING: list[Case] = [
    ((3, 0.5, 0.5), 4),
    ((3, 0.49, 0.5), 0),  # broken off
]

CASES: dict[str, list[Case]] = {"distance": DISTANCE, "lasting": LASTING}
