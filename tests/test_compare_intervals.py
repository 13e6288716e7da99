"""Intervals and tests of paired differences against published and hand-worked values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.compare.intervals import (
    corrected,
    discordance_test,
    mean_interval,
    median_interval,
    newcombe,
    pairs_needed,
    power,
    smallest_detectable,
    swap_test,
    wilson,
)
from analysis.compare.survival import kaplan_meier, restricted_days, restricted_mean

FALSE_ALARM = 1e-4
"""Chance that a correct method fails a test that draws at random."""


@pytest.mark.parametrize(
    ("successes", "runs", "low", "high"),
    [
        # Newcombe 1998, Stat. Med. 17:857-872, table I, score method without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # statsmodels.stats.proportion.proportion_confint(10, 100, method="wilson")
        (10, 100, 0.05522914, 0.17436566),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_wilson_gives_the_published_intervals(successes, runs, low, high):
    found = wilson(successes, runs)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_newcombe_gives_the_published_interval():
    # Newcombe 1998, Stat. Med. 17:2635-2650, table II: 36, 12, 2, 0; the published difference is first minus second.
    found = newcombe(36, 12, 2, 0)
    assert (-found.high, -found.low) == pytest.approx((0.0569, 0.3404), abs=5e-5)


def test_newcombe_turns_with_its_sides_and_stays_in_bounds():
    for cells in ((36, 12, 2, 0), (3, 0, 9, 8), (0, 0, 10, 0), (20, 0, 0, 0), (1, 5, 5, 1)):
        both, first, second, neither = cells
        one, other = newcombe(*cells), newcombe(both, second, first, neither)
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
        assert -1 <= one.low <= (second - first) / sum(cells) <= one.high <= 1


def test_mcnemar_by_hand():
    assert discordance_test(0, 0) == 1.0
    assert discordance_test(0, 6) == pytest.approx(2 / 2**6)
    assert discordance_test(1, 4) == pytest.approx(2 * (1 + 5) / 2**5)


def test_benjamini_and_hochberg_by_hand():
    # Sorted 0.005, 0.01, 0.03, 0.04, times 4/1, 4/2, 4/3, 4/4, and no larger than what follows.
    assert corrected(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert corrected(np.array([])).size == 0


def test_swaps_of_few_pairs_by_hand():
    # Of the eight ways to turn the signs of 1, 2, 3 two give a sum as far from 0 as 6.
    assert swap_test(np.array([1.0, 2.0, 3.0])) == pytest.approx(2 / 8)
    assert swap_test(np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0])) == pytest.approx(2 / 64)
    assert swap_test(np.zeros(9)) == swap_test(np.array([5.0])) == 1.0


def test_swaps_keep_their_rate_of_false_alarms_and_find_a_true_shift():
    random = np.random.default_rng(1)
    draws = random.standard_t(3, size=(300, 15))
    alarms = sum(swap_test(draw) <= 0.05 for draw in draws)
    assert alarms <= stats.binom.isf(FALSE_ALARM, 300, 0.05)
    assert all(swap_test(draw + 6.0) <= 0.05 for draw in random.normal(size=(20, 15)))


def test_the_interval_of_the_mean_holds_the_truth_as_often_as_it_says():
    random = np.random.default_rng(2)
    held = 0
    for draw in random.normal(3.0, 2.0, size=(250, 40)):
        found = mean_interval(draw)
        held += found.low <= 3.0 <= found.high
        assert found.method == "bootstrap, BCa"
    # With 40 pairs BCa covers about 94 %; nine tenths is what the report may be held to.
    assert stats.binom.ppf(FALSE_ALARM, 250, 0.93) <= held <= 249


def test_intervals_of_differences_that_do_not_vary():
    for values in (np.zeros(5), np.full(7, 0.1)):
        for interval in (mean_interval(values), median_interval(values)):
            assert (interval.low, interval.high) == (values[0], values[0])
            assert interval.method == "the same in every pair"
    assert mean_interval(np.array([1.0])) is None
    assert median_interval(np.array([])) is None


def test_intervals_exist_for_almost_constant_and_for_rare_differences():
    for values in (np.array([0.0] * 19 + [1.0]), np.array([0.0, 1.0]), np.array([1e6, 1e6, 1e6 + 1])):
        found = mean_interval(values)
        assert values.min() <= found.low <= values.mean() <= found.high <= values.max()


@pytest.mark.parametrize(("standardised", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_pairs_needed_as_in_the_tables_of_the_paired_t_test(standardised, pairs):
    # Effect sizes d_z, two-sided 5 %, power 0.8: as G*Power 3 gives them.
    assert pairs_needed(standardised) == pairs_needed(-standardised) == pairs
    assert power(standardised, pairs - 1) < 0.8 <= power(standardised, pairs)


def test_pairs_needed_has_ends():
    assert pairs_needed(0.0) is None
    assert pairs_needed(0.001) is None
    assert pairs_needed(1000.0) == 3


def test_the_smallest_detectable_difference_is_the_one_that_needs_so_many_pairs():
    for pairs in (3, 6, 20, 100, 1000):
        size = smallest_detectable(pairs)
        assert power(size, pairs) == pytest.approx(0.8)
        assert pairs_needed(size * 1.0001) == pairs
    assert math.isclose(power(0.0, 20), 0.05, rel_tol=1e-6)


# Remission of leukaemia under 6-mercaptopurine in weeks, + means censored: Freireich et al. 1963, the textbook
# example of Kaplan and Meier's estimate (for instance Kleinbaum and Klein, Survival Analysis, ch. 2).
WEEKS = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], dtype=float)
RELAPSED = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)


def test_kaplan_and_meier_on_the_textbook_example():
    weeks, standing = kaplan_meier(WEEKS, RELAPSED)
    assert weeks.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert standing == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5)


def test_restricted_mean_by_hand():
    # Falls on days 2 and 4, one run lost after day 3, one stands: 1 to day 2, 3/4 to day 4, then 3/4 x 1/2.
    days, fell = np.array([2.0, 3.0, 4.0, 6.0]), np.array([True, False, True, False])
    assert restricted_mean(days, fell, 6.0) == pytest.approx(2 + 2 * 0.75 + 2 * 0.375)
    assert restricted_mean(days, np.zeros(4, bool), 6.0) == 6.0


def test_with_one_horizon_the_mean_of_restricted_days_is_the_area_under_the_curve():
    random = np.random.default_rng(3)
    days = random.integers(1, 200, 60).astype(float)
    fell = days <= 140
    observed = np.minimum(days, 140)
    assert restricted_days(observed, fell, 140).mean() == pytest.approx(restricted_mean(observed, fell, 140))


def test_a_run_that_ended_without_a_fall_stands_to_the_horizon():
    days, fell = np.array([30.0, 30.0, 140.0]), np.array([True, False, False])
    assert restricted_days(days, fell, 140).tolist() == [30, 140, 140]
    assert restricted_days(days, fell, 20).tolist() == [20, 20, 20]
