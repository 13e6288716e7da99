"""The whole scenario of the flagship model ``mobilisation``."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from sim.core.errors import FieldError, nearest, shown
from sim.models.mobilisation.mechanism import check_name
from sim.models.mobilisation.mechanisms import MECHANISMS
from sim.models.mobilisation.schema.assemble import assembled
from sim.models.mobilisation.schema.movement import Information, Movement
from sim.models.mobilisation.schema.people import People
from sim.models.mobilisation.schema.police import Elites, Police, Regime
from sim.models.mobilisation.schema.society import Economy, Event, Mechanisms, Outcome, Places
from sim.models.mobilisation.schema.world import Abroad, War
from sim.scenario.fields import About, Open, Scenario, Section, Seeded, fraction

MOST_AGENTS = 100_000_000
"""Citizens a run may have; they take some ten gigabytes."""


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Availability(Section):
    """Share of those willing who can come, relative to the most that ever can."""

    working_day: float = fraction("on a working day, times the class's own availability")
    weekend: float = fraction("on a day of the weekend that is not the big day")
    big_day: float = fraction("on the day of the week on which most people come out")
    called: float = fraction("on a day of a called action, if that is more")


class Time(Section):
    """The calendar."""

    start: dt.date = Field(description="first day")
    days: int = Field(description="length of the run [days; 1 to 3660]", ge=1, le=3660)
    weekend: list[Weekday] = Field(description="days of the week without work")
    big_day: Weekday = Field(description="day of the week on which most people come out")
    availability: Availability


class Run(Seeded):
    """How the case is run by default."""

    persons_per_agent: int = Field(
        description="people one agent stands for [persons; 1 to 1000000]", ge=1, le=1_000_000
    )
    officers_per_agent: int = Field(
        description="officers one police agent stands for [persons; 1 to 100000]", ge=1, le=100_000
    )


class Country(Open, Scenario):
    """A scenario of the model of protest mobilisation without what mechanisms add."""

    model: Literal["mobilisation"] = "mobilisation"
    about: About
    time: Time
    places: Places
    people: People
    police: Police
    elites: Elites
    regime: Regime
    movement: Movement
    economy: Economy
    information: Information
    world: Abroad
    war: War
    events: dict[str, Event] = Field(description="dated shocks by name", max_length=500)
    outcome: Outcome
    mechanisms: Mechanisms = Field(default_factory=Mechanisms, description="off switches")
    run: Run
    sources: dict[str, Any] = Field(description="key path: where its value comes from")

    @model_validator(mode="after")
    def _fits_in_memory(self) -> Self:
        if self.places.population > MOST_AGENTS * self.run.persons_per_agent:
            least = math.ceil(self.places.population / MOST_AGENTS)
            at = ("run", "persons_per_agent")
            raise FieldError(f"must be at least {least} for so many people", at, shown(self.run.persons_per_agent))
        return self

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        last = self.time.start + dt.timedelta(days=self.time.days - 1)
        for name, event in self.events.items():
            if event.date > last or (event.until or event.date) < self.time.start:
                raise FieldError(f"lies outside the run ({self.time.start} to {last})", ("events", name, "date"))
            for tactic in event.effects.examples:
                if tactic not in self.movement.tactics:
                    at = ("events", name, "effects", "examples", tactic)
                    near = nearest(tactic, self.movement.tactics)
                    raise FieldError("movement.tactics has no such tactic", at, nearest=near)
        for name, body in self.movement.organisations.items():
            check_name(
                body.camp, self.people.camps, "people.camps", "camp", ("movement", "organisations", name, "camp")
            )
        for mechanism in MECHANISMS.values():
            for check in mechanism.checks:
                check(self)
        return self


if TYPE_CHECKING:

    class Mobilisation(Country):
        """A scenario of the model of protest mobilisation."""
else:
    Mobilisation = assembled(Country, MECHANISMS)
    Mobilisation.__name__ = Mobilisation.__qualname__ = "Mobilisation"
    Mobilisation.__doc__ = "A scenario of the model of protest mobilisation."
