"""What is wrong in a study file, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_files import BASE, GRANOVETTER, SPAN, problems_of, working_folder, write
from study_mistakes import WRONG

from sim.core.errors import ScenarioError
from sim.study.load import load_study

Wording = Callable[[str, list[str]], None]
BY_CHANCE = "values that clash only together"
"""A case whose message names a value that is drawn."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return working_folder(tmp_path, monkeypatch)


def at(problems: list[str]) -> list[str]:
    """Where problems stand: file, line, column and key path."""
    return [problem.partition(": ")[0] + _key(problem) for problem in problems]


def _key(problem: str) -> str:
    found = re.match(r"\S+:\d+:\d+(: \S+): ", problem)
    return found[1] if found else ""


@pytest.mark.parametrize("case", list(WRONG))
def test_what_is_wrong_and_where(folder: Path, case: str, wording: Wording) -> None:
    text, places = WRONG[case]
    found = problems_of(folder, text)
    assert at(found) == places
    if case != BY_CHANCE:
        wording(f"study file: {case}", found)


def test_values_that_clash_are_said_with_their_value(folder: Path) -> None:
    (found,) = problems_of(folder, WRONG[BY_CHANCE][0])
    said = "information.turnout_low: must be below turnout_high of the population, 470,672 persons (given "
    assert said in found


@pytest.mark.parametrize(
    ("replicates", "place"),
    [
        ("0", "s.yaml:3:13: replicates"),
        ("-3", "s.yaml:3:13: replicates"),
        ("1001", "s.yaml:3:13: replicates"),
        ("2.5", "s.yaml:3:13: replicates"),
        ("true", "s.yaml:3:13: replicates"),
        ("quick-2", "s.yaml:3:13: replicates"),
        ("{list: standard-100, first: 101}", "s.yaml:3:41: replicates.first"),
        ("{first: 3}", "s.yaml:3:1: replicates"),
    ],
)
def test_replicates_that_are_wrong(folder: Path, replicates: str, place: str, wording: Wording) -> None:
    text = GRANOVETTER + f"design: {{kind: list, points: [{{}}]}}\nreplicates: {replicates}\n"
    found = problems_of(folder, text)
    assert at(found) == [place]
    wording(f"replicates: {replicates}", found)


@pytest.mark.parametrize("name", ["a/b", "-a", "' a'"])
def test_a_name_that_can_be_no_folder_is_told_in_words(folder: Path, name: str) -> None:
    text = GRANOVETTER + f"design: {{kind: list, points: [{{}}]}}\nname: {name}\n"
    said = "must begin with a letter, a digit or '_', and have only these, '-', '.' and spaces"
    given = name.strip("'")
    assert problems_of(folder, text) == [f"s.yaml:3:7: name: {said} (given {given!r})"]


def test_settings_beside_the_file(folder: Path) -> None:
    text = BASE + f"design: {{kind: latin_hypercube, size: 3, parameters: {{{SPAN}}}}}\n"
    assert problems_of(folder, text, {"regime.aggression_gain": 0.5}) == [
        "--set regime.aggression_gain=0.5: regime.aggression_gain: the study's design varies regime.aggression_gain"
    ]
    assert problems_of(folder, text, {"time.days": 30, "run.persons_per_agent": 1000}) == [
        "--set time.days=30: time.days: then events.leaders_arrested.date lies outside the run "
        "(2020-08-01 to 2020-08-30), and so do 4 other events: patron_loan, sanctions, ultimatum, general_strike_call"
    ]
    assert problems_of(folder, text, {"time.dys": 3}) == [
        "--set time.dys=3: time.dys: unknown key path, did you mean 'time.days'?"
    ]


def test_a_problem_of_the_scenario_names_the_scenario(folder: Path) -> None:
    write(folder, "extends: belarus-2020\ntime: {days: 0}\n", "mine.yaml")
    found = problems_of(folder, "scenario: mine\ndesign: {kind: ablation}\n")
    assert found == ["mine.yaml:2:14: time.days: must be at least 1 (given 0)"]


def test_several_scenarios_of_different_models(folder: Path) -> None:
    text = "scenarios: [belarus-2020, granovetter-1978]\ndesign: {kind: grid, parameters: {time.days: [30]}}\n"
    assert problems_of(folder, text) == [
        "s.yaml:2:35: design.parameters.time.days: unknown key path in granovetter-1978, did you mean 'time.steps'?"
    ]


@given(size=st.integers(2, 3000).filter(lambda number: number & (number - 1) != 0))
@settings(max_examples=10, deadline=None)
def test_the_powers_of_two_named_are_the_nearest(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    text = (
        GRANOVETTER
        + f"design: {{kind: sobol, size: {size}, parameters: {{population.persons: {{low: 5, high: 9}}}}}}\n"
    )
    path = write(tmp_path_factory.mktemp("study"), text)
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    below, above = (int(word) for word in str(caught.value).split("such as ")[1].split(" (")[0].split(" or "))
    assert below < size < above == 2 * below
