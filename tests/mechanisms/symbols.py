"""What is known of the mechanism ``symbols``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

from sim.models.mobilisation.mechanisms.symbols import disloyalty

DISLOYALTY: list[Case] = [
    # (0.2 * 10 + 1 * 4 + 3 * 2 + 0.1 * 50) / 1000 = 0.017; + 0.05 * 0.2 + 0.02 * 0.1 + 0.01 * 1 + 0.05 * 0.2
    ((10.0, 4.0, 2.0, 1000.0, 0.2, 50.0, 0.1, 1.0, 0.2, 0.2, 1.0, 3.0, 0.05, 0.1, 0.02, 0.01, 0.05), 0.049),
    # a country without police
    ((0.0, 0.0, 0.0, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 0.2, 1.0, 3.0, 0.05, 0.1, 0.02, 0.01, 0.05), 0.01),
]
DEFECTION_MOTIVE: list[Case] = [
    ((0.5, 0.4, 2.0), 0.4),  # 2 * 0.4 * 0.5
    ((1.0, 0.0, 2.0), 0.0),
]

CASES: dict[str, list[Case]] = {"disloyalty": DISLOYALTY, "defection_motive": DEFECTION_MOTIVE}


def _disloyalty_without_base(*arguments: float) -> float:
    heard = list(arguments)
    heard[4] = 0.0
    return disloyalty(*heard)


REMOVALS = {
    "loyal_base": Removal(
        rules={
            "media.broadcasting": lambda s, cyber, silent: s * (1 - cyber),
            "symbols.disloyalty": _disloyalty_without_base,
        }
    ),
    "symbols": Removal(rules={"symbols.disloyalty": constant(0.0)}),
}

SIGNS = [Sign("symbols", "falls", TURNOUT), Sign("loyal_base", "falls", TURNOUT, {"information.censorship": 1.0})]
