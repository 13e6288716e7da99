"""What is known of the mechanism ``patron``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from typing import Any

from facts import Case, Removal, Sign, constant, mean
from tiny_country import DATA

RESCUE: list[Case] = [
    ((0.8, 10.0, 90.0, 0.4, 0.5, 1.0), 0.4),
    ((0.8, 36.0, 90.0, 0.4, 0.5, 1.0), 0.0),  # just at the level of 0.4 * 90
    ((0.8, 0.0, 0.0, 0.4, 0.5, 1.0), 0.0),  # a state without reserves has none to lose
    ((0.8, 10.0, 90.0, 0.4, 0.5, 0.0), 0.0),
]
BACKING: list[Case] = [((0.8, 0.5, 0.5), 0.6), ((0.8, 1.0, 1.0), 0.0), ((0.8, 0.0, 1.0), 0.8)]
PATRON_GAIN: list[Case] = [((0.1, 20.0, 0.01), 0.3), ((0.9, 100.0, 0.1), 1.0), ((0.1, 0.0, 0.1), 0.1)]
DEPENDENCE: list[Case] = [
    ((0.2, 0.6, 0.1), 0.6),
    ((0.2, 0.6, 0.0), 0.2),  # nothing is drawn
    ((0.7, 0.6, 1.0), 0.7),
]

CASES: dict[str, list[Case]] = {
    "rescue": RESCUE,
    "backing": BACKING,
    "patron_gain": PATRON_GAIN,
    "dependence": DEPENDENCE,
}


def _without_patron() -> dict[str, Any]:
    events = {
        name: {**event, "effects": {k: v for k, v in event["effects"].items() if not k.startswith("patron")}}
        for name, event in DATA["events"].items()
    }
    return {"events": events}


REMOVALS = {"patron": Removal(rules={"patron.rescue": constant(0.0)}, changes=_without_patron())}

SIGNS = [Sign("patron", "falls", mean("elite_private"))]
