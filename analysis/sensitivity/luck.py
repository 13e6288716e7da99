"""How much of an outcome's variance is luck and how much is parameters: analysis of variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Luck:
    """Parts of the variance of single runs; the three parts add up to 1.

    Parameters
    ----------
    replicates : int
        Fewest replicates of a point.
    parameters : float
        Part that is between points, free of luck.
    shared : float
        Part that comes with the replicate and is the same at all points: a lucky seed is lucky everywhere.
        NaN if points have different numbers of replicates; it is then contained in `own`.
    own : float
        Part in which luck acts differently at different points.
    in_means : float
        Part of the variance between the points' means that is still luck; the indices cannot tell it
        from interactions. All parts are NaN with one replicate, which cannot show luck.
    """

    replicates: int
    parameters: float = np.nan
    shared: float = np.nan
    own: float = np.nan
    in_means: float = np.nan

    @property
    def luck(self) -> float:
        """All of luck, 0..1; NaN with one replicate."""
        return 1.0 - self.parameters


def luck_of(table: pd.DataFrame) -> Luck:
    """Split the variance of single runs into parameters and luck.

    Two-way random effects without interaction replicates (points and replicates crossed, as common
    random numbers make them), or one-way if points have different numbers of replicates. Components
    of variance by the method of moments, negative ones set to 0 (Searle, Casella and McCulloch 1992,
    Variance Components, chapters 3 and 4).

    Parameters
    ----------
    table : DataFrame
        A measure by point (rows) and replicate (columns); NaN where not run.
    """
    counts = table.notna().sum(axis=1)
    fewest = int(counts.min())
    if fewest < 2 or len(table) < 2:
        return Luck(fewest)
    return _crossed(table.to_numpy(float), fewest) if (counts == table.shape[1]).all() else _nested(table, fewest)


def _crossed(values: np.ndarray, replicates: int) -> Luck:
    points = len(values)
    of_points, of_replicates = values.mean(axis=1), values.mean(axis=0)
    rest = values - of_points[:, None] - of_replicates[None, :] + values.mean()
    own = float((rest**2).sum()) / ((points - 1) * (replicates - 1))
    between = replicates * float(of_points.var(ddof=1))
    shared = max(0.0, (points * float(of_replicates.var(ddof=1)) - own) / points)
    parameters = max(0.0, (between - own) / replicates)
    total = parameters + shared + own
    if total == 0.0:
        return Luck(replicates)
    in_means = min(1.0, own / between) if between > 0 else np.nan
    return Luck(replicates, parameters / total, shared / total, own / total, in_means)


def _nested(table: pd.DataFrame, fewest: int) -> Luck:
    counts = table.notna().sum(axis=1).to_numpy(float)
    runs, points = counts.sum(), len(table)
    means = table.mean(axis=1).to_numpy()
    grand = float(np.nansum(table.to_numpy()) / runs)
    within = float(np.nansum((table.to_numpy() - means[:, None]) ** 2)) / (runs - points)
    between = float((counts * (means - grand) ** 2).sum()) / (points - 1)
    typical = (runs - (counts**2).sum() / runs) / (points - 1)
    parameters = max(0.0, (between - within) / typical)
    total = parameters + within
    if total == 0.0:
        return Luck(fewest)
    in_means = min(1.0, within / between) if between > 0 else np.nan
    return Luck(fewest, parameters / total, np.nan, within / total, in_means)
