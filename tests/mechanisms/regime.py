"""What is known of the mechanism ``regime``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import Case, Removal, Sign, total

THREAT: list[Case] = [((0.3, 0.5), 0.5), ((0.6, 0.5), 0.6), ((0.0, 0.0), 0.0)]
WANTED_AGGRESSION: list[Case] = [
    # 0.1 + 0.8 * 0.5 * e^-(100 * 0.02 / 2) / (1 + 1 * 0.5 * 0.4 + 2 * 0.15) = 0.1 + 0.4 * e^-1 / 1.5
    ((0.5, 0.02, 2.0, 0.5, 0.4, 0.15, 0.1, 0.8, 1.0, 2.0, 1.0), 0.1 + 0.4 * math.exp(-1.0) / 1.5),
    ((0.5, 0.02, 2.0, 0.5, 0.4, 0.15, 0.1, 0.8, 1.0, 2.0, 0.0), 0.5),  # without restraint 0.1 + 0.8 * 0.5
    ((1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.5, 2.0, 1.0, 2.0, 1.0), 1.0),
    ((1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.5, 2.0, 1.0, 2.0, 0.0), 1.0),
    ((0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.1, 0.8, 1.0, 2.0, 1.0), 0.1),
]
APPROACH: list[Case] = [((0.2, 0.6, 0.25), 0.3), ((0.2, 0.6, 0.0), 0.2), ((0.2, 0.6, 1.0), 0.6)]
COMMANDED: list[Case] = [((0.3, 0.0), 0.3), ((0.3, 0.8), 0.8), ((0.3, 0.1), 0.1)]  # an order may also be to hold back
ALARM: list[Case] = [
    ((0.5, 0.1, 0.2), 0.4),  # 0.8 * 0.5
    ((0.5, 0.9, 0.2), 0.9),
]

CASES: dict[str, list[Case]] = {
    "threat": THREAT,
    "wanted_aggression": WANTED_AGGRESSION,
    "approach": APPROACH,
    "commanded": COMMANDED,
    "alarm": ALARM,
}


def _unrestrained(threat: float, *rest: float) -> float:
    base, gain = rest[5], rest[6]
    return min(1.0, base + gain * threat)


REMOVALS = {
    "restraint": Removal(rules={"regime.wanted_aggression": _unrestrained}),
}

SIGNS = [Sign("restraint", "rises", total("injured_today"))]
