"""What is known of the mechanism ``repression``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import HARSH, Case, Removal, Sign, constant, last

CALLED_OUT: list[Case] = [
    ((0.15, 0.1, 0.3), 0.25),
    ((0.0999, 0.1, 0.3), 0.0),
    ((0.1, 0.1, 0.3), 0.0),
    ((0.3, 0.1, 0.3), 1.0),
    ((1.0, 0.1, 0.3), 1.0),
    ((0.0, 0.0, 0.0), 1.0),  # the ones who are always out
    ((0.4, 0.4, 0.4), 1.0),
    ((0.3999, 0.4, 0.4), 0.0),
]
DETENTION_CHANCE: list[Case] = [
    # contact * police * effectiveness / crowd = 2 * 50 * 0.5 / 100 = 0.5; 0.8 * (1 - e^-0.5) * 0.9
    ((0.8, 2.0, 50.0, 0.5, 100.0, 0.9), 0.72 * (1.0 - math.exp(-0.5))),
    ((1.0, 2.0, 50.0, 0.5, 0.0, 1.0), 0.0),  # nobody there
    ((0.0, 2.0, 50.0, 0.5, 100.0, 1.0), 0.0),
    ((1.0, 2.0, 0.0, 0.5, 100.0, 1.0), 0.0),
    ((1.0, 2.0, 50.0, 0.5, 100.0, 0.0), 0.0),  # prisons are full
    ((1.0, 10.0, 1e9, 5.0, 1.0, 1.0), 1.0),
]
INTENSITY: list[Case] = [
    ((0.3, 1.0, 1.0), 1.0),  # the army is out
    ((0.3, 1.0, 0.0), 0.3),  # and police do what they did
    ((0.3, 0.0, 1.0), 0.3),
]
VIOLENT_SHARE: list[Case] = [
    ((0.5, 1.0, 0.2, 0.3, 2.0), 0.25),  # 0.1 + 0.3 * 0.5
    ((1.0, 2.0, 1.0, 1.0, 2.0), 1.0),
    ((0.5, 1.0, 0.2, 0.3, 0.0), 0.1),  # no anger where there can be none
]
RESTED: list[Case] = [
    ((0.2, 0.5, 0.4), 0.64),  # 0.8 * (1 - 0.4 * 0.5)
    ((0.0, 0.0, 1.0), 1.0),
]
CASES: dict[str, list[Case]] = {
    "called_out": CALLED_OUT,
    "detention_chance": DETENTION_CHANCE,
    "intensity": INTENSITY,
    "violent_share": VIOLENT_SHARE,
    "rested": RESTED,
}

REMOVALS = {
    "provocateurs": Removal(
        rules={"repression.violent_share": lambda a, anger, p, w, cap: min(1.0, w * (anger / cap))}
    ),
    "repression": Removal(rules={"repression.detention_chance": constant(0.0)}),
}

SIGNS = [Sign("provocateurs", "falls", last("legitimacy"), HARSH | {"police.detention.provocation": 0.8})]
