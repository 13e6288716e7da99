"""What is known of the mechanism ``media``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case, Removal, Sign, constant, share

TRUSTED: list[Case] = [((0.3, 1.0), 0.3), ((0.3, 0.0), 1.0), ((1.0, 1.0), 1.0)]
BROADCASTING: list[Case] = [
    ((0.6, 0.5, 0.5), 0.15),
    ((0.6, 0.0, 0.0), 0.6),
    ((0.6, 1.0, 0.0), 0.0),
    ((0.6, 0.0, 1.0), 0.0),
]

CASES: dict[str, list[Case]] = {"trusted": TRUSTED, "broadcasting": BROADCASTING}

REMOVALS = {"media_trust": Removal(rules={"media.trusted": constant(1.0)})}

SIGNS = [Sign("media_trust", "rises", share("attending_camp_regime", "attending"))]
