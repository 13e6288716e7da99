"""The section `pattern` of a study file, and what the options of a statistic may name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.core.errors import FieldError, shown
from sim.core.keypath import KeyPath
from sim.scenario.fields import Section, text
from sim.study.read import StudyData


class Expected(Section):
    """What is expected of a statistic: a range, open at one end for a direction."""

    above: float | None = Field(default=None, description="lower end, itself not included")
    below: float | None = Field(default=None, description="upper end, itself not included")

    @model_validator(mode="after")
    def _a_range(self) -> Self:
        if self.above is None and self.below is None:
            raise FieldError("must say above, below or both")
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise FieldError(f"must be more than above, which is {self.above:g}", ("below",), shown(self.below))
        return self


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Check(Section):
    """One number that is held against an expectation."""

    says: str = text("what is checked, in words")
    statistic: str = Field(description="one of the statistics of docs/patterns.md")
    options: dict[str, Any] = Field(default_factory=dict, description="what the statistic needs to know")
    expected: Expected
    observed: list[Annotated[list[float], Field(min_length=2, max_length=2)]] = Field(
        default_factory=list, description="observed points [x, y] that the picture shows beside the model's"
    )
    known: str = text("the observed number behind the expectation, in words", default="")
    source: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)] = Field(
        description="ids of claims or publications of the evidence ledger"
    )


class Pattern(Section):
    """A pattern: one sentence, and the checks that make it."""

    says: str = text("the pattern in one sentence")
    limits: str = text("what of it cannot be compared with the model, and why", default="")
    checks: dict[str, Check] = Field(min_length=1, description="check by name")


LABEL, MEASURE, DAY_COLUMN, PLACE_COLUMN, NUMBER, OUTCOME = (
    "label of a point", "measure", "daily column", "column of localities", "number of the summary", "outcome",
)  # fmt: skip
OTHERS = "other points"
"""Not a name: says that the study must have points beside the one that is named."""
CALENDAR = "calendar"
"""Not a name: says that days must have dates."""
SAMPLED = "sampled design"
"""Not a name: says that the study's points must be independent draws, and not share their seeds."""


class Named(NamedTuple):
    """A name that stands in an option: where, of which kind (one of the above), and the name."""

    path: KeyPath
    kind: str
    name: str


class Options(Section):
    """The options of a statistic."""

    def names(self) -> Iterator[Named]:
        """Yield the names that the study must know."""
        yield from ()


class AtPoint(Options):
    """Options of a statistic over the runs of one point."""

    at: str | None = None

    def names(self) -> Iterator[Named]:
        """Yield the label of the point, if there is one."""
        if self.at is not None:
            yield Named(("at",), LABEL, self.at)


def point_of(data: StudyData, label: str | None) -> int:
    """Return the number of the point with a label; the study's first if there is none."""
    points = data.points
    return 0 if label is None else int(points.loc[points["label"] == label, "point"].iloc[0])


def runs_of(data: StudyData, point: int) -> int:
    """Return how many runs of a point have come to their end."""
    return int((data.runs["point"] == point).sum())
