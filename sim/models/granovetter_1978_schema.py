"""The scenario of Granovetter's threshold model (``model: granovetter-1978``)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.models.scenario import Classic, one_each
from sim.scenario.fields import Section, number

MOST_PERSONS = 10_000_000
MOST_LISTED = 100_000


class Explicit(Section):
    """Thresholds written out; with 0 or less one acts unprompted, with as many as there are persons, or more, never."""

    kind: Literal["explicit"] = Field(description="thresholds written out")
    values: list[float] = number("the threshold of each person", "persons already acting", max_length=MOST_LISTED)


class Uniform(Section):
    """Thresholds 0, 1, 2 … one less than there are persons."""

    kind: Literal["uniform"] = Field(description="thresholds 0, 1, 2 … one less than there are persons")
    sampled: bool = Field(
        default=False,
        description="false: each of these thresholds once; true: everyone draws one of them by chance",
    )


class Normal(Section):
    """Thresholds drawn from a normal distribution; those of 0 or less act unprompted."""

    kind: Literal["normal"] = Field(description="thresholds drawn from a normal distribution")
    mean: float = number("mean threshold", "persons already acting", -1e7, 1e7)
    spread: float = number("standard deviation of thresholds", "persons already acting", 0.0, 1e7)


Thresholds = Annotated[Explicit | Uniform | Normal, Field(discriminator="kind")]


class Population(Section):
    """The crowd."""

    persons: int = number("persons who may act", "persons", 1, MOST_PERSONS)
    thresholds: Thresholds = Field(description="how many must already act before a person does")

    @model_validator(mode="after")
    def _one_threshold_each(self) -> Self:
        if isinstance(self.thresholds, Explicit):
            one_each(self.thresholds.values, self.persons)
        return self


class GranovetterScenario(Classic):
    """A scenario of Granovetter's threshold model of collective behaviour."""

    model: Literal["granovetter-1978"] = "granovetter-1978"
    population: Population
