"""What all models without a calendar share: title, horizon, seed and sources, and what most of them record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from sim.core.errors import FieldError
from sim.models.declarations import summarised
from sim.models.interface import Engine, Outcome, Report
from sim.models.results import COUNT, FRACTION, INDEX, SHARE, WORD, Result
from sim.scenario.fields import About, Scenario, Section, Seeded, fraction, number

MOST_STEPS = 1_000_000


class Steps(Section):
    """The horizon."""

    steps: int = number("longest run", "steps", 1, MOST_STEPS)


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


class NormalShares(Section):
    """Thresholds that are shares, drawn from a normal distribution; those below 0 work as 0 does."""

    kind: Literal["normal"] = Field(description="thresholds drawn from a normal distribution")
    mean: float = fraction("mean threshold")
    spread: float = number("standard deviation of thresholds", "share", 0.0, 1.0)


def one_each(thresholds: Sequence[float], persons: int) -> None:
    """Raise FieldError unless the thresholds that are written out are as many as the persons of their section."""
    if len(thresholds) != persons:
        raise FieldError(f"has {len(thresholds)} thresholds for {persons} persons", at=("thresholds", "values"))


STEP = Result("step", "", INDEX, label="step", about="the step, from 1")
ACTIVE = Result("active", "persons", COUNT, combine="last", label="persons who act",
                about="persons who act after the step")  # fmt: skip
SHARE_ACTIVE = Result("share", FRACTION, SHARE, combine="last", label="share of persons who act", short="share who act",
                      about="the same as a share of all persons")  # fmt: skip
COLUMNS = (STEP, ACTIVE, SHARE_ACTIVE)
"""What a step of most threshold models records."""
ACTIVE_AT_END = Result("active", "persons", COUNT, of="active", combine="last", label="persons acting at the end",
                       about="`active` after the last step")  # fmt: skip
SHARE_AT_END = Result("share", FRACTION, SHARE, of="share", combine="last", label="share of persons acting at the end",
                      short="share acting at the end", about="`share` after the last step")  # fmt: skip
STEPS_RUN = Result("steps", "steps", COUNT, of=lambda days, localities, config: len(days), label="steps that were run",
                   short="steps", about="steps that were run")  # fmt: skip
HOW_IT_ENDED = Result("outcome", "", WORD, label="how it ended", about="the outcome, as in `outcome.name`")
MEAN_DEGREE = Result("mean_degree", "persons", "amount", label="persons whom a person sees",
                     about="persons whom a person sees, on average")  # fmt: skip


def report_of(
    counts: Sequence[int],
    persons: int,
    columns: tuple[Result, ...],
    numbers: tuple[Result, ...],
    config: Any,
    entries: Mapping[str, Any],
    more: Mapping[str, Any] | None = None,
) -> Report:
    """Return the report of a model in which persons act or do not: a row a step, no localities, and the end result.

    Parameters
    ----------
    counts : sequence of int
        Persons who act, at the beginning and after each step.
    persons : int
        All persons.
    columns, numbers : tuple of Result
        What the model declares.
    config : Classic
    entries : mapping of str to object
        What the summary has beside what follows from the columns.
    more : mapping of str to sequence, optional
        Further columns, a value a step.
    """
    import pandas as pd

    active = np.array(counts[1:], dtype=np.int64)
    steps = np.arange(1, active.size + 1)
    days = pd.DataFrame({"step": steps, "active": active, "share": active / persons, **(more or {})})
    summary = {**summarised(numbers, columns, days, pd.DataFrame(), config), **entries}
    return Report(days, pd.DataFrame(), summary)


Declares = tuple[Result, ...] | Callable[[Any], tuple[Result, ...]]
"""Results, or what returns those of a configuration."""


def stepwise(
    build: Callable[[Any, int, int], Any],
    advance: Callable[[Any], None],
    outcome: Callable[[Any], Outcome | None],
    verdict: Callable[[Any], Outcome],
    report: Callable[[Any], Report],
    outcomes: dict[str, str],
    columns: Declares,
    numbers: Declares,
    agents: Callable[[Any], int] = lambda config: int(config.population.persons),
    **more: Any,
) -> Engine:
    """Return the engine of a model that counts steps and has no places; see `Engine` for what each part does."""
    return Engine(
        build=build,
        advance=advance,
        outcome=outcome,
        verdict=verdict,
        report=report,
        steps=lambda config: int(config.time.steps),
        agents=agents,
        label=lambda config, step: f"step {step + 1}",
        outcomes=outcomes,
        columns=columns if callable(columns) else lambda config: columns,
        places=lambda config: (),
        numbers=numbers if callable(numbers) else lambda config: numbers,
        **more,
    )
