"""What there is to see at a moment, in values that nothing changes: the page draws from these alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.mesa.frames import Frame
    from sim.mesa.levers import Pull
    from sim.models.interface import Outcome
    from sim.models.results import Result
    from sim.page.setup import Setup
    from sim.run.load import Loaded

PREPARING, READY = "preparing", "ready"
ROWS = 256


@dataclass(frozen=True)
class Told:
    """What is said of a day: what turned (empty if nothing did), and the sentence of the day."""

    day: int
    turned: str
    sentence: str


@dataclass(frozen=True, eq=False)
class RunSeen:
    """A run as far as it has come.

    Attributes
    ----------
    setup : Setup
        What the run was asked for.
    base : Loaded
        The scenario as it is without sliders; `loaded` has them.
    changes : mapping of str to value
        What was changed in the scenario's file, by key path.
    markers : tuple of (date, date, str)
        First day, last day and title of the scenario's events and of each use of a live lever.
    told : tuple of Told
        What is said of each recorded day.
    frames : tuple of Frame
        The recorded days, day 1 first.
    first : Frame
        The state before the first day.
    series : mapping of str to array
        National columns, an entry a recorded day.
    start : date or None
        Date of the first day; None for a model without dates.
    horizon : int
        Days in all, unless an outcome comes first.
    running : bool
        Whether there is another day.
    pulls : tuple of Pull
        What was done with live levers, in order.
    """

    setup: Setup
    base: Loaded
    loaded: Loaded[Any]
    model_name: str
    seed: int
    changes: Mapping[str, Any]
    markers: tuple[tuple[dt.date, dt.date, str], ...]
    told: tuple[Told, ...]
    frames: tuple[Frame, ...]
    first: Frame
    series: Mapping[str, NDArray[np.float64]]
    start: dt.date | None
    horizon: int
    running: bool
    outcome: Outcome | None
    levers: Mapping[str, float | None]
    pulls: tuple[Pull, ...]
    country: Any

    @property
    def days(self) -> int:
        """Days done."""
        return len(self.frames)

    @property
    def columns(self) -> tuple[Result, ...]:
        """What its daily columns are."""
        from sim.models.interface import declared

        return declared(self.loaded.config).columns

    @property
    def numbers(self) -> tuple[Result, ...]:
        """What the numbers of its summary are."""
        from sim.models.interface import declared

        return declared(self.loaded.config).numbers

    def frame(self, day: int) -> Frame:
        """Return the frame of a day, the nearest there is: 0 is before the first."""
        return self.frames[min(day, self.days) - 1] if day > 0 and self.frames else self.first


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that a tab shows.

    Attributes
    ----------
    version : int
        Rises with each snapshot.
    generation : int
        Rises with each set of new runs.
    status : str
        ``preparing`` or ``ready``.
    message : str
        What is going on, while it is prepared.
    problem : str
        What went wrong, in words for the user; empty if nothing has.
    playing : bool
        Whether the runs go on by themselves.
    runs : tuple of RunSeen
        One run, or two that are compared; none before the first is built.
    """

    version: int = 0
    generation: int = 0
    status: str = PREPARING
    message: str = ""
    problem: str = ""
    playing: bool = False
    runs: tuple[RunSeen, ...] = field(default_factory=tuple)

    @property
    def days(self) -> int:
        """Days done by the run that has come furthest."""
        return max((run.days for run in self.runs), default=0)

    @property
    def horizon(self) -> int:
        """Days of the longest run."""
        return max((run.horizon for run in self.runs), default=0)

    @property
    def running(self) -> bool:
        """Whether a run has another day."""
        return any(run.running for run in self.runs)


class Columns:
    """National columns as arrays that grow by a row a day; rows once written are never written again."""

    def __init__(self) -> None:
        self._days = 0
        self._arrays: dict[str, NDArray[Any]] = {}

    def series(self, frames: Sequence[Frame]) -> dict[str, NDArray[Any]]:
        """Return the columns of numbers and words, an entry a frame; `frames` must continue those given before."""
        for frame in frames[self._days :]:
            row = {name: value for name, value in frame.national.items() if isinstance(value, int | float | str)}
            self._make_room(row)
            for name, value in row.items():
                self._arrays[name][self._days] = value
            self._days += 1
        return {name: values[: len(frames)] for name, values in self._arrays.items()}

    def _make_room(self, row: Mapping[str, float | str]) -> None:
        for name, value in row.items():
            values = self._arrays.get(name)
            if values is None:
                self._arrays[name] = np.zeros(ROWS, dtype=object if isinstance(value, str) else np.float64)
            elif values.size == self._days:
                self._arrays[name] = np.concatenate([values, np.zeros(values.size, dtype=values.dtype)])
