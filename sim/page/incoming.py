"""What comes from the browser, held against what it may be: whoever speaks to the websocket can send anything.

Orders of a tab that take a value read it with the functions here, and are marked `heard`, so that a value that is
not allowed is told in the page and nothing is done.
"""

from __future__ import annotations

import datetime as dt
import functools
import sys
from collections.abc import Callable, Container, Mapping
from typing import Any

from sim.core.errors import ProtestorateError, ScenarioError, shown
from sim.page.options import Options
from sim.page.orders import TooMany
from sim.page.session import day_of
from sim.page.setup import Setup
from sim.page.snapshot import RunSeen
from sim.run.load import load
from sim.run.simulate import HIGHEST_SEED

LARGEST = sys.float_info.max
LONGEST_DATE = 20
RUN = "run."
"""Begin of the key paths that say how a case is run, and nothing of the case itself."""


class Refused(ProtestorateError):
    """A value that the page would not have sent."""


def heard(order: Callable[..., None]) -> Callable[..., None]:
    """Mark an order of a tab that takes values from the browser: one that is refused is told, and nothing is done."""

    @functools.wraps(order)
    def guarded(tab: Any, *given: Any) -> None:
        try:
            order(tab, *given)
        except (Refused, TooMany) as refused:
            tab.notice.value = str(refused)

    return guarded


def number(what: str, value: object, low: float = -LARGEST, high: float = LARGEST) -> float:
    """Return a finite number of a range; raises Refused for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        ends = "" if low == -LARGEST else f" of {low:g} to {high:g}"
        raise Refused(f"The {what} must be a number{ends}, and is {shown(value)}.")
    return float(value)


def share(what: str, value: object) -> float:
    """Return a share; a click on an edge can lie a little outside. Raises Refused for what is no finite number."""
    return min(max(number(what, value), 0.0), 1.0)


def one_of(what: str, value: object, allowed: Container[str]) -> str:
    """Return one of the texts that the page offers; raises Refused for anything else."""
    if not isinstance(value, str) or value not in allowed:
        raise Refused(f"There is no {what} {shown(value)} to choose.")
    return value


def seed(value: object) -> str:
    """Return a seed as it is typed, empty for the scenario's own; raises Refused if it is none."""
    text = value.strip() if isinstance(value, str) else str(value) if type(value) is int else None
    short = text is not None and len(text) <= len(str(HIGHEST_SEED))
    if text is not None and (not text or (short and text.isdecimal() and int(text) <= HIGHEST_SEED)):
        return text
    raise Refused(f"The seed must be a whole number from 0 to 2^63 − 1, and is {shown(value)}.")


def day(goal: object, run: RunSeen) -> int:
    """Return the day of a run that a date (or, without a calendar, a number) is; raises Refused if it is none."""
    try:
        if isinstance(goal, str) and len(goal) <= LONGEST_DATE:
            return day_of(run, dt.date.fromisoformat(goal)) if run.start else int(goal)
    except ValueError:
        pass
    raise Refused("That is no date of this run.")


def setup_of(name: str, options: Options) -> tuple[Setup, str]:
    """Return what a scenario begins with, and in words what of the command line is not for it.

    What was set there holds for the scenarios that were named there. Of it, how a case is run (``run.*``) is kept
    for any other, where its model knows it.
    """
    if name in (options.scenario, options.compare):
        return Setup(name, {}, options.overrides), ""
    ways = {path: value for path, value in options.overrides.items() if path.startswith(RUN)}
    kept = {path: value for path, value in ways.items() if _valid(name, path, value)}
    dropped = [f"{path} = {value}" for path, value in options.overrides.items() if path not in kept]
    told = f"Set on the command line, and not used for {name}: {', '.join(dropped)}." if dropped else ""
    return Setup(name, {}, kept), told


def _valid(name: str, path: str, value: object) -> bool:
    try:
        load(name, {path: value})
    except ScenarioError:
        return False
    return True


def second_setup(
    chosen: object, first: Setup, ready: Mapping[str, Mapping[str, Any]], offered: Container[str], options: Options
) -> tuple[Setup | None, str]:
    """Return the parameter set that is to stand beside the first, and what of the command line is not for it.

    Parameters
    ----------
    chosen : object
        ``off``, ``same:``, ``preset:`` and the name of one that is ready, or ``scenario:`` and a name on offer;
        raises Refused for anything else.
    first : Setup
    ready : mapping of str to overrides
        Ready comparisons, by what they are called.
    offered : container of str
        Scenarios that can be chosen.
    options : Options
    """
    kind, _, name = chosen.partition(":") if isinstance(chosen, str) else ("", "", "")
    if chosen == "off":
        return None, ""
    if chosen == "same:":
        return first, ""
    if kind == "preset" and name in ready:
        return Setup(first.scenario, first.values, {**first.overrides, **ready[name]}), ""
    if kind == "scenario":
        return setup_of(one_of("scenario", name, offered), options)
    raise Refused(f"There is no comparison {shown(chosen)} to choose.")
