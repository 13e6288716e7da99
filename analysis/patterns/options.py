"""What the options of a statistic may name, and how these names are looked up in a study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.core.keypath import KeyPath
from sim.scenario.fields import Section
from sim.study.read import StudyData

LABEL, MEASURE, DAY_COLUMN, PLACE_COLUMN, NUMBER, OUTCOME = (
    "label of a point", "measure", "daily column", "column of localities", "number of the summary", "outcome",
)  # fmt: skip
CALENDAR = "calendar"
"""Not a name: says that days must have dates."""
SAMPLED = "sampled design"
"""Not a name: says that the study's points must be independent draws, and not share their seeds."""


class Named(NamedTuple):
    """A name that stands in an option: where, of which kind (one of the above), and the name."""

    path: KeyPath
    kind: str
    name: str


class Options(Section):
    """The options of a statistic."""

    def names(self) -> Iterator[Named]:
        """Yield the names that the study must know."""
        yield from ()


class AtPoint(Options):
    """Options of a statistic over the runs of one point."""

    at: str | None = None

    def names(self) -> Iterator[Named]:
        """Yield the label of the point, if there is one."""
        if self.at is not None:
            yield Named(("at",), LABEL, self.at)


def point_of(data: StudyData, label: str | None) -> int:
    """Return the number of the point with a label; the study's first if there is none."""
    points = data.points
    return 0 if label is None else int(points.loc[points["label"] == label, "point"].iloc[0])


def runs_of(data: StudyData, point: int) -> int:
    """Return how many runs of a point have come to their end."""
    return int((data.runs["point"] == point).sum())
