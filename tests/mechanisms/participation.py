"""What is known of the mechanism ``participation``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import Case

PROTEST_MARGIN: list[Case] = [
    ((3.0, 0.5, 2.0, 0.5, 0.4), 0.6),  # 3 - 0.5 * (1 - 0.2) - 2
    ((3.0, 0.5, 2.0, 1.0, 1.0), 1.0),  # full aid takes all fear away
]
ENGAGED_MARGIN: list[Case] = [
    ((3.0, 0.5, 2.0, 0.6, 0.2), 1.5),  # 3 - 0.1 + 0.6 - 2
    ((3.0, 9.0, 2.0, 0.0, 0.0), 1.0),
]
IMPULSE: list[Case] = [
    ((0.5, 0.3), 0.0),
    ((0.75, 2.0), 2.0 * math.log(3.0)),
    ((0.25, 2.0), -2.0 * math.log(3.0)),
    ((0.0, 1.0), -math.log(2.0**20 - 1.0)),  # a draw of 0 is moved inside
    ((1.0 - 2.0**-32, 1.0), math.log(2.0**20 - 1.0)),  # so is the largest there is
]
LARGEST_IMPULSE: list[Case] = [
    ((31, 0.1), 0.0),  # of draws up to 1/2
    ((47, 0.2), 0.2 * math.log(3.0) * (1.0 + 1e-9)),  # 3/4
    ((15, 0.2), -0.2 * math.log(3.0) * (1.0 - 1e-9)),  # 1/4
    ((63, 0.1), 0.1 * math.log(2.0**20 - 1.0) * (1.0 + 1e-9)),  # the largest there is
]
AVAILABILITY: list[Case] = [
    ((0.2, 0.8, 0.5, 1.2, 0.25), 0.45),  # (0.2 + 0.5 * 0.6) * 1.2 * 0.75
    ((0.9, 0.5, 1.0, 1.0, 0.0), 0.9),  # a call makes nobody stay away
    ((0.9, 0.9, 0.0, 5.0, 0.0), 1.0),
    ((0.9, 0.9, 0.0, 5.0, 1.0), 0.0),  # all called off
]

CASES: dict[str, list[Case]] = {
    "protest_margin": PROTEST_MARGIN,
    "engaged_margin": ENGAGED_MARGIN,
    "impulse": IMPULSE,
    "largest_impulse": LARGEST_IMPULSE,
    "availability": AVAILABILITY,
}
