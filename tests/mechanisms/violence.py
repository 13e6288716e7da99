"""What is known of the mechanism ``violence``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case

VIOLENCE_FELT: list[Case] = [
    ((0.1, 0.05, 1.0, 4.0, 0.5), 0.8),  # 0.1 + 0.2 + 0.5
    ((0.5, 0.5, 1.0, 4.0, 0.5), 1.0),
    ((0.0, 0.0, 0.0, 4.0, 0.5), 0.0),
]
VICTIMS: list[Case] = [
    # 100 + (3 * 4 + 50 * 2) + 2 * 0.5 * 30 = 100 + 112 + 30
    ((100.0, 4.0, 2.0, 30.0, 0.5, 3.0, 50.0, 2.0), 242.0),
    ((0.0, 0.0, 0.0, 30.0, 0.0, 3.0, 50.0, 2.0), 0.0),  # those who were treated well have nothing to tell
]

CASES: dict[str, list[Case]] = {"violence_felt": VIOLENCE_FELT, "victims": VICTIMS}
