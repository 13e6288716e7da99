"""The rules, a module a family: facts read, values written, source. `docs/cards.md` has their table."""

from __future__ import annotations

from sim.cards.rules import calendar, force, movement, people, places, regime
from sim.cards.rules.rule import Known, Rule

RULES: tuple[Rule, ...] = (
    *calendar.RULES,
    *places.RULES,
    *people.RULES,
    *force.RULES,
    *regime.RULES,
    *movement.RULES,
)
"""All rules, in the order in which a scenario has their values."""

__all__ = ["RULES", "Known", "Rule"]
