"""How a study is carried out: the same whoever computes, no more than asked, no more than needed."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from study_helpers import SPREAD, assert_same_results, contents, crowd, crowds

from sim.core.errors import ProtestorateError, ScenarioError
from sim.study import Keep, Point, Precision, Study, read_study, run_study
from sim.study.chunk import Chunk, Result
from sim.study.workers import Death, ThisProcess

GROWTH_ALLOWED = 8.0
"""Megabytes by which a study of many runs may need more memory than one of a tenth of them."""


class Backwards(ThisProcess):
    """Computes in this process what was handed in last, as workers may come back in any order."""

    slots = 3

    def finished(self) -> tuple[Chunk, Result | Death]:
        """Compute the chunk handed in last."""
        self._waiting.rotate(1)
        return super().finished()


def test_who_computes_makes_no_difference(tmp_path):
    study = crowds(8, 10, steps=100)
    here = run_study(study, tmp_path / "1", workers=1)
    assert len(contents(here.folder)) == 10, "five chunks with two tables each"
    others = {"2": {"workers": 2}, "3": {"workers": 3}, "given": {"executor": ThisProcess()}}
    for name, options in {**others, "backwards": {"executor": Backwards()}}.items():
        found = run_study(study, tmp_path / name, **options)
        assert contents(found.folder) == contents(here.folder)
        assert_same_results(found, here)


def test_points_that_coincide_are_run_once(tmp_path):
    spreads = (3.0, 5.0, 3.0, 12.0)
    points = (*(Point(f"spread {value:g}", "crowd", {SPREAD: value}) for value in spreads), Point("base", "crowd"))
    told = []
    study = Study("twice", {"crowd": crowd(100)}, points, (1, 2, 3), Keep(days=True))
    data = run_study(study, tmp_path / "study", workers=1, progress=told.append)
    assert (told[-1].done, told[-1].total) == (9, 9)
    assert data.points["same_as"].tolist() == [0, 1, 0, 3, 3]
    assert data.runs["label"].tolist() == [point.label for point in points for _ in range(3)]
    runs, days = (frame.set_index("point") for frame in (data.runs, data.days()))
    for first, later in ((0, 2), (3, 4)):
        for frame, own in ((runs, ["label"]), (days, [])):
            ours, theirs = (frame.loc[point].drop(columns=own).reset_index(drop=True) for point in (first, later))
            assert ours.equals(theirs)
    assert data.days(["active"], points=[2])["point"].unique().tolist() == [2]


def test_more_replicates_extend_a_study(tmp_path):
    run_study(crowds(4, 5, steps=100), tmp_path / "study", workers=1)
    before = contents(tmp_path / "study")
    found = run_study(crowds(4, 12, steps=100), tmp_path / "study", workers=1)
    assert before.items() <= contents(found.folder).items()
    assert found.manifest["seeds"] == list(range(1, 13))
    assert_same_results(found, run_study(crowds(4, 12, steps=100), tmp_path / "at once", workers=1))


def test_no_more_runs_than_asked_for(tmp_path):
    study, folder = crowds(4, 10, steps=100), tmp_path / "study"
    for done in (7, 14, 21, 28, 35, 40, 40):
        assert len(run_study(study, folder, workers=1, max_runs=7).runs) == done
    assert_same_results(read_study(folder), run_study(study, tmp_path / "at once", workers=1))
    assert [session["runs"] for session in read_study(folder).manifest["sessions"]] == [7] * 5 + [5]


@pytest.mark.parametrize(
    ("study", "options", "said"),
    [
        (crowds(0, 5), {}, "the design has no points: there is nothing to run"),
        (crowds(5, 0), {}, "there are no replicates: at least one is needed"),
        (crowds(1, 1), {"workers": 0}, r"workers: must be at least 1 \(given 0\)"),
        (crowds(1, 1), {"max_runs": 0}, r"max_runs: must be at least 1 \(given 0\)"),
        (Study("x", {"crowd": crowd()}, (Point("x", "crowd", {"time.step": 3}),), (1,)), {}, r"time\.step"),
        (crowds(1, 4, precision=Precision("shares", 0.1)), {}, "nor an outcome.*did you mean .?share"),
        (crowds(1, 4, precision=Precision("seed", 0.1)), {}, "neither a number of the summary nor an outcome"),
        (crowds(1, 4, keep=Keep(), precision=Precision("max:active", 0.1)), {}, "set keep.days to true"),
        (crowds(1, 4, precision=Precision("max:actve", 0.1)), {}, "no such daily column.*did you mean .?active"),
        (crowds(1, 4, precision=Precision("most:active", 0.1)), {}, "precision.outcome: must begin with one of"),
        (crowds(1, 4, precision=Precision("share", 0.0)), {}, "precision.half_width: must be above 0"),
        (crowds(1, 4, precision=Precision("share", 0.1, confidence=95.0)), {}, "must lie between 0 and 1"),
        (crowds(1, 4, precision=Precision("share", 0.1, at_least=1)), {}, "precision.at_least: must be at least 2"),
    ],
)  # fmt: skip
def test_mistakes_are_said_before_anything_is_made(tmp_path, study, options, said):
    with pytest.raises((ScenarioError, ProtestorateError), match=said):
        run_study(study, tmp_path / "study", **options)
    assert list(tmp_path.iterdir()) == []


def half_width(values: np.ndarray, confidence: float) -> float:
    """Half of an interval, from the textbook: Wilson's where every value is 0 or 1, else Student's t."""
    count, mean, tail = len(values), values.mean(), (1.0 + confidence) / 2.0
    if set(values) <= {0.0, 1.0}:
        z = stats.norm.ppf(tail)
        return float(z / (1 + z**2 / count) * math.sqrt(mean * (1 - mean) / count + z**2 / (4 * count**2)))
    return float(stats.t.ppf(tail, count - 1) * values.std(ddof=1) / math.sqrt(count))


def by_hand(outcome: str, runs: pd.DataFrame, days: pd.DataFrame) -> pd.Series:
    """What a study with adaptive replication is judged by, run by run."""
    if outcome == "max:active":
        highest = days.groupby(["point", "replicate"])["active"].max()
        return highest.loc[pd.MultiIndex.from_frame(runs[["point", "replicate"]])]
    return runs[outcome] if outcome in runs else runs["outcome"].isin(outcome.split(" or "))


@pytest.mark.parametrize(
    "precision",
    [
        Precision("share", 0.08, at_least=8),
        Precision("a_few", 0.2, at_least=8),
        Precision("active", 0.25, relative=True, confidence=0.9, at_least=8),
        Precision("a_few or many", 0.2, at_least=8),
        Precision("max:active", 0.25, relative=True, at_least=8),
    ],
    ids=lambda precision: precision.outcome,
)
def test_points_are_repeated_until_they_are_known_well_enough(tmp_path, precision):
    spreads, most = (2.0, 9.0, 11.0, 13.0, 14.0, 30.0), 60
    points = tuple(Point(f"spread {value:g}", "crowd", {SPREAD: value}) for value in spreads)
    study = Study("adaptive", {"crowd": crowd(100)}, points, tuple(range(1, most + 1)), Keep(True), precision=precision)
    data = run_study(study, tmp_path / "whole", workers=1)
    counts = []
    for _, runs in data.runs.groupby("point"):
        assert runs["replicate"].tolist() == list(range(len(runs)))
        values = by_hand(precision.outcome, runs, data.days()).to_numpy(float)
        enough = []
        for count in range(8, len(values) + 1, 8):
            unit = values[:count].mean() if precision.relative else 1.0
            enough.append(half_width(values[:count], precision.confidence) <= precision.half_width * unit)
        assert not any(enough[:-1]), "it was known well enough before"
        assert enough[-1] or len(values) == most
        counts.append(len(values))
    assert min(counts) < max(counts), "no point needed more than another"
    assert sum(counts) < len(points) * most

    for name, options in {"in pieces": {"max_runs": 23, "workers": 1}, "by two": {"executor": Backwards()}}.items():
        before = -1
        while before < (now := len(run_study(study, tmp_path / name, **options).runs)):
            before = now
        assert_same_results(read_study(tmp_path / name), data)
        assert now == sum(counts)


PEAK = """
import resource, sys
from study_helpers import crowds
from sim.study import run_study
run_study(crowds(int(sys.argv[1]), 10, steps=100), sys.argv[2], workers=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024.0 if sys.platform == "linux" else 1024.0**2))
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_runs(tmp_path):
    peaks = []
    for points in (40, 400):
        paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-c", PEAK, str(points), str(tmp_path / str(points))]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=True
        )
        peaks.append(float(done.stdout))
    few, many = peaks
    assert many - few < GROWTH_ALLOWED, f"{few:.0f} MB for 400 runs, {many:.0f} MB for 4,000"
