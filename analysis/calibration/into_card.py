"""What a calibration found, written where it came from: into the card that a scenario is made of, else into the scenario."""

from __future__ import annotations

from pathlib import Path

from analysis.calibration.evaluate import Values
from analysis.calibration.record import with_numbers, write_scenario
from analysis.report.page import write_text
from sim.cards import new_case, read_card
from sim.cards.card import Card
from sim.core.errors import Problem, ScenarioError
from sim.core.keypath import dotted, quoted


def card_of(scenario: Path) -> Path | None:
    """Return the card of which a scenario is made, letter by letter; None if it is not made of one.

    A card stands beside its scenario or in a folder ``cards`` there, as NAME.card.yaml.
    """
    for folder in (scenario.parent, scenario.parent / "cards"):
        card = folder / f"{scenario.stem}.card.yaml"
        if card.is_file():
            made = new_case(read_card(card), scenario.stem).text
            return card if made == scenario.read_text(encoding="utf-8") else None
    return None


def check_places(scenario: Path, values: Values) -> None:
    """Raise ScenarioError unless each of these key paths can be written; a search is long, and is told before it."""
    card = card_of(scenario)
    if card is None:
        with_numbers(scenario, values)
    else:
        _check_card(card, read_card(card), values)


def write_found(scenario: Path, values: Values, calibrated: Values, note: str) -> Path:
    """Write numbers into the card of a scenario, and make the scenario anew; without a card into the scenario.

    Returns the file into which they were written. Nothing is changed if the new scenario would not be valid.
    Parameters are those of `write_scenario`; a card keeps its own notes.
    """
    card = card_of(scenario)
    if card is None:
        write_scenario(scenario, values, calibrated, note)
        return scenario
    _check_card(card, read_card(card), values)
    text = with_numbers(card, {_key(path): value for path, value in values.items()})
    trial = card.with_name(f".{scenario.stem}.card.yaml")
    trial.write_text(text, encoding="utf-8")
    try:
        made = new_case(read_card(trial), scenario.stem)
        made.load(scenario)
    finally:
        trial.unlink()
    write_text(card, text)
    write_text(scenario, made.text)
    return card


def _key(path: str) -> str:
    """Return where a card has a value that it adds: ``adds``, the key path as one key, ``is``."""
    return f"adds.{quoted(path)}.is"


def _check_card(card: Path, read_of_it: Card, values: Values) -> None:
    added = {dotted(one.path): one for one in read_of_it.adds}
    problems = []
    for path in values:
        if path not in added:
            told = "adds: lacks this, which the search moves; give it as {is: number, from: calibrated, note: words}"
            problems.append(Problem(told, path, card.name))
        elif "calibrated" not in added[path].sources:
            told = "the search moves this, so its source must be: calibrated"
            problems.append(Problem(told, dotted(("adds", path, "from")), *added[path].mark))
    if problems:
        raise ScenarioError(problems)
    with_numbers(card, {_key(path): value for path, value in values.items()})
