"""All that a model declares: its results by name, families as their columns, and what a run's summary says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.core.formats import readable
from sim.models.results import AMOUNT, COUNT, FAMILY, PLAIN, UNKNOWN, Result, plain


def expanded(results: Iterable[Result], config: Any) -> tuple[Result, ...]:
    """Return declarations with each family replaced by its columns in a scenario, in their order."""
    found: list[Result] = []
    for one in results:
        if one.members is None:
            found.append(one)
        else:
            found += (_column(one, str(member)) for member in one.members(config))
    return tuple(found)


def _column(family: Result, member: str) -> Result:
    called = readable(member)
    label = family.label.replace("*", called) if "*" in family.label else f"{family.label}, {called}"
    return replace(
        family,
        name=family.prefix + plain(member),
        label=label,
        short=called,
        members=None,
        each="",
        family=family,
        member=member,
    )


@dataclass(frozen=True)
class Declared:
    """What runs of a scenario record, as its model declares it.

    Attributes
    ----------
    columns, places : tuple of Result
        The columns of the daily table and of that by locality, in their order, families as their columns.
    numbers : tuple of Result
        The entries of the summary, in their order.
    """

    columns: tuple[Result, ...]
    places: tuple[Result, ...]
    numbers: tuple[Result, ...]


NOTHING_DECLARED = Declared((), (), ())


class Declarations(Mapping[str, Result]):
    """Declarations by name; a family by its own name, too, as the sum over its columns.

    A family that is not `expanded` knows each of its columns by the beginning of the name.

    Parameters
    ----------
    results : iterable of Result
        Of two with the same name the first counts, so that those of several scenarios can be joined.
    """

    def __init__(self, results: Iterable[Result]) -> None:
        self._results: dict[str, Result] = {}
        self._families: dict[str, Result] = {}
        self._order = tuple(results)
        for one in self._order:
            family = one if one.is_family else one.family
            if family is not None:
                self._families.setdefault(family.name, family)
            if not one.is_family:
                self._results.setdefault(one.name, one)

    def __getitem__(self, name: str) -> Result:
        """Return a declaration; raises KeyError for a name that is not declared."""
        found = self._results.get(name) or self._families.get(name) or self._member(name)
        if found is None:
            raise KeyError(name)
        return found

    def _member(self, name: str) -> Result | None:
        """Return a column of the family with the longest name that fits."""
        fitting = [one for one in self._families.values() if name.startswith(one.prefix) and name != one.prefix]
        family = max(fitting, key=lambda one: len(one.prefix), default=None)
        return None if family is None else _column(family, name.removeprefix(family.prefix))

    def of(self, name: str) -> Result:
        """Return a declaration; for a name that is not declared, one that says no more than the name."""
        return self.get(name) or bare(name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of columns or numbers, without those of families."""
        return iter(self._results)

    def __len__(self) -> int:
        return len(self._results)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    @property
    def families(self) -> tuple[Result, ...]:
        """The families of which there are columns."""
        return tuple(self._families.values())

    @property
    def number_names(self) -> tuple[str, ...]:
        """Names of those that are numbers, without those of families."""
        return tuple(name for name, one in self._results.items() if one.is_number)

    def members(self, family: str) -> tuple[Result, ...]:
        """Return the columns of a family; none if there is no such family."""
        return tuple(one for one in self._results.values() if one.family is not None and one.family.name == family)

    def parts(self, name: str) -> tuple[Result, ...]:
        """Return a column, or the columns of a family that are added up; raises KeyError for an unknown name."""
        return self.members(name) or (self._results[name],)

    def main(self) -> tuple[Result, ...]:
        """Return what is shown where there is no room for all: the main ones, or all numbers of a small model."""
        whole: dict[str, Result] = {}
        for one in self._order:
            if one.is_number:
                whole.setdefault((one.family or one).name, one.family or one)
        return tuple(one for one in whole.values() if one.main) or tuple(
            one for one in whole.values() if not one.is_family
        )


def bare(name: str) -> Result:
    """Return what can be said of a number that is not declared, such as one of another version: its name."""
    return Result(name, PLAIN, AMOUNT, label=readable(name), about=UNKNOWN)


def summarised(
    numbers: Iterable[Result], columns: Iterable[Result], days: Any, localities: Any, config: Any
) -> dict[str, Any]:
    """Return the entries of a summary that follow from their declarations.

    Parameters
    ----------
    numbers : iterable of Result
        Those whose `of` is empty are left out: the model adds them itself.
    columns : iterable of Result
        The daily columns.
    days, localities : DataFrame, or mapping of str to array
        The columns of the run's tables by name; ``len`` is the number of rows.
    config : BaseModel
        The scenario.

    Raises
    ------
    KeyError
        If a number is of a column that there is not.
    """
    known = Declarations(columns)
    return {one.name: _value(one, known, days, localities, config) for one in numbers if one.of}


def _value(one: Result, known: Declarations, days: Any, localities: Any, config: Any) -> Any:
    if callable(one.of):
        return one.of(days, localities, config)
    whole = one.of.endswith(FAMILY)
    series = sum(np.asarray(days[part.name]) for part in known.parts(one.of)) if whole else days[one.of]
    value = one.over(series)
    return int(value) if one.kind == COUNT else float(value)


def undeclared(table: Sequence[str], declared: Iterable[Result]) -> str:
    """Return in what the names of a table differ from those declared for it; nothing if they are the same."""
    names = dict.fromkeys(one.name for one in declared)
    there = frozenset(table)
    strange = [name for name in table if name not in names]
    missing = [name for name in names if name not in there]
    if strange:
        return f"{strange[0]!r} is recorded and not declared"
    return f"{missing[0]!r} is declared and not recorded" if missing else ""
