"""The search for the best parameters: CMA-ES (Hansen 2016, package ``cma``), then a descent.

CMA-ES moves positions 0..1 between the limits of each parameter. All candidates share their seeds (common
random numbers); the last choice is made with other seeds, so that a lucky draw does not decide it.

The descent that follows is Gauss-Newton with slopes from regression. A distance is a sum of residuals, and how each
residual answers to each parameter can be learnt from a cloud of runs around a point: a linear regression, ridged because
there are about as many parameters as runs, and weighted so that near runs count most. The next point is the least
distance that these slopes promise within a trust region, and is believed only after it has been run (Conn, Scheinberg &
Vicente 2009, chapters 4 and 10). It needs a tenth of the runs of a search that looks at distances only.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import huber

from analysis.calibration.case import Case
from analysis.calibration.distance import ROBUST_FROM, Floats, average, residuals, total
from analysis.calibration.evaluate import Candidate, Evaluator, Values, distance_of
from sim.core.errors import ProtestorateError
from sim.core.keypath import undotted
from sim.run.load import Loaded

HOPELESS = 3.0
"""A candidate whose first run is this many times farther off than the last generation's median is given up."""
FINALISTS = 6
Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Settings:
    """How to search.

    evaluations : candidates to run; seeds : runs for each; seed : of the search itself;
    step : first standard deviation of positions; population : candidates of a generation.
    """

    evaluations: int
    seeds: tuple[int, ...]
    seed: int = 1
    step: float = 0.06
    population: int = 24


@dataclass(frozen=True)
class Found:
    """What a search found.

    position : positions 0..1 of the best; covariance : of the search's last distribution of positions;
    distance : of the best, with seeds that did not choose it on the way.
    """

    position: Floats
    covariance: Floats
    distance: float
    evaluations: int


def values_at(case: Case, position: Sequence[float] | Floats) -> dict[str, float]:
    """Return the parameters at a position of the unit cube, with what the case holds fixed left out."""
    spans = zip(position, case.searched.items(), strict=True)
    return {path: span.value(float(x)) for x, (path, span) in spans}


def position_of(case: Case, values: Values) -> Floats:
    """Return the position of parameters; those outside their limits are moved to the nearest end."""
    return np.array([span.position(values[path]) for path, span in case.searched.items()])


def values_in(case: Case, loaded: Loaded) -> dict[str, float]:
    """Return the searched parameters as a scenario has them.

    Raises
    ------
    ProtestorateError
        If one of them is not a number of the scenario.
    """
    found = {}
    for path in case.searched:
        value: object = loaded.data
        for name in undotted(path):
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ProtestorateError(f"{case.name}: {path} is searched and is no number of the scenario")
        found[path] = float(value)
    return found


def search(evaluator: Evaluator, start: Floats, settings: Settings, report: Report | None = None) -> Found:
    """Look for the best parameters from a first position on."""
    import cma

    case, options = evaluator.case, {
        "bounds": [0.0, 1.0],
        "seed": settings.seed,
        "popsize": settings.population,
        "maxiter": math.ceil(settings.evaluations / settings.population),
        "verbose": -9,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its advice on options is not the user's business
        # a start on the very edge would be moved off it
        strategy = cma.CMAEvolutionStrategy(np.clip(start, 0.01, 0.99), settings.step, options)
        best: list[tuple[float, Floats]] = [(math.inf, start)]
        hopeless = math.inf
        while not strategy.stop(ignore_list=["tolfun", "tolx", "tolfunhist", "tolflatfitness", "noeffectcoord"]):
            asked = [np.asarray(x, dtype=np.float64) for x in strategy.ask()]
            candidates = [Candidate(values_at(case, x), settings.seeds, hopeless) for x in asked]
            found = [distance_of(case, rows) for rows in evaluator(candidates)]
            strategy.tell(asked, found)
            best = sorted([*best, *zip(found, asked, strict=True)], key=lambda pair: pair[0])[: FINALISTS - 1]
            hopeless = HOPELESS * float(np.median(found))
            if report is not None:
                report(strategy.countevals, f"best {best[0][0]:.1f}, middle {np.median(found):.1f}")
        middle = np.clip(np.asarray(strategy.result.xfavorite, dtype=np.float64), 0.0, 1.0)
        covariance = np.asarray(strategy.sigma**2 * strategy.C, dtype=np.float64)
    finalists = [middle, *(x for _, x in best)]
    position, nearest = _final(evaluator, finalists, settings)
    return Found(position, covariance, nearest, int(strategy.countevals))


def _final(evaluator: Evaluator, finalists: Sequence[Floats], settings: Settings) -> tuple[Floats, float]:
    """Run the finalists with twice as many other seeds and return the nearest."""
    case = evaluator.case
    others = tuple(max(settings.seeds) + 1 + place for place in range(2 * len(settings.seeds)))
    candidates = [Candidate(values_at(case, x), others) for x in finalists]
    found = [distance_of(case, rows) for rows in evaluator(candidates)]
    place = int(np.argmin(found))
    return finalists[place], found[place]


RIDGE = 1.0
LEAST_RADIUS, MOST_RADIUS = 0.01, 0.15
TRUST = (0.3, 1.0, 2.0)
"""Trust regions that are tried at each step, in units of the radius of the cloud."""


@dataclass(frozen=True)
class Descent:
    """How to descend.

    evaluations : parameter sets to run in all; cloud : of them around each point; runs : of the points
    that are compared, a cloud's sets being run once each; radius : standard deviation of the first cloud,
    in positions; seed : of the descent.
    """

    evaluations: int
    cloud: int = 48
    runs: int = 4
    radius: float = 0.05
    seed: int = 1


@dataclass
class Known:
    """Every set that was run in the descent, and its residuals."""

    positions: list[Floats]
    misses: list[Floats]

    def slopes(self, centre: Floats, radius: float) -> tuple[Floats, Floats, Floats]:
        """Residuals at the centre and their slopes, from runs near it; and the spread left unexplained."""
        offsets, misses = np.array(self.positions) - centre, np.array(self.misses)
        near = np.exp(-0.5 * np.mean(offsets**2, axis=1) / (1.5 * radius) ** 2)
        design = np.column_stack([np.ones(len(offsets)), offsets / radius])
        weighted = design * near[:, None]
        penalty = RIDGE * np.eye(design.shape[1])
        penalty[0, 0] = 0.0
        answer = np.linalg.solve(weighted.T @ design + penalty, weighted.T @ misses)
        left = misses - design @ answer
        spread = np.sqrt(np.average(left**2, axis=0, weights=near))
        return answer[0], answer[1:] / radius, spread


def descend(evaluator: Evaluator, before: Found, plan: Descent, report: Report | None = None) -> Found:
    """Descend from what a search found; return the best, and the covariance of sets that do about as well."""
    case = evaluator.case
    generator = np.random.default_rng([plan.seed, 3])
    centre, radius = before.position, plan.radius
    known = Known([], [])
    nearest, spent = _runs(evaluator, [centre], plan.runs, generator, known)[0], 1
    while spent < plan.evaluations:
        cloud = np.clip(centre + radius * generator.standard_normal((plan.cloud, len(centre))), 0.0, 1.0)
        _runs(evaluator, list(cloud), 1, generator, known)
        level, slopes, _ = known.slopes(centre, radius)
        points = [least(case, centre, level, slopes, radius * trust) for trust in TRUST]
        found = _runs(evaluator, [centre, *points], plan.runs, generator, known)
        spent += plan.cloud + len(points) + 1
        best = int(np.argmin(found))
        nearest = found[best]
        if best == 0:
            radius = max(radius / 1.5, LEAST_RADIUS)
        else:
            centre = points[best - 1]
            radius = min(radius * (1.3 if best == len(points) else 1.0), MOST_RADIUS)
        if report is not None:
            report(spent, f"distance {nearest:.1f}, radius {radius:.3f}")
    _, slopes, spread = known.slopes(centre, radius)
    return Found(centre, _as_good(case, slopes, spread), nearest, spent)


def _runs(
    evaluator: Evaluator, points: list[Floats], runs: int, generator: np.random.Generator, known: Known
) -> list[float]:
    """Run points with the same new seeds, note their residuals, and return their distances."""
    case = evaluator.case
    seeds = tuple(int(seed) for seed in generator.integers(2**31, size=runs))
    out = []
    for point, rows in zip(points, evaluator([Candidate(values_at(case, x), seeds) for x in points]), strict=True):
        misses = residuals(case.targets, average(rows))
        known.positions.append(point)
        known.misses.append(misses)
        out.append(total(case.targets, misses))
    return out


def least(case: Case, centre: Floats, level: Floats, slopes: Floats, trust: float) -> Floats:
    """The point of least promised distance within a trust region; its edge is soft: a step costs its square."""
    weights = np.array([target.weight for target in case.targets])

    def promised(point: Floats) -> tuple[float, Floats]:
        step = point - centre
        misses = level + step @ slopes
        cost = float(np.sum(weights * 2.0 * huber(ROBUST_FROM, misses)) + 0.05 * np.sum((step / trust) ** 2))
        pull = weights * 2.0 * np.clip(misses, -ROBUST_FROM, ROBUST_FROM)
        return cost, slopes @ pull + 0.1 * step / trust**2

    limits = [(max(0.0, x - 3.0 * trust), min(1.0, x + 3.0 * trust)) for x in centre]
    answer = minimize(promised, centre, jac=True, method="L-BFGS-B", bounds=limits)
    return np.clip(np.asarray(answer.x, dtype=np.float64), 0.0, 1.0)


def _as_good(case: Case, slopes: Floats, spread: Floats) -> Floats:
    """Covariance of the sets that fit about as well, by the curvature of the distance: steps for the chains.

    A direction that no target feels is given the width of the limits.
    """
    weights = np.array([target.weight for target in case.targets]) / (1.0 + spread**2)
    curvature = (slopes * weights) @ slopes.T
    flat = 1.0 / 0.3**2
    return np.asarray(np.linalg.inv(curvature + flat * np.eye(len(slopes))), dtype=np.float64)
