"""The building blocks of a schema: strict frozen sections and numbers with a unit and a range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A part of a scenario: immutable, no unknown keys, no silent conversions, finite numbers only."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


NO_UNIT = ""
"""The unit of a number that has none, such as a random seed."""


def number(description: str, unit: str, low: float | None = None, high: float | None = None, **more: Any) -> Any:
    """Return a pydantic field for a number in ``low..high``, and the unit it is in; `NO_UNIT` if it has none."""
    return Field(description=description, ge=low, le=high, json_schema_extra={"unit": unit}, **more)


def fraction(description: str, **more: Any) -> Any:
    """Return a pydantic field for a share between 0 and 1."""
    return number(description, "share", 0.0, 1.0, **more)


def text(description: str, **more: Any) -> Any:
    """Return a pydantic field for a line of text of at most 2,000 characters."""
    return Field(description=description, max_length=2000, **more)


class About(Section):
    """What the case is."""

    title: str = text("title of the case")
    summary: str = text("what happened, in a sentence or two")
    question: str = text("what the scenario is for", default="")
    authors: list[str] = Field(default_factory=list, description="who drew the scenario")


class Open(Section):
    """A section to which others add fields, which a type checker cannot know of."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class Seeded(Section):
    """How the case is run by default."""

    seed: int = number("default random seed", NO_UNIT, 0, 2**63 - 1)


class Cited(Section):
    """A source of the scenario's own, which its ``sources`` can name beside those of the ledger."""

    citation: str = text("author, year, title", min_length=1)
    note: str = text("what it is used for", default="")
    doi: str = text("digital object identifier", default="")


class Scenario(Section):
    """What a scenario of any model has; each model's own schema says where in the file it stands."""

    requires_sources: ClassVar[bool] = True
    """Whether each value must name its source."""

    publications: dict[str, Cited] = Field(
        default_factory=dict, description="sources of the scenario's own by id, which sources can name", max_length=500
    )

    if TYPE_CHECKING:
        model: str
        about: About
        run: Seeded
