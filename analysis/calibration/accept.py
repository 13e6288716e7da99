"""Accepted ranges: which parameters do as well as the best, up to luck.

Approximate Bayesian computation by rejection (Pritchard et al. 1999; Beaumont et al. 2002): parameter sets are
drawn around the best, widely where the targets feel little and narrowly where they feel much; each is run with
seeds of its own and accepted if it comes as near to the observations as the best itself does in nineteen of
twenty draws of seeds. All accepted sets count alike: with dozens of parameters, weights by the density of
the draws would rest on a handful of sets. So a range can be no wider than what was drawn, and is to be read
beside it: a parameter whose accepted range is as wide as the range drawn has not been told by the targets.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.calibration.distance import Floats, average, distance, residuals
from analysis.calibration.evaluate import Candidate, Evaluator
from analysis.calibration.search import Found, values_at

WANTED_RATE = 0.3
"""Share of sets to accept; the draws widen while it is higher, and close in while it is lower."""
FIRST_WIDTH = 0.3
BATCH = 24
RUNS_OF_THE_BEST = 24
DRAWS_OF_LUCK = 1000
LUCK = 0.95
Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Accepted:
    """What was accepted.

    Parameters
    ----------
    tolerance : float
        Distance up to which a set is accepted.
    drawn : array (sets drawn, parameters), 0..1
        Positions of all sets that were run.
    positions : array (sets accepted, parameters), 0..1
        Positions of those accepted.
    residuals : array (sets accepted, targets)
        Residuals of their mean runs.
    distances : array (sets accepted)
        Their distances.
    """

    tolerance: float
    drawn: Floats
    positions: Floats
    residuals: Floats
    distances: Floats


def luck_of(evaluator: Evaluator, position: Floats, runs: int, generator: np.random.Generator) -> Floats:
    """Return distances of one parameter set over draws of seeds: what luck alone makes of it.

    The draws are of `runs` out of `RUNS_OF_THE_BEST` runs of the set.
    """
    values = values_at(evaluator.case, position)
    each = evaluator([Candidate(values, (seed,)) for seed in _seeds(generator, RUNS_OF_THE_BEST)])
    rows = np.concatenate(each)
    draws = [generator.choice(len(rows), size=runs, replace=False) for _ in range(DRAWS_OF_LUCK)]
    return np.array([distance(evaluator.case.targets, average(rows[draw])) for draw in draws])


def accept(
    evaluator: Evaluator, found: Found, evaluations: int, runs: int, seed: int, report: Report | None = None
) -> Accepted:
    """Draw parameter sets around the best and keep those that do as well.

    Parameters
    ----------
    found : Found
        The best, and the covariance of sets that do about as well.
    evaluations : int
        Sets to run, rounded up to whole batches.
    runs : int
        Runs of each set.
    seed : int
        Of the draws and of the runs.
    """
    case, generator = evaluator.case, np.random.default_rng([seed, 2])
    tolerance = float(np.quantile(luck_of(evaluator, found.position, runs, generator), LUCK))
    root, width = np.linalg.cholesky(found.covariance), FIRST_WIDTH
    drawn: list[Floats] = []
    positions: list[Floats] = []
    misses: list[Floats] = []
    distances: list[float] = []
    while len(drawn) < evaluations:
        moves = generator.standard_normal((BATCH, len(found.position))) @ root.T
        batch = list(np.clip(found.position + width * moves, 0.0, 1.0))
        hopeless = 3.0 * tolerance
        candidates = [Candidate(values_at(case, x), _seeds(generator, runs), hopeless) for x in batch]
        accepted = 0
        for point, rows in zip(batch, evaluator(candidates), strict=True):
            away = distance(case.targets, average(rows))
            if len(rows) == runs and away <= tolerance:
                accepted += 1
                positions.append(point)
                misses.append(residuals(case.targets, average(rows)))
                distances.append(away)
        drawn += batch
        width *= math.exp(accepted / BATCH - WANTED_RATE)
        if report is not None:
            report(len(drawn), f"tolerance {tolerance:.1f}, accepted {len(positions)}, width {width:.2f}")
    count, parameters = len(positions), len(found.position)
    return Accepted(
        tolerance,
        np.array(drawn),
        np.array(positions).reshape(count, parameters),
        np.array(misses).reshape(count, len(case.targets)),
        np.array(distances),
    )


def quantiles(positions: Floats, levels: tuple[float, ...] = (0.05, 0.5, 0.95)) -> Floats:
    """Return quantiles of positions (sets, parameters), an array (levels, parameters); NaN if there are no sets."""
    if not len(positions):
        return np.full((len(levels), positions.shape[1]), np.nan)
    return np.asarray(np.quantile(positions, levels, axis=0), dtype=np.float64)


def _seeds(generator: np.random.Generator, runs: int) -> tuple[int, ...]:
    return tuple(int(number) for number in generator.integers(2**31, size=runs))
