"""What is known of the mechanism ``tactics``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import HARSH, RISK, Case, Removal, Sign, total, unchanged

from sim.models.mobilisation.mechanisms.tactics import attraction

PULL: list[Case] = [
    ((0.5, 1.0, 0.5, 2.0, 100.0, 100.0), math.exp(2.0)),  # 2 * (0.5 + 0.5)
    ((0.5, 1.0, 0.5, 2.0, 99.0, 100.0), 0.0),
    ((3.0, 1.0, 1.0, 0.0, 1.0, 1.0), 1.0),  # without sharpness all tactics are alike
]
ATTRACTION: list[Case] = [
    # 0.5 + 0.2 * 0.5 * (1 - 0.5) + 0.1 * (1.5 - 0.5) + 0.3 * 0.5 = 0.5 + 0.05 + 0.1 + 0.15
    ((0.5, 0.5, 1.0, 1.5, 0.5, 0.2, 0.1, 0.3), 0.8),
    ((0.5, 0.0, 9.0, 0.5, 0.0, 0.2, 0.1, 0.3), 0.5),  # an unused tactic teaches nothing
]
SUCCESS: list[Case] = [((0.5, 0.3, 0.8, 0.1, 5.0), 0.2), ((1.0, 0.0, 0.0, 0.0, 5.0), 0.0)]  # 0.4 + 0.3 - 0.5
FAMILIARITY: list[Case] = [
    ((0.5, 0.4, 0.1, 0.05), 0.505),  # 0.5 + 0.1 * 0.4 * 0.5 - 0.05 * 0.6 * 0.5 = 0.5 + 0.02 - 0.015
    ((1.0, 1.0, 1.0, 1.0), 1.0),
    ((0.5, 0.0, 1.0, 0.0), 0.5),
    ((0.0, 0.0, 1.0, 1.0), 0.0),
]
EFFECTIVENESS: list[Case] = [
    ((1.2, 0.5, 0.3, 1.0), 0.39),  # 1.2 * (0.3 + 0.7 * 0.5) / 2
    ((1.2, 0.0, 0.0, 0.0), 0.0),  # never seen
    ((1.2, 1.0, 0.3, 0.0), 1.2),
]

CASES: dict[str, list[Case]] = {
    "pull": PULL,
    "attraction": ATTRACTION,
    "success": SUCCESS,
    "familiarity": FAMILIARITY,
    "effectiveness": EFFECTIVENESS,
}


def _attraction_without_examples(
    before: float, used: float, success: float, mean: float, example: float, *rates: float
) -> float:
    return attraction(before, used, success, mean, 0.0, *rates)


REMOVALS = {
    "diffusion": Removal(rules={"tactics.attraction": _attraction_without_examples}),
    "tactical_learning": Removal(rules={"tactics.attraction": unchanged}),
    "police_learning": Removal(rules={"tactics.familiarity": unchanged}),
}

SIGNS = [
    Sign("tactical_learning", "rises", RISK, HARSH | {"movement.learning.choice_sharpness": 4.0}),
    Sign("diffusion", "falls", total("attending_tactic_courtyard")),
    Sign("police_learning", "falls", RISK, {"movement.learning.police_learning": 0.8}),
]
