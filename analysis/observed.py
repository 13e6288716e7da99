"""What was observed of a case: how it ended, and the targets of a calibration; `scenarios/observed/NAME.yaml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from sim.core.errors import FieldError, Problem, ScenarioError, nearest, shown
from sim.core.keypath import KeyPath, dotted
from sim.evidence.ledger import Ledger, load_ledger
from sim.measures.language import parse
from sim.run.find import file_named, shipped
from sim.scenario.explain import explain, place_of
from sim.scenario.fields import Section, number, text
from sim.scenario.yaml import Document
from sim.scenario.yaml import parse as parse_yaml

FOLDER = "observed"


class Ended(Section):
    """How a case ended, set down before any run."""

    outcome: str = text("the model's outcome, or several joined by 'or', that count as it")
    says: str = text("how it ended, in words")
    source: str = text("id of the evidence ledger")
    calibrated: bool = Field(default=False, description="whether the model was calibrated on it: a hit proves little")

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that count as it; the first of them is what tables call it."""
        return parse(self.outcome).names


class Undercount(Section):
    """By how much someone's counts of crowds lie below the truth."""

    by: str = text("whose counts")
    low: float = number("least factor", "1", 0.0, 1e3)
    middle: float = number("best factor", "1", 0.0, 1e3)
    high: float = number("largest factor", "1", 0.0, 1e3)
    population: int = Field(gt=0, description="residents, of whom a crowd is a share [persons]")


class Observation(Section):
    """An observed quantity, its range (about 90%) and the measure of a run that should lie in it."""

    measure: str = Field(description="what is measured of a run, in the language of `sim.measures`")
    times: float = Field(default=1.0, gt=0.0, description="what the measure is multiplied by, 100 for percent")
    value: float | None = Field(default=None, description="best estimate")
    low: float | None = Field(default=None, description="lower end of its range")
    high: float | None = Field(default=None, description="upper end of its range")
    counted: list[float] = Field(default_factory=list, description="crowds as counted, to be corrected by `undercount`")
    unit: str = text("unit of value and range")
    source: str = text("id of the evidence ledger, or 'assumption'")
    note: str = text("where the range comes from", default="")
    scale: Literal["log", "linear"] = Field(default="log", description="whether errors are factors or differences")
    weight: float = Field(default=1.0, gt=0.0, description="weight in the distance")
    share: bool = Field(default=False, description="whether it is a share of runs: the mean counts, not the median")

    @model_validator(mode="after")
    def _a_range(self) -> Self:
        if self.counted:
            if (self.value, self.low, self.high) != (None, None, None):
                raise FieldError("has its value and range from undercount; leave out value, low and high", ("counted",))
            return self
        if self.value is None or self.low is None or self.high is None:
            raise FieldError("must have value, low and high, or crowds as counted")
        if not self.low <= self.value <= self.high or self.low == self.high:
            raise FieldError("must lie between low and high, which must differ", ("value",), shown(self.value))
        if self.scale == "log" and self.low <= 0.0:
            raise FieldError("must be above 0 on a logarithmic scale", ("low",), shown(self.low))
        return self


class Limits(Section):
    """Limits between which a search moves a parameter."""

    low: float
    high: float
    scale: Literal["log", "linear"] = "log"

    @model_validator(mode="after")
    def _ascend(self) -> Self:
        if not self.low < self.high:
            raise FieldError("low must be below high")
        if self.scale == "log" and self.low <= 0.0:
            raise FieldError("low must be above 0 on a logarithmic scale")
        return self


class Calibration(Section):
    """What serves a calibration, and what judges it."""

    targets: dict[str, Observation] = Field(min_length=1, description="what a calibration is held against")
    last_day: dt.date | None = Field(default=None, description="last day that a target looks at [date]")
    held_out: dict[str, Observation] = Field(default_factory=dict, description="what judges it alone")
    held_out_last_day: dt.date | None = Field(default=None, description="last day that these look at [date]")
    undercount: Undercount | None = None
    persons_per_agent: int = Field(default=400, gt=0, description="coarse scale of a search [persons]")
    searched: dict[str, Limits] = Field(default_factory=dict, description="parameters that a search moves")
    fixed: dict[str, float] = Field(default_factory=dict, description="parameters held at a value meanwhile")

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        for name in self.fixed:
            if name in self.searched:
                raise FieldError("is searched as well: choose one", ("fixed", name))
        return self


class Observed(Section):
    """A file of observed facts."""

    ended: Ended | None = None
    calibration: Calibration | None = None


def files() -> dict[str, Path]:
    """Return the files of observed facts that come with the project, by the name of their scenario."""
    return shipped(FOLDER)


def find_observed(name_or_path: str) -> Path:
    """Return a file of observed facts by the name of its scenario, or its path.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    known = files()
    path = file_named(name_or_path, known)
    if path is not None:
        return path
    near = nearest(name_or_path, known)
    message = "nothing observed is set down for this case" + ("" if near else f"; there are {', '.join(known)}")
    raise ScenarioError(Problem(message, given=shown(name_or_path), nearest=near))


def read_observed(path: Path, ledger: Ledger | None = None) -> Observed:
    """Read and check a file of observed facts.

    Parameters
    ----------
    path : Path
    ledger : Ledger, optional
        Which has the sources; read if left out.

    Raises
    ------
    ScenarioError
        With every problem of the file at its place.
    """
    document = parse_yaml(path)
    try:
        found = Observed.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(explain(error, Observed, document, {})) from None
    problems = list(_problems(found, document, ledger or load_ledger()))
    if problems:
        raise ScenarioError(sorted(problems, key=lambda one: (one.line, one.column)))
    return found


def endings() -> dict[str, Ended]:
    """Return how each case ended of which it is set down, in the order of their names."""
    found = {name: one.ended for name, one in every_case().items()}
    return {name: ended for name, ended in found.items() if ended is not None}


def every_case() -> dict[str, Observed]:
    """Return what was observed of each case, in the order of their names."""
    ledger = load_ledger()
    return {name: read_observed(path, ledger) for name, path in files().items()}


def _problems(found: Observed, document: Document, ledger: Ledger) -> Iterator[Problem]:
    """Yield what the schema cannot see: unknown sources, measures that cannot be read, counts without a correction."""
    sources: list[tuple[KeyPath, str]] = []
    if found.ended is not None:
        sources.append((("ended", "source"), found.ended.source))
    for at, observation in _observations(found):
        sources.append(((*at, "source"), observation.source))
        try:
            parse(observation.measure)
        except ValueError as error:
            yield _placed(document, (*at, "measure"), str(error), observation.measure)
        if observation.counted and (found.calibration is None or found.calibration.undercount is None):
            yield _placed(document, (*at, "counted"), "needs a section calibration.undercount", "")
    for path, source in sources:
        if source != "assumption" and ledger.entry(source) is None:
            yield _placed(document, path, "the ledger has no such entry", source, nearest(source, ledger.ids))


def _observations(found: Observed) -> Iterator[tuple[KeyPath, Observation]]:
    if found.calibration is not None:
        parts: Mapping[str, Mapping[str, Observation]] = {
            "targets": found.calibration.targets,
            "held_out": found.calibration.held_out,
        }
        for part, observations in parts.items():
            for name, observation in observations.items():
                yield ("calibration", part, name), observation


def _placed(document: Document, path: KeyPath, message: str, given: str, near: str = "") -> Problem:
    return Problem(
        message, dotted(path), *place_of(path, document, {}), given=shown(given) if given else "", nearest=near
    )
