"""What is known of the mechanism ``prisons``: its rules worked by hand."""

from __future__ import annotations

from facts import Case

HELD_DAYS: list[Case] = [
    ((0.0, 6.0), 1),
    ((0.5, 6.5), 5),  # 1 + floor(6 * ln 2 = 4.159)
    ((0.9, 6.5), 14),  # 1 + floor(6 * ln 10 = 13.816)
    ((0.99, 0.5), 1),  # never less than a day
]
ROOM: list[Case] = [
    ((400.0, 500.0), 0.2),
    ((600.0, 500.0), 0.0),  # more are held than there are places
]
ABUSE: list[Case] = [
    ((0.2, 30.0, 0.8, 10.0), 0.35),  # (6 + 8) / 40
    ((0.2, 0.0, 0.8, 0.0), 0.2),  # nobody is held
]

CASES: dict[str, list[Case]] = {"held_days": HELD_DAYS, "room": ROOM, "abuse": ABUSE}
