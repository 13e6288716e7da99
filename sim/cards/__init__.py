"""Case cards: from some fifty public facts on a country and its first day to a full, sourced scenario."""

from __future__ import annotations

from sim.cards.card import Card
from sim.cards.facts import FACTS, Fact
from sim.cards.filled import Given
from sim.cards.read import read_card
from sim.cards.write import NewCase, new_case, template

__all__ = ["FACTS", "Card", "Fact", "Given", "NewCase", "new_case", "read_card", "template"]
