"""The table of mechanisms as people write it, ``table.yaml``, and whether all it names exists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sim
from sim.core.errors import ProtestorateError
from sim.scenario.yaml import read

FILE = Path(__file__).parent / "table.yaml"
RULES = Path(sim.__file__).parent / "rules"
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
        As for the outcome of an experiment of the ledger (`analysis.measures`).
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
    """A mechanism of the documents.

    Parameters
    ----------
    number, name : int, str
    claims : tuple of str
        Ids of the ledger.
    rules : mapping of str to tuple of str
        Equation numbers by file of ``sim/models/mobilisation/rules``.
    seen : tuple of str
        Columns of the daily table and numbers of the summary in which it shows.
    ablations : tuple of Ablation
    """

    number: int
    name: str
    claims: tuple[str, ...]
    rules: Mapping[str, tuple[str, ...]]
    seen: tuple[str, ...]
    ablations: tuple[Ablation, ...]

    @property
    def switches(self) -> tuple[str, ...]:
        """Its off switches, each once."""
        return tuple(dict.fromkeys(name for ablation in self.ablations for name in ablation.off))


@cache
def mechanisms(file: Path = FILE) -> tuple[Mechanism, ...]:
    """Return the table.

    Raises
    ------
    ProtestorateError
        If the file is not a table of mechanisms.
    """
    document = read(file)
    try:
        return tuple(_mechanism(item) for item in document.data["mechanisms"])
    except (KeyError, TypeError) as error:
        raise ProtestorateError(f"{file}: an entry lacks {error}") from None


def _mechanism(item: Mapping[str, Any]) -> Mechanism:
    return Mechanism(
        number=item["number"],
        name=item["name"],
        claims=tuple(item["claims"]),
        rules={file: tuple(equations) for file, equations in item["rules"].items()},
        seen=tuple(item["seen"]),
        ablations=tuple(_ablation(one) for one in item["without"]),
    )


def _ablation(item: Mapping[str, Any]) -> Ablation:
    return Ablation(
        off=tuple(item["switches"]),
        scenario=item.get("scenario", USUAL_SCENARIO),
        given=item.get("given", {}),
        quantity=item["quantity"],
        expected=item["expected"],
        because=item["because"],
    )


def equations(file: str) -> set[str]:
    """Return the numbers of the equations of a file of rules; none if there is no such file."""
    path = RULES / file
    return set(EQUATION.findall(path.read_text(encoding="utf-8"))) if path.is_file() else set()


def missing(table: Collection[Mechanism], claims: Collection[str], switches: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with a table in words: claims, equations or switches that do not exist, or are left out.

    Parameters
    ----------
    table : collection of Mechanism
    claims, switches : collection of str
        All there are.
    """
    for one in table:
        yield from (f"{one.number}: there is no claim {name}" for name in one.claims if name not in claims)
        for file, named in one.rules.items():
            known = equations(file)
            yield from (f"{one.number}: {file} has no equation ({name})" for name in named if name not in known)
            if not named:
                yield f"{one.number}: names no equation of {file}"
        yield from (f"{one.number}: there is no switch {name}" for name in one.switches if name not in switches)
        yield from (f"{one.number}: '{a.expected}' is no sign" for a in one.ablations if a.expected not in SIGNS)
    named_somewhere = {name for one in table for name in one.switches}
    yield from (f"no mechanism names the switch {name}" for name in switches if name not in named_somewhere)
