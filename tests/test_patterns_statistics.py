"""Each statistic of patterns on data made by hand: the known answer, and a case in which there is nothing to find."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_patterns import HandMade, of_days, of_events, of_runs
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from scipy import stats

from analysis.patterns.event_figures import log_sizes
from analysis.patterns.load import Asked
from analysis.patterns.put import CheckResult, PatternResult
from analysis.patterns.schema import Check, Expected
from analysis.patterns.sizes import LogSize, elasticity, slope
from analysis.patterns.statistics import STATISTICS
from analysis.patterns.verdict import FAILS, HOLDS, UNDECIDED, judged, together
from analysis.stats.clusters import Found, Sample, found
from analysis.stats.policy import FEWEST_PAIRS
from analysis.stats.reported import Reported, reporting

SEEDS = 20
RNG = np.random.default_rng(7)


def of(name: str, data: HandMade, **options: Any) -> Found:
    statistic = STATISTICS[name]
    return statistic.found(data, statistic.options.model_validate(options))  # type: ignore[arg-type]


def noise(scale: float = 1.0, size: int = SEEDS) -> np.ndarray:
    return RNG.normal(0.0, scale, size)


# The interval and the verdict


def test_the_interval_of_a_mean_is_that_of_the_textbook() -> None:
    values = np.random.default_rng(1).normal(5.0, 2.0, 60)
    result = found(Sample(60, lambda weights: float(weights @ values / weights.sum())))
    low, high = stats.t.interval(0.95, 59, values.mean(), stats.sem(values))
    assert result.estimate == pytest.approx(values.mean())
    assert result.low == pytest.approx(low, abs=0.08)
    assert result.high == pytest.approx(high, abs=0.08)
    assert (result.method, result.weakness) == ("bootstrap, BCa, t expansion", "")


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng, hits = np.random.default_rng(2), 0
    for _ in range(100):
        values = rng.normal(0.0, 1.0, 30)
        result = found(Sample(30, lambda weights, v=values: float(weights @ v / weights.sum())))  # type: ignore[misc]
        hits += result.low <= 0.0 <= result.high
    assert hits >= 86  # of 95 expected; fewer with a chance of 1 in 10,000


def test_what_no_verdict_can_rest_on() -> None:
    def mean(weights: np.ndarray) -> float:
        return float(weights @ np.arange(weights.size) / weights.sum())

    assert "fewer than" in found(Sample(FEWEST_PAIRS - 1, mean)).weakness
    assert "a selection" in found(Sample(20, mean, left_out=3)).weakness
    assert found(Sample(18, mean, left_out=2)).weakness == ""
    assert "fewer than" in found(Sample(19, lambda weights: 1.0)).weakness
    assert found(Sample(20, lambda weights: 1.0)).weakness == ""
    assert found(Sample(0, mean)).weakness
    assert found(Sample(20, lambda weights: math.nan)).weakness


@pytest.mark.parametrize(
    ("low", "high", "expected", "verdict"),
    [
        (0.1, 0.3, {"above": 0.0}, HOLDS),
        (-0.1, 0.3, {"above": 0.0}, UNDECIDED),
        (-0.3, -0.1, {"above": 0.0}, FAILS),
        (0.0, 0.0, {"above": 0.0}, FAILS),
        (0.0, 0.3, {"above": 0.0}, UNDECIDED),
        (0.1, 0.3, {"below": 1.0}, HOLDS),
        (0.9, 1.0, {"below": 1.0}, UNDECIDED),
        (1.0, 1.2, {"below": 1.0}, FAILS),
        (2.1, 2.9, {"above": 2.0, "below": 3.0}, HOLDS),
        (1.9, 2.9, {"above": 2.0, "below": 3.0}, UNDECIDED),
        (3.1, 3.9, {"above": 2.0, "below": 3.0}, FAILS),
        (1.0, 1.9, {"above": 2.0, "below": 3.0}, FAILS),
        (1.9, 3.1, {"above": 2.0, "below": 3.0}, UNDECIDED),
        (math.nan, math.nan, {"above": 2.0}, UNDECIDED),
    ],
)
def test_the_verdict_is_read_from_the_interval(
    low: float, high: float, expected: Mapping[str, float], verdict: str
) -> None:
    result = Found((low + high) / 2.0, low, high, "by hand", 20)
    assert judged(result, Expected(**expected)) == verdict
    weak = Found((low + high) / 2.0, low, high, "by hand", 5, weakness="few")
    assert judged(weak, Expected(**expected)) == UNDECIDED


def test_one_check_that_fails_fails_the_pattern() -> None:
    assert together([HOLDS, HOLDS]) == HOLDS
    assert together([HOLDS, UNDECIDED]) == UNDECIDED
    assert together([UNDECIDED, FAILS, HOLDS]) == FAILS


# One number a run


def test_level() -> None:
    values = [1.0] * 9 + [2.0] * 10 + [1000.0]
    data = of_runs(["a", "b"], {"peak": [[0.0] * SEEDS, values]})
    assert of("level", data, measure="peak", at="b").estimate == pytest.approx(np.mean(values))
    middle = of("level", data, measure="peak", at="b", by="median")
    assert (middle.estimate, middle.method) == (2.0, "order statistics")
    assert middle.high == 2.0
    assert of("level", data, measure="peak").estimate == 0.0


def test_level_of_an_outcome_is_a_share_with_wilsons_interval() -> None:
    data = of_runs(["a"], {"peak": [[0.0] * SEEDS]})
    data.runs["outcome"] = ["falls"] * 5 + ["contested"] * 15
    share = of("level", data, measure="falls or flees")
    wilson = stats.binomtest(5, 20).proportion_ci(method="wilson")
    assert (share.estimate, share.low, share.high) == pytest.approx((0.25, wilson.low, wilson.high))


def test_level_leaves_out_runs_without_a_value_and_says_so() -> None:
    data = of_runs(["a"], {"peak": [[math.nan] * 5 + list(range(15))]})
    assert of("level", data, measure="peak").estimate == pytest.approx(7.0)
    assert "5 of 20" in of("level", data, measure="peak").weakness


def test_difference_uses_pairs() -> None:
    luck = noise(100.0)
    data = of_runs(["before", "after"], {"peak": [1000.0 + luck, 1010.0 + luck + noise(0.5)]})
    change = of("difference", data, measure="peak", of="after", less="before")
    assert change.estimate == pytest.approx(10.0, abs=0.5)
    assert change.high - change.low < 1.0  # the luck of a run, 100, has gone
    relative = of("difference", data, measure="peak", of="after", less="before", relative=True)
    assert relative.estimate == pytest.approx(change.estimate / np.mean(1000.0 + luck))


def test_no_difference_is_not_taken_for_one() -> None:
    data = of_runs(["before", "after"], {"peak": [noise(), noise()]})
    change = of("difference", data, measure="peak", of="after", less="before")
    assert change.low < 0.0 < change.high
    same = of("difference", data, measure="peak", of="before", less="before")
    assert (same.estimate, same.low, same.high) == (0.0, 0.0, 0.0)
    assert judged(same, Expected(above=0.0)) == FAILS


def test_interaction_is_the_difference_of_two_log_ratios() -> None:
    levels = {"with high": 400.0, "with low": 100.0, "without high": 50.0, "without low": 100.0}
    data = of_runs(list(levels), {"peak": [value + noise(0.1) for value in levels.values()]})
    pairs = {"of": ["with high", "with low"], "less": ["without high", "without low"]}
    assert of("interaction", data, measure="peak", **pairs).estimate == pytest.approx(math.log(8.0), abs=0.01)
    alike = {"of": ["with high", "with low"], "less": ["with high", "with low"]}
    assert of("interaction", data, measure="peak", **alike).estimate == 0.0


# Events


@pytest.mark.parametrize("power", [0.4, 1.0, 1.3])
def test_size_elasticity_of_exact_powers(power: float) -> None:
    sizes = [10.0, 100.0, 1000.0, 20000.0]
    data = of_events([[(size, 0.01 * size**power) for size in sizes]] * SEEDS)
    assert of("size_elasticity", data).estimate == pytest.approx(power)


def test_size_elasticity_counts_events_without_detained() -> None:
    """Half of the events of each size without anyone detained change the level, not the elasticity."""
    rng = np.random.default_rng(3)
    seeds = []
    for _ in range(SEEDS):
        sizes = 10.0 ** rng.uniform(1.0, 5.0, 400)
        seeds.append([(size, float(rng.poisson(0.05 * size**0.6) * (rng.random() < 0.5))) for size in sizes])
    sublinear = of("size_elasticity", of_events(seeds))
    assert sublinear.low < 0.6 < sublinear.high
    assert judged(sublinear, Expected(below=1.0)) == HOLDS
    flat = [[(size, float(rng.poisson(0.02 * size))) for size, _ in events] for events in seeds]
    proportional = of("size_elasticity", of_events(flat))
    assert proportional.low < 1.0 < proportional.high
    assert judged(proportional, Expected(below=1.0)) != HOLDS


def test_elasticity_agrees_with_an_independent_maximum() -> None:
    from scipy import optimize

    logs, count, total = np.log([10.0, 80.0, 900.0]), np.array([30.0, 12.0, 4.0]), np.array([21.0, 40.0, 70.0])

    def cost(at: np.ndarray) -> float:
        mean = count * np.exp(at[0] + at[1] * logs)
        return float((mean - total * np.log(mean)).sum())

    assert elasticity(logs, count, total) == pytest.approx(optimize.minimize(cost, [0.0, 0.5]).x[1], abs=1e-4)
    assert math.isnan(elasticity(logs, count, np.zeros(3)))
    assert math.isnan(elasticity(logs, count, np.array([0.0, 0.0, 9.0])))


def test_share_by_size() -> None:
    """One in ten events of ten persons, two in ten of a hundred, three in ten of a thousand: 0.1 for each tenfold."""
    events = [(10.0**k, float(i < k)) for k in (1, 2, 3) for i in range(10)]
    data = of_events([events] * SEEDS)
    assert of("share_by_size", data).estimate == pytest.approx(0.1)
    assert of("share_by_size", data, at_least=100).estimate == pytest.approx(0.1)
    reached = of("share_by_size", of_events([[(100.0, 1.0), (100.0, 9.0), (1000.0, 60.0)]] * SEEDS), share=0.05)
    assert reached.estimate == pytest.approx(0.5)  # one of two at a hundred, one of one at a thousand
    everywhere = of_events([[(size, 1.0) for size, _ in events]] * SEEDS)
    assert of("share_by_size", everywhere).estimate == pytest.approx(0.0)


def test_events_of_a_whole_sample_count_by_point() -> None:
    """The events of a point are of one size and have no slope; those of all points have."""
    small, large = [(100.0, 1.0)] * 10, [(1000.0, 1.0)] * 5 + [(1000.0, 0.0)] * 5
    data = of_events([small, large] * SEEDS)
    assert data.place_table is not None
    data.place_table["point"] = data.place_table["replicate"]
    data.place_table["replicate"] = 0
    assert math.isnan(of("share_by_size", data).estimate)
    for unit in ("locality_day", "day"):
        everything = of("share_by_size", data, points="all", unit=unit)
        assert everything.estimate == pytest.approx(-0.5)
        assert (everything.clusters, everything.unit) == (2 * SEEDS, "points")


def test_log_size_of_the_events_that_are_reported() -> None:
    """Ninety events of ten persons and ten of a thousand, all of which are known: a tenth of the small ones is, too."""
    data = of_events([[(10.0, 0.0)] * 90 + [(1000.0, 0.0)] * 10] * SEEDS)
    assert of("log_size", data).estimate == pytest.approx((90 * 1 + 10 * 3) / 100)
    reported = {"share": 0.19, "certain": 1000.0}
    assert of("log_size", data, reported=reported).estimate == pytest.approx((9 * 1 + 10 * 3) / 19)
    spread = of("log_size", data, reported=reported, moment="deviation").estimate
    assert spread == pytest.approx(np.std([1.0] * 9 + [3.0] * 10))
    everything = of("log_size", data, reported={"share": 1.0, "certain": 1000.0})
    assert everything.estimate == pytest.approx(1.2)


@pytest.mark.parametrize("reported", [None, Reported(share=0.19, certain=1000.0)])
def test_the_picture_of_sizes_shows_the_events_that_are_reported(reported: Reported | None) -> None:
    data = of_events([[(10.0, 0.0)] * 90 + [(1000.0, 0.0)] * 10] * SEEDS)
    options = LogSize(reported=reported)
    check = Check(says="mean", statistic="log_size", expected=Expected(above=0.0), source=["weidmann-roed-2019"])
    found = STATISTICS["log_size"].found(data, options)  # type: ignore[arg-type]
    shown = CheckResult(Asked("mean", check, STATISTICS["log_size"], options), found, HOLDS)
    axis = Figure().add_subplot()
    caption = log_sizes(axis, PatternResult(None, data, (shown,), HOLDS), shown)  # type: ignore[arg-type]
    outlines = [patch for patch in axis.patches if isinstance(patch, Polygon)]
    assert ("would be reported" in caption) == (reported is not None)
    assert len(outlines) == (reported is not None)
    if outlines:
        heights = outlines[0].get_xy()[:, 1]
        assert heights.max() == pytest.approx(10 / 19 / 0.25)  # a share of the reported, by a quarter of a tenfold


def test_log_size_has_no_interval_where_too_few_samples_can_be_reported() -> None:
    """Every second seed has so many events of the certain size that in half of the samples they are too many."""
    few, many = [(10.0, 0.0)] * 100, [(10.0, 0.0)] * 60 + [(1000.0, 0.0)] * 40
    data = of_events([few, many] * SEEDS)
    result = of("log_size", data, reported={"share": 0.2, "certain": 1000.0})
    assert result.weakness
    assert judged(result, Expected(above=0.0)) == UNDECIDED


def test_reporting_is_a_power_of_size_that_reports_as_many_as_wanted() -> None:
    sizes, count = np.array([10.0, 100.0, 1000.0, 10_000.0]), np.array([60.0, 25.0, 10.0, 5.0])
    chance = reporting(sizes, count, Reported(share=0.2, certain=1000.0))
    assert count @ chance == pytest.approx(20.0)
    assert chance[2:].tolist() == [1.0, 1.0]
    assert chance[1] ** 2 == pytest.approx(chance[0])  # two tenfolds below certainty as one, squared
    assert np.isnan(reporting(sizes, count, Reported(share=0.1, certain=1000.0))).all()  # more of them are certain
    assert (reporting(sizes, count / 3.0, Reported(share=1.0, certain=1000.0)) == 1.0).all()


def test_slope_agrees_with_numpy() -> None:
    x, y = np.array([1.0, 2.0, 2.0, 5.0]), np.array([0.0, 1.0, 0.0, 1.0])
    assert slope(x, np.ones(4), y) == pytest.approx(np.polyfit(x, y, 1)[0])
    assert math.isnan(slope(np.ones(3), np.ones(3), np.ones(3)))


def test_log_size_leaves_out_small_events_and_days_without_any() -> None:
    data = of_events([[(0.0, 0.0), (10.0, 0.0), (100.0, 0.0), (10000.0, 0.0)]] * SEEDS)
    assert of("log_size", data, moment="mean", at_least=25).estimate == pytest.approx(3.0)
    assert of("log_size", data, moment="deviation", at_least=25).estimate == pytest.approx(1.0)
    assert of("log_size", data, moment="mean").estimate == pytest.approx(7.0 / 3.0)


# The course of a run


def weekly(scale: float = 1.0, weeks: int = 15) -> list[float]:
    return [1000.0 if day % 7 == 6 else 10.0 + float(RNG.random() * scale) for day in range(7 * weeks)]


def test_autocorrelation_finds_a_week_and_none_in_noise() -> None:
    rhythm = of("autocorrelation", of_days([{"attending": weekly()} for _ in range(SEEDS)]), lag=7, against=[3, 4])
    assert rhythm.estimate > 0.8
    assert judged(rhythm, Expected(above=0.0)) == HOLDS
    none = of_days([{"attending": RNG.random(105) * 100.0} for _ in range(SEEDS)])
    assert judged(of("autocorrelation", none, lag=7, against=[3, 4]), Expected(above=0.05)) != HOLDS


def test_busiest_weekday_counts_whole_weeks() -> None:
    series = weekly(weeks=4)
    series[10] = 5000.0  # one Thursday beats its Sunday
    data = of_days([{"attending": [*series, 1.0, 2.0]}] * SEEDS)
    assert of("busiest_weekday", data, weekday="sunday").estimate == pytest.approx(0.75)
    assert of("busiest_weekday", data, weekday="thursday").estimate == pytest.approx(0.25)
    since = of("busiest_weekday", data, weekday="sunday", since=pd.Timestamp("2020-08-17").date())
    assert since.estimate == 1.0


def test_after_peak() -> None:
    course = [0.0, 50.0, 100.0, 80.0, 40.0, 20.0, 20.0]
    data = of_days([{"striking": course}] * SEEDS)
    assert of("after_peak", data, column="striking", days=[2, 4]).estimate == pytest.approx(80.0 / 3.0 / 100.0)
    assert of("after_peak", data, column="striking", days=[2, 9]).weakness
    assert (
        of("after_peak", of_days([{"striking": [100.0] * 9}] * SEEDS), column="striking", days=[2, 4]).estimate == 1.0
    )


def test_first_day() -> None:
    data = of_days([{"striking": [0.0, 5.0, 9.0, 0.0]}] * 11 + [{"striking": [0.0, 0.0, 0.0, 0.0]}] * 9)
    assert of("first_day", data, column="striking", above=5.0).estimate == 2.0
    assert of("first_day", data, column="striking", above=5.0, by="mean").estimate == pytest.approx((22 + 36) / 20)


def test_lead() -> None:
    private, public = [1.0, 0.9, 0.8, 0.8, 0.8, 0.8], [1.0, 1.0, 1.0, 1.0, 0.9, 0.8]
    first = of_days([{"private": private, "public": public}] * SEEDS)
    assert of("lead", first, first="private", second="public", fall=0.1).estimate == pytest.approx(3.0)
    assert of("lead", first, first="public", second="private", fall=0.1).estimate == pytest.approx(-3.0)
    never = of_days([{"private": private, "public": [1.0] * 6}] * SEEDS)
    assert of("lead", never, first="private", second="public", fall=0.1).estimate == pytest.approx(5.0)
    assert of("lead", never, first="private", second="public", fall=0.5).weakness
    lower = of_days([{"private": [0.8, 0.8, 0.7, 0.6], "public": [1.0, 0.9, 0.8, 0.7]}] * SEEDS)
    assert of("lead", lower, first="private", second="public", to=0.8).estimate == pytest.approx(2.0)
    assert of("lead", lower, first="private", second="public", fall=0.1).estimate == pytest.approx(-1.0)


# Movements, and mechanisms switched off


def movements(defected: np.ndarray, outcomes: list[str]) -> HandMade:
    peaks = np.tile([0.001, 0.01, 0.1], len(defected) // 3)
    data = of_runs([str(place) for place in range(len(defected))], {"peak": [[v] for v in peaks]})
    data.runs["defected"], data.runs["outcome"] = defected, outcomes
    return data


def test_share_by_number_and_share_given() -> None:
    defected = np.tile([0.0, 0.0, 100.0, 0.0, 100.0, 100.0], 20)  # 0, one half and all of the three sizes
    outcomes = ["falls" if value else "contested" for value in defected]
    outcomes[2] = "contested"
    data = movements(defected, outcomes)
    event = {"number": "defected", "at_least": 50.0}
    trend = of("share_by_number", data, event=event, by="peak", at_least=0.0005)
    assert (trend.estimate, trend.unit) == (pytest.approx(0.5), "points")
    assert of("share_by_number", data, event=event, by="peak", at_least=0.005).estimate == pytest.approx(0.5)
    success = of("share_given", data, event={"outcomes": ["falls"]}, given=event, by="peak", at_least=0.0005)
    assert success.estimate == pytest.approx(59.0 / 60.0)


def test_independence_is_not_taken_for_a_trend() -> None:
    rng = np.random.default_rng(5)
    data = movements(
        100.0 * (rng.random(240) < 0.4), ["falls" if one else "contested" for one in rng.random(240) < 0.5]
    )
    event = {"number": "defected", "at_least": 50.0}
    for result in (
        of("share_by_number", data, event=event, by="peak", at_least=0.0005),
        of("share_given", data, event={"outcomes": ["falls"]}, given=event, by="peak", at_least=0.0005),
    ):
        assert judged(result, Expected(above=0.0)) == UNDECIDED


def test_switches_without_effect() -> None:
    """Of three mechanisms one lowers the number, one changes nothing, and one changes it by chance only."""
    luck = noise(10.0)
    numbers = [100.0 + luck, 80.0 + luck + noise(), 100.0 + luck, 100.0 + luck + np.tile([1.0, -1.0], SEEDS // 2)]
    off = [{}, *({f"mechanisms.{name}": False} for name in ("works", "idle", "noisy"))]
    data = of_runs(["base", "a", "b", "c"], {"peak": numbers}, overrides=off)
    result = of("switches_without_effect", data, measures=["peak", "falls"])
    assert (result.estimate, result.low, result.high) == (2.0, 1.0, 2.0)
    assert judged(result, Expected(below=0.5)) == FAILS
    effects = {(one.switch, one.measure): one for one in result.details}
    assert effects["works", "peak"].change == pytest.approx(-20.0, abs=1.0)
    assert [one.told for one in result.details] == [True, False, False, False, False, False]
    assert [one.identical for one in result.details] == [False, True, False, True, True, True]
    only = of_runs(["base", "a"], {"peak": numbers[:2]}, overrides=off[:2])
    assert judged(of("switches_without_effect", only, measures=["peak"]), Expected(below=0.5)) == HOLDS


def test_a_switch_is_held_against_the_point_with_all_the_same_but_it() -> None:
    off = [{}, {"x.y": 2}, {"x.y": 2, "mechanisms.works": False}]
    data = of_runs(["base", "other", "other off"], {"peak": [noise(), 100.0 + noise(), 50.0 + noise()]}, overrides=off)
    effect = of("switches_without_effect", data, measures=["peak"]).details[0]
    assert effect.without == pytest.approx(100.0, abs=1.0)
    assert effect.change == pytest.approx(-50.0, abs=2.0)


def test_share_of_movements_counts_each_alike_or_as_observed_sizes_do() -> None:
    defected = np.tile([0.0, 100.0, 100.0], 20)  # never among the small, always among the others
    data = movements(defected, ["contested"] * 60)
    event = {"number": "defected", "at_least": 50.0}
    plain = of("share_of", data, event=event, by="peak", at_least=0.0005)
    assert plain.estimate == pytest.approx(2.0 / 3.0)
    assert plain.low == pytest.approx(stats.binomtest(40, 60).proportion_ci(method="wilson").low)
    sizes = {"below": [0.005, 0.05], "shares": [0.7, 0.2, 0.1]}
    weighted = of("share_of", data, event=event, by="peak", at_least=0.0005, sizes=sizes)
    assert weighted.estimate == pytest.approx(0.3)
    assert weighted.low <= 0.3 <= weighted.high
    assert of("share_of", data, event=event, by="peak", at_least=0.0005, below=0.005).estimate == 0.0
    without_small = of("share_of", data, event=event, by="peak", at_least=0.005, sizes=sizes)
    assert without_small.estimate == pytest.approx(1.0)  # a bin without movements has no weight


def test_weights_by_size_reach_the_share_given_something() -> None:
    peaks_with = {"number": "defected", "at_least": 50.0}
    defected = np.tile([100.0, 100.0, 0.0], 20)
    outcomes = ["falls", "contested", "contested"] * 20
    data = movements(defected, outcomes)
    options = {"event": {"outcomes": ["falls"]}, "given": peaks_with, "by": "peak", "at_least": 0.0005}
    assert of("share_given", data, **options).estimate == pytest.approx(0.5)
    sizes = {"below": [0.005, 0.05], "shares": [0.6, 0.2, 0.2]}
    assert of("share_given", data, **options, sizes=sizes).estimate == pytest.approx(0.75)
    assert of("share_given", data, **options, sizes=sizes, part="with").estimate == pytest.approx(0.75)
    assert of("share_given", data, **options, sizes=sizes, part="without").estimate == pytest.approx(0.0)


def test_an_event_is_a_number_of_the_days_or_an_outcome() -> None:
    data = of_days([{"obeyed": [1.0, 0.7]}, {"obeyed": [1.0, 0.9]}, {"obeyed": [1.0, 0.9]}])
    data.runs["point"] = range(3)
    data.runs["replicate"] = 0
    assert data.day_table is not None
    data.day_table["point"], data.day_table["replicate"] = data.day_table["replicate"], 0
    data.runs["peak"], data.runs["outcome"] = 0.01, ["contested", "ousted", "contested"]
    event = {"number": "min:obeyed", "below": 0.75, "outcomes": ["ousted"]}
    assert of("share_of", data, event=event, by="peak", at_least=0.0005).estimate == pytest.approx(2.0 / 3.0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"event": {}}, "must say number, outcomes or both"),
        ({"event": {"number": "killed"}}, "goes together with either at_least or below"),
        ({"event": {"number": "killed", "at_least": 1.0, "below": 2.0}}, "goes together with either"),
        (
            {"event": {"outcomes": ["falls"]}, "sizes": {"below": [0.1], "shares": [1.0, 0.0, 0.0]}},
            "must be 2, one for",
        ),
        ({"event": {"outcomes": ["falls"]}, "sizes": {"below": [0.1], "shares": [0.5, 0.4]}}, "add to 1"),
        ({"event": {"outcomes": ["falls"]}, "sizes": {"below": [0.2, 0.1], "shares": [0.5, 0.4, 0.1]}}, "must rise"),
    ],
)
def test_events_and_sizes_that_say_nothing_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        STATISTICS["share_of"].options.model_validate({"at_least": 0.001, **options})


def test_the_nearest_point_is_as_far_as_its_farthest_measure() -> None:
    labels = ["as it was", "near in one", "near in both"]
    numbers = {
        "peak": [[100.0, 102.0, 98.0], [100.0] * 3, [104.0] * 3],
        "total": [[50.0] * 3, [25.0] * 3, [47.0] * 3],
    }
    data = of_runs(labels, numbers)
    nearest = of("nearest_point", data, measures=["peak", "total"], to="as it was")
    assert nearest.estimate == pytest.approx(0.06)
    assert of("nearest_point", data, measures=["peak"], to="as it was").estimate == pytest.approx(0.0)


def test_what_stands_for_one_setting_must_stand_for_the_other() -> None:
    labels = ["broad", "narrow", "a, broad", "a, narrow", "b, broad", "b, narrow"]
    peaks = [[100.0, 100.0], [40.0, 40.0], [100.0, 100.0], [50.0, 50.0], [90.0, 90.0], [42.0, 42.0]]
    data = of_runs(labels, {"peak": peaks})
    both = {"to": ["broad", "narrow"], "points": [["a, broad", "a, narrow"], ["b, broad", "b, narrow"]]}
    assert of("nearest_point", data, measures=["peak"], **both).estimate == pytest.approx(
        0.1
    )  # b; a is off by a quarter
    one = {"to": ["broad"], "points": [["a, broad"], ["b, broad"]]}
    assert of("nearest_point", data, measures=["peak"], **one).estimate == pytest.approx(0.0)


@pytest.mark.parametrize("points", [[["a"]], [["a", "b"], ["a"]], []])
def test_candidates_have_a_point_for_each_setting(points: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="points: must"):
        STATISTICS["nearest_point"].options.model_validate({"measures": ["peak"], "to": ["x", "y"], "points": points})
