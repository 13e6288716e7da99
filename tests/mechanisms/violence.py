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
OUTRAGE_FELT: list[Case] = [
    ((0.1, 0.05, 1.0, 0.5, 4.0, 0.5), 0.45),  # 0.1 + 0.5 * (0.2 + 0.5)
    ((0.1, 0.05, 1.0, 0.0, 4.0, 0.5), 0.1),  # prisoners who are treated well outrage nobody
    ((0.6, 0.1, 1.0, 1.0, 4.0, 0.5), 1.0),
]
VISIBLE: list[Case] = [
    ((4.0, 2.0, 30.0, 0.5, 3.0, 50.0, 2.0), 142.0),  # 12 + 100 + 30
    ((0.0, 0.0, 30.0, 0.0, 3.0, 50.0, 2.0), 0.0),  # many detained and released, and nobody touched
]

CASES: dict[str, list[Case]] = {
    "violence_felt": VIOLENCE_FELT,
    "victims": VICTIMS,
    "outrage_felt": OUTRAGE_FELT,
    "visible": VISIBLE,
}
