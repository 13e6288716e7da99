"""What the scenarios of all small models share: title, horizon, seed, sources."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from sim.scenario.schema.fields import Section
from sim.scenario.schema.mobilisation import About

MOST_STEPS = 1_000_000
HIGHEST_SEED = 2**63 - 1


class Steps(Section):
    """The horizon."""

    steps: int = Field(description=f"longest run [steps; 1 to {MOST_STEPS}]", ge=1, le=MOST_STEPS)


class Seeded(Section):
    """How the case is run by default."""

    seed: int = Field(description="default random seed [0 to 2^63-1]", ge=0, le=HIGHEST_SEED)


class Scenario(Section):
    """A scenario of a small model; a model's own scenario adds its sections.

    Whether every value must have a source is for the model to say (``requires_sources``).
    """

    requires_sources: ClassVar[bool] = False

    model: str = Field(description="the model")
    about: About
    time: Steps
    run: Seeded
    sources: dict[str, Any] = Field(default_factory=dict, description="key path: where its value comes from")
