"""What is known of the mechanism ``helpers``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign

ACTING: list[Case] = [
    ((3.0, 4.0, 0.5, 0.1), 0.5),  # (3 + 0.5 * 4) / 10
    ((3.0, 4.0, 0.0, 0.1), 0.3),  # only protesters are seen
    ((0.0, 0.0, 1.0, 0.1), 0.0),
]

CASES: dict[str, list[Case]] = {"acting": ACTING}


def _protesters_alone(protesters: float, helpers: float, weight: float, each: float) -> float:
    return protesters * each


REMOVALS = {"helpers_seen": Removal(rules={"helpers.acting": _protesters_alone})}

SIGNS = [Sign("helpers_seen", "falls", TURNOUT)]
