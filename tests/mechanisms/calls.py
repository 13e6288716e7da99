"""What is known of the mechanism ``calls``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import TURNOUT, Case, Removal, Sign, constant

from sim.models.mobilisation.mechanisms.calls import issued

DATED: list[Case] = [
    ((2.0, 0.5, 0.8, 0.25, 5.0, 0.1), 0.7),  # 0.1 * 2 + 0.5 * 0.8 * 5 * 0.25
    ((0.0, 0.0, 1.0, 1.0, 5.0, 0.5), 0.0),
    ((0.0, 3.0, 1.0, 0.2, 5.0, 0.5), 3.0),  # more than one a head
]
ISSUED: list[Case] = [
    ((0.5, 0.8, 0.5, 4.0, 0.25, 2.0, 0.1), 0.8),  # 0.5 * 0.8 * (0.5 + 4 * 0.25) + 2 * 0.1
    ((0.5, 0.0, 0.5, 4.0, 0.25, 2.0, 0.1), 0.2),  # all leaders taken: neighbours go on
    ((0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0), 0.0),
]
CALLS: list[Case] = [
    ((0.5, 0.4, 0.6, 0.5, 0.2), 1.0),  # 0.5 + 0.5 * (0.6 + 0.4)
    ((0.5, 0.4, 0.6, 0.0, 0.0), 0.5),  # nobody expects anybody on this day
    ((0.0, 1.0, 0.5, 0.1, 1.0), 1.5),  # the evening of a stolen vote
]
REACHED: list[Case] = [((0.0,), 0.0), ((math.log(2.0),), 0.5), ((math.log(4.0),), 0.75)]

CASES: dict[str, list[Case]] = {"dated": DATED, "issued": ISSUED, "calls": CALLS, "reached": REACHED}


def _without_the_hub(
    attention: float,
    coordination: float,
    leaders: float,
    call_weight: float,
    reach: float,
    by_communities: float,
    joined: float,
) -> float:
    return issued(attention, coordination, leaders, 0.0, reach, by_communities, joined)


REMOVALS = {
    "self_organisation": Removal(rules={"calls.issued": constant(0.0)}),
    "hub_calls": Removal(rules={"calls.issued": _without_the_hub, "calls.dated": constant(0.0)}),
}

SIGNS = [Sign("self_organisation", "falls", TURNOUT), Sign("hub_calls", "falls", TURNOUT)]
