"""From a card to a scenario's text, and from nothing to an empty card."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sim.cards import countries
from sim.cards.card import Card, card_from, read_card
from sim.cards.facts import FACTS, Fact
from sim.cards.rules import BASE, RULES, Known, Rule
from sim.core.errors import one_line
from sim.core.keypath import dotted
from sim.run.load import Loaded, load_text

AGENTS = 30_000
"""Citizens of a run by default; the comparison cases have 20,000 to 40,000."""
REPLACED = ("places.localities", "people.classes", "police.forces", "institutions", "movement.organisations", "events")
WIDEST = 150
PLAIN = re.compile(r"[^\W\d_][\w ()/+.-]*")
WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"])


@dataclass(frozen=True)
class NewCase:
    """A scenario made of a card.

    Attributes
    ----------
    card : Card
    text : str
        The scenario's file.
    """

    card: Card
    text: str

    def __repr__(self) -> str:
        return f"NewCase({self.card.name!r}, {len(self.card.given)} facts given, {len(self.card.missing)} filled)"

    def load(self, path: str | Path | None = None) -> Loaded:
        """Return the checked scenario, as if it stood at a path; raises ScenarioError with every problem."""
        return load_text(self.text, Path(path or f"{self.card.name}.yaml"))


def new_case(card: Card | Mapping[str, Any] | str | Path, name: str | None = None, agents: int = AGENTS) -> NewCase:
    """Make a scenario of a card.

    Parameters
    ----------
    card : Card, mapping of fact to value, or path of a card's file
    name : str, optional
        Of the case; by default the card's.
    agents : int
        Citizens that a run has, about.

    Raises
    ------
    ScenarioError
        With every problem of the card.
    """
    if isinstance(card, Mapping):
        name = name or "my-case"
        card = card_from({"title": titled(name), **card}, name)
    elif not isinstance(card, Card):
        card = read_card(card)
    return NewCase(card, _text(card, name or card.name, agents))


def template(name: str) -> str:
    """Return an empty card for a case such as ``sudan-2018``: every fact, what it means, where to find it."""
    title = titled(name)
    wanted = title.rstrip(" 0123456789").lower()
    code = next((one.iso3 for one in countries.countries().values() if one.name.lower() == wanted), "")
    lines = [
        f"# {title}: a case card. Fill in what you know, delete or leave empty what you do not, then",
        f"#   protestorate new {name} --from {name}.card.yaml",
        "# Only what could be known on the first day, and dates of the calendar. A fact may name its own source:",
        "#   police: {is: 2.1, from: my-source, note: what you would tell a reader}",
        f"title: {title}",
        "summary: What happened, in a sentence or two.",
        "# Sources of your own, by id; those of the project are in seeds/publications.yaml.",
        "# publications:",
        "#   my-source: {citation: 'Author (year). Title.', note: what it is used for}",
        "",
    ]
    for fact in FACTS.values():
        lines += [f"# {words(fact)}", f"{fact.name}: {code if fact.name == 'country' else ''}".rstrip(), ""]
    return "\n".join(lines)


def titled(name: str) -> str:
    """Return the title of a case such as ``sudan-2018``: Sudan 2018."""
    return name.replace("-", " ").replace("_", " ").title()


def words(fact: Fact) -> str:
    """Return what a card says of a fact: meaning, unit, where to find it, and what stands in if it is left out."""
    unit = f" [{fact.unit}]" if fact.unit else ""
    choice = f" One of {', '.join(fact.choices)}." if fact.choices and fact.kind == "choice" else ""
    form = " A list of {from: date, until: date, strength: number, title: text}." if fact.kind == "spans" else ""
    return f"{fact.about}{unit}.{choice}{form} Where: {fact.where}. {left_out(fact)}"


def left_out(fact: Fact) -> str:
    """Return in words what stands in for a fact that is left out."""
    return {
        "required": "May not be left out.",
        "region": "Left out: the median of the region.",
        "world": "Left out: a round figure of the world.",
        "derived": "Left out: follows from other facts.",
        "default": f"Left out: {_scalar(fact.default)}.",
        "none": "May be left out.",
    }[fact.fill]


def values_of(card: Card, agents: int = AGENTS) -> list[tuple[Rule, Mapping[str, Any]]]:
    """Return each rule with what it gives for a card."""
    return [(rule, rule.make(Known(card, rule.reads, agents))) for rule in RULES]


def _text(card: Card, name: str, agents: int) -> str:
    made = values_of(card, agents)
    data: dict[str, Any] = {}
    for _, values in made:
        _merge(data, values)
    comments = {_begin(rule): _comment(rule, card) for rule, values in made if values}
    head = [
        f"# {one_line(card.title)}. Made of a card by `protestorate new`; docs/cards.md has the rules.",
        f"# Whatever no rule gives is {BASE}'s: motives, emotions, loyalty, learning, news, criteria of outcome.",
        *_filled_lines(card),
        f"extends: {BASE}",
        f"replaces: [{', '.join(REPLACED)}]",
        "",
    ]
    about = {"title": card.title, "summary": card.summary or f"Made of the card {name}.", "question": "", "authors": []}
    lines = [*head, *_block({"about": about}, {})]
    for section, values in data.items():
        lines += ["", *_block({section: values}, comments)]
    sources = dict(_sources(card, made))
    if card.publications:
        lines += ["", *_block({"publications": dict(card.publications)}, {})]
    lines += ["", "sources:", *(f"  {_key(key)}: {_flow(entry)}" for key, entry in sources.items())]
    return "\n".join(lines) + "\n"


def _filled_lines(card: Card) -> Iterator[str]:
    if card.missing:
        yield "# Not on the card, and filled:"
        for name in card.missing:
            given = card.facts[name]
            yield f"#   {name}: {_shown(given.value)} ({given.filled})"


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _begin(rule: Rule) -> str:
    """Return the key path before which a rule's comment stands."""
    return rule.writes[0].split(".*")[0].split("_*")[0]


def _comment(rule: Rule, card: Card) -> str:
    return f"rule {rule.name}, from {_read(rule, card)}"


def _read(rule: Rule, card: Card) -> str:
    told = []
    for name in rule.reads:
        given = card.facts[name]
        if given.value is None or (isinstance(given.value, list) and name != "weekend"):
            continue
        told.append(f"{name} {_shown(given.value)}{' (filled)' if given.filled else ''}")
    return ", ".join(told) or "the card"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else _scalar(value)


def _sources(card: Card, made: list[tuple[Rule, Mapping[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield an entry of ``sources`` for each key path that a rule has given a value at."""
    for rule, values in made:
        named = [*rule.source]
        for fact in rule.reads:
            given = card.facts[fact]
            if given.value is not None:
                named += [name for name in given.sources if name not in named]
        notes = [card.facts[fact].note for fact in rule.reads if card.facts[fact].note]
        note = "; ".join([f"rule {rule.name}: {_read(rule, card)}", *notes])
        entry = {"from": named if len(named) > 1 else named[0], "note": note}
        for pattern in rule.writes:
            for key in _keys(pattern, values):
                yield key, entry


def _keys(pattern: str, values: Mapping[str, Any]) -> list[str]:
    """Return the entries of ``sources`` that a pattern stands for; none where the rule gave nothing there."""
    names, part = pattern.split("."), values
    found: list[tuple[tuple[str, ...], Any]] = [((), part)]
    for name in names:
        deeper: list[tuple[tuple[str, ...], Any]] = []
        for path, inner in found:
            if not isinstance(inner, Mapping):
                continue
            if name == "*":
                deeper += [((*path, "*"), one) for one in list(inner.values())[:1]]
            else:
                deeper += [((*path, key), one) for key, one in inner.items() if fnmatchcase(key, name)]
        found = deeper
    return [dotted(path) for path, value in found if value is not None]


def _block(data: Mapping[str, Any], comments: Mapping[str, str], above: tuple[str, ...] = ()) -> list[str]:
    """Return YAML lines of nested mappings; small ones on a line."""
    lines: list[str] = []
    indent = "  " * len(above)
    for key, value in data.items():
        path = (*above, key)
        comment = next((text for at, text in comments.items() if ".".join(path) == at), "")
        if comment:
            lines += [f"{indent}# {part}" for part in _wrapped(comment)]
        told = any(at.startswith(".".join(path) + ".") for at in comments)
        flow = f"{indent}{_key(key)}: {_flow(value)}"
        if isinstance(value, Mapping) and value and (told or not above or len(flow) > WIDEST or _deep(value) > 2):
            lines += [f"{indent}{_key(key)}:", *_block(value, comments, path)]
        else:
            lines.append(flow)
    return lines


def _deep(value: Any) -> int:
    return 1 + max(map(_deep, value.values()), default=0) if isinstance(value, Mapping) else 0


def _wrapped(text: str, width: int = 110) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        text = f"{value:.10g}"
        if "e" in text:
            text = f"{value:.12f}".rstrip("0")
        return text if "." in text else f"{text}.0"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    plain = PLAIN.fullmatch(text) and text.lower() not in WORDS and not text.endswith(" ")
    return text if plain else json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    parts = PLAIN.fullmatch(name.replace("*", "x").replace("'", "x")) and name.lower() not in WORDS
    return name if parts and not name.startswith(("*", "'")) else json.dumps(name, ensure_ascii=False)
