"""The whole scenario of the flagship model ``mobilisation``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from sim.core.errors import FieldErrors
from sim.models.mobilisation.mechanisms import MECHANISMS
from sim.models.mobilisation.schema.assemble import assembled
from sim.models.mobilisation.schema.movement import Information, Movement
from sim.models.mobilisation.schema.people import MOST_NAMES, People
from sim.models.mobilisation.schema.police import Elites, Institution, Police, Regime
from sim.models.mobilisation.schema.society import Economy, Event, Mechanisms, Outcome, Places
from sim.models.mobilisation.schema.whole import faults
from sim.models.mobilisation.schema.world import Abroad, War
from sim.scenario.fields import About, Open, Scenario, Section, Seeded, fraction, number

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class Availability(Section):
    """Share of those willing who can come, relative to the most that ever can."""

    working_day: float = fraction("on a working day, times the class's own availability")
    weekend: float = fraction("on a day of the weekend that is not the big day")
    big_day: float = fraction("on the big day, as far as it is free time and not a habit of the movement")
    called: float = fraction("on a day to which all are called or on which all expect one another, if that is more")


class Time(Section):
    """The calendar."""

    start: dt.date = Field(description="first day")
    days: int = number("length of the run", "days", 1, 3660)
    weekend: list[Weekday] = Field(description="days of the week without work")
    big_day: Weekday = Field(description="day of the week on which people gather by custom (movement.rhythm.custom)")
    availability: Availability


class Run(Seeded):
    """How the case is run by default."""

    persons_per_agent: int = number("people one agent stands for", "persons", 1, 1_000_000)
    officers_per_agent: int = number("officers one police agent stands for", "persons", 1, 100_000)


class Country(Open, Scenario):
    """A scenario of the model of protest mobilisation without what mechanisms add."""

    model: Literal["mobilisation"] = "mobilisation"
    about: About
    time: Time
    places: Places
    people: People
    police: Police
    elites: Elites
    institutions: dict[str, Institution] = Field(
        default_factory=dict, description="bodies that can act against the ruler", max_length=MOST_NAMES
    )
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
    def _is_whole(self) -> Self:
        found = tuple(faults(self))
        if found:
            raise FieldErrors(found)
        return self


if TYPE_CHECKING:

    class Mobilisation(Country):
        """A scenario of the model of protest mobilisation."""
else:
    Mobilisation = assembled(Country, MECHANISMS)
    Mobilisation.__name__ = Mobilisation.__qualname__ = "Mobilisation"
    Mobilisation.__doc__ = "A scenario of the model of protest mobilisation."
