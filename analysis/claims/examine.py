"""The experiments carried out, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.claims import cube as hypercube
from analysis.claims.experiments import Trial, Trials
from analysis.claims.verdict import Cube, Effect, effect, final, judged, over_cube
from analysis.stats.power import corrected
from sim.measures.language import is_share_of_runs
from sim.measures.values import covered, tables_for, values
from sim.study import Keep, Study, StudyData, run_study
from sim.study.execute import Status
from sim.study.plan import plan

Floats = NDArray[np.float64]
Shown = Callable[[str], AbstractContextManager[Callable[[Status], None] | None]]

EXPERIMENTS, ASSUMPTIONS = "experiments", "assumptions"
"""Subfolders of the two studies: every arm with every seed; every arm at every point of the hypercube."""


@dataclass(frozen=True)
class Finding:
    """What came of one experiment.

    Parameters
    ----------
    trial : Trial
    effect : Effect
    corrected : float
        p-value corrected for the number of experiments (Benjamini and Hochberg 1995).
    cube : Cube or None
        None if the hypercube was left out.
    first_verdict, verdict : str
        Before and after the hypercube was asked.
    days : tuple of float
        Mean length of the runs without and with the change; not numbers for a model without days.
    """

    trial: Trial
    effect: Effect
    corrected: float
    cube: Cube | None
    first_verdict: str
    verdict: str
    days: tuple[float, float]


def studies(found: Trials, seeds: Sequence[int], points: int, cube_seeds: int) -> tuple[Study, Study | None]:
    """Return the study of all arms, and that of all arms at the points of the hypercube (None for 0 points).

    Parameters
    ----------
    found : Trials
    seeds : sequence of int
        One a pair of runs.
    points : int
        Points of the hypercube.
    cube_seeds : int
        Pairs at each of its points: the first so many of `seeds`.
    """
    keep = Keep(
        days=any(trial.measure.columns for trial in found.trials),
        localities=any(trial.measure.place_columns for trial in found.trials),
    )
    main = Study(
        name="claims",
        bases=found.bases,
        points=found.arms,
        seeds=tuple(seeds),
        keep=keep,
        title="The documents put to the test",
        question="Which mechanisms of the documents does the model bear out, under its assumptions?",
    )
    if points == 0:
        return main, None
    samples = hypercube.samples(found.bases, points)
    varied = Study(
        name="claims under other assumptions",
        bases=found.bases,
        points=hypercube.points(found.arms, samples),
        seeds=tuple(seeds[:cube_seeds]),
        keep=keep,
        title="The documents put to the test, under other assumptions",
        question="Which verdicts hang on assumed parameters?",
    )
    return main, varied


def expected_cost(main: Study, varied: Study | None) -> tuple[int, float]:
    """Return the number of runs, and the seconds they take on one core."""
    planned = plan(main)
    runs = len(planned.distinct) * len(main.seeds) + (len(varied.points) * len(varied.seeds) if varied else 0)
    return runs, runs * planned.seconds


def carried_out(
    main: Study,
    varied: Study | None,
    folder: Path,
    workers: int | None = None,
    progress: Shown | None = None,
    force: bool = False,
) -> tuple[StudyData, StudyData | None]:
    """Run what is missing of both studies in subfolders of `folder`, and return their data.

    Parameters
    ----------
    main, varied : Study
        As `studies` returns them.
    folder : Path
    workers, force
        As for `run_study`.
    progress : callable (str) -> context manager, optional
        Gets the study's name; what it yields is told the progress of the study.
    """
    show = progress or (lambda title: nullcontext())
    with show(main.name) as told:
        data = run_study(main, folder / EXPERIMENTS, workers=workers, progress=told, force=force)
    if varied is None:
        return data, None
    with show(varied.name) as told:
        return data, run_study(varied, folder / ASSUMPTIONS, workers=workers, progress=told, force=force)


def findings(found: Trials, main: StudyData, varied: StudyData | None) -> list[Finding]:
    """Return what came of each experiment, in the ledger's order."""
    before = _Measured(found, main)
    after = _Measured(found, varied) if varied is not None else None
    effects, cubes = [], []
    for trial in found.trials:
        test, share = trial.test, is_share_of_runs(trial.measure, found.numbers[trial.test.scenario])
        first, second = before.pairs(trial, 0)
        partly = before.partly(trial)
        effects.append(effect(first, second, test.smallest, test.relative, share, partly))
        cubes.append(_cube(after, trial) if after is not None else None)
    p_values = corrected(np.array([one.p_value for one in effects]))
    results = []
    for trial, one, p_value, cube in zip(found.trials, effects, p_values, cubes, strict=True):
        first_verdict = judged(one, trial.test.direction)
        verdict = final(first_verdict, trial.test.direction, cube)
        results.append(Finding(trial, one, float(p_value), cube, first_verdict, verdict, before.days(trial)))
    return results


def _cube(measured: _Measured, trial: Trial) -> Cube:
    pairs = [measured.pairs(trial, point) for point in range(measured.points)]
    return over_cube(pairs, trial.test.smallest, trial.test.relative, trial.test.direction)


class _Measured:
    """Every measure of every run of a study whose points are the arms, once or once for each point of a hypercube."""

    def __init__(self, found: Trials, data: StudyData) -> None:
        self._arms = len(found.arms)
        self._runs = data.runs
        self.points = len(data.points) // self._arms
        days, places = tables_for((trial.measure for trial in found.trials), data)
        self._values: Mapping[str, pd.Series] = {
            trial.measure.text: values(trial.measure, self._runs, days, places) for trial in found.trials
        }
        self._covered: Mapping[str, pd.Series] = {
            trial.measure.text: covered(trial.measure, self._runs, days, places) for trial in found.trials
        }

    def days(self, trial: Trial) -> tuple[float, float]:
        """Return the mean length of the runs without and with the change."""
        if "days" not in self._runs:
            return float("nan"), float("nan")
        lengths = self._runs.groupby("point")["days"].mean().reindex([trial.first, trial.second])
        return float(lengths.iloc[0]), float(lengths.iloc[1])

    def pairs(self, trial: Trial, point: int) -> tuple[Floats, Floats]:
        """Return the outcome without and with the change, a seed a pair; not a number where a run failed."""
        return self._aligned(self._values[trial.measure.text], trial, point)

    def partly(self, trial: Trial) -> NDArray[np.bool_]:
        """Return for each pair whether a run of it lacks some of the days that count."""
        first, second = self._aligned(self._covered[trial.measure.text], trial, 0)
        return np.asarray((first < 1.0) | (second < 1.0))

    def _aligned(self, of_runs: pd.Series, trial: Trial, point: int) -> tuple[Floats, Floats]:
        arms = [point * self._arms + arm for arm in (trial.first, trial.second)]
        first, second = (of_runs[of_runs.index.get_level_values("point") == arm].droplevel("point") for arm in arms)
        either = first.index.union(second.index)
        return first.reindex(either).to_numpy(dtype=np.float64), second.reindex(either).to_numpy(dtype=np.float64)
