"""Intervals, tests, survival and points against published and hand-worked values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.stats.clusters import expanded_levels
from analysis.stats.intervals import mean_interval, median_interval, newcombe, wilson
from analysis.stats.paired import discordance_test, paired, swap_test, weakness
from analysis.stats.points import effects_of_points
from analysis.stats.power import corrected, limit, pairs_needed, power, smallest_detectable
from analysis.stats.survival import kaplan_meier, restricted_days

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
    # Step-up: of these four at 3%, the third is above 3% x 3/4 and the second below 3% x 2/4.
    assert limit(np.array([0.01, 0.04, 0.03, 0.005]), 0.03) == pytest.approx(0.03 * 2 / 4)
    assert limit(np.array([0.5, 0.6]), 0.05) < 0.0


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


def test_the_interval_of_the_mean_by_hand():
    # Mean 3, standard deviation sqrt(2.5), t of 4 degrees of freedom at 97.5%: 2.7764.
    found = mean_interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    half = 2.776445 * math.sqrt(2.5 / 5)
    assert (found.low, found.high) == pytest.approx((3 - half, 3 + half), abs=1e-5)


def test_the_interval_of_the_median_by_hand():
    # The 6th and 15th of twenty hold the median with 1 - 2 P(Bin(20, 1/2) <= 5) = 95.9%, the 7th and 14th with 88.5%.
    found = median_interval(np.random.default_rng(4).permutation(np.arange(1.0, 21.0)))
    assert (found.low, found.high) == (6.0, 15.0)
    assert median_interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0])) is None


def test_levels_of_a_bootstrap_by_hand():
    # Normal tail beyond sqrt(n / (n - 1)) t: for 10, 20, 1000 clusters beyond 2.3846, 2.1473 and 1.9633.
    for clusters, low in ((10, 0.0086), (20, 0.0159), (1000, 0.0249)):
        assert expanded_levels(clusters) == pytest.approx((low, 1 - low), abs=1e-4)


def test_a_paired_effect_takes_out_rounding_and_leaves_out_what_is_not_there():
    first = np.array([0.1, 1e6, np.nan, 3.0])
    found = paired(first, first + 0.3)
    assert (found.pairs, found.dropped) == (3, 1)
    assert np.unique(found.differences).size == 1
    assert (found.low, found.high) == (found.mean, found.mean)
    nothing = paired(np.array([np.nan]), np.array([1.0]))
    assert (nothing.pairs, nothing.interval, nothing.p) == (0, None, 1.0)
    share = paired(np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 0.0]), shares=True)
    assert share.interval == newcombe(1, 1, 0, 2)


def test_what_no_verdict_rests_on():
    assert weakness(20, 0) == weakness(18, 2) == ""
    assert weakness(19, 0) == "fewer than 20 pairs"
    assert weakness(17, 3, "seeds") == "3 of 20 seeds are left out or only partly covered: a selection"


def test_points_that_scatter_by_luck_alone_have_one_effect():
    # Means 0 and 2, variance of a difference 50 within points: less than that explains their scatter.
    points = [np.array([-5.0, 5.0]), np.array([-3.0, 7.0])]
    assert effects_of_points(points) == pytest.approx([1.0, 1.0])


def test_points_scatter_by_hand_as_far_as_the_true_effects():
    # Means 0, 10, 20: variance 100. Within each 2 ((1)^2 + (-1)^2 over one degree of freedom), over two pairs: 1.
    points = [np.array([m - 1.0, m + 1.0]) for m in (0.0, 10.0, 20.0)]
    inward = 10.0 * math.sqrt((100 - 1) / 100)
    assert effects_of_points(points) == pytest.approx([10 - inward, 10.0, 10 + inward])
    single = [np.array([1.0]), np.array([5.0])]
    assert effects_of_points(single).tolist() == [1.0, 5.0]


def test_intervals_of_differences_that_do_not_vary():
    for values in (np.zeros(5), np.full(7, 0.1)):
        for interval in (mean_interval(values), median_interval(values)):
            assert (interval.low, interval.high) == (values[0], values[0])
            assert interval.method == "the same in every pair"
    assert mean_interval(np.array([1.0])) is None
    assert median_interval(np.array([])) is None


@pytest.mark.parametrize(("standardised", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_pairs_needed_as_in_the_tables_of_the_paired_t_test(standardised, pairs):
    # Effect sizes d_z, two-sided 5%, power 0.8: as G*Power 3 gives them.
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


def test_with_one_horizon_the_mean_of_restricted_days_is_the_area_under_the_curve():
    random = np.random.default_rng(3)
    days = random.integers(1, 200, 60).astype(float)
    fell = days <= 140
    observed = np.minimum(days, 140)
    when, standing = kaplan_meier(observed, fell)
    inside = when < 140
    area = np.sum(np.diff([0.0, *when[inside], 140.0]) * np.array([1.0, *standing[inside]]))
    assert restricted_days(observed, fell, 140).mean() == pytest.approx(area)


def test_a_run_that_ended_without_a_fall_stands_to_the_horizon():
    days, fell = np.array([30.0, 30.0, 140.0]), np.array([True, False, False])
    assert restricted_days(days, fell, 140).tolist() == [30, 140, 140]
    assert restricted_days(days, fell, 20).tolist() == [20, 20, 20]
