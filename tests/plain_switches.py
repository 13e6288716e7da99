"""Each mechanism taken out by hand: the country in plain Python with its rule not called.

Run as a script it prints, for each mechanism, the names of what differs between that and its off switch,
and the number of things that differ between that and the mechanism at work.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from plain_twin import plain_digests, replaced
from tiny_country import DATA, differing

from sim.rules import aid as aid_file
from sim.rules import anger as anger_file

NEVER = -math.inf


@dataclass(frozen=True)
class Removal:
    """A mechanism without its rule.

    Attributes
    ----------
    rules : dict of str to callable
        What stands in the place of the rules, by name.
    changes : dict of str to value
        Effects of the mechanism that no rule computes, taken out of the scenario.
    """

    rules: dict[str, Callable[..., Any]] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)


def _unchanged(before: float, *rest: float) -> float:
    return before


def _constant(value: Any) -> Callable[..., Any]:
    return lambda *arguments: value


def _anger_without_violence(before: float, violence: float, *rest: float) -> float:
    rule = anger_file.anger
    return rule(before, 0.0, *rest)


def _strike_without_colleagues(
    anger: float, grievance: float, colleagues: float, call: float, unpaid: float, fear: float, threshold: float,
    w_anger: float, w_grievance: float, w_colleagues: float, w_call: float, w_unpaid: float, w_fear: float, cost: float,
) -> float:  # fmt: skip
    for_it = w_anger * anger + w_grievance * grievance
    return for_it + w_call * call + w_unpaid * unpaid - w_fear * fear - cost - threshold


def _unrestrained(threat: float, *rest: float) -> float:
    base, gain = rest[5], rest[6]
    return min(1.0, base + gain * threat)


def _fund_without_donations(before: float, donations: float, strikers: float, pay_share: float) -> tuple[float, float]:
    return aid_file.fund(before, 0.0, strikers, pay_share)


def _without_patron() -> dict[str, Any]:
    events = {
        name: {**event, "effects": {k: v for k, v in event["effects"].items() if not k.startswith("patron")}}
        for name, event in DATA["events"].items()
    }
    return {"events": events}


REMOVALS: dict[str, Removal] = {
    "turnout_news": Removal({"news_motive": lambda x, d, c, w_x, w_d, w_c: w_d * d}),
    "neighbours": Removal({"peer_motive": lambda n, w, t, w_n, w_w, w_t: w_w * w + w_t * t}),
    "colleagues": Removal(
        {
            "peer_motive": lambda n, w, t, w_n, w_w, w_t: w_n * n + w_t * t,
            "strike_margin": _strike_without_colleagues,
        }
    ),
    "weak_ties": Removal({"peer_motive": lambda n, w, t, w_n, w_w, w_t: w_n * n + w_w * w}),
    "backlash": Removal(
        {"anger": _anger_without_violence, "legitimacy": _unchanged}, {"people.emotion.release_anger": 0.0}
    ),
    "deterrence": Removal({"fear": _constant(0.0)}),
    "fatigue": Removal({"fatigue": _constant(0.0)}),
    "commitment": Removal({"commitment": _constant(0.0)}),
    "engaged": Removal({"engaged_margin": _constant(NEVER), "aid": _constant(0.0), "fund": _fund_without_donations}),
    "coalition": Removal({"news_motive": lambda x, d, c, w_x, w_d, w_c: w_x * x + w_d * d}),
    "organisations": Removal(changes={"movement.organisations": {}}),
    "hub": Removal({"hub_reach": _constant(0.0), "call_strength": _constant(0.0)}),
    "communities": Removal({"forming_chance": _constant(0.0)}),
    "tactical_learning": Removal({"attraction": _unchanged}),
    "police_learning": Removal({"familiarity": _unchanged}),
    "strikes": Removal({"strike_margin": _constant(NEVER)}),
    "repression": Removal({"detention_chance": _constant(0.0)}),
    "shutdown": Removal({"capacity": _constant(1.0), "shutdown_policy": _constant(0.0)}),
    "circumvention": Removal({"adoption": _constant(0.0)}),
    "defection": Removal({"defection_chance": _constant(0.0), "shirks": _constant(False)}),
    "elite_split": Removal({"preference": _unchanged}),
    "patron": Removal({"rescue": _constant(0.0)}, _without_patron()),
    "restraint": Removal({"wanted_aggression": _unrestrained}),
}

INNER: dict[str, tuple[str, ...]] = {"defection": ("officers.loyalty",)}
"""What a mechanism's rules keep for themselves: nothing else reads it, so a difference there is no effect."""


def compare() -> dict[str, Any]:
    working = plain_digests({})
    found = {}
    for mechanism, removal in REMOVALS.items():
        off = plain_digests({"mechanisms": {mechanism: False}})
        with replaced(removal.rules):
            removed = plain_digests(removal.changes)
        remaining = [name for name in differing(off, removed) if name not in INNER.get(mechanism, ())]
        found[mechanism] = {"differs": remaining, "at_work": len(differing(working, removed))}
    return found


if __name__ == "__main__":
    print(json.dumps(compare()))
