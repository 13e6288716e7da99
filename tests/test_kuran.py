"""Kuran's ten persons: the sequences of the paper, exactly."""

from __future__ import annotations

import pytest

from sim.core.errors import ScenarioError
from sim.run.load import load
from sim.run.simulate import simulate

A = [0.0, 20.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 100.0]
B = [0.0, 20.0, 30.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 100.0]


def rests(values: list[float]) -> int:
    """Return public opposition in percent where ten persons with these thresholds come to rest."""
    law = {"kind": "explicit", "values": values}
    run = simulate("kuran-1991", overrides={"population.thresholds": law, "changes": {}})
    return round(100 * run.summary["share"])


@pytest.mark.parametrize(
    ("values", "percent"),
    [(A, 10), ([0.0, 10.0, *A[2:]], 90), (B, 10), ([0.0, 10.0, *B[2:]], 20)],
    ids=["A", "A, second threshold 10", "B", "B, second threshold 10"],
)
def test_the_sequences_of_the_paper(values: list[float], percent: int):
    assert rests(values) == percent


def test_the_same_change_in_the_middle_of_a_run():
    revolution, nothing = simulate("kuran-1991"), simulate("kuran-1991-b")
    assert list(revolution.days["active"]) == [1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    assert revolution.outcome.name == "revolution"
    assert list(nothing.days["active"]) == [1, 1, 1, 1, 2, 2]
    assert nothing.outcome.name == "hidden"
    assert nothing.outcome.reasons == ("public opposition is 20 % of 10 persons; the next would need 30 %",)


def test_thresholds_can_shift_for_all_and_rise_again():
    fall = {"fall": {"step": 3, "shift": -10.0}}
    run = simulate("kuran-1991", overrides={"changes": fall})
    assert run.days["active"].iloc[-1] == 10
    back = fall | {"rise": {"step": 20, "shift": 10.0}}
    run = simulate("kuran-1991", overrides={"changes": back})
    assert run.days["active"].iloc[18] == 10
    assert run.days["active"].iloc[-1] == 10  # what a fall has brought about, an equal rise does not undo


def test_drawn_thresholds_are_not_below_nothing():
    law = {"kind": "normal", "mean": 20.0, "spread": 30.0}
    run = simulate("kuran-1991", 4, {"population": {"persons": 1_000, "thresholds": law}, "changes": {}})
    assert run.summary["mean_threshold"] > 20.0
    assert run.days["active"].iloc[0] > 100


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"population.persons": 9}, r"population\.thresholds\.values: has 10 thresholds for 9 persons"),
        ({"changes": {"x": {"step": 5, "person": 11}}}, r"changes\.x\.person: must be one of the persons 1 to 10"),
        ({"changes": {"x": {"step": 5, "threshold": -1.0}}}, r"changes\.x\.threshold: must be at least 0"),
        ({"population.thresholds": {"kind": "explicit", "values": [-5.0, *A[1:]]}}, r"values\.0: must be at least 0"),
        ({"population.thresholds": {"kind": "explicit", "values": [120.0, *A[1:]]}}, r"values\.0: must be at most 100"),
        ({"changes": {"x": {"step": 5, "threshold": 101.0}}}, r"changes\.x\.threshold: must be at most 100"),
        ({"population.thresholds": {"kind": "gauss"}}, r"the key 'kind' must be one of"),
    ],
)
def test_bad_input_is_named(overrides: dict[str, object], said: str):
    with pytest.raises(ScenarioError, match=said):
        load("kuran-1991", overrides)
