"""The day on which trajectories part: found where it is, and not where nothing parts."""

from __future__ import annotations

import numpy as np
from scipy import stats

from analysis.stats.parting import partings

FALSE_ALARM = 1e-4
PAIRS, DAYS = 10, 80


def _walks(random: np.random.Generator, pairs: int = PAIRS) -> np.ndarray:
    """Paired differences with no mean, heavy tails and long memory."""
    return random.standard_t(3, size=(pairs, DAYS)).cumsum(axis=1)


def test_processes_that_are_alike_part_at_most_at_the_stated_rate():
    random = np.random.default_rng(1)
    draws = [_walks(random) for _ in range(300)]
    alarms = sum(partings({"a": draw})[0].first is not None for draw in draws)
    assert alarms <= stats.binom.isf(FALSE_ALARM, 300, 0.05)
    # The check can fail: a t test a day, which is what the method must not be, alarms far more often.
    naive = sum(bool((stats.ttest_1samp(draw, 0.0).pvalue < 0.05).any()) for draw in draws)
    assert naive > 3 * stats.binom.isf(FALSE_ALARM, 300, 0.05)


def test_fewer_and_more_pairs_keep_the_rate_too():
    random = np.random.default_rng(2)
    for pairs in (6, 13):  # all turns of signs, and a random choice of them
        alarms = sum(partings({"a": _walks(random, pairs)})[0].first is not None for _ in range(200))
        assert alarms <= stats.binom.isf(FALSE_ALARM, 200, 0.05)


def test_a_shift_is_found_on_its_first_day():
    differences = np.random.default_rng(3).normal(size=(PAIRS, DAYS))
    differences[:, :10] = 0.0
    differences[:, 30:] += 8.0
    (found,) = partings({"a": differences})
    assert (found.touched, found.first, found.days) == (10, 30, DAYS - 30)
    assert found.p < 0.01
    assert found.largest >= 30
    assert found.difference == np.abs(differences.mean(axis=0)).max()


def test_the_day_is_seldom_too_early():
    random = np.random.default_rng(4)
    early = 0
    for _ in range(200):
        differences = random.normal(size=(PAIRS, DAYS))
        differences[:, 40:] -= 5.0
        (found,) = partings({"a": differences})
        early += found.first < 40
    assert early <= stats.binom.isf(FALSE_ALARM, 200, 0.05)


def test_of_those_said_to_part_few_are_wrong():
    """Forty localities of which ten part: over many draws at most 5% of those named are wrong."""
    random = np.random.default_rng(5)
    wrong, draws = [], 40
    for _ in range(draws):
        differences = {str(place): random.normal(size=(PAIRS, 30)) for place in range(40)}
        for place in range(10):
            differences[str(place)][:, 12:] += 3.0
        named = [int(row.name) for row in partings(differences) if row.first is not None]
        assert set(range(10)) <= set(named)
        wrong.append(sum(place >= 10 for place in named) / len(named))
    # Shares lie in 0..1 with mean 0.05 x 3/4, so Hoeffding would be loose; the normal bound is at 1e-4.
    assert np.mean(wrong) <= 0.05 + stats.norm.isf(FALSE_ALARM) * np.std(wrong) / np.sqrt(draws)


def test_series_that_never_differ_neither_part_nor_hide_the_others():
    shift = np.random.default_rng(6).normal(30.0, 1.0, size=(6, DAYS))
    shift[:, :50] = 0.0
    alone = partings({"a": shift})[0]
    among = partings({"a": shift, **{f"still {n}": np.zeros((6, DAYS)) for n in range(50)}})
    assert alone.first == 50
    assert among[0] == alone
    assert all(row.first is None and row.touched is None and row.p == 1.0 for row in among[1:])


def test_the_same_difference_in_every_pair_parts_on_its_day():
    differences = np.zeros((8, 20))
    differences[:, 5:] = -1.0
    (found,) = partings({"a": differences})
    assert (found.touched, found.first, found.difference) == (5, 5, -1.0)


def test_fewer_than_six_pairs_cannot_part():
    (found,) = partings({"a": np.full((5, 20), 9.0)})
    assert found.first is None
    assert found.touched == 0


def test_days_on_which_too_few_pairs_still_run_do_not_count():
    differences = np.random.default_rng(7).normal(size=(12, 40))
    differences[:, 20:] += 20.0
    differences[5:, 20:30] = np.nan
    (found,) = partings({"a": differences})
    assert (found.first, found.days) == (30, 10)


def test_nothing_gives_nothing():
    assert partings({}) == []
