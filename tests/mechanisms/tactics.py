"""What is known of the mechanism ``tactics``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import HARSH, RISK, Case, Removal, Sign, total, unchanged

from sim.models.mobilisation.mechanisms.tactics import attraction, familiarity

LEANING: list[Case] = [
    ((0.5, 1.0, 0.5, 2.0, 100.0, 100.0), 2.0),  # 2 * (0.5 + 0.5)
    ((0.5, 1.0, 0.5, 2.0, 99.0, 100.0), -math.inf),
    ((3.0, 1.0, 1.0, 0.0, 1.0, 1.0), 0.0),  # without sharpness all tactics are alike
]
PULL: list[Case] = [
    ((2.0, 2.0), 1.0),
    ((1.0, 2.0), math.exp(-1.0)),
    ((-math.inf, 2.0), 0.0),
    ((18_000.0, 18_000.0), 1.0),  # where exp(18,000) is no number
    ((-90.0, 0.0), math.exp(-90.0)),
]
ATTRACTION: list[Case] = [
    # 0.5 + 0.2 * 0.5 * (0.25 + 0.75 - 0.5) + 0.1 * (1.5 - 0.5) + 0.3 * 0.5 = 0.5 + 0.05 + 0.1 + 0.15
    ((0.5, 0.5, 0.25, 0.75, 1.5, 0.5, 0.2, 0.1, 0.3), 0.8),
    ((0.5, 0.0, 9.0, 9.0, 0.5, 0.0, 0.2, 0.1, 0.3), 0.5),  # an unused tactic teaches nothing
    ((2.0, 1.0, 0.5, 0.0, 2.0, 0.0, 1.0, 0.0, 0.0), 0.5),  # without success back to tradition
]
GROWTH: list[Case] = [
    ((350.0, 50.0, 50.0), 2.0),  # log2(400 / 100)
    ((0.0, 0.0, 50.0), 0.0),
    ((50.0, 350.0, 50.0), -2.0),
    ((100_000.0, 0.0, 50.0), 3.0),  # not eleven
]
SUCCESS: list[Case] = [((0.5, 0.1, 0.8, 5.0), -0.1), ((2.0, 0.0, 0.5, 5.0), 1.0)]  # 0.4 - 0.5
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
    "leaning": LEANING,
    "pull": PULL,
    "attraction": ATTRACTION,
    "growth": GROWTH,
    "success": SUCCESS,
    "familiarity": FAMILIARITY,
    "effectiveness": EFFECTIVENESS,
}


def _attraction_without_examples(
    before: float, used: float, tradition: float, success: float, mean: float, example: float, *rates: float
) -> float:
    return attraction(before, used, tradition, success, mean, 0.0, *rates)


def _without_learning(before: float, used: float, learning: float, forgetting: float) -> float:
    return familiarity(before, used, 0.0, forgetting)


def _without_forgetting(before: float, used: float, learning: float, forgetting: float) -> float:
    return familiarity(before, used, learning, 0.0)


REMOVALS = {
    "diffusion": Removal(rules={"tactics.attraction": _attraction_without_examples}),
    "tactical_learning": Removal(rules={"tactics.attraction": unchanged}),
    "police_learning": Removal(rules={"tactics.familiarity": _without_learning}),
    "police_forgetting": Removal(rules={"tactics.familiarity": _without_forgetting}),
}

SIGNS = [
    Sign("tactical_learning", "rises", RISK, HARSH | {"movement.learning.choice_sharpness": 4.0}),
    Sign("diffusion", "falls", total("attending_tactic_courtyard")),
    Sign("police_learning", "falls", RISK, {"movement.learning.police_learning": 0.8}),
    Sign("police_forgetting", "rises", RISK, {"movement.learning.police_forgetting": 0.8}),
]
