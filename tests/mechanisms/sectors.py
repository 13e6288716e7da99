"""What is known of the mechanism ``sectors``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import Case, Removal, Sign, constant, mean

ACTIVITY: list[Case] = [((0.5, 0.8), 0.4), ((0.0, 1.0), 1.0)]
DRAINED: list[Case] = [
    ((4.0, 0.5, 0.2, 0.05), 3.9),  # 4 + 0.2 * 0.5 - 0.05 * 4
    ((0.0, 0.0, 0.2, 0.05), 0.2),
    ((0.0, 1.0, 0.2, 0.05), 0.0),
    ((0.0, 1.5, 0.2, 0.05), 0.0),  # a good day leaves no more than all
]
SHORT_OF_PAY: list[Case] = [
    ((0.8, 0.2, 0.25), 0.2),  # 0.2 * 0.2 missing of 0.25 * 0.8
    ((0.2, 0.2, 0.25), 1.0),  # 0.16 missing of 0.05
    ((1.0, 0.2, 0.25), 0.0),
    ((0.0, 0.0, 0.25), 1.0),  # nothing is earned
]
UNPAID: list[Case] = [
    ((0.02, 0.0, 20.0, 1.0, 1.0, 0.0), 0.02),  # what was unpaid before
    ((0.0, 20.0, 20.0, 0.5, 0.0, 1.0), 0.5 * (1.0 - math.exp(-1.0))),  # the state has nothing to do with it
    ((0.0, 0.0, 20.0, 1.0, 1.0, 0.3), 0.3),  # the state's own arrears
    ((0.5, 0.0, 20.0, 0.0, 1.0, 0.5), 0.75),  # half unpaid by plants, half of the rest by the state
]

CASES: dict[str, list[Case]] = {
    "activity": ACTIVITY,
    "drained": DRAINED,
    "short_of_pay": SHORT_OF_PAY,
    "unpaid": UNPAID,
}


def _of_the_state(opening: float, gone: float, cash: float, short: float, public: float, arrears: float) -> float:
    return 1.0 - (1.0 - 0.0) * (1.0 - public * arrears)


REMOVALS = {"sector_cash": Removal(rules={"sectors.unpaid": _of_the_state, "sectors.drained": constant(0.0)})}

SIGNS = [Sign("sector_cash", "falls", mean("arrears_class_industry"))]
