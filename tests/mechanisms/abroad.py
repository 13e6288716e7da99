"""What is known of the mechanism ``abroad``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case, Removal, Sign, last, total, unchanged

OUTRAGE: list[Case] = [
    ((0.5, 0.8, 0.5, 0.1, 0.5, 1.0, 0.4, 1.0), 0.4),  # 0.5 * (0.4 + 0.2) + 0.1
    ((1.0, 1.0, 1.0, 1.0, 1.0, 5.0, 5.0, 5.0), 1.0),
    ((1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0), 0.0),  # nobody abroad sees it so
]
SANCTIONS: list[Case] = [((0.1, 0.6, 0.2, 0.5), 0.25), ((0.4, 0.1, 0.2, 0.5), 0.2), ((0.1, 0.6, 0.2, 0.0), 0.1)]

CASES: dict[str, list[Case]] = {"outrage": OUTRAGE, "sanctions": SANCTIONS}

REMOVALS = {
    "international": Removal(rules={"abroad.sanctions": unchanged, "patron.backing": unchanged}),
    "findings": Removal(
        rules={"abroad.outrage": lambda v, p, x, f, frame, w_v, w_x, w_f: min(1.0, frame * (w_v * v * p + w_x * x))}
    ),
}

SIGNS = [Sign("international", "falls", total("arrears")), Sign("findings", "falls", last("sanctions"))]
