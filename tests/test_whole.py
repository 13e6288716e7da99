"""What keeps a scenario of sound sections from being run is known when it is checked, all of it at once."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from tiny_country import DATA, country_data, country_file, day, everywhere

from sim.core.errors import ScenarioError
from sim.core.names import plain
from sim.models.mobilisation.engine import build
from sim.models.mobilisation.recorder import summary
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.run.load import check, load

PLACES, PEOPLE = DATA["places"]["localities"], DATA["people"]


def problems(folder: Path, changes: dict[str, Any]) -> list[str]:
    """What `check` says, without the file's name and place."""
    found = check([country_file(folder, changes)])
    return [f"{problem.path}: {problem.message}" for problem in found]


WEIGHTLESS: dict[str, dict[str, Any]] = {
    "people.classes": {"share": 0.0}, "people.camps": {"shares": {"young": 0.0, "old": 0.0}},
    "police.forces": {"persons": 0}, "elites.kinds": {"share": 0.0}, "places.localities": {"population": 10_000},
}  # fmt: skip


def twice(section: str, *alike: str) -> dict[str, Any]:
    """Two more items of a section, so that all else stays valid."""
    items: Any = DATA
    for part in section.split("."):
        items = items[part]
    item = next(iter(items.values())) | WEIGHTLESS.get(section, {})
    changes = {section: {**items, **dict.fromkeys(alike, item)}}
    return changes | ({"places.population": 120_000} if section == "places.localities" else {})


def regions(one: str, other: str) -> dict[str, Any]:
    return {name: place | {"region": one if name == "Port" else other} for name, place in PLACES.items()}


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a class that lives nowhere": (
        {"people.classes.offices.settlements": everywhere(0.0) | {"town": 1.0}},
        ["people.classes.offices.settlements: lives in no kind of settlement that the country has"],
    ),
    "a settlement without people": (
        {f"people.classes.{name}.settlements": everywhere(1.0) | {"village": 0.0} for name in PEOPLE["classes"]},
        ["people.classes: no class lives in a settlement of kind 'village'"],
    ),
    "a scale upside down": (
        {"information.crowd_low": 500.0, "information.crowd_high": 500.0},
        ["information.crowd_low: must be above 0 and below crowd_high"],
    ),
    "no such outline": (
        {"places.outline": "belarsu"},
        [
            "places.outline: there is no such outline; there are belarus, russia, countries by ISO code (SDN), "
            "a file of your own that ends with .geojson, and null for none"
        ],
    ),
    "more police than people": (
        {"police.forces.riot.persons": 9_000_000},
        ["police.forces: has 9000400 police among 100000 people"],
    ),
    "agents too coarse for a place": (
        {"run.persons_per_agent": 20_001},
        ["run.persons_per_agent: must be at most 20000 for these localities: every locality needs an agent, "
         "and Hills has 10000 people"],
    ),
    "a tactic called none": (
        {"movement.tactics": {**DATA["movement"]["tactics"], "none": DATA["movement"]["tactics"]["picket"]}},
        ["movement.tactics.none: a tactic cannot be called 'none': so the tables call a day without action"],
    ),
    "regions that share a column": (
        {"places.localities": regions("North East", "North_East")},
        ["places.localities.Port.region: cannot be told from 'North_East': 'North East' differs from it in spaces, "
         "underscores, invisible characters or Unicode form only"],
    ),
    "several events beyond a short run": (
        {"time.days": 3},
        [f"events.leaders_taken.date: lies outside the run ({day(0)} to {day(2)}), and so do 10 other events: "
         "attack_on_television, amnesty, patron, loan, rest, …"],
    ),
    "one event beyond": (
        {"time.days": 6, "events": {"late": {"title": "late", "date": day(6), "effects": {"trigger": 1.0}}}},
        [f"events.late.date: lies outside the run ({day(0)} to {day(5)})"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_check_knows_what_cannot_run(name: str, tmp_path: Path):
    changes, expected = WRONG[name]
    found = problems(tmp_path, changes)
    if name.startswith("several"):
        assert len(found) == 1
        start, _, others = found[0].partition(", and so do ")
        assert start.partition(": ")[2] == f"lies outside the run ({day(0)} to {day(2)})"
        late = [event for event in DATA["events"].values() if event["date"] > day(2)]
        assert others.startswith(f"{len(late) - 1} other events: ")
        assert found[0].endswith(", …")
    else:
        assert found == expected


def test_everything_wrong_is_said_at_once(tmp_path: Path):
    changes: dict[str, Any] = {}
    for name, (change, _) in WRONG.items():
        if name not in ("a settlement without people", "several events beyond a short run", "one event beyond"):
            changes |= change
    expected = {problem for name, (_, found) in WRONG.items() for problem in found if name.partition(" ")[0] not in
                ("several", "one")} - set(WRONG["a settlement without people"][1])  # fmt: skip
    assert set(problems(tmp_path, changes)) == expected


def test_a_fault_of_a_section_hides_no_fault_of_the_whole(tmp_path: Path):
    """What is wrong in one section is said beside everything that can be said of the others."""
    changes = {
        "economy.revenue": "much",
        "regime.aggression_gain": -1.0,
        "information.crowd_low": 1e7,
        "police.forces.army.persons": 9_000_000,
        "movement.organisations.union.camp": "nobody",
    }
    found = problems(tmp_path, changes)
    assert [text.partition(": ")[0] for text in found] == [
        "regime.aggression_gain", "economy.revenue", "police.forces", "information.crowd_low",
        "movement.organisations.union.camp",
    ]  # fmt: skip
    hidden = problems(tmp_path, changes | {"places.population": -1})
    assert "police.forces" not in [text.partition(": ")[0] for text in hidden]  # nobody knows how many people there are


SECTIONS = (
    "places.localities", "people.classes", "people.camps", "police.forces", "elites.kinds", "movement.tactics",
    "movement.organisations", "events",
)  # fmt: skip


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("North East", "North_East"),
        ("a", "a "),
        ("_a", "a"),
        ("a  b", "a b"),
        ("Zürich", unicodedata.normalize("NFD", "Zürich")),
    ],
)
def test_names_that_would_share_a_column_are_refused(section: str, one: str, other: str, tmp_path: Path):
    found = problems(tmp_path, twice(section, one, other))
    assert any(f"cannot be told from {one!r}: {other!r} differs from it" in text for text in found), found
    assert plain(one) == plain(other)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("other", ["Brest\u200b", "\u2066Bre\u00adst\ufe0e"])
def test_names_that_look_the_same_by_hidden_signs_are_refused(section: str, other: str, tmp_path: Path):
    found = problems(tmp_path, twice(section, "Brest", other))
    assert any(text.startswith(f"{section}.{other}: ") and "hidden signs" in text for text in found), found


def test_letters_of_other_scripts_that_are_joined_invisibly_are_names(tmp_path: Path):
    assert problems(tmp_path, twice("events", "می\u200cخواهم", "می")) == []


def test_a_problem_stands_at_its_line(tmp_path: Path):
    path = country_file(tmp_path, {"information.crowd_low": 1e7})
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "crowd_low" in text)
    with pytest.raises(ScenarioError, match=rf"tiny\.yaml:{line}:\d+: information\.crowd_low: must be"):
        load(path)


def test_shares_are_shares_where_agents_are_as_coarse_as_may_be():
    """A third of all agents is a third of the country, whatever an agent stands for."""
    from tiny_country import country, live_through

    config = country({"run.persons_per_agent": 20_000, "people.motive.threshold_mean": 0.0})
    state = live_through(config, days=10)
    days, places = state.recorder.national(config), state.recorder.by_locality(config)
    assert state.world.nation["peak_turnout"][0] > 0.3
    assert summary(days, places, config)["peak_turnout_share"] == state.world.nation["peak_turnout"][0]


def test_what_is_valid_can_be_built():
    assert build(Mobilisation.model_validate(country_data()), 1, 1).world.citizens.role.size == 1000
