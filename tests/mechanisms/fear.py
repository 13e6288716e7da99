"""What is known of the mechanism ``fear``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

RISK_SEEN: list[Case] = [
    ((0.1, 0.5, 0.4, 2.0, 0.6, 0.5), 0.7),  # 0.2 + 0.3 + 0.2
    ((0.5, 1.0, 1.0, 3.0, 1.0, 0.0), 1.0),  # 1.5 + 1.0 is cut
    ((0.0, 0.0, 0.0, 50.0, 2.0, 2.0), 0.0),
]
FEAR: list[Case] = [
    # relief 0.1 * (1 + 1 * 0.5 + 2 * 0.25 + 3 * 0.5) = 0.35; 0.4 + 0.2 * 0.5 * (2 - 0.4) - 0.35 * 0.4
    ((0.4, 0.5, 0.5, 0.25, 0.5, 0.2, 0.1, 1.0, 2.0, 3.0, 2.0), 0.42),  # 0.4 + 0.16 - 0.14
    # relief 0.5 * (1 + 20) is cut to 1, so that all fear goes: 0.4 + 0.16 - 0.4
    ((0.4, 0.5, 0.0, 1.0, 0.0, 0.2, 0.5, 0.0, 20.0, 0.0, 2.0), 0.16),
    ((2.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0), 2.0),
    ((0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0), 2.0),  # all the way to the cap
    ((0.5, 1.0, 0.0, 0.0, 0.0, 1.0, 0.1, 0.0, 0.0, 0.0, 0.0), 0.0),  # a cap of zero
]
LOCAL_RISK: list[Case] = [
    ((5.0, 20.0), 0.25),
    ((0.0, 20.0), 0.0),
    ((0.0, 0.0), 0.0),  # nobody came
]

CASES: dict[str, list[Case]] = {"risk_seen": RISK_SEEN, "fear": FEAR, "local_risk": LOCAL_RISK}

REMOVALS = {
    "prison_threat": Removal(
        rules={"fear.risk_seen": lambda risk, v, threat, w_r, w_v, w_p: min(1.0, w_r * risk + w_v * v)}
    ),
    "deterrence": Removal(rules={"fear.fear": constant(0.0)}),
}

SIGNS = [Sign("deterrence", "rises", TURNOUT), Sign("prison_threat", "rises", TURNOUT)]
