"""Markdown that no name can break out of."""

from __future__ import annotations

import re


def code(text: str) -> str:
    """Return text as a code span, on one line and behind more backticks than any that stand in it."""
    line = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"
