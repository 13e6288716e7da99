"""What is known of the mechanism ``communities``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

FORMING_CHANCE: list[Case] = [
    ((0.03, 0.8, 0.06, 0.1), 0.04),  # 0.1 * 0.5 * 0.8
    ((0.5, 0.8, 0.06, 0.1), 0.08),
    ((0.0, 0.8, 0.06, 0.1), 0.0),
    ((0.0, 0.8, 0.0, 0.1), 0.08),  # ready without anybody acting
    ((0.5, 0.0, 0.06, 0.1), 0.0),  # nobody can talk
]
CLOSED_CHANCE: list[Case] = [((0.5, 0.8), 0.4), ((0.0, 0.8), 0.0)]
ENDING_CHANCE: list[Case] = [
    ((1.0, 1.0, 0.5, 0.2, 0.1), 0.1),
    ((1.0, 0.0, 0.5, 0.2, 0.1), 0.2),
    ((0.0, 1.0, 0.5, 0.2, 0.1), 0.0),  # closed and active: safe
    ((0.0, 0.0, 0.5, 0.2, 0.1), 0.1),
]
TRUST: list[Case] = [((0.5, 0.4, 0.5, 0.1), 0.55), ((1.0, 1.0, 1.0, 0.0), 1.0), ((0.5, 0.0, 1.0, 0.2), 0.4)]
MEMBERSHIP: list[Case] = [((0.3, 1.0), 0.3), ((0.3, 0.0), 1.0)]

CASES: dict[str, list[Case]] = {
    "forming_chance": FORMING_CHANCE,
    "closed_chance": CLOSED_CHANCE,
    "ending_chance": ENDING_CHANCE,
    "trust": TRUST,
    "membership": MEMBERSHIP,
}

REMOVALS = {
    "community_trust": Removal(rules={"communities.membership": constant(1.0)}),
    "communities": Removal(rules={"communities.forming_chance": constant(0.0)}),
}

SIGNS = [Sign("communities", "falls", TURNOUT), Sign("community_trust", "rises", TURNOUT)]
