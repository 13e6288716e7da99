"""What is known of the mechanism ``symbols``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

DISLOYALTY: list[Case] = [
    # (0.2 * 10 + 1 * 4 + 3 * 2) / 1000 = 0.012; + 0.05 * 0.2
    ((10.0, 4.0, 2.0, 1000.0, 0.2, 0.2, 1.0, 3.0, 0.05), 0.022),
    ((0.0, 0.0, 0.0, 0.0, 0.2, 0.2, 1.0, 3.0, 0.05), 0.01),  # a country without police
]
DEFECTION_MOTIVE: list[Case] = [
    ((0.5, 0.4, 2.0), 0.4),  # 2 * 0.4 * 0.5
    ((1.0, 0.0, 2.0), 0.0),
]

CASES: dict[str, list[Case]] = {"disloyalty": DISLOYALTY, "defection_motive": DEFECTION_MOTIVE}


def _disloyalty_without_base(critics: float, resigned: float, switched: float, officers: float, *rest: float) -> float:
    _, by_critic, by_resigned, by_switched, _ = rest
    return (by_critic * critics + by_resigned * resigned + by_switched * switched) / officers


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
