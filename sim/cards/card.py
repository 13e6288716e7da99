"""A card: all facts of a case, given or filled, and what it adds to what rules give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.cards import countries
from sim.cards.filled import Given
from sim.scenario.yaml import Mark


@dataclass(frozen=True)
class Added:
    """What a case needs and no rule gives: a value of the scenario, with its source.

    Attributes
    ----------
    path : tuple of str
        Key path in the scenario.
    value : object
        Plain data.
    sources : tuple of str
        Ids of the ledger or of the card's own publications.
    note : str
    mark : Mark
        Its place in the card.
    """

    path: tuple[str, ...]
    value: Any
    sources: tuple[str, ...]
    note: str
    mark: Mark


@dataclass(frozen=True)
class Card:
    """All facts of a case.

    Attributes
    ----------
    name, title, summary : str
    facts : mapping of str to Given
        Every fact of `FACTS`, given or filled.
    publications : mapping of str to object
        The card's own sources, as a scenario names them.
    file : str
        Where it was read; empty if it was not.
    adds : tuple of Added
        In the order of the card.
    question : str
        What the case is to tell.
    """

    name: str
    facts: Mapping[str, Given]
    title: str = ""
    summary: str = ""
    publications: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    adds: tuple[Added, ...] = ()
    question: str = ""

    def __getitem__(self, fact: str) -> Any:
        """Return the value of a fact."""
        return self.facts[fact].value

    @property
    def country(self) -> countries.Country:
        """The country that it names."""
        found = countries.country(str(self["country"]))
        assert found is not None
        return found

    @property
    def given(self) -> tuple[str, ...]:
        """Facts that the card gives."""
        return tuple(name for name, given in self.facts.items() if not given.filled and given.value is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that were filled."""
        return tuple(name for name, given in self.facts.items() if given.filled)
