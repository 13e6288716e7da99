"""Sobol indices: how much of an outcome's variance each parameter causes, alone and with others."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sensitivity.material import Material
from analysis.stats.policy import CONFIDENCE, COSTLY_RESAMPLES, SEED
from sim.core.errors import ProtestorateError


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
        sampling error, with 95 % intervals (normal, from resampled base samples).
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
