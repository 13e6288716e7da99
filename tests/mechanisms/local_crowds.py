"""What is known of the mechanism ``local_crowds``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign

CROWD_MOTIVE: list[Case] = [
    ((0.5, 0.3), 0.15),
    ((0.0, 5.0), 0.0),
]

CASES: dict[str, list[Case]] = {"crowd_motive": CROWD_MOTIVE}

REMOVALS = {"local_crowds": Removal(("local_crowds.move",))}

SIGNS = [Sign("local_crowds", "falls", TURNOUT)]
