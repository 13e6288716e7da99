"""Standardised rank regression: direction and strength of monotone effects, for any spread-out design."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.sensitivity.material import Material
from analysis.stats.clusters import expanded_levels
from analysis.stats.policy import COSTLY_RESAMPLES, SEED
from sim.core.errors import ProtestorateError


def rank_coefficients(study: Material, means: NDArray[np.float64]) -> tuple[pd.DataFrame, float]:
    """Return standardised rank regression coefficients and R².

    Ordinary least squares on ranks, each with mean 0 and standard deviation 1 (Saltelli et al. 2000,
    Sensitivity Analysis, chapter 6; Iman and Conover 1979). A category gets a 0/1 column for each
    value but the first.

    Parameters
    ----------
    study : Material
        With points spread over all parameters, such as ``latin_hypercube`` or ``grid``.
    means : ndarray, shape (points,)
        Mean of the outcome over replicates.

    Returns
    -------
    effects : DataFrame
        Columns parameter, coefficient, coefficient_low, coefficient_high (95 %, resampled points).
    r_squared : float
        Share of the variance of ranks that the regression explains, 0..1.

    Raises
    ------
    ProtestorateError
        With no more points than twice the coefficients, or columns that cannot be told apart.
    """
    names, columns = _columns(study)
    points = len(means)
    if points <= 2 * (len(names) + 1):
        raise ProtestorateError(
            f"{points} points are too few for a regression on {len(names)} parameters; have more than "
            f"{2 * (len(names) + 1)}"
        )
    coefficients, r_squared = _fit(columns, means)
    if not np.isfinite(coefficients).all():
        raise ProtestorateError(
            "the design varies some parameters only together, so their effects cannot be told apart"
        )
    rng = np.random.default_rng(SEED)
    resampled = []
    for _ in range(COSTLY_RESAMPLES):
        draw = rng.integers(points, size=points)
        resampled.append(_fit(columns[draw], means[draw])[0])
    low, high = np.nanquantile(np.array(resampled), expanded_levels(points), axis=0)
    effects = pd.DataFrame(
        {"parameter": names, "coefficient": coefficients, "coefficient_low": low, "coefficient_high": high}
    )
    return effects, r_squared


def _columns(study: Material) -> tuple[list[str], NDArray[np.float64]]:
    names: list[str] = []
    columns: list[NDArray[np.float64]] = []
    for parameter in study.parameters:
        if parameter.kind != "category":
            names.append(parameter.path)
            columns.append(study.points[parameter.path].to_numpy(float))
            continue
        text = study.points[parameter.path].astype(str)
        for value in parameter.values[1:]:
            names.append(f"{parameter.path} = {value}")
            columns.append(np.asarray(text == value, dtype=np.float64))
    return names, np.column_stack(columns)


def _fit(columns: NDArray[np.float64], means: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Regress standardised ranks; NaN coefficients if a column is constant or a combination of others."""
    ranks = rankdata(columns, axis=0)
    outcome = rankdata(means)
    spreads, spread = ranks.std(axis=0), outcome.std()
    if spread == 0 or (spreads == 0).any():
        return np.full(columns.shape[1], np.nan), np.nan
    standard = (ranks - ranks.mean(axis=0)) / spreads
    wanted = (outcome - outcome.mean()) / spread
    solution, _, rank, _ = np.linalg.lstsq(standard, wanted)
    if rank < columns.shape[1]:
        return np.full(columns.shape[1], np.nan), np.nan
    rest = wanted - standard @ solution
    return solution, float(1.0 - (rest**2).mean())
