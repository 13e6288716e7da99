"""Sections ``movement`` and ``information``: repertoire, organisation, and who hears what."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.fields import Open, Section, fraction, number


class Tactic(Section):
    """A tactic of the repertoire."""

    initial_attraction: float = number("attraction on the first day", "log odds", -5.0, 5.0)
    call_pull: float = number("extra attraction on a day to which all are called", "log odds", -5.0, 5.0)
    visibility: float = fraction("how far it is seen")
    exposure: float = number("exposure to police when they know the tactic", "factor", 0.0, 5.0)
    disruption: float = fraction("how much it disrupts those who rule and what they live on")
    ease: float = number("how much easier it is to attend than a march", "factor", 0.0, 5.0)
    dispersal: float = number("how much it splits the police", "factor", 0.0, 20.0)
    minimum_size: float = number("smallest crowd that can hold it", "persons", 1.0, 1e6)
    initial_familiarity: float = fraction("how well police know it on the first day")
    vigil: bool = Field(default=False, description="whether those with kin in detention hold it")


class Stances(Section):
    """What each stance of a party asks of its camp, from -1 (stay at home) to 1 (come out)."""

    regime: float = number("for the regime", "direction", -1.0, 1.0)
    challenger: float = number("for the challenger", "direction", -1.0, 1.0)
    own_candidate: float = number("for a candidate of its own", "direction", -1.0, 1.0)
    warns_of_provocation: float = number("warns of provocation", "direction", -1.0, 1.0)
    joins_all: float = number("joins all who protest", "direction", -1.0, 1.0)
    none: float = number("no stance", "direction", -1.0, 1.0)


class Organisation(Section):
    """A party or group with a stance."""

    stance: Literal["regime", "challenger", "own_candidate", "warns_of_provocation", "joins_all", "none"] = Field(
        description="whom it sides with"
    )
    camp: str = Field(description="the camp it sways")
    pull: float = fraction("how strongly it sways that camp")


class Movement(Open):
    """The movement's means."""

    tactics: dict[str, Tactic] = Field(description="repertoire", min_length=1, max_length=16)
    stances: Stances
    organisations: dict[str, Organisation] = Field(description="parties and groups", max_length=64)


class Information(Open):
    """How news travels (model stages 2 and 3)."""
