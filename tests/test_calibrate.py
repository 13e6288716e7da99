"""A calibration from a user's own events: targets, a posterior that holds the truth, kills that cost nothing."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mini_country import mini
from scipy.stats import binomtest
from test_events_write import LIVELY
from test_observe import events
from test_report import Page, assert_self_contained
from typer.testing import CliRunner

from analysis.calibration import fit_report
from analysis.calibration.as_written import touched_sets
from analysis.calibration.asked import Asked, asked
from analysis.calibration.case import Span
from analysis.calibration.evaluate import prepared
from analysis.calibration.fit_report import write
from analysis.calibration.posterior import DATABASE, Plan, Posterior, sample
from analysis.cli import app
from analysis.events.made import events_of
from analysis.events.report import PARQUET
from analysis.events.reporting import read_reporting
from analysis.events.table import as_parquet
from analysis.events.targets import poisson, targets_of, weeks
from analysis.observed import read_observed
from sim.core.errors import ProtestorateError
from sim.measures.language import parse
from sim.run.load import load
from sim.run.simulate import simulate

# Looked for and not imported: every process of the tests reads this file, and one of them needs the library.
pytestmark = pytest.mark.skipif(find_spec("pyabc") is None, reason="needs the extra 'calibrate'")

REPORTING = read_reporting()
THRESHOLD = "people.motive.threshold_mean"
PARAMETERS = f"""\
parameters: {{{THRESHOLD}: {{low: 2.0, high: 6.0}}}}
fixed: {{police.detention.contact: 3.0}}
persons_per_agent: 400
"""
COARSE = {**LIVELY, "run.persons_per_agent": 400}


# Targets of events


def test_targets_by_hand(tmp_path: Path) -> None:
    data = events(
        (0, "A", 100.0, 5.0), (0, "B", 1000.0, 20.0), (1, "A", None, 0.0), (8, "", 10.0, 0.0), source="Ministry"
    )
    first, last = data["date"].min().date(), (data["date"].min() + pd.Timedelta(days=9)).date()
    file = tmp_path / "t.yaml"
    file.write_text(targets_of(data, REPORTING, ("A", "B"), first, last, "mine"))
    found = read_observed(file).calibration
    assert found is not None
    assert found.last_day == last
    told = {name: (one.measure, one.value) for name, one in found.targets.items()}
    factor = REPORTING.crowds.sources["ministry"].factor
    assert told == {
        "protest, week of 2020-08-10": ("sum:attending:2020-08-10..2020-08-16", pytest.approx(1100 / factor, rel=1e-5)),
        "detained, week of 2020-08-10": ("sum:detained_today:2020-08-10..2020-08-16", 25),
        "protest, week of 2020-08-17": ("sum:attending:2020-08-17..2020-08-19", pytest.approx(10 / factor, rel=1e-5)),
        "detained, week of 2020-08-17": ("sum:detained_today:2020-08-17..2020-08-19", 0),
        "crowd of the largest day": ("max:attending:2020-08-10..2020-08-19", pytest.approx(1100 / factor, rel=1e-5)),
        "killed": ("sum:killed_today:2020-08-10..2020-08-19", 0),
        "protest in B": ("sum:attending@B:2020-08-10..2020-08-19", pytest.approx(1000 / factor, rel=1e-5)),
        "protest in A": ("sum:attending@A:2020-08-10..2020-08-19", pytest.approx(100 / factor, rel=1e-5)),
    }
    crowd, count = found.targets["crowd of the largest day"], found.targets["detained, week of 2020-08-10"]
    assert crowd.high == pytest.approx(crowd.value * REPORTING.crowds.sources["ministry"].spread, rel=1e-4)
    assert (count.low, count.high) == pytest.approx((poisson(25)[0] / 1.25, poisson(25)[1] * 1.25), rel=1e-4)


def test_days_without_an_event_make_no_targets() -> None:
    data = events((0, "A", 100.0, 5.0))
    day = data["date"].min().date() + pd.Timedelta(days=30)
    with pytest.raises(ProtestorateError, match="no event has a size, detained or killed: no targets"):
        targets_of(data, REPORTING, ("A",), day, day, "mine")
    with pytest.raises(ProtestorateError, match="no targets"):
        targets_of(data.iloc[:0], REPORTING, ("A",), day, day, "mine")


def test_places_with_signs_of_the_language_of_measures(tmp_path: Path) -> None:
    data, file = events((0, "Old: Town", 100.0, 5.0)), tmp_path / "t.yaml"
    day = data["date"].min().date()
    file.write_text(targets_of(data, REPORTING, ("Old: Town",), day, day, "mine"))
    found = read_observed(file).calibration
    assert found is not None
    (part,) = parse(found.targets["protest in Old: Town"].measure).parts
    assert (part.place, part.first, part.last) == ("Old: Town", day, day)


def test_the_interval_of_a_count_holds_nine_of_ten() -> None:
    counts = np.random.default_rng(2).poisson(7.0, 4000)
    held = [poisson(float(count))[0] <= 7.0 <= poisson(float(count))[1] for count in counts]
    assert np.mean(held) >= 0.9
    assert poisson(0)[0] == 0.0


def test_weeks_are_cut_to_the_days() -> None:
    first, last = pd.Timestamp("2020-08-15").date(), pd.Timestamp("2020-08-25").date()
    assert [(str(a), str(b)) for a, b in weeks(first, last)] == [
        ("2020-08-15", "2020-08-16"), ("2020-08-17", "2020-08-23"), ("2020-08-24", "2020-08-25"),
    ]  # fmt: skip


# The posterior


def targets_from(folder: Path, case: Path, truth: float, seed: int) -> Path:
    """Write targets of the events of one run with a known threshold."""
    run = simulate(load(case, {**COARSE, THRESHOLD: truth}), seed=seed, days=16)
    table = events_of(run.days, run.localities, "made")
    first, last = run.days["date"].min().date(), run.days["date"].max().date()
    file = folder / f"targets-{seed}.yaml"
    file.write_text(
        targets_of(table, REPORTING, ("Aville", "Btown", "Cvillage"), first, last, "made"), encoding="utf-8"
    )
    return file


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Asked]:
    folder = tmp_path_factory.mktemp("calibrate")
    case, file = mini(folder), folder / "parameters.yaml"
    file.write_text(PARAMETERS)
    return folder, asked(str(case), str(targets_from(folder, case, 3.0, 101)), file)


def sampled(what: Asked, folder: Path, **plan: int) -> Posterior:
    return sample(what.case, prepared(what.case, 400), Plan(**{"population": 12, "seed": 4, **plan}), folder)


def test_a_known_parameter_is_recovered_and_a_kill_loses_nothing(wanted: tuple[Path, Asked], tmp_path: Path) -> None:
    """Two generations, a stop, and the third: the same as without the stop; the prior was 2 to 6, the truth is 3."""
    found = sampled(wanted[1], tmp_path / "whole", generations=3)
    low, high = (wanted[1].case.searched[THRESHOLD].value(x) for x in found.quantiles((0.05, 0.95))[:, 0])
    assert low <= 3.0 <= high
    assert high - low < 0.6 * 3.6  # of the prior's nine tenths
    assert found.directions()[0][0] < 0.5
    sampled(wanted[1], tmp_path / "stopped", generations=2)
    again = sampled(wanted[1], tmp_path / "stopped", generations=3)
    assert np.array_equal(again.positions, found.positions)
    assert again.weights == pytest.approx(found.weights, rel=1e-12)
    assert again.tolerances == found.tolerances
    assert again.evaluations == found.evaluations


@pytest.mark.nightly
@pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra 'cluster'")
def test_workers_of_a_dask_cluster_find_the_same_posterior(wanted: tuple[Path, Asked], tmp_path: Path) -> None:
    import distributed

    here = sampled(wanted[1], tmp_path / "here", generations=2)
    plan = Plan(population=12, seed=4, generations=2)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(2, timeout=120)
        there = sample(wanted[1].case, prepared(wanted[1].case, 400), plan, tmp_path / "there", client=client)
        ran = client.run(lambda: "sim.run.simulate" in sys.modules)
    assert all(ran.values()), "every worker has run the model"
    assert np.array_equal(there.positions, here.positions)
    assert (there.tolerances, there.evaluations) == (here.tolerances, here.evaluations)


def test_a_database_that_was_killed_in_the_making_is_made_anew(wanted: tuple[Path, Asked], tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"SQLite format 3\0 and no more")
    assert sampled(wanted[1], tmp_path, generations=1).tolerances == (np.inf,)


def test_a_database_whose_rows_are_lost_is_set_aside(
    wanted: tuple[Path, Asked], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import sqlite3

    before = sampled(wanted[1], tmp_path, generations=1)
    line = sqlite3.connect(tmp_path / DATABASE)
    line.execute("delete from parameters")
    line.commit()
    line.close()
    again = sampled(wanted[1], tmp_path, generations=1)
    assert np.array_equal(again.positions, before.positions)
    assert (tmp_path / f"{DATABASE}.damaged").stat().st_size > 1000
    assert f"set aside as {DATABASE}.damaged, and sampled anew" in capsys.readouterr().err


def test_what_is_pinned_down_is_told_by_eigenvalues() -> None:
    """A sum of two parameters is known within 0.02, their difference not at all."""
    generator = np.random.default_rng(1)
    difference, total = generator.uniform(-0.5, 0.5, 4000), generator.normal(1.0, 0.02, 4000)
    found = Posterior(np.column_stack([total + difference, total - difference]) / 2, np.full(4000, 1 / 4000), (), 0)
    values, vectors = found.directions()
    assert values[0] == pytest.approx(12 * 0.02**2 / 2, rel=0.1)
    assert values[1] == pytest.approx(0.5, rel=0.1)  # half of the prior's variance along the diagonal
    assert abs(vectors[0, 0]) == pytest.approx(abs(vectors[1, 0]), rel=0.01)
    assert found.quantiles((0.5,))[0] == pytest.approx([0.5, 0.5], abs=0.03)


@pytest.mark.slow
def test_the_whole_way_from_events_to_a_report(tmp_path: Path) -> None:
    """As docs/own-data.md has it: events, targets, a calibration with a place held out, its page; and once more."""
    case, table = mini(tmp_path), tmp_path / PARQUET
    run = simulate(load(case, COARSE), seed=101, days=16)
    table.write_bytes(as_parquet(events_of(run.days, run.localities, "made")))
    (tmp_path / "parameters.yaml").write_text(PARAMETERS)
    targets, out = tmp_path / "targets.yaml", tmp_path / "out"
    made = CliRunner().invoke(app, ["events", "targets", str(table), "--case", str(case), "--out", str(targets)])
    assert made.exit_code == 0, made.output
    words = [
        "calibrate", str(case), "--targets", str(targets), "--parameters", str(tmp_path / "parameters.yaml"),
        "--population", "12", "--generations", "2", "--predictive", "10", "--hold-out", "Btown", "--workers", "1",
        "--out", str(out), "--quiet",
    ]  # fmt: skip
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    record = json.loads((out / "calibration.json").read_text())
    assert record["held_out"] == ["protest in Btown"]
    assert len(record["targets"]) == record["met"]["of"] + 1
    assert len(pd.read_csv(out / "posterior.csv")) == 12
    page = Page(out / "report.html")
    assert_self_contained(page)
    assert "No search saw these" in page.text
    assert CliRunner().invoke(app, words).exit_code == 0
    words[words.index("12")] = "13"
    other = CliRunner().invoke(app, words)
    assert (other.exit_code, "holds another calibration" in other.stderr) == (2, True)


def test_a_point_is_touched(wanted: tuple[Path, Asked], tmp_path: Path) -> None:
    """Every value moved by up to a twentieth, in twenty sets: how many targets are left is in record and report."""
    from analysis.calibration.fit import How, calibrate

    moved = touched_sets({"a": 2.0, "b": 100.0})
    assert len(moved) == 20
    assert all(1.9 <= one["a"] <= 2.1 and 95.0 <= one["b"] <= 105.0 for one in moved)
    assert len({one["a"] for one in moved}) == 20
    fit = calibrate(wanted[1], How("cma", evaluations=8, seeds=1, predictive=10, persons_per_agent=400), tmp_path / "c")
    of = len(wanted[1].case.targets)
    assert fit.touched.shape == (20, 2)
    assert fit.touched.min() >= 0
    assert 0 < fit.touched[:, 0].max() <= of
    page = write(fit, tmp_path / "c", {"scenario": "mini", "targets": "made", "command": "this test"})
    record = json.loads((tmp_path / "c" / "calibration.json").read_text())
    assert record["touched"]["met"] == fit.touched[:, 0].tolist()
    assert f"{np.median(fit.touched[:, 0]):g} are left when every value is moved by up to 5%" in Page(page).text


def test_a_folder_of_something_else_is_left_alone(wanted: tuple[Path, Asked], tmp_path: Path) -> None:
    from analysis.calibration.fit import How, calibrate

    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ProtestorateError, match="holds something else"):
        calibrate(wanted[1], How(), tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.nightly
def test_the_truth_lies_in_nine_of_ten_posteriors(tmp_path: Path) -> None:
    """Twenty countries with thresholds drawn from the prior: nine tenths of the posteriors hold theirs.

    A country where nothing happens has no targets, and another is drawn. Refused if as few as were found would come of
    nine tenths in one of a hundred such tests (binomial).
    """
    case, file = mini(tmp_path), tmp_path / "parameters.yaml"
    file.write_text(PARAMETERS)
    span, generator, held = Span(2.0, 6.0, "linear"), np.random.default_rng(20), []
    for number in range(100):
        if len(held) == 20:
            break
        truth = span.value(float(generator.uniform()))
        try:
            targets = targets_from(tmp_path, case, truth, 500 + number)
        except ProtestorateError as error:
            assert "no targets" in str(error), "nothing happened"  # noqa: PT017
            continue
        what: Any = asked(str(case), str(targets), file)
        found = sampled(what, tmp_path / str(number), population=60, generations=5, seed=number)
        low, high = found.quantiles((0.05, 0.95))[:, 0]
        held.append(low <= span.position(truth) <= high)
        print(f"{truth:.3f} in {span.value(low):.3f} to {span.value(high):.3f}: {held[-1]}", flush=True)
    assert len(held) == 20
    interval = binomtest(sum(held), len(held)).proportion_ci(0.95)
    print(f"{sum(held)} of {len(held)} hold the truth, 95% interval {interval.low:.2f} to {interval.high:.2f}")
    assert binomtest(sum(held), len(held), 0.9, alternative="less").pvalue > 0.01


LONG = "rhythm: calls a head that are as good as knowing that all expect one another"


def test_names_below_pairs_of_parameters_do_not_run_into_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = {f"path.{place}": SimpleNamespace(value=lambda x: x) for place in range(6)}
    posterior = SimpleNamespace(
        quantiles=lambda levels: np.array([np.zeros(6), np.ones(6)]),
        weights=np.ones(9) / 9,
        positions=np.random.default_rng(1).random((9, 6)),
    )
    fit: Any = SimpleNamespace(posterior=posterior, asked=SimpleNamespace(case=SimpleNamespace(searched=searched)))
    monkeypatch.setattr(fit_report, "_called", lambda fit, path: LONG)
    figure = fit_report.pairs(fit)
    figure.draw_without_rendering()
    shown = [axes for axes in figure.axes if axes.get_visible()]
    for names in ([axes.xaxis.label for axes in shown], [axes.yaxis.label for axes in shown]):
        boxes = [name.get_window_extent() for name in names if name.get_text()]
        assert len(boxes) == 5
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
        assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)


@pytest.mark.parametrize("held", [False, True])
def test_runs_that_lie_beyond_the_frame_are_marked_at_its_edge(monkeypatch: pytest.MonkeyPatch, held: bool) -> None:
    targets = [SimpleNamespace(name=name) for name in ("within", "far below", "far above", "all alike")]
    bands = np.array([[-1, 0, 0, 1, 2], [-9, -8, -7, -7, -6], [6, 7, 8, 9, 9], [0, 0, 0, 0, 0]], dtype=float)
    asked = SimpleNamespace(checked=SimpleNamespace(targets=targets), held_out=targets[:1] if held else [])
    fit: Any = SimpleNamespace(asked=asked, bands=lambda: bands.T)
    monkeypatch.setattr("analysis.calibration.distance.residual", lambda one, value: value)
    axes = fit_report.predicted(fit).axes[0]
    marks = {(line.get_marker(), *line.get_xydata()[0]) for line in axes.lines if len(line.get_xydata()) == 1}
    assert marks == {("<", -5.0, 1.0), (">", 5.0, 2.0), ("s", 0.0, 3.0)}
    assert ("orange" in axes.get_xlabel()) is held
