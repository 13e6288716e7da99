"""What somebody at a prompt or in a notebook is told while the program compiles itself: no wait without a word."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import cache

SAID = "compiling the step loop, first run only: a minute or two"

_listening = ExitStack()
"""Never closed: it listens as long as the session lasts."""


def interactive() -> bool:
    """Whether somebody sits at a Python prompt or a notebook."""
    return hasattr(sys, "ps1") or "ipykernel" in sys.modules


@cache
def say_when_compiling() -> None:
    """Say once, on standard error, when the first function is really compiled; only to somebody who sits there."""
    if interactive():
        from sim.core.jit import watch_compilation

        _listening.enter_context(watch_compilation(_say))


def _say() -> None:
    sys.stderr.write(f"{SAID}\n")
    sys.stderr.flush()
