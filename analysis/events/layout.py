"""Layouts: which column of somebody's table of events is which of ours; ``scenarios/layouts``, or a user's own file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from analysis.events.cells import amount
from analysis.events.reporting import folded, read_reporting
from sim.core.errors import FieldError, ScenarioError, nearest, shown
from sim.run.find import chosen
from sim.scenario.explain import explain
from sim.scenario.fields import Section, text
from sim.scenario.yaml import read

FOLDER = "layouts"
KINDS = ("protest", "strike")
RESPONSES = ("unknown", "none", "accommodation", "dispersal", "arrests", "beatings", "shootings", "killings")
"""What the state did, from the mildest to the severest."""
FieldName = Literal[
    "id", "place", "latitude", "longitude", "participants", "participants_low", "participants_high",
    "detained", "injured", "killed", "kind", "form", "response", "source",
]  # fmt: skip
CHOICES = {"kind": KINDS, "response": RESPONSES}
PERSONS = ("participants", "participants_low", "participants_high", "detained", "injured", "killed")
"""Fields that are numbers of persons."""
KNOWN = ("country", "year", "row")
"""What a constant may have in braces."""


class Rule(Section):
    """Where a value stands, and what it means."""

    column: list[str] = Field(
        min_length=1, description="columns; the first with a value counts (of responses, the severest)"
    )
    optional: bool = Field(default=False, description="whether a file may lack all of these columns")
    pattern: str | None = Field(
        default=None, description="regular expression that finds the value; its first group, if any"
    )
    values: dict[str, str] = Field(default_factory=dict, description="our value by theirs, capitals aside")
    otherwise: str | None = Field(default=None, description="what all other values mean")
    write: str | None = Field(default=None, description="how a value is written; {} stands for it")
    written: dict[str, str] = Field(default_factory=dict, description="their value by ours, besides `values`")
    ranges: list[str] = Field(default_factory=list, description="ranges; the one that holds the value is written")

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise FieldError(f"is no regular expression: {error}", ("pattern",), shown(self.pattern)) from None
        folded(self.values, str.casefold, "values")
        for span in self.ranges:
            try:
                amount(span, read_reporting().words)
            except ValueError as error:
                raise FieldError(str(error), ("ranges",), shown(span)) from None
        if self.write is not None and "{}" not in self.write:
            raise FieldError("must hold {}, which stands for the value", ("write",), shown(self.write))
        return self


class Dates(Section):
    """Where a date stands: in one column, or in three."""

    column: str | None = None
    year: str | None = None
    month: str | None = None
    day: str | None = None
    order: Literal["year-first", "day-first", "month-first"] | None = Field(
        default=None, description="order of dates such as 03/04/2011; found out of the column if left out"
    )
    optional: bool = Field(default=False, description="whether a file may lack these columns")

    @model_validator(mode="after")
    def _one_or_three(self) -> Self:
        parts = (self.year, self.month, self.day)
        if (self.column is None) == (None in parts) or (self.column and any(parts)):
            raise FieldError("must name column, or year, month and day")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it names."""
        return tuple(name for name in (self.column, self.year, self.month, self.day) if name)


class Layout(Section):
    """A table of events as somebody publishes it."""

    title: str = text("what the data are")
    about: str = text("what is worth knowing of its columns", default="")
    source: str = text("where they are described")
    missing: list[str] = Field(default_factory=list, description="words for no value, besides NA and NaN")
    only: dict[str, list[str]] = Field(default_factory=dict, description="rows that count: column and values")
    date: Dates
    last_date: Dates | None = Field(default=None, description="of events that last for days")
    fields: dict[FieldName, list[Rule]]
    constants: dict[str, str] = Field(
        default_factory=dict, description="what else is written; {country}, {year} and {row} stand for these"
    )

    @model_validator(mode="after")
    def _values_are_ours(self) -> Self:
        if "place" not in self.fields:
            raise FieldError("must say where the place stands", ("fields",), nearest="place")
        for name, rules in self.fields.items():
            if not rules:
                raise FieldError("must have a rule, or be left out", ("fields", name))
            for number, rule in enumerate(rules):
                if rule.ranges and name not in PERSONS:
                    raise FieldError("only a number of persons has ranges", ("fields", name, str(number), "ranges"))
        for column, values in self.only.items():
            if not values:
                raise FieldError("must list the values of rows that count", ("only", column))
        for column, constant in self.constants.items():
            if not _can_be_filled(constant):
                words = " and ".join(f"{{{name}}}" for name in KNOWN)
                message = f"may have {words} in it, and two braces where one is meant"
                raise FieldError(message, ("constants", column), shown(constant))
        for field, allowed in CHOICES.items():
            for number, rule in enumerate(self.fields.get(field, ())):  # type: ignore[call-overload]
                ours = [*rule.values.values(), *rule.written, *filter(None, [rule.otherwise])]
                for value in ours:
                    if value not in allowed:
                        at = ("fields", field, str(number))
                        raise FieldError(
                            f"must be one of {', '.join(allowed)}", at, shown(value), nearest(value, allowed)
                        )
        return self

    def columns(self) -> Iterator[str]:
        """Yield every column that it names, in the order in which they are written."""
        yield from self.date.columns
        if self.last_date is not None:
            yield from self.last_date.columns
        for rules in self.fields.values():
            for rule in rules:
                yield rule.column[0]
        yield from self.only
        yield from self.constants


def _can_be_filled(constant: str) -> bool:
    try:
        parts = list(Formatter().parse(constant))
        constant.format(**dict.fromkeys(KNOWN, ""))
    except (ValueError, LookupError, AttributeError):
        return False
    return all(name is None or name in KNOWN for _, name, _, _ in parts)


def read_layout(name_or_path: str | Path) -> Layout:
    """Read a layout by its name or its file.

    Raises
    ------
    ScenarioError
        If there is none, or with every problem of the file at its place.
    """
    document = read(chosen(name_or_path, FOLDER, "--layout"))
    try:
        return Layout.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(explain(error, Layout, document, {})) from None
