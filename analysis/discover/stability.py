"""Whether other points of the same kind would have led to the same box: resampling."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.discover.prim import Restriction, encoded, find_box, within
from analysis.sensitivity.material import Material, Parameter
from analysis.stats.policy import SEED


@dataclass(frozen=True)
class Stability:
    """What resampled points say.

    Parameters
    ----------
    resamples : int
    table : DataFrame
        A row a parameter: parameter, restricted (share of resamples), low, high (share that limits it below,
        above), low_from, low_to, high_from, high_to (5th and 95th percentile of the limits; NaN if none).
    unrestricted : int
        Resamples that led to no restriction at all. They hold every point and would look like full coverage, so
        they count neither for density nor for coverage.
    density, coverage : float
        Mean over the other boxes, on the points that were not drawn: an honest guess for new points. A box that
        holds none of these has no density, and a coverage of 0. NaN if never defined.
    """

    resamples: int
    table: pd.DataFrame
    unrestricted: int
    density: float
    coverage: float


def stability_of(
    study: Material,
    cases: NDArray[np.bool_],
    resamples: int,
    progress: Callable[[int, int, str], None] | None,
) -> Stability:
    """Find the first box again among points drawn with replacement, and try it on those that were not drawn.

    Parameters
    ----------
    study : Material
    cases : ndarray of bool, shape (points,)
    resamples : int
    progress : callable (done, total, label) or None
    """
    rng = np.random.default_rng(SEED)
    table = encoded(study.points, study.parameters)
    boxes: list[tuple[Restriction, ...]] = []
    densities, coverages = [], []
    for turn in range(resamples):
        draw = rng.integers(len(cases), size=len(cases))
        if 0 < cases[draw].sum() < len(draw):
            drawn = table.iloc[draw].reset_index(drop=True)
            boxes.append(find_box(drawn, cases[draw], study.parameters).restrictions)
            unseen = np.setdiff1d(np.arange(len(cases)), draw)
            density, coverage = on_unseen(boxes[-1], study.points.iloc[unseen], cases[unseen])
            densities.append(density)
            coverages.append(coverage)
        if progress is not None:
            progress(turn + 1, resamples, "resampling points")
    return Stability(
        len(boxes),
        pd.DataFrame([_restricted(parameter, boxes) for parameter in study.parameters]),
        sum(not box for box in boxes),
        _mean(densities),
        _mean(coverages),
    )


def on_unseen(box: Sequence[Restriction], points: pd.DataFrame, cases: NDArray[np.bool_]) -> tuple[float, float]:
    """Return density and coverage of a box on points that it was not found with; NaN where they do not exist.

    Parameters
    ----------
    box : sequence of Restriction
        Without any, neither exists.
    points : DataFrame
    cases : ndarray of bool, shape (points,)
    """
    if not box:
        return math.nan, math.nan
    inside = within(tuple(box), points)
    density = float(cases[inside].mean()) if inside.any() else math.nan
    coverage = float(cases[inside].sum() / cases.sum()) if cases.any() else math.nan
    return density, coverage


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(np.mean(known)) if known else math.nan


def _restricted(parameter: Parameter, boxes: Sequence[tuple[Restriction, ...]]) -> dict[str, object]:
    found = [one for box in boxes for one in box if one.parameter.path == parameter.path]
    lows = [one.low for one in found if one.low is not None]
    highs = [one.high for one in found if one.high is not None]
    row: dict[str, object] = {
        "parameter": parameter.path,
        "restricted": len(found) / max(1, len(boxes)),
        "low": len(lows) / max(1, len(boxes)),
        "high": len(highs) / max(1, len(boxes)),
    }
    for name, limits in (("low", lows), ("high", highs)):
        row[f"{name}_from"], row[f"{name}_to"] = np.quantile(limits, [0.05, 0.95]) if limits else (math.nan, math.nan)
    return row
