"""What is known of the mechanism ``vigils``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import HARSH, TURNOUT, Case, Removal, Sign, constant, total

KIN_MOTIVE: list[Case] = [
    ((1.0, 0.3), 0.3),
    ((0.0, 0.3), 0.0),
]

CLOSENESS: list[Case] = [
    ((0.05, 4.0), 0.2),
    ((0.5, 4.0), 1.0),  # everybody has a friend among them
    ((0.0, 4.0), 0.0),
]
ONLOOKER_MOTIVE: list[Case] = [
    ((0.5, 0.2, 0.25), 0.1),  # 0.25 * 0.5 * 0.8
    ((0.5, 1.0, 0.25), 0.0),  # kin are no onlookers
]

CASES: dict[str, list[Case]] = {
    "closeness": CLOSENESS,
    "kin_motive": KIN_MOTIVE,
    "onlooker_motive": ONLOOKER_MOTIVE,
}

REMOVALS = {
    "vigils": Removal(
        ("vigils.move",),
        {
            "violence.violence_felt": lambda heard, near, kin, w_near, w_kin: min(1.0, heard + w_near * near),
            "violence.outrage_felt": lambda heard, near, kin, abuse, w_near, w_kin: min(
                1.0, heard + abuse * (w_near * near)
            ),
        },
        {"movement.tactics.vigil.vigil": False},
    ),
    "onlookers": Removal(rules={"vigils.onlooker_motive": constant(0.0)}),
    "friends": Removal(rules={"vigils.closeness": constant(0.0)}),
}

SIGNS = [
    Sign("vigils", "falls", TURNOUT, HARSH | {"people.motive.kin_weight": 2.0}),
    Sign("onlookers", "falls", TURNOUT, HARSH | {"people.motive.onlooker_weight": 2.0}),
    Sign("friends", "falls", total("vigils"), HARSH),
]
