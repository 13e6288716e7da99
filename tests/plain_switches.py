"""Each mechanism taken out by hand: the country in plain Python with its part not called.

Run as a script it prints, for each switch or for those that are named, the names of what differs between that and its
off switch, and the number of things that differ between that and the mechanism at work.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from facts import Removal, removals
from plain_twin import plain_digests, replaced
from tiny_country import differing

from sim.models.mobilisation import day
from sim.models.mobilisation.mechanisms import MECHANISMS

INNER: dict[str, tuple[str, ...]] = {
    "defection": ("officers.loyalty",),
    "vigils": ("days.vigils",),
    "coordination": ("nation.critical",),
}
"""What a mechanism keeps for itself, or is only called: nothing else reads it, so a difference there is no effect."""


def called() -> list[str]:
    """Every loop that a day calls, as ``mechanism.loop``, in its order."""
    found = []
    for node in ast.walk(ast.parse(Path(day.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("mechanisms."):
            found.append((node.lineno, ast.unparse(node.func).removeprefix("mechanisms.")))
    return [name for _, name in sorted(found)]


def by_switch() -> dict[str, Removal]:
    """What to leave out for each switch: as its file says, and otherwise all loops of its mechanism."""
    by_hand, loops = removals(), called()
    return {
        switch.name: by_hand.get(
            switch.name, Removal(tuple(name for name in loops if name.partition(".")[0] == mechanism))
        )
        for mechanism, declared in MECHANISMS.items()
        for switch in declared.switches
    }


def _nothing(*arguments: Any) -> None:
    """Stand in the place of a loop that is not called."""


def compare(only: Collection[str] = ()) -> dict[str, Any]:
    """Compare for each switch, or for some."""
    working = plain_digests({})
    found = {}
    for mechanism, removal in by_switch().items():
        if only and mechanism not in only:
            continue
        given = dict(removal.given)
        off = plain_digests(given | {"mechanisms": {mechanism: False}})
        with replaced(dict.fromkeys(removal.loops, _nothing) | dict(removal.rules)):
            removed = plain_digests(given | dict(removal.changes))
        remaining = [name for name in differing(off, removed) if name not in INNER.get(mechanism, ())]
        at_work = plain_digests(given) if given else working
        found[mechanism] = {"differs": remaining, "at_work": len(differing(at_work, removed))}
    return found


if __name__ == "__main__":
    print(json.dumps(compare(sys.argv[1:])))
