"""Live levers: what can be changed while a run goes on, and the events that say the same in a scenario.

A lever overwrites the scenario's schedule of one effect of events from the next day on. What it did can be
written down as events, so that the run can be had again from a file, bit for bit.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.keypath import dotted
from sim.core.paths import called
from sim.models.mobilisation.numbers import numbers
from sim.models.mobilisation.parameters import EFFECTS, schedule
from sim.models.mobilisation.parameters import LEVERS as SCHEDULED
from sim.models.mobilisation.results import column
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.run.find import names
from sim.run.load import Loaded, derive, load
from sim.run.simulate import Running

WEAKEST_ORDER = 0.01
"""An order of no aggression at all would be no order; this is as little as can be ordered."""


@dataclass(frozen=True)
class Lever:
    """A lever as it is drawn.

    Attributes
    ----------
    name : str
        The effect of events that it sets.
    label, help : str
        In words.
    low, high, step : float
        Range and step [share].
    """

    name: str
    label: str
    help: str
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01


def _lever(name: str, label: str, more: str, low: float = 0.0) -> Lever:
    meaning = EFFECTS.model_fields[name].description or name
    return Lever(name, label, f"{meaning}. {more}", low)


LEVERS: Mapping[str, Lever] = {
    lever.name: lever
    for lever in (
        _lever(
            "aggression",
            "aggression ordered",
            "From the next day on police act as ordered. Released, aggression goes its own way from there.",
            WEAKEST_ORDER,
        ),
        _lever(
            "shutdown",
            column("shutdown").brief,
            "From the next day on, instead of what the scenario's events cut. The regime may cut more by itself.",
        ),
        _lever(
            "concession",
            "concession ordered",
            "From the next day on. What has been conceded is not taken back.",
        ),
    )
}
"""The live levers by name."""


@dataclass(frozen=True)
class Pull:
    """One use of a lever: from which day of the run (0 is the first), and to what; None released it."""

    lever: str
    day: int
    value: float | None


class Levers:
    """The levers of one run.

    Parameters
    ----------
    running : Running
        The run. Its schedule is written to from the next day on.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        self.pulls: list[Pull] = []
        self.values: dict[str, float | None] = {}
        config = running.loaded.config
        if isinstance(config, Mobilisation):
            self.values = dict.fromkeys(LEVERS)
            self._planned = numbers(config).levers

    def set(self, name: str, value: float | None) -> None:
        """Set a lever from the next day on, or release it (None).

        Raises
        ------
        ScenarioError
            If the model has no such lever, or the value is outside its range.
        """
        if name not in self.values:
            raise ScenarioError(Problem("there is no such live lever", name, nearest=nearest(name, self.values)))
        if value is not None:
            value = _checked(LEVERS[name], value)
        if value == self.values[name]:
            return
        day = self._running.done
        column = self._running.state.numbers.levers[name]
        column[day:] = self._planned[name][day:] if value is None else value
        self.values[name] = value
        self.pulls.append(Pull(name, day, value))

    def scenario(self) -> Loaded:
        """Return the run's scenario with everything that levers did as events."""
        loaded = self._running.loaded
        if not self.pulls:
            return loaded
        config = loaded.config
        assert isinstance(config, Mobilisation)
        events = copy.deepcopy(loaded.data["events"])
        for name in dict.fromkeys(pull.lever for pull in self.pulls):
            live = self._running.state.numbers.levers[name]
            _write_down(events, config, name, live, self._planned[name])
        before = loaded.data["events"]
        return derive(
            loaded, {dotted(("events", key)): event for key, event in events.items() if event != before.get(key)}
        )


def _checked(lever: Lever, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ScenarioError(Problem("must be a number", lever.name, given=shown(value)))
    if not lever.low <= float(value) <= lever.high:
        raise ScenarioError(Problem(f"must lie in {lever.low:g} to {lever.high:g}", lever.name, given=shown(value)))
    return float(value)


def _write_down(
    events: dict[str, Any],
    config: Mobilisation,
    name: str,
    live: NDArray[np.float64],
    planned: NDArray[np.float64],
) -> None:
    """Change `events` so that their schedule of one effect becomes `live`.

    Events whose effect the lever lessened lose that effect, and what was left of it is written down as events
    of its own. Where events overlap the stronger counts, so anything above what the others do needs no more.
    """
    lessened = np.flatnonzero(live < planned)
    effects: dict[str, dict[str, Any]] = {}
    for key, event in config.events.items():
        first, last = event.date, event.until or event.date
        days = [config.time.start + dt.timedelta(days=int(day)) for day in lessened]
        if getattr(event.effects, name) > 0.0 and any(first <= day <= last for day in days):
            events[key]["effects"] = {**events[key]["effects"], name: 0.0}
            effects[key] = event.effects.model_dump() | {name: 0.0}
    left = config.model_copy(
        update={
            "events": {
                key: event.model_copy(update={"effects": EFFECTS(**effects[key])}) if key in effects else event
                for key, event in config.events.items()
            }
        }
    )
    others = schedule(left)[:, SCHEDULED.index(name)]
    for first_day, last_day, value in _stretches(live, others):
        start = config.time.start + dt.timedelta(days=first_day)
        key = _free_name(f"lever_{name}_{start:%Y_%m_%d}", events)
        title = f"By hand: {LEVERS[name].label} {100 * value:g}%"
        events[key] = {"title": title, "date": start, "effects": {name: value}}
        if last_day > first_day:
            events[key]["until"] = config.time.start + dt.timedelta(days=last_day)


def _stretches(live: NDArray[np.float64], others: NDArray[np.float64]) -> Iterator[tuple[int, int, float]]:
    """Yield first day, last day and value of each stretch in which `live` is constant and not what others do."""
    day = 0
    while day < live.size:
        last = day
        while last + 1 < live.size and live[last + 1] == live[day] and (live[last + 1] != others[last + 1]):
            last += 1
        if live[day] != others[day]:
            yield day, last, float(live[day])
            day = last
        day += 1


def _free_name(wanted: str, taken: Mapping[str, Any]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def scenario_yaml(loaded: Loaded, seed: int, steps: int | None = None) -> str:
    """Return a small scenario file that extends another one and says what differs.

    Parameters
    ----------
    loaded : Loaded
        The changed scenario.
    seed : int
        Random seed of the run; becomes the file's own.
    steps : int, optional
        Where the run stopped before its horizon; said in a comment, because it is no part of a scenario.

    Raises
    ------
    ScenarioError
        If the scenario's file has gone, or can no longer be read.
    """
    parent = load(loaded.path)
    data = copy.deepcopy(loaded.data)
    data["run"]["seed"] = seed
    known = names().get(loaded.path.stem) == loaded.path
    if data != parent.data:
        data["about"]["title"] = f"{data['about']['title']}, changed by hand"
    differing = _difference(parent.data, data)
    content = {"extends": loaded.path.stem if known else loaded.path.resolve().as_posix(), **differing}
    days = f" --days {steps}" if steps is not None else ""
    head = (
        f"# A run of {called(loaded.path)} as it was changed by hand.\n"
        f"# The same run again, bit for bit: protestorate run THIS-FILE{days}\n"
    )
    return head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What a file must say beside `extends: old` to mean `new`; null takes an entry away."""
    found: dict[str, Any] = {}
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            found[key] = None
        elif key not in old:
            found[key] = new[key]
        elif isinstance(old[key], dict) and isinstance(new[key], dict):
            inner = _difference(old[key], new[key])
            if inner:
                found[key] = inner
        elif old[key] != new[key] or type(old[key]) is not type(new[key]):
            found[key] = new[key]
    return found
