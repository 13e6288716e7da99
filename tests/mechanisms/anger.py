"""What is known of the mechanism ``anger``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, last, unchanged

from sim.models.mobilisation.mechanisms.anger import anger

ANGER: list[Case] = [
    # (0.2 * 0.5 + 0.3) = 0.4; * (1 - 0.4) = 0.24; * (1 - 0.5 / 2) = 0.18; 0.5 + 0.18 - 0.1 * 0.5 = 0.63
    ((0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 2.0), 0.63),
    ((0.5, 1.0, 1.0, 1.0, 1.0, 0.1, 2.0), 0.45),  # those who find it right only calm down
    ((2.0, 1.0, 0.0, 0.0, 1.0, 0.0, 2.0), 2.0),  # at the cap nothing is added
    ((0.0, 1.0, 0.0, 25.0, 1.0, 0.0, 2.0), 2.0),  # 0 + 26 is cut to the cap
    ((0.0, 0.0, 0.5, 0.0, 0.3, 0.1, 2.0), 0.0),
    ((0.5, 1.0, 0.0, 1.0, 1.0, 0.1, 0.0), 0.0),  # a cap of zero: no anger at all
]
SHOCK: list[Case] = [
    ((0.5, 0.2, 0.4, 1.0, 0.5, 0.25), 0.7),  # 0.5 + 0.1 + 0.1
    ((0.0, 0.0, 0.0, 1.0, 1.0, 1.0), 0.0),
]
RELEASED: list[Case] = [
    ((0.5, 0.4, 1.5, 2.0), 1.1),  # 0.5 + 1.5 * 0.4
    ((1.8, 0.4, 1.5, 2.0), 2.0),  # 2.4 is cut to the cap
    ((0.5, 0.0, 1.5, 2.0), 0.5),
]

CASES: dict[str, list[Case]] = {"anger": ANGER, "shock": SHOCK, "released": RELEASED}


def _anger_without_violence(before: float, outrage: float, *rest: float) -> float:
    return anger(before, 0.0, *rest)


REMOVALS = {
    "backlash": Removal(rules={"anger.anger": _anger_without_violence, "anger.released": unchanged}),
    "triggers": Removal(
        rules={"anger.shock": lambda trigger, epidemic, conscription, w_t, w_e, w_c: w_c * conscription}
    ),
}

SIGNS = [Sign("backlash", "falls", TURNOUT), Sign("triggers", "falls", last("first_time_ever"))]
