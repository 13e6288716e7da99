"""A word to the user that is no error and no result: on standard error, each once, and not from every worker."""

from __future__ import annotations

import contextlib
import os
import sys

from sim.core.errors import seen

QUIET = "PROTESTORATE_QUIET"
"""Environment variable that is set for processes whose words another process has said already."""

_said: set[str] = set()


def say(line: str) -> None:
    """Print a line on standard error, unless it has been said."""
    if line in _said or os.environ.get(QUIET):
        return
    _said.add(line)
    with contextlib.suppress(OSError, ValueError, AttributeError):  # nobody listens any more
        sys.stderr.write(f"{seen(line)}\n")
        sys.stderr.flush()
