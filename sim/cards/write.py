"""From a card to a scenario's text, and from nothing to an empty card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sim.cards import countries
from sim.cards.base import BASE
from sim.cards.card import Card
from sim.cards.facts import FACTS, Fact
from sim.cards.medians import BY_YEAR
from sim.cards.read import card_from, read_card
from sim.cards.rules import RULES, Known, Rule
from sim.cards.text import block, flow, key_text, scalar
from sim.core.errors import Problem, ScenarioError, one_line
from sim.core.keypath import dotted
from sim.run.load import Loaded, load_text

AGENTS = 30_000
"""Citizens of a run where neither caller nor card says it; the comparison cases have 20,000 to 40,000."""
REPLACED = ("places.localities", "people.classes", "police.forces", "institutions", "movement.organisations", "events")


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


def new_case(
    card: Card | Mapping[str, Any] | str | Path, name: str | None = None, agents: int | None = None
) -> NewCase:
    """Make a scenario of a card.

    Parameters
    ----------
    card : Card, mapping of fact to value, or path of a card's file
    name : str, optional
        Of the case; by default the card's.
    agents : int, optional
        Citizens that a run has, about; by default what the card says, else `AGENTS`.

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
        "# What the case needs and no rule gives, by its key path in a scenario (docs/cards.md).",
        "# adds:",
        "#   economy.revenue: {is: 0.9, from: my-source, note: taxes of the year before}",
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
        "region": f"Left out: the median of the region{' about the year' if fact.name in BY_YEAR else ''}.",
        "world": "Left out: a round figure of the world.",
        "derived": "Left out: follows from other facts.",
        "default": f"Left out: {scalar(fact.default)}.",
        "none": "May be left out.",
    }[fact.fill]


def values_of(card: Card, agents: int | None = None) -> list[tuple[Rule, Mapping[str, Any]]]:
    """Return each rule with what it gives for a card."""
    wanted = agents or card["agents"] or AGENTS
    return [(rule, rule.make(Known(card, rule.reads, wanted))) for rule in RULES]


def _text(card: Card, name: str, agents: int | None) -> str:
    made = values_of(card, agents)
    data: dict[str, Any] = {}
    for _, values in made:
        _merge(data, values)
    _add(data, card, made)
    comments = {_begin(rule): _comment(rule, card) for rule, values in made if values}
    comments |= {dotted(one.path): "added by the card" for one in card.adds}
    head = [
        f"# {one_line(card.title)}. Made of a card by `protestorate new`; docs/cards.md has the rules.",
        f"# Whatever no rule gives is {BASE}'s: motives, emotions, loyalty, learning, news, criteria of outcome.",
        *_filled_lines(card),
        f"extends: {BASE}",
        f"replaces: [{', '.join(REPLACED)}]",
        "",
    ]
    about = {
        "title": card.title,
        "summary": card.summary or f"Made of the card {name}.",
        "question": card.question,
        "authors": [],
    }
    lines = [*head, *block({"about": about}, {})]
    for section, values in data.items():
        lines += ["", *block({section: values}, comments)]
    sources = dict(_sources(card, made))
    if card.publications:
        lines += ["", *block({"publications": dict(card.publications)}, {})]
    lines += ["", "sources:", *(f"  {key_text(key)}: {flow(entry)}" for key, entry in sources.items())]
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


def _add(data: dict[str, Any], card: Card, made: list[tuple[Rule, Mapping[str, Any]]]) -> None:
    """Put what a card adds into a scenario; raises ScenarioError where a rule gives it or it stands in the way."""
    problems = []
    for one in card.adds:
        taken = _taken(data, one.path, one.value)
        if taken is None:
            _merge(data, _nested(one.path, one.value))
            continue
        rule = next((rule for rule, values in made if _taken(values, one.path, one.value) is not None), None)
        told = f"rule {rule.name} gives this: change its facts, {', '.join(rule.reads)}" if rule else "is added twice"
        problems.append(Problem(told, dotted(("adds", dotted(one.path))), *one.mark))
    if problems:
        raise ScenarioError(problems)


def _nested(path: tuple[str, ...], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def _taken(data: Any, path: tuple[str, ...], value: Any) -> tuple[str, ...] | None:
    """Return the key path at which a value would replace another one; None if it has room."""
    whole = _nested(path, value)
    return _meets(data, whole, ())


def _meets(data: Any, whole: Any, path: tuple[str, ...]) -> tuple[str, ...] | None:
    if not (isinstance(data, Mapping) and isinstance(whole, Mapping)):
        return path
    for name, inner in whole.items():
        if name in data:
            found = _meets(data[name], inner, (*path, name))
            if found is not None:
                return found
    return None


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
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else scalar(value)


def _sources(card: Card, made: list[tuple[Rule, Mapping[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield an entry of ``sources`` for each key path that a rule has given a value at."""
    for rule, values in made:
        named = [*rule.source]
        for fact in rule.reads:
            given = card.facts[fact]
            if given.value is not None:
                named += [name for name in given.sources if name not in named]
        notes = [f"{fact}: {card.facts[fact].note}" for fact in rule.reads if card.facts[fact].note]
        note = "; ".join([f"rule {rule.name}: {_read(rule, card)}", *notes])
        entry = {"from": named if len(named) > 1 else named[0], "note": note}
        for pattern in rule.writes:
            for key in _keys(pattern, values):
                yield key, entry
    for one in card.adds:
        more = {"note": one.note} if one.note else {}
        yield dotted(one.path), {"from": list(one.sources) if len(one.sources) > 1 else one.sources[0], **more}


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
