"""The scenario of Moro's model of violent revolutions (``model: moro-2016``)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.core.errors import FieldError
from sim.models.scenario import Classic
from sim.scenario.fields import Section, fraction, number

MOST_CELLS_A_SIDE = 4000


class Grid(Section):
    """The torus on which everybody lives, one to a cell."""

    width: int = number("cells from left to right", "cells", 3, MOST_CELLS_A_SIDE)  # fmt: skip
    height: int = number("cells from top to bottom", "cells", 3, MOST_CELLS_A_SIDE)  # fmt: skip
    neighbourhood: Literal["euclidean", "von_neumann", "moore"] = Field(
        description="cells in vision: within that distance as the crow flies, by steps along the axes, or in a square"
    )
    vision: float = number("how far everybody sees and moves", "cells", 1.0, MOST_CELLS_A_SIDE)


class Citizens(Section):
    """The subjugated population."""

    density: float = fraction("share of cells with a citizen at first")
    log_income_mean: float = number("mean of the logarithm of income", "log", -5.0, 5.0)
    log_income_spread: float = number("standard deviation of the logarithm of income", "log", 0.0, 5.0)
    opportunity_cost: float = number(
        "w: how fast the cost of an arrest rises with income y: tanh(w y / 2)", "per unit of income", 0.0, 100.0
    )
    arrest_constant: float = number(
        "k of the chance of arrest, 1 - exp(-k policemen / rebels)", "per ratio", 0.0, 100.0
    )
    threshold: float = number("grievance less expected cost above which a citizen is active", "utility", -1.0, 1.0)


class Revolutionaries(Section):
    """Members of the armed organisation."""

    density: float = fraction("share of cells with a revolutionary at first")
    rebels_per_policeman: float = number("n: rebels for each policeman in vision, oneself counted, from which a "
                                         "revolutionary comes out and fights", "rebels a policeman", 0.0,
                                         1000.0)  # fmt: skip
    precision: float = fraction("r: chance that a revolutionary who fights kills the policeman aimed at")


class Police(Section):
    """The loyal forces of the central authority."""

    density: float = fraction("share of cells with a policeman at first")
    precision: float = fraction("p: chance that a policeman kills the revolutionary aimed at")
    longest_term: int = number("jail terms are 1, 2, 3 … this many turns", "steps", 1, 1_000_000)  # fmt: skip


class Outcomes(Section):
    """How an end is named."""

    anarchy_above: float = fraction("share of policemen killed above which a failed revolution leaves anarchy")


class MoroScenario(Classic):
    """A scenario of Moro's model of violent revolutions."""

    model: Literal["moro-2016"] = "moro-2016"
    grid: Grid
    legitimacy: float = fraction("legitimacy of the central government")
    citizens: Citizens
    revolutionaries: Revolutionaries
    police: Police
    outcomes: Outcomes

    @model_validator(mode="after")
    def _fits_on_the_grid(self) -> Self:
        shortest = min(self.grid.width, self.grid.height)
        if 2 * int(self.grid.vision) + 1 > shortest:
            raise FieldError(
                f"is larger than the grid: on a torus of {self.grid.width} by {self.grid.height} cells one sees at "
                f"most {(shortest - 1) // 2} cells far, or would see oneself from behind",
                at=("grid", "vision"), given=f"{self.grid.vision:g}",
            )  # fmt: skip
        densities = self.citizens.density, self.revolutionaries.density, self.police.density
        if sum(densities) > 1.0:
            raise FieldError(
                "citizens on {:g}, revolutionaries on {:g} and policemen on {:g} of the cells are more than there are "
                "cells".format(*densities),
                at=("citizens", "density"),
            )
        return self
