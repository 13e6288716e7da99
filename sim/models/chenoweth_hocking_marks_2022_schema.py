"""The scenario of the model of nonviolent resistance strategy (``model: chenoweth-hocking-marks-2022``)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.core.errors import FieldError
from sim.models.scenario import Classic
from sim.scenario.fields import Section, fraction, number


class Grid(Section):
    """The country: a torus of cells that hold one agent each."""

    width: int = number("width", "cells", 3, 1000)
    height: int = number("height", "cells", 3, 1000)
    citizens: float = fraction("share of cells with a citizen at the start")
    activists: float = fraction("share of cells with an activist")
    police: float = fraction("share of cells with an officer")
    pillars: float = fraction("share of cells with a pillar of support")
    vision: int = number("how far everybody sees and moves, Euclidean", "cells", 1, 100)

    @model_validator(mode="after")
    def _room(self) -> Self:
        filled = self.citizens + self.activists + self.police + self.pillars
        if filled >= 1.0:
            raise FieldError(f"must leave empty cells: the shares of all agents add up to {filled:g}", at=("citizens",))
        if 2 * self.vision + 1 > min(self.width, self.height):
            raise FieldError(
                f"must be smaller: the grid is {self.width} x {self.height}, and one would see a cell twice",
                at=("vision",), given=repr(self.vision),
            )  # fmt: skip
        return self


class Citizens(Section):
    """When citizens join, and when they protest."""

    threshold: float = number("net benefit above which a citizen joins", "utility", -1.0, 1.0)
    log_income_mean: float = number("mean of the logarithm of income", "log", -5.0, 5.0)
    log_income_spread: float = number("standard deviation of the logarithm of income", "log", 0.0, 5.0)
    arrest_constant: float = number(
        "k of the perceived probability of arrest 1 - exp(-k police / (1 + allies))", "per ratio", 0.0, 100.0
    )
    jail_weight: float = number("cost of arrest for each step of the longest jail term", "per step", 0.0, 10.0)
    peers: int = number("protesters in view that weigh one half", "persons", 1, 1000)
    fickle: float = fraction("share of citizens who may leave the movement again")
    immediate: float = fraction("share of citizens who can join and protest in the same step")


class Movement(Section):
    """How the movement acts."""

    strategy: Literal["random", "nearest", "weakest"] = Field(
        description="where activists move: anywhere, or towards the nearest or the least loyal pillar within search; "
        "anywhere if there is none"
    )
    targets: Literal["loyal", "all"] = Field(description="whether pillars that have defected still attract activists")
    search: int = number("how far activists look for pillars, Euclidean", "cells", 1, 100)
    cycle: int = number("steps from one protest to the next", "steps", 1, 1000)
    duration: int = number("steps of a protest", "steps", 1, 1000)
    allies: int = number("allies in view without whom nobody protests", "persons", 0, 1000)
    late_start: int = number("longest time until an agent begins to act, drawn for each", "steps", 1, 1000)
    success: float = fraction("share of pillars that must have defected for the movement to win; more is needed")


class Regime(Section):
    """What the regime does."""

    legitimacy: float = fraction("legitimacy at the start")
    backfire: float = fraction("what is left of legitimacy after each killing")
    find: float = fraction("probability that an officer finds members who do not protest")
    target: float = fraction("probability that an officer acts on what he sees")
    kill: float = fraction("probability that he kills instead of arresting")
    jail: int = number("jail terms are drawn from 1 to one less than this", "steps", 2, 10_000)


class Defection(Section):
    """When police and pillars defect."""

    mean: float = fraction("mean share of protesters in view above which they defect")
    spread: float = number("standard deviation of that share", "share", 0.0, 1.0)
    least: float = fraction("lowest such share")


class ChenowethScenario(Classic):
    """A scenario of the model of nonviolent resistance strategy."""

    model: Literal["chenoweth-hocking-marks-2022"] = "chenoweth-hocking-marks-2022"
    grid: Grid
    citizens: Citizens
    movement: Movement
    regime: Regime
    defection: Defection

    @model_validator(mode="after")
    def _search_fits(self) -> Self:
        if 2 * self.movement.search + 1 > min(self.grid.width, self.grid.height):
            raise FieldError(
                f"must be smaller: the grid is {self.grid.width} x {self.grid.height}, and one would see a cell twice",
                at=("movement", "search"), given=repr(self.movement.search),
            )  # fmt: skip
        return self
