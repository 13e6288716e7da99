"""The numbers of a scenario as compiled loops are handed them: parameters as records, and what each day brings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.core import names
from sim.core.once import once
from sim.core.table import Table
from sim.models.mobilisation.parameters import (
    LEVERS,
    calendar,
    camps,
    examples,
    forces,
    institutions,
    scalars,
    schedule,
    table,
)
from sim.models.mobilisation.schema.scenario import WEEKDAYS, Mobilisation
from sim.models.mobilisation.typed import (
    CampRow,
    ClassRow,
    EliteRow,
    ForceRow,
    InstitutionRow,
    Lever,
    Parameters,
    Rows,
    TacticRow,
)


class Numbers(Table):
    """A scenario as the step loop reads it; see :mod:`sim.models.mobilisation.parameters`."""

    scalars: Rows[Parameters]
    classes: Rows[ClassRow]
    tactics: Rows[TacticRow]
    forces: Rows[ForceRow]
    elites: Rows[EliteRow]
    institutions: Rows[InstitutionRow]
    camps: Rows[CampRow]
    levers: Rows[Lever]
    examples: NDArray[np.float64]
    working_day: NDArray[np.float64]
    day_share: NDArray[np.float64]
    week_share: NDArray[np.float64]


def numbers(config: Mobilisation) -> Numbers:
    """Return the numbers of a scenario, the run's own, with named things in the order of their names."""
    return Numbers(**{name: value.copy() for name, value in vars(_numbers(config)).items()})


@once
def _numbers(config: Mobilisation) -> Numbers:
    config = names.ordered(config)
    weekday = calendar(config)
    ordinary = config.time.availability
    free = [WEEKDAYS.index(name) for name in config.time.weekend]
    week = np.full(len(WEEKDAYS), ordinary.working_day)
    week[free] = ordinary.weekend
    week[WEEKDAYS.index(config.time.big_day)] = ordinary.big_day
    plan = schedule(config)
    levers = np.zeros(len(plan), dtype=np.dtype([(name, "f8") for name in LEVERS]))
    for column, name in enumerate(LEVERS):
        levers[name] = plan[:, column]
    return Numbers(
        scalars=scalars(config),
        classes=table(config.people.classes),
        tactics=table(config.movement.tactics),
        forces=forces(config),
        elites=table(config.elites.kinds),
        institutions=institutions(config),
        camps=camps(config),
        levers=levers,
        examples=examples(config),
        working_day=np.where(np.isin(weekday, free), 0.0, 1.0),
        day_share=week[weekday],
        week_share=np.roll(week, -config.time.start.weekday()),
    )
