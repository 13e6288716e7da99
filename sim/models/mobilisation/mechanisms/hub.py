"""The hub: a central channel that is both news and headquarters."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Lever, Nation, Parameters
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction, number


class Hub(Section):
    """The central channel that is both news and headquarters."""

    initial_reach: float = fraction("share of the population that follows it on the first day")
    top_reach: float = fraction("largest share of the population it can reach")
    hub_growth: float = number("growth a day toward its top at full interest", "1/day", 0.0, 1.0)
    call_weight: float = number("calls a head of a full call for each unit of the hub's reach", "calls", 0.0, 20.0)
    prosecution_loss: float = fraction("share of reach lost by prosecution under full centralisation")


class Effects(Section):
    """What events do to the hub."""

    hub_prosecuted: float = number("strength of prosecution of the hub", "share", 0.0, 1.0, default=0.0)
    hub_push: float = number("attention drawn to the hub", "share", 0.0, 1.0, default=0.0)


@compiled
def hub_reach(
    before: float,
    top: float,
    growth: float,
    attention: float,
    prosecution_loss: float,
    centralisation: float,
    prosecuted: float,
) -> float:
    """Share of the population that follows the hub.

    r' = (r + growth * attention * max(top - r, 0)) * (1 - loss * centralisation * prosecuted)     (2d)

    Source: travelling-tactics report on the hub and its prosecution; the form is assumed.

    Attention is what makes news worth following: the larger of heard turnout, heard violence and the
    push of an event. Prosecution costs reach only so far as the movement hangs on few heads.
    """
    grown = before + growth * attention * max(top - before, 0.0)
    return grown * (1.0 - prosecution_loss * centralisation * prosecuted)


@compiled
def follow(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 2, once the news of the morning is known: who follows the hub, by what is in the news."""
    attention = max(max(nation.heard_turnout, nation.heard_violence), lever.hub_push)
    nation.hub_reach = hub_reach(
        nation.hub_reach, p.top_reach, p.hub_growth, attention, p.prosecution_loss, p.centralisation,
        lever.hub_prosecuted,
    )  # fmt: skip


MECHANISM = Mechanism(
    title="The hub as news and headquarters, and its prosecution",
    parameters={"movement.hub": Hub, "events.*.effects": Effects},
    switches=(
        Switch(
            "hub",
            about="there is a hub",
            zero=("initial_reach", "top_reach", "call_weight"),
            without=(
                Ablation("person_days_of_protest", "falls", because="It brings news to millions, and calls them out."),
            ),
        ),
    ),
    state={
        "nation": (
            Column(
                "hub_reach",
                "f8",
                "share",
                "share of the population that follows the hub",
                first=lambda p: p["initial_reach"],
            ),
        ),
    },
    pulses=("hub_prosecuted",),
    results=(
        Result(
            "hub_reach",
            FRACTION,
            SHARE,
            of="nation.hub_reach",
            combine="max",
            group=FEELINGS,
            label="share of people who follow the hub",
            short="hub",
            about="share of the population that follows the hub",
        ),
    ),
    claims=("tt-26", "tt-28", "tt-29", "tt-30"),
    seen=("hub_reach",),
)
