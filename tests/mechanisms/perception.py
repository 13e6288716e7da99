"""What is known of the mechanism ``perception``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case

LOG_SCALE: list[Case] = [
    ((0.01, 0.001, 0.1), 0.5),  # ln 10 / ln 100
    ((0.001, 0.001, 0.1), 0.0),
    ((0.1, 0.001, 0.1), 1.0),
    ((0.0, 0.001, 0.1), 0.0),
    ((5.0, 0.001, 0.1), 1.0),
]
REMEMBERED: list[Case] = [((0.1, 0.5, 0.8), 0.4), ((0.45, 0.5, 0.8), 0.45), ((0.0, 0.5, 0.0), 0.0)]
HEARING: list[Case] = [
    ((0.5, 1.0, 1.0, 1.0, 1.0, 0.7, 0.4, 0.6), 0.7),  # a follower: 0.5 * 1 + 0.5 * 0.4, television or not
    ((0.5, 1.0, 0.5, 1.0, 1.0, 0.7, 0.4, 0.6), 0.55),  # one who half trusts the hub: 0.25 * 1 + 0.75 * 0.4
    ((0.5, 0.0, 1.0, 1.0, 1.0, 0.7, 0.4, 0.6), 0.22),  # (0.35 + 0.2) * (1 - 0.6)
    ((0.5, 0.0, 1.0, 0.5, 1.0, 0.7, 0.4, 0.6), 0.385),  # 0.55 * (1 - 0.3)
    ((0.5, 0.0, 0.0, 0.0, 1.0, 0.7, 0.4, 0.6), 0.55),
    ((0.0, 1.0, 1.0, 0.0, 1.0, 0.7, 0.4, 0.6), 0.4),  # offline, a follower has the word of mouth
]

CASES: dict[str, list[Case]] = {"log_scale": LOG_SCALE, "remembered": REMEMBERED, "hearing": HEARING}
