"""What is known of the mechanism ``cyber``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Sign

DAMAGE: list[Case] = [((0.5, 0.0, 0.2), 0.4), ((0.5, 0.8, 0.2), 0.8), ((0.5, 0.0, 1.0), 0.0)]

CASES: dict[str, list[Case]] = {"damage": DAMAGE}

SIGNS = [Sign("cyber", "falls", TURNOUT)]
