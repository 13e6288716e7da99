"""What is known of the mechanism ``institutions``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import Case, Removal, Sign, constant, total

SHIELD: list[Case] = [
    ((0.2, 5.0, 20.0), 0.6),  # 0.8 * (1 - 5 / 20)
    ((0.2, 20.0, 20.0), 0.0),
    ((0.2, 0.0, 0.0), 0.8),  # a kind of elite without members fills no seat
]
ACT_CHANCE: list[Case] = [
    # log odds -2 + 4 * 0.5 - 2 * 0.25 - 8 * 0.5 * 0.25 + 1 * 0.5 + 2 * 0.5 = 0, so that a week's chance is a half
    ((0.5, 0.25, 0.5, 0.5, 0.5, -2.0, 4.0, 2.0, 8.0, 1.0, 2.0), 0.5 * (1.0 - 0.5 ** (1.0 / 7.0))),
    # odds of 127 a week: 1 - (1 / 128)^(1 / 7) = 1 - 1 / 2 a day
    ((0.0, 0.0, 0.0, 0.0, 1.0, math.log(127.0), 4.0, 2.0, 8.0, 1.0, 2.0), 0.5),
    ((0.0, 0.0, 0.0, 0.0, 0.0, math.log(127.0), 4.0, 2.0, 8.0, 1.0, 2.0), 0.0),  # a court that is not its own
    ((0.0, 0.0, 0.0, 0.0, 1.0, -1000.0, 4.0, 2.0, 8.0, 1.0, 2.0), 0.0),
    # at large odds o of a week 1 - exp(-ln(1 + o) / 7)
    ((1.0, 0.0, 0.0, 0.0, 1.0, -30.0, 150.0, 2.0, 8.0, 1.0, 2.0), 1.0 - math.exp(-120.0 / 7.0)),
]

CASES: dict[str, list[Case]] = {"shield": SHIELD, "act_chance": ACT_CHANCE}

REMOVALS = {
    "institutions": Removal(
        rules={"institutions.act_chance": constant(0.0)},
        given={"elites.break_cost": -2.0},  # so that members turn in the first days
    )
}

SIGNS = [Sign("institutions", "falls", total("arrears"))]
