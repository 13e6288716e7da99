"""What a mechanism declares: parameters, off switches, state, luck, claims, and its part in the motive.

A mechanism is one module of :mod:`sim.models.mobilisation.mechanisms`. It holds its equations as pure functions, the
small loops that apply them, and one `Mechanism`, from which the rest is derived: the sections of the schema, the
record of parameters, the off switches, the tables of state, the description of the model and the table of mechanisms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.core.errors import FieldError, nearest, shown
from sim.models.results import Result
from sim.scenario.fields import Section

PEOPLE, FEELINGS, MOVEMENT, REGIME, WORLD = (
    "People", "Feelings and news", "Movement", "Police, elites, regime", "The world",
)  # fmt: skip
HEADINGS = (PEOPLE, FEELINGS, MOVEMENT, REGIME, WORLD)
"""Headings under which documents list results, in this order."""


@dataclass(frozen=True)
class Column:
    """One array of the state.

    Attributes
    ----------
    name, dtype, unit, meaning : str
        Its name, NumPy type, unit, and meaning.
    width : str
        A name in ``widths`` if it has two dimensions.
    first : float or callable (record of parameters) -> float
        Value on the first morning. What is drawn for each entity is drawn by the population instead.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    width: str = ""
    first: float | Callable[[Any], float] = 0.0


@dataclass(frozen=True)
class Ablation:
    """What theory says of a mechanism that is switched off.

    Attributes
    ----------
    quantity : str
        As for the outcome of an experiment of the ledger (``seeds/README.md``).
    expected : str
        What the quantity does without the mechanism: ``rises``, ``falls``, or ``open`` where theory gives no sign.
    because : str
        The theory, in a sentence.
    scenario : str
        A scenario in which it has something to do.
    given : mapping of str to object
        Value by key path, set with the mechanism and without.
    also : tuple of str
        Other switches that are off with it.
    """

    quantity: str
    expected: str
    because: str
    scenario: str = "belarus-2020"
    given: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Switch:
    """An off switch: a key of the scenario's section ``mechanisms``.

    Attributes
    ----------
    name : str
    about : str
        What the mechanism is, in words.
    zero : tuple of str
        Parameters of the record that become zero. One that no section has is 1 unless it is switched off.
    without : tuple of Ablation
    inputs : tuple of str
        The effects of dated events without which it does nothing. What it does is then put in from outside, and decided
        by nobody in the model; empty for all that acts by itself.
    """

    name: str
    about: str
    zero: tuple[str, ...]
    without: tuple[Ablation, ...] = ()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mechanism:
    """Everything that is said of a mechanism beside its equations and loops.

    Attributes
    ----------
    title : str
        Its name in documents.
    parameters : mapping of str to type of Section
        Its parameters by the key path of the section where they stand in a scenario; ``*`` stands for any name.
    switches : tuple of Switch
    state : mapping of str to tuple of Column
        Columns that it adds, by table of :mod:`sim.models.mobilisation.state`.
    rows : mapping of str to mapping of str to callable (config) -> list of float
        Numbers that it adds to the rows of a kind of named things, by kind and name, such as ``camps``.
    results : tuple of Result
        What it records a day; ``of`` says where it comes from, such as ``nation.cooptation``.
    numbers : tuple of Result
        What it adds to the summary of a run.
    motive : tuple of callable or str
        The terms that it adds to the motive: rules, or the symbol of a quantity that counts as it is.
    checks : tuple of callable (config) -> None
        Raise FieldError where its parameters do not agree with the rest of a scenario.
    pulses : tuple of str
        Effects of events that strike on the first day only.
    adding : tuple of str
        Effects that add up where events overlap; of all others the stronger counts.
    streams : mapping of int to str
        Its streams of luck: number, and what a draw decides. Numbers are part of the results and never used again.
    claims : tuple of str
        Ids of the ledger.
    seen : tuple of str
        Columns of the daily table and numbers of the summary in which it shows.
    """

    title: str
    parameters: Mapping[str, type[Section]] = field(default_factory=dict)
    switches: tuple[Switch, ...] = ()
    state: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Callable[[Any], list[float]]]] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    numbers: tuple[Result, ...] = ()
    motive: tuple[Callable[..., float] | str, ...] = ()
    checks: tuple[Callable[[Any], None], ...] = ()
    pulses: tuple[str, ...] = ()
    adding: tuple[str, ...] = ()
    streams: Mapping[int, str] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


def rising(section: str, low: str, high: str) -> Callable[[Any], None]:
    """Return a check that two ends of a logarithmic scale, in a section of the scenario, are above 0 and rise."""

    def check(config: Any) -> None:
        scale = getattr(config, section)
        if not 0.0 < getattr(scale, low) < getattr(scale, high):
            raise FieldError(f"must be above 0 and below {high}", (section, low), shown(getattr(scale, low)))

    return check


def check_name(given: str, known: Collection[str], where: str, what: str, at: tuple[str, ...]) -> None:
    """Raise FieldError if a scenario names something that it does not have.

    Parameters
    ----------
    given : str
    known : collection of str
        The names there are.
    where, what : str
        Key path of those names, and what each of them is.
    at : tuple of str
        Where the name was given.
    """
    if given not in known:
        raise FieldError(f"{where} has no such {what}", at, shown(given), nearest(given, known))
