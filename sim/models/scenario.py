"""What the scenarios of all models without a calendar share: title, horizon, seed, sources."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from sim.scenario.fields import About, Scenario, Section, Seeded

MOST_STEPS = 1_000_000


class Steps(Section):
    """The horizon."""

    steps: int = Field(description=f"longest run [steps; 1 to {MOST_STEPS}]", ge=1, le=MOST_STEPS)


class Stepwise(Scenario):
    """A scenario of a model that counts steps; the model's own scenario adds its sections.

    Values need no sources unless the model's own scenario says so (``requires_sources``).
    """

    requires_sources: ClassVar[bool] = False

    model: str = Field(description="name of the model, or the file it stands in")
    about: About
    time: Steps
    run: Seeded
    sources: dict[str, Any] = Field(default_factory=dict, description="key path: where its value comes from")


class Classic(Stepwise):
    """A scenario of a published model: every value has its source."""

    requires_sources: ClassVar[bool] = True

    sources: dict[str, Any] = Field(description="key path: where its value comes from")
