"""The scenario of Epstein's models of civil violence (``model: epstein-2002``)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from sim.core.errors import FieldError
from sim.scenario.fields import About, Scenario, Section, Seeded, fraction, number

MOST_CELLS_A_SIDE = 4000
MOST_STEPS = 1_000_000
MOST_CHANGES = 1000


class Grid(Section):
    """The torus on which everybody lives."""

    width: int = number("cells from left to right", "cells", 3, MOST_CELLS_A_SIDE)  # fmt: skip
    height: int = number("cells from top to bottom", "cells", 3, MOST_CELLS_A_SIDE)  # fmt: skip
    neighbourhood: Literal["euclidean", "von_neumann", "moore"] = Field(
        description="cells in vision: within that distance as the crow flies, by steps along the axes, or in a square"
    )
    placement: Literal["exact", "by_chance"] = Field(
        description="exact: as many agents as the densities say, on random cells; by_chance: each cell draws its own"
    )


class Change(Section):
    """A value that is not the same at all times."""

    at: int = number("first step with a new value", "steps", 1, MOST_STEPS)
    to: float = fraction("value that is reached")
    over: int = number("steps that the way there takes", "steps", 1, MOST_STEPS, default=1)  # fmt: skip


Changes = Annotated[list[Change], Field(max_length=MOST_CHANGES)]


class Legitimacy(Section):
    """Legitimacy of the regime (Model I), or of the other group's right to exist (Model II), the same to everybody."""

    value: float = fraction("perceived legitimacy")
    changes: Changes = Field(default=[], description="how it changes, in the order of time")


class Citizens(Section):
    """Those who may rebel."""

    density: float = fraction("share of cells with a citizen at first")
    vision: float = number("how far a citizen sees and moves", "cells", 1.0, MOST_CELLS_A_SIDE)
    threshold: float = number("grievance less net risk above which a citizen is active", "utility", -1.0, 1.0)
    arrest_constant: float = number("k of the chance of arrest, 1 - exp(-k C/A)", "per ratio", 0.0, 100.0)
    ratio_rule: Literal["literal", "floor", "round", "netlogo"] = Field(
        description="how C/A is used: as it is; rounded down; to the nearest whole number, halves to the even one; or "
        "the chance is 0.99 if C/A is 1 or more and else 0, which NetLogo's text gives as a simplification"
    )
    counted: Literal["once", "twice"] = Field(
        description="once: A is oneself and the other active citizens; twice: who is active already counts again"
    )
    move: bool = Field(description="whether citizens move")


class Cops(Section):
    """Forces of the central authority; peacekeepers in Model II."""

    density: float = fraction("share of cells with a cop at first")
    vision: float = number("how far a cop sees and moves", "cells", 1.0, MOST_CELLS_A_SIDE)
    move: bool = Field(description="whether cops move")
    onto_suspect: bool = Field(description="whether a cop goes to the cell of a citizen just arrested")
    changes: Changes = Field(default=[], description="how their density changes, in the order of time")


class Uniform(Section):
    """Terms are real numbers, served in whole turns."""

    law: Literal["uniform"] = Field(description="any number from 0 to the longest term")
    longest: int = number("longest term", "steps", 0, 1_000_000)


class Whole(Section):
    """Terms are whole numbers, the longest included."""

    law: Literal["whole"] = Field(description="0, 1, 2 … the longest term")
    longest: int = number("longest term", "steps", 0, 1_000_000)


class WholeBelow(Section):
    """Terms are whole numbers, the longest left out."""

    law: Literal["whole_below"] = Field(description="0, 1, 2 … one less than the longest term")
    longest: int = number("first term that is too long", "steps", 1, 1_000_000)


class Forever(Section):
    """Nobody is released."""

    law: Literal["forever"] = Field(description="nobody is released")


Term = Annotated[Uniform | Whole | WholeBelow | Forever, Field(discriminator="law")]


class Jail(Section):
    """What becomes of the arrested."""

    term: Term = Field(description="law of the term")
    served: Literal["own_turns", "steps"] = Field(
        description="own_turns: a term counts the turns that the jailed misses; steps: it counts down at the end of "
        "each step, the step of the arrest included"
    )
    place: Literal["away", "stays", "stays_aside"] = Field(
        description="away: off the grid, and released onto a random empty cell; stays: keeps the cell; stays_aside: "
        "stays, but others may enter the cell"
    )


class Groups(Section):
    """Two ethnic groups: active citizens kill (Model II)."""

    share: float = fraction("share of the first group among citizens at first")
    cloning: float = fraction("chance a step of a free citizen with an empty cell in vision to be cloned onto it")
    lifespan: int = number("longest life; lives are uniform up to it", "steps", 1, 1_000_000)  # fmt: skip


class Outbursts(Section):
    """What is called an outburst."""

    above: int = number("an outburst is a time with more active citizens", "citizens", 0, 16_000_000)  # fmt: skip
    calm_below: int = number("a step with fewer active citizens is calm", "citizens", 0, 16_000_000)  # fmt: skip


class Time(Section):
    """The horizon, and what happens in a step."""

    steps: int = number("length of the run", "steps", 1, MOST_STEPS)
    order: Literal["move_first", "act_first"] = Field(
        description="whether an agent moves and then acts on what it sees there, or acts and then moves"
    )


class EpsteinScenario(Scenario):
    """A scenario of Epstein's models of civil violence, of NetLogo's Rebellion or of Mesa's example."""

    model: Literal["epstein-2002"] = "epstein-2002"
    about: About
    grid: Grid
    legitimacy: Legitimacy
    citizens: Citizens
    cops: Cops
    jail: Jail
    groups: Groups | None = Field(default=None, description="two groups that may kill each other; left out in Model I")
    outbursts: Outbursts
    time: Time
    run: Seeded
    sources: dict[str, Any] = Field(description="key path: where its value comes from")

    @model_validator(mode="after")
    def _fits_on_the_grid(self) -> Self:
        shortest = min(self.grid.width, self.grid.height)
        for name, vision in (("citizens", self.citizens.vision), ("cops", self.cops.vision)):
            if 2 * int(vision) + 1 > shortest:
                most = (shortest - 1) // 2
                raise FieldError(
                    f"is larger than the grid: on a torus of {self.grid.width} by {self.grid.height} cells one sees at "
                    f"most {most} cells far, or would see oneself from behind",
                    at=(name, "vision"),
                    given=f"{vision:g}",
                )
        densest = max([self.cops.density, *(change.to for change in self.cops.changes)])
        if self.citizens.density + densest > 1.0:
            raise FieldError(
                f"citizens on {self.citizens.density:g} and cops on {densest:g} of the cells are more than there are "
                "cells",
                at=("citizens", "density"),
            )
        return self

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for name, changes in (("legitimacy", self.legitimacy.changes), ("cops", self.cops.changes)):
            for earlier, later in pairwise(changes):
                if later.at < earlier.at + earlier.over:
                    raise FieldError(
                        f"the change at step {later.at} begins before the one at step {earlier.at} is over",
                        at=(name, "changes"),
                    )
        if self.cops.onto_suspect and self.jail.place == "stays":
            raise FieldError("cannot be: the jailed keep their cells (jail.place: stays)", at=("cops", "onto_suspect"))
        if self.groups is not None and self.jail.place == "stays_aside":
            raise FieldError("stays_aside is not possible with groups: a cell holds one citizen", at=("jail", "place"))
        return self
