"""What the schema says about a key path: unit, meaning, range and kind of value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypedDict

from sim.core.errors import Problem, ScenarioError
from sim.core.formats import readable
from sim.core.keypath import dotted, ends_in, undotted
from sim.run.load import Loaded
from sim.scenario.described import described, unit_and_range
from sim.scenario.overrides import apply

NOT_SETTABLE = ("unknown key path", "can only be set in a file")


class Description(TypedDict):
    """What the schema says about a value.

    Attributes
    ----------
    unit : str
        Such as ``1/day``; empty if there is none.
    description : str
        What it means, without unit and range.
    low, high : float or None
        Bounds of the schema; None where it sets none.
    type : str
        ``number``, ``whole``, ``boolean``, ``choice``, ``date``, ``text`` or ``section``.
    """

    unit: str
    description: str
    low: float | None
    high: float | None
    type: str


def describe(loaded: Loaded, path: str) -> Description:
    """Return unit, meaning, bounds and kind of the value at a key path of a scenario.

    Parameters
    ----------
    loaded : Loaded
        A scenario whose schema is asked.
    path : str
        Key path, such as ``regime.aggression_gain`` or ``events.shutdown.effects.shutdown``.

    Raises
    ------
    ScenarioError
        If the scenario has no such path, with the nearest one it has.
    """
    problem = refusal(loaded, path)
    if problem is not None:
        raise ScenarioError(problem)
    said = described(type(loaded.config), undotted(path))
    return Description(unit=said.unit or "", description=said.words, low=said.low, high=said.high, type=said.kind)


def said_range(about: Description) -> str:
    """Return unit and range as errors say them, such as ``[factor; 0 to 2]``; empty if there are none."""
    span = unit_and_range(about["unit"], about["low"], about["high"])
    return f"[{span}]" if span else ""


def refusal(loaded: Loaded, path: str, adds: bool = False) -> Problem | None:
    """Return why a scenario cannot be overridden at a key path, whatever the value; None if it can.

    With `adds` the value is a mapping, which may be a new thing under a name of the user's own choice.
    """
    if undotted(path)[0] == "sources":
        return Problem("a source stands in the scenario's file", path)
    _, _, problems = apply(loaded.data, {path: {} if adds else None}, type(loaded.config))
    refused = (problem for problem in problems if problem.message in NOT_SETTABLE)
    return next((Problem(problem.message, path, nearest=problem.nearest) for problem in refused), None)


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """Return for each key path its shortest end that no other of them shares."""
    known = list(dict.fromkeys(paths))
    short = {}
    for path in known:
        names = undotted(path)
        ends = [dotted(names[-length:]) for length in range(1, len(names) + 1)]
        unique = [end for end in ends if not any(ends_in(other, end) for other in known if other != path)]
        short[path] = unique[0] if unique else path
    return short


def labels(meanings: Mapping[str, str]) -> dict[str, str]:
    """Return for each key path what people call it, such as "hub: largest share of the population it can reach".

    Parameters
    ----------
    meanings : mapping of str to str
        By key path: what the schema says it means; empty where it says nothing.
    """
    short, found = short_names(meanings), {}
    for path, meaning in meanings.items():
        names, meaning = undotted(path), meaning.partition(";")[0]
        above = readable(names[-2]) if len(names) > 1 else ""
        if not meaning:
            found[path] = readable(short[path])
        elif not above or above == "mechanisms" or above in meaning:  # the meaning says all
            found[path] = meaning
        else:
            found[path] = f"{above}: {meaning}"
    often = Counter(found.values())
    return {path: label if often[label] == 1 else f"{label} ({short[path]})" for path, label in found.items()}
