"""Local communities: chats of a courtyard that become collective action."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import lower, quick, quick_key, upper
from sim.models.mobilisation.codes import Community
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.helpers import acting
from sim.models.mobilisation.sums import fill
from sim.models.mobilisation.typed import Array, Localities, Nation, Neighbourhoods, Parameters
from sim.models.results import COUNT, FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number

FORMING = 10
NONE, OPEN, CLOSED = int(Community.NONE), int(Community.OPEN), int(Community.CLOSED)


class Communities(Section):
    """Local chats and courtyard communities."""

    forming_rate: float = number("chance a day that a ready neighbourhood forms one", "1/day", 0.0, 1.0)
    ready_share: float = fraction("share of residents acting at which a neighbourhood is ready")
    fading_rate: float = number("chance a day that one without active members fades", "1/day", 0.0, 1.0)
    private_share: float = fraction("share of communities closed to outsiders at full repression")
    infiltration: float = number("chance a day that an open one is broken up at full aggression", "1/day", 0.0, 1.0)
    peer_lift: float = number("extra weight of neighbours inside a community", "factor", 0.0, 5.0)
    trust_start: float = fraction("trust among the members of a new community")
    trust_growth: float = number("trust gained a day when all members act, face to face", "1/day", 0.0, 1.0)
    trust_decay: float = number("trust lost a day", "1/day", 0.0, 1.0)


@compiled
def forming_chance(acting: float, online: float, ready_share: float, rate: float) -> float:
    """Chance that a neighbourhood without a community forms one today.

    p = rate * min(1, acting / ready_share) * online                                 (6a)

    Source: local-chats note: groups united by place that formed where neighbours acted and could talk.

    acting : float, 0..1, share of residents acting
    online : float, 0..1, share of the country reached by the network
    """
    if ready_share <= 0.0:
        return rate * online
    return rate * min(1.0, acting / ready_share) * online


@compiled
def closed_chance(aggression: float, private_share: float) -> float:
    """Chance that a new community admits trusted residents only.

    p = private_share * aggression                                                   (6b)

    Source: local-chats note on chats closed to outsiders; the form is assumed.
    """
    return private_share * aggression


@compiled
def ending_chance(is_open: float, is_active: float, aggression: float, infiltration: float, fading: float) -> float:
    """Chance that a community ends today: open ones are infiltrated, inactive ones fade.

    p = open * infiltration * aggression + (1 - active) * fading                     (6c)

    Source: assumption.
    """
    return is_open * infiltration * aggression + (1.0 - is_active) * fading


@compiled
def trust(before: float, acting: float, growth: float, decay: float) -> float:
    """Trust among a community's members: it grows where they act together, online or not, and fades otherwise.

    t' = t + growth * acting * (1 - t) - decay * t                                   (6k)

    Source: local-chats note: chats of neighbours end in meetings in the courtyard, face to face.

    acting : float, 0..1, share of residents acting
    """
    return before + growth * acting * (1.0 - before) - decay * before


@compiled
def membership(trust: float, possible: float) -> float:
    """How much of a community its members have: all of it, or as much as they trust one another.

    m = 1 - possible * (1 - t)                                                       (6l)

    Source: assumption.

    possible : 1.0, or 0.0 when trust is switched off
    """
    return 1.0 - possible * (1.0 - trust)


@compiled
def belong(
    member: Array, community: Array, trust_in: Array, sizes: Array, first_home: int, last_home: int, possible: float
) -> None:
    """Stage 3: how much of a community each citizen's neighbourhood is; 0 without one."""
    member[:] = 0.0
    begin = 0
    for home in range(first_home, last_home):
        end = begin + sizes[home]
        if community[home] != NONE:
            belongs = membership(np.float64(trust_in[home]), possible)
            fill(member[begin:end], belongs)
        begin = end


@compiled
def form(neighbourhoods: Neighbourhoods, localities: Localities, nation: Nation, p: Parameters, seed: int) -> None:
    """Stage 6: local communities form, are broken up, or fade."""
    everywhere, existing, believed = 0.0, 0.0, 0.0
    key = quick_key(seed, FORMING, nation.day)
    for home in range(neighbourhoods.size.size):
        protesters, helpers = neighbourhoods.protesting[home], neighbourhoods.helping[home]
        active = acting(protesters, helpers, p.helper_weight, 1.0 / neighbourhoods.size[home])
        state = neighbourhoods.community[home]
        place, many = neighbourhoods.locality[home], neighbourhoods.many[home]
        everywhere += many
        number = neighbourhoods.first[home] - localities.first[place]  # of its first citizen
        if state == NONE:
            chance = forming_chance(active, nation.online, p.ready_share, p.forming_rate)
        else:
            chance = ending_chance(
                1.0 if state == OPEN else 0.0,
                1.0 if protesters + helpers > 0 else 0.0,
                nation.aggression,
                p.infiltration,
                p.fading_rate,
            )
        word = quick(key ^ localities.key[place], np.uint64(number))
        if upper(word) < chance:
            if state != NONE:
                neighbourhoods.community[home] = NONE
            else:
                closed = lower(word) < closed_chance(nation.aggression, p.private_share)
                neighbourhoods.community[home] = CLOSED if closed else OPEN
                neighbourhoods.trust[home] = p.trust_start
        if neighbourhoods.community[home] != NONE:
            existing += many
            now = trust(np.float64(neighbourhoods.trust[home]), active, p.trust_growth, p.trust_decay)
            neighbourhoods.trust[home] = now
            believed += many * now
    nation.communities = round(existing)
    nation.community_share = existing / everywhere
    nation.community_trust = believed / existing if existing > 0.0 else 0.0


MECHANISM = Mechanism(
    title="Local communities, and the trust in them",
    parameters={"movement.communities": Communities},
    switches=(
        Switch(
            "communities",
            about="local communities form",
            zero=("forming_rate",),
            without=(
                Ablation(
                    "sum:attending:2020-11-01..2020-12-18 / sum:attending:2020-08-09..2020-08-31",
                    "falls",
                    because="Neighbours who meet tire less than acquaintances online.",
                ),
            ),
        ),
        Switch(
            "community_trust",
            about="communities take time to trust one another",
            zero=("trust_possible",),
            without=(
                Ablation(
                    "sum:attending:2020-09-01..2020-12-18",
                    "rises",
                    because="If members trusted one another fully from the first day, each group would do at once "
                    "all that it can.",
                ),
            ),
        ),
    ),
    state={
        "neighbourhoods": (
            Column("community", "u1", "Community", "its local community"),
            Column("trust", "f4", "share", "trust among the members of its community"),
        ),
        "nation": (
            Column("communities", "i8", "count", "local communities"),
            Column("community_share", "f8", "share", "share of neighbourhoods with a local community"),
            Column("community_trust", "f8", "share", "mean trust in communities"),
        ),
    },
    results=(
        Result(
            "community_trust",
            FRACTION,
            LEVEL,
            of="nation.community_trust",
            combine="last",
            group=MOVEMENT,
            label="mean trust in local communities",
            short="trust",
        ),
        Result(
            "communities",
            "neighbourhoods",
            COUNT,
            of="nation.communities",
            combine="max",
            group=MOVEMENT,
            label="number of local communities",
            short="local communities",
            about="neighbourhoods with a local community",
        ),
    ),
    numbers=(
        Result(
            "peak_communities",
            "neighbourhoods",
            COUNT,
            of="communities",
            combine="max",
            label="most neighbourhoods with a local community at once",
            short="most communities",
            about="largest `communities` of a day",
        ),
    ),
    streams={FORMING: "whether a local community forms, is closed, or ends"},
    claims=("lc-03", "lc-04", "lc-05", "lc-09", "lc-06", "lc-07", "lc-08"),
    seen=("fatigue", "communities", "peak_communities", "community_trust"),
)
