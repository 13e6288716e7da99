"""What is known of the mechanism ``aid``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

import math

from facts import RISK, TURNOUT, Case, Removal, Sign, constant, mean, unchanged

from sim.models.mobilisation.mechanisms.aid import aid, fund

AID: list[Case] = [
    ((100.0, 0.5, 0.5, 1.0, 25.0), 0.75),  # supply 0.5 * 100 * 1.5 = 75; 75 / 100
    ((0.0, 0.5, 0.5, 1.0, 25.0), 0.0),
    ((0.0, 0.5, 0.5, 1.0, 0.0), 0.0),  # neither givers nor need
    ((10.0, 0.5, 0.0, 1.0, 0.0), 1.0),
]
FUND: list[Case] = [
    ((10.0, 5.0, 100.0, 0.5), (0.0, 0.15)),  # 15 for 100 strikers
    ((10.0, 5.0, 20.0, 0.5), (5.0, 0.5)),  # enough: 15 - 0.5 * 20
    ((10.0, 5.0, 0.0, 0.5), (15.0, 0.5)),  # nobody strikes
    ((0.0, 0.0, 10.0, 0.5), (0.0, 0.0)),
]
SHELTERED: list[Case] = [((0.5, 0.5, 0.4), 0.4), ((0.5, 0.0, 1.0), 0.5), ((0.5, 1.0, 1.0), 0.0)]
NEED: list[Case] = [
    ((100.0, 20.0, 30.0, 0.5), 125.0),  # 100 + 0.5 * (20 + 30)
    ((0.0, 0.0, 0.0, 2.0), 0.0),
]

CASES: dict[str, list[Case]] = {"aid": AID, "fund": FUND, "sheltered": SHELTERED, "need": NEED}


def _aid_without_communities(engaged: float, effort: float, communities: float, lift: float, need: float) -> float:
    return aid(engaged, effort, 0.0, lift, need)


def _fund_without_donations(before: float, donations: float, strikers: float, pay_share: float) -> tuple[float, float]:
    return fund(before, 0.0, strikers, pay_share)


REMOVALS = {
    "shelter": Removal(rules={"aid.sheltered": unchanged}),
    "mutual_aid": Removal(rules={"aid.aid": _aid_without_communities}),
    "engaged": Removal(
        rules={
            "participation.engaged_margin": constant(-math.inf),
            "aid.aid": constant(0.0),
            "aid.fund": _fund_without_donations,
        }
    ),
}

SIGNS = [
    Sign("engaged", "falls", TURNOUT),
    Sign("shelter", "rises", RISK, {"movement.aid.shelter": 0.9}),
    Sign("mutual_aid", "rises", mean("fear")),
]
