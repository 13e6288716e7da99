"""Section ``people``: who lives in the country, what they own, hear and feel, and what moves them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.core.errors import FieldError, nearest
from sim.scenario.fields import Open, Section, fraction, number

Settlement = Literal["metropolis", "city", "town", "village"]
SETTLEMENTS: tuple[Settlement, ...] = ("metropolis", "city", "town", "village")
Share = Annotated[float, fraction("part of the whole")]
MOST_NAMES = 64  # a class, camp or age is stored in one byte, and coalition breadth needs few groups


def one(shares: Iterable[float], what: str, at: tuple[str, ...] = ()) -> None:
    """Raise FieldError unless the shares add to 1 within one in a thousand."""
    total = sum(shares)
    if abs(total - 1.0) > 1e-3:
        raise FieldError(f"{what} must add to 1, these add to {total:.4g}", at)


class BySettlement(Section):
    """One number for each kind of settlement."""

    metropolis: float = number("in the metropolis", "factor", 0.0, 10.0)
    city: float = number("in cities", "factor", 0.0, 10.0)
    town: float = number("in towns", "factor", 0.0, 10.0)
    village: float = number("in villages", "factor", 0.0, 10.0)


class Households(Section):
    """One share of households for each kind of settlement."""

    metropolis: float = fraction("in the metropolis")
    city: float = fraction("in cities")
    town: float = fraction("in towns")
    village: float = fraction("in villages")


class Readiness(Section):
    """How much readier to act people are in each kind of settlement."""

    metropolis: float = number("in the metropolis", "SD", -5.0, 5.0)
    city: float = number("in cities", "SD", -5.0, 5.0)
    town: float = number("in towns", "SD", -5.0, 5.0)
    village: float = number("in villages", "SD", -5.0, 5.0)


class Workplaces(Section):
    """Sizes of the workplaces of a class: lognormal, so that a few giants employ many."""

    median: float = number("median size of a workplace", "persons", 1.0, 1e5)
    spread: float = number("standard deviation of the logarithm of size", "ln persons", 0.0, 3.0)


class Class(Section):
    """A class or sector of the population."""

    share: float = fraction("share of the whole population in this class")
    hardship: float = fraction("mean hardship: how poorly this class lives")
    availability: float = fraction("share of the willing of this class who can come on a working day")
    readiness: float = number("how much readier this class is to act than its hardship tells", "SD", -9.0, 3.0)
    output: float = fraction("share of the country's output that stops when the whole class strikes")
    loyal_base: bool = Field(
        default=False, description="whether the regime counts this class its own, so that its walk-outs are a symbol"
    )
    broadcasts: bool = Field(
        default=False, description="whether this class makes state television, which falls silent when it strikes"
    )
    public_pay: bool = Field(
        description="whether the state stands behind the pay of this class, so that its arrears reach it"
    )
    ages: dict[str, Share] = Field(description="share of each age group in this class; adds to 1")
    settlements: BySettlement = Field(description="how much likelier this class is in each settlement")
    workplaces: Workplaces | None = Field(
        default=None, description="sizes of workplaces; leave out for those who are not employed"
    )

    @model_validator(mode="after")
    def _ages_add_to_one(self) -> Self:
        one(self.ages.values(), "shares of age groups", ("ages",))
        return self


class Age(Section):
    """An age group's media diet and means of getting round a blocked internet."""

    internet: float = fraction("share who use the internet")
    hub_taste: float = number("how much likelier than average to follow the hub", "factor", 0.0, 5.0)
    state_tv: float = fraction("share whose news is state television")
    circumvention: float = fraction("share who can come to use a VPN or mesh app at all")


class Camp(Section):
    """A political camp before the first day."""

    shares: dict[str, Share] = Field(description="share of each age group that belongs to this camp")
    initial_legitimacy: float = fraction("how legitimate this camp finds the regime on the first day")
    duty: float = number("sense of civic duty to act against the regime", "SD", -3.0, 3.0)
    trust_state_media: float = fraction("trust in state media: how far they reach this camp's mind")
    trust_opposition_media: float = fraction("trust in the hub and other opposition media")


class Networks(Section):
    """Kin and weak ties."""

    kin_group: int = number("persons (agents) in a kin group", "agents", 1, 50)
    weak_ties: int = number("weak ties of a citizen", "ties", 0, 64)
    local_ties: float = fraction("share of weak ties within one's own locality")


class Motive(Open):
    """Weights of the motive to act (model equation 5) and the two cuts through it."""

    threshold_mean: float = number("mean threshold; its standard deviation is 1", "SD", 0.0, 8.0)
    hardship_spread: float = fraction("standard deviation of hardship within a class")
    legitimacy_spread: float = fraction("standard deviation of legitimacy within a camp")


class Emotion(Open):
    """Rates of anger, legitimacy, fear, fatigue and commitment (model equations 4a to 4e)."""


class People(Section):
    """The population."""

    classes: dict[str, Class] = Field(description="classes and sectors", min_length=1, max_length=MOST_NAMES)
    ages: dict[str, Age] = Field(description="age groups", min_length=1, max_length=MOST_NAMES)
    camps: dict[str, Camp] = Field(description="political camps", min_length=1, max_length=MOST_NAMES)
    settlement_readiness: Readiness = Field(
        description="readiness to act that a settlement's density and networks lend"
    )
    settlement_hardship: BySettlement = Field(description="hardship of a settlement relative to the class mean")
    migrant_households: Households = Field(description="share of households with a member working abroad")
    networks: Networks
    motive: Motive
    emotion: Emotion

    @model_validator(mode="after")
    def _shares_add_to_one(self) -> Self:
        one((c.share for c in self.classes.values()), "shares of classes", ("classes",))
        for name, item in self.classes.items():
            for age in set(item.ages) - set(self.ages):
                raise FieldError(
                    "people.ages has no such age group", ("classes", name, "ages", age), "", nearest(age, self.ages)
                )
        for name, camp in self.camps.items():
            if set(camp.shares) != set(self.ages):
                raise FieldError("must give a share for each of people.ages", ("camps", name, "shares"))
        for age in self.ages:
            one((c.shares[age] for c in self.camps.values()), f"camps' shares of age group {age!r}", ("camps",))
        return self
