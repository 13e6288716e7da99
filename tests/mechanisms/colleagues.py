"""What is known of the mechanism ``colleagues``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import STRIKING, Case, Removal, Sign

COLLEAGUE_MOTIVE: list[Case] = [
    ((0.4, 2.0), 0.8),
    ((0.0, 2.0), 0.0),
]

CASES: dict[str, list[Case]] = {"colleague_motive": COLLEAGUE_MOTIVE}


def _strike_without_colleagues(
    anger: float, grievance: float, colleagues: float, call: float, unpaid: float, heartened: float, fear: float,
    threshold: float, w_anger: float, w_grievance: float, w_colleagues: float, w_call: float, w_unpaid: float,
    w_fear: float, cost: float,
) -> float:  # fmt: skip
    for_it = w_anger * anger + w_grievance * grievance
    return for_it + w_call * call + w_unpaid * unpaid + heartened - w_fear * fear - cost - threshold


REMOVALS = {"colleagues": Removal(("colleagues.move",), {"strikes.strike_margin": _strike_without_colleagues})}

SIGNS = [Sign("colleagues", "falls", STRIKING)]
