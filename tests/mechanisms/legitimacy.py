"""What is known of the mechanism ``legitimacy``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case, Removal, Sign, total

LEGITIMACY: list[Case] = [
    # 0.6 * (1 - 0.1 * 0.5 * 0.8) = 0.6 * 0.96 = 0.576; + 0.1 * (0.8 - 0.576) = 0.576 + 0.0224
    ((0.6, 0.8, 0.5, 0.8, 1.0, 0.1, 0.1), 0.5984),
    ((0.6, 0.8, 0.5, 0.8, 0.0, 0.1, 0.1), 0.576),  # nobody rebuilds it without state television
    ((0.6, 0.6, 1.0, 0.0, 1.0, 0.5, 0.5), 0.6),  # victims who were violent cost nothing
    ((0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0), 0.0),
    ((1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0), 0.0),  # all of it at once
]

CASES: dict[str, list[Case]] = {"legitimacy": LEGITIMACY}

REMOVALS = {
    "regime_voters": Removal(
        rules={
            "legitimacy.legitimacy": lambda now, former, v, peaceful, tv, loss, back: now + back * tv * (former - now)
        }
    )
}

SIGNS = [Sign("regime_voters", "falls", total("attending_camp_regime"))]
