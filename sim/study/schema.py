"""The schema of a study file."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator, model_validator

from sim.core.errors import ONE_LINE, FieldError, nearest, one_line, shown
from sim.evidence.replicates import replicate_seeds
from sim.scenario.fields import Section, text
from sim.study.seeds import USUAL_LIST, seeds_written

NAME = re.compile(r"\w[\w .-]*")
LARGEST_SEED = 2**32 - 1
"""Of a design."""
MOST_POINTS = 100_000
"""Points a study may have; each is checked before anything runs, at some 300 a second."""


class Span(Section):
    """An interval over which a parameter varies."""

    low: float = Field(description="lower end, in the unit of the schema")
    high: float = Field(description="upper end")
    scale: Literal["linear", "log"] = Field(default="linear", description="log: as often in 1 to 10 as in 10 to 100")
    unit: str | None = Field(default=None, description="checked against the schema if given")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise FieldError(f"must be less than high, which is {self.high:g}", ("low",), shown(self.low))
        if self.scale == "log" and self.low <= 0.0:
            raise FieldError("must be more than 0 on a logarithmic scale", ("low",), shown(self.low))
        return self


class Drawn(Span):
    """An interval from which a sampled design draws."""

    chance: float | None = Field(
        default=None, gt=0.0, lt=1.0, description="if given, only the ends are drawn: high with this chance, else low"
    )


class Linked(Section):
    """A value that follows a parameter which a design draws."""

    of: str = Field(description="the parameter, a key path of `parameters`")
    times: float = Field(default=1.0, description="what its value is multiplied by")


class Steps(Span):
    """Evenly spaced values, both ends included."""

    steps: int = Field(description="how many values", ge=2, le=MOST_POINTS)


def _listed(value: Any) -> str:
    return "range" if isinstance(value, (dict, Steps)) else "values"


Values = Annotated[
    Annotated[list[Any], Field(min_length=1), Tag("values")] | Annotated[Steps, Tag("range")],
    Discriminator(_listed),
]
Spans = Annotated[dict[str, Drawn], Field(min_length=1, description="range by key path")]
Listed = Annotated[dict[str, Values], Field(min_length=1, description="values by key path")]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED, description="seed of the design, not of the runs")]


class Grid(Section):
    """Every combination of values; the last parameter varies fastest."""

    kind: Literal["grid"]
    parameters: Listed


class OneAtATime(Section):
    """The base, then each value of each parameter alone."""

    kind: Literal["one_at_a_time"]
    parameters: Listed


class ListedPoint(Section):
    """One point that the user writes out."""

    label: str | None = Field(default=None, min_length=1, max_length=200, description="what figures call it")
    scenario: str | None = Field(default=None, description="one of the study's scenarios; each of them if left out")
    set: dict[str, Any] = Field(default_factory=dict, description="value by key path")

    @field_validator("label")
    @classmethod
    def _one_line(cls, label: str | None) -> str | None:
        if label is not None and not label.strip():
            raise FieldError("must not be empty", given=shown(label))
        if label is not None and one_line(label) != label:
            raise FieldError(ONE_LINE, given=shown(label))
        return label


class PointList(Section):
    """Points written out."""

    kind: Literal["list"]
    points: list[ListedPoint] = Field(min_length=1)


class LatinHypercube(Section):
    """A space-filling design: each parameter once in each of `size` equal strata."""

    kind: Literal["latin_hypercube"]
    size: int = Field(ge=1, le=MOST_POINTS)
    seed: Seed = 1
    parameters: Spans
    linked: dict[str, Linked] = Field(default_factory=dict, description="what follows a parameter, by key path")

    @model_validator(mode="after")
    def _of_parameters(self) -> Self:
        for path, link in self.linked.items():
            if link.of not in self.parameters:
                near = nearest(link.of, self.parameters)
                hint = f" (did you mean {near!r}?)" if near else ""
                raise FieldError(f"is none of the parameters{hint}", ("linked", path, "of"), shown(link.of))
            if path in self.parameters:
                raise FieldError("is drawn already, and cannot follow another", ("linked", path))
        return self


class Sobol(Section):
    """Saltelli's design for Sobol indices: size x (parameters + 2) points, or (2 parameters + 2) for second order."""

    kind: Literal["sobol"]
    size: int = Field(ge=2, le=MOST_POINTS)
    seed: Seed = 1
    second_order: bool = False
    parameters: Spans

    @field_validator("size")
    @classmethod
    def _power_of_two(cls, value: int) -> int:
        if value & (value - 1):
            above = 1 << value.bit_length()
            raise FieldError(f"must be a power of two, such as {above // 2} or {above}", given=shown(value))
        return value


class Morris(Section):
    """Morris's design for elementary effects: trajectories x (parameters + 1) points."""

    kind: Literal["morris"]
    trajectories: int = Field(ge=2, le=MOST_POINTS)
    levels: int = Field(default=4, ge=2, le=100)
    seed: Seed = 1
    parameters: Spans

    @field_validator("levels")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise FieldError("must be an even number", given=shown(value))
        return value


class Ablation(Section):
    """The base, then each mechanism switched off in turn."""

    kind: Literal["ablation"]
    mechanisms: Literal["all"] | list[str] = "all"

    @field_validator("mechanisms")
    @classmethod
    def _some(cls, value: str | list[str]) -> str | list[str]:
        if not value:
            raise FieldError("must name at least one mechanism, or say all")
        for place, name in enumerate(value if isinstance(value, list) else ()):
            if name in value[:place]:
                raise FieldError("the mechanism is named twice", (str(place),), shown(name))
        return value


AnyDesign = Grid | PointList | LatinHypercube | Sobol | Morris | OneAtATime | Ablation

DESIGNS: dict[str, type[AnyDesign]] = {
    "grid": Grid,
    "list": PointList,
    "latin_hypercube": LatinHypercube,
    "sobol": Sobol,
    "morris": Morris,
    "one_at_a_time": OneAtATime,
    "ablation": Ablation,
}
"""The kinds of design. Each is checked by its own schema, so that its problems are said at their places."""


class KeepSpec(Section):
    """What is kept of each run beside its summary."""

    days: bool = Field(default=False, description="daily series")
    localities: bool = Field(default=False, description="daily series of each locality")


class PrecisionSpec(Section):
    """Adaptive replication."""

    outcome: str = Field(description="a measure, such as a number of the summary or an outcome")
    half_width: float = Field(gt=0.0, description="half width of the interval that is narrow enough")
    relative: bool = Field(default=False, description="whether it is a share of the mean")
    confidence: float = Field(default=0.95, gt=0.0, lt=1.0, description="of the interval")
    at_least: int = Field(default=10, ge=2, description="replicates before a point is judged")


class StudyFile(Section):
    """A study as it is written."""

    name: str | None = Field(default=None, max_length=100, description="the file's by default")
    title: str = text("what tables and figures call it", default="")
    question: str = text("what it is to answer", default="")
    scenario: str | None = Field(default=None, description="base scenario: a name or a file")
    scenarios: list[str] | None = Field(default=None, min_length=1, description="base scenarios")
    set: dict[str, Any] = Field(default_factory=dict, description="value by key path, for every run")
    design: dict[str, Any] = Field(description="kind, and what DESIGNS says of that kind")
    replicates: Annotated[tuple[int, ...], BeforeValidator(seeds_written)] = Field(
        default_factory=lambda: replicate_seeds(USUAL_LIST), description="how many, the name of a list, or seeds"
    )
    keep: KeepSpec = KeepSpec()
    precision: PrecisionSpec | None = None
    pattern: dict[str, Any] | None = Field(default=None, description="what must come out; for protestorate patterns")

    @field_validator("name")
    @classmethod
    def _fit_for_a_folder(cls, name: str | None) -> str | None:
        if name is not None and not NAME.fullmatch(name):
            message = "must begin with a letter, a digit or '_', and have only these, '-', '.' and spaces"
            raise FieldError(message, given=shown(name))
        return name

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.scenario is None and self.scenarios is None:
            raise FieldError("is missing: name the scenario that the study starts from", ("scenario",))
        if self.scenario is not None and self.scenarios is not None:
            raise FieldError("give either scenario or scenarios, not both", ("scenarios",))
        if self.precision is not None and self.precision.at_least > len(self.replicates):
            message = f"must be at most the number of replicates, {len(self.replicates)}"
            raise FieldError(message, ("precision", "at_least"), shown(self.precision.at_least))
        return self
