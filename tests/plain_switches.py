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

from sim.models.mobilisation.rules import aid as aid_file
from sim.models.mobilisation.rules import anger as anger_file
from sim.models.mobilisation.rules import loyalty as loyalty_file
from sim.models.mobilisation.rules import strike as strike_file
from sim.models.mobilisation.rules import tactics as tactics_file

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


def _strike_without_arrears(
    anger: float, grievance: float, colleagues: float, call: float, unpaid: float, fear: float, threshold: float,
    w_anger: float, w_grievance: float, w_colleagues: float, w_call: float, w_unpaid: float, w_fear: float, cost: float,
) -> float:  # fmt: skip
    for_it = w_anger * anger + w_grievance * grievance + w_colleagues * colleagues
    return for_it + w_call * call - w_fear * fear - cost - threshold


def _loyalty_without_arrears(*arguments: float) -> float:
    paid = list(arguments)
    paid[8] = 0.0
    return loyalty_file.loyalty(*paid)


def _aid_without_communities(engaged: float, effort: float, communities: float, lift: float, need: float) -> float:
    return aid_file.aid(engaged, effort, 0.0, lift, need)


def _attraction_without_examples(
    before: float, used: float, success: float, mean: float, example: float, *rates: float
) -> float:
    return tactics_file.attraction(before, used, success, mean, 0.0, *rates)


def _savings_without_remittances(
    before: float, out: float, pay: float, rate: float, sent: float, *rest: float
) -> float:
    return strike_file.savings(before, out, pay, rate, 0.0, *rest)


def _disloyalty_without_base(critics: float, resigned: float, switched: float, officers: float, *rest: float) -> float:
    _, by_critic, by_resigned, by_switched, _ = rest
    return (by_critic * critics + by_resigned * resigned + by_switched * switched) / officers


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
    "neighbours": Removal(
        {"peer_motive": lambda n, w, t, k, x, w_n, w_w, w_t, w_k, w_x: w_w * w + w_t * t + w_k * k + w_x * x}
    ),
    "local_crowds": Removal(
        {"peer_motive": lambda n, w, t, k, x, w_n, w_w, w_t, w_k, w_x: w_n * n + w_w * w + w_t * t + w_k * k}
    ),
    "colleagues": Removal(
        {
            "peer_motive": lambda n, w, t, k, x, w_n, w_w, w_t, w_k, w_x: w_n * n + w_t * t + w_k * k + w_x * x,
            "strike_margin": _strike_without_colleagues,
        }
    ),
    "weak_ties": Removal(
        {"peer_motive": lambda n, w, t, k, x, w_n, w_w, w_t, w_k, w_x: w_n * n + w_w * w + w_k * k + w_x * x}
    ),
    "backlash": Removal({"anger": _anger_without_violence}, {"people.emotion.release_anger": 0.0}),
    "regime_voters": Removal(
        {"legitimacy": lambda now, former, v, peaceful, tv, loss, back: now + back * tv * (former - now)}
    ),
    "vigils": Removal(
        {
            "peer_motive": lambda n, w, t, k, x, w_n, w_w, w_t, w_k, w_x: w_n * n + w_w * w + w_t * t + w_x * x,
            "violence_felt": lambda heard, near, kin, w_near, w_kin: min(1.0, heard + w_near * near),
        },
        {"movement.tactics.vigil.vigil": False},
    ),
    "triggers": Removal({"shock": lambda trigger, epidemic, conscription, w_t, w_e, w_c: w_c * conscription}),
    "prison_threat": Removal({"risk_seen": lambda risk, v, threat, w_r, w_v, w_p: min(1.0, w_r * risk + w_v * v)}),
    "shelter": Removal({"sheltered": _unchanged}),
    "mutual_aid": Removal({"aid": _aid_without_communities}),
    "cooptation": Removal({"voice": _unchanged}),
    "leadership": Removal(
        {"coordination": _constant(1.0), "hub_reach": lambda r, top, g, a, *rest: r + g * a * max(top - r, 0.0)}
    ),
    "pause": Removal(changes={"events.rest.effects": {"pause": 0.0}}),
    "community_trust": Removal({"membership": _constant(1.0)}),
    "diffusion": Removal({"attraction": _attraction_without_examples}),
    "arrears": Removal({"strike_margin": _strike_without_arrears, "loyalty": _loyalty_without_arrears}),
    "savings": Removal(
        {"savings": lambda s, out, pay, rate, sent, most, e: min(s + (1 - out) * rate + sent, max(most, s))}
    ),
    "remittances": Removal({"savings": _savings_without_remittances}),
    "contraction": Removal({"contraction": _constant(0.0)}),
    "services": Removal({"burden": _constant(1.0)}),
    "media_trust": Removal({"trusted": _constant(1.0)}),
    "loyal_base": Removal(
        {"broadcasting": lambda s, cyber, silent: s * (1 - cyber), "disloyalty": _disloyalty_without_base}
    ),
    "provocateurs": Removal({"violent_share": lambda a, anger, p, w, cap: min(1.0, w * (anger / cap))}),
    "dispersion": Removal({"within_reach": _unchanged}),
    "cyber": Removal({"damage": _constant(0.0)}),
    "symbols": Removal({"disloyalty": _constant(0.0)}),
    "coverage": Removal({"streets": _unchanged}),
    "defiance": Removal({"concession": lambda k, ordered, lost, speed, d: max(ordered, k + speed * lost * (1 - k))}),
    "international": Removal({"sanctions": _unchanged, "backing": _unchanged}),
    "findings": Removal(
        {"outrage": lambda v, p, x, f, frame, w_v, w_x, w_f: min(1.0, frame * (w_v * v * p + w_x * x))}
    ),
    "war": Removal(
        {
            "shock": lambda trigger, epidemic, conscription, w_t, w_e, w_c: w_t * trigger + w_e * epidemic,
            "rallied": _unchanged,
            "leaving_chance": _constant(0.0),
            "bound": lambda away, volunteers, bind: min(1.0, bind * volunteers),
        }
    ),
    "volunteers": Removal({"joining_chance": _constant(0.0)}),
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
    "defection": Removal({"defection_chance": _constant(0.0), "gives_way": _constant(False)}),
    "elite_split": Removal({"preference": _unchanged}),
    "patron": Removal({"rescue": _constant(0.0)}, _without_patron()),
    "restraint": Removal({"wanted_aggression": _unrestrained}),
}

INNER: dict[str, tuple[str, ...]] = {"defection": ("officers.loyalty",), "vigils": ("days.vigils",)}
"""What a mechanism keeps for itself, or is only called: nothing else reads it, so a difference there is no effect."""


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
