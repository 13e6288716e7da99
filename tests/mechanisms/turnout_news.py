"""What is known of the mechanism ``turnout_news``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign

TURNOUT_MOTIVE: list[Case] = [
    ((0.5, 0.4, 2.0), 0.4),  # 2 * 0.4 * 0.5
    ((0.0, 1.0, 2.0), 0.0),  # one who hears nothing
]

CASES: dict[str, list[Case]] = {"turnout_motive": TURNOUT_MOTIVE}

REMOVALS = {"turnout_news": Removal(("turnout_news.move", "coalition.move"))}

SIGNS = [Sign("turnout_news", "falls", TURNOUT)]
