"""The search for the best parameters: CMA-ES (Hansen 2016, package ``cma``).

CMA-ES moves positions 0..1 between the limits of each parameter. All candidates share their seeds (common
random numbers); the last choice is made with other seeds, so that a lucky draw does not decide it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.calibration.case import Case
from analysis.calibration.distance import Floats
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
