"""Curves of a mechanism's rules: what a rule gives over the range of what it reads, at a scenario's values.

A rule is drawn where each of its arguments is one of two things: a parameter of its module, by its name or the end of
its name, which takes the scenario's value; or a quantity whose range is declared, in the rule's docstring (``risk :
float, 0..1``) or as a share that the module keeps, records, or lets events set. Ranges are never guessed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sim.figures.plot import Picture, styled
from sim.models.mobilisation.mechanisms import MECHANISMS, rules
from sim.scenario.described import described

DOCUMENTED = re.compile(r"^\s*(\w+(?:, \w+)*) : (?:float|int), (-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)", re.MULTILINE)
SHARES_ARE_CALLED = ("share", "0..1", "0 to 1")
EFFECTS = "events.*.effects"
SWITCHED_ON = "possible"
"""The argument that is 1 unless a mechanism without a coefficient is switched off."""
POINTS = 101
SHARES = (0.0, 0.5, 1.0)
"""Where in its range the second quantity stands, a line each."""
INCHES = (5.2, 2.7)
Range = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """What a rule gives.

    Parameters
    ----------
    rule : str
    over : str
        The quantity along the axis.
    span : (float, float)
        Its range.
    lines : tuple of (str, array)
        What each line is, empty if there is one, and the rule's values.
    held : mapping of str to float
        What everything else stands at.
    """

    rule: str
    over: str
    span: Range
    lines: tuple[tuple[str, Any], ...]
    held: Mapping[str, float]

    @property
    def x(self) -> Any:
        """Where on its range the quantity stands."""
        return np.linspace(*self.span, POINTS)

    def png(self) -> bytes:
        """Return the picture."""
        with styled():
            figure = Picture(figsize=INCHES, layout="constrained")
            axes = figure.subplots()
            for label, values in self.lines:
                axes.plot(self.x, values, label=label)
            axes.set_xlabel(self.over.replace("_", " "))
            axes.set_ylabel(self.rule.replace("_", " "))
            if len(self.lines) > 1:
                axes.legend(loc="best")
            return figure.png()

    @property
    def words(self) -> str:
        """What is seen, in a sentence."""
        over = f"`{self.rule}` over {self.over.replace('_', ' ')} from {self.span[0]:g} to {self.span[1]:g}"
        held = ", ".join(f"{name} {value:g}" for name, value in self.held.items())
        return f"{over}; the rest held at {held}." if held else f"{over}."


def curves(mechanism: str, values: Mapping[str, float]) -> Iterator[Curve]:
    """Yield the curves of those rules of a mechanism that can be drawn.

    Parameters
    ----------
    mechanism : str
        Name of its module.
    values : mapping of str to float
        A scenario's values of the module's parameters, by their names.
    """
    for name, rule in rules()[mechanism].items():
        plain = getattr(rule, "py_func", rule)  # a curve has a hundred points: not worth compiling for
        found = _curve(name, plain, values, _recorded(mechanism))
        if found is not None:
            yield found


@cache
def _recorded(mechanism: str) -> dict[str, Range]:
    """Return the ranges of the shares that a module keeps in its state, records a day, or lets events set."""
    one = MECHANISMS[mechanism]
    kept = [(column.name, column.unit) for columns in one.state.values() for column in columns]
    kept += [(result.name, result.unit) for result in one.results]
    found: dict[str, Range] = {name: (0.0, 1.0) for name, unit in kept if unit in SHARES_ARE_CALLED}
    for section, schema in one.parameters.items():
        if section == EFFECTS:
            spans = {name: described(schema, (name,)) for name in schema.model_fields}
            found |= {name: (one.low, one.high) for name, one in spans.items() if one.low is not None and one.high}
    return found


def _declared(rule: Any) -> dict[str, Range]:
    found = DOCUMENTED.findall(rule.__doc__ or "")
    return {name: (float(low), float(high)) for names, low, high in found for name in names.split(", ")}


def _curve(name: str, rule: Any, values: Mapping[str, float], recorded: Mapping[str, Range]) -> Curve | None:
    """Return what a rule gives over its first quantities; None if one of its arguments has no value and no range."""
    declared = {**recorded, **_declared(rule)}
    held: dict[str, float] = {}
    moved: dict[str, Range] = {}
    arguments = list(inspect.signature(rule).parameters)
    for argument in arguments:
        fitting = [own for own in values if own == argument or own.endswith(f"_{argument}")]
        if argument in declared and argument not in values:
            moved[argument] = declared[argument]
        elif argument in values:
            held[argument] = values[argument]
        elif len(fitting) == 1:
            held[argument] = values[fitting[0]]
        elif argument == SWITCHED_ON:
            held[argument] = 1.0
        else:
            return None
    if not moved:
        return None
    over, *others = moved
    held |= {other: sum(moved[other]) / 2.0 for other in others[1:]}
    settings: list[tuple[str, dict[str, float]]] = [("", {})]
    if others:
        low, high = moved[others[0]]
        points = [low + share * (high - low) for share in SHARES]
        settings = [(f"{others[0].replace('_', ' ')} {point:g}", {others[0]: point}) for point in points]
    lines = []
    for label, setting in settings:
        given = {**held, **setting}
        axis = np.linspace(*moved[over], POINTS)
        lines.append((label, np.array([rule(*(given.get(one, x) for one in arguments)) for x in axis], dtype=float)))
    if all(np.ptp(drawn) == 0.0 for _, drawn in lines):
        return None  # it does not move over this range
    return Curve(name, over, moved[over], tuple(lines), held)
