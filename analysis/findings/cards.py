"""The tables of docs/cards.md: facts, rules with their sources, and the project's own cards beside its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.report.markdown import code, table
from sim.cards.facts import FACTS
from sim.cards.read import read_card
from sim.cards.rules import RULES, Rule
from sim.cards.write import left_out, new_case
from sim.core.share import share_dir
from sim.evidence.ledger import OWN_WORDS
from sim.run.load import load

PLACES = ("facts", "rules", "own-cards")
NEAR = 0.02
"""Relative difference below which two values count as the same."""


def tables() -> dict[str, str]:
    """Return the tables in Markdown by the name of their place."""
    return {"facts": facts_table(), "rules": rules_table(), "own-cards": own_cards()}


def facts_table() -> str:
    """Return a row a fact."""
    rows = []
    for fact in FACTS.values():
        unit = ", ".join(fact.choices) if fact.kind == "choice" else fact.unit or fact.kind
        known = "first day" if fact.known == "before" else "calendar"
        rows.append((code(fact.name), fact.about, unit, fact.where, left_out(fact), known))
    return table(("fact", "meaning", "unit or words", "where to find it", "if it is left out", "known"), rows)


def rules_table() -> str:
    """Return a row a rule: what it reads and writes, the rule in words, its source."""
    rows = [
        (
            rule.name,
            ", ".join(map(code, rule.reads)),
            ", ".join(map(code, rule.writes)),
            rule.about,
            ", ".join(f"*{name}*" if name in OWN_WORDS else name for name in rule.source),
        )
        for rule in RULES
    ]
    return table(("rule", "reads", "gives", "how", "source"), rows)


def own_cards() -> str:
    """Return for cards whose scenario was not made of them how many numbers are the file's, and what differs most."""
    rows: list[tuple[str, ...]] = []
    for path in sorted((share_dir("scenarios") / "cards").glob("*.card.yaml")):
        name = path.name.removesuffix(".card.yaml")
        case, scenario = new_case(read_card(path), name), load(name)
        if case.text == scenario.path.read_text(encoding="utf-8"):
            continue
        made, by_hand = case.load(Path(f"{name}-card.yaml")).data, scenario.data
        for rule in RULES:
            compared = list(_compared(rule, made, by_hand))
            if compared:
                same = sum(abs(ours - theirs) <= NEAR * max(abs(theirs), 1e-9) for _, ours, theirs in compared)
                rows.append((code(name), rule.name, f"{same} of {len(compared)}", _largest(compared)))
    return table(("case", "rule", "numbers within 2% of the file's", "largest differences: card, file"), rows)


def _compared(rule: Rule, made: Mapping[str, Any], by_hand: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Yield each number that a rule gives and that stands in both, but for places, which are other places."""
    if rule.name in ("places", "outline", "time", "trigger", "calls", "dated", "patron"):
        return
    for pattern in rule.writes:
        yield from _numbers(pattern.split("."), made, by_hand, ())


def _numbers(pattern: list[str], made: Any, by_hand: Any, path: tuple[str, ...]) -> Iterator[tuple[str, float, float]]:
    if isinstance(made, Mapping) and isinstance(by_hand, Mapping):
        names = [pattern[0]] if pattern and pattern[0] != "*" else list(made)
        for name in names:
            if name in made and name in by_hand:
                yield from _numbers(pattern[1:], made[name], by_hand[name], (*path, name))
    elif all(isinstance(one, int | float) and not isinstance(one, bool) for one in (made, by_hand)):
        yield ".".join(path), float(made), float(by_hand)


def _largest(compared: list[tuple[str, float, float]]) -> str:
    """Return the three numbers that differ most, as a share of the larger."""
    off = {path: abs(ours - theirs) / max(abs(ours), abs(theirs), 1e-9) for path, ours, theirs in compared}
    order = sorted((one for one in compared if off[one[0]] > NEAR), key=lambda one: (-off[one[0]], one[0]))
    return "; ".join(f"{code(path)} {ours:g}, {theirs:g}" for path, ours, theirs in order[:3]) or "none"
