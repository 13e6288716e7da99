"""Readers see words, not ids: titles of scenarios, meanings of key paths, and numbers without exponents."""

from __future__ import annotations

from pathlib import Path

import pytest
from compare_sides import side

from analysis.compare.comparison import compare_sides
from analysis.compare.figures import pictures_of
from analysis.compare.things import names_of, things_of
from analysis.compare.titles import titles_of
from analysis.compare.words import contrast_words
from analysis.report.amounts import signed, value
from sim.core.formats import number, share, to_digits
from sim.study import read_study, run_study
from sim.study.called import points_called, rows_called
from sim.study.load import load_study

GRID = """\
scenario: belarus-2020
set: {run.persons_per_agent: 20000}
design:
  kind: grid
  parameters:
    mechanisms.shutdown: [true, false]
    movement.hub.top_reach: [0.06, 0.24]
replicates: 1
"""
LIST = """\
scenarios: [belarus-2020, belarus-2020-no-hub]
set: {run.persons_per_agent: 20000}
design:
  kind: list
  points:
    - {set: {}}
    - {label: my own name, set: {regime.alert_decay: 0.25}}
    - {set: {regime.alert_decay: 0.5, events.shutdown: null}}
replicates: 1
"""
SHUTDOWN, REACH = "the internet can be cut", "hub: largest share of the population it can reach"
EVENT = "Internet at a fifth of its capacity for 61 hours"


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grid")
    (folder / "grid.yaml").write_text(GRID, encoding="utf-8")
    run_study(load_study(folder / "grid.yaml"), folder / "grid", workers=1)
    return folder / "grid"


def test_points_of_a_grid_are_called_by_meanings_and_values(grid: Path) -> None:
    data = read_study(grid)
    assert points_called(data)[:2] == [f"“{SHUTDOWN}” on, “{REACH}” 0.06", f"“{SHUTDOWN}” on, “{REACH}” 0.24"]
    assert rows_called(data) == ["on · 0.06", "on · 0.24", "off · 0.06", "off · 0.24"]
    assert points_called(data, (0, 2))[0:3:2] == [f"“{SHUTDOWN}” on", f"“{SHUTDOWN}” off"], "what both have is left out"


def test_points_of_a_list_keep_the_labels_of_their_file(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text(LIST, encoding="utf-8")
    data = run_study(load_study(tmp_path / "list.yaml"), tmp_path / "list", workers=1)
    first, second = "Belarus 2020", "Belarus 2020 without the hub"
    assert data.manifest["bases"]["belarus-2020-no-hub"]["about"]["title"] == second
    assert points_called(data) == [
        first,
        second,
        f"{first}: my own name",
        f"{second}: my own name",
        f"{first}: “regime: share of an alert lost a day” 0.5, without “{EVENT}”",
        f"{second}: “regime: share of an alert lost a day” 0.5, without “{EVENT}”",
    ]


def test_things_that_are_compared_have_titles(grid: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    copy.write_text("extends: belarus-2020\nregime: {alert_decay: 0.25}\n", encoding="utf-8")

    def titles(*texts: object, labels: tuple[str, ...] = ()) -> list[str]:
        things = things_of(list(map(str, texts)))
        return titles_of(things, names_of(things, labels), bool(labels))

    assert titles("belarus-2020", "belarus-2020-no-shutdown") == ["Belarus 2020", "Belarus 2020 without the shutdown"]
    assert titles("belarus-2020", "belarus-2020 mechanisms.shutdown=false events.shutdown=null") == [
        "Belarus 2020", f"Belarus 2020, “{SHUTDOWN}” off, without “{EVENT}”"]  # fmt: skip
    assert titles("belarus-2020", copy) == ["Belarus 2020 (belarus-2020)", "Belarus 2020 (copy)"]
    assert titles("belarus-2020", copy, labels=("as it was", "mine")) == ["as it was", "mine"]
    assert titles(f"{grid}:0", f"{grid}:2", f"{grid}:3") == ["on · 0.06", "off · 0.06", "off · 0.24"]
    assert titles(f"{grid}:0", f"{grid}:2") == [f"“{SHUTDOWN}” on", f"“{SHUTDOWN}” off"]


def test_titles_stand_in_every_sentence_table_and_picture_of_a_comparison() -> None:
    sides = (side("base-2020", title="The base"), side("other-2020", title="The other", shift=20.0, noise=1.0))
    found = compare_sides(sides)
    drawn = pictures_of(found)
    said = [str(contrast_words(found.contrasts[0])), *(f"{one.title} {one.caption}" for one in drawn)]
    said += [
        text.get_text() for one in drawn for text in one.figure.findobj(match=lambda part: hasattr(part, "get_text"))
    ]
    assert not [text for text in said if "-2020" in text]
    assert any("The other" in text for text in said)


@pytest.mark.parametrize(
    ("write", "amount", "text"),
    [
        (to_digits, 24465.3, "24,465"), (to_digits, 0.00001234, "0.00001234"), (to_digits, -0.5, "−0.5"),
        (to_digits, 0.0, "0"), (to_digits, 100.0, "100"), (to_digits, 1234567, "1,234,567"),
        (to_digits, 12.3456, "12.35"), (number, 0.000012, "0.000012"), (number, -250_000, "−250,000"),
        (number, 0.04, "0.04"), (number, -12.5, "−12.5"), (value, 0.0000123, "0.0000123"), (value, 99.97, "100"),
        (signed, -0.00000123, "−0.00000123"), (share, 1.0, "100%"),
    ],
)  # fmt: skip
def test_numbers_have_no_exponents(write, amount: float, text: str) -> None:
    assert write(amount) == text
