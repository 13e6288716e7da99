"""What a story is told with: a memory of what has been told, and words for shares that have been passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.core.formats import share
from sim.mesa.frames import Frame
from sim.models.mobilisation.schema.scenario import Mobilisation


@dataclass
class Memory:
    """What has been told, so that nothing is told twice.

    Attributes
    ----------
    previous : mapping of str to number
        The national row of the day before; empty on the first.
    crowds : list of float
        People in action on each day so far.
    arrests : float
        Largest wave of arrests told so far [persons].
    passed : dict of str to int
        How many of its marks each series has passed.
    told : set of str
        What happens only once.
    last : dict of str to int
        The day on which something was last done.
    """

    previous: Mapping[str, Any] = field(default_factory=dict)
    crowds: list[float] = field(default_factory=list)
    arrests: float = 0.0
    passed: dict[str, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    last: dict[str, int] = field(default_factory=dict)

    def first(self, what: str) -> bool:
        """Return whether this is told for the first time."""
        new = what not in self.told
        self.told.add(what)
        return new

    def passes(self, what: str, value: float, marks: Sequence[float]) -> bool:
        """Return whether `value` has passed another of its rising marks."""
        now = sum(value >= mark for mark in marks)
        new = now > self.passed.get(what, 0)
        self.passed[what] = max(now, self.passed.get(what, 0))
        return new

    def news(self, what: str, value: float, marks: Sequence[float]) -> float | None:
        """Return the highest rising mark that `value` has newly passed; what it was on the first day is no news."""
        new = self.passes(what, value, marks)
        return max(mark for mark in marks if value >= mark) if new and self.previous else None

    def again(self, what: str, day: int, pause: int) -> bool:
        """Return whether something is done for the first time in more than `pause` days."""
        before = self.last.get(what)
        self.last[what] = day
        return before is None or day - before > pause


Rule = Callable[[Frame, Memory, Mobilisation], str]
"""Returns a sentence on a day, or nothing."""

FRACTIONS = ((0.1, "a tenth"), (0.25, "a quarter"), (1 / 3, "a third"), (0.5, "half"), (0.75, "three quarters"),
             (0.9, "nine tenths"))  # fmt: skip
MARKS = tuple(mark for mark, _ in FRACTIONS)
NEARLY = 1.1
"""Times a fraction, up to which a share still goes by its name."""


def fraction(value: float) -> str:
    """Return the largest common fraction that a share reaches, with the share: ``a third (36%)``.

    What is further above it than `NEARLY` is more than it: ``more than half (69%)``.
    """
    reached = [(mark, word) for mark, word in FRACTIONS if value >= mark]
    if not reached:
        return share(value)
    mark, word = reached[-1]
    return f"{'more than ' if value > NEARLY * mark else ''}{word} ({share(value)})"
