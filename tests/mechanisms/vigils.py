"""What is known of the mechanism ``vigils``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import HARSH, TURNOUT, Case, Removal, Sign

KIN_MOTIVE: list[Case] = [
    ((1.0, 0.3), 0.3),
    ((0.0, 0.3), 0.0),
]

CASES: dict[str, list[Case]] = {"kin_motive": KIN_MOTIVE}

REMOVALS = {
    "vigils": Removal(
        ("vigils.move",),
        {"violence.violence_felt": lambda heard, near, kin, w_near, w_kin: min(1.0, heard + w_near * near)},
        {"movement.tactics.vigil.vigil": False},
    )
}

SIGNS = [Sign("vigils", "falls", TURNOUT, HARSH | {"people.motive.kin_weight": 2.0})]
