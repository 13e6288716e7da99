"""What a schema says of its values: every number has a unit, or says that it has none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from sim.models.interface import MODELS, schema_of
from sim.scenario.described import NUMBERS, described, leaves, unit_and_range
from sim.scenario.fields import NO_UNIT, Section, fraction, number


class Inner(Section):
    share: float = fraction("a part")
    bare: float = Field(description="a number that says no unit [SD; 0 to 1]", ge=0.0, le=1.0)


class Made(Section):
    seed: int = number("a seed", NO_UNIT, 0, 9)
    parts: dict[str, Annotated[float, fraction("a part")]] = Field(description="parts by name")
    listed: list[Annotated[float, number("one", "SD", -1.0)]] = Field(description="many")
    unsaid: list[float] = Field(description="many without a unit")
    inner: dict[str, Inner]
    rows: list[Inner]


def without_unit(schema: type[BaseModel]) -> Iterator[str]:
    """Yield the key path of every number of a schema that declares neither a unit nor that it has none."""
    yield from (path for path, said in leaves(schema) if said.kind in NUMBERS and said.unit is None)


@pytest.mark.parametrize("model", MODELS)
def test_every_number_of_a_scenario_declares_its_unit(model: str) -> None:
    assert list(without_unit(schema_of(model))) == []


@pytest.mark.parametrize("model", MODELS)
def test_no_meaning_repeats_unit_and_range(model: str) -> None:
    """They are declared once; a meaning that ends in brackets would have them twice."""
    assert [path for path, said in leaves(schema_of(model)) if said.words.endswith("]")] == []


def test_a_number_without_a_unit_is_found() -> None:
    """Negative control: prose in brackets is no declaration."""
    assert list(without_unit(Made)) == ["unsaid", "inner.*.bare", "rows.*.bare"]


def test_a_value_is_described_by_its_key_path_as_by_its_leaf() -> None:
    said = {path: (one.unit, one.low, one.high, one.kind) for path, one in leaves(Made)}
    assert said["seed"] == ("", 0, 9, "whole")
    assert said["parts.*"] == ("share", 0.0, 1.0, "number")
    assert said["listed"] == ("SD", -1.0, None, "number")
    assert said["inner.*.share"] == said["rows.*.share"] == ("share", 0.0, 1.0, "number")
    for path, leaf in (
        ("seed", "seed"),
        ("parts.x", "parts.*"),
        ("listed.0", "listed"),
        ("rows.1.share", "rows.*.share"),
    ):
        one = described(Made, path.split("."))
        assert (one.unit, one.low, one.high, one.kind) == said[leaf]
    assert described(Made, ("parts", "x")).words == "parts by name"
    assert described(Made, ("no", "such")).field is None


@pytest.mark.parametrize(
    ("unit", "low", "high", "text"),
    [
        ("SD", -1.5, 2.0, "SD; -1.5 to 2"),
        ("persons", 0, 2**63 - 1, "persons; 0 to 9223372036854775807"),
        ("SD", 1.0, None, "SD; 1 or more"),
        ("", None, 3.0, "3 or less"),
        ("days", None, None, "days"),
        ("", None, None, ""),
    ],
)
def test_unit_and_range_in_words(unit: str, low: float | None, high: float | None, text: str) -> None:
    assert unit_and_range(unit, low, high) == text
