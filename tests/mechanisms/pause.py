"""What is known of the mechanism ``pause``: how to take it out, what theory says; it has no rule of its own."""

from __future__ import annotations

from facts import Case, Sign, mean

CASES: dict[str, list[Case]] = {}

SIGNS = [Sign("pause", "rises", mean("fatigue"))]
