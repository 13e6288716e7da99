"""A section that is no section is one mistake: nothing is said of what would have stood in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from mini_country import MINI

from sim.run.load import check


def problems(folder: Path, more: str, without: str = "") -> list[str]:
    """What `check` says of the small country with a few lines more."""
    lines = [line for line in MINI.splitlines() if not (without and line.startswith(without))]
    path = folder / "odd.yaml"
    path.write_text("\n".join([*lines, more]) + "\n", encoding="utf-8")
    return [f"{problem.path}: {problem.message}" for problem in check([path])]


MAPPING = "must be a mapping of keys to values"


@pytest.mark.parametrize(
    "more",
    [
        "regime: []", "people: text", "elites: 5", "movement: true", "economy: 2020-08-09", "institutions: text",
        "people: {classes: 3}", "people: {motive: text}", "people: {classes: {industry: 3}}", "regime: {ruler: 3}",
        "movement: {tactics: [1]}", "police: {loyalty: [], forces: 3}", "time: 3", "outcome: 1.5", "events: 3",
        "police: {forces: {riot: 7}}",
    ],
)  # fmt: skip
def test_one_message_remains(more: str, tmp_path: Path):
    found = problems(tmp_path, more, without=more.partition(":")[0] if more[:6] in ("police", "time: ") else "")
    assert sorted(found) == sorted(f"{path}: {MAPPING}" for path in _wrong(yaml.safe_load(more)))


def _wrong(part: object, above: str = "") -> list[str]:
    if not isinstance(part, dict):
        return [above]
    return [path for name, inner in part.items() for path in _wrong(inner, f"{above}.{name}" if above else name)]


def test_a_section_that_is_not_known_needs_no_source(tmp_path: Path):
    assert problems(tmp_path, "movement: {camps: {x: 3}}") == ["movement.camps: unknown key"]
    (found,) = problems(tmp_path, "nonsense: {x: 3}")
    assert found.startswith("nonsense: unknown key")


def test_a_section_that_yaml_refuses_is_one_mistake(tmp_path: Path):
    assert [text.partition(": ")[0] for text in problems(tmp_path, "people: {motive: {noise: 1e999}}")] == [
        "people.motive.noise"
    ]


def test_mistakes_of_other_sections_are_said_beside_it(tmp_path: Path):
    wrong = "regime: 3\nsources: {places: assumption, information: assumption, people.motive.nois: assumption,"
    found = problems(tmp_path, f"{wrong} people.motive.noise: tt-999999}}", without="sources")
    assert sorted(found) == [
        f"regime: {MAPPING}",
        "sources.people.motive.nois: matches nothing in the scenario",
        "sources.people.motive.noise: no claim or publication has this id",
    ]


def test_a_value_of_the_wrong_type_still_needs_its_source(tmp_path: Path):
    found = problems(tmp_path, "people: {motive: {noise: text}}\nplaces: {neighbourhood_residents: text}", "nothing")
    assert "people.motive.noise: must be a number" in found
