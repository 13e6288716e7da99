"""Every rule by numbers worked by hand: the arithmetic stands beside the expected number.

A case is (arguments, expected). The compiled function and its plain Python twin must give the same number,
bit for bit, and that number must be the expected one to 1e-12.
"""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from typing import Any

import pytest

import sim.rules

Case = tuple[tuple[Any, ...], Any]

ANGER: list[Case] = [
    # (0.2 * 0.5 + 1.0 * 0.3) = 0.4; * (1 - 0.4) = 0.24; * (1 - 0.5 / 2) = 0.18; 0.5 + 0.18 - 0.1 * 0.5 = 0.63
    ((0.5, 0.5, 0.4, 0.3, 0.2, 1.0, 0.1, 2.0), 0.63),
    ((0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.1, 2.0), 0.45),  # those who find it right only calm down
    ((2.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 2.0), 2.0),  # at the cap nothing is added
    ((0.0, 1.0, 0.0, 5.0, 1.0, 5.0, 0.0, 2.0), 2.0),  # 0 + 26 is cut to the cap
    ((0.0, 0.0, 0.5, 0.0, 0.3, 1.0, 0.1, 2.0), 0.0),
    ((0.5, 1.0, 0.0, 1.0, 1.0, 1.0, 0.1, 0.0), 0.0),  # a cap of zero: no anger at all
]
LEGITIMACY: list[Case] = [
    # 0.6 * (1 - 0.1 * 0.5 * 0.8) = 0.6 * 0.96 = 0.576; + 0.1 * (0.8 - 0.576) = 0.576 + 0.0224
    ((0.6, 0.8, 0.5, 0.8, 1.0, 0.1, 0.1), 0.5984),
    ((0.6, 0.8, 0.5, 0.8, 0.0, 0.1, 0.1), 0.576),  # nobody rebuilds it without state television
    ((0.6, 0.6, 1.0, 0.0, 1.0, 0.5, 0.5), 0.6),  # victims who were violent cost nothing
    ((0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0), 0.0),
    ((1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0), 0.0),  # all of it at once
]
RISK_SEEN: list[Case] = [
    ((0.1, 0.5, 2.0, 0.6), 0.5),  # 0.2 + 0.3
    ((0.5, 1.0, 3.0, 1.0), 1.0),  # 1.5 + 1.0 is cut
    ((0.0, 0.0, 50.0, 2.0), 0.0),
]
FEAR: list[Case] = [
    # relief 0.1 * (1 + 1 * 0.5 + 2 * 0.25 + 3 * 0.5) = 0.35; 0.4 + 0.2 * 0.5 * (2 - 0.4) - 0.35 * 0.4
    ((0.4, 0.5, 0.5, 0.25, 0.5, 0.2, 0.1, 1.0, 2.0, 3.0, 2.0), 0.42),  # 0.4 + 0.16 - 0.14
    # relief 0.5 * (1 + 20) is cut to 1, so that all fear goes: 0.4 + 0.16 - 0.4
    ((0.4, 0.5, 0.0, 1.0, 0.0, 0.2, 0.5, 0.0, 20.0, 0.0, 2.0), 0.16),
    ((2.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0), 2.0),
    ((0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0), 2.0),  # all the way to the cap
    ((0.5, 1.0, 0.0, 0.0, 0.0, 1.0, 0.1, 0.0, 0.0, 0.0, 0.0), 0.0),  # a cap of zero
]
FATIGUE: list[Case] = [
    ((0.5, 1.0, 0.0, 0.2, 0.5, 0.1), 0.7),
    ((0.5, 1.0, 1.0, 0.2, 0.5, 0.1), 0.6),  # 0.5 + 0.2 * (1 - 0.5)
    ((0.5, 0.0, 1.0, 0.2, 0.5, 0.1), 0.45),  # rest: 0.9 * 0.5
    ((0.5, 0.0, 0.0, 0.2, 0.5, 1.0), 0.0),
]
COMMITMENT: list[Case] = [
    # kept 0.9 * 0.5 = 0.45; + 0.1 * (1 - 0.45) = 0.055
    ((0.5, 1.0, 0.0, 0.1, 0.02, 0.1, 1.0), 0.505),
    ((0.5, 0.0, 1.0, 0.1, 0.02, 0.1, 1.0), 0.461),  # 0.45 + 0.02 * 0.55
    ((0.5, 0.0, 0.0, 0.1, 0.02, 0.1, 1.0), 0.45),
    ((1.0, 1.0, 1.0, 0.5, 0.5, 0.0, 1.0), 1.0),  # full already
    ((0.5, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0), 0.0),  # a cap of zero
]
GRIEVANCE: list[Case] = [
    ((0.5, 0.4, 0.5), 0.15),  # 0.5 * 0.6 * 0.5
    ((1.0, 0.0, 0.0), 1.0),
    ((1.0, 1.0, 0.0), 0.0),
    ((1.0, 0.0, 1.0), 0.0),
]
NEWS_MOTIVE: list[Case] = [
    ((0.5, 0.2, 0.8, 1.0, 2.0, 0.5), 1.1),  # 0.5 + 0.4 + 0.5 * 0.8 * 0.5 = 0.5 + 0.4 + 0.2
    ((0.0, 0.0, 1.0, 1.0, 1.0, 1.0), 0.0),  # breadth without turnout moves nobody
]
PEER_MOTIVE: list[Case] = [((0.1, 0.2, 0.3, 1.0, 2.0, 3.0), 1.4), ((0.0, 0.0, 0.0, 1.0, 2.0, 3.0), 0.0)]
PROTEST_MARGIN: list[Case] = [
    ((3.0, 0.5, 2.0, 0.5, 0.4), 0.6),  # 3 - 0.5 * (1 - 0.2) - 2
    ((3.0, 0.5, 2.0, 1.0, 1.0), 1.0),  # full aid takes all fear away
]
ENGAGED_MARGIN: list[Case] = [
    ((3.0, 0.5, 2.0, 0.6, 0.2), 1.5),  # 3 - 0.1 + 0.6 - 2
    ((3.0, 9.0, 2.0, 0.0, 0.0), 1.0),
]
IMPULSE: list[Case] = [
    ((0.5, 0.3), 0.0),
    ((0.75, 2.0), 2.0 * math.log(3.0)),
    ((0.25, 2.0), -2.0 * math.log(3.0)),
    ((0.0, 1.0), -math.log(2.0**33 - 1.0)),  # a draw of 0 is moved inside
    ((1.0 - 2.0**-32, 1.0), math.log(2.0**32 - 1.0)),  # the largest draw there is
]
IMPULSE_REACH: list[Case] = [((0.1,), 0.1 * 33 * math.log(2.0)), ((0.0,), 0.0)]
AVAILABILITY: list[Case] = [
    ((0.2, 0.8, 0.5, 1.2, 0.25), 0.45),  # (0.2 + 0.5 * 0.6) * 1.2 * 0.75
    ((0.9, 0.5, 1.0, 1.0, 0.0), 0.9),  # a call makes nobody stay away
    ((0.9, 0.9, 0.0, 5.0, 0.0), 1.0),
    ((0.9, 0.9, 0.0, 5.0, 1.0), 0.0),  # all called off
]
LOG_SCALE: list[Case] = [
    ((0.01, 0.001, 0.1), 0.5),  # ln 10 / ln 100
    ((0.001, 0.001, 0.1), 0.0),
    ((0.1, 0.001, 0.1), 1.0),
    ((0.0, 0.001, 0.1), 0.0),
    ((5.0, 0.001, 0.1), 1.0),
]
REMEMBERED: list[Case] = [((0.1, 0.5, 0.8), 0.4), ((0.45, 0.5, 0.8), 0.45), ((0.0, 0.5, 0.0), 0.0)]
HEARING: list[Case] = [
    ((0.5, 1.0, 1.0, 1.0, 0.7, 0.4, 0.6), 0.7),  # a follower: 0.5 * 1 + 0.5 * 0.4, television or not
    ((0.5, 0.0, 1.0, 1.0, 0.7, 0.4, 0.6), 0.22),  # (0.35 + 0.2) * (1 - 0.6)
    ((0.5, 0.0, 0.0, 1.0, 0.7, 0.4, 0.6), 0.55),
    ((0.0, 1.0, 0.0, 1.0, 0.7, 0.4, 0.6), 0.4),  # offline, a follower has the word of mouth
]
VIOLENCE_FELT: list[Case] = [
    ((0.1, 0.05, 1.0, 4.0, 0.5), 0.8),  # 0.1 + 0.2 + 0.5
    ((0.5, 0.5, 1.0, 4.0, 0.5), 1.0),
    ((0.0, 0.0, 0.0, 4.0, 0.5), 0.0),
]
STRIKE_MARGIN: list[Case] = [
    # for it 1 * 0.5 + 2 * 0.25 + 3 * 0.2 = 1.6; + 0.5 * 1 + 0.4 * 0.5 - 1 * 0.3 - 0.2 - 1.5 = 0.3
    ((0.5, 0.25, 0.2, 1.0, 0.5, 0.3, 1.5, 1.0, 2.0, 3.0, 0.5, 0.4, 1.0, 0.2), 0.3),
    ((0.0,) * 6 + (2.0,) + (1.0,) * 6 + (0.5,), -2.5),
]
WALKS_OUT: list[Case] = [
    ((0.2, 0.2, 0), True),
    ((0.199, 0.2, 0), False),
    ((0.9, 0.2, 1), False),  # barred
]
COMMITTEE_CHANCE: list[Case] = [((0.5, 0.2), 0.1), ((0.0, 1.0), 0.0)]
SAVINGS: list[Case] = [
    ((10.0, 0.0, 0.3, 0.05, 0.0, 30.0), 10.05),
    ((10.0, 1.0, 0.3, 0.05, 0.0, 30.0), 9.3),  # a day without pay costs 1 - 0.3
    ((10.0, 1.0, 0.3, 0.05, 0.2, 30.0), 9.5),
    ((0.5, 1.0, 0.0, 0.05, 0.0, 30.0), 0.0),
    ((29.99, 0.0, 0.0, 0.05, 0.0, 30.0), 30.0),
    ((40.0, 0.0, 0.0, 0.05, 0.0, 30.0), 40.0),  # those who began with more keep it
]
DETENTION_CHANCE: list[Case] = [
    # contact * police * effectiveness / crowd = 2 * 50 * 0.5 / 100 = 0.5; 0.8 * (1 - e^-0.5) * 0.9
    ((0.8, 2.0, 50.0, 0.5, 100.0, 0.9), 0.72 * (1.0 - math.exp(-0.5))),
    ((1.0, 2.0, 50.0, 0.5, 0.0, 1.0), 0.0),  # nobody there
    ((0.0, 2.0, 50.0, 0.5, 100.0, 1.0), 0.0),
    ((1.0, 2.0, 0.0, 0.5, 100.0, 1.0), 0.0),
    ((1.0, 2.0, 50.0, 0.5, 100.0, 0.0), 0.0),  # prisons are full
    ((1.0, 10.0, 1e9, 5.0, 1.0, 1.0), 1.0),
]
VIOLENT_SHARE: list[Case] = [
    ((0.5, 1.0, 0.2, 0.3, 2.0), 0.25),  # 0.1 + 0.3 * 0.5
    ((1.0, 2.0, 1.0, 1.0, 2.0), 1.0),
    ((0.5, 1.0, 0.2, 0.3, 0.0), 0.1),  # no anger where there can be none
]
EXPECTED_CASUALTIES: list[Case] = [((200.0, 0.5, 0.1), 10.0), ((0.0, 1.0, 1.0), 0.0)]
POISSON: list[Case] = [
    ((0.9, 1.0, 0.0), 0),
    # P(0) = e^-1 = 0.3679, P(<=1) = 0.7358, P(<=2) = 0.9197
    ((0.36, 0.0, 1.0), 0),
    ((0.37, 0.0, 1.0), 1),
    ((0.73, 0.0, 1.0), 1),
    ((0.74, 0.0, 1.0), 2),
    ((0.92, 0.0, 1.0), 3),
    ((0.0, 0.0, 50.0), 0),  # still by inversion
    ((0.5, 1.0, 100.0), 110),  # floor(100 + 10 * 1 + 0.5)
    ((0.5, -11.0, 100.0), 0),  # never below none
]
HELD_DAYS: list[Case] = [
    ((0.0, 6.0), 1),
    ((0.5, 6.5), 5),  # 1 + floor(6 * ln 2 = 4.159)
    ((0.9, 6.5), 14),  # 1 + floor(6 * ln 10 = 13.816)
    ((0.99, 0.5), 1),  # never less than a day
]
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
CONFRONTATION: list[Case] = [
    ((100.0, 200.0), 1.0 - math.exp(-0.5)),
    ((100.0, 0.0), 0.0),
    ((0.0, 100.0), 0.0),
]
LOYALTY: list[Case] = [
    # doubt 0.2 * 0.5 * 0.8 * 0.75 = 0.06, + 0.5 * (1 - 0) * 0.1 = 0.05, + 0.1 * 0.2 = 0.02, + 0.3 * 0.5 = 0.15: 0.28
    # cohesion 0.4 * 0.5 * 0.25 = 0.05, + 0.1 * 0.3 = 0.03: 0.08; 1 + 0.05 * (2 - 1) - 0.28 + 0.08 + 0.01
    ((1.0, 2.0, 0.5, 0.8, 0.75, 0.1, 0.0, 0.2, 0.5, 0.3, 0.01, 0.05, 0.2, 0.5, 0.1, 0.3, 0.4, 0.1), 0.86),
    # an outsider has no kin in the crowd: 0.05 more
    ((1.0, 2.0, 0.5, 0.8, 0.75, 0.1, 1.0, 0.2, 0.5, 0.3, 0.01, 0.05, 0.2, 0.5, 0.1, 0.3, 0.4, 0.1), 0.91),
    ((2.0, 2.0) + (0.0,) * 16, 2.0),
]
GUILT: list[Case] = [((0.5, 0.8, 0.25), 0.6), ((1.0, 1.0, 1.0), 1.0), ((0.0, 1.0, 0.0), 0.0)]
DUTY_FATIGUE: list[Case] = [
    ((0.5, 0.8, 0.1, 0.2), 0.44),  # 0.5 + 0.04 - 0.1
    ((0.0, 0.0, 0.1, 0.2), 0.0),
    ((1.0, 1.0, 1.0, 0.0), 1.0),
]
DEFECTION_CHANCE: list[Case] = [
    ((-0.5, 0.5, 1.0, 0.4, 0.2), 0.12),  # 0.2 * (0.5 - 0.4 + 0.5)
    ((0.5, 0.5, 0.0, 0.4, 1.0), 0.0),
    ((-9.0, 0.0, 0.0, 0.4, 1.0), 1.0),
    ((0.2, 0.5, 2.0, 0.4, 1.0), 0.0),  # commanders go later
]
SHIRKS: list[Case] = [
    ((0.49, 0.5, 0.0, 0.3), True),
    ((0.5, 0.5, 0.0, 0.3), False),
    ((0.3, 0.5, 1.0, 0.3), False),  # the cut of the next rank is 0.2
]
REVENUE: list[Case] = [
    # 1 * 0.8 * (1 - 0.2 * 0.5) * (1 - 0.3 * 0.5) * (1 - 0.1 * 1) = 0.8 * 0.9 * 0.85 * 0.9
    ((1.0, 0.2, 0.5, 0.5, 1.0, 0.2, 0.3, 0.1), 0.5508),
    ((1.0, 1.0, 0.0, 0.0, 0.0, 0.2, 0.3, 0.1), 0.0),
    ((0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.3, 0.1), 0.0),
]
TREASURY: list[Case] = [
    ((10.0, 0.8, 0.5, 0.5, 0.2), (10.2, 0.0)),  # 10 + 0.8 + 0.5 - 1 - 0.1
    ((0.0, 0.7, 0.0, 0.5, 0.2), (0.0, 0.4)),  # 0.7 - 1.1
    ((0.0, 0.0, 0.0, 1.0, 5.0), (0.0, 1.0)),  # no more than the whole pay
    ((0.0, 1.0, 0.0, 0.0, 5.0), (0.0, 0.0)),
]
RESCUE: list[Case] = [
    ((0.8, 10.0, 90.0, 0.5, 1.0), 0.4),
    ((0.8, 45.0, 90.0, 0.5, 1.0), 0.0),  # half is left
    ((0.8, 0.0, 0.0, 0.5, 1.0), 0.0),  # a state without reserves has no half of them to lose
    ((0.8, 10.0, 90.0, 0.5, 0.0), 0.0),
]
INTEREST: list[Case] = [
    # losses 4 * 0.1 + 1 * 0.5 + 2 * 0.2 + 0.5 * 0.4 + 1 * 0.5 = 2.0; 1.5 - 2.0 + 0.4 * 0.5
    ((1.5, 0.1, 0.5, 0.2, 0.4, 0.5, 0.5, 4.0, 1.0, 2.0, 0.5, 1.0, 0.4), -0.3),
    ((1.5,) + (0.0,) * 6 + (4.0, 1.0, 2.0, 0.5, 1.0, 0.4), 1.5),
]
PREFERENCE: list[Case] = [((1.0, -1.0, 0.1), 0.8), ((1.0, -1.0, 0.0), 1.0), ((1.0, -1.0, 1.0), -1.0)]
SPEAKS: list[Case] = [
    ((-0.5, 0.3, 0.4, 0.4, 1.0), True),  # 0.3 + 0.5 >= 0.4 + 0.4
    ((-0.4, 0.3, 0.4, 0.4, 1.0), False),
    ((-0.4, 0.3, 0.4, 0.4, 0.5), True),  # 0.7 >= 0.6: half of the force is gone
    ((0.0, 1.0, 0.0, 0.0, 0.0), False),  # who prefers the regime never speaks against it
]
THREAT: list[Case] = [((0.3, 0.5), 0.5), ((0.6, 0.5), 0.6), ((0.0, 0.0), 0.0)]
WANTED_AGGRESSION: list[Case] = [
    # 0.1 + 0.8 * 0.5 * e^-(100 * 0.02 / 2) / (1 + 1 * 0.5 * 0.4 + 2 * 0.15) = 0.1 + 0.4 * e^-1 / 1.5
    ((0.5, 0.02, 2.0, 0.5, 0.4, 0.15, 0.1, 0.8, 1.0, 2.0, 1.0), 0.1 + 0.4 * math.exp(-1.0) / 1.5),
    ((0.5, 0.02, 2.0, 0.5, 0.4, 0.15, 0.1, 0.8, 1.0, 2.0, 0.0), 0.5),  # without restraint 0.1 + 0.8 * 0.5
    ((1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.5, 2.0, 1.0, 2.0, 1.0), 1.0),
    ((1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.5, 2.0, 1.0, 2.0, 0.0), 1.0),
    ((0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.1, 0.8, 1.0, 2.0, 1.0), 0.1),
]
APPROACH: list[Case] = [((0.2, 0.6, 0.25), 0.3), ((0.2, 0.6, 0.0), 0.2), ((0.2, 0.6, 1.0), 0.6)]
SHUTDOWN_POLICY: list[Case] = [
    ((0.6, 0.5, 0.6, 0.8), 0.24),  # 0.8 * 0.6 * 0.5
    ((0.59, 1.0, 0.6, 0.8), 0.0),
    ((1.0, 0.0, 0.6, 0.8), 0.0),  # nothing is expected tomorrow
]
LOST_PILLARS: list[Case] = [((0.7, 0.4, 0.3), 0.4), ((1.0, 1.0, 0.0), 0.0), ((0.0, 0.0, 1.0), 1.0)]
CONCESSION: list[Case] = [
    ((0.5, 0.0, 0.4, 0.1), 0.52),  # 0.5 + 0.1 * 0.4 * 0.5
    ((0.5, 0.6, 0.4, 0.1), 0.6),
    ((1.0, 0.0, 1.0, 1.0), 1.0),
]
ENTROPY_TERM: list[Case] = [
    ((0.5, 1.0), 0.5 * math.log(2.0)),
    ((0.0, 1.0), 0.0),
    ((0.0, 0.0), 0.0),
    ((1.0, 1.0), 0.0),
]
BREADTH: list[Case] = [((math.log(2.0), 4), 0.5), ((0.0, 4), 0.0), ((0.0, 1), 0.0), ((math.log(3.0), 3), 1.0)]
EFFECTIVE_GROUPS: list[Case] = [((math.log(3.0),), 3.0), ((0.0,), 1.0)]
FORMING_CHANCE: list[Case] = [
    ((0.03, 0.8, 0.06, 0.1), 0.04),  # 0.1 * 0.5 * 0.8
    ((0.5, 0.8, 0.06, 0.1), 0.08),
    ((0.0, 0.8, 0.06, 0.1), 0.0),
    ((0.0, 0.8, 0.0, 0.1), 0.08),  # ready without anybody acting
    ((0.5, 0.0, 0.06, 0.1), 0.0),  # nobody can talk
]
CLOSED_CHANCE: list[Case] = [((0.5, 0.8), 0.4), ((0.0, 0.8), 0.0)]
ENDING_CHANCE: list[Case] = [
    ((1.0, 1.0, 0.5, 0.2, 0.1), 0.1),
    ((1.0, 0.0, 0.5, 0.2, 0.1), 0.2),
    ((0.0, 1.0, 0.5, 0.2, 0.1), 0.0),  # closed and active: safe
    ((0.0, 0.0, 0.5, 0.2, 0.1), 0.1),
]
CAPACITY: list[Case] = [((0.8, 0.3, 1.0), 0.2), ((0.2, 0.5, 1.0), 0.5), ((1.0, 1.0, 0.0), 1.0)]
ADOPTION: list[Case] = [((0.2, 0.5, 0.25), 0.3), ((0.2, 0.0, 0.25), 0.2), ((1.0, 1.0, 2.0), 1.0)]
ONLINE: list[Case] = [
    ((0.2, 1.0, 0.0), 0.2),
    ((0.2, 1.0, 1.0), 1.0),
    ((0.2, 0.0, 1.0), 0.0),
    ((1.0, 1.0, 0.0), 1.0),
]
HUB_REACH: list[Case] = [
    # 0.1 + 0.5 * 0.4 * 0.3 = 0.16; * (1 - 0.5 * 0.4 * 1) = 0.128
    ((0.1, 0.4, 0.5, 0.4, 0.5, 0.4, 1.0), 0.128),
    ((0.1, 0.4, 0.5, 0.4, 0.5, 0.4, 0.0), 0.16),
    ((0.5, 0.4, 0.5, 1.0, 0.0, 0.0, 0.0), 0.5),  # above its top it does not grow
    ((0.5, 0.4, 0.5, 1.0, 1.0, 1.0, 1.0), 0.0),
]
COORDINATION: list[Case] = [
    # 0.8 * (1 - 0.5 * 0.5) = 0.6; 0.6 + 0.1 * 0.4
    ((0.8, 0.5, 0.5, 0.1), 0.64),
    ((1.0, 0.0, 1.0, 0.5), 1.0),
    ((1.0, 1.0, 1.0, 0.0), 0.0),
    ((1.0, 1.0, 0.0, 0.0), 1.0),  # there is nobody whose arrest matters
]
CALL_STRENGTH: list[Case] = [((0.5, 0.8, 0.2, 5.0), 0.4), ((1.0, 1.0, 1.0, 20.0), 1.0), ((1.0, 1.0, 0.0, 20.0), 0.0)]
PULL: list[Case] = [
    ((0.5, 1.0, 0.5, 2.0, 100.0, 100.0), math.exp(2.0)),  # 2 * (0.5 + 0.5)
    ((0.5, 1.0, 0.5, 2.0, 99.0, 100.0), 0.0),
    ((3.0, 1.0, 1.0, 0.0, 1.0, 1.0), 1.0),  # without sharpness all tactics are alike
]
ATTRACTION: list[Case] = [
    # 0.5 + 0.2 * 0.5 * (1 - 0.5) + 0.1 * (1.5 - 0.5) + 0.3 * 0.5 = 0.5 + 0.05 + 0.1 + 0.15
    ((0.5, 0.5, 1.0, 1.5, 0.5, 0.2, 0.1, 0.3), 0.8),
    ((0.5, 0.0, 9.0, 0.5, 0.0, 0.2, 0.1, 0.3), 0.5),  # an unused tactic teaches nothing
]
SUCCESS: list[Case] = [((0.5, 0.3, 0.8, 0.1, 5.0), 0.2), ((1.0, 0.0, 0.0, 0.0, 5.0), 0.0)]  # 0.4 + 0.3 - 0.5
FAMILIARITY: list[Case] = [
    ((0.5, 0.4, 0.1, 0.05), 0.505),  # 0.5 + 0.1 * 0.4 * 0.5 - 0.05 * 0.6 * 0.5 = 0.5 + 0.02 - 0.015
    ((1.0, 1.0, 1.0, 1.0), 1.0),
    ((0.5, 0.0, 1.0, 0.0), 0.5),
    ((0.0, 0.0, 1.0, 1.0), 0.0),
]
EFFECTIVENESS: list[Case] = [
    ((1.2, 0.5, 0.3, 1.0), 0.39),  # 1.2 * (0.3 + 0.7 * 0.5) / 2
    ((1.2, 0.0, 0.0, 0.0), 0.0),  # never seen
    ((1.2, 1.0, 0.3, 0.0), 1.2),
]

CASES: dict[str, list[Case]] = {
    "aid.aid": AID, "aid.fund": FUND, "anger.anger": ANGER, "coalition.entropy_term": ENTROPY_TERM,
    "coalition.breadth": BREADTH, "coalition.effective_groups": EFFECTIVE_GROUPS,
    "communities.forming_chance": FORMING_CHANCE, "communities.closed_chance": CLOSED_CHANCE,
    "communities.ending_chance": ENDING_CHANCE, "connection.capacity": CAPACITY, "connection.adoption": ADOPTION,
    "connection.online": ONLINE, "connection.hub_reach": HUB_REACH, "economy.revenue": REVENUE,
    "economy.treasury": TREASURY, "economy.rescue": RESCUE, "elites.interest": INTEREST,
    "elites.preference": PREFERENCE, "elites.speaks": SPEAKS, "fear.risk_seen": RISK_SEEN, "fear.fear": FEAR,
    "habit.fatigue": FATIGUE, "habit.commitment": COMMITMENT, "leadership.coordination": COORDINATION,
    "leadership.call_strength": CALL_STRENGTH, "legitimacy.legitimacy": LEGITIMACY,
    "loyalty.confrontation": CONFRONTATION, "loyalty.loyalty": LOYALTY, "loyalty.guilt": GUILT,
    "loyalty.duty_fatigue": DUTY_FATIGUE, "loyalty.defection_chance": DEFECTION_CHANCE, "loyalty.shirks": SHIRKS,
    "participation.grievance": GRIEVANCE, "participation.news_motive": NEWS_MOTIVE,
    "participation.peer_motive": PEER_MOTIVE, "participation.protest_margin": PROTEST_MARGIN,
    "participation.engaged_margin": ENGAGED_MARGIN, "participation.impulse": IMPULSE,
    "participation.impulse_reach": IMPULSE_REACH, "participation.availability": AVAILABILITY,
    "perception.log_scale": LOG_SCALE, "perception.remembered": REMEMBERED, "perception.hearing": HEARING,
    "perception.violence_felt": VIOLENCE_FELT, "regime.threat": THREAT, "regime.wanted_aggression": WANTED_AGGRESSION,
    "regime.approach": APPROACH, "regime.shutdown_policy": SHUTDOWN_POLICY, "regime.lost_pillars": LOST_PILLARS,
    "regime.concession": CONCESSION, "repression.detention_chance": DETENTION_CHANCE,
    "repression.violent_share": VIOLENT_SHARE, "repression.expected_casualties": EXPECTED_CASUALTIES,
    "repression.poisson": POISSON, "repression.held_days": HELD_DAYS, "strike.strike_margin": STRIKE_MARGIN,
    "strike.walks_out": WALKS_OUT, "strike.committee_chance": COMMITTEE_CHANCE, "strike.savings": SAVINGS,
    "tactics.pull": PULL, "tactics.attraction": ATTRACTION, "tactics.success": SUCCESS,
    "tactics.familiarity": FAMILIARITY, "tactics.effectiveness": EFFECTIVENESS,
}  # fmt: skip


def _rules() -> dict[str, Any]:
    """Every compiled function of every file of sim.rules."""
    found = {}
    for room in pkgutil.walk_packages(sim.rules.__path__, "sim.rules."):
        module = importlib.import_module(room.name)
        for name, value in vars(module).items():
            if hasattr(value, "py_func") and value.py_func.__module__ == room.name:
                found[f"{room.name.removeprefix('sim.rules.')}.{name}"] = value
    return found


RULES = _rules()


def test_every_rule_is_worked_by_hand_and_no_other():
    assert set(CASES) == set(RULES)


def test_every_rule_has_a_case_where_it_is_not_at_rest():
    """At least two cases with different results, or the test could not notice a rule that is a constant."""
    assert [name for name, cases in CASES.items() if len({expected for _, expected in cases}) < 2] == []


def test_every_argument_of_every_rule_matters_in_some_case():
    """Moving an argument of some case changes the result; otherwise its place in the equation is untested."""
    deaf = []
    for name, rule in RULES.items():
        cases = CASES.get(name, [])
        for place, argument in enumerate(inspect.signature(rule.py_func).parameters):
            if not any(_hears(rule.py_func, arguments, place) for arguments, _ in cases):
                deaf.append(f"{name}({argument})")
    assert deaf == []


def _hears(rule: Any, arguments: tuple[Any, ...], place: int) -> bool:
    before = rule(*arguments)
    for move in (-1, 1) if isinstance(arguments[place], int) else (0.125, -0.125):
        moved = (*arguments[:place], arguments[place] + move, *arguments[place + 1 :])
        try:
            if rule(*moved) != before:
                return True
        except (ValueError, ZeroDivisionError):
            continue  # moved out of what the rule is defined for, which says nothing
    return False


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [(name, arguments, expected) for name, cases in CASES.items() for arguments, expected in cases],
)
def test_rule(name: str, arguments: tuple[Any, ...], expected: Any):
    compiled = RULES[name](*arguments)
    assert compiled == RULES[name].py_func(*arguments)
    assert compiled == pytest.approx(expected, rel=1e-12, abs=1e-12)
    if isinstance(expected, bool | int):
        assert compiled == expected


def test_impulse_never_exceeds_its_reach():
    impulse, reach = RULES["participation.impulse"], RULES["participation.impulse_reach"](0.7)
    assert all(abs(impulse(draw, 0.7)) < reach for draw in (0.0, 2.0**-32, 0.5, 1.0 - 2.0**-32))


@pytest.mark.parametrize("mean", [3.0, 6.0, 20.0, 900.0])
def test_days_in_detention_have_the_mean_that_is_asked_for(mean: float):
    """Over a fine grid of draws, so that there is no chance in it; the equation's own error is under 2 %."""
    held = RULES["repression.held_days"]
    grid = 20_000
    days = [held((number + 0.5) / grid, mean) for number in range(grid)]
    assert sum(days) / grid == pytest.approx(mean, rel=0.02)


@pytest.mark.parametrize("mean", [0.3, 4.0, 30.0])
def test_casualties_have_the_mean_and_spread_of_poisson(mean: float):
    """Over a fine grid of draws: exact but for the grid."""
    poisson = RULES["repression.poisson"]
    grid = 20_000
    numbers = [poisson((number + 0.5) / grid, 0.0, mean) for number in range(grid)]
    found = sum(numbers) / grid
    assert found == pytest.approx(mean, rel=0.002)
    assert sum((number - found) ** 2 for number in numbers) / grid == pytest.approx(mean, rel=0.01)


def test_safety_in_numbers():
    """With the same police, more people come out and a smaller share, but a larger number, is detained."""
    chance = RULES["repression.detention_chance"]
    crowds = (50.0, 200.0, 1000.0, 10_000.0)
    chances = [chance(0.8, 1.0, 100.0, 1.0, crowd, 1.0) for crowd in crowds]
    assert chances == sorted(chances, reverse=True)
    detained = [share * crowd for share, crowd in zip(chances, crowds, strict=True)]
    assert detained == sorted(detained)
    assert detained[-1] / detained[0] < crowds[-1] / crowds[0]
