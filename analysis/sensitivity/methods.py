"""The effects of parameters on the means of points, by design: ranks, Morris, Sobol."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.sensitivity.material import Material, Parameter, as_text
from analysis.stats.clusters import expanded_levels
from analysis.stats.policy import CONFIDENCE, COSTLY_RESAMPLES, RESAMPLES, SEED
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
        Columns parameter, coefficient, coefficient_low, coefficient_high (95%, resampled points).
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
        text = as_text(study.points[parameter.path])
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


def morris_effects(study: Material, means: NDArray[np.float64]) -> pd.DataFrame:
    """Return mu, mu* and sigma of elementary effects, with intervals.

    Parameters
    ----------
    study : Material
        Made with a design of kind ``morris``.
    means : ndarray, shape (points,)
        Mean of the outcome over replicates, in the design's order.

    Returns
    -------
    DataFrame
        Columns parameter, and mu, mu_star, sigma each with _low and _high: the mean of a parameter's
        elementary effects, of their absolute values, and their standard deviation, in the outcome's
        unit for a change over the parameter's whole range (Morris 1991; Campolongo, Cariboni and
        Saltelli 2007). Intervals of 95% from resampled trajectories (percentiles, t expansion).

    Raises
    ------
    ProtestorateError
        If the points are not trajectories that change one parameter at a time, or only one of them.
    """
    units = np.column_stack([unit_interval(p, study.points[p.path].to_numpy(float)) for p in study.parameters])
    effects = elementary_effects(units, means)
    draws = np.random.default_rng(SEED).integers(len(effects), size=(RESAMPLES, len(effects)))
    resampled = effects[draws]
    table = pd.DataFrame({"parameter": [parameter.path for parameter in study.parameters]})
    for name, whole, parts in (
        ("mu", effects.mean(axis=0), resampled.mean(axis=1)),
        ("mu_star", np.abs(effects).mean(axis=0), np.abs(resampled).mean(axis=1)),
        ("sigma", effects.std(axis=0, ddof=1), resampled.std(axis=1, ddof=1)),
    ):
        table[name] = whole
        table[f"{name}_low"], table[f"{name}_high"] = np.quantile(parts, expanded_levels(len(effects)), axis=0)
    return table


def elementary_effects(units: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the elementary effects of a Morris design.

    An effect is divided by the step that was taken. Where whole numbers were rounded that is not the step
    of the design's grid.

    Parameters
    ----------
    units : ndarray, shape (points, parameters)
        Parameters as shares of their range, 0..1.
    means : ndarray, shape (points,)

    Returns
    -------
    ndarray, shape (trajectories, parameters)

    Raises
    ------
    ProtestorateError
        If a step does not change exactly one parameter, or each trajectory does not change all.
    """
    points, count = units.shape
    if points % (count + 1) or points < 2 * (count + 1):
        raise ProtestorateError(
            f"the {points} points over {count} parameters are not those of a Morris design, which has at least two "
            "trajectories of (parameters + 1) points"
        )
    steps = np.diff(units.reshape(-1, count + 1, count), axis=1)
    moved = steps != 0
    if not (moved.sum(axis=2) == 1).all() or not (moved.sum(axis=1) == 1).all():
        raise ProtestorateError(
            "the points are not those of a Morris design: a step must change one parameter, and a trajectory each one "
            "once (a range of whole numbers must be wide enough that no step is rounded away)"
        )
    # All but one entry of a step are 0: its sum over parameters is its length, with sign.
    slopes = np.diff(means.reshape(-1, count + 1), axis=1) / steps.sum(axis=2)
    return np.asarray((slopes[:, :, np.newaxis] * moved).sum(axis=1))


def unit_interval(parameter: Parameter, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values as shares of a parameter's range, on its scale."""
    if parameter.low is None or parameter.high is None:
        return values
    if parameter.scale == "log":
        return np.asarray(np.log(values / parameter.low) / np.log(parameter.high / parameter.low))
    return (values - parameter.low) / (parameter.high - parameter.low)


class TooRareError(Exception):
    """An outcome that varies at so few points that its indices cannot be estimated."""


def order_of(study: Material) -> tuple[list[str], bool]:
    """Return the parameters in the order in which the design changes them, and whether it has pairs.

    Saltelli's design (2002) is made of blocks: a point A, then A with one parameter after another
    taken from B, with pairs also B with one parameter after another taken from A, and B.

    Raises
    ------
    ProtestorateError
        If the points do not have that structure.
    """
    paths = [parameter.path for parameter in study.parameters]
    count, points = len(paths), len(study.points)
    values = study.values()
    for pairs, size in ((True, 2 * count + 2), (False, count + 2)):
        blocks = points // size
        if points % size or blocks & (blocks - 1):
            continue
        block = values.reshape(blocks, size, count)
        changed = [set(np.flatnonzero((block[:, 1 + j] != block[:, 0]).any(axis=0))) for j in range(count)]
        if all(len(one) == 1 for one in changed) and len(set.union(*changed)) == count:
            return [paths[one.pop()] for one in changed], pairs
    raise ProtestorateError(
        f"the {points} points over {count} parameters are not those of a Sobol design, which has (2 × parameters + 2) "
        "or (parameters + 2) points for each of a power-of-two number of base samples"
    )


def sobol_indices(study: Material, means: NDArray[np.float64]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return first-order, total and, if the design has pairs, second-order indices by SALib.

    Parameters
    ----------
    study : Material
        Made with a design of kind ``sobol``.
    means : ndarray, shape (points,)
        Mean of the outcome over replicates, in the design's order.

    Returns
    -------
    effects : DataFrame
        Columns parameter, first, first_low, first_high, total, total_low, total_high: indices, 0..1 but for
        sampling error, with 95% intervals (normal, from resampled base samples).
    pairs : DataFrame
        Columns parameter, other, second, second_low, second_high; empty without pairs.

    Raises
    ------
    ProtestorateError
        If the points are not those of a Sobol design.
    TooRareError
        If the outcome is the same at all independent points of the design.
    """
    from SALib.analyze import sobol

    paths, with_pairs = order_of(study)
    size = (2 if with_pairs else 1) * len(paths) + 2
    independent = np.concatenate([means[::size], means[size - 1 :: size]])
    if np.ptp(independent) <= 1e-12 * max(1.0, float(np.abs(independent).max())):
        raise TooRareError
    problem = {"num_vars": len(paths), "names": paths, "bounds": [[0.0, 1.0]] * len(paths)}
    with warnings.catch_warnings():
        # A resample in which the outcome does not vary counts as no effect; that is in the interval.
        warnings.filterwarnings("ignore", message="Constant values encountered")
        found = sobol.analyze(
            problem,
            means,
            calc_second_order=with_pairs,
            num_resamples=COSTLY_RESAMPLES,
            conf_level=CONFIDENCE,
            seed=SEED,
        )
    effects = pd.DataFrame({"parameter": paths})
    for name, key in (("first", "S1"), ("total", "ST")):
        effects[name] = found[key]
        effects[f"{name}_low"] = found[key] - found[f"{key}_conf"]
        effects[f"{name}_high"] = found[key] + found[f"{key}_conf"]
    rows = [
        (paths[i], paths[j], found["S2"][i, j], found["S2_conf"][i, j])
        for i in range(len(paths) if with_pairs else 0)
        for j in range(i + 1, len(paths))
    ]
    pairs = pd.DataFrame(
        [(one, other, value, value - half, value + half) for one, other, value, half in rows],
        columns=["parameter", "other", "second", "second_low", "second_high"],
    )
    return effects, pairs
