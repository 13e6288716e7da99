"""What is known of the mechanism ``coalition``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import TURNOUT, Case, Removal, Sign

ENTROPY_TERM: list[Case] = [((0.5, 1.0), 0.5 * math.log(2.0)), ((0.0, 1.0), 0.0), ((0.0, 0.0), 0.0), ((1.0, 1.0), 0.0)]
BREADTH: list[Case] = [((math.log(2.0), 4), 0.5), ((0.0, 4), 0.0), ((0.0, 1), 0.0), ((math.log(3.0), 3), 1.0)]
EFFECTIVE_GROUPS: list[Case] = [((math.log(3.0),), 3.0), ((0.0,), 1.0)]
COALITION_MOTIVE: list[Case] = [
    ((0.5, 0.8, 0.5, 0.5), 0.1),  # 0.5 * 0.8 * 0.5 * 0.5
    ((1.0, 1.0, 0.0, 0.5), 0.0),  # breadth without turnout moves nobody
]

CASES: dict[str, list[Case]] = {
    "entropy_term": ENTROPY_TERM,
    "breadth": BREADTH,
    "effective_groups": EFFECTIVE_GROUPS,
    "coalition_motive": COALITION_MOTIVE,
}

REMOVALS = {"coalition": Removal(("coalition.move",))}

SIGNS = [Sign("coalition", "falls", TURNOUT)]
