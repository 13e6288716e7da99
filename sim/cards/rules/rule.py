"""What a rule is: facts read, values written, the words and the source that stand behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.cards.card import Card


class Known:
    """What a rule may see of a card: the facts that it says it reads, and nothing else.

    Parameters
    ----------
    card : Card
    reads : tuple of str
    agents : int
        Citizens that a run should have, about.
    """

    def __init__(self, card: Card, reads: tuple[str, ...], agents: int) -> None:
        self._card, self._reads, self.agents = card, frozenset(reads), agents

    def __getattr__(self, fact: str) -> Any:
        if fact.startswith("_"):
            raise AttributeError(fact)
        if fact not in self._reads:
            raise LookupError(f"this rule does not say that it reads {fact!r}")
        return self._card[fact]


@dataclass(frozen=True)
class Rule:
    """How facts become values.

    Attributes
    ----------
    name : str
    reads : tuple of str
        Facts, by name.
    writes : tuple of str
        Key paths of what it gives, ``*`` for any name, as a scenario's ``sources`` has them.
    about : str
        The rule in words.
    source : tuple of str
        Ids of the ledger, and the word ``assumption``.
    make : callable (known) -> nested mapping
        The values.
    """

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    about: str
    source: tuple[str, ...]
    make: Callable[[Known], Mapping[str, Any]]


def three(value: float) -> float:
    """Return a number with three significant digits, as a scenario shows it."""
    return float(f"{value:.3g}")


def clip(value: float, low: float, high: float) -> float:
    """Return a number kept within bounds."""
    return min(high, max(low, value))


def severity(rights: float, liberties: float) -> float:
    """Return how repressive a country is by Freedom House, such that Belarus of 2019 (7 and 6) is 1.

    r = (mean of both ratings - 1) / 5.5
    """
    return clip(((rights + liberties) / 2.0 - 1.0) / 5.5, 0.0, 1.1)
