"""What is known of the mechanism ``ruler``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import Case, Removal, Sign, constant, last, total

from sim.models.mobilisation.mechanisms.ruler import giving

SURE, HALF = 0.841344746068542949, 0.341344746068542949
"""Phi(1), and what it is above a half."""

SURVIVAL: list[Case] = [
    ((0.5, 0.25, 0.25), SURE),  # (0.5 - 0.25) / 0.25 = 1
    ((0.25, 0.25, 0.25), 0.5),
    ((0.0, 0.25, 0.25), 1.0 - SURE),
]
STAYING: list[Case] = [
    ((0.75, 0.5, 0.4, 0.8), 0.55),  # 0.75 - 0.25 * (0.4 + 0.8 * 0.5)
    ((1.0, 1.0, 9.0, 9.0), 1.0),
    ((0.0, 1.0, 0.5, 0.7), -1.2),
]
FORCE: list[Case] = [
    # staying is worth S - (1 - S) * (0.5 + 1 * 0.5) = 2 S - 1. Obeyed: S = Phi((0.25 + 0.5 * 0.5 - 0.25) / 0.25), that
    # is Phi(1), worth 2 * 0.341; refused: Phi((0.25 - 0.25 - 0.25) / 0.25), worth as much below 0.
    # (0.75 - 0.25) * 2 * 0.341 - 0.2 * 0.8 * 0.5
    ((0.25, 0.25, 0.5, 0.75, 0.8, 0.5, 0.5, 0.25, 0.5, 0.25, 0.5, 1.0, 0.2), HALF - 0.08),
    ((0.25, 0.25, 0.5, 1.0, 0.8, 0.0, 0.5, 0.25, 0.5, 0.25, 0.5, 1.0, 0.2), 2.0 * HALF),
    ((0.25, 0.25, 0.5, 0.0, 0.8, 0.0, 0.5, 0.25, 0.5, 0.25, 0.5, 1.0, 0.2), -2.0 * HALF),
]
GIVING: list[Case] = [
    # given 1 * (1 - 0.5); S = Phi((0.25 + 1 * 1 * 0.5 * 0.5 - 0.25) / 0.25) = Phi(1); 2 S - 1 - 1.5 * 0.4 * 0.5
    ((0.25, 0.25, 1.0, 0.5, 0.5, 0.5, 0.25, 1.0, 0.5, 1.0, 0.4, 0.5, 1.0), 2.0 * HALF - 0.3),
    ((0.25, 0.25, 1.0, 1.0, 0.5, 0.5, 0.25, 1.0, 0.5, 1.0, 0.4, 0.5, 1.0), 0.0),  # nothing is left to give
]
LEAVING: list[Case] = [((-0.1, 0.5, 0.6), -0.4), ((-0.1, 0.0, 0.6), -0.1)]
CULPABILITY: list[Case] = [
    ((0.5, 1.0, 1000.0, 1000.0), 1.0 - 0.5 * math.exp(-1.0)),  # 1,000 per million
    ((0.5, 0.0, 1000.0, 1000.0), 0.5),
    ((0.0, 1e6, 1e6, 0.01), 1.0),
]
OCCASION: list[Case] = [
    ((0.8, 0.25), 0.4),  # 1 - 0.8 * 0.75
    ((1.0, 0.0), 0.0),
    ((1.0, 3.0), 1.0),
    ((0.0, 0.0), 1.0),
]

CASES: dict[str, list[Case]] = {
    "survival": SURVIVAL,
    "staying": STAYING,
    "force": FORCE,
    "giving": GIVING,
    "leaving": LEAVING,
    "culpability": CULPABILITY,
    "occasion": OCCASION,
}


def _giving_without_defiance(
    strength: float, dissent: float, lost: float, conceded: float, _: float, *rest: float
) -> float:
    return giving(strength, dissent, lost, conceded, 0.0, *rest)


REMOVALS = {
    "ruler": Removal(
        rules={
            "ruler.force": constant(-math.inf),
            "ruler.giving": constant(-math.inf),
            "ruler.leaving": constant(-math.inf),
            "obedience.foresee": constant(1.0),
        }
    ),
    "defiance": Removal(
        rules={"ruler.giving": _giving_without_defiance},
        given={"elites.strength": 0.5},  # so that he gives something in the first days
    ),
}

PRESSED = {"elites.strength": 0.5, "regime.ruler.outrage_cost": 0.05}
"""A ruler whose rule is in question within days, and to whom force is cheap: else he often has nothing to decide."""

SIGNS = [
    Sign("ruler", "falls", total("injured_today"), given=PRESSED),
    Sign("defiance", "rises", last("concession"), given=REMOVALS["defiance"].given),
]
