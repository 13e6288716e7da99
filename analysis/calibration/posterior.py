"""The posterior by ABC-SMC (Toni et al. 2009, package ``pyabc``), with error of observation, the same on any cores.

Parameters are positions 0..1 between their limits, uniform beforehand. A run answers with a residual for each target, in
standard deviations of the observation; to each an error of observation is added, a draw of a standard normal (Wilkinson
2013), so that what is sampled takes the targets for as uncertain as they say they are. The distance is the weighted root
mean square. Each generation accepts what comes nearer than the middle of the one before did.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.calibration.case import Case
from analysis.calibration.distance import Floats, residuals
from analysis.calibration.evaluate import Candidate, observe
from analysis.calibration.sampler import Tell, sampler, workers_of
from analysis.calibration.search import values_at
from analysis.stats.policy import NINETY
from sim.core.errors import ProtestorateError, one_line
from sim.core.notes import say
from sim.core.share import to_install
from sim.run.load import Loaded

DATABASE, DAMAGED = "posterior.db", ".damaged"
LONGEST = 100
MIDDLE = 0.5


@dataclass(frozen=True)
class Plan:
    """How to sample.

    population : sets of a generation; generations : at most; least_rate : share of accepted sets below which it ends;
    seed : of all draws.
    """

    population: int = 100
    generations: int = 8
    least_rate: float = 0.02
    seed: int = 1


@dataclass(frozen=True)
class Posterior:
    """What was sampled.

    Parameters
    ----------
    positions : array (sets, parameters), 0..1
    weights : array (sets)
        Add to 1.
    tolerances : tuple of float
        Of the generations; that of the first is infinite.
    evaluations : int
        Runs in all.
    """

    positions: Floats
    weights: Floats
    tolerances: tuple[float, ...]
    evaluations: int

    @property
    def mean(self) -> Floats:
        """Weighted mean of the positions."""
        return np.asarray(self.weights @ self.positions)

    def quantiles(self, levels: tuple[float, ...]) -> Floats:
        """Return weighted quantiles of positions, an array (levels, parameters)."""
        found = np.empty((len(levels), self.positions.shape[1]))
        for place in range(self.positions.shape[1]):
            order = np.argsort(self.positions[:, place], kind="stable")
            middle = np.cumsum(self.weights[order]) - self.weights[order] / 2.0
            found[:, place] = np.interp(levels, middle, self.positions[order, place])
        return found

    def directions(self) -> tuple[Floats, Floats]:
        """Return eigenvalues of the covariance over the prior's (1/12 each), ascending, and their directions.

        Returns
        -------
        array (parameters), array (parameters, parameters)
            1: as wide as before; near 0: pinned down. A column a direction.
        """
        covariance = np.atleast_2d(np.cov(self.positions.T, aweights=self.weights))
        values, vectors = np.linalg.eigh(12.0 * covariance)
        return np.asarray(np.maximum(values, 0.0)), np.asarray(vectors)

    def draw(self, count: int, seed: int) -> Floats:
        """Return positions drawn by their weights, an array (count, parameters)."""
        generator = np.random.default_rng([seed, 5])
        return self.positions[generator.choice(len(self.weights), size=count, p=self.weights)]


@dataclass(frozen=True)
class Model:
    """A run as pyabc sees it: from positions to residuals with error of observation."""

    case: Case
    loaded: Loaded

    def __call__(self, parameters: Any) -> dict[str, float]:
        """Return the residual of each target in standard deviations, of one run with a seed of its own."""
        position = [float(parameters[name]) for name in names(self.case)]
        run_seed = int(np.random.randint(2**31 - 1))  # noqa: NPY002  # the state that `evaluate` has set
        rows = observe(self.case, self.loaded, Candidate(values_at(self.case, position), (run_seed,)))
        misses = NINETY * residuals(self.case.targets, rows[0])
        noise = np.random.standard_normal(len(misses))  # noqa: NPY002
        return {f"t{place}": float(miss) for place, miss in enumerate(misses + noise)}


def names(case: Case) -> list[str]:
    """Return the names by which pyabc knows the parameters."""
    return [f"p{place}" for place in range(len(case.searched))]


def sample(
    case: Case, loaded: Loaded, plan: Plan, folder: Path, workers: int = 1, client: Any = None, tell: Tell | None = None
) -> Posterior:
    """Sample the posterior; the same call again goes on after the last generation that was finished.

    Parameters
    ----------
    folder : Path
        Of the database of generations.
    workers : int
        Processes; the result is the same with any number.
    client : optional
        Of a Dask cluster, in their place.

    Raises
    ------
    ProtestorateError
        If pyabc is not installed.
    """
    try:
        import pyabc
    except ImportError:
        raise ProtestorateError(f"--method abc needs the extra 'calibrate': {to_install('calibrate')}") from None
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / DATABASE
    prior = pyabc.Distribution(**{name: pyabc.RV("uniform", 0.0, 1.0) for name in names(case)})
    weights = np.array([target.weight for target in case.targets])

    def distance(found: Any, wanted: Any) -> float:
        misses = np.array([found[f"t{place}"] for place in range(len(weights))])
        return float(np.sqrt(np.sum(weights * misses**2) / weights.sum()))

    with workers_of(workers, client) as (submit, slots), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its libraries plan is not the user's business
        _quieten()
        address = f"sqlite:///{database.resolve()}"
        before = _before(case, address, database)
        first = np.inf if before is None else _middle(before)
        abc = pyabc.ABCSMC(
            Model(case, loaded),
            prior,
            distance,
            population_size=plan.population,
            eps=pyabc.QuantileEpsilon(initial_epsilon=first, alpha=MIDDLE),
            sampler=sampler(submit, slots, plan.seed, tell),
        )
        if before is not None:
            abc.load(address, before.id)
        else:
            abc.new(address, {f"t{place}": 0.0 for place in range(len(weights))})
        left = plan.generations - (abc.history.max_t + 1)
        if left > 0 and (before is None or _rate(before) >= plan.least_rate):
            abc.run(max_nr_populations=left, min_acceptance_rate=plan.least_rate)
        return _posterior(case, abc.history)


def _before(case: Case, address: str, database: Path) -> Any:
    """Return the generations that a database has, to go on from; None if there is none that was finished.

    One that is damaged is set aside, for it holds hours of work that somebody may be able to mend.
    """
    import pyabc

    if not database.is_file():
        if database.exists():
            raise ProtestorateError(f"{database}: is no file, and one is needed here; remove it")
        return None
    try:
        history = pyabc.History(address, create=False)
        if history.max_t >= 0:
            _posterior(case, history)
            _middle(history)
            return history
    except Exception as error:  # noqa: BLE001  # whatever a library makes of a broken file
        aside = database.with_name(f"{database.name}{DAMAGED}")
        database.replace(aside)
        said = one_line(str(error))[:LONGEST]
        say(f"{database}: is damaged ({said}); set aside as {aside.name}, and sampled anew")
    database.unlink(missing_ok=True)
    return None


def _middle(history: Any) -> float:
    """Return the tolerance of the next generation, as pyabc would have it had it not been stopped."""
    from pyabc.weighted_statistics import weighted_quantile

    found = history.get_weighted_distances(history.max_t)
    weights = found["w"] / found["w"].sum()
    return float(weighted_quantile(points=found["distance"].to_numpy(), weights=weights.to_numpy(), alpha=MIDDLE))


def _rate(history: Any) -> float:
    """Return the share of accepted sets of the last generation."""
    populations = history.get_all_populations().set_index("t")
    last = populations.loc[history.max_t]
    return float(last["particles"] / last["samples"])


def _posterior(case: Case, history: Any) -> Posterior:
    frame, weights = history.get_distribution(m=0, t=history.max_t)
    populations = history.get_all_populations()
    counted = populations[populations["t"] >= 0]
    order = np.lexsort(frame[names(case)].to_numpy().T)
    return Posterior(
        frame[names(case)].to_numpy(np.float64)[order],
        np.asarray(weights, dtype=np.float64)[order] / np.sum(weights),
        tuple(float(one) for one in counted["epsilon"]),
        int(counted["samples"].sum()),
    )


def _quieten() -> None:
    import logging

    for name in ("ABC", "ABC.History", "ABC.Sampler", "ABC.Distance", "ABC.Epsilon", "ABC.Acceptor", "ABC.Population"):
        logging.getLogger(name).setLevel(logging.ERROR)
