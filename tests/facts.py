"""What is known of each mechanism: a file each in ``tests/mechanisms``.

A file holds ``CASES``, its rules worked by hand; ``REMOVALS``, what is left out of a day when the mechanism is taken
out by hand, where that is not simply all of its loops; and ``SIGNS``, what theory says of it in the tiny country.
The tests of rules, switches and signs read these files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

Case = tuple[tuple[Any, ...], Any]
"""Arguments and expected result; the arithmetic stands beside the number."""
Measure = Callable[[pd.DataFrame], float]


@dataclass(frozen=True)
class Removal:
    """A mechanism taken out by hand.

    Attributes
    ----------
    loops : tuple of str
        Loops that are not called, as ``mechanism.loop``.
    rules : dict of str to callable
        What stands in the place of rules, by ``mechanism.rule``.
    changes : dict of str to value
        Effects of the mechanism that no function computes, taken out of the scenario by key path.
    given : dict of str to value
        What is set with the mechanism and without, where the tiny country gives it little to do.
    """

    loops: tuple[str, ...] = ()
    rules: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sign:
    """What a measure does without a mechanism, ``rises`` or ``falls``, and circumstances that show it."""

    switch: str
    expected: str
    measure: Measure
    given: Mapping[str, Any] = field(default_factory=dict)


@cache
def files() -> dict[str, Any]:
    """Every file of ``tests/mechanisms`` by its name, imported."""
    folder = Path(__file__).parent / "mechanisms"
    return {path.stem: import_module(f"mechanisms.{path.stem}") for path in sorted(folder.glob("*.py"))}


def cases() -> dict[str, list[Case]]:
    """The cases of every rule by ``mechanism.rule``."""
    return {f"{name}.{rule}": found for name, file in files().items() for rule, found in file.CASES.items()}


def removals() -> dict[str, Removal]:
    """The removals that are written by hand, by switch."""
    return {switch: one for file in files().values() for switch, one in getattr(file, "REMOVALS", {}).items()}


def signs() -> list[Sign]:
    return [one for file in files().values() for one in getattr(file, "SIGNS", ())]


def total(name: str) -> Measure:
    return lambda days: float(days[name].sum())


def mean(name: str) -> Measure:
    return lambda days: float(days[name].mean())


def last(name: str) -> Measure:
    return lambda days: float(days[name].iloc[-1])


def share(part: str, whole: str) -> Measure:
    return lambda days: float(days[part].sum() / days[whole].sum())


TURNOUT, STRIKING, RISK = total("attending"), total("striking"), share("detained_today", "attending")
HARSH = {"regime.aggression_base": 0.4}


def unchanged(before: float, *rest: float) -> float:
    return before


def constant(value: Any) -> Callable[..., Any]:
    return lambda *arguments: value
