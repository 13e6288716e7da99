"""What is known of the mechanism ``hub``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

HUB_REACH: list[Case] = [
    # 0.1 + 0.5 * 0.4 * 0.3 = 0.16; * (1 - 0.5 * 0.4 * 1) = 0.128
    ((0.1, 0.4, 0.5, 0.4, 0.5, 0.4, 1.0), 0.128),
    ((0.1, 0.4, 0.5, 0.4, 0.5, 0.4, 0.0), 0.16),
    ((0.5, 0.4, 0.5, 1.0, 0.0, 0.0, 0.0), 0.5),  # above its top it does not grow
    ((0.5, 0.4, 0.5, 1.0, 1.0, 1.0, 1.0), 0.0),
]

CASES: dict[str, list[Case]] = {"hub_reach": HUB_REACH}

REMOVALS = {"hub": Removal(rules={"hub.hub_reach": constant(0.0)})}

SIGNS = [Sign("hub", "falls", TURNOUT)]
