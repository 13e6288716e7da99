"""How events come to be reported: which of them, with what crowd, in which words; files of ``scenarios/reporting``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from pydantic import Field, ValidationError, model_validator

from analysis.stats.intervals import Floats
from analysis.stats.reported import Reported, reporting
from sim.core.errors import FieldError, Problem, ScenarioError, nearest, shown
from sim.evidence.ledger import load_ledger
from sim.run.find import chosen, shipped
from sim.scenario.explain import explain, place_of
from sim.scenario.fields import Section, number, text
from sim.scenario.yaml import read

V = TypeVar("V")
FOLDER, USUAL, ALL = "reporting", "national-press", "all"


def folded(given: Mapping[str, V], fold: Callable[[str], str], *at: str) -> dict[str, V]:
    """Return a mapping by what its names fold to; raises FieldError if two fold to the same: one would be lost."""
    found: dict[str, V] = {}
    met: dict[str, str] = {}
    for name, value in given.items():
        key = fold(name)
        if key in found:
            raise FieldError(f"is the same word as {shown(met[key])}", (*at, name))
        found[key], met[key] = value, name
    return found


class Sourced(Section):
    """Numbers that say what they rest on."""

    source: str | list[str] = Field(description="ids of the evidence ledger, or 'assumption'")
    note: str = text("where they come from", default="")


class Rate(Section):
    """How often events up to a size are reported."""

    up_to: float = number("largest size", "persons", 1.0, 1e9)
    rate: float = number("part of them that is reported", "share", 0.0, 1.0)


class Rates(Sourced):
    """Which events are reported: a share of all and a size from which all are, or a table by size."""

    share: float | None = Field(default=None, gt=0.0, le=1.0, description="part of all events that is reported")
    certain: float | None = Field(default=None, gt=0.0, description="size from which all are reported [persons]")
    by_size: list[Rate] = Field(
        default_factory=list, description="rates, sizes ascending; larger ones are all reported"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.by_size) == (self.share is not None) or (self.share is None) != (self.certain is None):
            raise FieldError("must have share and certain, or by_size")
        sizes = [one.up_to for one in self.by_size]
        if sizes != sorted(set(sizes)):
            raise FieldError("must ascend", ("by_size",))
        return self

    def chances(self, sizes: Floats, count: Floats) -> Floats:
        """Return the chance that an event of each size is reported, 0..1; `count` says how many there are of each.

        Raises
        ------
        ScenarioError
            If no power of size gives the share (see `analysis.stats.reported.reporting`).
        """
        if self.by_size:
            limits = np.array([one.up_to for one in self.by_size])
            rates = np.array([*(one.rate for one in self.by_size), 1.0])
            return np.asarray(rates[np.searchsorted(limits, sizes, side="left")])
        assert self.share is not None  # the schema has said so
        assert self.certain is not None
        found = reporting(sizes, count, Reported(share=self.share, certain=self.certain))
        if count.sum() > 0.0 and np.isnan(found).any():
            message = f"no power of size reports {self.share:g} of these events: name by_size, or --reporting all"
            raise ScenarioError(Problem(message, "reporting.share"))
        return found


class Crowd(Sourced):
    """How a source's crowds differ from the truth."""

    factor: float = number("what it reports, over the truth", "1", 0.01, 100.0)
    spread: float = number("factor up and down within which nine of ten of its figures lie", "1", 1.0, 100.0)


class Crowds(Section):
    """Crowds by source."""

    usual: Crowd
    sources: dict[str, Crowd] = Field(default_factory=dict, description="by words that stand in the source's name")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        folded(self.sources, str.casefold, "sources")
        return self

    def of(self, source: str) -> Crowd:
        """Return what is known of a source by its name."""
        said = source.casefold()
        return next((crowd for name, crowd in self.sources.items() if name.casefold() in said), self.usual)


class Spread(Sourced):
    """How far counts lie from the truth."""

    spread: float = number("factor up and down within which nine of ten counts lie", "1", 1.0, 100.0)


class Sizes(Section):
    """What a word says of a crowd."""

    low: float = number("least", "persons", 1.0, 1e9)
    high: float = number("most", "persons", 1.0, 1e9)

    @model_validator(mode="after")
    def _ascend(self) -> Self:
        if self.low > self.high:
            raise FieldError("must not be above high", ("low",), shown(self.low))
        return self


class Words(Sourced):
    """Sizes in words."""

    about: float = number("factor up and down of a number with 'about'", "1", 1.0, 10.0)
    open_end: float = number("the other end of 'more than' and 'up to', as a factor", "1", 1.0, 100.0)
    sizes: dict[str, Sizes]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        self.by_word  # noqa: B018  # raises where two are the same
        return self

    @cached_property
    def by_word(self) -> dict[str, Sizes]:
        """Sizes by words without capitals and double spaces, as they are looked up."""
        return folded(self.sizes, lambda word: " ".join(word.casefold().split()), "sizes")


class Reporting(Section):
    """A file of ``scenarios/reporting``."""

    extends: str | None = Field(default=None, description="name of another such file, whose sections this one replaces")
    reporting: Rates
    crowds: Crowds
    counts: Spread
    words: Words


def read_reporting(name_or_path: str | Path = USUAL) -> Reporting:
    """Read how events are reported, by the name of a file or its path.

    Raises
    ------
    ScenarioError
        If there is none, or with every problem of the file at its place.
    """
    path = chosen(name_or_path, FOLDER, "--reporting")
    document = read(path)
    data = dict(document.data)
    above = data.get("extends")
    if isinstance(above, str) and above not in shipped(FOLDER):
        place = document.marks[("extends",)]
        near = nearest(above, shipped(FOLDER))
        raise ScenarioError(Problem("there is no such file", "extends", *place, shown(above), near))
    if isinstance(above, str) and above != path.stem:
        data = {**read_reporting(above).model_dump(exclude_defaults=True), **data}
    try:
        found = Reporting.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(explain(error, Reporting, document, {})) from None
    ledger = load_ledger()
    problems = []
    for at, one in _sourced(found):
        for source in [one.source] if isinstance(one.source, str) else one.source:
            if source != "assumption" and ledger.entry(source) is None:
                place = place_of((*at, "source"), document, {})
                near = nearest(source, ledger.ids)
                problems.append(Problem("the ledger has no such entry", ".".join(at), *place, shown(source), near))
    if problems:
        raise ScenarioError(problems)
    return found


def _sourced(found: Reporting) -> list[tuple[tuple[str, ...], Sourced]]:
    of_sources = [(("crowds", "sources", name), crowd) for name, crowd in found.crowds.sources.items()]
    parts: list[tuple[tuple[str, ...], Sourced]] = [
        (("reporting",), found.reporting), (("crowds", "usual"), found.crowds.usual), *of_sources,
        (("counts",), found.counts), (("words",), found.words),
    ]  # fmt: skip
    return parts
