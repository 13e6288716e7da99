"""Morris screening: the mean size of a parameter's effect, and how much it depends on the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sensitivity.material import Material, Parameter
from analysis.stats.clusters import expanded_levels
from analysis.stats.policy import RESAMPLES, SEED
from sim.core.errors import ProtestorateError


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
        Saltelli 2007). Intervals of 95 % from resampled trajectories (percentiles, t expansion).

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
