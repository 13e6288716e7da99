"""Connection: who is online when the internet is cut."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Media
from sim.models.mobilisation.mechanism import FEELINGS, REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.regime import threat
from sim.models.mobilisation.typed import Array, Lever, Nation, Parameters
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction, number

INTERNET = int(Media.INTERNET)


class Circumvention(Section):
    """How people get round a shutdown (model stage 2)."""

    circumvention_start: float = fraction("share of the able who circumvent a shutdown on the first day")
    circumvention_growth: float = number("growth a day toward all who are able during a shutdown", "1/day", 0.0, 1.0)


class Cut(Section):
    """When the regime cuts the internet by itself (model stage 13)."""

    shutdown_readiness: float = fraction("share of the internet cut at full threat on a day of large crowds")
    shutdown_threat: float = fraction("perceived threat from which the regime cuts the internet")


class Effects(Section):
    """What events do to the internet."""

    shutdown: float = number("share of internet capacity cut", "share", 0.0, 1.0, default=0.0)


@compiled
def capacity(cut_by_event: float, cut_by_policy: float, possible: float) -> float:
    """Share of the internet that works.

    q = 1 - possible * max(cut_by_event, cut_by_policy)                              (2a)

    Source: travelling-tactics report (a cut internet); a cut is ordered, or follows from the regime's own policy (13d).
    """
    return 1.0 - possible * max(cut_by_event, cut_by_policy)


@compiled
def adoption(before: float, cut: float, growth: float) -> float:
    """Share of those able to who circumvent a cut: it spreads while the cut lasts, and stays learnt.

    c' = c + growth * cut * (1 - c)                                                  (2b)

    Source: logistic-tail form of Bass (1969) imitation with an external shock; travelling-tactics
    document on VPN and mesh apps.
    """
    return before + growth * cut * (1.0 - before)


@compiled
def online(capacity: float, uses_internet: float, circumvents: float) -> float:
    """How far a citizen is reached by the network today, 0 to 1.

    o = internet * (q + (1 - q) * circumvents)                                       (2c)

    Source: definition.

    uses_internet, circumvents : 0.0 or 1.0
    """
    return uses_internet * (capacity + (1.0 - capacity) * circumvents)


@compiled
def shutdown_policy(threat: float, big_day: float, threshold: float, readiness: float) -> float:
    """Share of the internet that the regime cuts by its own choice.

    s = readiness * T * big_day  if T >= threshold                                   (13d)

    Source: travelling-tactics report on the cut internet; the form is assumed.

    big_day : float, 0..1, how far people expect one another tomorrow, or a call with its date, if that is more
    """
    return readiness * threat * big_day if threat >= threshold else 0.0


@compiled
def connect(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 2: what is left of the internet, and how many get round a cut."""
    nation.capacity = capacity(lever.shutdown, nation.policy_shutdown, p.shutdown_possible)
    nation.adoption = adoption(nation.adoption, 1.0 - nation.capacity, p.circumvention_growth)


@compiled
def go_online(connected: Array, media: Array, circumvention_rank: Array, capacity: float, adoption: float) -> None:
    """Stage 3: how far each citizen is online."""
    cut = adoption * 255.0
    for j in range(connected.size):
        uses_internet = 1.0 if media[j] & INTERNET else 0.0
        connected[j] = online(capacity, uses_internet, 1.0 if cut > circumvention_rank[j] else 0.0)


@compiled
def cut_off(nation: Nation, p: Parameters, called_tomorrow: float) -> None:
    """Stage 13: what the regime cuts tomorrow by its own choice."""
    danger = threat(nation.heard_turnout, nation.alert)
    big_day = max(nation.focus_tomorrow, min(called_tomorrow, 1.0))
    cut = shutdown_policy(danger, big_day, p.shutdown_threat, p.shutdown_readiness)
    nation.policy_shutdown = p.shutdown_possible * cut


MECHANISM = Mechanism(
    title="Shutdown of the internet, and ways round it",
    parameters={"information": Circumvention, "regime": Cut, "events.*.effects": Effects},
    switches=(
        Switch(
            "shutdown",
            about="the internet can be cut",
            zero=("shutdown_possible",),
            without=(
                Ablation(
                    "sum:attending:2020-08-09..2020-08-15",
                    "rises",
                    because="A cut internet keeps news and calls from those who would come.",
                ),
            ),
        ),
        Switch(
            "circumvention",
            about="people get round a shutdown",
            zero=("circumvention_start", "circumvention_growth"),
            without=(
                Ablation(
                    "sum:attending:2020-08-09..2020-08-15",
                    "falls",
                    because="Who gets round a cut goes on hearing news and calls.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("online", "f8", "share", "share of the population reached by the network"),
            Column("capacity", "f8", "share", "share of the internet that works", first=1.0),
            Column(
                "adoption", "f8", "share", "share of the able who circumvent", first=lambda p: p["circumvention_start"]
            ),
            Column("policy_shutdown", "f8", "share", "internet cut by the regime's own choice today"),
        ),
    },
    results=(
        Result(
            "online_share",
            FRACTION,
            SHARE,
            of="nation.online",
            combine="mean",
            group=FEELINGS,
            label="share of people reached by the network",
            short="reached online",
            about="mean share to which citizens were reached by the network",
        ),
        Result(
            "policy_shutdown",
            FRACTION,
            SHARE,
            of="nation.policy_shutdown",
            combine="max",
            group=REGIME,
            label="share of the internet that the regime cuts",
            short="cut by the regime",
            about="share of the internet that the regime has decided to cut tomorrow",
        ),
    ),
    claims=("cm-28", "tt-31", "tt-32", "tt-33"),
    seen=("shutdown", "policy_shutdown", "online_share"),
)
