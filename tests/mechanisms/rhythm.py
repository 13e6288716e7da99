"""What is known of the mechanism ``rhythm``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

EXPECTATION: list[Case] = [
    ((100.0, 200.0, 0.25), 125.0),
    ((100.0, 0.0, 1.0), 0.0),  # last week alone counts
]
PROMINENCE: list[Case] = [
    ((300.0, 100.0, 0.5, 2.0), 2.25),  # (0.5 * 3)^2
    ((0.0, 100.0, 1.0, 2.0), 0.0),
    ((100.0, 100.0, 1.0, 4.0), 1.0),
]
FOCUS: list[Case] = [
    ((9.0, 14.0), 0.6),  # 9 / (1 + 14)
    ((0.0, 0.0), 0.0),  # no crowd in any week
    ((1.0, 1.0), 0.5),  # a crowd that is just noticed
]

CASES: dict[str, list[Case]] = {"expectation": EXPECTATION, "prominence": PROMINENCE, "focus": FOCUS}

REMOVALS = {"rhythm": Removal(rules={"rhythm.focus": constant(0.0)})}

FEW_BUT_ON_CALL = {"time.availability": {"working_day": 0.05, "weekend": 0.1, "big_day": 0.1, "called": 0.9}}
"""Few come of themselves, so that it matters whether all expect one another."""

SIGNS = [Sign("rhythm", "falls", TURNOUT, FEW_BUT_ON_CALL)]
