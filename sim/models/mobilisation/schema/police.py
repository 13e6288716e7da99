"""Sections ``police``, ``elites`` and ``regime``: those who can repress, and those who can let go."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from sim.models.mobilisation.schema.people import MOST_NAMES, one
from sim.scenario.fields import Section, fraction, number


class Force(Section):
    """A police or army force."""

    persons: int = Field(
        description="officers and soldiers of this force [persons; 0 to 10000000]", ge=0, le=10_000_000
    )
    weight: float = number("crowd-control strength of one officer", "factor", 0.0, 20.0)
    deployed: float = fraction("share of the force that can be in the streets on one day")
    mobile: float = fraction("share sent wherever crowds are; the rest stays in its own locality")
    outsiders: float = fraction("share of officers from elsewhere, without kin in the local crowd")
    initial_loyalty: float = number("mean loyalty on the first day", "SD", -5.0, 10.0)
    pay: float = number("pay relative to the average wage", "factor", 0.0, 10.0)
    call_out: float = fraction("aggression of the regime from which the first of this force are sent out")
    all_out: float = fraction("aggression of the regime from which the whole of this force is sent out")

    @model_validator(mode="after")
    def _first_before_all(self) -> Self:
        if self.all_out < self.call_out:
            raise ValueError(f"all_out ({self.all_out:g}) must not be below call_out ({self.call_out:g})")
        return self


class Detention(Section):
    """What happens to those who are caught (model stage 8)."""

    contact: float = number("detentions an officer can attempt a day", "1/day", 0.0, 10.0)
    held_days: float = number("mean days of a short detention", "days", 1.0, 60.0)
    prison_share: float = fraction("share of the detained who are sent to prison")
    prison_days: float = number("mean days of a prison term", "days", 1.0, 5000.0)
    places: float = number("places of detention in the whole country", "persons", 1.0, 1e7)
    injury: float = number("injured for each person in contact at full aggression", "share", 0.0, 5.0)
    lethality: float = number("killed for each person in contact at full aggression", "share", 0.0, 1.0)
    overstretch: float = fraction("share of mobile forces lost on the roads when crowds are in countless places")
    provocation: float = fraction("share of contact that provocateurs make violent")
    anger_violence: float = fraction("share of contact that protesters' anger makes violent, at full anger")
    exile: float = fraction("share of the released who leave the country")


class Loyalty(Section):
    """Rates of police loyalty (model stage 10)."""

    loyalty_spread: float = number("standard deviation of loyalty between officers", "SD", 0.0, 5.0)
    loyalty_noise: float = number("daily noise of an officer's loyalty", "SD", 0.0, 1.0)
    loyalty_recovery: float = number("return to former loyalty a day", "1/day", 0.0, 1.0)
    pay_loyalty: float = number("loyalty gained per average wage above the average", "SD", 0.0, 3.0)
    peaceful_doubt: float = number("loyalty lost a day by confronting a peaceful crowd with force", "SD/day", 0.0, 2.0)
    kin_doubt: float = number("loyalty lost a day where one's own neighbourhood protests", "SD/day", 0.0, 5.0)
    colleague_doubt: float = number("loyalty lost a day by visible defections", "SD/day", 0.0, 2.0)
    arrears_doubt: float = number("loyalty lost on a day without pay", "SD/day", 0.0, 2.0)
    violence_cohesion: float = number("loyalty gained a day by facing violent protesters", "SD/day", 0.0, 2.0)
    guilt_cohesion: float = number("loyalty gained a day by those with blood on their hands", "SD/day", 0.0, 2.0)
    shirk_below: float = number("loyalty below which an officer shirks", "SD", -5.0, 5.0)
    criticise_below: float = number("loyalty below which a shirking officer criticises in public", "SD", -5.0, 5.0)
    defect_below: float = number("loyalty below which rank and file may defect", "SD", -5.0, 5.0)
    switch_below: float = number("loyalty below which one who defects changes sides", "SD", -5.0, 5.0)
    rank_step: float = number("how much lower the cut lies for each higher rank", "SD", 0.0, 5.0)
    defection_rate: float = number("chance a day of defecting, per SD below the cut", "1/day", 0.0, 1.0)
    duty_fatigue: float = number("fatigue of a day of deployment", "share", 0.0, 1.0)
    duty_rest: float = number("share of police fatigue lost a day", "1/day", 0.0, 1.0)


class Ranks(Section):
    """Shares of ranks in every force; they add to 1."""

    rank_and_file: float = fraction("rank and file")
    officer: float = fraction("officers")
    commander: float = fraction("commanders")

    @model_validator(mode="after")
    def _add_to_one(self) -> Self:
        one((self.rank_and_file, self.officer, self.commander), "shares of ranks")
        return self


class Police(Section):
    """The forces of coercion."""

    forces: dict[str, Force] = Field(description="forces", min_length=1, max_length=MOST_NAMES)
    ranks: Ranks
    detention: Detention
    loyalty: Loyalty


class ElitePosition(Section):
    """A kind of elite and what it stands to lose."""

    share: float = fraction("share of the elite that is of this kind")
    rents: float = number("what this kind gains from the regime", "SD", -5.0, 5.0)
    strike_exposure: float = number("loss per share of output struck", "SD", 0.0, 50.0)
    shutdown_exposure: float = number("loss on a day without internet", "SD", 0.0, 10.0)
    sanction_exposure: float = number("loss under full sanctions", "SD", 0.0, 10.0)
    epidemic_exposure: float = number("loss under a full epidemic", "SD", 0.0, 10.0)
    street_exposure: float = number("loss of standing at full turnout", "SD", 0.0, 10.0)


class Elites(Section):
    """The ruling elite (model stage 12)."""

    members: int = Field(description="members of the elite [persons; 10 to 5000]", ge=10, le=5000)
    kinds: dict[str, ElitePosition] = Field(description="kinds of elite", min_length=1, max_length=MOST_NAMES)
    preference_spread: float = number("standard deviation of private preference", "SD", 0.0, 5.0)
    preference_speed: float = number("share of the gap to today's interest closed a day", "1/day", 0.0, 1.0)
    punishment: float = number(
        "what early defectors expect to suffer under full loyalty of the police", "share", 0.0, 5.0
    )
    stance_mean: float = number("mean share of open dissent that makes a private opponent speak", "share", 0.0, 2.0)
    stance_spread: float = number("standard deviation of that threshold", "share", 0.0, 1.0)
    patron_reassurance: float = number("gain for all elites from full patron support", "SD", 0.0, 5.0)
    coverage_weight: float = fraction("share of the streets' weight that takes protest in every town")

    @model_validator(mode="after")
    def _shares_add_to_one(self) -> Self:
        one((k.share for k in self.kinds.values()), "shares of kinds", ("kinds",))
        return self


class Regime(Section):
    """How the regime reacts (model stage 13)."""

    aggression_base: float = fraction("aggression in quiet times")
    aggression_gain: float = number("aggression per unit of perceived threat", "factor", 0.0, 2.0)
    aggression_speed: float = number("share of the gap to the wanted aggression closed a day", "1/day", 0.0, 1.0)
    alert_decay: float = number("share of an alert lost a day", "1/day", 0.0, 1.0)
    street_capacity: float = number("turnout beyond which force is held back", "percent of population", 0.01, 100.0)
    backlash_restraint: float = number("restraint by anger at violence, times turnout", "factor", 0.0, 10.0)
    defection_restraint: float = number("restraint per share of police not loyal", "factor", 0.0, 20.0)
    shutdown_readiness: float = fraction("share of the internet cut at full threat on a day of large crowds")
    shutdown_threat: float = fraction("perceived threat from which the regime cuts the internet")
    concession_speed: float = number("concession gained a day when coercion and elites fail", "1/day", 0.0, 1.0)
    defiance: float = fraction("share of such pressure that the ruler ignores")
    flight_pressure: float = fraction("share of lost pillars at which the ruler prefers flight")
    rescue_level: float = fraction("share of the first reserves below which the patron is asked for money")
    patron_rescue: float = number("what the patron then sends at full backing", "days of spending per day", 0.0, 5.0)
