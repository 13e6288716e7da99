"""What is wrong in a study file, and where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_files import BASE, GRANOVETTER, SPAN, problems_of, working_folder, write
from study_mistakes import WRONG

from sim.core.errors import ScenarioError
from sim.study.load import load_study


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return working_folder(tmp_path, monkeypatch)


@pytest.mark.parametrize("case", list(WRONG))
def test_what_is_wrong_and_where(folder: Path, case: str) -> None:
    text, expected = WRONG[case]
    found = problems_of(folder, text)
    if case == "values that clash only together":  # the value is drawn by chance
        found = [problem[: len(expected[0])] for problem in found]
    assert found == expected


@pytest.mark.parametrize(
    ("replicates", "expected"),
    [
        ("0", "s.yaml:3:13: replicates: must be at least 1: a study without replicates has no runs (given 0)"),
        ("-3", "s.yaml:3:13: replicates: must be at least 1: a study without replicates has no runs (given -3)"),
        ("1001", "s.yaml:3:13: replicates: must be at most 1000, the seeds of the list reference-1000 (given 1001)"),
        ("2.5", "s.yaml:3:13: replicates: must be a whole number or the name of a list of seeds (given 2.5)"),
        ("true", "s.yaml:3:13: replicates: must be a whole number or the name of a list of seeds (given true)"),
        (
            "quick-2",
            "s.yaml:3:13: replicates: there is no such list of seeds (given 'quick-2'), did you mean 'quick-20'?",
        ),
        (
            "{list: standard-100, first: 101}",
            "s.yaml:3:41: replicates.first: must be at most 100, the seeds of the list standard-100 (given 101)",
        ),
        (
            "{first: 3}",
            "s.yaml:3:1: replicates: must be a number, the name of a list of seeds, {list: name, first: number}, "
            "or a list of seeds",
        ),
    ],
)
def test_replicates_that_are_wrong(folder: Path, replicates: str, expected: str) -> None:
    text = GRANOVETTER + f"design: {{kind: list, points: [{{}}]}}\nreplicates: {replicates}\n"
    assert problems_of(folder, text) == [expected]


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
