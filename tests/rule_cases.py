"""Cases of every rule, worked by hand: (arguments, expected). The arithmetic stands beside the number."""

from __future__ import annotations

import math
from typing import Any

Case = tuple[tuple[Any, ...], Any]

ANGER: list[Case] = [
    # (0.2 * 0.5 + 0.3) = 0.4; * (1 - 0.4) = 0.24; * (1 - 0.5 / 2) = 0.18; 0.5 + 0.18 - 0.1 * 0.5 = 0.63
    ((0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 2.0), 0.63),
    ((0.5, 1.0, 1.0, 1.0, 1.0, 0.1, 2.0), 0.45),  # those who find it right only calm down
    ((2.0, 1.0, 0.0, 0.0, 1.0, 0.0, 2.0), 2.0),  # at the cap nothing is added
    ((0.0, 1.0, 0.0, 25.0, 1.0, 0.0, 2.0), 2.0),  # 0 + 26 is cut to the cap
    ((0.0, 0.0, 0.5, 0.0, 0.3, 0.1, 2.0), 0.0),
    ((0.5, 1.0, 0.0, 1.0, 1.0, 0.1, 0.0), 0.0),  # a cap of zero: no anger at all
]
SHOCK: list[Case] = [
    ((0.5, 0.2, 0.4, 1.0, 0.5, 0.25), 0.7),  # 0.5 + 0.1 + 0.1
    ((0.0, 0.0, 0.0, 1.0, 1.0, 1.0), 0.0),
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
    ((0.1, 0.5, 0.4, 2.0, 0.6, 0.5), 0.7),  # 0.2 + 0.3 + 0.2
    ((0.5, 1.0, 1.0, 3.0, 1.0, 0.0), 1.0),  # 1.5 + 1.0 is cut
    ((0.0, 0.0, 0.0, 50.0, 2.0, 2.0), 0.0),
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
    ((0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.1), 0.1),  # a gain above the cap
    ((0.1, 1.0, 0.0, 1.0, 0.0, 0.5, 0.1), 0.1),
    ((0.5, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0), 0.0),  # a cap of zero
]
GRIEVANCE: list[Case] = [
    ((0.5, 1.0, 0.4, 0.5), 0.15),  # 0.5 * 0.6 * 0.5
    ((0.5, 1.2, 0.4, 0.5), 0.18),
    ((0.5, 3.0, 0.0, 0.0), 1.0),  # life cannot be harder than hard
    ((1.0, 1.0, 1.0, 0.0), 0.0),
    ((1.0, 1.0, 0.0, 1.0), 0.0),
]
NEWS_MOTIVE: list[Case] = [
    ((0.5, 0.2, 0.8, 1.0, 2.0, 0.5), 1.1),  # 0.5 + 0.4 + 0.5 * 0.8 * 0.5 = 0.5 + 0.4 + 0.2
    ((0.0, 0.0, 1.0, 1.0, 1.0, 1.0), 0.0),  # breadth without turnout moves nobody
]
PEER_MOTIVE: list[Case] = [
    ((0.1, 0.2, 0.3, 0.0, 0.0, 1.0, 2.0, 3.0, 1.0, 1.0), 1.4),
    ((0.1, 0.2, 0.3, 1.0, 0.5, 1.0, 2.0, 3.0, 0.25, 0.5), 1.9),  # 1.4 + 0.25 + 0.25
    ((0.0,) * 5 + (1.0, 2.0, 3.0, 4.0, 5.0), 0.0),
]
REPRESENTATION: list[Case] = [((0.0, 0.5, 0.4), -0.2), ((1.0, 1.0, 0.4), 0.0), ((0.0, 0.0, 0.4), 0.0)]
VOICE: list[Case] = [((0.5, 0.8, 0.5, 0.25), 0.55), ((1.0, 1.0, 1.0, 1.0), 1.0), ((0.2, 0.0, 1.0, 1.0), 0.2)]
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
    ((0.0, 1.0), -math.log(2.0**20 - 1.0)),  # a draw of 0 is moved inside
    ((1.0 - 2.0**-32, 1.0), math.log(2.0**20 - 1.0)),  # so is the largest there is
]
IMPULSE_REACH: list[Case] = [((0.1,), 0.1 * math.log(2.0**20 - 1.0)), ((0.0,), 0.0)]
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
    ((0.5, 1.0, 1.0, 1.0, 1.0, 0.7, 0.4, 0.6), 0.7),  # a follower: 0.5 * 1 + 0.5 * 0.4, television or not
    ((0.5, 1.0, 0.5, 1.0, 1.0, 0.7, 0.4, 0.6), 0.55),  # one who half trusts the hub: 0.25 * 1 + 0.75 * 0.4
    ((0.5, 0.0, 1.0, 1.0, 1.0, 0.7, 0.4, 0.6), 0.22),  # (0.35 + 0.2) * (1 - 0.6)
    ((0.5, 0.0, 1.0, 0.5, 1.0, 0.7, 0.4, 0.6), 0.385),  # 0.55 * (1 - 0.3)
    ((0.5, 0.0, 0.0, 0.0, 1.0, 0.7, 0.4, 0.6), 0.55),
    ((0.0, 1.0, 1.0, 0.0, 1.0, 0.7, 0.4, 0.6), 0.4),  # offline, a follower has the word of mouth
]
TRUSTED: list[Case] = [((0.3, 1.0), 0.3), ((0.3, 0.0), 1.0), ((1.0, 1.0), 1.0)]
BROADCASTING: list[Case] = [
    ((0.6, 0.5, 0.5), 0.15),
    ((0.6, 0.0, 0.0), 0.6),
    ((0.6, 1.0, 0.0), 0.0),
    ((0.6, 0.0, 1.0), 0.0),
]
DISLOYALTY: list[Case] = [
    # (0.2 * 10 + 1 * 4 + 3 * 2) / 1000 = 0.012; + 0.05 * 0.2
    ((10.0, 4.0, 2.0, 1000.0, 0.2, 0.2, 1.0, 3.0, 0.05), 0.022),
    ((0.0, 0.0, 0.0, 0.0, 0.2, 0.2, 1.0, 3.0, 0.05), 0.01),  # a country without police
]
DISPERSION: list[Case] = [((1.0,), 0.0), ((0.25,), 0.75)]
EFFECTIVE_PLACES: list[Case] = [((0.25,), 4.0), ((1.0,), 1.0), ((0.0,), 0.0)]
WITHIN_REACH: list[Case] = [((100.0, 0.75, 0.4), 70.0), ((100.0, 0.0, 1.0), 100.0), ((100.0, 1.0, 0.0), 100.0)]
STREETS: list[Case] = [((0.5, 0.4, 0.5), 0.35), ((0.5, 1.0, 1.0), 0.5), ((0.5, 0.0, 0.0), 0.5), ((0.5, 0.0, 1.0), 0.0)]
SERVICES: list[Case] = [((0.8, 0.2, 0.0, 0.1), 0.8), ((0.8, 0.2, 0.5, 0.1), 0.76), ((1.0, 0.0, 1.0, 1.0), 0.0)]
BURDEN: list[Case] = [((0.8, 0.5), 1.1), ((1.0, 5.0), 1.0), ((0.0, 0.5), 1.5)]
OUTRAGE: list[Case] = [
    ((0.5, 0.8, 0.5, 0.1, 0.5, 1.0, 0.4, 1.0), 0.4),  # 0.5 * (0.4 + 0.2) + 0.1
    ((1.0, 1.0, 1.0, 1.0, 1.0, 5.0, 5.0, 5.0), 1.0),
    ((1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0), 0.0),  # nobody abroad sees it so
]
SANCTIONS: list[Case] = [((0.1, 0.6, 0.2, 0.5), 0.25), ((0.4, 0.1, 0.2, 0.5), 0.2), ((0.1, 0.6, 0.2, 0.0), 0.1)]
BACKING: list[Case] = [((0.8, 0.5, 0.5), 0.6), ((0.8, 1.0, 1.0), 0.0), ((0.8, 0.0, 1.0), 0.8)]
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
DAMAGE: list[Case] = [((0.5, 0.0, 0.2), 0.4), ((0.5, 0.8, 0.2), 0.8), ((0.5, 0.0, 1.0), 0.0)]
SHELTERED: list[Case] = [((0.5, 0.5, 0.4), 0.4), ((0.5, 0.0, 1.0), 0.5), ((0.5, 1.0, 1.0), 0.0)]
TRUST: list[Case] = [((0.5, 0.4, 0.5, 0.1), 0.55), ((1.0, 1.0, 1.0, 0.0), 1.0), ((0.5, 0.0, 1.0, 0.2), 0.4)]
MEMBERSHIP: list[Case] = [((0.3, 1.0), 0.3), ((0.3, 0.0), 1.0)]
CONTRACTION: list[Case] = [
    ((0.2, 0.5, 1.0, 0.1, 0.05), 0.23),  # 0.2 + 0.1 * 0.5 * 0.8 - 0.05 * 0.2
    ((0.2, 2.0, 1.0, 0.1, 0.05), 0.19),  # a good day repairs no more than any other
    ((0.2, 0.0, 0.0, 0.1, 0.0), 0.2),  # a state that never had revenue loses none
]
PATRON_GAIN: list[Case] = [((0.1, 20.0, 0.01), 0.3), ((0.9, 100.0, 0.1), 1.0), ((0.1, 0.0, 0.1), 0.1)]
PUT_BY: list[Case] = [
    ((0.1, 0.5, 0.5, 0.4, 0.25), 0.03),
    ((0.1, 0.0, 0.0, 1.0, 0.0), 0.1),
    ((0.1, 1.0, 0.0, 0.0, 0.0), 0.0),
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
    ((0.2, 0.2, 3, 3.0, 0), True),
    ((0.199, 0.2, 3, 3.0, 0), False),
    ((0.9, 0.2, 2, 3.0, 0), False),  # the group has not had the time
    ((0.9, 0.2, 3, 3.0, 1), False),  # barred
    ((0.1, 0.2, 0, 0.0, 0), False),
    ((0.2, 0.2, 0, 0.0, 0), True),  # no time is needed
]
ORGANISED: list[Case] = [((3, 24.0, 24.0), 4), ((3, 23.9, 24.0), 0), ((0, 24.0, 24.0), 1), ((0, 0.0, 24.0), 0)]
COMMITTEE_CHANCE: list[Case] = [((0.5, 0.2), 0.1), ((0.0, 1.0), 0.0)]
SAVINGS: list[Case] = [
    ((10.0, 0.0, 0.3, 0.05, 0.0, 30.0, 1.0), 10.05),
    ((10.0, 1.0, 0.3, 0.05, 0.0, 30.0, 1.0), 9.3),  # a day without pay costs 1 - 0.3
    ((10.0, 1.0, 0.3, 0.05, 0.0, 30.0, 0.0), 10.0),  # unless savings never run out
    ((10.0, 1.0, 0.3, 0.05, 0.2, 30.0, 1.0), 9.5),
    ((0.5, 1.0, 0.0, 0.05, 0.0, 30.0, 1.0), 0.0),
    ((29.99, 0.0, 0.0, 0.05, 0.0, 30.0, 1.0), 30.0),
    ((40.0, 0.0, 0.0, 0.05, 0.0, 30.0, 1.0), 40.0),  # those who began with more keep it
]
CALLED_OUT: list[Case] = [
    ((0.15, 0.1, 0.3), 0.25),
    ((0.0999, 0.1, 0.3), 0.0),
    ((0.1, 0.1, 0.3), 0.0),
    ((0.3, 0.1, 0.3), 1.0),
    ((1.0, 0.1, 0.3), 1.0),
    ((0.0, 0.0, 0.0), 1.0),  # the ones who are always out
    ((0.4, 0.4, 0.4), 1.0),
    ((0.3999, 0.4, 0.4), 0.0),
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
CONFRONTATION: list[Case] = [((100.0, 200.0), 1.0 - math.exp(-0.5)), ((100.0, 0.0), 0.0), ((0.0, 100.0), 0.0)]
PAID_LOYALTY: list[Case] = [
    ((1.0, 1.5, 0.2, 0.5), 1.1),  # 1 + 0.5 * (1.5 * 0.8 - 1)
    ((1.0, 1.0, 0.0, 0.5), 1.0),  # the average wage buys nothing
    ((1.0, 2.0, 1.0, 0.5), 0.5),  # no pay at all, however high it should be
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
GIVES_WAY: list[Case] = [
    ((0.49, 0.5, 0.0, 0.3), True),
    ((0.5, 0.5, 0.0, 0.3), False),
    ((0.3, 0.5, 1.0, 0.3), False),  # the cut of the next rank is 0.2
]
REVENUE: list[Case] = [
    # 1 * 0.8 * (1 - 0.2 * 0.5) * (1 - 0.3 * 0.5) * (1 - 0.1 * 1) = 0.8 * 0.9 * 0.85 * 0.9
    ((1.0, 0.2, 0.5, 0.5, 1.0, 0.2, 0.3, 0.1, 0.0, 0.0), 0.5508),
    ((1.0, 0.2, 0.5, 0.5, 1.0, 0.2, 0.3, 0.1, 0.5, 0.2), 0.22032),  # half of it damaged, a fifth sold
    ((1.0, 1.0, 0.0, 0.0, 0.0, 0.2, 0.3, 0.1, 0.0, 0.0), 0.0),
    ((0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.3, 0.1, 0.0, 0.0), 0.0),
]
TREASURY: list[Case] = [
    ((10.0, 0.8, 0.5, 0.5, 0.2), (10.2, 0.0)),  # 10 + 0.8 + 0.5 - 1 - 0.1
    ((0.0, 0.7, 0.0, 0.5, 0.2), (0.0, 0.4)),  # 0.7 - 1.1
    ((0.0, 0.0, 0.0, 1.0, 5.0), (0.0, 1.0)),  # no more than the whole pay
    ((0.0, 1.0, 0.0, 0.0, 5.0), (0.0, 0.0)),
]
RESCUE: list[Case] = [
    ((0.8, 10.0, 90.0, 0.4, 0.5, 1.0), 0.4),
    ((0.8, 36.0, 90.0, 0.4, 0.5, 1.0), 0.0),  # just at the level of 0.4 * 90
    ((0.8, 0.0, 0.0, 0.4, 0.5, 1.0), 0.0),  # a state without reserves has none to lose
    ((0.8, 10.0, 90.0, 0.4, 0.5, 0.0), 0.0),
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
COMMANDED: list[Case] = [((0.3, 0.0), 0.3), ((0.3, 0.8), 0.8), ((0.3, 0.1), 0.1)]  # an order may also be to hold back
SHUTDOWN_POLICY: list[Case] = [
    ((0.6, 0.5, 0.6, 0.8), 0.24),  # 0.8 * 0.6 * 0.5
    ((0.59, 1.0, 0.6, 0.8), 0.0),
    ((1.0, 0.0, 0.6, 0.8), 0.0),  # nothing is expected tomorrow
]
LOST_PILLARS: list[Case] = [((0.7, 0.4, 0.3), 0.4), ((1.0, 1.0, 0.0), 0.0), ((0.0, 0.0, 1.0), 1.0)]
CONCESSION: list[Case] = [
    ((0.5, 0.0, 0.4, 0.1, 0.0), 0.52),  # 0.5 + 0.1 * 0.4 * 0.5
    ((0.5, 0.0, 0.4, 0.1, 0.5), 0.51),
    ((0.5, 0.0, 0.4, 0.1, 1.0), 0.5),  # full defiance
    ((0.5, 0.6, 0.4, 0.1, 1.0), 0.6),
    ((1.0, 0.0, 1.0, 1.0, 0.0), 1.0),
]
ENTROPY_TERM: list[Case] = [((0.5, 1.0), 0.5 * math.log(2.0)), ((0.0, 1.0), 0.0), ((0.0, 0.0), 0.0), ((1.0, 1.0), 0.0)]
BREADTH: list[Case] = [
    ((math.log(2.0), 4), 0.5),
    ((0.0, 4), 0.0),
    ((0.0, 1), 0.0),
    ((math.log(3.0), 3), 1.0),
    ((math.nextafter(math.log(5.0), 2.0), 5), 1.0),
]
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
ONLINE: list[Case] = [((0.2, 1.0, 0.0), 0.2), ((0.2, 1.0, 1.0), 1.0), ((0.2, 0.0, 1.0), 0.0), ((1.0, 1.0, 0.0), 1.0)]
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
LEANING: list[Case] = [
    ((0.5, 1.0, 0.5, 2.0, 100.0, 100.0), 2.0),  # 2 * (0.5 + 0.5)
    ((0.5, 1.0, 0.5, 2.0, 99.0, 100.0), -math.inf),
    ((3.0, 1.0, 1.0, 0.0, 1.0, 1.0), 0.0),  # without sharpness all tactics are alike
]
PULL: list[Case] = [
    ((2.0, 2.0), 1.0),
    ((1.0, 2.0), math.exp(-1.0)),
    ((-math.inf, 2.0), 0.0),
    ((18_000.0, 18_000.0), 1.0),  # where exp(18,000) is no number
    ((-90.0, 0.0), math.exp(-90.0)),
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
    "loyalty.confrontation": CONFRONTATION, "loyalty.loyalty": LOYALTY, "loyalty.paid_loyalty": PAID_LOYALTY,
    "loyalty.guilt": GUILT,
    "loyalty.duty_fatigue": DUTY_FATIGUE, "loyalty.defection_chance": DEFECTION_CHANCE, "loyalty.gives_way": GIVES_WAY,
    "participation.grievance": GRIEVANCE, "participation.news_motive": NEWS_MOTIVE,
    "participation.peer_motive": PEER_MOTIVE, "participation.protest_margin": PROTEST_MARGIN,
    "participation.engaged_margin": ENGAGED_MARGIN, "participation.impulse": IMPULSE,
    "participation.impulse_reach": IMPULSE_REACH, "participation.availability": AVAILABILITY,
    "perception.log_scale": LOG_SCALE, "perception.remembered": REMEMBERED, "perception.hearing": HEARING,
    "perception.violence_felt": VIOLENCE_FELT, "regime.threat": THREAT, "regime.wanted_aggression": WANTED_AGGRESSION,
    "regime.approach": APPROACH, "regime.shutdown_policy": SHUTDOWN_POLICY, "regime.lost_pillars": LOST_PILLARS,
    "regime.commanded": COMMANDED,
    "regime.concession": CONCESSION, "repression.called_out": CALLED_OUT,
    "repression.detention_chance": DETENTION_CHANCE, "repression.violent_share": VIOLENT_SHARE,
    "repression.expected_casualties": EXPECTED_CASUALTIES,
    "repression.poisson": POISSON, "repression.held_days": HELD_DAYS, "strike.strike_margin": STRIKE_MARGIN,
    "strike.walks_out": WALKS_OUT,
    "strike.organised": ORGANISED, "strike.committee_chance": COMMITTEE_CHANCE, "strike.savings": SAVINGS,
    "tactics.leaning": LEANING, "tactics.pull": PULL, "tactics.attraction": ATTRACTION, "tactics.success": SUCCESS,
    "anger.shock": SHOCK, "cooptation.representation": REPRESENTATION, "cooptation.voice": VOICE,
    "media.trusted": TRUSTED, "media.broadcasting": BROADCASTING, "media.disloyalty": DISLOYALTY,
    "dispersion.dispersion": DISPERSION, "dispersion.effective_places": EFFECTIVE_PLACES,
    "dispersion.within_reach": WITHIN_REACH, "dispersion.streets": STREETS, "services.services": SERVICES,
    "services.burden": BURDEN, "world.outrage": OUTRAGE, "world.sanctions": SANCTIONS, "world.backing": BACKING,
    "war.rallied": RALLIED, "war.leaving_chance": LEAVING_CHANCE, "war.joining_chance": JOINING_CHANCE,
    "war.bound": BOUND, "war.damage": DAMAGE, "aid.sheltered": SHELTERED, "communities.trust": TRUST,
    "communities.membership": MEMBERSHIP, "economy.contraction": CONTRACTION, "economy.patron_gain": PATRON_GAIN,
    "economy.put_by": PUT_BY,
    "tactics.familiarity": FAMILIARITY, "tactics.effectiveness": EFFECTIVENESS,
}  # fmt: skip
