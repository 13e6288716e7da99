"""Sections ``places``, ``economy``, ``events``, ``outcome``, ``mechanisms``: where, with what, and when."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import Field, field_validator, model_validator

from sim.core.errors import FieldError, shown
from sim.models.mobilisation.schema.people import SETTLEMENTS, Settlement
from sim.scenario.fields import Section, fraction, number, text


class Locality(Section):
    """A city, town or rural remainder of a region."""

    region: str = text("region (first-level administrative unit)")
    lat: float = number("latitude", "degrees north", -90.0, 90.0)
    lon: float = number("longitude", "degrees east", -180.0, 180.0)
    population: int = Field(description="inhabitants [persons; 1 to 100000000]", ge=1, le=100_000_000)
    settlement: Settlement = Field(description="kind of settlement")


class NeighbourhoodSize(Section):
    """Residents of a neighbourhood in each kind of settlement."""

    metropolis: int = Field(description="in the metropolis [persons; 50 to 100000]", ge=50, le=100_000)
    city: int = Field(description="in cities [persons; 50 to 100000]", ge=50, le=100_000)
    town: int = Field(description="in towns [persons; 50 to 100000]", ge=50, le=100_000)
    village: int = Field(description="in villages [persons; 50 to 100000]", ge=50, le=100_000)


class Places(Section):
    """The country."""

    population: int = Field(description="inhabitants of the country; the localities add to it", ge=1, le=2_000_000_000)
    outline: str | None = Field(default=None, max_length=100, description="name of the country's outline for maps")
    neighbourhood_residents: NeighbourhoodSize
    localities: dict[str, Locality] = Field(description="localities by name", min_length=1, max_length=5000)

    @model_validator(mode="after")
    def _localities_add_up(self) -> Self:
        total = sum(place.population for place in self.localities.values())
        if total != self.population:
            message = f"places.localities have {total} inhabitants together, not {self.population}"
            raise FieldError(message, ("population",), shown(self.population))
        return self


class Strike(Section):
    """Strikes (model stage 7)."""

    strike_cost: float = number("how much more it takes to strike than to protest", "SD", 0.0, 10.0)
    strike_anger: float = number("weight of anger in the motive to strike", "factor", 0.0, 5.0)
    strike_grievance: float = number("weight of grievance in the motive to strike", "SD", 0.0, 5.0)
    strike_colleagues: float = number("weight of the share of colleagues willing to strike", "SD", 0.0, 10.0)
    strike_call: float = number("weight of a call to strike", "SD", 0.0, 5.0)
    arrears_anger: float = number("motive of an unpaid day's wages", "SD", 0.0, 5.0)
    strike_fear: float = number("weight of fear in keeping people at work", "factor", 0.0, 5.0)
    walkout_mean: float = fraction("mean willing share at which a workplace walks out")
    walkout_spread: float = fraction("standard deviation of that share between workplaces")
    initiative_group: float = number("persons who make an initiative group", "persons", 1.0, 1e4)
    organising_days: float = number("days an initiative group needs before a walk-out", "days", 0.0, 60.0)
    committee_arrest: float = number(
        "chance a day that a strike's committee is arrested, at full aggression", "1/day", 0.0, 1.0
    )
    dismissal_days: float = number("days for which a broken strike cannot restart", "days", 0.0, 365.0)
    savings_days: float = number("mean savings of a household", "days of income", 0.0, 1000.0)
    saving_rate: float = number("savings gained on a paid day", "days of income", 0.0, 1.0)
    strike_pay: float = fraction("share of a lost day's income that a full fund replaces")
    remittance: float = number("daily income of a migrant household from abroad", "days of income", 0.0, 5.0)


class Services(Section):
    """Public services, and what is skimmed off them."""

    skimming: float = fraction("share of the money for public services that is skimmed off")
    service_speed: float = number("share of the gap to what is paid for closed a day", "1/day", 0.0, 1.0)
    service_weight: float = number("how much harder life is without any public services", "factor", 0.0, 5.0)


class Economy(Section):
    """The state's money (model stage 11)."""

    treasury_days: float = number("reserves on the first day", "days of spending", 0.0, 5000.0)
    revenue: float = number("revenue of an undisturbed day", "days of spending", 0.0, 5.0)
    contraction_speed: float = number("share of today's loss of revenue that stays, a day", "1/day", 0.0, 1.0)
    recovery_speed: float = number("share of lasting damage that recovers a day", "1/day", 0.0, 1.0)
    income_cut: float = fraction("share of what households put by that a full epidemic takes")
    patron_price: float = number(
        "share of the country's revenue that a day's worth of the patron's money costs for good",
        "share per day of spending",
        0.0,
        0.1,
    )
    shutdown_loss: float = fraction("share of revenue lost on a day without internet")
    sanction_loss: float = fraction("share of revenue lost under full sanctions")
    epidemic_loss: float = fraction("share of revenue lost under a full epidemic")
    repression_cost: float = number("extra spending at full aggression", "days of spending per day", 0.0, 5.0)
    services: Services
    strike: Strike


class Effects(Section):
    """What an event does while it lasts. Leave out what it does not touch."""

    trigger: float = number(
        "a moral shock to all who do not find the regime legitimate", "units", 0.0, 5.0, default=0.0
    )
    alert: float = number("alarm of the regime", "share", 0.0, 1.0, default=0.0)
    aggression: float = number(
        "aggression that is ordered, whatever the regime would do by itself; 0 orders nothing",
        "share", 0.0, 1.0, default=0.0,
    )  # fmt: skip
    shutdown: float = number("share of internet capacity cut", "share", 0.0, 1.0, default=0.0)
    called_action: float = number("strength of a call to come out on this day", "share", 0.0, 1.0, default=0.0)
    strike_wave: float = number("strength of a call to strike", "share", 0.0, 1.0, default=0.0)
    leader_arrested: float = number("share of leaders taken", "share", 0.0, 1.0, default=0.0)
    hub_prosecuted: float = number("strength of prosecution of the hub", "share", 0.0, 1.0, default=0.0)
    hub_push: float = number("attention drawn to the hub", "share", 0.0, 1.0, default=0.0)
    sanctions: float = number("strength of foreign sanctions", "share", 0.0, 1.0, default=0.0)
    patron_support: float = number("strength of the patron's backing", "share", 0.0, 1.0, default=0.0)
    patron_transfer: float = number("money from the patron", "days of spending per day", 0.0, 1000.0, default=0.0)
    epidemic: float = number("strength of an epidemic the state neglects", "share", 0.0, 1.0, default=0.0)
    pause: float = number("share of action called off to regroup", "share", 0.0, 1.0, default=0.0)
    patron_forces: float = number(
        "forces that the patron sends, as officers of crowd-control strength 1", "persons", 0.0, 1e7, default=0.0
    )
    remittance_cut: float = number("share of money from abroad that stops", "share", 0.0, 1.0, default=0.0)
    police_away: float = number("share of mobile forces bound elsewhere", "share", 0.0, 1.0, default=0.0)
    war: float = number("strength of a war the regime wages", "share", 0.0, 1.0, default=0.0)
    conscription: float = number("strength of a call-up", "share", 0.0, 1.0, default=0.0)
    legion_call: float = number("strength of a call for volunteers against the regime", "share", 0.0, 1.0, default=0.0)
    findings: float = number("weight of findings on crimes of the regime; they stay", "share", 0.0, 1.0, default=0.0)
    prison_threat: float = number("threat of prison by a new law or campaign", "share", 0.0, 1.0, default=0.0)
    cyberattack: float = number("share of state media's reach taken down", "share", 0.0, 1.0, default=0.0)
    concession: float = number("what the regime concedes", "share", 0.0, 1.0, default=0.0)
    amnesty: float = number("share of short-term prisoners released on the day", "share", 0.0, 1.0, default=0.0)
    examples: dict[str, float] = Field(
        default_factory=dict, description="tactic: strength of a foreign movement's example [share; 0 to 1]"
    )

    @field_validator("examples")
    @classmethod
    def _strengths(cls, value: dict[str, float]) -> dict[str, float]:
        for name, strength in value.items():
            if not 0.0 <= strength <= 1.0:
                raise FieldError("must lie in 0 to 1", (name,), shown(strength))
        return value


class Event(Section):
    """A dated shock."""

    title: str = text("what happened, in a few words")
    date: dt.date = Field(description="first day")
    until: dt.date | None = Field(default=None, description="last day; leave out for an event of one day")
    effects: Effects

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.date:
            raise FieldError("lies before date", ("until",), shown(self.until))
        return self


class Outcome(Section):
    """Named thresholds of the outcome table (model stage 15)."""

    coercion_floor: float = fraction("share of the police loyal below which coercion fails")
    elite_floor: float = fraction("share of elites in public support below which the elite fails")
    arrears_ceiling: float = fraction("share of pay outstanding above which money fails")
    fall_days: int = Field(description="days two pillars must fail together [days; 1 to 365]", ge=1, le=365)
    negotiation_concession: float = number("concession at which they negotiate", "share", 0.01, 1.0)
    extreme_killed: float = number("killed in seven days that make it extreme violence", "per million", 0.01, 1e5)
    general_strike: float = fraction("share of output stopped by strikes that makes a strike general")
    mass_turnout: float = fraction("peak turnout from which there was a movement at all")
    demobilised_turnout: float = fraction("turnout that nobody notices any more")
    demobilised_days: int = Field(description="days below it that end a movement [days; 1 to 365]", ge=1, le=365)
    legitimacy_scar: float = fraction("share of legitimacy lost by which a surviving regime is transformed")
    dependence_scar: float = fraction("patron support by which a surviving regime is transformed")
    force_scar: float = fraction("lasting aggression by which a surviving regime is transformed")


class Mechanisms(Section):
    """Off switches: false removes exactly that mechanism's effect."""

    turnout_news: bool = Field(default=True, description="people are moved by turnout they hear of")
    neighbours: bool = Field(default=True, description="people are moved by neighbours who act")
    colleagues: bool = Field(default=True, description="people are moved by colleagues who act")
    weak_ties: bool = Field(default=True, description="people are moved by weak ties who act")
    backlash: bool = Field(default=True, description="violence angers and costs legitimacy")
    deterrence: bool = Field(default=True, description="violence and risk frighten")
    fatigue: bool = Field(default=True, description="action tires")
    commitment: bool = Field(default=True, description="action commits")
    engaged: bool = Field(default=True, description="there are engaged non-protesters, who give aid")
    coalition: bool = Field(default=True, description="the breadth of the coalition moves people")
    organisations: bool = Field(default=True, description="parties sway their camps")
    hub: bool = Field(default=True, description="there is a hub")
    communities: bool = Field(default=True, description="local communities form")
    tactical_learning: bool = Field(default=True, description="tactics are learnt from success, imitation and example")
    police_learning: bool = Field(default=True, description="police become familiar with tactics")
    strikes: bool = Field(default=True, description="workplaces strike")
    repression: bool = Field(default=True, description="police detain, injure and kill")
    shutdown: bool = Field(default=True, description="the internet can be cut")
    circumvention: bool = Field(default=True, description="people get round a shutdown")
    defection: bool = Field(default=True, description="police shirk and defect")
    elite_split: bool = Field(default=True, description="elites change their private preference")
    patron: bool = Field(default=True, description="a patron supports the regime")
    restraint: bool = Field(default=True, description="the regime holds back before large crowds")
    local_crowds: bool = Field(default=True, description="people are moved by the crowd in their own place")
    dispersion: bool = Field(default=True, description="crowds in many places overstretch mobile forces")
    coverage: bool = Field(default=True, description="elites weigh in how many places people act")
    vigils: bool = Field(default=True, description="kin of prisoners are moved, and hold vigils")
    regime_voters: bool = Field(default=True, description="violence costs the regime the belief of its own voters")
    symbols: bool = Field(default=True, description="acts of disloyalty are heard of and move people")
    loyal_base: bool = Field(
        default=True, description="walk-outs of the loyal base are a symbol, and silence state media"
    )
    international: bool = Field(default=True, description="the world outside reacts to what it sees")
    findings: bool = Field(default=True, description="findings on crimes weigh abroad")
    services: bool = Field(default=True, description="public services hollowed out by skimming make life harder")
    arrears: bool = Field(default=True, description="unpaid wages move workers and police")
    savings: bool = Field(default=True, description="strikers live on savings, which run out")
    contraction: bool = Field(default=True, description="lost revenue leaves lasting damage")
    remittances: bool = Field(default=True, description="households receive money from abroad")
    cooptation: bool = Field(default=True, description="a narrower camp can come to speak for the movement")
    media_trust: bool = Field(default=True, description="media reach a camp as far as it trusts them")
    provocateurs: bool = Field(default=True, description="provocateurs make contact violent")
    pause: bool = Field(default=True, description="the movement can pause to regroup")
    triggers: bool = Field(default=True, description="triggering events and a neglected epidemic anger people")
    diffusion: bool = Field(default=True, description="tactics travel from movements abroad")
    leadership: bool = Field(default=True, description="coordination hangs on leaders who can be taken")
    defiance: bool = Field(default=True, description="the ruler ignores pressure")
    community_trust: bool = Field(default=True, description="communities take time to trust one another")
    mutual_aid: bool = Field(default=True, description="communities give more aid")
    shelter: bool = Field(default=True, description="engaged non-protesters hide those who run")
    prison_threat: bool = Field(default=True, description="the threat of prison frightens")
    war: bool = Field(default=True, description="war binds forces, calls people up, rallies some and drives others out")
    volunteers: bool = Field(default=True, description="people leave to fight for the other side, and bind forces")
    cyber: bool = Field(default=True, description="cyber-attacks silence state media and hamper the police")


__all__ = ["SETTLEMENTS", "Economy", "Effects", "Event", "Locality", "Mechanisms", "Outcome", "Places"]
