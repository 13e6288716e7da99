"""Sections ``places``, ``economy``, ``events``, ``outcome``, ``mechanisms``: where, with what, and when."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.core.errors import FieldError, shown
from sim.models.mobilisation.schema.people import SETTLEMENTS, Settlement
from sim.scenario.fields import Open, Section, fraction, number, text


class Locality(Section):
    """A city, town or rural remainder of a region."""

    region: str = text("region (first-level administrative unit)")
    lat: float = number("latitude", "degrees north", -90.0, 90.0)
    lon: float = number("longitude", "degrees east", -180.0, 180.0)
    population: int = number("inhabitants", "persons", 1, 100_000_000)
    settlement: Settlement = Field(description="kind of settlement")


class NeighbourhoodSize(Section):
    """Residents of a neighbourhood in each kind of settlement."""

    metropolis: int = number("in the metropolis", "persons", 50, 100_000)
    city: int = number("in cities", "persons", 50, 100_000)
    town: int = number("in towns", "persons", 50, 100_000)
    village: int = number("in villages", "persons", 50, 100_000)


class Places(Section):
    """The country."""

    population: int = number("inhabitants of the country; the localities add to it", "persons", 1, 2_000_000_000)
    outline: str | None = Field(default=None, max_length=100, description="name of the country's outline for maps")
    neighbourhood_residents: NeighbourhoodSize
    localities: dict[str, Locality] = Field(description="localities by name", min_length=1, max_length=5000)

    @model_validator(mode="after")
    def _localities_add_up(self) -> Self:
        total = sum(place.population for place in self.localities.values())
        if total != self.population:
            message = f"must be {total}, which places.localities hold together"
            raise FieldError(message, ("population",), shown(self.population))
        return self


class Strike(Open):
    """Strikes (model stage 7)."""


class Economy(Open):
    """The state's money (model stage 11)."""

    strike: Strike


Strength = Annotated[float, fraction("strength")]


class Effects(Open):
    """What an event does while it lasts. Leave out what it does not touch."""

    examples: dict[str, Strength] = Field(
        default_factory=dict, description="tactic: strength of a foreign movement's example"
    )


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
    negotiation_concession: float = number("concession at which they negotiate", "share", 0.01, 1.0)
    extreme_killed: float = number("killed in seven days that make it extreme violence", "per million", 0.01, 1e5)
    war_deaths: float = number("dead of fighting in about a year that make it a war", "persons", 1.0, 1e6)
    crushed: float = fraction("detained or killed, of the largest turnout, from which a movement was crushed")
    general_strike: float = fraction("share of output stopped by strikes that makes a strike general")
    mass_turnout: float = fraction("peak turnout from which there was a movement at all")
    demobilised_turnout: float = fraction("turnout that nobody notices any more")
    demobilised_days: int = number("days below it that end a movement", "days", 1, 365)
    legitimacy_scar: float = fraction("share of legitimacy lost by which a surviving regime is transformed")
    dependence_scar: float = fraction("patron support by which a surviving regime is transformed")
    force_scar: float = fraction("lasting aggression by which a surviving regime is transformed")


class Mechanisms(Open):
    """Off switches: false removes exactly that mechanism's effect."""


__all__ = ["SETTLEMENTS", "Economy", "Effects", "Event", "Locality", "Mechanisms", "Outcome", "Places"]
