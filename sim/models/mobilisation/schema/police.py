"""Sections ``police``, ``elites`` and ``regime``: those who can repress, and those who can let go."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.models.mobilisation.schema.people import MOST_NAMES, one
from sim.scenario.fields import Open, Section, fraction, number


class Force(Section):
    """A police or army force."""

    persons: int = number("officers and soldiers of this force", "persons", 0, 10_000_000)
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


class Detention(Open):
    """What happens to those who are caught (model stage 8)."""


class Loyalty(Open):
    """Rates of police loyalty (model stage 10)."""


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


class Elites(Open):
    """The ruling elite (model stage 12)."""

    members: int = number("members of the elite", "persons", 10, 5000)
    kinds: dict[str, ElitePosition] = Field(description="kinds of elite", min_length=1, max_length=MOST_NAMES)

    @model_validator(mode="after")
    def _shares_add_to_one(self) -> Self:
        one((k.share for k in self.kinds.values()), "shares of kinds", ("kinds",))
        return self


class Institution(Section):
    """A body that can act against a ruler once enough of its members would."""

    members: str = Field(description="kind of elite that sits in it")
    opposition: float = fraction("share of its seats that never were the ruler's")
    independence: float = fraction("how far it acts by its own law")
    quorum: float = fraction("share of its seats that it takes to act")
    power: Literal["annul", "remove", "oust", "refuse", "withhold"] = Field(
        description="what it can do: annul a contested vote, remove the ruler by law, oust him by arms, refuse to "
        "send the army, withhold taxes"
    )


class Regime(Open):
    """How the regime reacts (model stage 13)."""
