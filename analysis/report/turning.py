"""The turning points of a finished run, for the report and the terminal, as the page tells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.mesa.frames import Frame, Record
from sim.page.story import Line, turning_points
from sim.page.telling import Rule
from sim.page.turning import RULES

if TYPE_CHECKING:
    from sim.run.result import Run


def frames_of(run: Run) -> list[Frame]:
    """Return what the story is told from: a frame for each day, with people in action by locality."""
    if "date" not in run.days or "attending" not in run.days:
        return []
    places = _crowds(run)
    names = [str(name) for name in run.days]
    frames = []
    for place, values in enumerate(run.days.to_numpy(dtype=object).tolist()):
        row = dict(zip(names, values, strict=True))
        date = row.pop("date").date()
        ended = run.outcome if place == len(run.days) - 1 else None
        frames.append(
            Frame(place + 1, date, date.isoformat(), Record(row), Record({"attending": places[place]}), ended)
        )
    return frames


def turns(run: Run, rules: Sequence[Rule] = RULES, events: bool = True) -> list[Line]:
    """Return day, date and sentence of each turning point, the first first; none for a model without a calendar.

    Parameters
    ----------
    run : Run
    rules : sequence of Rule
        What is worth a sentence; ``sim.page.power.POWER`` says why a run ended as it did.
    events : bool
        Whether the scenario's events are, too.
    """
    return turning_points(frames_of(run), run.scenario, rules=rules, events=events)


def _crowds(run: Run) -> np.ndarray:
    """Return people in action, shape (days, localities), in the order of the scenario."""
    names = list(run.scenario.places.localities)
    crowds = run.localities["attending"].to_numpy().reshape(len(run.days), len(names))
    return np.asarray(crowds)
