"""A small schema with one of everything, for the tests of the loader."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

import sim.models.interface
from sim.core.errors import FieldError, ScenarioError
from sim.run import find as finding
from sim.run import load as loading

Write = Callable[..., Path]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Town(Strict):
    population: int = Field(ge=1)
    kind: Literal["city", "village"] = "city"


class Shutdown(Strict):
    kind: Literal["shutdown"]
    strength: float = Field(ge=0.0, le=1.0)


class March(Strict):
    kind: Literal["march"]
    shutdown: bool = False


class About(Strict):
    title: str


class Small(Strict):
    """A schema with one of everything."""

    requires_sources: ClassVar[bool] = False

    model: Literal["small"]
    about: About
    start: datetime.date
    towns: dict[str, Town] = Field(min_length=1)
    shares: dict[str, float] = Field(default_factory=dict)
    events: dict[str, Annotated[Shutdown | March, Field(discriminator="kind")]] = Field(default_factory=dict)
    weights: list[float] = Field(default_factory=list)
    level: float | str = 1.0
    patron: float | None = Field(default=0.5, gt=0.0)
    sources: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _shares_add_to_one(self) -> Self:
        if self.shares and abs(sum(self.shares.values()) - 1.0) > 1e-9:
            raise FieldError("must add to 1", at=("shares",), given=str(sum(self.shares.values())))
        return self


class Sourced(Small):
    requires_sources: ClassVar[bool] = True


VALID = """\
model: small
about: {title: A case}
start: 2020-08-09
towns:
  Minsk:
    population: 2000000
  Grodno:
    population: 370000
    kind: city
events:
  cut: {kind: shutdown, strength: 0.5}
  walk: {kind: march}
weights: [1, 2.5]
"""


def changed(old: str, new: str) -> str:
    assert VALID.count(old) == 1
    return VALID.replace(old, new)


def writer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Make `folder` the working folder and `Small` the schema of the model `small`; return a file writer."""
    monkeypatch.chdir(folder)
    monkeypatch.setitem(sim.models.interface.MODELS, "small", sim.models.interface.MODELS["mobilisation"])
    monkeypatch.setattr(sim.models.interface, "schema_of", lambda name: {"small": Small}[name])

    def write_file(text: str, name: str = "case.yaml") -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def shipped_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new empty folder that stands for the scenarios shipped with the project."""
    shipped = folder / "shipped"
    shipped.mkdir()
    for module in (loading, finding):
        monkeypatch.setattr(module, "share_dir", lambda kind: {"scenarios": shipped}[kind])
    return shipped


def problems_of(path: Path | str, overrides: dict[str, object] | None = None) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loading.load(path, overrides)
    return [str(problem) for problem in caught.value.problems]
