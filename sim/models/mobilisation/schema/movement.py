"""Sections ``movement`` and ``information``: repertoire, organisation, and who hears what."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.fields import Section, fraction, number


class Tactic(Section):
    """A tactic of the repertoire."""

    initial_attraction: float = number("attraction on the first day", "log odds", -5.0, 5.0)
    weekend_pull: float = number("extra attraction on a Sunday or called day", "log odds", -5.0, 5.0)
    visibility: float = fraction("how far it is seen")
    exposure: float = number("exposure to police when they know the tactic", "factor", 0.0, 5.0)
    disruption: float = fraction("how much it disrupts")
    ease: float = number("how much easier it is to attend than a march", "factor", 0.0, 5.0)
    dispersal: float = number("how much it splits the police", "factor", 0.0, 20.0)
    minimum_size: float = number("smallest crowd that can hold it", "persons", 1.0, 1e6)
    initial_familiarity: float = fraction("how well police know it on the first day")
    vigil: bool = Field(default=False, description="whether those with kin in detention hold it")


class Learning(Section):
    """How tactics are learnt, by the movement and by the police."""

    tactic_learning: float = number("weight of today's success in a tactic's attraction", "1/day", 0.0, 1.0)
    detention_aversion: float = number("attraction lost per share detained", "log odds", 0.0, 100.0)
    imitation: float = number("drift toward the national mean attraction", "1/day", 0.0, 1.0)
    diffusion_gain: float = number("attraction per unit of a foreign example", "log odds", 0.0, 5.0)
    choice_sharpness: float = number("how sharply crowds agree on the most attractive tactic", "factor", 0.0, 10.0)
    police_learning: float = number("familiarity gained a day against a tactic in full use", "1/day", 0.0, 1.0)
    police_forgetting: float = number("familiarity lost a day", "1/day", 0.0, 1.0)
    novelty_floor: float = fraction("share of exposure left when police have never seen a tactic")


class Hub(Section):
    """The central channel that is both news and headquarters."""

    initial_reach: float = fraction("share of the population that follows it on the first day")
    top_reach: float = fraction("largest share of the population it can reach")
    hub_growth: float = number("growth a day toward its top at full interest", "1/day", 0.0, 1.0)
    call_weight: float = number("strength of a call for each unit of the hub's reach", "factor", 0.0, 20.0)
    prosecution_loss: float = fraction("share of reach lost by prosecution under full centralisation")


class Leadership(Section):
    """Leaders, and how replaceable they are."""

    centralisation: float = fraction("how much coordination hangs on few leaders")
    replacement: float = number("share of lost coordination regained a day", "1/day", 0.0, 1.0)


class Communities(Section):
    """Local chats and courtyard communities."""

    forming_rate: float = number("chance a day that a ready neighbourhood forms one", "1/day", 0.0, 1.0)
    ready_share: float = fraction("share of residents acting at which a neighbourhood is ready")
    fading_rate: float = number("chance a day that one without active members fades", "1/day", 0.0, 1.0)
    private_share: float = fraction("share of communities closed to outsiders at full repression")
    infiltration: float = number("chance a day that an open one is broken up at full aggression", "1/day", 0.0, 1.0)
    peer_lift: float = number("extra weight of neighbours inside a community", "factor", 0.0, 5.0)
    fatigue_relief: float = fraction("share of fatigue that a community spares its members")
    aid_lift: float = number("extra aid given inside communities", "factor", 0.0, 10.0)
    trust_start: float = fraction("trust among the members of a new community")
    trust_growth: float = number("trust gained a day when all members act, face to face", "1/day", 0.0, 1.0)
    trust_decay: float = number("trust lost a day", "1/day", 0.0, 1.0)


class Aid(Section):
    """What engaged non-protesters give (model stage 9)."""

    aid_effort: float = number("persons one engaged non-protester can help a day", "persons", 0.0, 10.0)
    prisoner_need: float = number("need of a prisoner or a striker relative to a protester", "factor", 0.0, 10.0)
    donation: float = number("given to strike funds by an engaged non-protester a day", "days of income", 0.0, 1.0)
    shelter: float = fraction("share of detentions that full aid prevents: doors that open to those who run")


class Cooptation(Section):
    """A narrower camp that comes to speak for a broad movement."""

    camp: str = Field(description="the camp that claims the movement for itself")
    cooptation_rate: float = number(
        "share of the movement's voice it wins a day at full turnout and breadth", "1/day", 0.0, 1.0
    )
    alienation: float = number("motive that the other camps lose when it speaks alone", "SD", 0.0, 5.0)


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


class Movement(Section):
    """The movement's means."""

    tactics: dict[str, Tactic] = Field(description="repertoire", min_length=1, max_length=16)
    learning: Learning
    hub: Hub
    leadership: Leadership
    communities: Communities
    aid: Aid
    cooptation: Cooptation
    stances: Stances
    organisations: dict[str, Organisation] = Field(description="parties and groups", max_length=64)


class Information(Section):
    """How news travels (model stages 2 and 3)."""

    turnout_low: float = fraction("turnout that is just noticed, as a share of the population")
    turnout_high: float = fraction("turnout that cannot seem larger, as a share of the population")
    turnout_memory: float = number("share of the heard turnout still in mind a day later", "1/day", 0.0, 1.0)
    violence_low: float = number("victims a day that are just noticed", "per 100,000", 1e-4, 1e5)
    violence_high: float = number("victims a day that cannot seem worse", "per 100,000", 1e-4, 1e5)
    violence_memory: float = number("share of heard violence still in mind a day later", "1/day", 0.0, 1.0)
    injured_weight: float = number("an injured person's weight in news of violence", "detained persons", 0.0, 100.0)
    killed_weight: float = number("a killed person's weight in news of violence", "detained persons", 0.0, 1e5)
    testimony_weight: float = number("weight of what one released prisoner tells", "detained persons", 0.0, 100.0)
    kin_violence: float = fraction("violence felt when kin are in detention")
    local_violence: float = number("violence felt per share of neighbours in detention", "factor", 0.0, 50.0)
    hearing_hub: float = fraction("how much of the news a follower of the hub hears")
    hearing_online: float = fraction("how much others hear online")
    hearing_offline: float = fraction("how much one hears by word of mouth")
    censorship: float = fraction("share of the news that state television keeps from its viewers")
    crowd_low: float = number("crowd that is just noticed in one's own place", "persons", 1.0, 1e7)
    crowd_high: float = number("crowd that cannot seem larger in one's own place", "persons", 1.0, 1e8)
    crowd_memory: float = fraction("share of a crowd seen in one's own place that is kept in mind each day")
    coverage_turnout: float = fraction("share of a place's people in action from which it counts as taking part")
    criticism_weight: float = number("an officer's public criticism in news of defections", "resignations", 0.0, 100.0)
    resignation_weight: float = number("a resignation in news of defections", "resignations", 0.0, 100.0)
    switching_weight: float = number("an officer who changes sides in news of defections", "resignations", 0.0, 100.0)
    base_weight: float = number(
        "share of the loyal base on strike in news of defections", "share of officers", 0.0, 1.0
    )
    cyber_recovery: float = number("share of a cyber-attack's damage repaired a day", "1/day", 0.0, 1.0)
    cyber_disorder: float = fraction("share of police work that full damage to the state's computers stops")
    defection_low: float = fraction("share of officers defecting that is just noticed")
    defection_high: float = fraction("share of officers defecting that cannot seem larger")
    defection_memory: float = number("share of a defection's news still in mind a day later", "1/day", 0.0, 1.0)
    circumvention_start: float = fraction("share of the able who circumvent a shutdown on the first day")
    circumvention_growth: float = number("growth a day toward all who are able during a shutdown", "1/day", 0.0, 1.0)
