"""Comparisons of made sides: pairs, days, effects, outcomes and partings are exactly what was put in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from compare_sides import DAYS, SEEDS, luck, side

from analysis.compare.comparison import compare_sides
from analysis.compare.effects import Measure, effect
from sim.core.errors import ProtestorateError, ScenarioError

COUNT = Measure("count", "Count", "persons")


def _only(*sides):
    (contrast,) = compare_sides(sides).contrasts
    return contrast


def _effect(contrast, name):
    return next(row for row in contrast.effects if row.measure.name == name)


def test_a_shift_comes_out_exactly():
    contrast = _only(side("a"), side("b", shift=30.0))
    found = _effect(contrast, "peak_turnout")
    mean = np.mean([luck(seed) for seed in SEEDS])
    assert (found.mean, found.median, found.spread) == (30.0, 30.0, 0.0)
    assert (found.mean_a, found.mean_b) == pytest.approx((mean, mean + 30))
    assert found.relative == pytest.approx(30 / mean)
    assert found.correlation == pytest.approx(1.0)
    assert (found.gain, found.standardised, found.needed, found.detectable) == (None, None, None, None)
    assert found.p == pytest.approx(2 / 2**12)
    assert (found.verdict, contrast.identical) == ("higher", False)


def test_what_does_not_differ_is_said_not_to_and_is_not_counted():
    comparison = compare_sides([side("a"), side("b", shift=30.0)])
    same = _effect(comparison.contrasts[0], "detained")
    assert (same.verdict, same.p, same.p_corrected, same.needed) == ("no difference in any pair", 1.0, 1.0, None)
    assert comparison.tests == 1  # only the peak differs in any pair
    assert _effect(comparison.contrasts[0], "peak_turnout").p_corrected == pytest.approx(2 / 2**12)


def test_all_comparisons_are_corrected_together():
    alone = _effect(_only(side("a"), side("b", shift=9.0, noise=1.0)), "peak_turnout")
    comparison = compare_sides([side("a"), side("b", shift=9.0, noise=1.0), side("other", noise=1.0)])
    first, second = (_effect(contrast, "peak_turnout") for contrast in comparison.contrasts)
    assert comparison.tests == 2
    assert first.p == alone.p
    assert first.p_corrected == pytest.approx(2 * alone.p)
    assert second.verdict == "cannot be told"


def test_pairing_gains_what_the_shared_luck_is_worth():
    random = np.random.default_rng(1)
    shared, a, b = random.normal(size=(3, 4000))
    found = effect(COUNT, 3 * shared + a, 3 * shared + b + 0.5)
    # Variances 10 and 10 apart, 2 of the difference: worth 10 times as many runs, correlation 9/10.
    assert found.gain == pytest.approx(10, rel=0.15)
    assert found.correlation == pytest.approx(0.9, abs=0.02)
    assert found.standardised == pytest.approx(0.5 / np.sqrt(2), abs=0.06)
    assert found.needed < found.pairs


def test_numbers_that_are_missing_are_left_out_in_pairs():
    a = np.array([1.0, np.nan, 3.0, 4.0])
    found = effect(COUNT, a, np.array([2.0, 5.0, np.nan, 6.0]))
    assert (found.pairs, found.mean) == (2, 1.5)
    nothing = effect(COUNT, a, np.full(4, np.nan))
    assert (nothing.pairs, nothing.verdict, nothing.mean_interval) == (0, "no difference in any pair", None)


def test_outcomes_are_compared_in_pairs():
    a = ["contested"] * 8 + ["falls"] * 4
    b = ["falls"] * 6 + ["contested"] * 2 + ["falls"] * 3 + ["flees"]
    contrast = _only(side("a", outcomes=a), side("b", outcomes=b))
    falls, either = (next(row for row in contrast.outcomes if row.name == name) for name in ("falls", "falls or flees"))
    assert (falls.both, falls.only_a, falls.only_b, falls.neither) == (3, 1, 6, 2)
    assert falls.difference == pytest.approx(5 / 12)
    assert falls.interval.low < 5 / 12 < falls.interval.high
    assert (either.both, either.only_a, either.only_b) == (4, 0, 6)
    assert [(row.name, row.count) for row in contrast.shares_a] == [("contested", 8), ("falls", 4)]


def test_days_until_the_fall_are_censored_at_the_horizon():
    lengths = [10] * 6 + [8] * 6
    outcomes = ["contested"] * 6 + ["falls"] * 5 + ["negotiates"]
    contrast = _only(side("a"), side("b", outcomes=outcomes, lengths=lengths))
    found = _effect(contrast, "days_standing")
    assert (found.mean_a, found.mean_b) == (10.0, pytest.approx((7 * 10 + 5 * 8) / 12))
    assert found.mean == pytest.approx(-10 / 12)
    assert any("ended early (6 of “b”)" in note for note in contrast.notes)
    assert not any(row.measure.name == "days_standing" for row in _only(side("a"), side("b")).effects)


def test_trajectories_part_where_and_when_they_do():
    contrast = _only(side("a"), side("b", shift=30.0, from_day=4))
    turnout, legitimacy = contrast.partings
    assert contrast.axis.label(turnout.first) == "5 Aug 2020"
    assert (turnout.touched, turnout.first, turnout.days, turnout.difference) == (4, 4, 6, pytest.approx(30.0))
    assert legitimacy.first is legitimacy.touched is None
    busy, quiet = contrast.places
    assert (busy.parting.name, busy.parting.first, busy.person_days) == ("Busy", 4, pytest.approx(180.0))
    assert (quiet.parting.name, quiet.parting.first, quiet.person_days) == ("Quiet", None, 0.0)


def test_after_a_run_has_ended_there_is_no_difference():
    contrast = _only(side("a"), side("b", shift=5.0, lengths=[10] * 6 + [6] * 6))
    difference = contrast.series[0].difference
    assert np.isnan(difference[6:, 6:]).all()
    assert np.allclose(difference[:6, 4:], 5.0)


def test_runs_without_a_fellow_are_left_out_and_named():
    contrast = _only(side("a", failed=(111,)), side("b", seeds=(*SEEDS[:10], 555, 111)))
    assert contrast.pairs.seeds.tolist() == [*SEEDS[:10], 111]
    assert contrast.notes[:2] == (
        "1 run of “a” with seeds that “b” has no run of",
        "1 run of “b” with seeds that “a” has no run of",
    )
    failed = _only(side("a"), side("b", seeds=SEEDS[:11], failed=SEEDS[11:]))
    assert failed.notes[0] == "1 run of “a” with seeds that “b” has no run of; 1 of them failed there"


@pytest.mark.parametrize(
    ("start", "by", "positions", "note"),
    [
        ("2020-08-01", "date", 10, "days are matched by date"),
        ("2020-08-04", "date", 7, "days are matched by date; only the 7 dates that both have"),
        (
            "1989-10-02",
            "day",
            10,
            "days are matched by number from the first day: 1 to 10",
        ),
    ],
)
def test_days_are_matched_by_date_or_else_by_number(start, by, positions, note):
    contrast = _only(side("a"), side("b", shift=30.0, start=start))
    assert (contrast.axis.by, len(contrast.axis.values)) == (by, positions)
    assert any(note in given for given in contrast.notes)
    assert np.isfinite(contrast.series[0].difference).all()
    if by == "day":
        assert contrast.axis.label(contrast.partings[0].first) == "day 5"


def test_steps_are_matched_by_number():
    contrast = _only(side("a", start=None), side("b", shift=1.0, start=None, days=8))
    assert (contrast.axis.by, len(contrast.axis.values)) == ("step", 8)
    assert contrast.axis.label(contrast.partings[0].first) == "step 5"
    assert contrast.places == []


def test_what_limits_a_comparison_is_said():
    few = _only(side("a", seeds=SEEDS[:5]), side("b", shift=3.0, seeds=SEEDS[:5]))
    assert any("with 5 pairs no difference can be told from chance" in note for note in few.notes)
    more = _only(side("a", version="1"), side("b", version="2"))
    assert any("no p-value can be below 0.00049" in note for note in more.notes)
    assert any("different versions of the model: 1 and 2" in note for note in more.notes)
    fixed = [replace(one, runs=one.runs.assign(peak_turnout=5.0)) for one in (side("a"), side("b"))]
    assert any("no number depends on the seed" in note for note in _only(*fixed).notes)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (side("b", data={"model": "granovetter-1978"}), "their models are mobilisation and granovetter-1978"),
        (
            side("b", seeds=(1, 2)),
            "have no pair of runs: no seed is in both, such as 101 in the one and 1 ",
        ),
    ],
)
def test_sides_that_cannot_be_compared(other, words):
    with pytest.raises(ProtestorateError, match=words):
        compare_sides([side("a"), other])


def test_a_side_without_runs_and_an_unknown_number():
    empty = replace(side("b"), runs=side("b").runs.iloc[:0])
    with pytest.raises(ProtestorateError, match="“b” has no runs"):
        compare_sides([side("a"), empty])
    with pytest.raises(ScenarioError, match="did you mean 'detained'"):
        compare_sides([side("a"), side("b")], ["detaind"])
    chosen = compare_sides([side("a"), side("b")], ["detained"]).contrasts[0]
    assert [row.measure.title for row in chosen.effects] == ["Detentions in all"]


def test_a_side_whose_runs_all_failed_says_why(tmp_path, monkeypatch):
    from dataclasses import replace as changed

    import fragile_model
    from study_helpers import crowds

    from analysis.compare.runs import side_of
    from sim.models.interface import MODELS
    from sim.study import run_study

    entry = changed(MODELS["granovetter-1978"], engine="fragile_model:ENGINE")
    monkeypatch.setitem(MODELS, "granovetter-1978", entry)
    study = changed(crowds(points=2, seeds=2), seeds=(fragile_model.RAISES,))
    found = run_study(study, tmp_path / "study", workers=1)
    a, b = (side_of(found, point, name, "run for this comparison") for point, name in enumerate("ab"))
    with pytest.raises(ProtestorateError, match=r"“a” has no runs .*all 1 failed, .*no rest was found"):
        compare_sides([a, b])


def test_any_measure_of_a_run_can_be_compared():
    a = side("a", outcomes=["contested"] * 12)
    b = side("b", shift=30.0, outcomes=["flees"] * 3 + ["falls"] * 3 + ["contested"] * 6)
    asked = ["sum:attending", "max:attending@Busy:2020-08-05..", "falls or flees", "detained"]
    (contrast,) = compare_sides([a, b], asked).contrasts
    shift, busy, fell, same = (_effect(contrast, name) for name in asked)
    assert shift.mean == pytest.approx(30.0 * (DAYS - 4))
    assert shift.mean_b == pytest.approx(b.days.groupby("seed")["attending"].sum().mean())
    assert busy.mean == pytest.approx(30.0)
    # Six of twelve pairs gain it: McNemar's exact test, and Newcombe's interval, which has a width.
    assert (fell.mean, fell.p, fell.mean_interval.method) == (0.5, 2 / 2**6, "Newcombe, paired")
    assert same.measure.title == "Detained" or same.measure.unit
    with pytest.raises(ScenarioError, match="did you mean 'attending'"):
        compare_sides([a, b], ["sum:atending"])
    with pytest.raises(ScenarioError, match="must lie in the run"):
        compare_sides([a, b], ["sum:attending:2021-01-01"])
