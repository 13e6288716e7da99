"""Each mechanism taken out by hand: the country in plain Python with its part not called.

Run as a script it prints what was lived through without each part, by switch; and with the names of switches how that
differs from their off switches and from the mechanisms at work, all of it in plain Python.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from facts import Removal, removals
from plain_twin import plain_digests, replaced
from tiny_country import differing

from sim.models.mobilisation import day
from sim.models.mobilisation.mechanisms import MECHANISMS

INNER: dict[str, tuple[str, ...]] = {
    "defection": ("officers.loyalty",),
    "vigils": ("days.vigils", "localities.vigil"),
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


def taken_out(only: Collection[str] = ()) -> dict[str, dict[str, str]]:
    """Live without the part of each switch, or of some: digests by switch. In plain Python alone."""
    found = {}
    for mechanism, removal in by_switch().items():
        if not only or mechanism in only:
            with replaced(dict.fromkeys(removal.loops, _nothing) | dict(removal.rules)):
                found[mechanism] = plain_digests(dict(removal.given) | dict(removal.changes))
    return found


def compare(
    found: Mapping[str, dict[str, str]], lived: Callable[[Mapping[str, Any]], dict[str, str]]
) -> dict[str, Any]:
    """Hold what was lived through without a part against its off switch and the mechanism at work.

    Parameters
    ----------
    found : dict of str to dict
        What `taken_out` returns.
    lived : callable
        Gives the digests of the country with changes by key path: in plain Python, or compiled, which is the same
        bit for bit.

    Returns
    -------
    dict
        By switch ``differs``, the names of what differs from the switch, and ``at_work``, how many things differ from
        the mechanism at work.
    """
    compared, working = {}, lived({})
    for mechanism, removed in found.items():
        given = dict(by_switch()[mechanism].given)
        off = lived(given | {"mechanisms": {mechanism: False}})
        remaining = [name for name in differing(off, removed) if name not in INNER.get(mechanism, ())]
        at_work = lived(given) if given else working
        compared[mechanism] = {"differs": remaining, "at_work": len(differing(at_work, removed))}
    return compared


if __name__ == "__main__":
    switches = sys.argv[1:]
    print(json.dumps(compare(taken_out(switches), plain_digests) if switches else taken_out()))
