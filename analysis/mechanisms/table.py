"""The table of mechanisms as their modules declare it, and whether all it names exists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.models.mobilisation.mechanisms import MECHANISMS, rules

SIGNS = {"rises": 1, "falls": -1, "open": 0}
"""What theory expects of a quantity when a mechanism is switched off; `open` where theory gives no sign."""
EQUATION = re.compile(r"\((\d+[a-z]'?)\)\s*$", re.MULTILINE)
USUAL_SCENARIO = "belarus-2020"


@dataclass(frozen=True)
class Ablation:
    """One mechanism, or several, switched off in a scenario in which it has something to do.

    Parameters
    ----------
    off : tuple of str
        Switches of ``mechanisms``.
    scenario : str
    given : mapping of str to object
        Value by key path, set with the mechanism and without.
    quantity : str
        As for the outcome of an experiment of the ledger (`sim.measures`).
    expected : str
        One of `SIGNS`: what the quantity does without the mechanism.
    because : str
        The theory, in a sentence.
    """

    off: tuple[str, ...]
    scenario: str
    given: Mapping[str, Any]
    quantity: str
    expected: str
    because: str


@dataclass(frozen=True)
class Mechanism:
    """A row of the table.

    Parameters
    ----------
    file, title : str
        The name of its module, and its own.
    claims : tuple of str
        Ids of the ledger.
    equations : tuple of str
        Numbers of its equations.
    switches, seen : tuple of str
        Its off switches; columns of the daily table and numbers of the summary in which it shows.
    inputs : mapping of str to tuple of str
        The effects of dated events without which a switch does nothing, by the switch.
    ablations : tuple of Ablation
    """

    file: str
    title: str
    claims: tuple[str, ...]
    equations: tuple[str, ...]
    switches: tuple[str, ...]
    seen: tuple[str, ...]
    ablations: tuple[Ablation, ...]
    inputs: Mapping[str, tuple[str, ...]]

    @property
    def is_input(self) -> bool:
        """Whether it does nothing but what dated events put in from outside."""
        return bool(self.switches) and set(self.inputs) == set(self.switches)


@cache
def mechanisms() -> tuple[Mechanism, ...]:
    """Return a row for each mechanism, in the order of their names."""
    equations = {name: _equations(found.values()) for name, found in rules().items()}
    return tuple(
        Mechanism(
            file=name,
            title=one.title,
            claims=one.claims,
            equations=equations[name],
            switches=tuple(switch.name for switch in one.switches),
            seen=one.seen,
            ablations=tuple(
                Ablation((switch.name, *a.also), a.scenario, a.given, a.quantity, a.expected, a.because)
                for switch in one.switches
                for a in switch.without
            ),
            inputs={switch.name: switch.inputs for switch in one.switches if switch.inputs},
        )
        for name, one in MECHANISMS.items()
    )


def _equations(functions: Collection[Any]) -> tuple[str, ...]:
    found = {number for rule in functions for number in EQUATION.findall(rule.__doc__ or "")}
    return tuple(sorted(found, key=lambda number: (int(re.sub(r"\D", "", number)), number)))


def missing(table: Sequence[Mechanism], claims: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with a table in words: claims that do not exist, signs that are none, switches untried.

    Parameters
    ----------
    table : sequence of Mechanism
    claims : collection of str
        All there are.
    """
    for one in table:
        yield from (f"{one.file}: there is no claim {name}" for name in one.claims if name not in claims)
        yield from (f"{one.file}: '{a.expected}' is no sign" for a in one.ablations if a.expected not in SIGNS)
    tried = {name for one in table for ablation in one.ablations for name in ablation.off}
    yield from (
        f"{one.file}: no ablation tries the switch {name}"
        for one in table
        for name in one.switches
        if name not in tried
    )
