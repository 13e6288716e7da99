"""From a study to boxes: where it happens, how sure that is, and whether resampled points would say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.discover.condition import Condition, condition, measure_of
from analysis.discover.prim import LEAST_CASES, Found, Restriction, encoded, find_box, load_prim, within
from analysis.discover.stability import Stability, stability_of
from analysis.report.figures.style import several
from analysis.sensitivity.explain import possible_outcomes
from analysis.sensitivity.material import Material, StudyTables, material
from analysis.sensitivity.outcomes import with_daily_measures
from sim.core.errors import ProtestorateError

LEAST_POINTS = 30
MOST_BOXES = 3
NOT_SPREAD = ("one_at_a_time", "ablation")
ENOUGH_COVERAGE, ENOUGH_DENSITY = 0.1, 0.5
"""A further box must hold this share of all cases, and this share of its points must be cases."""


@dataclass(frozen=True)
class Box:
    """A box and what it holds.

    Parameters
    ----------
    found : Found
    inside : ndarray of bool, shape (points,)
        Points in this box and in none before it.
    points, cases : int
        Points inside, and how many of them are cases.
    coverage : float
        Share of all cases that are inside.
    density : float
        Share of points inside that are cases.
    mass : float
        Share of all points that are inside.
    of_runs : float
        Share of the runs inside in which it happens.
    """

    found: Found
    inside: NDArray[np.bool_]
    points: int
    cases: int
    coverage: float
    density: float
    mass: float
    of_runs: float

    @property
    def restrictions(self) -> tuple[Restriction, ...]:
        """What the box asks of parameters."""
        return self.found.restrictions


@dataclass(frozen=True)
class Discovery:
    """Under which conditions something happens in a study.

    Parameters
    ----------
    study : Material
    condition : Condition
    threshold : float
        Share of a point's runs in which it must happen for the point to be a case.
    shares : ndarray, shape (points,)
        Share of each point's runs in which it happens.
    boxes : tuple of Box
        The first explains most; empty if no restriction is significant.
    first : Found
        The search for the first box, also if nothing came of it.
    stability : Stability or None
        Of the first box; None if not asked for.
    """

    study: Material
    condition: Condition
    threshold: float
    shares: NDArray[np.float64]
    boxes: tuple[Box, ...]
    first: Found
    stability: Stability | None

    @property
    def cases(self) -> NDArray[np.bool_]:
        """Points at which it happens."""
        return self.shares >= self.threshold


def discover(
    data: StudyTables,
    outcome: str,
    threshold: float = 0.5,
    base: str | None = None,
    number: int | None = None,
    resamples: int = 20,
    progress: Callable[[int, int, str], None] | None = None,
) -> Discovery:
    """Find the conditions on the varied parameters under which something happens.

    Parameters
    ----------
    data : StudyTables
        A study that was run (`sim.study.read_study`), its points spread over the parameters.
    outcome : str
        ``falls``, ``detained>30000``, ``peak_turnout_share>=0.02`` and the like.
    threshold : float
        Share of a point's runs in which it must happen for the point to be a case; above 0, up to 1.
    base : str or None
        Base scenario; needed only if the study has several.
    number : int or None
        Take this box of the trajectory instead of the best one.
    resamples : int
        How often points are resampled to see whether the first box is stable; 0 for not at all.
    progress : callable (done, total, label) or None
        Called after each resample.

    Returns
    -------
    Discovery

    Raises
    ------
    ProtestorateError
        If it never or always happens, if there are too few points, or for an unknown outcome.
    """
    if not 0.0 < threshold <= 1.0:
        raise ProtestorateError(f"--threshold: must be above 0 and at most 1 (given {threshold:g})")
    load_prim()
    study = material(data, base, every_point=False)
    if study.kind in NOT_SPREAD:
        raise ProtestorateError(
            f"a {study.kind} design changes one thing at a time, so it cannot show which combinations matter; "
            "use latin_hypercube, sobol or grid (for this study: protestorate sensitivity)"
        )
    study = replace(study, runs=with_daily_measures(study.runs, [measure_of(outcome)], data))
    asked = condition(study.runs, outcome, study.declared, lambda: possible_outcomes(study))
    happened = asked.happens(study.runs)
    shares = happened.groupby(study.runs["point"]).mean().reindex(study.points["point"]).to_numpy(float)
    cases = shares >= threshold
    _check(asked, threshold, happened, cases)
    boxes, first = _boxes(study, cases, happened, number)
    stability = stability_of(study, cases, resamples, progress) if resamples else None
    return Discovery(study, asked, threshold, shares, boxes, first, stability)


def _check(asked: Condition, threshold: float, happened: pd.Series, cases: NDArray[np.bool_]) -> None:
    """Say plainly if there is nothing to find."""
    count, points = int(cases.sum()), len(cases)
    runs = f"in {int(happened.sum()):,} of {several(len(happened), 'run')}"
    enough = f"at no point in at least {threshold:.0%} of its runs"
    if not happened.any():
        raise ProtestorateError(f"{asked.text}: never happens, {runs} at {points} points; there is nothing to explain")
    if not count:
        raise ProtestorateError(f"{asked.text}: happens {runs}, but {enough}; lower --threshold")
    if count == points:
        raise ProtestorateError(
            f"{asked.text}: always happens, {runs} and at all {points} points"
            + (f" in at least {threshold:.0%} of their runs; raise --threshold" if not happened.all() else "")
            + ("; there is nothing to explain" if happened.all() else "")
        )
    if points < LEAST_POINTS:
        raise ProtestorateError(f"{points} points are too few for scenario discovery, which needs {LEAST_POINTS}")
    fewer = min(count, points - count)
    if fewer < LEAST_CASES:
        raise ProtestorateError(
            f"{asked.text}: happens at {count} of {points} points; at least {LEAST_CASES} with it and {LEAST_CASES} "
            "without are needed. Add points, or choose another limit or --threshold"
        )


def _boxes(
    study: Material, cases: NDArray[np.bool_], happened: pd.Series, number: int | None
) -> tuple[tuple[Box, ...], Found]:
    """Find boxes one after another among the points that are in none."""
    table = encoded(study.points, study.parameters)
    left = np.ones(len(cases), dtype=bool)
    found: list[Box] = []
    first: Found | None = None
    while len(found) < MOST_BOXES:
        rest = np.flatnonzero(left)
        count = int(cases[rest].sum())
        if min(count, len(rest) - count) < LEAST_CASES or len(rest) < LEAST_POINTS:
            break
        one = find_box(
            table.iloc[rest].reset_index(drop=True), cases[rest], study.parameters, None if found else number
        )
        first = first or one
        if not one.restrictions:
            break
        inside = left & within(one.restrictions, study.points)
        box = _measured(one, inside, study, cases, happened)
        if found and (box.coverage < ENOUGH_COVERAGE or box.density < ENOUGH_DENSITY):
            break
        found.append(box)
        left &= ~inside
    if first is None:
        raise AssertionError("the counts were checked before")
    return tuple(found), first


def _measured(
    found: Found, inside: NDArray[np.bool_], study: Material, cases: NDArray[np.bool_], happened: pd.Series
) -> Box:
    in_box = study.runs["point"].isin(study.points["point"][inside])
    count, points = int(cases[inside].sum()), int(inside.sum())
    return Box(
        found,
        inside,
        points,
        count,
        coverage=count / int(cases.sum()),
        density=count / points,
        mass=points / len(cases),
        of_runs=float(happened[in_box].mean()),
    )
