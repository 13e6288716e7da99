"""What a picture is drawn from: an immutable copy of one day, made when the day has ended.

A run goes on in one thread while others draw. Whoever draws reads frames only, which nobody writes again.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from sim.models.interface import Cell, Crowd, Outcome
from sim.models.mobilisation.codes import Community

PLACE_COLUMNS = ("attending", "protesting", "engaged", "striking", "detained")
POLICE_COLUMNS = ("police_loyal", "police_shirking", "police_defected")


class Figure(IntEnum):
    """What a citizen is drawn as."""

    BYSTANDER = 0
    ENGAGED = 1
    WILLING = 2  # a protester who is not in the street today
    IN_ACTION = 3
    DETAINED = 4
    GONE = 5  # exiled, away to fight, or dead


class Record(Mapping[str, Any]):
    """A mapping that cannot be changed."""

    __slots__ = ("_content",)

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = dict(content)

    def __getitem__(self, key: str) -> Any:
        return self._content[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


@dataclass(frozen=True)
class Street:
    """The neighbourhoods of one locality, as they are drawn.

    Attributes
    ----------
    figures : uint8 array, shape (citizens,)
        A :class:`Figure` each, neighbourhood by neighbourhood.
    sizes : int array, shape (neighbourhoods,)
        Citizens of each neighbourhood.
    community : bool array, shape (neighbourhoods,)
        Whether it has a local community.
    police : tuple of int
        Loyal, shirking and defected police who are at home here [agents].
    """

    figures: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    community: NDArray[np.bool_]
    police: tuple[int, int, int]


@dataclass(frozen=True)
class Grid:
    """The cells of a grid model on one day.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns.
    states : tuple of Cell
        Name and colour of what a cell can hold, an empty one first.
    """

    shape: tuple[int, int]
    states: tuple[Cell, ...]
    packed: bytes = field(repr=False)

    def cells(self) -> NDArray[np.uint8]:
        """Return the index of each cell's state, an array of `shape`."""
        return _unpacked(self.packed).reshape(self.shape)


@dataclass(frozen=True)
class Layout:
    """Where the localities begin in the lists of citizens and neighbourhoods; the same on all days of a run.

    Attributes
    ----------
    rows : int array, shape (localities,)
        Where the run's arrays hold each locality; everything else here is in the order of the scenario.
    first, size : int arrays, shape (localities,)
        First citizen, number of citizens.
    home_first, homes : int arrays, shape (localities,)
        First neighbourhood, number of neighbourhoods.
    home_size : int array, shape (neighbourhoods,)
        Citizens of each neighbourhood.
    persons_per_agent, officers_per_agent : int
        What an agent stands for.
    """

    rows: NDArray[np.int64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    home_first: NDArray[np.int64]
    homes: NDArray[np.int64]
    home_size: NDArray[np.int64]
    persons_per_agent: int
    officers_per_agent: int


@dataclass(frozen=True)
class Frame:
    """One day of a run, as it was in the evening.

    Attributes
    ----------
    day : int
        Days done; 0 for the state before the first.
    date : datetime.date or None
        The day; None for models without a calendar.
    label : str
        What to call it: its date, or its step.
    national : mapping of str to scalar
        A row of ``run.days``; empty on day 0.
    places : mapping of str to array, shape (localities,)
        Persons by locality, in the order of the scenario; read-only. Empty for models without places.
    outcome : Outcome or None
        How the run ended, if it has.
    crowd : Crowd or None
        The persons by threshold, for threshold models.
    grid : Grid or None
        What is in each cell, for models on a grid.
    """

    day: int
    date: dt.date | None
    label: str
    national: Mapping[str, Any]
    places: Mapping[str, NDArray[Any]]
    outcome: Outcome | None = None
    crowd: Crowd | None = None
    grid: Grid | None = field(default=None, repr=False)
    people: bytes = field(default=b"", repr=False)
    communities: bytes = field(default=b"", repr=False)
    layout: Layout | None = field(default=None, repr=False)

    def street(self, place: int) -> Street:
        """Return the neighbourhoods of a locality, given by its number.

        Raises
        ------
        IndexError
            If there is no such locality.
        """
        layout = self.layout
        if layout is None or not 0 <= place < layout.size.size:
            raise IndexError(f"the frame has no locality number {place}")
        citizens = slice(int(layout.first[place]), int(layout.first[place] + layout.size[place]))
        homes = slice(int(layout.home_first[place]), int(layout.home_first[place] + layout.homes[place]))
        loyal, shirking, defected = (
            -(-int(self.places[name][place]) // layout.officers_per_agent) for name in POLICE_COLUMNS
        )
        return Street(
            figures=_unpacked(self.people)[citizens],
            sizes=layout.home_size[homes],
            community=_unpacked(self.communities)[homes] != int(Community.NONE),
            police=(loyal, shirking, defected),
        )


class History(Sequence[Frame]):
    """The frames of a run, day 1 first. One thread may append while others read."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []

    def append(self, frame: Frame) -> None:
        """Add the newest day."""
        self._frames.append(frame)

    def __len__(self) -> int:
        return len(self._frames)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Frame, ...]: ...
    def __getitem__(self, index: int | slice) -> Frame | tuple[Frame, ...]:
        return tuple(self._frames[index]) if isinstance(index, slice) else self._frames[index]

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames())

    def frames(self) -> tuple[Frame, ...]:
        """Return the frames there are now."""
        return tuple(self._frames)

    def series(self, *columns: str) -> dict[str, NDArray[Any]]:
        """Return national columns as arrays of equal length, with ``date`` (or ``step``) along them.

        Raises
        ------
        KeyError
            If the model has no such column.
        """
        frames = self.frames()
        found: dict[str, NDArray[Any]] = {}
        if frames and frames[0].date is None:
            found["step"] = np.array([frame.day for frame in frames], dtype=np.int64)
        else:
            found["date"] = np.array([frame.date for frame in frames], dtype="datetime64[D]")
        return found | {name: np.array([frame.national[name] for frame in frames]) for name in columns}

    def on(self, date: dt.date) -> Frame | None:
        """Return the frame of a date; None if the run has none."""
        frames = self.frames()
        if not frames or frames[0].date is None:
            return None
        index = (date - frames[0].date).days
        return frames[index] if 0 <= index < len(frames) else None


def _unpacked(packed: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(zlib.decompress(packed), dtype=np.uint8)
