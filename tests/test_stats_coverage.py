"""How often intervals hold the truth and verdicts err, counted over draws whose truth is known.

The fast tests bound what must not get worse. The nightly one prints the tables of docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tiny_country import country_file

from analysis.claims.verdict import SENSITIVE, SUPPORTED, final, over_cube
from analysis.stats.clusters import Sample, found
from analysis.stats.intervals import Interval, mean_interval, median_interval, wilson
from sim.run.load import derive, load
from sim.run.simulate import simulate

FALSE_ALARM = 1e-4
"""Chance that a method that covers as it should fails a test that draws at random."""
Draw = Callable[[np.random.Generator, int], np.ndarray]
Method = Callable[[np.ndarray], Interval | None]


def _bootstrap(values: np.ndarray) -> Interval:
    result = found(Sample(values.size, lambda weights: float(weights @ values / weights.sum())))
    return Interval(result.low, result.high, result.method)


KINDS: Mapping[str, tuple[Draw, float, float]] = {
    "normal": (lambda rng, size: rng.normal(size=size), 0.0, 0.0),
    "heavy tails (t, 3 d.f.)": (lambda rng, size: rng.standard_t(3, size), 0.0, 0.0),
    "skewed (exponential)": (lambda rng, size: rng.exponential(size=size), 1.0, np.log(2.0)),
    "very skewed (lognormal)": (lambda rng, size: rng.lognormal(size=size), np.exp(0.5), 1.0),
}
"""Differences: how they are drawn, their true mean, their true median."""
METHODS: Mapping[str, tuple[Method, int]] = {
    "mean, Student": (mean_interval, 1),
    "mean, bootstrap BCa with t expansion": (_bootstrap, 1),
    "median, order statistics": (median_interval, 2),
}
"""Intervals, and which of the truths they should hold (its place in `KINDS`)."""


def held(draw: Draw, method: Method, truth: float, pairs: int, draws: int, seed: int = 1) -> int:
    """Return how many of so many intervals hold the truth."""
    rng, count = np.random.default_rng(seed), 0
    for _ in range(draws):
        interval = method(draw(rng, pairs))
        count += interval is not None and interval.low <= truth <= interval.high
    return count


@pytest.mark.parametrize("pairs", [10, 20])
@pytest.mark.parametrize("kind", ["normal", "heavy tails (t, 3 d.f.)"])
def test_intervals_of_means_and_medians_hold_the_truth_as_often_as_they_say(kind: str, pairs: int) -> None:
    draw, mean, median = KINDS[kind]
    least = stats.binom.ppf(FALSE_ALARM, 1000, 0.945)
    assert least <= held(draw, mean_interval, mean, pairs, 1000) <= stats.binom.isf(FALSE_ALARM, 1000, 0.97)
    assert held(draw, median_interval, median, pairs, 1000) >= least


def test_intervals_of_skewed_differences_cover_what_the_page_says() -> None:
    draw, mean, median = KINDS["skewed (exponential)"]
    assert held(draw, mean_interval, mean, 20, 1000) >= stats.binom.ppf(FALSE_ALARM, 1000, 0.92)
    assert held(draw, median_interval, median, 20, 1000) >= stats.binom.ppf(FALSE_ALARM, 1000, 0.95)


def test_the_bootstrap_holds_the_truth_as_often_as_it_says() -> None:
    draw, mean, _ = KINDS["normal"]
    count = held(draw, _bootstrap, mean, 20, 200)
    assert count >= stats.binom.ppf(FALSE_ALARM, 200, 0.945)


def hypercubes(effects: np.ndarray, pairs: int, count: int, seed: int = 1) -> float:
    """Return the share of simulated hypercubes in which a supported claim is called sensitive."""
    rng, called = np.random.default_rng(seed), 0
    for _ in range(count):
        of_points = [(np.zeros(pairs), effect + rng.normal(size=pairs)) for effect in effects]
        called += final(SUPPORTED, "rises", over_cube(of_points, 1e-9, False, "rises")) == SENSITIVE
    return called / count


def mixed(opposite: float, effect: float, points: int = 40) -> np.ndarray:
    """Return effects of which a share has the opposite sign."""
    signs = np.ones(points)
    signs[: round(opposite * points)] = -1.0
    return effect * signs


def test_a_claim_that_no_assumption_touches_is_seldom_called_sensitive() -> None:
    assert hypercubes(np.full(40, 0.4), 3, 300) <= stats.binom.isf(FALSE_ALARM, 300, 0.03) / 300
    assert hypercubes(np.full(40, 0.6), 3, 300) == 0.0
    # Eight points of three pairs with plain means, as it was once done, erred in half of the cases.
    rng = np.random.default_rng(2)
    plain = [(rng.normal(0.4, 1.0, (8, 3)).mean(axis=1) < 0).mean() >= 0.25 for _ in range(300)]
    assert np.mean(plain) > 0.4


def test_a_claim_that_is_opposite_in_a_third_of_the_space_is_found() -> None:
    assert hypercubes(mixed(0.35, 0.4), 3, 300) >= stats.binom.ppf(FALSE_ALARM, 300, 0.78) / 300
    assert hypercubes(mixed(0.35, 0.8), 3, 300) >= stats.binom.ppf(FALSE_ALARM, 300, 0.97) / 300


def own_differences(folder: Path, seeds: int) -> np.ndarray:
    """Return paired differences of days of action between two settings of a tiny country."""
    country = load(country_file(folder))
    runs = [
        [float(simulate(one, seed=seed).summary["person_days_of_protest"]) for seed in range(seeds)]
        for one in (country, derive(country, {"mechanisms.backlash": False}))
    ]
    return np.array(runs[1]) - np.array(runs[0])


@pytest.mark.nightly
def test_coverage_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Print the tables of docs/statistics.md; fail if an interval of means misses more than the page admits."""
    own = own_differences(tmp_path, 400)
    model: tuple[Draw, float, float] = (
        lambda rng, size: rng.choice(own, size),
        float(own.mean()),
        float(np.median(own)),
    )
    lines = [f"| differences | pairs | {' | '.join(METHODS)} |", "|---|---|" + "---|" * len(METHODS)]
    worst = 1.0
    for kind, of_kind in {**KINDS, f"model (skewness {stats.skew(own):.1f})": model}.items():
        for pairs in (10, 20, 40, 100):
            cells = []
            for name, (method, truth) in METHODS.items():
                draws = 300 if "bootstrap" in name else 2000
                count = held(of_kind[0], method, float(of_kind[truth]), pairs, draws)
                bounds = wilson(count, draws)
                cells.append(f"{count / draws:.1%} ({bounds.low:.1%}-{bounds.high:.1%})")
                if name == "mean, Student" and pairs >= 20 and "very" not in kind:
                    worst = min(worst, bounds.high)
            lines.append(f"| {kind} | {pairs} | {' | '.join(cells)} |")
    lines += ["", "| the truth | pairs a point | called sensitive |", "|---|---|---|"]
    truths = {f"effect {effect} everywhere": np.full(40, effect) for effect in (0.3, 0.4, 0.5, 0.6, 0.8)}
    for share in (0.15, 0.25, 0.35, 0.5):
        truths |= {f"opposite in {share:.0%}, effect {effect}": mixed(share, effect) for effect in (0.4, 0.8)}
    for truth, effects in truths.items():
        for pairs in (3, 5):
            called = round(1000 * hypercubes(effects, pairs, 1000))
            bounds = wilson(called, 1000)
            lines.append(f"| {truth} | {pairs} | {called / 1000:.1%} ({bounds.low:.1%}-{bounds.high:.1%}) |")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert worst >= 0.92
