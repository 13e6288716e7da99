"""What is known of the mechanism ``leadership``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

COORDINATION: list[Case] = [
    # 0.8 * (1 - 0.5 * 0.5) = 0.6; 0.6 + 0.1 * 0.4
    ((0.8, 0.5, 0.5, 0.1), 0.64),
    ((1.0, 0.0, 1.0, 0.5), 1.0),
    ((1.0, 1.0, 1.0, 0.0), 0.0),
    ((1.0, 1.0, 0.0, 0.0), 1.0),  # there is nobody whose arrest matters
]

CASES: dict[str, list[Case]] = {"coordination": COORDINATION}

REMOVALS = {
    "leadership": Removal(
        rules={
            "leadership.coordination": constant(1.0),
            "hub.hub_reach": lambda r, top, g, a, *rest: r + g * a * max(top - r, 0.0),
        }
    )
}

SIGNS = [Sign("leadership", "rises", TURNOUT, {"movement.leadership": {"centralisation": 1.0, "replacement": 0.0}})]
