"""What is known of the mechanism ``casualties``: its rules worked by hand."""

from __future__ import annotations

from facts import Case

EXPECTED_CASUALTIES: list[Case] = [((200.0, 0.5, 0.1), 10.0), ((0.0, 1.0, 1.0), 0.0)]
POISSON: list[Case] = [
    ((0.9, 1.0, 0.0), 0),
    # P(0) = e^-1 = 0.3679, P(<=1) = 0.7358, P(<=2) = 0.9197
    ((0.36, 0.0, 1.0), 0),
    ((0.37, 0.0, 1.0), 1),
    ((0.73, 0.0, 1.0), 1),
    ((0.74, 0.0, 1.0), 2),
    ((0.92, 0.0, 1.0), 3),
    ((0.0, 0.0, 50.0), 0),  # still by inversion
    ((0.5, 1.0, 100.0), 110),  # floor(100 + 10 * 1 + 0.5)
    ((0.5, -11.0, 100.0), 0),  # never below none
]

CASES: dict[str, list[Case]] = {"expected_casualties": EXPECTED_CASUALTIES, "poisson": POISSON}
