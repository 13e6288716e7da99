"""Curves of a mechanism's rules: what a rule gives over the range of what it reads, at a scenario's values.

What the arguments of rules are was looked at in a run (:mod:`analysis.describe.seen`). One that stayed the same is held
there, unless a range is declared for it and it is no parameter; every other moves over its range: the one that is
declared, in the rule's docstring (``risk : float, 0..1``) or as a share that the module keeps, records, or lets events
set, or else the one that was seen. Ranges are never guessed. A rule of which nothing can be drawn says why.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from analysis.describe.seen import Seen
from sim.figures.overview import Picture
from sim.figures.plot import styled
from sim.models.mobilisation.mechanisms import MECHANISMS, rules
from sim.scenario.described import described

DOCUMENTED = re.compile(
    r"^\s*(\w+(?:, \w+)*) : (?:float|int), (-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?|\w+)", re.MULTILINE
)
"""A range in a docstring; its upper end may be another argument, such as a cap."""
SHARES_ARE_CALLED = ("share", "0..1", "0 to 1")
EFFECTS = "events.*.effects"
SWITCHED_ON = "possible"
"""The argument that is 1 unless a mechanism without a coefficient is switched off."""
OF_BEFORE = ("before", "former")
"""What a quantity was, over which a rule is drawn only where it reads nothing else."""
POINTS = 101
SHARES = (0.0, 0.5, 1.0)
"""Where in its range the second quantity stands, a line each."""
INCHES = (5.2, 2.7)
MANY, FEW = 1000.0, 1e-6
"""From where on numbers are written whole, and below which as 0."""
Range = tuple[float, float]


@dataclass(frozen=True)
class Quantity:
    """What a rule reads beside parameters: its range, and its middle, the median where it was seen in a run."""

    low: float
    middle: float
    high: float
    was: Range | None = None

    @property
    def lines(self) -> Range:
        """The range of the lines that are drawn: what it was in a run, where it moved there."""
        return self.was if self.was is not None and self.was[1] > self.was[0] else (self.low, self.high)


Level = Callable[[Quantity], float]
LEVELS: tuple[Level, ...] = (
    lambda one: one.middle,
    lambda one: (one.low + one.high) / 2.0,
    lambda one: one.high,
    lambda one: one.low,
)
"""Where a third quantity stands, in the order in which that is tried: a rule may be flat where another is 0."""


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
        What each line is, empty if there is one, and the rule's values: a number for each point, or a row of them if
        the rule gives several numbers.
    held : mapping of str to float
        What everything else stands at.
    from_run : tuple of str
        Which of the quantities have ranges or values that were seen in a run.
    """

    rule: str
    over: str
    span: Range
    lines: tuple[tuple[str, Any], ...]
    held: Mapping[str, float]
    from_run: tuple[str, ...] = ()

    @property
    def x(self) -> Any:
        """Where on its range the quantity stands."""
        return np.linspace(*self.span, POINTS)

    def png(self) -> bytes:
        """Return the picture: a panel for each number that the rule gives."""
        given = np.atleast_2d(self.lines[0][1].T).shape[0]
        with styled():
            figure = Picture(figsize=INCHES, layout="constrained")
            panels = [figure.add_subplot(1, given, at + 1) for at in range(given)]
            for at, axes in enumerate(panels):
                for label, values in self.lines:
                    axes.plot(self.x, np.atleast_2d(values.T)[at], label=label)
                axes.set_xlabel(_plain(self.over))
                axes.set_ylabel(_plain(self.rule) if given == 1 else f"{_plain(self.rule)}: number {at + 1}")
            if len(self.lines) > 1:
                panels[0].legend(loc="best")
            return figure.png()

    @property
    def words(self) -> str:
        """What is seen, in sentences."""
        over = f"`{self.rule}` over {_plain(self.over)} from {_number(self.span[0])} to {_number(self.span[1])}."
        held = ", ".join(f"{_plain(name)} {_number(value)}" for name, value in self.held.items())
        rest = f" Held fixed: {held}." if held else ""
        seen = ", ".join(map(_plain, self.from_run))
        return over + rest + (f" As they were in a run: {seen}." if seen else "")


@dataclass(frozen=True)
class NoCurve:
    """Why nothing is drawn of a rule.

    Parameters
    ----------
    rule : str
    because : str
        A sentence.
    """

    rule: str
    because: str


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _number(value: float) -> str:
    if abs(value) >= MANY:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= FEW else "0"


def curves(
    mechanism: str, values: Mapping[str, float], seen: Mapping[str, Mapping[str, Seen]]
) -> Iterator[Curve | NoCurve]:
    """Yield for each rule of a mechanism its curve, or why there is none.

    Parameters
    ----------
    mechanism : str
        Name of its module.
    values : mapping of str to float
        A scenario's values of the module's parameters, by their names.
    seen : mapping
        What the arguments of rules were in a run, by ``mechanism.rule``; see `analysis.describe.seen.seen`.
    """
    for name, rule in rules()[mechanism].items():
        plain = getattr(rule, "py_func", rule)  # a curve has a hundred points: not worth compiling for
        yield _curve(name, plain, values, _recorded(mechanism), seen.get(f"{mechanism}.{name}", {}))


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


def _declared(rule: Any) -> dict[str, tuple[float, float | str]]:
    """Return the ranges in a rule's docstring; an upper end that is no number is the name of another argument."""
    found: dict[str, tuple[float, float | str]] = {}
    for names, low, high in DOCUMENTED.findall(rule.__doc__ or ""):
        top: float | str = high if high.isidentifier() else float(high)
        found |= {name: (float(low), top) for name in names.split(", ")}
    return found


def _curve(
    name: str, rule: Any, values: Mapping[str, float], recorded: Mapping[str, Range], seen: Mapping[str, Seen]
) -> Curve | NoCurve:
    """Return what a rule gives over the first of its quantities over which it moves."""
    for wide in (False, True):
        fixed, moved, from_run, unknown = _told_apart(rule, values, {**recorded, **_declared(rule)}, seen, wide)
        if unknown:
            return NoCurve(
                name, f"The run that was looked at never calls it, and no range is declared for `{unknown}`."
            )
        if not moved and wide:
            return NoCurve(name, "All that it reads stayed the same in the run that was looked at.")
        for over in sorted(moved, key=lambda one: one in OF_BEFORE):
            drawn = [
                _drawn(rule, over, second, moved, fixed, level) for level in LEVELS for second in _seconds(moved, over)
            ]
            moving = [one for one in drawn if any(_moves(values) for _, values in one[1])]
            if moving:
                span, lines, held = next((one for one in moving if _differ(one[1])), moving[0])
                return Curve(name, over, span, lines, held, from_run)
    return NoCurve(name, "It gives the same number over the whole range of what it reads at these values.")


def _seconds(moved: Mapping[str, Quantity], over: str) -> list[str]:
    """Return the quantities that may have a line for each of three values; an empty name where there is none."""
    return sorted((one for one in moved if one != over), key=lambda one: one in OF_BEFORE) or [""]


def _differ(lines: tuple[tuple[str, Any], ...]) -> bool:
    return not all(np.allclose(values, lines[0][1], equal_nan=True) for _, values in lines[1:])


def _moves(values: Any) -> bool:
    finite = values[np.isfinite(values).reshape(len(values), -1).all(axis=1)]
    return len(finite) > 0 and bool(np.ptp(finite, axis=0).any())


def _told_apart(
    rule: Any,
    values: Mapping[str, float],
    declared: Mapping[str, tuple[float, float | str]],
    seen: Mapping[str, Seen],
    wide: bool,
) -> tuple[dict[str, float], dict[str, Quantity], tuple[str, ...], str]:
    """Return what is fixed, what moves, which of both are from the run, and an argument of which nothing is known."""
    fixed: dict[str, float] = {}
    moved: dict[str, Quantity] = {}
    from_run = []
    arguments = list(inspect.signature(rule).parameters)
    for argument in sorted(arguments, key=lambda one: isinstance(declared.get(one, (0.0, 0.0))[1], str)):
        value, was = _parameter(argument, values, seen.get(argument)), seen.get(argument)
        if value is not None:
            fixed[argument] = value
        elif argument in declared:
            bottom, top = declared[argument]
            top = fixed.get(top, 1.0) if isinstance(top, str) else top
            spread = (was.low, was.high) if was else None
            moved[argument] = Quantity(bottom, was.middle if was else (bottom + top) / 2.0, top, spread)
        elif argument == SWITCHED_ON:
            fixed[argument] = 1.0
        elif was is None:
            return fixed, moved, (), argument
        else:
            from_run.append(argument)
            low, high = (was.least, was.most) if wide else (was.low, was.high)
            if high > low:
                moved[argument] = Quantity(low, was.middle, high)
            else:
                fixed[argument] = was.middle
    in_order = {argument: moved[argument] for argument in arguments if argument in moved}
    return fixed, in_order, tuple(one for one in arguments if one in from_run), ""


def _parameter(argument: str, values: Mapping[str, float], seen: Seen | None) -> float | None:
    """Return the scenario's value of an argument that is a parameter; None for a quantity.

    A parameter has the argument's name, or one that ends with it. One that was seen has the same value at every call,
    which tells it from a quantity that happens to be called like the end of a parameter.
    """
    fitting = [own for own in values if own == argument or own.endswith(f"_{argument}")]
    if seen is not None:
        return next((values[own] for own in fitting if seen.least == seen.most == values[own]), None)
    return values.get(argument, values[fitting[0]] if len(fitting) == 1 else None)


def _drawn(
    rule: Any, over: str, second: str, moved: Mapping[str, Quantity], fixed: Mapping[str, float], level: Level
) -> tuple[Range, tuple[tuple[str, Any], ...], dict[str, float]]:
    """Return the range of a quantity, a rule's values over it for three values of a second, and what is held."""
    along = moved[over]
    held = {**fixed, **{other: level(moved[other]) for other in moved if other not in (over, second)}}
    settings: list[tuple[str, dict[str, float]]] = [("", {})]
    if second:
        low, high = moved[second].lines
        points = [low + share * (high - low) for share in SHARES]
        settings = [(f"{_plain(second)} {_number(point)}", {second: point}) for point in points]
    arguments = list(inspect.signature(rule).parameters)
    axis = np.linspace(along.low, along.high, POINTS)
    lines = []
    for label, setting in settings:
        given = {**held, **setting}
        with np.errstate(all="ignore"):
            values = [rule(*(np.float64(given.get(one, x)) for one in arguments)) for x in axis]
        lines.append((label, np.array(values, dtype=float)))
    return (along.low, along.high), tuple(lines), held
