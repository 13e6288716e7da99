"""What is measured of a run, worked by hand, and verdicts where the truth is known."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.claims import verdict
from analysis.claims.verdict import (
    CANNOT,
    CONTRADICTED,
    NO_EFFECT,
    SENSITIVE,
    SUPPORTED,
    TOO_WEAK,
    Cube,
    Effect,
    effect,
    final,
    judged,
)
from analysis.stats.intervals import mean_interval
from sim.measures.labels import words
from sim.measures.language import Known, faults, parse
from sim.measures.values import covered, values

LUCK = np.random.default_rng(7)


# Measures

RUNS = pd.DataFrame(
    {"point": [0, 0, 1], "replicate": [0, 1, 0], "outcome": ["falls", "flees", "contested"], "killed": [1, 2, 3]}
)
DAYS = pd.DataFrame(
    {
        "point": [0, 0, 0, 0, 1, 1],
        "replicate": [0, 0, 1, 1, 0, 0],
        "date": pd.to_datetime(["2020-08-09", "2020-08-10"] * 3),
        "attending": [10, 30, 0, 4, 7, 0],
        "detained_today": [1, 2, 0, 0, 7, 0],
    }
)


@pytest.mark.parametrize(
    ("text", "by_hand"),
    [
        ("killed", [1, 2, 3]),
        ("falls", [1, 0, 0]),
        ("falls or flees", [1, 1, 0]),
        ("sum:attending", [40, 4, 7]),
        ("mean:attending", [20, 2, 3.5]),
        ("max:attending", [30, 4, 7]),
        ("min:attending", [10, 0, 0]),
        ("first:attending", [10, 0, 7]),
        ("last:attending", [30, 4, 0]),
        ("sum:attending:2020-08-10..2020-08-12", [30, 4, 0]),
        ("sum:attending:2020-08-09..2020-08-09", [10, 0, 7]),
        ("sum:detained_today / sum:attending", [3 / 40, 0, 1]),
        ("sum:detained_today / last:attending", [0.1, 0, np.nan]),
        ("mean:attending:2021-01-01..2021-01-02", [np.nan] * 3),
    ],
)
def test_measures_worked_by_hand(text: str, by_hand: list[float]) -> None:
    found = values(parse(text), RUNS, DAYS)
    assert list(found.index) == [(0, 0), (0, 1), (1, 0)]
    np.testing.assert_allclose(found.to_numpy(), by_hand)


@pytest.mark.parametrize(
    ("text", "by_hand"),
    [
        ("killed", [1, 1, 1]),
        ("falls", [1, 1, 1]),
        ("sum:attending", [1, 1, 1]),
        ("sum:attending:2020-08-09..2020-08-10", [1, 1, 0.5]),
        ("mean:attending:2020-08-10..2020-08-10", [1, 1, 0]),
        ("sum:detained_today:2020-08-09..2020-08-09 / sum:attending:2020-08-09..2020-08-10", [1, 1, 0.5]),
        ("sum:attending:2020-08-09..2020-08-12", [0.5, 0.5, 0.25]),
    ],
)
def test_how_much_of_the_days_that_count_a_run_has(text: str, by_hand: list[float]) -> None:
    last_run_ends_early = DAYS.drop(index=5)
    found = covered(parse(text), RUNS, last_run_ends_early)
    assert list(found.index) == [(0, 0), (0, 1), (1, 0)]
    np.testing.assert_allclose(found.to_numpy(), by_hand)


@pytest.mark.parametrize(
    "text",
    [
        "mean:",
        "maen:attending",
        "sum:a / sum:b / sum:c",
        "sum:a:2020-08-10..2020-08-09",
        "days>x:a",
        "cities:a",
        "sum:a:2020-08-09,",
        "sum:a:x..y",
    ],
)
def test_outcomes_that_are_not_well_formed(text: str) -> None:
    with pytest.raises(ValueError, match=r"must begin|names no column|at most two|must be written|must not be after"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("peak_turnout", "largest turnout on one day"),
        ("falls or flees", "share of runs that end as “falls” or “flees”"),
        ("sum:striking_class_industry", "total people on strike in industry"),
        ("mean:attending:2020-08-09..2020-09-01", "mean turnout, 9 August to 1 September 2020"),
        ("last:fear:2020-12-01..2021-01-02", "last mean fear, 1 December 2020 to 2 January 2021"),
        ("sum:detained_today / sum:attending", "total detentions, over total turnout"),
        ("mean:mean_fear:2020-09-01..2020-12-18", "mean fear, 1 September to 18 December 2020"),
    ],
)
def test_measures_in_words(text: str, said: str) -> None:
    assert words(parse(text)) == said


def test_a_number_cannot_be_joined_with_an_outcome() -> None:
    known = Known(("killed",), ("falls",), ("attending",), dt.date(2020, 8, 1), dt.date(2020, 12, 1))
    assert [str(fault) for fault in faults(parse("killed or falls"), known)] == [
        "only outcomes can be joined by 'or' (given 'killed or falls')"
    ]
    assert faults(parse("falls"), known) == []


# Verdicts


def pairs(shift: float, spread: float = 1.0, count: int = 20) -> tuple[Any, Any]:
    """Pairs whose true effect is `shift`; luck that both runs share cancels in the difference."""
    shared = LUCK.normal(100.0, 30.0, count)
    noise = LUCK.normal(0.0, spread, count)
    return shared, shared + shift + (noise - noise.mean())


@pytest.mark.parametrize(
    ("shift", "smallest", "direction", "said"),
    [
        (5.0, 2.0, "rises", SUPPORTED),
        (5.0, 2.0, "falls", CONTRADICTED),
        (-5.0, 2.0, "falls", SUPPORTED),
        (-5.0, 2.0, "rises", CONTRADICTED),
        (0.1, 2.0, "rises", NO_EFFECT),
        (2.0, 2.0, "rises", TOO_WEAK),
        (0.0, 0.1, "rises", TOO_WEAK),
        (0.1, 2.0, "stays", SUPPORTED),
        (5.0, 2.0, "stays", CONTRADICTED),
        (-5.0, 2.0, "stays", CONTRADICTED),
        (2.0, 2.0, "stays", TOO_WEAK),
    ],
)
def test_every_verdict_on_a_known_truth(shift: float, smallest: float, direction: str, said: str) -> None:
    found = effect(*pairs(shift), smallest, False, False)
    assert found.estimate == pytest.approx(shift)
    assert judged(found, direction) == said


def test_a_relative_smallest_effect_is_a_share_of_the_first_arm() -> None:
    first, second = pairs(5.0)
    assert effect(first, second, 0.02, True, False).smallest == pytest.approx(0.02 * first.mean())


def test_false_alarms_are_as_rare_as_stated() -> None:
    """Without any effect nominally 2.5% are supported if every effect matters, and hardly any if small ones do not.

    The bound of 5% leaves room for chance in 300 experiments.
    """
    luck = np.random.default_rng(20200809)
    alarms = Counter[float]()
    for _ in range(300):
        differences = luck.normal(0.0, 1.0, 20)
        interval = mean_interval(differences)
        assert interval is not None
        for smallest in (1e-9, 0.5):
            ends = (interval.low, interval.high)
            found = Effect(20, 0.0, 0.0, float(differences.mean()), *ends, smallest, 1.0, interval.method)
            alarms[smallest] += judged(found, "rises") == SUPPORTED
    assert 1 <= alarms[1e-9] <= 0.05 * 300
    assert alarms[0.5] <= 0.005 * 300


def test_fewer_than_twenty_pairs_decide_nothing() -> None:
    assert judged(effect(*pairs(5.0, count=20), 2.0, False, False), "rises") == SUPPORTED
    found = effect(*pairs(5.0, count=19), 2.0, False, False)
    assert (found.pairs, judged(found, "rises"), found.weakness) == (19, TOO_WEAK, "fewer than 20 pairs")
    share = effect(np.zeros(19), np.ones(19), 0.1, False, True)
    assert judged(share, "rises") == TOO_WEAK


@pytest.mark.parametrize(("count", "rises", "stays"), [(19, TOO_WEAK, TOO_WEAK), (20, NO_EFFECT, SUPPORTED)])
def test_an_interval_without_width_decides_from_twenty_pairs_on(count: int, rises: str, stays: str) -> None:
    before = LUCK.normal(100.0, 30.0, count)
    nowhere = effect(before, before, 1.0, False, False)
    assert (nowhere.low, nowhere.high) == (0.0, 0.0)
    assert (judged(nowhere, "rises"), judged(nowhere, "stays")) == (rises, stays)
    all_by_two = effect(np.zeros(count), np.full(count, 2.0), 1.0, False, False)
    assert (judged(all_by_two, "rises") == TOO_WEAK) == (count < 20)


@pytest.mark.parametrize(
    ("dropped", "partly", "said"),
    [(0, 0, SUPPORTED), (2, 0, SUPPORTED), (0, 2, SUPPORTED), (3, 0, TOO_WEAK), (0, 3, TOO_WEAK), (1, 2, TOO_WEAK)],
)
def test_more_than_a_tenth_of_pairs_dropped_or_partly_covered_decides_nothing(
    dropped: int, partly: int, said: str
) -> None:
    first, second = pairs(5.0, count=20)
    second[:dropped] = np.nan
    # A pair that is left out is not counted again as partly covered.
    lacking = np.arange(20) < dropped + partly
    found = effect(first, second, 2.0, False, False, lacking)
    assert (found.pairs, found.dropped, found.partly) == (20 - dropped, dropped, partly)
    assert judged(found, "rises") == said
    assert ("a selection" in found.weakness) == (said == TOO_WEAK)


def test_shares_of_runs_that_never_differ_still_have_a_width() -> None:
    once, often = np.array([1.0] + 19 * [0.0]), np.array([1.0] + 199 * [0.0])
    few = effect(once, once, 0.1, False, True)
    assert few.low < -0.1 < 0.1 < few.high
    assert (few.p_value, judged(few, "rises")) == (1.0, TOO_WEAK)
    assert judged(effect(often, often, 0.1, False, True), "rises") == NO_EFFECT
    assert judged(effect(np.zeros(20), np.ones(20), 0.25, False, True), "rises") == SUPPORTED


@pytest.mark.parametrize("direction", ["rises", "falls", "stays"])
@pytest.mark.parametrize("value", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("share", [False, True])
def test_an_outcome_that_no_run_or_every_run_reaches_tells_nothing(direction: str, value: float, share: bool) -> None:
    same = np.full(400, value)
    assert judged(effect(same, same, 0.1, False, share), direction) == CANNOT
    assert judged(effect(same[:19], same[:19], 0.1, False, share), direction) == TOO_WEAK
    once = same.copy()
    once[0] += 1.0
    assert judged(effect(once, same, 0.1, False, share), direction) != CANNOT


@pytest.mark.parametrize(
    ("before", "direction", "opposite", "as_claimed", "said"),
    [
        (SUPPORTED, "rises", 10, 30, SENSITIVE),
        (SUPPORTED, "rises", 9, 30, SUPPORTED),
        (SUPPORTED, "rises", 0, 0, SUPPORTED),
        (CONTRADICTED, "falls", 30, 10, SENSITIVE),
        (CONTRADICTED, "falls", 31, 9, CONTRADICTED),
        (NO_EFFECT, "rises", 20, 20, NO_EFFECT),
        (TOO_WEAK, "rises", 20, 20, TOO_WEAK),
        (SUPPORTED, "stays", 5, 5, SENSITIVE),
        (SUPPORTED, "stays", 4, 5, SUPPORTED),
        (CONTRADICTED, "stays", 30, 0, SENSITIVE),
    ],
)
def test_a_verdict_is_sensitive_if_a_quarter_of_the_points_say_the_opposite(
    before: str, direction: str, opposite: int, as_claimed: int, said: str
) -> None:
    assert final(before, direction, Cube(40, as_claimed, opposite, 40 - as_claimed - opposite)) == said
    assert final(before, direction, None) == before


def test_a_hypercube_of_few_points_makes_nothing_sensitive() -> None:
    assert final(SUPPORTED, "rises", Cube(35, 0, 35, 0)) == SUPPORTED
    assert final(SUPPORTED, "rises", Cube(36, 0, 36, 0)) == SENSITIVE  # a tenth of forty may have no outcome


def test_points_of_the_hypercube_are_sorted_by_their_mean_effect() -> None:
    def at(value: float) -> tuple[Any, Any]:
        return np.full(3, 10.0), np.full(3, 10.0 + value)

    nothing = (np.full(3, np.nan), np.full(3, 1.0))
    found = verdict.over_cube([at(3.0), at(-3.0), at(0.5), at(0.0), nothing], 0.2, True, "falls")
    assert found == Cube(points=4, as_claimed=1, opposite=1, within=2)
