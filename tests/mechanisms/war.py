"""What is known of the mechanism ``war``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant, last, unchanged

RALLIED: list[Case] = [((0.6, 0.5, 0.5, 0.4), 0.64), ((0.6, 1.0, 0.0, 1.0), 0.6), ((1.0, 1.0, 1.0, 1.0), 1.0)]
LEAVING_CHANCE: list[Case] = [
    ((0.5, 0.2, 1.0, 2.0, 0.1), 0.02),
    ((1.0, 0.0, 2.0, 2.0, 1.0), 1.0),
    ((1.0, 0.0, 0.0, 0.0, 1.0), 0.0),
]
JOINING_CHANCE: list[Case] = [
    ((0.5, 0.2, 1.0, 2.0, 0.1), 0.02),
    ((1.0, 1.0, 2.0, 2.0, 1.0), 0.0),
    ((1.0, 0.0, 0.0, 0.0, 1.0), 0.0),
]
BOUND: list[Case] = [((0.3, 10.0, 0.02), 0.5), ((0.9, 10.0, 0.1), 1.0), ((0.0, 0.0, 1.0), 0.0)]

CASES: dict[str, list[Case]] = {
    "rallied": RALLIED,
    "leaving_chance": LEAVING_CHANCE,
    "joining_chance": JOINING_CHANCE,
    "bound": BOUND,
}

REMOVALS = {
    "war": Removal(
        rules={
            "anger.shock": lambda trigger, epidemic, conscription, w_t, w_e, w_c: w_t * trigger + w_e * epidemic,
            "war.rallied": unchanged,
            "war.leaving_chance": constant(0.0),
            "war.bound": lambda away, volunteers, bind: min(1.0, bind * volunteers),
        }
    ),
    "volunteers": Removal(rules={"war.joining_chance": constant(0.0)}, given={"war.volunteering": 0.2}),
}

SIGNS = [Sign("war", "falls", last("legitimacy")), Sign("volunteers", "rises", TURNOUT)]
